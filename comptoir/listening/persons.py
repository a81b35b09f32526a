"""What listening holds of people: what they said in public that a brand listens for, and what is in the sample."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop

from comptoir.listening import stored
from comptoir.listening.models import Mention, Query, Sample, StoredMention
from comptoir.listening.models.mention import drop
from comptoir.listening.models.sample import forget, forget_handle
from comptoir.listening.models.stored import forget_authors, forget_mentions
from comptoir.networks.models import Actor
from comptoir.networks.persons import Holder, Row, holds, within
from comptoir.organisation.models import Brand


@holds
class Mentions(Holder):
    """What they said that queries are true of. It goes as a whole: nothing else hangs on it."""

    name = "mentions"
    label = gettext_noop("What they said in public that the brand listens for")
    models = ("listening.Mention",)
    order = 40

    def brands(self, person: Actor) -> set[int]:
        heard = self._of(person, None).values_list("query__brand", flat=True)
        return set(heard.distinct())

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, brand).select_related("activity", "query").newest().iterator():
            said = each.activity
            yield {
                "query": each.query.name, "network": each.network, "id": said.remote_id, "said": each.at,
                "url": said.url, "title": said.title, "text": said.text, "language": each.language,
                "tone": each.tone, "followers": each.followers,
            }  # fmt: skip

    def objected(self, network: str, account: str, handle: str, brand: Brand | int | None) -> int:
        theirs = {"activity__actor__network": network, "activity__actor__remote_id": account}
        return drop(within(Mention.objects, brand).filter(**theirs)) if account else 0

    def erase(self, person: Actor) -> int:
        return drop(self._of(person, None))

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        return within(Mention.objects, brand).filter(activity__actor=person)


@holds
class Stored(Holder):
    """The same, where it is old and stands in files. They are shown to nobody from now on, and leave the files soon."""

    name = "stored_mentions"
    label = gettext_noop("Older things that they said in public and that the brand listened for")
    models = ("listening.StoredMention",)
    order = 40

    def brands(self, person: Actor) -> set[int]:
        return set(self._of(person, None).values_list("query__brand", flat=True).distinct())

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        names = {each.pk: each.name for each in within(Query.objects, brand)}
        ids = list(self._of(person, brand).values_list("pk", flat=True))
        for each in stored.read(ids):
            yield {
                "query": names.get(each["query_id"], ""), "network": each["network"], "id": each["remote_id"],
                "said": each["at"], "url": each["url"], "title": each["title"], "text": each["text"],
                "language": each["language"], "tone": each["tone"], "followers": each["followers"],
            }  # fmt: skip

    def objected(self, network: str, account: str, handle: str, brand: Brand | int | None) -> int:
        theirs = within(StoredMention.objects, brand).filter(
            author__network=network, author__remote_id=account
        )
        ids = list(theirs.values_list("pk", flat=True)) if account else []
        forget_mentions(ids)
        return len(ids)

    def erase(self, person: Actor) -> int:
        n = int(self._of(person, None).count())
        forget_authors([person.pk])
        return n

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        return within(StoredMention.objects, brand).filter(author=person)


@holds
class Sampled(Holder):
    """What of theirs is in the sample, which belongs to no brand."""

    name = "sample"
    label = gettext_noop("What is in the sample of the public stream")
    order = 20

    def count(self, person: Actor, brand: Brand | None) -> int:
        return 0 if brand else self._of(person, None).count()

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, None).order_by("pk") if brand is None else ():
            yield {
                "network": each.network,
                "id": each.remote_id,
                "heard": each.heard,
                "text": each.said["text"],
            }

    def objected(self, network: str, account: str, handle: str, brand: Brand | int | None) -> int:
        """All brands try their queries on the sample: whoever objects with one is in it no more."""
        return forget(network, authors=[account]) if account else forget_handle(network, handle)

    def erase(self, person: Actor) -> int:
        return forget(person.network, authors=[person.remote_id])

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        return Sample.objects.filter(network=person.network, author=person.remote_id)
