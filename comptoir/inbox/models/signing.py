"""How answers are signed: what stands below somebody's words, as the channel says and unless the brand is shielded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from comptoir.kernel.live import nudge
from comptoir.networks.models import Channel, Delivery
from comptoir.networks.models.channel import Signing
from comptoir.organisation.models.brand import is_shielded
from comptoir.organisation.templatetags.house import initials

if TYPE_CHECKING:
    from comptoir.inbox.models.acts import Reply
    from comptoir.inbox.models.thread import Thread
    from comptoir.organisation.models import Brand, User

LETTERS = 10_000
"""From this limit on a network takes letters, which are signed below an empty line."""


class Signature(NamedTuple):
    """`text` is what is put behind somebody's words, blanks and lines before it included."""

    policy: str = str(Signing.NONE)
    text: str = ""

    @property
    def words(self) -> str:
        """It alone."""
        return self.text.strip()


UNSIGNED = Signature()


def first_name(name: str) -> str:
    """The first word of a name."""
    return next(iter(name.split()), "")


def signature(channel: Channel, by: User, shielded: bool) -> Signature:
    """What an answer of somebody's on a channel is signed with. An address is no name: who has none signs nothing."""
    name = " ".join(by.name.split())
    if shielded or channel.signing == Signing.NONE or not name:
        return UNSIGNED
    connector: Any = channel.connector()
    letters = connector.length("").limit >= LETTERS
    if channel.signing == Signing.INITIALS:
        short = initials(name)
        between = "\n\n" if letters else " "
        return Signature(channel.signing, f"{between}^{short}") if short != "?" else UNSIGNED
    signed = first_name(name) if channel.signing == Signing.FIRST_NAME else name
    return Signature(channel.signing, f"{'\n\n' if letters else '\n'}– {signed}")


def sign(thread: Thread, by: User) -> Signature:
    """What an answer to the thread is signed with now, and until the caller's transaction ends."""
    return signature(thread.channel, by, is_shielded(thread.brand_id))


def apart(text: str, signed: str) -> tuple[str, str]:
    """Words that left and what they were signed with, "" when that does not stand below them (any more)."""
    bare = signed.strip()
    body = text.rstrip()
    if not bare or not body.endswith(bare):
        return text, ""
    return body.removesuffix(bare).rstrip(), signed


def kept(reply: Reply, shielded: bool) -> str:
    """What a changed answer is signed with: as it was, if that still stands below it, and nothing under a shield."""
    said = reply.delivery.result
    return "" if shielded or said is None else apart(said.text, reply.signature)[1]


def shield(brand: Brand, by: User, on: bool = True) -> bool:
    """Take names off a brand's answers, those that wait to leave included, or let answers be signed again. False when
    it was so already."""
    from comptoir.inbox.models.acts import Reply

    with transaction.atomic():
        if not (brand.shield(by) if on else brand.unshield(by)):
            return False
        if on:
            waiting = Reply.objects.filter(
                thread__brand=brand, delivery__state=Delivery.State.WAITING
            ).exclude(signature="")
            for reply in waiting.select_related("delivery"):
                _take_off(reply, brand)
        nudge(brand.pk, what="signing")
    return True


def _take_off(reply: Reply, brand: Brand) -> None:
    still = Delivery.objects.of(brand).filter(pk=reply.delivery_id, state=Delivery.State.WAITING)
    if still.update(text=apart(reply.delivery.text, reply.signature)[0]):
        type(reply).objects.filter(pk=reply.pk).update(signed=Signing.NONE, signature="")
