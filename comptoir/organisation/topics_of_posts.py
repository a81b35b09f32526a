"""What notices about posts say."""

from django.utils.translation import gettext_noop

from comptoir.organisation.topic import DIGEST, Topic

POSTS = {
    "post_to_approve": Topic(
        gettext_noop("A post waits for your approval"),
        gettext_noop("A post waits for your approval: %(title)s"),
        page="post-approval",
        personal=True,
        bad=False,
    ),
    "post_approved": Topic(
        gettext_noop("A post of yours is approved"),
        gettext_noop("A post of yours is approved: %(title)s"),
        page="post-approval",
        personal=True,
        bad=False,
    ),
    "post_sent_back": Topic(
        gettext_noop("Changes of a post of yours are asked for"),
        gettext_noop("%(who)s asks for changes: %(title)s"),
        page="post-approval",
        personal=True,
    ),
    "post_declined": Topic(
        gettext_noop("A post of yours is declined"),
        gettext_noop("%(who)s declined a post of yours: %(title)s"),
        page="post-approval",
        personal=True,
    ),
    "post_missed": Topic(
        gettext_noop("A post of yours was not approved in time"),
        gettext_noop("Nobody approved it in time, so it did not leave: %(title)s"),
        page="post-approval",
        personal=True,
    ),
    "on_hold": Topic(
        gettext_noop("What leaves is stopped"),
        gettext_noop("On hold since %(moment)s, by %(who)s, for %(reach)s: %(reason)s"),
        chat=DIGEST,
        page="holds",
    ),
    "queue_dry": Topic(
        gettext_noop("A queue of posts runs dry"),
        gettext_noop("The queue of %(name)s runs dry: nothing leaves at its slot of %(moment)s."),
        role="agent",
        strip="agent",
        mail=DIGEST,
        push=DIGEST,
        chat=DIGEST,
        page="slots",
        bad=False,
    ),
    "evergreen_stuck": Topic(
        gettext_noop("A post that is said again stays a draft"),
        gettext_noop("Its next time could not be scheduled, so that it stays a draft: %(name)s"),
        page="post",
        personal=True,
        bad=False,
    ),
    "permission_answered": Topic(
        gettext_noop("Somebody answered about a picture of theirs"),
        gettext_noop("%(name)s wrote back about showing a picture: say whether they agree."),
        page="asset",
        personal=True,
        bad=False,
    ),
    "posts_to_decide": Topic(
        gettext_noop("Posts did not leave at their time"),
        gettext_noop("Posts did not leave at their time: say what becomes of each."),
        role="manager",
        page="decisions",
    ),
    "post_to_decide": Topic(
        gettext_noop("A post of yours did not leave at its time"),
        gettext_noop("A post of yours did not leave at its time: %(name)s"),
        page="decisions",
        personal=True,
    ),
}
