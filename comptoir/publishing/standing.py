"""What has left for a brand's own page stands there, by the transaction in which it counts as published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import prefetch_related_objects

from comptoir.kernel import clock
from comptoir.networks.connector import Gone, StandsHere
from comptoir.networks.found import connector_class
from comptoir.networks.models import Delivery
from comptoir.networks.receiving import clean
from comptoir.organisation.audit import record
from comptoir.organisation.models import User
from comptoir.publishing.models import Destination, OwnPage, PageEntry, PagePicture, PageText, Step
from comptoir.publishing.outgoing import Way, said, ways_of
from comptoir.publishing.visiting import language_in

SIDE = 1_200
"""Pixels that stand for the size of a picture of which nothing is known."""


def stand(destinations: Sequence[Destination]) -> None:
    """Have what left for pages of this house stand there as it reads now, once. Of held destinations, with their posts
    and channels; part of the caller's transaction; safe to repeat."""
    ours = [each for each in destinations if each.channel.can(StandsHere)]
    if not ours:
        return
    steps: dict[int, list[Step]] = defaultdict(list)
    rows = Step.objects.everywhere().filter(destination__in=ours, delivery__state=Delivery.State.SENT)
    for step in rows.order_by("destination", "place").select_related("delivery__result"):
        steps[step.destination_id].append(step)
    found = OwnPage.objects.everywhere().filter(channel__in={each.channel_id for each in ours})
    pages = {each.channel_id: each for each in found}
    told = [each for each in ours if steps[each.pk] and each.channel_id in pages]
    posts = [each.post for each in told]
    prefetch_related_objects(posts, "variants", "brand", "campaign")
    ways = ways_of(posts)
    for each in told:
        _write(pages[each.channel_id], each, steps[each.pk], ways)
    OwnPage.reads_otherwise([pages[each.channel_id].pk for each in told])


def stand_again(ids: Sequence[int]) -> None:
    """Changes and deletions among these deliveries were carried out: the entries that they were about follow."""
    done = Delivery.objects.everywhere().filter(
        pk__in=ids, act__in=(Delivery.Act.EDIT, Delivery.Act.DELETE), state=Delivery.State.SENT
    )
    if not (targets := [pk for pk in done.values_list("target", flat=True) if pk]):
        return
    with transaction.atomic():
        steps = Step.objects.everywhere().filter(delivery__result__in=targets)
        rows = Destination.objects.everywhere().filter(pk__in=steps.values("destination")).order_by("pk")
        stand(list(rows.select_for_update(of=("self",)).select_related("channel", "post")))


def take_back(entry: PageEntry, by: User) -> bool:
    """Have an entry stand there no more, with its words and pictures; False where it does not already. Nobody elsewhere
    has to be asked, so it is done at once."""
    brand = entry.page.brand_id
    with transaction.atomic():
        rows = Destination.objects.of(brand).filter(entry=entry)
        held = list(rows.select_for_update(of=("self",)).select_related("channel", "post"))
        if not PageEntry.objects.of(brand).standing().filter(pk=entry.pk).exists():
            return False
        said = Step.objects.of(brand).filter(destination__in=held, delivery__result__isnull=False)
        ids = list(said.values_list("delivery__result__remote_id", flat=True))
        entry.page.channel.receive([Gone(each) for each in ids])
        stand(held)
        if not ids:
            _let_go(entry)
            OwnPage.reads_otherwise([entry.page_id])
        record("own_page_taken_back", brand, entry, by, address=entry.page.slug)
    return True


def _let_go(entry: PageEntry) -> None:
    """What was taken back is not kept; its address says that it was there."""
    entry.taken_back = entry.taken_back or clock.now()
    entry.save(update_fields=["taken_back"])
    entry.texts.all().delete()
    entry.pictures.all().delete()


def _write(page: OwnPage, destination: Destination, left: Sequence[Step], ways: Mapping[int, Way]) -> None:
    first = left[0].delivery
    word = connector_class(destination.channel.network).word_of(first.remote_id)
    language = (
        language_in(first.language or destination.language or destination.post.language) or page.languages[0]
    )
    texts = {**_translated(destination, language, ways), language: (_parts(left), first.warning)}
    entry, new = PageEntry.objects.everywhere().get_or_create(
        page=page, word=word,
        defaults={"destination": destination, "language": language, "languages": sorted(texts),
                  "countries": destination.countries},
    )  # fmt: skip
    if not new:
        entry.changed = clock.now()
    entry.language, entry.languages = language, sorted(texts)
    entry.save(update_fields=["language", "languages", "changed"])
    if first.result is not None and first.result.deleted is not None:
        return _let_go(entry)
    _put(entry, texts)
    if new:
        _show(entry, destination, first)
        page.serve(entry.countries)


def _put(entry: PageEntry, texts: Mapping[str, tuple[Sequence[str], str]]) -> None:
    PageText.objects.bulk_create(
        (
            PageText(
                entry=entry, language=language, warning=clean(warning), parts=[clean(each) for each in parts]
            )
            for language, (parts, warning) in texts.items()
        ),
        update_conflicts=True,
        unique_fields=["entry", "language"],
        update_fields=["parts", "warning"],
    )
    entry.texts.exclude(language__in=texts).delete()


def _show(entry: PageEntry, destination: Destination, first: Delivery) -> None:
    """The pictures as they left, each as large as the one that it was drawn from."""
    shown = list(destination.post.illustrations.select_related("asset").defer("asset__content"))
    sizes = [(each.asset.width, each.asset.height) for each in shown]
    files = list(first.attachments.all())
    PagePicture.objects.bulk_create(
        PagePicture(
            entry=entry, place=place, content=each.content, mime=each.mime, alt=clean(each.alt), width=size[0],
            height=size[1],
        )
        for place, (each, size) in enumerate(
            zip(files, [*sizes, *[(SIDE, SIDE)] * len(files)], strict=False), 1
        )
    )  # fmt: skip


def _parts(left: Sequence[Step]) -> list[str]:
    """What left, as it reads by now."""
    results = [(each.delivery, each.delivery.result) for each in left]
    return [
        result.text if result is not None else delivery.text
        for delivery, result in results
        if result is None or result.deleted is None
    ]


def _translated(
    destination: Destination, but: str, ways: Mapping[int, Way]
) -> dict[str, tuple[Sequence[str], str]]:
    """The post in the other languages that it is written in: an own page shows each reader theirs."""
    post = destination.post
    written = {each.language for each in post.variants.all() if each.language and each.parts} | {
        post.language
    }
    found: dict[str, tuple[Sequence[str], str]] = {}
    for each in sorted(written):
        language = language_in(each)
        if language in ("", but, *found):
            continue
        words = said(destination, ways, each)
        parts = [*words.parts, *([words.comment] if words.comment.strip() else [])]
        if any(part.strip() for part in parts):
            found[language] = (parts, words.warning)
    return found
