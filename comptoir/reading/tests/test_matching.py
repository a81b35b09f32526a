"""What matches what, and where it shows."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comptoir.reading.query import Document, parse

POSTS = (
    "I fell off my bicycle last time. My helmet saved me.",
    "A bicycle without a helmet? Not me.",
    "Helmets, shoe covers and gloves for bicycles.",
    "My bicycle, my helmet and my new shoes: ready!",
    "Third time this week that my bicycle has a flat tyre.",
)


def matches(query: str, text: str, **known: Any) -> bool:
    """Whether a query matches a message."""
    return parse(query).matches(Document(text, **known))


def shown(query: str, text: str, **known: Any) -> list[str]:
    """What a query shows of a text."""
    return [text[start:end] for start, end in parse(query).spans(Document(text, **known))]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ('"bicycle" AND ("shoes" OR "time")', {1, 4, 5}),
        ('"bicycle" AND "helmet" NOT "shoes"', {1, 2}),
        ("bicycle*", {1, 2, 3, 4, 5}),
        ("helmets", {3}),
        ("bicycle -helmet", {5}),
        ("NOT bicycle helmets", {3}),
    ],
)
def test_five_posts(query: str, hits: set[int]) -> None:
    assert {number for number, text in enumerate(POSTS, 1) if matches(query, text)} == hits


@pytest.mark.parametrize(
    ("query", "yes", "no"),
    [
        # Case and accents.
        ("orange", ["Orange", "ORANGE!"], ["oranges", "orang"]),
        ("reseau", ["reseau", "RÉSEAU", "Re\u0301seau"], ["reseaux"]),
        ("réseau", ["réseau", "RÉSEAU", "re\u0301seau"], ["reseau", "rèseau"]),
        ("re\u0301seau", ["réseau"], ["reseau"]),
        ("coeur", ["cœur", "Cœur", "coeur"], ["cour"]),
        ("strasse", ["Straße", "STRASSE"], []),
        ("{Orange}", ["Orange", "l'Orange."], ["orange", "ORANGE", "Oranges"]),
        ("{Été}", ["Été", "E\u0301te\u0301"], ["Ete", "été"]),
        ("{Google+}", ["on Google+!"], ["Google", "google+", "Google +"]),
        ("{.NET}", ["in .NET 9"], ["NET", ".Net"]),
        ("{La Poste}", ["à La\nPoste"], ["la Poste", "La bonne Poste"]),
        # Signs between words.
        (
            "orange",
            ["l'orange", "l’orange", "d'Orange", "orange-mécanique", "(orange)", "or\u00adange"],
            ["lorange"],
        ),
        ("l'orange", ["l’orange", "l orange"], ["orange", "orange l"]),
        ("coca-cola", ["Coca Cola", "coca-cola"], ["cocacola", "cola coca"]),
        ("Netflix's", ["netflix’s"], ["netflix"]),
        ("orange", ["http://x.fr orange"], ["https://orange.fr/orange"]),
        ("carsharing~", ["carsharing", "car sharing", "Car-Sharing"], ["car my sharing", "sharing car"]),
        ("car-sharing~", ["carsharing", "car sharing"], ["car"]),
        ("été~", ["été"], ["ete", "e te"]),
        # Tags and names.
        ("orange", ["#orange", "@orange", "$orange", "#Orange_France"], ["#orangefr"]),
        (
            "#orange",
            ["#Orange", "(#orange)", "＃orange"],
            ["orange", "#oranges", "#orange_france", "x#orange"],
        ),
        ("#été", ["#Été"], ["#ete"]),
        ("#ete", ["#été"], []),
        ("#orang*", ["#oranges"], ["orange", "@orange"]),
        ("@orange_france", ["@Orange_France:"], ["Orange_France", "@orange", "a@orange_france"]),
        ("@nasa", ["@nasa@mastodon.social hello"], ["@nasa.gov"]),
        ("@nasa@mastodon.social", ["@nasa@mastodon.social"], ["@nasa"]),
        ("$aapl", ["$AAPL up"], ["aapl"]),
        ("#東京", ["#東京"], ["東京"]),
        # Wildcards.
        ("fact*", ["fact", "facture", "Factures"], ["fac", "refacture"]),
        ("fac*re", ["facture", "facre"], ["factures"]),
        ("organi?ation", ["organisation", "organization"], ["organiation", "organissation"]),
        ("réseau*", ["réseaux"], ["reseaux"]),
        ('"apple orchard*"', ["apple orchards"], ["apple pie orchard"]),
        # Phrases.
        ('"code orange"', ["Code: orange"], ["orange code", "code très orange", "code"]),
        ('"a b"~1', ["a x b", "b a"], ["a x y b", "a"]),
        ('"a b c"~1', ["c b x a"], ["a x b y c"]),
        ('"a a"~2', ["a x a"], ["a"]),
        ('"abc* abcd"~1', ["abcd abce", "abce abcd", "abce x abcd"], ["abcd x", "abce abce"]),
        ('"Michel & Augustin"', ["Michel & Augustin", "Michel Augustin"], ["Michel et Augustin"]),
        # Emoji and ideographs.
        ("😡", ["non 😡", "😡😡"], ["😀"]),
        ("👍", ["👍🏽", "👍"], []),
        ("👍🏽", ["👍🏽"], ["👍"]),
        ("❤", ["❤️"], []),
        ("東京", ["東京タワー"], ["京東", "東の京"]),
        # Near.
        ("a NEAR/1 b", ["a b", "a x b", "b x a"], ["a x y b", "a", "ab"]),
        ("a NEAR/0 b", ["a, b", "b a"], ["a x b"]),
        ("a NEAR b", ["a 1 2 3 4 5 b"], ["a 1 2 3 4 5 6 b"]),
        ("a ONEAR/1 b", ["a b", "a x b"], ["b a", "a x y b"]),
        ("a NEAR/1 a", ["a x a"], ["a"]),
        ('("x y" OR z) NEAR/1 b', ["x y 1 b", "b z"], ["x b", "y b", "x y 1 2 b"]),
        ('(x OR "x y") NEAR/1 y', ["x y", "x y y"], []),
        ("a NEAR/1 b NEAR/1 c", ["a b c", "c x a x b", "a x b x c"], ["a x b x y c", "a c"]),
        ("a ONEAR/5 (b NEAR/1 c)", ["a x c b"], ["c b a", "a b x y c"]),
        ("#a NEAR/1 @b", ["#a x @b"], ["a @b"]),
        # Logic.
        ("a (b OR c) -d", ["a b", "c a"], ["a", "b c", "a b d"]),
        ("a NOT (b c)", ["a b", "a"], ["c b a"]),
        ("a OR b OR cde* OR d-e OR é", ["A", "b", "cdefg", "d e", "é"], ["e d", "f"]),
    ],
)
def test_words(query: str, yes: list[str], no: list[str]) -> None:
    assert [text for text in yes if not matches(query, text)] == []
    assert [text for text in no if matches(query, text)] == []


def test_a_sign_that_stands_for_a_phrase_is_one_word() -> None:
    """Its key has blanks in it, and no word begins behind one."""
    assert matches("صلى*", "قال ﷺ")
    assert not matches("وسلم*", "قال ﷺ")


def test_title_and_text() -> None:
    both = {"title": "Panne de fibre", "text": "Rien ne va"}
    assert matches("panne rien", **both)
    assert matches("title:panne text:rien", **both)
    assert not matches("text:panne", **both)
    assert not matches("title:rien", **both)
    assert matches("title:(panne NEAR/1 fibre) title:{Panne} title:pann*", **both)
    assert not matches("title:(fibre AND rien)", **both)
    assert not matches("fibre NEAR/20 rien", **both), "nothing in the title is near what the text begins with"
    assert not matches('"fibre rien"~20', **both)
    assert matches("title:#a", "", title="#a")
    assert not matches("title:#a", "#a")


NOON = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "known"),
    [
        ("author:nasa", {"handle": "@NASA"}),
        ("author:@nasa", {"handle": "nasa@mastodon.social"}),
        ('author:"jean dupont"', {"name": "Jean Dupont-Moretti"}),
        ("author:dup*", {"name": "Jean Dupont"}),
        ("mention:orange", {"text": "merci @Orange"}),
        ("mention:@orange", {"mentions": ("Orange",)}),
        ("@orange", {"mentions": ("@orange@piaille.fr",)}),
        ("hashtag:fibre", {"text": "#Fibre"}),
        ("#fibre", {"hashtags": ("Fibre",)}),
        ("hashtag:(a OR fib*)", {"hashtags": ("#Fibre",)}),
        ("site:orange.fr", {"url": "https://www.orange.fr/box"}),
        ("site:www.orange.fr", {"url": "https://assistance.orange.fr:8080/"}),
        ("url:orange.fr/box", {"url": "https://www.orange.fr/Box?a"}),
        ("url:orange.fr*a", {"url": "https://www.orange.fr/Box?a"}),
        ('link:"https://orange.fr"', {"text": "voir http://www.orange.fr/x."}),
        ("link:orange.fr", {"links": ("https://orange.fr",)}),
        ("lang:fr", {"lang": "FR"}),
        ("lang:pt", {"lang": "pt-BR"}),
        ("lang:pt", {"lang": "pt_BR"}),
        ('country:"united states"', {"country": "United States"}),
        ("region:bretagne", {"region": "Bretagne"}),
        ("city:(paris OR orleans)", {"city": "Orléans"}),
        ("network:blue*", {"network": "bluefish"}),
        ("channel:@orange_fr", {"channel": "@Orange_FR"}),
        ("type:dm", {"type": "dm"}),
        ("sentiment:(negative OR neutral)", {"sentiment": "neutral"}),
        ("rating:[3 TO 5]", {"rating": 3}),
        ("rating:4", {"rating": 4.0}),
        ("rating:>3.5", {"rating": 4}),
        ("followers:>=10k", {"followers": 10_000}),
        ("engagement:<5", {"engagement": 0}),
        ("likes:<=5", {"likes": 5}),
        ("shares:[* TO 5]", {"shares": 0}),
        ("comments:[5 TO *]", {"comments": 1_000_000}),
        ("reach:1m", {"reach": 1_000_000}),
        ("has:image", {"has": frozenset({"image"})}),
        ("has:(video OR images)", {"has": frozenset({"image"})}),
        ("has:link", {"text": "https://orange.fr"}),
        ("has:hashtag", {"text": "#a"}),
        ("has:mention", {"mentions": ("a",)}),
        ("is:verified", {"is_": frozenset({"verified", "own"})}),
        ("is:reply", {"type": "reply"}),
        ("list:vip", {"lists": frozenset({"VIP", "press"})}),
        ('tag:"à suivre"', {"tags": frozenset({"À suivre"})}),
        ("tag:livr*", {"tags": frozenset({"livraison"})}),
        ("queue:presse", {"queue": "Presse"}),
        ("priority:high", {"priority": "high"}),
        ("status:open", {"state": "open"}),
        ("assignee:marie", {"assignee": "Marie"}),
        ("since:2026-03-01", {"at": NOON}),
        ("since:2026-03-01T12:30", {"at": NOON}),
        ("until:2026-03-01", {"at": NOON}),
        ("until:2026-03", {"at": NOON}),
        ("until:2026", {"at": NOON}),
        ("until:2026-03-01T12:30", {"at": NOON + timedelta(seconds=59)}),
        ("hour:[12 TO 13]", {"at": NOON}),
        ("weekday:sun", {"at": NOON}),
    ],
)
def test_fields_hold_of_what_is_known_and_of_nothing_else(query: str, known: dict[str, Any]) -> None:
    assert parse(query).matches(Document(**known))
    assert not parse(query).matches(Document())
    assert parse(f"x AND NOT {query}").matches(Document("x"))
    assert not parse(f"x AND NOT {query}").matches(
        Document(**{**known, "text": f"{known.get('text', '')} x"})
    )


@pytest.mark.parametrize(
    ("query", "known"),
    [
        ("author:nasa", {"handle": "nasa_fan", "name": "Nasal"}),
        ("mention:orange", {"text": "orange #orange"}),
        ("hashtag:orange", {"text": "orange @orange"}),
        ("site:orange.fr", {"url": "https://blorange.fr/orange.fr"}),
        ("site:orange.fr", {"url": "https://[bad", "text": "https://orange.fr"}),
        ("url:orange.fr", {"text": "https://orange.fr"}),
        ("link:orange.fr", {"url": "https://orange.fr"}),
        ("lang:pt", {"lang": "ptx"}),
        ("lang:pt-br", {"lang": "pt"}),
        ("rating:>3", {"rating": float("nan")}),
        ("has:link", {"text": "#a @b"}),
        ("is:reply", {"type": "post", "is_": frozenset({"own"})}),
        ("until:2026-02", {"at": NOON}),
        ("until:2026-03-01T12:29", {"at": NOON}),
        ("since:2026-03-02", {"at": NOON}),
        ("since:2027", {"at": NOON}),
        ("hour:11", {"at": NOON}),
        ("weekday:mon", {"at": NOON}),
    ],
)
def test_fields_that_do_not_hold(query: str, known: dict[str, Any]) -> None:
    assert not parse(query).matches(Document(**known))


def test_days_and_hours_are_those_of_the_zone() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    paris = Document("x", at=late, zone=ZoneInfo("Europe/Paris"))
    assert parse("hour:0 weekday:wed since:2026-07-01").matches(paris)
    assert parse("hour:22 weekday:tue until:2026-06-30").matches(Document("x", at=late))


@pytest.mark.parametrize("at", [datetime.max, datetime.min, datetime.max.replace(tzinfo=UTC)])
def test_times_at_the_end_of_the_calendar(at: datetime) -> None:
    query = parse("since:0001 until:9999-12-31 hour:[0 TO 23]")
    assert query.matches(Document(at=at.replace(tzinfo=None)))
    if at.tzinfo:
        assert not query.matches(Document(at=at, zone=timezone(timedelta(hours=5)))), "no clock shows it"


@pytest.mark.parametrize(
    ("query", "text", "parts"),
    [
        ("orange OR box", "L'Orange, la box et #orange", ["Orange", "box", "orange"]),
        ("#orange", "x #orange", ["orange"]),
        ("orange -box", "orange box", []),
        ("orange NOT (jus NOT box)", "orange jus box", ["orange"]),
        ('"code orange" OR orange', "code orange", ["code orange"]),
        ("a NEAR/1 b", "a x b y y y a", ["a", "b"]),
        ('"a b"~1', "a a x b", ["a", "b"]),
        ("(a NEAR/0 b) OR c", "a x b c", ["c"]),
        ("text:a", "a b", ["a"]),
        ("a lang:fr", "a fr", ["a"]),
        ("hashtag:a", "a #a", ["a"]),
        ("été", "e\u0301te\u0301 été", ["e\u0301te\u0301", "été"]),
        ("carsharing~", "le car-sharing", ["car-sharing"]),
        ("{C++}", "en C++ !", ["C"]),
    ],
)
def test_what_is_shown(query: str, text: str, parts: list[str]) -> None:
    assert shown(query, text, lang="fr") == parts


def test_the_title_has_spans_of_its_own() -> None:
    query, document = parse("panne"), Document("une panne", title="Panne !")
    assert query.spans(document) == ((4, 9),)
    assert query.spans(document, title=True) == ((0, 5),)


def test_what_an_index_has_to_look_for() -> None:
    def needs(text: str) -> list[set[str]]:
        return [set(clause) for clause in parse(text).needs()]

    assert needs('orange (réseau OR fact* OR "ne marche") -jus') == [
        {"orange"},
        {"reseau", "fact*", "marche"},
    ]
    assert needs("a NEAR/3 (b OR c)") == [{"a"}, {"b", "c"}]
    assert needs("#jeu_concours title:coeur {Orange}") == [
        {"jeu"},
        {"concours"},
        {"coeur", "cœur"},
        {"orange"},
    ]
    assert needs("a OR lang:fr") == []
    assert needs("😡 is:own since:2026") == []
    assert needs("NOT a b") == [{"b"}]
    assert needs("hashtag:jeu mention:c-d") == [{"jeu"}, {"c"}, {"d"}]
    assert needs("@abcd.?b") == [{"abcd"}], "behind a wildcard no word is sure to begin"


def test_what_a_field_has_to_be() -> None:
    def among(text: str) -> set[str] | None:
        found = parse(text).among("lang")
        return None if found is None else set(found)

    assert among("orange lang:fr -jus") == {"fr"}
    assert among("orange lang:(fr OR pt-BR)") == {"fr", "pt-BR"}
    assert among("(a lang:fr) OR (b lang:en)") == {"fr", "en"}
    assert among("a OR lang:fr") is None
    assert among("a NOT lang:fr") is None
    assert among("a sentiment:negative") is None


def test_the_words_of_a_message_are_what_an_index_holds() -> None:
    document = Document("L'Été, https://x.fr #Jeu_Concours", title="Cœur", mentions=("@a.b",))
    assert document.words == {"l", "ete", "jeu", "concours", "coeur", "a", "b"}


def test_what_comes_after_the_first_hundred_thousand_characters_is_not_read() -> None:
    assert matches("b", "a " * 49_999 + "b")
    assert not matches("b", "a " * 50_000 + "b")
