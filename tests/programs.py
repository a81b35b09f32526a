"""What stands in the addresses for programs, for the walk through every address of the house."""

from typing import Any

from comptoir.inbox.models import (
    Bulk,
    CustomField,
    PersonNote,
    Promise,
    Queue,
    Release,
    Rule,
    SavedReply,
    Tag,
    View,
)
from comptoir.inbox.tests.building import House
from comptoir.organisation.announcing import send_test
from comptoir.organisation.models import Alarm, ApiToken, Hours, Shift, Team, Webhook
from comptoir.organisation.models.webhook import EVENTS
from comptoir.publishing.models import DayNote, Post

API = "api/v1/brands/<slug:brand>/"


_OF_BRANDS: dict[str, Any] = {
    "alarms": Alarm,
    "bulk": Bulk,
    "days": DayNote,
    "fields": CustomField,
    "hours": Hours,
    "posts": Post,
    "promises": Promise,
    "queues": Queue,
    "rules": Rule,
    "shifts": Shift,
    "teams": Team,
    "views": View,
}


def parts_for_programs(pattern: str, house: House) -> dict[str, str]:
    """The parts of an address of the interface, or of a page about it; nothing for any other."""
    if pattern.startswith("settings/tokens/<"):
        mine = house.people["agent"].api_tokens
        return {"pk": str((mine.first() or ApiToken.make(house.people["agent"], "walked", [])[0]).pk)}
    if pattern.startswith("b/<slug:brand>/webhooks/<"):
        owner = house.people["owner"]
        webhook = Webhook.objects.of(house.brand).first()
        if webhook is None:
            webhook, _secret = Webhook.make(house.brand, "https://example.org/hook", EVENTS, owner)
            send_test(webhook, owner)
        return {"pk": str(webhook.pk), "act": str(webhook.calls.all()[0].pk)}
    thread = house.thread()
    if "/defences/<number:act>/" in pattern:
        return {"act": str(thread.defences()[0].pk)}
    if not pattern.startswith("api/"):
        return {}
    rows: dict[str, Any] = {"message": thread.entries, "reply": thread.replies, "note": thread.notes}
    if "<number:tag>" in pattern:
        rows["tag"] = Tag.objects.of(house.brand)
    for name, model in _OF_BRANDS.items():
        if pattern.startswith(f"{API}{name}/<"):
            return {"pk": str(model.objects.of(house.brand)[0].pk)}
    if "<number:number>" in pattern:
        return {"number": "1"}
    if "<number:merge>" in pattern:
        rows["merge"] = thread.merges
    if "<number:about>" in pattern:
        rows["about"] = PersonNote.objects.of(house.brand)
    for name, each in (("defence", thread.defences), ("enclosure", thread.enclosures.all)):
        if f"<number:{name}>" in pattern:
            rows[name] = each()
    channel, agent = house.channel.pk, house.people["agent"].pk
    numbers = {"threads": thread.pk, "channels": channel, "slots": channel, "people": agent, "clerks": agent}
    numbers["persons"] = thread.person_id
    if (saved := SavedReply.objects.of(house.brand).first()) is not None:
        numbers["saved-replies"] = saved.pk
    numbers |= _of_the_surge(pattern, house)
    pk = numbers.get(pattern.removeprefix(API).partition("/")[0], "")
    return {
        "rest": "v1/nothing",
        "pk": str(pk),
        **{name: str(each.first().pk) for name, each in rows.items()},
    }


def _of_the_surge(pattern: str, house: House) -> dict[str, int]:
    if not pattern.startswith((f"{API}clusters/<", f"{API}releases/<")):
        return {}
    release = Release.objects.of(house.brand)[0]
    return {"releases": release.pk, "clusters": release.cluster_id or 0}
