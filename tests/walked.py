"""What there is on duty, at customer service, of people and in listening, for the walk through all addresses."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

from comptoir.inbox.models import Case, CustomField, Promise, Queue, Reply, ServiceDesk, Survey
from comptoir.inbox.tests.building import House
from comptoir.kernel import clock
from comptoir.listening.hearing import hear
from comptoir.listening.models import Alert, Backtest, Event, Exploration, Mention, Query, Source
from comptoir.networks.connector import Activity, Actor, Kind, Place
from comptoir.networks.models import Community, Correction, Defence, Delivery, Hold
from comptoir.organisation.models import Alarm, Hours, Shift
from comptoir.organisation.models.tokens import fresh
from comptoir.organisation.opening import OFFICE
from comptoir.publishing.models import (
    Asset,
    Content,
    DayNote,
    Destination,
    Post,
    PublicHolidays,
    Slot,
    Variant,
)
from comptoir.publishing.models.day_note import Noted
from tests.servers.stranger import jpeg
from tests.walked_posts import asset_of, campaign_of, segment_of


def call_and_hand_over(house: House, mark: str) -> None:
    """A shift, a call, a desk, a case and further hours, each with the mark in it."""
    agent, owner = house.people["agent"], house.people["owner"]
    Shift.weekly(house.brand, agent, 1, [0], 0, 0, owner)
    Alarm.sound(house.brand, "colleague", "shop:1", agent, f"{mark} call")
    desk, _secret = ServiceDesk.make(house.brand, f"{mark} desk", "mail", "a@b.example", owner)
    Case.hand_over(house.thread(), desk, agent, note=f"{mark} case")
    house.thread().block(agent, reason="spam", words=f"{mark} block")
    Hours.settle(house.brand, "Indian/Reunion", OFFICE, [], owner, f"{mark} hours")


def listen(house: House, mark: str) -> None:
    """A query with a mention, a back-test and an alert of it, each with the mark in it."""
    made = Query.make(house.brand, house.people["manager"], f"{mark} query", f"{mark.lower()} OR teapot")
    person = Actor("heard-1", "@heard.example", f"{mark} person")
    said = Activity("heard", Kind.POST, person, clock.now(), f"{mark} said of a teapot", addressed=False)
    hear(house.channel.network, [said])
    Backtest.ask(made.versions.get(), house.people["manager"])
    Alert.objects.create(
        query=made, kind="spike", since=clock.now(), until=clock.now(), began=clock.now(), every=40, posts=90,
        usual=3, samples=[made.mentions.get().pk], words=[[f"{mark} word", "teapot", 9, 1]],
    )  # fmt: skip
    said_of = house.thread().entries.order_by("pk")[0].activity
    for each in (Mention.objects.of(house.brand)[0].activity, said_of):
        Correction.make(house.brand, each, house.people["agent"], "tone", "positive")
    place = Place(f"https://{mark.lower()}.example/feed", f"{mark} source", {"address": "https://x.example"})
    Source.listen(house.brand, house.people["manager"], "feed", place).switch(False)
    begins, by = clock.now() - timedelta(hours=2), house.people["manager"]
    Event.make(house.brand, by, f"{mark} event", f"#{mark}day", begins, begins + timedelta(hours=9), made)
    words = {"place": f"{mark.lower()}.example", "name": f"{mark} community", "customs": f"{mark} custom"}
    card = Community.make(house.brand, house.people["agent"], **words)
    card.note(f"{mark} heard there", house.people["agent"])
    Exploration.keep(house.brand, f"{mark} view", house.people["agent"], "period=30", shared=True)


def speak(house: House, mark: str) -> None:
    """A post with a picture, a wording of its own and a purpose, each with the mark in it."""
    by = house.people["agent"]
    picture = Asset.bring(house.brand, by, jpeg(), f"{mark}.jpg", f"{mark} alt")
    words = [Variant(parts=[f"{mark} post"]), Variant(language="fr", parts=[f"{mark} autrement"])]
    content = Content("en", words, [(house.channel.pk, "fr")], [(picture.pk, f"{mark} alt")])
    Post.make(house.brand, by, content, f"{mark} title").belong(by, None, f"{mark} reason")
    Slot.put(house.channel, by, [(0, time(9))], "")
    Hold.place(f"{mark} hold", by, house.brand).lift(by)
    today = clock.now().date()
    DayNote.make(house.brand, by, Noted(today, today, f"{mark} day", f"{mark} of the day"))
    PublicHolidays.objects.create(brand=house.brand, place="FR", upto=today.year + 2, days={})


def posts_of(house: House) -> Iterator[tuple[str, str]]:
    """The pages of posts: one with all there is, being written and gone."""
    posts, by = f"/b/{house.brand.slug}/posts/", house.people["agent"]
    if not house.brand.posts.exists():
        picture = Asset.bring(house.brand, by, jpeg(800, 500), "quai.jpg", "Le quai au petit matin")
        words = "Le pain de la semaine sort du four à 6 h 30. Venez le goûter : https://verdier.example/pain"
        base = Variant(
            parts=[words, "Et samedi, la visite du fournil."], comment="Réservez ici.", warning="Gluten"
        )
        more = Variant(channel=house.channel, parts=[words.replace("la semaine", "Noël"), "À samedi !"])
        content = Content("fr", [base, more], [(house.channel.pk, "")], [(picture.pk, picture.alt)])
        Post.make(house.brand, by, content, "Pain de la semaine").belong(
            by, None, "une annonce de tous les jours"
        )
        gone = Post.make(house.brand, by, content, "Parti en partie")
        gone.destinations.update(state="uncertain", code="uncertain", due=clock.now())
        Post.objects.of(house.brand).filter(pk=gone.pk).update(state="partly", due=clock.now())
    yield "posts", posts
    noted = DayNote.objects.of(house.brand).first()
    if noted is None:
        today = clock.now().date()
        span = Noted(today, today + timedelta(days=2), "Salon du pain", "Stand 12, hall 4", "blue")
        noted = DayNote.make(house.brand, by, span)
        day = {"fr": "Sainte Baguette", "en": "Saint Baguette", "": "Sainte Baguette"}
        PublicHolidays.objects.create(
            brand=house.brand, place="FR", upto=today.year + 2, days={today.isoformat(): day}
        )
    yield "calendar-feed", f"{posts}calendar/feed/"
    yield "slots", f"/b/{house.brand.slug}/slots/"
    yield "slots-of", f"/b/{house.brand.slug}/slots/{house.channel.pk}/"
    yield "day-note", f"/b/{house.brand.slug}/days/{noted.pk}/"
    yield "day-note-new", f"/b/{house.brand.slug}/days/new/"
    yield "public-holidays", f"/b/{house.brand.slug}/days/holidays/"
    yield "holds", f"/b/{house.brand.slug}/holds/"
    yield "decisions", f"/b/{house.brand.slug}/decisions/"
    yield "post-new", f"{posts}new/"
    for each in Post.objects.of(house.brand).order_by("pk")[:2]:
        yield f"post-{each.state}", f"{posts}{each.pk}/?before=publish"


def cards_of(house: House) -> Iterator[tuple[str, str]]:
    """The pages of the communities, with a card that has all there is."""
    card = Community.make(
        house.brand, house.people["agent"], place="forum.example/c/tea", name="Amis du thé", speaks="no", asks="@modo",
        customs="On s’y tutoie. Pas de liens vers la boutique, pas de promotions : la dernière a été supprimée.",
    )  # fmt: skip
    card.note("Camille répond quand on nous nomme, avec son prénom.", house.people["agent"])
    cards = f"/b/{house.brand.slug}/communities/"
    yield "communities", cards
    yield "communities-none", f"{cards}?q=zebra"
    yield "community-new", f"{cards}new/"
    yield "community", f"{cards}{card.pk}/"
    yield "community-edition", f"{cards}{card.pk}/edition/"


def listening_parts(pattern: str, house: House) -> dict[str, str]:
    """What stands in the addresses of listening, on pages and for programs."""
    if "threads/about/<" in pattern:
        return {"pk": str(house.thread().entries.order_by("pk")[0].activity_id)}
    if "listening/explore/<" in pattern:
        return {"table": "voices"}
    if "threads/<" in pattern and "/corrections/<number:act>" in pattern:
        return {"act": str(Correction.objects.of(house.brand).order_by("-pk")[0].pk)}
    if "posts/" in pattern and house.brand.posts.exists():
        kind = Asset if "pictures/" in pattern else Post
        destination = Destination.objects.of(house.brand).order_by("pk")[0]
        return {"pk": str(kind.objects.of(house.brand)[0].pk), "act": str(destination.pk)}
    kinds: dict[str, Any] = {
        "alerts": Alert, "communities": Community, "events": Event,
        "queries": Query, "mentions": Mention, "backtests": Backtest, "sources": Source, "explorations": Exploration,
    }  # fmt: skip
    for name, kind in kinds.items():
        if f"listening/{name}/<" in pattern or f"brands/<slug:brand>/{name}/<" in pattern:
            said_of = Correction.objects.of(house.brand).order_by("pk")[0]
            return {"pk": str(kind.objects.of(house.brand)[0].pk), "number": "1", "act": str(said_of.pk)}
    return {}


def numbers_of(house: House) -> dict[str, int]:
    """What stands in their addresses."""
    return {
        "blocks": Defence.objects.of(house.brand).get().pk,
        "cases": Case.objects.of(house.brand).get().pk,
        "desks": ServiceDesk.objects.of(house.brand).get().pk,
        "alarms": Alarm.objects.of(house.brand).get().pk,
        "hours": Hours.objects.of(house.brand).named().get().pk,
        "shifts": Shift.objects.of(house.brand).get().pk,
        "queues": Queue.objects.of(house.brand).get().pk,
        "clerks": house.people["agent"].pk,
        "persons": house.thread().person_id,
        "slots": house.channel.pk,
        "holds": Hold.objects.of(house.brand)[0].pk,
        "days": DayNote.objects.of(house.brand)[0].pk,
        "decisions": Delivery.objects.of(house.brand).get(state="uncertain").pk,
        "promises": Promise.objects.of(house.brand).get().pk,
        "communities": Community.objects.of(house.brand)[0].pk,
        "campaigns": campaign_of(house).pk,
        "segments": segment_of(house).pk,
        "library": asset_of(house).pk,
        "fields": CustomField.objects.of(house.brand).get().pk,
    }


def case_link(house: House) -> str:
    """A word that opens the case."""
    return Case.objects.of(house.brand).get().link()


def survey_link(house: House) -> str:
    """A word that opens the one question."""
    token, kept = fresh()
    reply = Reply.objects.filter(thread__brand=house.brand).order_by("pk")[0]
    Survey.objects.of(house.brand).get_or_create(
        reply=reply,
        defaults={
            "brand": house.brand, "thread": reply.thread, "channel": house.channel, "digest": kept,
            "expires": clock.now() + timedelta(days=1),
        },
    )  # fmt: skip
    Survey.objects.of(house.brand).update(digest=kept)
    return token
