"""Chat: notices to a person's own chat, through apprise and public services alone.

apprise opens its connections itself, past our guard. So only services whose host their plugin fixes are let in, and
nothing of an address but its keys: parameters could name files of this machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from comptoir.organisation.models import Notice, User
from comptoir.organisation.models.taste import taste_of

SERVICES = {
    "discord": ("NotifyDiscord", "Discord"),
    "gchat": ("NotifyGoogleChat", "Google Chat"),
    "pover": ("NotifyPushover", "Pushover"),
    "slack": ("NotifySlack", "Slack"),
    "tgram": ("NotifyTelegram", "Telegram"),
    "wxteams": ("NotifyWebexTeams", "Webex"),
}
"""What an address may begin with: the plugin that it must lead to, and the service's name."""


class UnknownChat(Exception):
    """The address is of no service that we go to."""


class ChatFailed(Exception):
    """The service did not take the message."""


def checked(address: str) -> str:
    """The address as we keep it. UnknownChat when it is of no service that we know, or is not whole."""
    bare = address.strip().partition("?")[0].partition("#")[0]
    _plugin(bare)
    return bare


def tell_by_chat(user: User, notices: Sequence[Notice]) -> bool:
    """Tell a person's chat; False when they named none. ChatFailed when the service does not take it."""
    from comptoir.organisation.reaching import lines

    address = taste_of(user.pk).chat_address
    if not address:
        return False
    told = "\n".join(f"{each['brand']}: {each['sentence']}\n{each['url']}" for each in lines(notices))
    if not _plugin(address).notify(body=told, title=""):
        raise ChatFailed
    return True


def _plugin(address: str) -> Any:
    scheme, _colon, _rest = address.partition("://")
    known = SERVICES.get(scheme.lower())
    if known is None:
        raise UnknownChat
    from apprise import Apprise

    plugin = Apprise.instantiate(address, suppress_exceptions=True)
    if plugin is None or type(plugin).__name__ != known[0]:
        raise UnknownChat
    return plugin
