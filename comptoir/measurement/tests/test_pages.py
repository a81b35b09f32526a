"""The page of figures, its files, and who sees whose."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox.models import Queue
from comptoir.inbox.tests.building import House, browser
from comptoir.measurement import counting
from comptoir.measurement.sheets import SHEETS
from comptoir.measurement.tests.building import Past, house
from comptoir.organisation.models import ApiToken, AuditEntry, Hours

pytestmark = pytest.mark.django_db
WEEK = "since=2026-03-02&until=2026-03-08"


@pytest.fixture
def verdier() -> House:
    made = house()
    for n, who in enumerate(("agent", "manager", "agent")):
        past = Past.of(made)
        past.asks(9 + n)
        past.answers(10 + 2 * n, made.people[who])
    counting.count_due()
    return made


def get(verdier: House, who: str, rest: str = f"?{WEEK}") -> Any:
    return browser(verdier.people[who]).get(f"/b/verdier/figures/{rest}")


def body(response: Any) -> str:
    return str(response.content.decode())


def sheet(verdier: House, who: str, table: str) -> list[list[str]]:
    answer = get(verdier, who, f"{table}.csv?{WEEK}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_numbers_on_top(verdier: House) -> None:
    page = body(get(verdier, "reader"))
    assert re.search(r'Response rate</h2><p class="big">100%', page)
    assert re.search(r'First response</h2><p class="big">2 h 00', page)
    assert re.search(r'Resolution</h2><p class="big">–', page)
    assert "3 answered, 0 waiting; 0 closed without an answer" in page


def test_what_a_period_makes_no_sense_of(verdier: House) -> None:
    wrong = ("days=0", "days=x", "since=yesterday", "hours=night", "channel=99", "since=0001-01-01",
             "since=2026-03-09&until=2026-03-01", "since=2020-01-01&until=2026-01-01", f"days={'9' * 20}")  # fmt: skip
    for query in wrong:
        assert get(verdier, "reader", f"?{query}").status_code == 400, query
    assert "Nothing to count yet" in body(get(verdier, "reader", "?since=2020-01-01&until=2020-01-02"))


def test_drawings_need_nothing_that_the_policy_forbids(verdier: House) -> None:
    drawings = re.findall(r"<svg class=\"chart\".*?</svg>", body(get(verdier, "reader")), flags=re.DOTALL)
    assert len(drawings) == 8
    for drawing in drawings:
        assert not re.search(r"<style|<script|\sstyle=|href|<image|\son\w+=", drawing)
        assert re.search(
            r'role="img" aria-labelledby="([\w-]+)-title \1-about"><title id="\1-title">\S', drawing
        )
        assert len(drawing) < 9_000


def test_people_are_off_until_an_owner_switches_them_on(verdier: House) -> None:
    owner = browser(verdier.people["owner"])
    assert "Each person" not in body(get(verdier, "manager"))
    assert "You alone see this" in body(get(verdier, "agent"))
    assert (
        browser(verdier.people["manager"]).post("/b/verdier/figures/people/", {"state": "on"}).status_code
        == 403
    )
    for _twice in range(2):
        assert owner.post("/b/verdier/figures/people/", {"state": "on"}).status_code == 302
    page = body(get(verdier, "manager"))
    assert "Each person" in page
    assert re.search(r'<th scope="row">Agent</th><td>2</td>', page)
    assert "Each person" not in body(get(verdier, "agent"))
    owner.post("/b/verdier/figures/people/", {"state": "off"})
    assert "Each person" not in body(get(verdier, "owner"))
    codes = AuditEntry.objects.of(verdier.brand).filter(what__startswith="people").order_by("pk")
    assert list(codes.values_list("what", flat=True)) == ["people_figures_on", "people_figures_off"]


def test_files_of_every_table(verdier: House) -> None:
    for name in SHEETS:
        rows = sheet(verdier, "reader", name)
        assert len({len(row) for row in rows}) == 1, name
    days = sheet(verdier, "reader", "days")
    assert len(days) == 8
    line = dict(zip(days[0], days[1], strict=True))
    assert (line["key"], line["messages"], line["response_rate"]) == ("2026-03-02", "3", "1.0")
    assert (line["first_response_n"], line["first_response_median_s"], line["next_response_median_s"]) == (
        "3", "7200", "",
    )  # fmt: skip
    assert get(verdier, "reader", "secrets.csv").status_code == 404


def test_files_name_nobody_else(verdier: House) -> None:
    agent = str(verdier.people["agent"].pk)
    assert [row[0] for row in sheet(verdier, "agent", "people")[1:]] == [agent]
    waits = sheet(verdier, "agent", "waits")
    assert [row[10] for row in waits[1:]] == [agent, "", agent]
    assert (waits[1][7], waits[1][13]) == ("conversation", "3600")
    assert len(sheet(verdier, "manager", "people")) == 2


def test_names_that_are_formulas_stay_words(verdier: House) -> None:
    verdier.channel.handle = "=cmd|' /C calc'!A0"
    verdier.channel.save()
    label = sheet(verdier, "reader", "channels")[1][1]
    assert label.startswith("'=")


def test_the_page_asks_little(verdier: House) -> None:
    reader, address = browser(verdier.people["reader"]), f"/b/verdier/figures/?{WEEK}"
    reader.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert reader.get(address).status_code == 200
    assert len(queries) <= 17, "\n".join(each["sql"][:120] for each in queries)


def test_what_is_still_to_be_counted_is_told(verdier: House) -> None:
    Past.of(verdier).asks(9)
    assert "1 conversation that changed is still to be counted." in body(get(verdier, "reader"))


def programs(verdier: House, who: str, query: str = WEEK, scope: str = "figures:read") -> Any:
    _token, key = ApiToken.make(verdier.people[who], "figures", [scope])
    return browser().get(
        f"/api/v1/brands/verdier/figures?{query}", headers={"Authorization": f"Bearer {key}"}
    )


def test_programs_have_the_same_figures(verdier: House) -> None:
    found = programs(verdier, "agent").json()
    assert found["total"]["first_response"] == {"n": 3, "median": 7200.0, "p90": 10080.0, "mean": 7200.0}
    assert found["total"]["response_rate"] == 1
    assert found["before"]["response_rate"] is None
    assert [line["key"] for line in found["by"]["person"]] == [verdier.people["agent"].pk]
    assert found["week"][0] == {"weekday": 1, "hour": 9, "messages": 1}
    assert programs(verdier, "agent", "channel=99").status_code == 422
    assert programs(verdier, "agent", scope="threads:read").status_code == 403


HOURS = {f"day_{n}": "9-12:30, 14h–18h" for n in range(5)} | {
    "zone": "Europe/Paris",
    "off": "2026-12-25 Noël\n2027-01-01",
}


def test_hours_are_settled_by_managers(verdier: House) -> None:
    address = "/b/verdier/hours/"
    assert "Nobody has set them yet" in body(browser(verdier.people["reader"]).get(address))
    assert browser(verdier.people["agent"]).post(address, HOURS).status_code == 403
    assert browser(verdier.people["manager"]).post(address, HOURS).status_code == 302
    own = Hours.objects.of(verdier.brand).get()
    assert own.week == [[[540, 750], [840, 1080]]] * 5 + [[], []]
    assert own.days_off == [["2026-12-25", "Noël"], ["2027-01-01", ""]]
    again = browser(verdier.people["owner"])
    assert again.post(address, HOURS).status_code == 302
    assert AuditEntry.objects.of(verdier.brand).filter(what="hours_settled").count() == 1
    page = body(again.get(address))
    assert "09:00–12:30, 14:00–18:00" in page
    assert "2026-12-25 Noël" in page


def test_further_hours_under_a_name(verdier: House) -> None:
    boss, address = browser(verdier.people["manager"]), "/b/verdier/hours/"
    given = HOURS | {"name": "La Réunion", "zone": "Indian/Reunion"}
    assert browser(verdier.people["agent"]).post(f"{address}new/", given).status_code == 403
    assert boss.post(f"{address}new/", given).status_code == 302
    assert boss.post(f"{address}new/", given).status_code == 422
    made = Hours.objects.of(verdier.brand).named().get()
    assert Hours.objects.of(verdier.brand).usual() is None
    queue = Queue.make(verdier.brand, verdier.people["owner"], name="Réunion", hours=made)
    assert "La Réunion" in body(boss.get(address))
    assert boss.post(f"{address}{made.pk}/", given | {"day_5": "9-12"}).status_code == 302
    made.refresh_from_db()
    assert made.week[5] == [[540, 720]]
    assert boss.post(f"{address}{made.pk}/removal/").status_code == 302
    queue.refresh_from_db()
    assert queue.hours is None
    assert boss.get(f"{address}{made.pk}/").status_code == 404
    told = AuditEntry.objects.of(verdier.brand).filter(what__startswith="other_hours").order_by("pk")
    assert [entry.what for entry in told] == ["other_hours_settled"] * 2 + ["other_hours_removed"]


@pytest.mark.parametrize(
    "wrong",
    [{"zone": "Paris"}, {"day_0": "9-9"}, {"day_0": "9-25"}, {"day_0": "9:70-10"}, {"day_0": "9-12, 11-13"},
     {"day_0": "?"}, {"off": "Christmas"}, {"off": "2026-02-30"}],
)  # fmt: skip
def test_hours_that_will_not_do(verdier: House, wrong: dict[str, str]) -> None:
    answer = browser(verdier.people["owner"]).post("/b/verdier/hours/", HOURS | wrong)
    assert answer.status_code == 422
    assert not Hours.objects.of(verdier.brand).exists()
