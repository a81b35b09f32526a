"""A cluster answered together: one reply to each, looked at first, once, whatever dies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from comptoir.inbox import jobs
from comptoir.inbox.models import Cluster, Likened, NothingToSend, Part, Release, Reply, Thread
from comptoir.inbox.models.gathered import spoken_in, waiting_in
from comptoir.inbox.models.variables import UnknownVariable
from comptoir.inbox.models.writing import hold
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.inbox.tests.test_likening import FERRY, PLACES
from comptoir.kernel import clock
from comptoir.networks import pacing
from comptoir.networks.connector import Actor, Pace
from comptoir.networks.jobs import deliver
from comptoir.networks.models import Activity, Delivery
from comptoir.organisation.models import AuditEntry

pytestmark = pytest.mark.django_db
WORDS = {"en": "Hello {{first_name}}, no ferry leaves before Thursday. Your ticket stays good."}


def ask(to: House, many: int = 6, first: int = 0, **rest: Any) -> list[Thread]:
    """So many people ask about their ferry."""
    people = [Actor(f"f{n}", f"@f{n}.example", f"Ada{n} Lovelace") for n in range(first, first + many)]
    items = [
        said(f"ask{first + n}", FERRY.format(f"{n % 24}:15", PLACES[n % 6]), 30 - n / 100, actor=who, **rest)
        for n, who in enumerate(people)
    ]
    hear(to.channel, items)
    return read(to, [item.remote_id for item in items])


def read(to: House, remote: Sequence[str]) -> list[Thread]:
    found = [Thread.objects.of(to.brand).get(entries__activity__remote_id=each) for each in remote]
    jobs.read.func(threads=[thread.pk for thread in found])
    return found


@pytest.fixture
def verdier() -> House:
    built = house()
    ask(built)
    return built


def cluster(of: House) -> Cluster:
    return Cluster.objects.of(of.brand).order_by("-size")[0]


def prepare(of: House, texts: dict[str, str] | None = None) -> Release:
    return Release.prepare(cluster(of), of.people["agent"], texts or WORDS)


def run(made: Release, again: bool = False) -> Release:
    """What the worker does with it, twice where it is looked at whether once is enough."""
    for _each in range(1 + again):
        jobs.release.func(release_id=made.pk)
    made.refresh_from_db()
    return made


def send(made: Release) -> Release:
    assert made.release(made.by)  # type: ignore[arg-type]
    return run(made, again=True)


def outcomes(made: Release) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in made.parts.filter(chosen=True).values_list("outcome", flat=True):
        found[each] = found.get(each, 0) + 1
    return found


def why(made: Release, thread: Thread) -> list[str]:
    return list(Part.objects.get(release=made, thread=thread).why)


def test_everybody_gets_one_reply_with_their_name(verdier: House) -> None:
    made = prepare(verdier)
    assert (made.state, made.parts.filter(chosen=True).count()) == ("draft", 6)
    assert not Reply.objects.exists()
    assert send(made).state == "done"
    assert outcomes(made) == {"answered": 6}
    texts = sorted(Reply.objects.values_list("delivery__text", flat=True))
    assert texts[0] == "Hello Ada0, no ferry leaves before Thursday. Your ticket stays good."
    assert len(set(texts)) == Reply.objects.count() == 6
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        for delivery in Delivery.objects.of(verdier.brand):
            deliver.func(delivery_id=delivery.pk)
    assert set(Delivery.objects.of(verdier.brand).values_list("state", flat=True)) == {"sent"}
    assert not waiting_in(cluster(verdier))
    assert not made.release(verdier.people["agent"])
    told = set(AuditEntry.objects.of(verdier.brand).values_list("what", flat=True))
    assert {"release_prepared", "released", "replied"} <= told


def test_what_speaks_against_somebody_is_found(verdier: House) -> None:
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    threads = ask(verdier, 5, first=20)
    threads[0].assign(owner, owner)
    hold(threads[1], owner)
    threads[2].pause("person", owner)
    threads[3].assign(agent, agent)
    hear(verdier.channel, [said("more", "Anybody? My son is asthmatic.", 1, by=0, in_reply_to="ask24")])
    read(verdier, ["more"])
    Activity.objects.of(verdier.brand).filter(remote_id="ask0").update(edited=clock.now())
    twice = said(
        "again", FERRY.format("9:15", "Old Mole"), 2, actor=Actor("f1", "@f1.example", "Ada1 Lovelace")
    )
    hear(verdier.channel, [twice])
    (second,) = read(verdier, ["again"])
    made = prepare(verdier)
    assert why(made, threads[0]) == ["assigned"]
    assert why(made, threads[1]) == ["locked"]
    assert why(made, threads[2]) == ["aside"]
    assert why(made, threads[3]) == []
    assert why(made, threads[4]) == ["pressing", "more"]
    assert why(made, second) == ["twice"]
    first = Thread.objects.of(verdier.brand).get(entries__activity__remote_id="ask0")
    assert why(made, first) == ["edited"]
    assert made.parts.filter(chosen=True).count() == 6
    parts = {part.thread_id: part.pk for part in made.parts.all()}
    assert made.choose(agent, parts.values(), parts.values())
    assert made.parts.get(thread=threads[0]).chosen
    assert not made.parts.filter(thread__in=[threads[1], threads[2], second], chosen=True).exists()


def test_whoever_was_not_chosen_and_whoever_came_later_gets_nothing(verdier: House) -> None:
    made = prepare(verdier)
    left = made.parts.order_by("pk")[0]
    made.choose(verdier.people["agent"], [left.pk], [])
    (late,) = ask(verdier, 1, first=50)
    send(made)
    assert Reply.objects.count() == 5
    assert not late.replies.exists()
    assert not left.thread.replies.exists()
    assert {each.thread for each in waiting_in(cluster(verdier))} == {late.pk, left.thread_id}


def test_what_happened_meanwhile_is_skipped_and_said(verdier: House) -> None:
    made = prepare(verdier)
    owner = verdier.people["owner"]
    first, second, third, fourth, fifth, _rest = (part.thread for part in made.parts.order_by("pk"))
    first.reply("I have just looked: Thursday.", owner)
    second.close(owner)
    hold(third, owner)
    hear(verdier.channel, [said("more", "Never mind, I swim.", -1, by=0, in_reply_to="ask3")])
    Activity.objects.of(verdier.brand).filter(entries__thread=fifth).update(deleted=clock.now())
    send(made)
    assert outcomes(made) == {
        "meanwhile": 1, "closed": 1, "locked": 1, "changed": 1, "gone": 1, "answered": 1,
    }  # fmt: skip
    assert [first.replies.count(), fourth.replies.count()] == [1, 0]


def test_two_releases_at_once_answer_everybody_once(verdier: House) -> None:
    one = prepare(verdier)
    other = Release.prepare(cluster(verdier), verdier.people["owner"], WORDS)
    send(one)
    send(other)
    assert outcomes(other) == {"meanwhile": 6}
    assert Reply.objects.count() == 6


def test_a_worker_that_dies_is_followed_by_another_and_nobody_is_answered_twice(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Release, "AT_ONCE", 2)
    given = Thread.reply
    seen: list[int] = []

    def dies(thread: Thread, *words: Any, **more: Any) -> Reply:
        seen.append(thread.pk)
        if len(seen) == 4:
            given(thread, *words, **more)
            raise SystemExit
        return given(thread, *words, **more)

    made = prepare(verdier)
    made.release(verdier.people["agent"])
    monkeypatch.setattr(Thread, "reply", dies)
    with pytest.raises(SystemExit):
        jobs.release.func(release_id=made.pk)
    made.refresh_from_db()
    assert (made.state, made.done, Reply.objects.count()) == ("running", 2, 2)
    monkeypatch.setattr(Thread, "reply", given)
    assert run(made, again=True).state == "done"
    assert outcomes(made) == {"answered": 6}
    assert Reply.objects.values("thread").distinct().count() == Reply.objects.count() == 6


def test_it_is_stopped_and_what_has_not_left_does_not_leave(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = send(prepare(verdier))
    gone = Delivery.objects.of(verdier.brand).order_by("pk")[0]
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        deliver.func(delivery_id=gone.pk)
    assert made.stop(verdier.people["owner"])
    assert run(made, again=True).state == "stopped"
    assert outcomes(made) == {"answered": 1, "undone": 5}
    assert len(waiting_in(cluster(verdier))) == 5
    assert not made.stop(verdier.people["owner"])


def test_one_that_is_stopped_in_the_middle_answers_nobody_more(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Release, "AT_ONCE", 2)
    made = prepare(verdier)
    given = Thread.reply

    def stops(thread: Thread, *words: Any, **more: Any) -> Reply:
        reply = given(thread, *words, **more)
        if Reply.objects.count() == 2:
            Release.objects.of(verdier.brand).get(pk=made.pk).stop(verdier.people["owner"])
        return reply

    monkeypatch.setattr(Thread, "reply", stops)
    made.release(verdier.people["agent"])
    jobs.release.func(release_id=made.pk)
    assert Reply.objects.count() == 2
    assert run(made).state == "stopped"
    assert set(Delivery.objects.of(verdier.brand).values_list("state", flat=True)) == {"withdrawn"}


def test_the_networks_pace_is_kept_with_what_left_already(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = timedelta(hours=1)
    monkeypatch.setattr(pacing, "paces_of", lambda channel: (Pace(5, hour),))
    ask(verdier, 4, first=30)
    made = send(prepare(verdier))
    assert outcomes(made) == {"answered": 10}
    times = sorted(Delivery.objects.of(verdier.brand).values_list("not_before", flat=True))
    nearly = hour - timedelta(seconds=1)
    assert all(later - earlier >= nearly for earlier, later in zip(times, times[4:], strict=False))
    assert times[-1] - times[0] < 3 * hour
    (late,) = ask(verdier, 1, first=60)
    send(prepare(verdier))
    assert late.replies.get().delivery.not_before >= times[-4] + nearly


def test_words_that_cannot_be_filled_or_do_not_fit_are_told(verdier: House) -> None:
    with pytest.raises(UnknownVariable):
        prepare(verdier, {"en": "Hello {{nonsense}}"})
    with pytest.raises(NothingToSend):
        prepare(verdier, {"en": "   "})
    made = prepare(verdier, {"en": "word " * 80})
    assert {each for part in made.parts.all() for each in part.why} >= {"long"}
    with pytest.raises(NothingToSend):
        made.release(verdier.people["agent"])


def test_a_question_counts_as_long_as_its_link_will_be(verdier: House) -> None:
    fits = "x" * 280
    assert not prepare(verdier, {"en": fits}).parts.filter(why__contains=["long"]).exists()
    asked = prepare(verdier, {"en": f"{fits} {{{{survey}}}}"})
    assert asked.parts.filter(why__contains=["long"]).count() == 6


def test_whoever_released_and_left_answers_nobody_more(verdier: House) -> None:
    made = prepare(verdier)
    made.release(verdier.people["agent"])
    verdier.brand.dismiss(verdier.people["agent"], verdier.people["owner"])
    run(made)
    assert outcomes(made) == {"left": 6}


def test_each_is_answered_in_their_language(verdier: House) -> None:
    french = (
        "Bonjour, où en est le bac de {}h40 ? Je suis à {} et il n'y a aucune information sur les panneaux."
    )
    people = [Actor(f"g{n}", f"@g{n}.example", f"Zoé{n}") for n in range(4)]
    items = [said(f"fr{n}", french.format(n + 6, PLACES[n]), actor=people[n]) for n in range(4)]
    hear(verdier.channel, items)
    read(verdier, [item.remote_id for item in items])
    theirs = Likened.objects.get(thread__entries__activity__remote_id="fr0").cluster
    assert spoken_in(waiting_in(theirs), verdier.brand) == ["fr"]
    made = Release.prepare(theirs, verdier.people["agent"], {"fr": "Bonjour {{first_name}}, jeudi.", **WORDS})
    send(made)
    assert Reply.objects.filter(delivery__text__startswith="Bonjour Zoé").count() == 4
