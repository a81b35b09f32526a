"""Who is on duty, what customer service has and what is known of people, for the walk through all addresses."""

from datetime import timedelta

from comptoir.inbox.models import Case, CustomField, Promise, Queue, ServiceDesk, Survey
from comptoir.inbox.tests.building import House
from comptoir.kernel import clock
from comptoir.networks.models import Defence
from comptoir.organisation.models import Alarm, Hours, Shift
from comptoir.organisation.models.tokens import fresh
from comptoir.organisation.opening import OFFICE


def call_and_hand_over(house: House, mark: str) -> None:
    """A shift, a call, a desk, a case and further hours, each with the mark in it."""
    agent, owner = house.people["agent"], house.people["owner"]
    Shift.weekly(house.brand, agent, 1, [0], 0, 0, owner)
    Alarm.sound(house.brand, "colleague", "shop:1", agent, f"{mark} call")
    desk, _secret = ServiceDesk.make(house.brand, f"{mark} desk", "mail", "a@b.example", owner)
    Case.hand_over(house.thread(), desk, agent, note=f"{mark} case")
    house.thread().block(agent, reason="spam", words=f"{mark} block")
    Hours.settle(house.brand, "Indian/Reunion", OFFICE, [], owner, f"{mark} hours")


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
        "promises": Promise.objects.of(house.brand).get().pk,
        "fields": CustomField.objects.of(house.brand).get().pk,
    }


def case_link(house: House) -> str:
    """A word that opens the case."""
    return Case.objects.of(house.brand).get().link()


def survey_link(house: House) -> str:
    """A word that opens the one question."""
    token, kept = fresh()
    thread = house.thread()
    Survey.objects.of(house.brand).get_or_create(
        reply=thread.replies.first(),
        defaults={
            "brand": house.brand, "thread": thread, "channel": house.channel, "digest": kept,
            "expires": clock.now() + timedelta(days=1),
        },
    )  # fmt: skip
    Survey.objects.of(house.brand).update(digest=kept)
    return token
