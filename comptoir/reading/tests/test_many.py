"""Many queries at once: the same outcome as asking each of each message, whatever is added, changed or removed."""

from datetime import UTC, datetime
from itertools import batched

from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.reading.matching import Matcher
from comptoir.reading.matching.reference import matches
from comptoir.reading.query import Document, Query, parse
from comptoir.reading.tests.test_hostile import LEAVES, QUERIES, SAID, WORDS, grown

BESIDE = st.sampled_from(
    [
        *("author:nasa", "author:@nasa", 'author:"jean dupont"', "author:dup*", "author:orange"),
        *(
            "site:orange.fr",
            "site:box.orange.fr",
            "url:orange.fr/box",
            "link:b.orange.fr",
            "lang:fr",
            "lang:pt",
        ),
        *(
            "hashtag:orange",
            "hashtag:oran*",
            "mention:orange",
            "mention:abcd-*z",
            "@abcd.?b",
            "@abcd-x*",
            "title:#orange",
        ),
        *(
            "has:link",
            "has:hashtag",
            "has:mention",
            "is:share",
            "is:own",
            "type:post",
            "likes:>5",
            "likes:[2 TO 5]",
        ),
        *("country:fr", "tag:livr*", "since:2026-03", "until:2026-03", "hour:[9 TO 18]", "weekday:sun"),
        *(
            "title:orange",
            "text:réseau",
            "😡",
            "😡👍",
            '"😡 a"',
            "{l'eau}",
            '"a reseau orange"~1',
            '"res* reseau"~1',
        ),
    ]
)
"""What is asked of a message beside its words, and of signs."""
ALL = st.recursive(st.one_of(LEAVES, BESIDE), grown, max_leaves=6).map(parse)
MESSAGES = st.builds(
    Document,
    st.one_of(SAID, SAID.map(lambda said: f"{said} 👍🏽😡 https://b.orange.fr/x @abcd.xb")),
    title=SAID,
    handle=st.sampled_from([None, "@NASA", "nasa@orange.fr", "orange"]),
    name=st.sampled_from([None, "Jean Dupont", "NASA a"]),
    url=st.sampled_from(
        [None, "https://www.box.orange.fr/box", "http://orange.fr:80/", "https://blorange.fr"]
    ),
    hashtags=st.lists(WORDS, max_size=1).map(tuple),
    mentions=st.sampled_from([(), ("orange@a.b",), ("@abcd-xyz",)]),
    lang=st.sampled_from([None, "fr", "pt-BR"]),
    type=st.sampled_from([None, "post", "share"]),
    at=st.sampled_from([None, datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 5, 5, 5, tzinfo=UTC)]),
    likes=st.sampled_from([None, 3, 7]),
    tags=st.sampled_from([None, frozenset({"livraison"})]),
)
"""Messages of which more is known than their words."""


@given(ALL, MESSAGES)
@settings(max_examples=600)
def test_the_evaluator_says_what_the_reference_says(query: Query, document: Document) -> None:
    assert query.matches(document) == matches(query.root, document)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 5), st.one_of(QUERIES, ALL)),
        st.tuples(st.just("remove"), st.integers(0, 5)),
        st.tuples(st.just("match"), st.lists(MESSAGES, min_size=1, max_size=3)),
    ),
    min_size=2,
    max_size=12,
)


@given(STEPS)
@settings(max_examples=300)
def test_many_at_once_are_each_by_itself(steps: list[tuple[object, ...]]) -> None:
    matcher, held = Matcher[int](), dict[int, Query]()
    for step in [*steps, ("match", [Document("a b réseau Orange"), Document("#orange", likes=7)])]:
        match step:
            case "add", int(number), Query() as query:
                matcher.add(number, query)
                held[number] = query
            case "remove", int(number):
                matcher.remove(number)
                held.pop(number, None)
            case "match", list(documents):
                found = {id(document): set(numbers) for document, numbers in matcher.match(documents)}
                for document in documents:
                    wanted = {number for number, query in held.items() if matches(query.root, document)}
                    assert found.get(id(document), set()) == wanted
    assert len(matcher) == len(held)


def test_rare_words_are_learnt_and_queries_filed_under_them() -> None:
    matcher = Matcher[str]()
    matcher.add("rare", parse("commonest AND tulle"))
    matcher.add("either", parse('"commonest linen" OR @orange'))
    common = [Document(f"the commonest word {number}") for number in range(1_000)]
    assert all(matcher.match(batch) == [] for batch in batched(common, 50))
    assert matcher.asked < 500, "both were asked of each at first, and of none in the end"
    asked = matcher.asked
    ((_, ids),) = matcher.match([*common, Document("tulle of the commonest linen")])
    assert set(ids) == {"rare", "either"}
    assert matcher.asked == asked + 2


LATER = st.sampled_from(
    ["tulle", "tul*", "tull?", "t?lle", "#tulle", "@tulle", "author:tulle", "tull? OR lin*", '"tulle lin"']
)
"""What is asked only once its words have passed and led nowhere."""


@given(st.lists(st.tuples(st.integers(0, 2), st.none() | LATER.map(parse)), min_size=1, max_size=8))
def test_words_that_led_nowhere_lead_to_what_is_added_later(changes: list[tuple[int, Query | None]]) -> None:
    passing = [Document("Tulle lin", handle="tulle"), Document("#tulle", title="lins"), Document("x", "y")]
    matcher, held = Matcher[int](), dict[int, Query]()
    for number, query in changes:
        if query is None:
            matcher.remove(number)
            held.pop(number, None)
        else:
            matcher.add(number, query)
            held[number] = query
        wanted = [{number for number, query in held.items() if query.matches(each)} for each in passing]
        found = {id(document): set(numbers) for document, numbers in matcher.match(passing)}
        assert [found.get(id(document), set()) for document in passing] == wanted


def test_a_query_that_no_word_proposes_is_asked_of_all() -> None:
    matcher = Matcher[int]()
    matcher.add(1, parse("lang:fr has:image"))
    matcher.add(2, parse("author:nasa"))
    with_image = Document(lang="fr", has=frozenset({"image"}), handle="@NASA")
    assert matcher.match([Document("x"), with_image]) == [(with_image, [1, 2])]
    assert matcher.asked == 3
    matcher.remove(1)
    assert 1 not in matcher
    assert matcher.match([with_image]) == [(with_image, [2])]
