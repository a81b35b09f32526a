"""The texts: enough of them, each one once, short enough, and nobody real in them."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import Any

import pytest
import regex

from comptoir.connectors.rehearsal import LIMIT, lines
from comptoir.connectors.rehearsal.dice import Dice
from comptoir.connectors.rehearsal.lines import LANGUAGES, OCCASIONS, ORDINARY, Seed
from comptoir.connectors.rehearsal.plan import Plan, past_posts
from comptoir.connectors.rehearsal.scenes import compose
from comptoir.connectors.rehearsal.slots import Slots

PLAN = Plan("t", 5, ("fr", "en"), 1_760_000_000_000)
MOMENTS = (
    "thanks", "calmer", "late", "details", "angrier", "irony", "waiting", "still", "nudge", "giveup", "resolved",
    "closing", "language", "undercomment", "bait",
)  # fmt: skip

REAL_NAMES = (
    "facebook", "instagram", "whatsapp", "threads.net", "twitter", "tiktok", "snapchat", "youtube", "linkedin",
    "bluesky", "mastodon", "pinterest", "reddit", "telegram", "discord", "google", "gmail", "android", "apple",
    "iphone", "ipad", "samsung", "huawei", "xiaomi", "microsoft", "windows", "amazon", "netflix", "spotify",
    "deezer", "paypal", "visa", "mastercard", "uber", "airbnb", "booking.com", "tripadvisor", "ryanair",
    "easyjet", "lufthansa", "eurostar", "sncf", "ratp", "tgv", "ouigo", "blablacar", "flixbus", "sfr",
    "bouygues", "vodafone", "tesco", "sainsbury", "carrefour", "leclerc", "auchan", "lidl", "ikea", "mcdonald",
    "starbucks", "coca-cola", "pepsi", "nescafe", "nutella", "kleenex", "tupperware", "decathlon", "fnac",
    "darty", "zara", "nike", "adidas", "puma", "tesla", "renault", "peugeot", "citroën", "toyota", "volkswagen",
    "bitcoin", "ethereum", "dogecoin", "binance", "chatgpt", "openai", "vésuve", "vesuvius", "etna",
    "stromboli", "pompéi", "pompeii", "tintin", "asterix",
)  # fmt: skip


def seeds(language: str, files: tuple[str, ...] = ORDINARY + OCCASIONS) -> list[Seed]:
    return list(chain.from_iterable(lines.seeds(language, name) for name in files))


def everything(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in inside for text in everything(part)]


def all_texts() -> list[str]:
    names = [
        f"{language}/{name}"
        for language in LANGUAGES
        for name in (*ORDINARY, *OCCASIONS, "answers", "desk", "morning")
    ]
    return [text for name in (*names, "people", "words", "square") for text in everything(lines.read(name))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_seeds_and_each_once(language: str) -> None:
    found = [seed.text for seed in seeds(language)]
    assert len(found) >= 200
    assert [text for text, times in Counter(found).items() if times > 1] == []
    folded = Counter(re.sub(r"\W+", " ", re.sub(r"\{\w+\}", "", text)).lower() for text in found)
    assert [text for text, times in folded.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_ordinary_day_covers_what_people_write_about(language: str) -> None:
    topics = {seed.topic for seed in seeds(language, ORDINARY)}
    assert topics >= {
        "timetable", "price", "lost", "access", "animals", "bikes", "refund", "delay", "dirt", "noise", "staff",
        "machine", "app", "praise", "suggestion", "smalltalk", "press", "safety", "jobs",
    }  # fmt: skip
    for storm in ("volcano", "badbuzz"):
        assert len(seeds(language, (storm,))) >= 40
    assert len(seeds(language, ("spam",))) >= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_answers_and_every_temper_has_one_for_every_moment(language: str) -> None:
    table = lines.read(f"{language}/answers")
    assert set(table) == set(MOMENTS)
    found = everything(table)
    assert len(found) >= 60
    assert len(set(found)) == len(found)
    tempers = {temper for person in lines.people() for temper in person.temper} - {"spammer"}
    for moment in set(MOMENTS) - {"bait"}:
        assert all(lines.answers(language, moment, temper) for temper in tempers)
    assert lines.answers(language, "bait", "spammer")


def test_the_inhabitants() -> None:
    people = lines.people()
    assert len(people) >= 60
    assert len({p.handle for p in people}) == len({p.name for p in people}) == len(people)
    assert all(p.speaks in ("fr", "en", "both") and p.gender in ("f", "m", "n") for p in people)
    assert all(p.about and p.temper for p in people)
    assert all(p.outlet for p in people if "journalist" in p.temper)


def test_every_seed_has_somebody_to_say_it() -> None:
    for language in LANGUAGES:
        for seed in seeds(language):
            said = [
                p
                for p in lines.speakers(language, seed.tone, seed.gender, seed.topic)
                if p.understands(language)
            ]
            assert said or seed.gender or seed.tone == "spammer", seed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_fits_and_leaves_no_slot_open(language: str) -> None:
    for number, seed in enumerate(seeds(language)):
        for draw in range(4):
            dice = Dice(number * 10 + draw)
            message = compose("q.1", PLAN.opened, seed, past_posts(PLAN), dice, 0.5, True)
            assert len(regex.findall(r"\X", message.text)) <= LIMIT, message.text
            assert not re.search(r"[{}]", message.text), message.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_text_fits_and_leaves_no_slot_open(language: str) -> None:
    person = lines.people()[0]
    table = [
        text
        for name in ("answers", "desk", "morning")
        for text in everything(lines.read(f"{language}/{name}"))
    ]
    for number, text in enumerate(table):
        filled = text.format_map(Slots(number, language, person))
        assert len(regex.findall(r"\X", filled)) <= LIMIT, filled
        assert not re.search(r"[{}]", filled), filled


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_of_the_brand_belongs_to_something_that_is_said(language: str) -> None:
    said = seeds(language, (*ORDINARY, "comments"))
    table = lines.read(f"{language}/desk")["replies"]
    assert set(table) == {seed.topic for seed in said} | {"any"}
    for topic, rows in table.items():
        about = [seed.text for seed in said if seed.topic == topic]
        assert any(isinstance(row, str) for row in rows), topic
        for part, *answers in (row for row in rows if not isinstance(row, str)):
            assert len(answers) == 1
            assert sum(part in text for text in about) in (1, 2), part
    own = [seed for seed in said if len(lines.replies(seed)) == 1]
    assert len(own) > len(said) / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_conversations_of_several_turns(language: str) -> None:
    assert len(lines.talks(language)) >= 8
    for talk in lines.talks(language):
        assert len(talk.turns) >= 2
        assert not talk.turns[0].own
        assert not talk.turns[-1].own
        assert lines.speakers(language, talk.seed.tone, "", talk.seed.topic)


def test_nobody_and_nothing_real_is_named() -> None:
    text = "\n".join(all_texts()).lower()
    assert [name for name in REAL_NAMES if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)] == []


def test_addresses_lead_nowhere() -> None:
    text = "\n".join(all_texts())
    assert "://" not in text
    found = re.findall(r"\b[\w-]+\.(?:com|org|net|fr|io|eu|uk|example)\b", text)
    assert found
    assert all(address.endswith(".example") for address in found)


def test_french_of_the_brand_is_set_with_unbreakable_spaces() -> None:
    replies = [text for seed in seeds("fr") for text in lines.replies(seed)]
    spoken = [turn.text for talk in lines.talks("fr") for turn in talk.turns if turn.own]
    texts = [*lines.posts("fr"), *replies, *spoken, lines.poster("fr")]
    assert not [text for text in texts if re.search(r" [;:!?»]|« ", text)]
    assert any("\N{NO-BREAK SPACE}" in text for text in texts)
