"""Asking again for what is kept: what was deleted, edited, renamed or closed while nobody listened reaches it within a
day, and how far that is stands in a row (`Round`) that pages and the doctor read."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from comptoir.kernel import clock
from comptoir.kernel.faults import OutsideError
from comptoir.listening import minding
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, Round, Source
from comptoir.networks.connector import Actor, ConnectorError, Introduces, Rechecks
from comptoir.networks.found import installed, label_of
from comptoir.networks.models import Channel
from comptoir.networks.outside import code_of
from comptoir.organisation.models import Brand

log = logging.getLogger(__name__)
RUNS = 60
"""In so many runs of ten minutes each a round is to be through: in ten hours."""
EVERY = timedelta(hours=12)
"""A round begins so long after the one before began: with the ten hours of a round that stays below a day."""
LEAST = 200
"""Messages of one run, where there are few."""
SECONDS = 240.0
"""For how long one run asks one network."""
NAMELESS = 2_000


class Kept(NamedTuple):
    """A message that is kept because it is a mention."""

    number: int
    remote_id: str
    author: str


def recheck(seconds: float = SECONDS) -> int:
    """Ask again for the next part of what is kept of each network; how many messages changed."""
    nameless = Mention.objects.everywhere().filter(activity__actor__handle=F("activity__actor__remote_id"))
    minding.introduce(list(nameless.order_by("-pk").values_list("pk", flat=True)[:NAMELESS]))
    return sum(_go_on(network, seconds) for network in networks() if can_be_asked(network))


def networks() -> list[str]:
    """The networks on which somebody listens, or has a channel."""
    heard = set(Source.objects.everywhere().values_list("network", flat=True))
    return sorted(heard | set(Channel.objects.everywhere().values_list("network", flat=True)))


def can_be_asked(network: str) -> bool:
    """Whether a network tells what became of a message."""
    kind = installed(network)
    return bool(kind and issubclass(kind, Rechecks))


class Standing(NamedTuple):
    """How a network on which a brand listens is asked again: `walk` is None where it cannot be, or was not yet."""

    label: str
    can: bool
    walk: Round | None


def standing(brand: Brand) -> list[Standing]:
    """The networks on which a brand listens, and how far asking again is there."""
    listened = set(Source.objects.of(brand).values_list("network", flat=True))
    walks = {walk.network: walk for walk in Round.objects.filter(network__in=listened)}
    found = [Standing(label_of(name), can_be_asked(name), walks.get(name)) for name in listened]
    return sorted(found, key=lambda each: each.label)


def _go_on(network: str, seconds: float) -> int:
    """The next part of a network's round; a new one where the last is through and began long enough ago."""
    now = clock.now()
    walk = Round.objects.filter(network=network).first()
    if walk is None or (walk.ended and now - walk.began >= EVERY):
        walk = walk or Round(network=network, first=now)
        walk.began, walk.ended, walk.upto, walk.asked, walk.gaps, walk.code = now, None, 0, 0, False, ""
        walk.kept = _kept(network).values("activity").distinct().count()
        walk.save()
    return 0 if walk.ended else _walk(walk, max(LEAST, -(-walk.kept // RUNS)), seconds)


def _walk(walk: Round, most: int, seconds: float) -> int:
    """Ask for so many messages from where the round is, for so long; how many changed."""
    until, changed = monotonic() + seconds, 0
    places = list(_places(walk.network))
    size = min((place.recheck_batch for place in places), default=most)
    while most > 0 and monotonic() < until:
        rows = _next(walk, size)
        if rows:
            found = _asked(walk, places, rows)
            if found is None:
                break
            changed += found
            walk.upto, walk.asked, most = rows[-1].number, walk.asked + len(rows), most - len(rows)
        if len(rows) < size:
            walk.ended = clock.now()
            walk.whole = walk.whole if walk.gaps else walk.began
            break
        walk.save()
    walk.save()
    return changed


def _kept(network: str) -> Any:
    """What is kept of a network only because it is a mention. What reached a channel is asked for by that channel."""
    rows = Mention.objects.everywhere().filter(network=network, activity__audience=None)
    return rows.filter(activity__deleted=None, activity__erased=None)


def _next(walk: Round, size: int) -> list[Kept]:
    rows = _kept(walk.network).filter(activity__gt=walk.upto).order_by("activity").distinct()
    named = rows.values_list("activity", "activity__remote_id", "activity__actor__remote_id")
    return [Kept(*row) for row in named[:size]]


def _asked(walk: Round, places: Sequence[Any], rows: Sequence[Kept]) -> int | None:
    """Ask every place for these; how many changed. None when nobody could be asked: then the round waits here."""
    changed, answered = 0, False
    for place in places:
        try:
            found = place.recheck([row.remote_id for row in rows])
            people = [item for item in found if isinstance(item, Actor)]
            if isinstance(place, Introduces):
                people += _introduced(place, rows)
        except (ConnectorError, OutsideError) as error:
            log.info("asking again on %s: %s", walk.network, error)
            walk.gaps, walk.code = True, error.code if isinstance(error, ConnectorError) else code_of(error)
            walk.facts = error.facts if isinstance(error, ConnectorError) else {}
            continue
        if place.rests:
            walk.code, walk.facts = "rate_limited", {}
            return None
        answered = True
        changed += _take_in(walk.network, rows, found, people)
    if answered and not walk.gaps:
        walk.code, walk.facts = "", {}
    if not places:
        walk.gaps, walk.code, walk.facts = True, "nobody_to_ask", {}
    return changed if answered else None


def _introduced(place: Any, rows: Sequence[Kept]) -> list[Actor]:
    """What those are called now who said these."""
    ids, size = list(dict.fromkeys(row.author for row in rows)), place.introduce_batch
    return [who for start in range(0, len(ids), size) for who in place.introduce(ids[start : start + size])]


def _take_in(network: str, rows: Sequence[Kept], found: Sequence[Any], people: Sequence[Actor]) -> int:
    """Keep what a place said of these messages and of their authors; of how many messages it said something."""
    asked, authors = {row.remote_id for row in rows}, {row.author for row in rows}
    news = [item for item in found if not isinstance(item, Actor) and item.remote_id in asked]
    with transaction.atomic():
        hear(network, news)
        for who in people:
            if who.remote_id in authors:
                minding.call(network, who)
    return len(news)


def _places(network: str, most: int = 20) -> Iterator[Any]:
    """Whoever can be asked on a network, one of each account or server: where brands listen, or did; else a channel."""
    met: set[Any] = set()
    sources = Source.objects.everywhere().filter(network=network).select_related("channel__brand")
    for source in sources.order_by("-on", "pk"):
        place = source.channel_id or source.settings.get("server") or source.settings.get("appview")
        if place not in met and len(met) < most:
            met.add(place)
            yield source.connector()
    rows = Channel.objects.everywhere().filter(network=network, state=Channel.State.ACTIVE)
    for channel in rows.select_related("brand").order_by("pk")[: 0 if met else most]:
        yield channel.connector()
