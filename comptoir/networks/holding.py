"""What `networks` holds of people: their account, their messages, the answers they got, what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from comptoir.kernel import clock
from comptoir.networks.models import (
    Activity,
    Actor,
    Attachment,
    Audience,
    Defence,
    Delivery,
    Moderation,
    SetAside,
)
from comptoir.networks.models.activity import ERASED
from comptoir.networks.persons import Holder, Row, holds, messages_of, within
from comptoir.organisation.models import Brand, Notice

SHORTEST = 4
"""Letters of a handle that may be looked for inside other texts; shorter ones stand in everybody's."""


def names_of(person: Actor) -> list[str]:
    """The words by which a person is named inside texts that others wrote."""
    bare = person.handle.lstrip("@")
    return [word for word in (person.remote_id, bare) if len(word) >= SHORTEST]


_TIES = frozenset({"network", "remote_id", "kind", "standing", "in_reply_to", "conversation", "about"})
"""What places a message among others; the rest of its words is what it says."""


def _words() -> list[Any]:
    """The columns of an activity that say something: all texts and facts, also those that come to be later."""
    fields = Activity._meta.concrete_fields
    return [
        f
        for f in fields
        if isinstance(f, models.CharField | models.TextField | models.JSONField) and f.name not in _TIES
    ]


def _nothing(field: Any) -> Any:
    return field.get_default() if isinstance(field, models.JSONField) else ""


def blank(activities: Any, nameless: bool) -> int:
    """Empty activities for good; `nameless`: their ids on the network name the person and go too. How many.

    Who was answered stays known where that is a message of the brand's own.
    """
    now = clock.now()
    emptied: dict[str, Any] = {field.name: _nothing(field) for field in _words()}
    emptied |= {"search": None, "standing": "", "erased": now, "deleted": Coalesce("deleted", Value(now))}
    ids = list(activities.filter(erased=None).values_list("pk", flat=True))
    done = Activity.objects.everywhere().filter(pk__in=ids).update(**emptied)
    with connection.cursor() as cursor:
        cursor.execute(_UNTIE, {"ids": ids})
        if nameless:
            cursor.execute(_NAMELESS, {"ids": ids, "erased": ERASED})
    return done


_OURS = """
CASE WHEN EXISTS (SELECT FROM networks_activity o JOIN networks_audience u ON u.activity_id = o.id AND u.own
                  WHERE o.network = a.network AND o.remote_id = a.{0}) THEN a.{0} ELSE '' END
"""
_UNTIE = f"""
UPDATE networks_activity a SET in_reply_to = {_OURS.format("in_reply_to")},
    conversation = {_OURS.format("conversation")}, about = {_OURS.format("about")}
WHERE id = ANY(%(ids)s)
"""  # noqa: S608 - names of columns
_NAMELESS = "UPDATE networks_activity SET remote_id = %(erased)s || id WHERE id = ANY(%(ids)s)"


_GIVEN = [f.name for f in Activity._meta.concrete_fields if f.name not in {"id", "actor", "search", "erased"}]


@holds
class Account(Holder):
    """Who they are: what their network shows of the account."""

    name = "account"
    label = gettext_noop("The account")
    models = ("networks.Actor",)
    order = 99

    def count(self, person: Actor, brand: Brand | None) -> int:
        return 0 if person.remote_id.startswith(ERASED) else 1

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        yield {
            "id": person.remote_id, "network": person.network, "handle": person.handle, "name": person.name,
            "avatar": person.avatar, "url": person.url, "about": person.about, "followers": person.followers,
            "seen": person.seen,
        }  # fmt: skip

    def media(self, person: Actor, brand: Brand | None) -> Iterator[str]:
        if person.avatar:
            yield person.avatar

    def erase(self, person: Actor) -> int:
        Actor.objects.filter(pk=person.pk).update(
            remote_id=f"{ERASED}{person.pk}", handle="", name="", avatar="", url="", about="", followers=None
        )
        return 1


@holds
class Messages(Holder):
    """What the person wrote and did: posts, answers, private messages, likes, shares, follows."""

    name = "messages"
    label = gettext_noop("Messages, likes, shares and follows")
    models = ("networks.Activity", "networks.Audience", "networks.Snapshot", "networks.Correction")

    def brands(self, person: Actor) -> set[int]:
        heard = Audience.objects.filter(activity__actor=person).values_list("channel__brand", flat=True)
        return set(heard.distinct())

    def count(self, person: Actor, brand: Brand | None) -> int:
        return int(messages_of(person, brand).count())

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in messages_of(person, brand).order_by("published", "pk").iterator():
            yield {name: getattr(each, name) for name in _GIVEN}

    def media(self, person: Actor, brand: Brand | None) -> Iterator[str]:
        for shown in messages_of(person, brand).exclude(media=[]).values_list("media", flat=True):
            for each in shown:
                if isinstance(each, dict):
                    yield from (str(each[name]) for name in ("url", "thumbnail") if each.get(name))

    def erase(self, person: Actor) -> int:
        theirs = messages_of(person, None)
        said = theirs.exclude(kind__in=["like", "repost", "follow"]).values_list("remote_id", flat=True)
        about = Activity.objects.everywhere().filter(network=person.network, about__in=list(said))
        about.update(about="")
        return blank(theirs, nameless=True)


@holds
class Answers(Holder):
    """What the brand answered them, on its way or said."""

    name = "answers"
    label = gettext_noop("Answers that they got")
    models = ("networks.Delivery", "networks.Attachment")
    order = 40

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, brand).select_related("channel").order_by("pk").iterator():
            yield {
                "network": each.channel.network, "account": each.channel.handle, "act": each.act,
                "state": each.state, "said": each.said_at, "text": each.text, "url": each.url,
                "beside": [one.alt or one.name for one in each.attachments.defer("content")],
            }  # fmt: skip

    def erase(self, person: Actor) -> int:
        return erase_answers(self._of(person, None))

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        return within(Delivery.objects, brand).filter(target__actor=person, moderation=None)


def erase_answers(deliveries: Any) -> int:
    """Empty deliveries, what they became, and later changes of that. What had not left does not leave any more."""
    ids = set(deliveries.values_list("pk", flat=True))
    became = Activity.objects.everywhere().filter(deliveries__in=ids)
    changes = Delivery.objects.everywhere().filter(target__in=list(became.values_list("pk", flat=True)))
    ids |= set(changes.values_list("pk", flat=True))
    rows = Delivery.objects.everywhere().filter(pk__in=ids)
    # What is to be taken back on the network still is.
    for each in rows.exclude(act=Delivery.Act.DELETE).select_related("channel"):
        each.withdraw()
    Attachment.objects.filter(delivery__in=ids).delete()
    blank(became, nameless=False)
    rows.update(text="", warning="", url="", facts={})
    return len(ids)


@holds
class Decisions(Holder):
    """What colleagues decided about their messages, and why: whoever it concerns may ask."""

    name = "decisions"
    label = gettext_noop("Decisions about their messages")
    models = ("networks.Moderation",)
    order = 40

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, brand).select_related("activity").order_by("pk").iterator():
            yield {
                "message": each.activity.remote_id, "at": each.at, "verdict": each.verdict, "reason": each.reason,
                "words": each.words, "before": each.before,
            }  # fmt: skip

    def erase(self, person: Actor) -> int:
        for each in self._of(person, None).select_related("delivery"):
            each.delivery.withdraw()
        return int(self._of(person, None).update(words=""))

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        return within(Moderation.objects, brand).filter(activity__actor=person)


@holds
class Defences(Holder):
    """Whether they were blocked or reported, and why. A block stays on the network, without the words beside it."""

    name = "defences"
    label = gettext_noop("Blocks, and reports to the network")
    models = ("networks.Defence",)
    order = 40

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, brand).select_related("activity", "channel").order_by("pk").iterator():
            yield {
                "account": each.channel.handle, "act": each.act, "at": each.at, "reason": each.reason,
                "words": each.words, "message": each.activity.remote_id if each.activity else "",
            }  # fmt: skip

    def erase(self, person: Actor) -> int:
        for each in self._of(person, None).select_related("delivery"):
            each.delivery.withdraw()
        return int(self._of(person, None).update(words=""))

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        return within(Defence.objects, brand).filter(actor=person)


@holds
class Unread(Holder):
    """Messages that came and could not be used, where they name the person."""

    name = "set_aside"
    label = gettext_noop("Messages set aside")
    models = ("networks.SetAside",)
    order = 30

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, brand).order_by("pk").iterator():
            yield {"id": each.remote_id, "received": each.received, "reason": each.reason, "raw": each.raw}

    def erase(self, person: Actor) -> int:
        ids = list(self._of(person, None).values_list("pk", flat=True))
        SetAside.objects.everywhere().filter(pk__in=ids).delete()
        return len(ids)

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        named = Q(pk=None)
        for word in names_of(person):
            named |= Q(raw__icontains=word) | Q(remote_id__icontains=word) | Q(reason__icontains=word)
        return within(SetAside.objects, brand).filter(named, channel__network=person.network)


@holds
class Told(Holder):
    """Notices to colleagues that name the person."""

    name = "notices"
    label = gettext_noop("Notices to the brand’s people")
    order = 30

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, brand).order_by("pk").iterator():
            yield {"code": each.code, "created": each.created, "facts": each.facts}

    def erase(self, person: Actor) -> int:
        ids = list(self._of(person, None).values_list("pk", flat=True))
        Notice.objects.everywhere().filter(pk__in=ids).delete()
        return len(ids)

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        named = Q(pk=None)
        for word in names_of(person):
            named |= Q(facts__icontains=word)
        return within(Notice.objects, brand).filter(named)
