"""What stands on the networks already: changed there, or taken down, where the network can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from comptoir.networks.connector import Deletes, Edits
from comptoir.networks.models import Channel, Delivery
from comptoir.networks.sending import send
from comptoir.organisation.audit import record
from comptoir.organisation.models import User
from comptoir.publishing.models import (
    Destination,
    FoundPiece,
    Mentionee,
    Post,
    Sharing,
    ShortLink,
    Step,
    Wording,
)
from comptoir.publishing.models.approval import is_asked
from comptoir.publishing.tagging import each_address

_D = Delivery.State
_MOVING = frozenset({_D.WAITING, _D.SENDING})
_FAILED = frozenset({_D.REFUSED, _D.UNCERTAIN, _D.RETURNED})


class NotThere(Exception):
    """It cannot be carried out there. `code`: "not_there" (it stands there no more), "under_way" (an earlier change or
    deletion is), "cannot" (the network does not), "too_long" (by `over`), "empty", "uncredited" (what the post
    shares would stand there without its author or its link)."""

    def __init__(self, code: str, step: int = 0, over: int = 0) -> None:
        super().__init__(code)
        self.code, self.step, self.over = code, step, over


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a post as it stands on a channel: `text` by now; `last` is the newest change or deletion that was
    asked for, None where there was none."""

    step: Step
    text: str
    gone: bool
    last: Delivery | None

    @property
    def moves(self) -> bool:
        """Whether a change or deletion is under way."""
        return self.last is not None and self.last.state in _MOVING

    @property
    def goes(self) -> bool:
        """Whether it is being taken down."""
        return self.moves and self.last is not None and self.last.act == Delivery.Act.DELETE

    @property
    def failed(self) -> bool:
        """Whether the newest change or deletion could not be carried out."""
        return self.last is not None and self.last.state in _FAILED


@dataclass(slots=True)
class There:
    """A post on one channel: its parts in order, and whether its network lets messages be changed and taken down."""

    destination: Destination
    edits: bool
    deletes: bool
    parts: list[Part] = field(default_factory=list)

    @property
    def channel(self) -> Channel:
        """Where it stands."""
        return self.destination.channel

    @property
    def state(self) -> str:
        """ "moving" while something is carried out, "failed" where something was not, "gone" where nothing stands there
        any more, "changed" where it reads otherwise than it left, "" where all is as it was."""
        if any(each.moves for each in self.parts):
            return "moving"
        if any(each.failed and not each.gone for each in self.parts):
            return "failed"
        if self.parts and all(each.gone for each in self.parts):
            return "gone"
        return "changed" if any(each.last for each in self.parts) else ""

    @property
    def trouble(self) -> Delivery | None:
        """What could not be carried out, if anything."""
        return next((each.last for each in self.parts if each.failed and not each.gone), None)


def may_carry(post: Post, role_is: Any) -> bool:
    """Whether somebody may change what stands: whoever writes posts; where posts are approved, managers, as nobody is
    asked about it again. `role_is(role)` says whether they have a role or more."""
    return bool(role_is("manager" if is_asked(post.brand) else "agent"))


def standing(post: Post) -> list[There]:
    """Where a post stands, or stood, channel by channel."""
    steps = Step.objects.of(post.brand_id).filter(destination__post=post, delivery__result__isnull=False)
    rows = list(
        steps.select_related("destination__channel", "delivery__result").order_by("destination", "place")
    )
    said = [each.delivery.result_id for each in rows]
    asked: dict[int, list[Delivery]] = defaultdict(list)
    acts = (Delivery.Act.EDIT, Delivery.Act.DELETE)
    later = (
        Delivery.objects.of(post.brand_id).filter(target__in=said, act__in=acts).exclude(state=_D.WITHDRAWN)
    )
    for each in later.order_by("pk"):
        if each.target_id:
            asked[each.target_id].append(each)
    found: dict[int, There] = {}
    for step in rows:
        where, result = step.destination, step.delivery.result
        if result is None:
            continue
        where.post = post
        if where.pk not in found:
            found[where.pk] = There(where, where.channel.can(Edits), where.channel.can(Deletes))
        mine = asked[result.pk]
        changes = [each.text for each in mine if each.act == Delivery.Act.EDIT and each.state == _D.SENT]
        text = changes[-1] if changes else step.delivery.text
        last = mine[-1] if mine else None
        found[where.pk].parts.append(Part(step, text, result.deleted is not None, last))
    return list(found.values())


def change(post: Post, by: User, given: Mapping[int, str]) -> int:
    """Have messages of a post, by the numbers of their steps, say something else where they stand; how many do.
    NotThere says what cannot be, and then nothing is asked of any network."""
    asked = 0
    with transaction.atomic():
        post.held()
        pieces = Sharing.of_post(post)
        book = Mentionee.book_for(post.brand_id, given.values())
        for there in standing(post):
            texts = {pk: book.on(text, there.channel.network) for pk, text in given.items()}
            _check_credit(pieces, there, texts)
            for part in there.parts:
                text = texts.get(part.step.pk)
                if text is None or text.strip() == part.text.strip():
                    continue
                _check(there, part, text)
                send(
                    there.channel,
                    text.strip(),
                    by=by,
                    target=part.step.delivery.result,
                    act=Delivery.Act.EDIT,
                )
                asked += 1
        if asked:
            record("post_carried", post.brand_id, post, by, n=asked)
    return asked


def take_down(post: Post, by: User, channels: Collection[int]) -> int:
    """Have a post taken down from channels, its last part asked first; how many messages are. A change that still waits
    there is given up for it. NotThere."""
    asked = 0
    with transaction.atomic():
        post.held()
        for there in standing(post):
            if there.channel.pk not in channels:
                continue
            standing_still = [each for each in reversed(there.parts) if not (each.gone or each.goes)]
            for part in standing_still:
                if part.last and part.moves:
                    part.last.withdraw()
                _can(there, part, there.deletes)
                send(there.channel, "", by=by, target=part.step.delivery.result, act=Delivery.Act.DELETE)
            if standing_still:
                record("post_taken_down", post.brand_id, post, by, channel=there.channel.handle)
            asked += len(standing_still)
    return asked


def _can(there: There, part: Part, can: bool) -> None:
    """NotThere where the network lets nothing of the kind be done with a message."""
    if not can or there.channel.listen_only:
        raise NotThere("cannot", part.step.pk)


def _check_credit(pieces: Collection[FoundPiece], there: There, texts: Mapping[int, str]) -> None:
    """NotThere where a channel's messages, changed so, would share a piece without its author or its link."""
    changed = [
        each.step.pk
        for each in there.parts
        if texts.get(each.step.pk, each.text).strip() != each.text.strip()
    ]
    if not pieces or not changed:
        return
    made = ShortLink.objects.of(there.destination.post.brand_id).filter(destination=there.destination)
    long = {each.address: each.target for each in made}
    said = [texts.get(each.step.pk, each.text) for each in there.parts if not each.gone]
    whole = Wording(tuple(each_address(text, lambda address: long.get(address, address)) for text in said))
    if any(piece.lacks(whole) for piece in pieces):
        raise NotThere("uncredited", changed[0])


def _check(there: There, part: Part, text: str) -> None:
    """NotThere where this message cannot say this instead."""
    if part.gone:
        raise NotThere("not_there", part.step.pk)
    if part.moves:
        raise NotThere("under_way", part.step.pk)
    _can(there, part, there.edits)
    if not text.strip() and not part.step.delivery.attachments.exists():
        raise NotThere("empty", part.step.pk)
    connector = there.channel.connector()
    is_post = part.step.kind == Step.Kind.POST
    warning = part.step.delivery.warning
    length = connector.post_length(text, warning) if is_post else connector.length(text)
    if not length.fits:
        raise NotThere("too_long", part.step.pk, length.over)
