"""What the audit log's codes say, in the reader's language. Codes stand together by the kind of act.

A sentence may name `%(who)s`, `%(about)s` (the number of what it was done to) and the facts recorded with the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from comptoir.organisation.audit_sentences_of_threads import THREADS

KINDS = {
    "threads": gettext_lazy("Threads"),
    "channels": gettext_lazy("Channels"),
    "people": gettext_lazy("People and roles"),
    "access": gettext_lazy("Sign-in and accounts"),
    "listening": gettext_lazy("Listening"),
    "posts": gettext_lazy("Posts"),
    "settings": gettext_lazy("Settings"),
    "data": gettext_lazy("Personal data"),
    "programs": gettext_lazy("Programs and notices"),
}

SENTENCES: dict[str, dict[str, str]] = {
    "threads": THREADS,
    "channels": {
        "channel_connected": gettext_noop("%(who)s connected the channel %(channel)s."),
        "channel_reconnected": gettext_noop("%(who)s connected the channel %(channel)s again."),
        "channel_lost": gettext_noop("The network no longer lets us speak for the channel %(channel)s."),
        "channel_off": gettext_noop("%(who)s switched the channel %(channel)s off."),
        "channel_on": gettext_noop("%(who)s switched the channel %(channel)s on."),
        "channel_listens_only": gettext_noop(
            "%(who)s has the channel %(channel)s only listen: nothing leaves there."
        ),
        "channel_speaks": gettext_noop("%(who)s lets the channel %(channel)s speak again."),
        "channel_settled": gettext_noop("%(who)s changed the settings of the channel %(channel)s."),
        "shield_raised": gettext_noop("%(who)s took the names off all answers."),
        "shield_lowered": gettext_noop("%(who)s let answers be signed again."),
        "rehearsed": gettext_noop("%(who)s had the drill %(scenario)s played."),
        "held": gettext_noop("%(who)s stopped everything that leaves."),
        "hold_placed": gettext_noop("%(who)s stopped what leaves (%(reach)s): %(reason)s."),
        "hold_lifted": gettext_noop("%(who)s lifted a hold on what leaves."),
        "delivery_let_leave": gettext_noop(
            "%(who)s let the delivery %(about)s leave, which a hold had kept."
        ),
        "delivery_dropped": gettext_noop("%(who)s took the delivery %(about)s back, which a hold had kept."),
    },
    "people": {
        "brand_made": gettext_noop("%(who)s made the brand %(name)s."),
        "member_admitted": gettext_noop("%(who)s let %(member)s in, in the role %(role)s."),
        "member_role_changed": gettext_noop(
            "%(who)s changed the role of %(member)s from %(before)s to %(role)s."
        ),
        "member_terms_settled": gettext_noop(
            "%(who)s settled with %(member)s until when they work here (%(until)s), for whom (%(company)s) and on "
            "which channels (%(channels)s)."
        ),
        "member_expired": gettext_noop("The access of %(member)s ended, as was agreed."),
        "member_dismissed": gettext_noop("%(who)s took the role of %(member)s away."),
        "field_made": gettext_noop("%(who)s made the field %(field)s."),
        "field_changed": gettext_noop("%(who)s changed the field %(field)s."),
        "field_removed": gettext_noop("%(who)s removed the field %(field)s, with %(count)s values."),
        "tag_made": gettext_noop("%(who)s made the tag %(tag)s."),
        "tag_renamed": gettext_noop("%(who)s renamed the tag %(before)s: %(tag)s."),
        "tag_removed": gettext_noop("%(who)s removed the tag %(tag)s."),
        "view_kept": gettext_noop("%(who)s kept the view %(view)s."),
        "view_removed": gettext_noop("%(who)s removed the view %(view)s."),
        "team_made": gettext_noop("%(who)s made the team %(team)s."),
        "team_changed": gettext_noop("%(who)s changed the team %(team)s."),
        "team_dissolved": gettext_noop("%(who)s dissolved the team %(team)s."),
        "desk_made": gettext_noop("%(who)s made the customer service desk %(desk)s."),
        "desk_retired": gettext_noop("%(who)s retired the customer service desk %(desk)s."),
        "shift_made": gettext_noop("%(who)s put %(member)s on duty (shift %(about)s)."),
        "shift_removed": gettext_noop("%(who)s took %(member)s off duty (shift %(about)s)."),
        "queue_made": gettext_noop("%(who)s made the queue %(queue)s."),
        "queue_changed": gettext_noop("%(who)s changed the queue %(queue)s."),
        "queue_dissolved": gettext_noop("%(who)s dissolved the queue %(queue)s."),
        "queues_ordered": gettext_noop("%(who)s put the queues in another order."),
        "clerk_settled": gettext_noop(
            "%(who)s said what %(member)s can at the counter, and how much at once."
        ),
        "target_settled": gettext_noop("%(who)s changed the service targets (queue: %(queue)s)."),
        "brand_changed": gettext_noop("%(who)s changed the settings of the brand %(name)s."),
        "brand_archived": gettext_noop("%(who)s archived the brand %(name)s."),
        "brand_brought_back": gettext_noop("%(who)s brought the brand %(name)s back."),
        "member_invited": gettext_noop(
            "%(who)s invited somebody in the role %(role)s (invitation %(about)s)."
        ),
        "invitation_sent": gettext_noop("%(who)s had invitation %(about)s sent again."),
        "invitation_accepted": gettext_noop("%(member)s accepted invitation %(about)s."),
        "invitation_withdrawn": gettext_noop("%(who)s withdrew invitation %(about)s."),
        "domain_opened": gettext_noop("%(who)s let people with an address at %(domain)s ask to join."),
        "domain_shut": gettext_noop(
            "%(who)s no longer lets people with an address at %(domain)s ask to join."
        ),
        "joining_asked": gettext_noop("%(who)s asked to join."),
        "joining_declined": gettext_noop("%(who)s declined request %(about)s to join."),
        "account_made": gettext_noop("%(who)s made an account here."),
        "account_switched_off": gettext_noop("%(who)s switched off the account of %(account)s."),
        "account_switched_on": gettext_noop("%(who)s switched on the account of %(account)s again."),
    },
    "access": {
        "signed_in": gettext_noop("%(who)s signed in."),
        "sign_in_failed": gettext_noop("Somebody tried to sign in as %(account)s and failed."),
        "sign_in_unknown": gettext_noop("Somebody tried to sign in to an account that does not exist."),
        "sign_in_locked": gettext_noop("Somebody tried to sign in as %(account)s too often and has to wait."),
        "signed_out": gettext_noop("%(who)s signed out."),
        "password_changed": gettext_noop("%(who)s changed their password."),
        "owner_link_issued": gettext_noop("%(who)s had a sign-in link made for %(account)s."),
        "app_added": gettext_noop("%(who)s added an app with codes to their account."),
        "app_removed": gettext_noop("%(who)s removed the app with codes from their account."),
        "passkey_added": gettext_noop("%(who)s added a passkey to their account."),
        "passkey_removed": gettext_noop("%(who)s removed a passkey from their account."),
        "passkey_renamed": gettext_noop("%(who)s renamed a passkey."),
        "factors_reset": gettext_noop("%(who)s removed all second steps of %(account)s."),
        "recovery_codes_made": gettext_noop("%(who)s had new recovery codes made."),
        "recovery_code_used": gettext_noop("%(who)s used a recovery code."),
        "second_step_failed": gettext_noop("Somebody failed at the second step of %(account)s."),
        "passkey_refused": gettext_noop("Somebody tried a passkey that does not fit."),
        "sessions_ended": gettext_noop("%(who)s ended %(sessions)s of their sessions."),
        "sessions_ended_for": gettext_noop("%(who)s ended %(sessions)s sessions of %(account)s."),
        "sign_in_unlocked": gettext_noop("%(who)s let %(account)s try to sign in again at once."),
        "identity_linked": gettext_noop("%(who)s linked their account with %(provider)s."),
        "identity_unlinked": gettext_noop("%(who)s unlinked their account from %(provider)s."),
        "identity_refused": gettext_noop("Somebody whom nobody invited came through the identity provider."),
        "second_step_required": gettext_noop("%(who)s asked every member for a second step."),
        "second_step_optional": gettext_noop("%(who)s left the second step to each member."),
    },
    "posts": {
        "calendar_feed_made": gettext_noop("%(who)s made an address to read the calendar by."),
        "calendar_feed_ended": gettext_noop("%(who)s ended the address that read the calendar."),
        "campaign_made": gettext_noop("%(who)s made the campaign %(campaign)s."),
        "campaign_changed": gettext_noop("%(who)s changed the campaign %(campaign)s."),
        "campaign_closed": gettext_noop("%(who)s closed the campaign %(campaign)s."),
        "campaign_opened": gettext_noop("%(who)s opened the campaign %(campaign)s again."),
        "mentionee_made": gettext_noop("%(who)s wrote down %(name)s, whom posts may mention."),
        "mentionee_changed": gettext_noop("%(who)s changed %(name)s, whom posts mention."),
        "mentionee_removed": gettext_noop("%(who)s removed %(name)s, whom posts mentioned."),
        "evergreen_set": gettext_noop("%(who)s has a post said again every %(days)s days."),
        "evergreen_stopped": gettext_noop("%(who)s stopped having a post said again."),
        "day_note_made": gettext_noop("%(who)s wrote the note %(note)s on %(day)s."),
        "day_note_changed": gettext_noop("%(who)s changed the note %(note)s on %(day)s."),
        "day_note_removed": gettext_noop("%(who)s removed the note %(note)s on %(day)s."),
        "day_note_back": gettext_noop("%(who)s brought the note %(note)s on %(day)s back."),
        "holidays_chosen": gettext_noop("%(who)s chose whose public holidays are shown: %(places)s."),
        "post_made": gettext_noop("%(who)s wrote the post %(about)s."),
        "post_changed": gettext_noop("%(who)s changed the post %(about)s."),
        "post_given_purpose": gettext_noop("%(who)s said what the post %(about)s is for."),
        "post_planned": gettext_noop("%(who)s planned the post %(about)s for %(day)s at %(hour)s."),
        "post_queued": gettext_noop(
            "%(who)s put the post %(about)s into the queue, for %(day)s at %(hour)s."
        ),
        "posts_brought": gettext_noop("%(who)s brought a file with posts, %(file)s (%(rows)s rows)."),
        "posts_imported": gettext_noop("%(who)s imported %(rows)s posts from %(file)s."),
        "short_links_on": gettext_noop("%(who)s had links of posts leave short, beginning with %(address)s."),
        "short_links_off": gettext_noop(
            "%(who)s had links of posts leave as they are; short ones begin with %(address)s."
        ),
        "short_link_made": gettext_noop("%(who)s made the short link %(code)s."),
        "short_link_changed": gettext_noop(
            "%(who)s had the short link %(code)s lead to %(after)s instead of %(before)s."
        ),
        "short_link_removed": gettext_noop("%(who)s removed the short link %(code)s."),
        "piece_found": gettext_noop("%(who)s kept the found piece %(title)s."),
        "piece_changed": gettext_noop("%(who)s changed what is known of the found piece %(title)s."),
        "piece_set_aside": gettext_noop("%(who)s set the found piece %(title)s aside."),
        "piece_taken_up": gettext_noop("%(who)s took the found piece %(title)s up again."),
        "piece_removed": gettext_noop("%(who)s removed the found piece %(title)s."),
        "link_rules_set": gettext_noop("%(who)s changed the rules for links (%(rules)s)."),
        "own_page_opened": gettext_noop("%(who)s opened the brand’s own page (%(address)s)."),
        "own_page_changed": gettext_noop("%(who)s changed the brand’s own page (%(address)s)."),
        "own_page_closed": gettext_noop("%(who)s closed the brand’s own page (%(address)s)."),
        "segment_made": gettext_noop("%(who)s made the segment %(segment)s."),
        "segment_changed": gettext_noop("%(who)s changed the segment %(segment)s."),
        "segment_retired": gettext_noop("%(who)s retired the segment %(segment)s."),
        "asset_changed": gettext_noop("%(who)s changed what is said of the picture %(picture)s."),
        "asset_put_away": gettext_noop("%(who)s put the picture %(picture)s away."),
        "asset_returned": gettext_noop("%(who)s had the picture %(picture)s offered again."),
        "permission_asked": gettext_noop("%(who)s asked %(author)s whether the brand may show a picture."),
        "permission_granted": gettext_noop("%(who)s wrote down that the author of %(picture)s agrees."),
        "permission_refused": gettext_noop("%(who)s wrote down that the author of %(picture)s refuses."),
        "segment_returned": gettext_noop("%(who)s took the segment %(segment)s up again."),
        "own_page_taken_back": gettext_noop("%(who)s took entry %(about)s back from the brand’s own page."),
        "slots_set": gettext_noop("%(who)s set the slots of %(channel)s: %(n)s a week."),
        "post_scheduled": gettext_noop("%(who)s scheduled the post %(about)s."),
        "post_published": gettext_noop("%(who)s had the post %(about)s leave at once."),
        "post_unscheduled": gettext_noop("%(who)s made the post %(about)s a draft again."),
        "post_carried": gettext_noop(
            "%(who)s changed the post %(about)s where it stands already: messages: %(n)s."
        ),
        "post_taken_down": gettext_noop("%(who)s took the post %(about)s down from %(channel)s."),
        "post_again": gettext_noop("%(who)s had the post %(about)s leave again as %(channel)s."),
        "post_given_up": gettext_noop("%(who)s gave the post %(about)s up for %(channel)s."),
        "post_cancelled": gettext_noop("%(who)s cancelled the post %(about)s."),
        "post_let_leave": gettext_noop(
            "%(who)s let the post %(about)s leave, which had not left at its time: %(when)s."
        ),
        "post_dropped": gettext_noop(
            "%(who)s decided that the post %(about)s does not leave where it was late."
        ),
        "post_drafted_again": gettext_noop(
            "%(who)s made a new draft of the post %(about)s, which had been late."
        ),
        "post_submitted": gettext_noop("%(who)s asked for the approval of the post %(about)s."),
        "post_approved": gettext_noop("%(who)s approved the post %(about)s."),
        "post_approved_outside": gettext_noop("%(client)s approved the post %(about)s by a link."),
        "post_sent_back": gettext_noop("%(who)s asked for changes of the post %(about)s."),
        "post_sent_back_outside": gettext_noop(
            "%(client)s asked for changes of the post %(about)s by a link."
        ),
        "post_declined": gettext_noop("%(who)s declined the post %(about)s."),
        "post_declined_outside": gettext_noop("%(client)s declined the post %(about)s by a link."),
        "post_missed": gettext_noop("The post %(about)s was not approved in time."),
        "post_remarked": gettext_noop("%(who)s said something about the post %(about)s."),
        "approval_link_made": gettext_noop("%(who)s made a link to the post %(about)s for %(client)s."),
        "approval_steps_set": gettext_noop("%(who)s said in how many steps posts are approved: %(steps)s."),
    },
    "listening": {
        "query_made": gettext_noop("%(who)s made the query %(query)s."),
        "query_changed": gettext_noop("%(who)s changed the query %(query)s (version %(number)s)."),
        "community_made": gettext_noop("%(who)s wrote the card of the community %(community)s."),
        "community_changed": gettext_noop("%(who)s changed the card of the community %(community)s."),
        "community_reviewed": gettext_noop("%(who)s looked at the card of the community %(community)s."),
        "community_noted": gettext_noop("%(who)s wrote a note on the community %(community)s."),
        "community_removed": gettext_noop("%(who)s removed the card of the community %(community)s."),
        "source_made": gettext_noop("%(who)s had the brand listen at %(source)s."),
        "source_on": gettext_noop("%(who)s had the brand listen at %(source)s again."),
        "source_off": gettext_noop("%(who)s stopped listening at %(source)s."),
        "source_recalled": gettext_noop("%(who)s had what was said before at %(source)s heard as well."),
        "source_removed": gettext_noop("%(who)s removed the source %(source)s."),
        "query_on": gettext_noop("%(who)s had the query %(query)s listen again."),
        "query_off": gettext_noop("%(who)s paused the query %(query)s."),
        "query_removed": gettext_noop("%(who)s removed the query %(query)s and what it kept."),
        "query_backtested": gettext_noop(
            "%(who)s put version %(number)s of the query %(query)s to what is kept."
        ),
        "query_looked_back": gettext_noop("%(who)s had the query %(query)s look through what is kept."),
        "exploration_kept": gettext_noop("%(who)s kept the view %(view)s of Explore."),
        "exploration_removed": gettext_noop("%(who)s removed the view %(view)s of Explore."),
        "query_alerts_settled": gettext_noop("%(who)s settled when the query %(query)s raises an alert."),
        "query_followed": gettext_noop("%(who)s wants to be told of alerts of the query %(query)s."),
        "query_unfollowed": gettext_noop(
            "%(who)s no longer wants to be told of alerts of the query %(query)s."
        ),
        "alert_judged": gettext_noop("%(who)s said what an alert of the query %(query)s was: %(verdict)s."),
        "alert_unjudged": gettext_noop(
            "%(who)s took back what they said of an alert of the query %(query)s."
        ),
        "alert_brought": gettext_noop(
            "%(who)s brought %(count)s messages of an alert of the query %(query)s to the counter."
        ),
        "event_made": gettext_noop("%(who)s made the event %(event)s with the tag %(tag)s."),
        "event_changed": gettext_noop("%(who)s changed the event %(event)s."),
        "event_removed": gettext_noop("%(who)s removed the event %(event)s; what was heard stays."),
        "event_moved": gettext_noop("%(who)s moved the event %(event)s from %(before)s to %(after)s."),
        "event_moved_back": gettext_noop(
            "%(who)s moved the event %(event)s back from %(before)s to %(after)s."
        ),
        "mention_brought": gettext_noop(
            "%(who)s brought what the query %(query)s heard to the counter (%(channel)s)."
        ),
    },
    "settings": {
        "own_settings_changed": gettext_noop("%(who)s changed their own settings."),
        "rule_made": gettext_noop("%(who)s made the rule %(rule)s."),
        "rule_changed": gettext_noop("%(who)s changed the rule %(rule)s (%(changes)s)."),
        "rule_on": gettext_noop("%(who)s switched the rule %(rule)s on."),
        "rule_off": gettext_noop("%(who)s switched the rule %(rule)s off."),
        "rule_moved": gettext_noop("%(who)s moved the rule %(rule)s to place %(place)s."),
        "rules_ordered": gettext_noop("%(who)s put the rules in another order."),
        "rule_removed": gettext_noop("%(who)s removed the rule %(rule)s."),
        "hours_settled": gettext_noop("%(who)s changed the business hours (%(zone)s)."),
        "other_hours_settled": gettext_noop("%(who)s set the hours “%(hours)s” (%(zone)s)."),
        "other_hours_removed": gettext_noop("%(who)s removed the hours “%(hours)s”."),
        "people_figures_on": gettext_noop("%(who)s let managers see the figures of each person."),
        "people_figures_off": gettext_noop("%(who)s no longer lets managers see the figures of each person."),
    },
    "data": {
        "person_exported": gettext_noop("%(who)s exported what is held of a person (%(network)s)."),
        "person_erased": gettext_noop("%(who)s erased a person (%(network)s, erasure %(about)s)."),
        "person_objected": gettext_noop("%(who)s noted the objection %(about)s of a person (%(network)s)."),
        "objection_withdrawn": gettext_noop("%(who)s took objection %(about)s (%(network)s) off the list."),
        "erased_again": gettext_noop("After a restore, %(count)s people were erased again."),
        "retention_changed": gettext_noop("%(who)s changed how long things are kept: %(changes)s."),
        "information_changed": gettext_noop("%(who)s changed the public information page."),
        "audit_exported": gettext_noop("%(who)s exported the audit log."),
        "restored": gettext_noop("%(who)s restored this counter from a backup of %(made)s."),
        "keys_rotated": gettext_noop("%(who)s put a new key in use, and sealed what is kept anew."),
    },
    "programs": {
        "api_token_made": gettext_noop("%(who)s made the token %(token)s for programs (%(scopes)s)."),
        "api_token_ended": gettext_noop("The token %(token)s of %(of)s was ended by %(who)s."),
        "webhook_made": gettext_noop("%(who)s made a webhook to %(place)s."),
        "webhook_changed": gettext_noop("%(who)s changed the webhook to %(place)s."),
        "webhook_on": gettext_noop("%(who)s switched the webhook to %(place)s on."),
        "webhook_off": gettext_noop("%(who)s switched the webhook to %(place)s off."),
        "webhook_gave_up": gettext_noop("The webhook to %(place)s was switched off: nobody took its calls."),
        "webhook_rotated": gettext_noop("%(who)s gave the webhook to %(place)s a new secret."),
        "webhook_removed": gettext_noop("%(who)s removed the webhook to %(place)s."),
        "webhook_tested": gettext_noop("%(who)s had a test sent to %(place)s."),
        "webhook_sent_again": gettext_noop("%(who)s had call %(about)s to %(place)s sent again."),
    },
}

CODES: dict[str, str] = {code: words for group in SENTENCES.values() for code, words in group.items()}


_ROLES = {"reader": "Reader", "agent": "Agent", "manager": "Manager", "owner": "Owner"}


class _Facts(dict[str, Any]):
    """Facts that a sentence names and nobody gave are shown as a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def _plain(value: Any) -> Any:
    """Roles as people say them; the rest as it is."""
    return _(_ROLES[value]) if isinstance(value, str) and value in _ROLES else value


def codes_of(kind: str) -> list[str]:
    """The codes of one kind of act; none for a kind that there is not."""
    return list(SENTENCES.get(kind, ()))


def actor_of(facts: Mapping[str, Any]) -> str:
    """Who did what nobody did: Comptoir itself, or one of the brand's rules."""
    rule = facts.get("by_rule")
    return _("The rule “%(rule)s”") % {"rule": rule} if rule else "Comptoir"


def audit_sentence(what: str, who: str, about: int | None, facts: Mapping[str, Any]) -> str:
    """What an entry says. An empty `who` is Comptoir itself, or the rule that its facts name."""
    named = {name: _plain(value) for name, value in facts.items()}
    named |= {"who": who or actor_of(facts), "about": about or "–"}
    known = CODES.get(what)
    return _(known) % _Facts(named) if known else f"{named['who']}: {what}"
