"""People answer back: when, in what mood, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.rehearsal import lines
from comptoir.connectors.rehearsal.dice import Dice
from comptoir.connectors.rehearsal.feelings import QUICK, VERY_LATE, react
from comptoir.connectors.rehearsal.lines import Person
from comptoir.connectors.rehearsal.manner import language, likeness, manner
from comptoir.connectors.rehearsal.tests.acting import OPENED, Stage
from comptoir.connectors.rehearsal.traces import trace
from comptoir.networks.connector import OPENING, Activity, Kind, Said

ANGRY = Person("A", "a", "", "both", "f", ("furious",), 1, "")
CALM = Person("C", "c", "", "both", "m", ("polite",), 1, "")
KIND_FR = "Bonjour, toutes nos excuses, le tram de ce matin était en panne. Voici le justificatif."
KIND_EN = "Hello, we're so sorry about this morning. The note is waiting for you at the window."


def moments(person: Person, mood: int, text: str, waited: int, turn: int = 0) -> set[str]:
    how = manner(text, False)
    return {react(person, mood, turn, how, waited, False, Dice(n)).moment for n in range(80)} - {""}


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (KIND_FR, "warm"), (KIND_EN, "warm"), ("Non.", "curt"), ("No.", "curt"),
        ("Votre demande a bien été prise en compte par nos services.", "form"),
        ("Dear valued customer, your feedback is important to us.", "form"),
        ("À quelle heure était-ce ?", "asks"), ("What time was it?", "asks"),
        ("Je regarde et je reviens vers vous.", "promises"), ("I'm looking into it.", "promises"),
        ("Ce n’est pas notre problème.", "rude"), ("Calm down, it is only a tram.", "rude"),
    ],
)  # fmt: skip
def test_words_are_taken_as_people_take_them(text: str, sign: str) -> None:
    assert getattr(manner(text, False), sign)


def test_a_short_thank_you_is_not_curt_and_a_kind_word_is_not_a_form() -> None:
    assert not manner("Merci !", False).curt
    assert not manner(KIND_FR, False).form
    assert manner(KIND_FR, True).form


def test_the_language_of_an_answer() -> None:
    assert language(KIND_FR) == "fr"
    assert language(KIND_EN) == "en"
    assert language("Tram 4") == ""


def test_likeness_sees_through_names_and_numbers() -> None:
    one = likeness("Bonjour Marthe, votre dossier BC-12 est bien arrivé et nous le lisons.")
    assert one
    assert one == likeness("Bonjour Odilon, votre dossier BC-99 est bien arrivé, et nous le lisons !")
    assert one != likeness("Bonjour Odilon, votre vélo est bien arrivé et nous le lavons.")
    assert likeness("Merci !") == ""


def test_a_kind_and_quick_answer_calms_and_a_curt_one_angers() -> None:
    assert moments(ANGRY, -3, KIND_EN, QUICK // 2) <= {"calmer", "resolved"}
    assert moments(ANGRY, -2, "No.", QUICK // 2) == {"angrier"}
    assert moments(CALM, 0, KIND_EN, QUICK // 2) == {"thanks"}
    assert moments(CALM, 0, "Votre demande est prise en compte.", QUICK // 2) == {"irony"}
    assert moments(CALM, 0, "Hello, when was that, and where?", QUICK // 2) == {"details"}
    assert moments(CALM, 0, KIND_EN, VERY_LATE * 2) == {"late"}
    assert moments(ANGRY, -3, "The tram of this morning had broken down at the mole.", VERY_LATE * 2) == {
        "late"
    }


def test_moods_move_the_right_way() -> None:
    def mood(text: str, waited: int) -> int:
        return react(ANGRY, -2, 0, manner(text, False), waited, False, Dice(1)).mood

    assert mood(KIND_EN, QUICK // 2) > mood(KIND_EN, VERY_LATE * 2) > mood("Not our problem.", VERY_LATE * 2)
    assert mood("No.", QUICK // 2) <= -2


def test_somebody_who_does_not_read_a_language_says_so() -> None:
    french = Person("F", "f", "", "fr", "f", ("elderly",), 1, "")
    assert moments(french, 0, KIND_EN, 1_000) == {"language"}
    assert moments(CALM, 0, KIND_EN, 1_000) == {"thanks"}


@given(
    st.integers(-3, 3),
    st.integers(0, 9),
    st.text(max_size=400),
    st.integers(0, 10**10),
    st.integers(0, 2**63),
)
def test_any_answer_has_a_reaction(mood: int, turn: int, text: str, waited: int, seed: int) -> None:
    what = react(ANGRY, mood, turn, manner(text, False), waited, True, Dice(seed))
    assert -3 <= what.mood <= 3
    assert what.moment == "" or lines.answers("fr", what.moment, "furious")


@given(
    st.text(max_size=60)
    | st.from_regex(r"[a-z][0-9a-z]{0,6}\.\d{1,9}(~\d[a-g][0-9a-f]{1,12}-[a-z0-9]+)?", fullmatch=True)
)
def test_a_path_is_read_or_it_is_nobodys(path: str) -> None:
    found = trace(path)
    if found:
        assert trace(found.path) == found


def after(item: Activity) -> float:
    return (item.published - OPENED).total_seconds()


def answer_all(stage: Stage, text: dict[str, str], until: float = 900) -> list[Activity]:
    messages = [item for item in stage.spoken(until) if item.text]
    for number, item in enumerate(messages):
        # Each in other words, for nobody likes a form letter.
        stage.say(
            item,
            f"{text[item.language]} {'abcdefghij'[number % 10] * (number // 10 + 1)} ok",
            after(item) + 20,
        )
    return messages


def test_people_answer_back_within_a_minute_in_their_own_conversation() -> None:
    stage = Stage("back")
    messages = {item.remote_id: item for item in answer_all(stage, {"fr": KIND_FR, "en": KIND_EN})}
    said = {one.remote_id: one for one in stage.said}
    back = [item for item in stage.back(1_000) if item.kind in OPENING]
    assert 0.4 * len(messages) < len(back) <= len(messages)
    for item in back:
        one = said[item.in_reply_to]
        first = messages[one.in_reply_to]
        assert timedelta(seconds=3) < item.published - one.at <= timedelta(seconds=41)
        assert item.actor == first.actor
        assert item.language == first.language
        assert item.conversation == (first.conversation or first.remote_id)
    likes = [item for item in stage.watch([1_000]) if item.kind is Kind.LIKE and item.about in said]
    assert likes


def test_conversations_end() -> None:
    stage = Stage("end")
    answer_all(stage, {"fr": KIND_FR, "en": KIND_EN}, 300)
    told: set[str] = set()
    for number in range(12):
        back = [item for item in stage.back(2_000) if item.remote_id not in told and item.kind in OPENING]
        if not back:
            break
        told |= {item.remote_id for item in back}
        for item in back:
            stage.say(item, f"Bonjour and hello, merci and thanks, {'x' * number} again.", after(item) + 10)
    else:
        pytest.fail("they never stopped talking")


def test_the_same_words_to_everybody_are_noticed() -> None:
    stage = Stage("form")
    messages = stage.spoken(1_200)[:14]
    text = "Hello, bonjour, we have read your message with care and shall think about it, merci."
    for item in messages:
        stage.say(item, text, after(item) + 15)
    said = {one.remote_id: one.in_reply_to for one in stage.said}
    irony = {text for lang in ("fr", "en") for text in _all(lines.read(f"{lang}/answers")["irony"])}
    ironic = {said[item.in_reply_to] for item in stage.back(1_300) if _like_one_of(item.text, irony)}
    assert messages[0].remote_id not in ironic
    assert len(ironic) > 5


def test_a_promise_that_is_not_kept_is_asked_after_and_one_that_is_kept_is_not() -> None:
    text = {
        "fr": "Bonjour, je regarde et je reviens vers vous.",
        "en": "Hello, I'm looking into it and will get back to you.",
    }
    stage = Stage("promise")
    answer_all(stage, text, 600)
    asked = [item for item in stage.back(1_800) if "-w" in item.remote_id]
    assert len(asked) > 5
    by_id = {one.remote_id: one for one in stage.said}
    for item in asked:
        one = by_id[item.in_reply_to]
        stage.said.append(
            Said(f"{one.remote_id}k", one.in_reply_to, f"{KIND_FR} {KIND_EN}", one.at + timedelta(minutes=3))
        )
    again = {item.in_reply_to for item in stage.back(1_800) if "-w" in item.remote_id}
    assert not again & {item.in_reply_to for item in asked}


def test_a_post_draws_comments_likes_and_reposts_and_the_comments_can_be_answered() -> None:
    stage = Stage("post")
    post = stage.say(None, "Bonjour, the winter timetable is here.", 100)
    items = stage.watch([1_200])
    comments = [item for item in items if item.in_reply_to == post.remote_id]
    assert comments
    assert all(item.kind is Kind.COMMENT for item in comments)
    assert {item.kind for item in items if item.about == post.remote_id} & {Kind.LIKE, Kind.REPOST}
    for number, item in enumerate(comments):
        stage.say(item, f"{KIND_FR if item.language == 'fr' else KIND_EN} {'y' * number}", after(item) + 30)
    answered = {one.remote_id: one.in_reply_to for one in stage.said if one.in_reply_to}
    back = [item for item in stage.watch([2_000]) if item.in_reply_to in answered]
    by_id = {item.remote_id: item for item in comments}
    assert back
    for item in back:
        first = by_id[answered[item.in_reply_to]]
        assert (item.conversation, item.actor) == (first.conversation, first.actor)


def test_what_the_town_never_said_has_no_answer() -> None:
    stage = Stage("strange")
    base = f"rehearsal:{stage.settings['town']}/"
    for number, path in enumerate(
        [
            "",
            "q.999999999",
            "h.150",
            "d9.1",
            "b.3",
            "p.1",
            "czx1.0",
            "cffffffffffffx1.1",
            "q.1~9g0-a",
            "@bacetcable",
            "x",
        ]
    ):
        stage.said.append(Said(f"{base}s.{number}", base + path, KIND_EN, OPENED + timedelta(seconds=number)))
    stage.said.append(Said("elsewhere", "elsewhere", KIND_EN, OPENED))
    calm = {item.remote_id for item in Stage("strange").watch([300])}
    assert calm <= {item.remote_id for item in stage.watch([300])}


def _all(table: dict[str, list[str]]) -> list[str]:
    return [text for texts in table.values() for text in texts]


def _like_one_of(text: str, seeds: Any) -> bool:
    return any(text[:18] == seed[:18] for seed in seeds)
