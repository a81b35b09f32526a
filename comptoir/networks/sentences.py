"""What codes say, in the reader's language: errors of connectors and of the way out.

A code with no sentence of its own still gets one, with the code in it, so that nothing fails without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comptoir.organisation.topics import Facts

SENTENCES = {
    # The network does not answer, or not yet.
    "try_later": gettext_noop("%(network)s asks to wait. It is tried again by itself."),
    "rate_limited": gettext_noop("%(network)s asks to go slower. It is tried again by itself."),
    "unreachable": gettext_noop("%(network)s cannot be reached. It is tried again by itself."),
    "no_answer": gettext_noop("%(network)s did not answer. It is tried again by itself."),
    "bad_answer": gettext_noop(
        "%(network)s answered something that makes no sense. It is tried again by itself."
    ),
    "too_large": gettext_noop("%(network)s answered more than we take. It is tried again by itself."),
    "server_error": gettext_noop("%(network)s has trouble of its own. It is tried again by itself."),
    "broken": gettext_noop(
        "Something broke on our side; the log has the details. It is tried again by itself."
    ),
    "not_arrived": gettext_noop("It did not reach %(network)s. It is sent again by itself."),
    "no_stream": gettext_noop("%(network)s does not tell of news by itself here. It is asked for them."),
    "forbidden": gettext_noop("That address leads inside this machine's own network, where we do not go."),
    # The network, or we, said no.
    "refused": gettext_noop("%(network)s refused it."),
    "target_gone": gettext_noop("The message that this answers was taken back by its author."),
    "too_long": gettext_noop("It is too long for %(network)s."),
    "too_many_tries": gettext_noop("It did not get through after many tries."),
    "blocked": gettext_noop("The person has blocked this account on %(network)s."),
    "not_allowed": gettext_noop("%(network)s does not let this account answer there."),
    "came_back": gettext_noop("It came back: %(reason)s"),
    "delayed": gettext_noop("It has not arrived yet, and is still on its way: %(reason)s"),
    "uncertain": gettext_noop("We cannot tell whether it reached %(network)s."),
    "restored": gettext_noop(
        "It was about to leave when the backup was made that this counter was restored from."
    ),
    "listen_only": gettext_noop("This channel only listens: nothing leaves there."),
    "empty": gettext_noop("There is nothing in it to send."),
    "too_many_images": gettext_noop("%(network)s takes fewer pictures in one message."),
    "image_too_large": gettext_noop("A picture is too large for %(network)s."),
    "not_ours": gettext_noop("That message is not this account's own."),
    "not_there": gettext_noop("That message is no longer on %(network)s."),
    "server_cannot": gettext_noop("The server where this account lives cannot do that."),
    "key_taken": gettext_noop("Something else stands on %(network)s where this was to go."),
    # Mail, on its way out and to its files.
    "recipient_refused": gettext_noop("The server does not take mail for %(address)s: %(said)s"),
    "sender_refused": gettext_noop("The server does not take mail from %(address)s: %(said)s"),
    "mail_refused": gettext_noop("The server refused the message: %(said)s"),
    "mail_too_large": gettext_noop("The message is larger than the server takes."),
    "nobody_to_ask": gettext_noop(
        "Nobody can be asked on %(network)s any more: no source and no account is left there."
    ),
    "nobody_to_answer": gettext_noop("The message names no address that could be answered."),
    "file_gone": gettext_noop("The file is no longer where the message was."),
    "file_too_large": gettext_noop("The file is too large to be fetched here."),
    # Connecting.
    "answer_missing": gettext_noop("An answer is missing."),
    "answer_invalid": gettext_noop("This answer cannot be right."),
    "already_connected": gettext_noop("%(handle)s is connected already."),
    "another_account": gettext_noop("This is %(handle)s, but the channel to connect again is %(meant)s."),
    "access_denied": gettext_noop("%(network)s said no, or somebody did there. Nothing was connected."),
    "no_feed": gettext_noop("There is no feed of that kind at this address, and the page names none."),
    "no_page": gettext_noop("That address answers with an error (%(status)s)."),
    "feed_gone": gettext_noop("The feed is gone for good: its site says so."),
    "feed_missing": gettext_noop("The feed is not there (%(status)s). It is looked for again by itself."),
    "not_a_feed": gettext_noop("What stands there is no feed any more. It is tried again by itself."),
    "encrypted_room": gettext_noop(
        "This room is encrypted end to end: nothing said there could be read here. Choose another one."
    ),
    "unknown_room": gettext_noop("There is no such room, or this account is not invited to it."),
    "wrong_password": gettext_noop("%(network)s does not know this name with this password."),
    "wrong_token": gettext_noop("The server does not accept this token."),
    "bad_credentials": gettext_noop("%(network)s does not know this name with this password."),
    "unknown_handle": gettext_noop("%(network)s knows nobody of that name."),
    "token_expired": gettext_noop("The right to speak for this account has run out."),
    "token_revoked": gettext_noop("The right to speak for this account was taken back on %(network)s."),
    "account_suspended": gettext_noop("%(network)s has suspended this account."),
    "account_deactivated": gettext_noop("This account is switched off on %(network)s."),
    "account_moved": gettext_noop("This account has moved to %(to)s on %(network)s. Connect that one."),
    "needs_app_password": gettext_noop("%(network)s wants an app password here, not the account's own."),
    "not_a_server": gettext_noop("There is no server of %(network)s at that address."),
    "shows_nothing": gettext_noop(
        "That server shows strangers nothing. Choose an account that is connected there to listen with."
    ),
    "insecure_server": gettext_noop(
        "That address must begin with https, so that the password is not read on its way."
    ),
    "not_a_site": gettext_noop("No %(network)s answers at that address."),
    "no_app_passwords": gettext_noop("That site gives out no application passwords."),
    "password_not_passed_on": gettext_noop(
        "The site's web server does not pass the password on to %(network)s: it drops the Authorization header."
    ),
    "needs_moderator": gettext_noop("This user may not moderate comments there."),
    "site_moved": gettext_noop("The site has moved: connect it again at its new address."),
    "maintenance": gettext_noop("The site is down for maintenance. It is tried again by itself."),
    "said_already": gettext_noop("Exactly this was said there already."),
    "image_kind": gettext_noop("%(network)s does not take pictures of this kind."),
    "person_gone": gettext_noop("%(network)s knows no such account any more."),
    "not_granted": gettext_noop(
        "This channel was connected without the right to block and to report: connect it again, then try once more."
    ),
    "not_moderated": gettext_noop("Nothing can be decided about this message on %(network)s."),
    "no_mail_server": gettext_noop("No mail server answers at %(domain)s."),
    "tls_failed": gettext_noop(
        "%(host)s cannot prove that it is the right server: its certificate is not valid."
    ),
    "no_starttls": gettext_noop("%(host)s does not know STARTTLS."),
    "insecure_mail": gettext_noop(
        "The password could be read on its way to %(host)s. Choose TLS, or a server inside one's own network."
    ),
    "folder_missing": gettext_noop("There is no folder of that name in the mailbox: %(folder)s"),
    "reconnect": gettext_noop("%(network)s no longer lets us speak for this account."),
    "key_missing": gettext_noop("What %(network)s gave us is sealed with a key that is no longer here."),
}

_UNREACHABLE = frozenset(
    {"dns", "no_route", "connect_timeout", "timeout", "slow", "reset", "cut", "busy", "tls"}
)
_INSIDE = frozenset({"inside", "scheme", "address", "userinfo"})


def sentence(code: str, facts: Mapping[str, Any], network: str) -> str:
    """What an error code says about a network, given by its label."""
    code = "unreachable" if code in _UNREACHABLE else "forbidden" if code in _INSIDE else code
    known = SENTENCES.get(code)
    if known is None:
        return _("%(network)s refused it (%(code)s).") % {"network": network, "code": code or "?"}
    return _(known) % Facts({**facts, "network": network})
