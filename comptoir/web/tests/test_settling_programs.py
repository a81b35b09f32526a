"""What managers settle for people and hours, through the interface: as on the pages, with the same refusals."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from comptoir.inbox.tests.building import House, at_once, house
from comptoir.measurement.models import PeopleFigures
from comptoir.organisation.models import AuditEntry, Brand, Hours, Membership, Team
from comptoir.organisation.models.terms import Terms
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
HOURS = "brands/verdier/hours"
OPEN = {"opens": "09:00", "shuts": "12:30"}
WEEK = [[OPEN, {"opens": "14:00", "shuts": "24:00"}], *[[OPEN] for _day in range(4)], [], []]


@pytest.fixture
def verdier() -> House:
    return house()


def codes(verdier: House) -> list[str]:
    return list(AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True))


def test_programs_settle_hours(verdier: House) -> None:
    manager, reader = Program(verdier.people["manager"]), Program(verdier.people["reader"])
    told = reader.get(HOURS)
    assert (told["usual"]["id"], told["usual"]["week"][6], told["items"]) == (None, [], [])
    given = {"zone": "Europe/Paris", "week": WEEK, "days_off": [{"day": "2026-12-25", "name": "Noël"}]}
    assert problem(reader.ask("PUT", f"{HOURS}/usual", given)) == "role-too-low"
    usual = manager.ask("PUT", f"{HOURS}/usual", given).json()["usual"]
    assert usual | given == usual
    assert usual["id"] == Hours.objects.of(verdier.brand).usual().pk  # type: ignore[union-attr]
    assert problem(manager.ask("GET", f"{HOURS}/{usual['id']}")) == "not-found"

    night = {"name": " Night ", "zone": "Indian/Reunion", "week": WEEK}
    made = manager.ask("POST", HOURS, night).json()
    assert (made["name"], made["zone"], made["days_off"]) == ("Night", "Indian/Reunion", [])
    there = f"{HOURS}/{made['id']}"
    assert manager.ask("PUT", there, night | {"name": "Day"}).json()["name"] == "Day"
    assert [each["name"] for each in reader.get(HOURS)["items"]] == ["Day"]
    assert manager.ask("DELETE", there).status_code == 204
    assert problem(manager.ask("DELETE", there)) == "not-found"
    settled = ["hours_settled", "other_hours_settled", "other_hours_settled", "other_hours_removed"]
    assert [code for code in codes(verdier) if "hours" in code] == settled


@pytest.mark.django_db(transaction=True)
def test_managers_who_settle_the_same_hours_at_once_are_both_heard(verdier: House) -> None:
    week, people = [((540, 1080),)] * 7, [verdier.people["manager"], verdier.people["owner"]] * 2
    zones = ["Europe/Paris", "Europe/Rome", "Europe/Madrid", "Europe/Oslo"]
    brands = [Brand.objects.of(verdier.brand).get() for _zone in zones]
    calls = [
        partial(Hours.settle, brand, zone, week, [], by)
        for brand, zone, by in zip(brands, zones, people, strict=True)
    ]
    assert at_once(*calls) == [True] * 4
    assert Hours.objects.of(verdier.brand).count() == 1
    assert codes(verdier).count("hours_settled") == 4


def test_hours_that_make_no_sense_are_not_kept(verdier: House) -> None:
    manager = Program(verdier.people["manager"])
    manager.ask("POST", HOURS, {"name": "Night", "zone": "Europe/Paris", "week": WEEK})
    touching = [[OPEN, {"opens": "12:00", "shuts": "13:00"}], *WEEK[1:]]
    for wrong, at in (
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"week": touching}, "week"),
        ({"week": [[{"opens": "18:00", "shuts": "09:00"}], *WEEK[1:]]}, "week"),
        ({"name": "Night"}, "name"),
        ({"name": " "}, "name"),
    ):
        answer = manager.ask("POST", HOURS, {"name": "Other", "zone": "Europe/Paris", "week": WEEK} | wrong)
        assert problem(answer) == "invalid", wrong
        assert answer.json()["errors"][0]["at"] == at, wrong
    assert Hours.objects.of(verdier.brand).count() == 1


def test_programs_agree_on_terms_as_far_as_their_person_may(verdier: House) -> None:
    manager, people = Program(verdier.people["manager"]), verdier.people
    there = f"brands/verdier/people/{people['agent'].pk}/terms"
    last = str(timezone.localdate() + timedelta(days=30))
    given = {"on_behalf_of": " Agence  X ", "last_day": last, "channels": [verdier.channel.pk]}
    told = manager.ask("PUT", there, given).json()
    assert (told["on_behalf_of"], told["channels"]) == ("Agence X", [verdier.channel.pk])
    assert told == manager.get(f"brands/verdier/people/{people['agent'].pk}")
    member = Membership.objects.get(brand=verdier.brand, user=people["agent"])
    assert str(member.last_day) == last
    assert manager.ask("PUT", there, {}).json()["until"] is None
    member.refresh_from_db()
    assert member.terms == Terms()
    assert codes(verdier).count("member_terms_settled") == 2

    deaf = Program(people["manager"], scopes=["people:read", "threads:write"])
    assert problem(deaf.ask("PUT", there, {})) == "scope-missing"
    assert problem(Program(people["agent"]).ask("PUT", there, {})) == "role-too-low"
    for role in ("owner", "manager"):
        above = f"brands/verdier/people/{people[role].pk}/terms"
        assert problem(manager.ask("PUT", above, {})) == "role-too-low"
    assert (
        problem(manager.ask("PUT", f"brands/verdier/people/{verdier.stranger.pk}/terms", {})) == "not-found"
    )


def test_terms_that_make_no_sense_are_refused_as_on_the_page(verdier: House) -> None:
    owner, people = Program(verdier.people["owner"]), verdier.people
    for role, given, at in (
        ("agent", {"last_day": "2001-01-01"}, "last_day"),
        ("agent", {"last_day": "9999-12-31"}, "last_day"),
        ("owner", {"last_day": str(timezone.localdate() + timedelta(days=3))}, "last_day"),
        ("agent", {"channels": []}, "channels"),
        ("agent", {"channels": [999_999]}, "channels"),
        ("manager", {"channels": [verdier.channel.pk]}, "channels"),
    ):
        answer = owner.ask("PUT", f"brands/verdier/people/{people[role].pk}/terms", given)
        assert problem(answer) == "invalid", given
        assert answer.json()["errors"][0]["at"] == at, given
    assert "member_terms_settled" not in codes(verdier)


def test_what_a_narrower_giver_gives_is_cut_to_what_they_have(verdier: House) -> None:
    manager = Membership.objects.get(brand=verdier.brand, user=verdier.people["manager"])
    manager.agree(Terms(on_behalf_of="Agence X"), None)
    there = f"brands/verdier/people/{verdier.people['agent'].pk}/terms"
    told = Program(verdier.people["manager"]).ask("PUT", there, {"on_behalf_of": "Somebody else"}).json()
    assert told["on_behalf_of"] == "Agence X"


def test_programs_make_teams(verdier: House) -> None:
    manager, agent = Program(verdier.people["manager"]), verdier.people["agent"]
    given = {"name": "Night", "members": [agent.pk]}
    assert problem(Program(agent).ask("POST", "brands/verdier/teams", given)) == "role-too-low"
    made = manager.ask("POST", "brands/verdier/teams", given).json()
    assert made["members"] == [{"id": agent.pk, "name": "Agent"}]
    assert problem(manager.ask("POST", "brands/verdier/teams", given)) == "invalid"
    stranger = {"name": "Press", "members": [verdier.stranger.pk]}
    assert problem(manager.ask("POST", "brands/verdier/teams", stranger)) == "invalid"
    there = f"brands/verdier/teams/{made['id']}"
    assert manager.ask("PUT", there, {"name": "Press"}).json() == {
        "id": made["id"], "name": "Press", "members": [],
    }  # fmt: skip
    assert manager.ask("DELETE", there).status_code == 204
    assert not Team.objects.of(verdier.brand).exists()
    assert codes(verdier)[-3:] == ["team_made", "team_changed", "team_dissolved"]


def test_programs_settle_the_duty_list(verdier: House) -> None:
    manager, agent, people = (
        Program(verdier.people["manager"]),
        Program(verdier.people["agent"]),
        verdier.people,
    )
    shifts = "brands/verdier/shifts"
    given = {"person": people["agent"].pk, "weekdays": [0, 4], "begins": "18:00", "ends": "08:00"}
    assert problem(agent.ask("POST", f"{shifts}/weekly", given)) == "role-too-low"
    made = manager.ask("POST", f"{shifts}/weekly", given).json()["items"]
    assert [(each["weekday"], each["begins"], each["minutes"]) for each in made] == [
        (0, "18:00", 840),
        (4, "18:00", 840),
    ]
    for wrong, at in (
        ({"person": people["reader"].pk}, "person"),
        ({"weekdays": [7]}, "weekdays"),
        ({"begins": "soon"}, "begins"),
    ):
        answer = manager.ask("POST", f"{shifts}/weekly", given | wrong)
        assert (problem(answer), answer.json()["errors"][0]["at"]) == ("invalid", at)
    once = {
        "person": people["agent"].pk,
        "begins": "2026-12-24T18:00",
        "ends": "2026-12-25 08:00",
        "place": 2,
    }
    own = agent.ask("POST", f"{shifts}/dated", once).json()
    assert (own["day"], own["weekday"], own["minutes"], own["place"]) == ("2026-12-24", None, 840, 2)
    assert problem(agent.ask("POST", f"{shifts}/dated", once | {"person": people["owner"].pk})) == "invalid"
    backwards = agent.ask("POST", f"{shifts}/dated", once | {"ends": "2026-12-24T18:00"})
    assert (problem(backwards), backwards.json()["errors"][0]["at"]) == ("invalid", "ends")
    assert len(agent.get(shifts)["items"]) == 3
    assert problem(agent.ask("DELETE", f"{shifts}/{made[0]['id']}")) == "role-too-low"
    assert agent.ask("DELETE", f"{shifts}/{own['id']}").status_code == 204
    assert manager.ask("DELETE", f"{shifts}/{made[0]['id']}").status_code == 204
    assert manager.ask("PUT", "brands/verdier/duty/patience", {"minutes": 9}).json() == {"minutes": 9}
    assert agent.get("brands/verdier/duty")["minutes"] == 9
    assert codes(verdier)[-6:] == [
        "shift_made", "shift_made", "shift_made", "shift_removed", "shift_removed", "brand_changed",
    ]  # fmt: skip


def test_programs_of_owners_settle_a_brand(verdier: House) -> None:
    owner, there = Program(verdier.people["owner"]), "brands/verdier/settings"
    told = Program(verdier.people["reader"]).get(there)
    assert told == {"name": "Maison Verdier", "sign": "", "tint": None, "language": "", "time_zone": ""}
    given = {"time_zone": "Europe/Paris", "language": "en", "sign": "mv", "tint": 3}
    made = owner.ask("PUT", there, given)
    assert made.json() == told | given | {"sign": "MV"}
    for wrong, at in (
        ({"time_zone": "Paris"}, "time_zone"), ({"language": "xx"}, "language"), ({"sign": "!"}, "sign"),
        ({"name": " "}, "name"), ({"tint": 6}, "tint"),
    ):  # fmt: skip
        answer = owner.ask("PUT", there, wrong)
        assert (problem(answer), answer.json()["errors"][0]["at"]) == ("invalid", at)
    assert owner.ask("PUT", there, {"tint": None}).json() == made.json() | {"tint": None}
    verdier.brand.refresh_from_db()
    assert (verdier.brand.name, verdier.brand.time_zone) == ("Maison Verdier", "Europe/Paris")
    manager = Program(verdier.people["manager"])
    people = "brands/verdier/figures/people"
    for method, path in (("PUT", there), ("POST", people), ("DELETE", people)):
        assert problem(manager.ask(method, path, {})) == "role-too-low"
        bare = Program(verdier.people["owner"], ["people:write"])
        assert problem(bare.ask(method, path, {})) == "scope-missing"
    assert owner.ask("POST", people).status_code == 204
    assert PeopleFigures.objects.of(verdier.brand).exists()
    assert owner.ask("DELETE", people).status_code == 204
    assert not PeopleFigures.objects.of(verdier.brand).exists()
    assert codes(verdier)[-4:-2] == ["brand_changed", "brand_changed"]
