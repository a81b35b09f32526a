"""Why a webhook's call was not taken, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "dns": gettext_noop("Its name leads nowhere."),
    "refused": gettext_noop("Nothing listens there."),
    "no_route": gettext_noop("It cannot be reached."),
    "connect_timeout": gettext_noop("It did not pick up in time."),
    "tls": gettext_noop("Its certificate is not the one of that name, or nobody vouches for it."),
    "timeout": gettext_noop("It fell silent."),
    "slow": gettext_noop("It took too long."),
    "reset": gettext_noop("It hung up."),
    "cut": gettext_noop("It hung up in the middle of its answer."),
    "busy": gettext_noop("We were too busy."),
    "inside": gettext_noop("That address leads inside this machine's own network, where we do not go."),
    "not_https": gettext_noop("Calls go to addresses that begin with https alone."),
    "too_large": gettext_noop("Its answer is longer than we read."),
    "protocol": gettext_noop("Its answer is not HTTP."),
    "encoding": gettext_noop("Its answer cannot be unpacked."),
    "too_old": gettext_noop("Nobody took it for a day."),
    "restored": gettext_noop("It waited when a backup was made, and may have been told since."),
    "key_missing": gettext_noop("Its secret is sealed with a key that is no longer here. Give it a new one."),
    "gone": gettext_noop("It said that it is gone for good (410)."),
    "nobody": gettext_noop("Nobody took its calls for three days."),
}


def why(code: str) -> str:
    """The sentence for a code of a call, a try or a webhook."""
    if code.startswith("status_"):
        return _("It answered %(status)s.") % {"status": code.removeprefix("status_")}
    return _(SENTENCES[code]) if code in SENTENCES else _("It failed (%(code)s).") % {"code": code}
