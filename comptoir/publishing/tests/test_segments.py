"""Posts are for segments: the channels that serve them are chosen, and what is missing is said before it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.kernel import clock
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry, Membership, NameTaken
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing.covering import (
    MISSING,
    NOBODY,
    NOT_FOR,
    SAID,
    UNCHOSEN,
    Said,
    cell,
    covered,
    rows_of,
)
from comptoir.publishing.models import Content, Destination, Post, Segment, SegmentGiven, Serving, Variant
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def verdier(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


def belgium(ours: House) -> Segment:
    """Read in two languages, each served by an account of its own."""
    nl, fr = channel_of(ours.brand, "vlaams"), channel_of(ours.brand, "wallon")
    given = SegmentGiven("Belgium", ("BE",), ("nl", "fr"), ((nl.pk, "nl"), (fr.pk, "fr")))
    return Segment.make(ours.brand, ours.people["manager"], given)


def post_for(ours: House, *segments: Segment, only: tuple[str, ...] = (), **words: str) -> Post:
    """In French, with translations, on the channels that serve the segments."""
    variants = [Variant(parts=["Bonjour !"])]
    variants += [Variant(language=each, parts=[said]) for each, said in words.items()]
    rows = Serving.objects.of(ours.brand).filter(segment__in=segments).select_related("channel")
    channels = {each.channel_id: each.language for each in rows if not only or each.channel.handle in only}
    content = Content("fr", variants, list(channels.items()), (), [each.pk for each in segments])
    return Post.make(ours.brand, ours.people["agent"], content)


def states(ours: House, post: Post) -> dict[tuple[str, str], tuple[str, list[str]]]:
    return {
        (each.row.segment.name, each.row.language): (each.state, [one.handle for one in each.channels])
        for each in covered(ours.brand, Said.of(post))
    }


def test_what_each_segment_has_of_a_post(verdier: House) -> None:
    be = belgium(verdier)
    alone = Segment.make(verdier.brand, verdier.people["manager"], SegmentGiven("Japan", ("JP",), ("ja",)))
    post = post_for(verdier, be, alone)
    assert states(verdier, post) == {
        ("Belgium", "nl"): (MISSING, ["vlaams"]),
        ("Belgium", "fr"): (SAID, ["wallon"]),
        ("Japan", "ja"): (NOBODY, []),
    }
    assert states(verdier, post_for(verdier, be, nl="Goedendag!"))["Belgium", "nl"] == (SAID, ["vlaams"])
    unchosen = post_for(verdier, be, only=("wallon",), nl="Goedendag!")
    assert states(verdier, unchosen)["Belgium", "nl"] == (UNCHOSEN, ["vlaams"])
    others = Said.of(post_for(verdier, alone))
    assert {cell(each, others).state for each in rows_of(verdier.brand)} == {NOT_FOR, NOBODY}


def test_words_of_a_channel_count_as_its_language_and_words_of_a_network_do_not(verdier: House) -> None:
    be = belgium(verdier)
    nl = be.serving.get(language="nl").channel
    for variant, state in ((Variant(channel=nl, parts=["Hallo"]), SAID),
                           (Variant(network="wall", parts=["Salut"]), MISSING)):  # fmt: skip
        words = [Variant(parts=["Bonjour !"]), variant]
        said = Said("fr", words, {nl.pk: "nl"}, {be.pk})
        assert covered(verdier.brand, said)[0].state == state
    only_pictures = Said("fr", [Variant(parts=[])], {nl.pk: "nl"}, {be.pk})
    assert covered(verdier.brand, only_pictures)[0].state == SAID


def test_whom_a_post_is_for_is_part_of_its_version_and_stays_where_nobody_says(verdier: House) -> None:
    be = belgium(verdier)
    post = post_for(verdier, be)
    by = verdier.people["agent"]
    same = Content("fr", [Variant(parts=["Salut !"])], [])
    assert post.rewrite(by, 1, same)
    assert [each.segment_id for each in post.aims.all()] == [be.pk]
    assert post.destinations.count() == 0
    assert post.rewrite(by, 2, Content("fr", [Variant(parts=["Salut !"])], [], (), []))
    assert (post.number, post.aims.count()) == (3, 0)


def test_managers_make_change_and_retire_segments(verdier: House) -> None:
    client, channel = browser(verdier.people["manager"]), channel_of(verdier.brand, "schweiz")
    here = "/b/verdier/segments/"
    made = client.post(f"{here}new/", {"name": "Suisse", "countries": "ch", "languages": "de, fr"})
    found = Segment.objects.of(verdier.brand).get()
    assert made["Location"] == f"{here}{found.pk}/"
    assert (found.countries, found.languages) == (["CH"], ["de", "fr"])
    given = {"name": "Suisse", "countries": "CH, LI", "languages": "de, fr", f"channel-{channel.pk}": "de"}
    assert client.post(f"{here}{found.pk}/", given).status_code == 302
    assert [(each.channel_id, each.language) for each in found.serving.all()] == [(channel.pk, "de")]
    assert "schweiz" in client.get(here).content.decode()
    for wrong in ({"countries": "XX"}, {"languages": "klingon"}, {"name": "…"}):
        assert client.post(f"{here}{found.pk}/", {**given, **wrong}).status_code == 422
    # A channel does not serve in a language that the segment no longer has.
    client.post(f"{here}{found.pk}/", {**given, "languages": "fr"})
    assert found.serving.count() == 0
    client.post(f"{here}{found.pk}/state/", {"state": "retired"})
    assert not Segment.objects.of(verdier.brand).open().exists()
    with pytest.raises(NameTaken):
        Segment.make(verdier.brand, verdier.people["manager"], SegmentGiven("Suisse", (), ("fr",)))
    codes = set(AuditEntry.objects.of(verdier.brand).values_list("what", flat=True))
    assert {"segment_made", "segment_changed", "segment_retired"} <= codes
    assert browser(verdier.people["agent"]).get(f"{here}new/").status_code == 403


def test_the_composer_chooses_who_serves_and_asks_before_something_is_missing(verdier: House) -> None:
    be, client = belgium(verdier), browser(verdier.people["agent"])
    nl = be.serving.get(language="nl").channel
    form = {
        "part-||": "Bonjour !", "language": "fr", "segment": str(be.pk), "reason": "a test",
        "day": str((clock.now() + timedelta(days=3)).date()), "hour": "09:00",
    }  # fmt: skip
    page = client.post("/b/verdier/posts/new/", {**form, "act": "serve"}).content.decode()
    assert page.count('name="channel"') == page.count(" checked><span><bdi>") == 2
    assert 'name="wording" value="nl||"' in page
    assert "Translation missing" in page
    channels = [each.channel_id for each in be.serving.all()]
    full = {
        **form,
        "channel": channels,
        f"language-{nl.pk}": "nl",
        "sure": ",".join(map(str, sorted(channels))),
    }
    asked = client.post("/b/verdier/posts/new/", {**full, "act": "schedule"})
    assert "before=schedule" in asked["Location"]
    post = Post.objects.of(verdier.brand).get()
    before = client.get(asked["Location"]).content.decode()
    assert f'name="gaps" value="{be.pk}-nl"' in before
    yes = {**full, "act": "schedule", "number": post.number, "gaps": f"{be.pk}-nl"}
    client.post(f"/b/verdier/posts/{post.pk}/", yes)
    post.refresh_from_db()
    assert post.state == Post.State.SCHEDULED
    theirs = browser(verdier.people["reader"]).get(f"/b/verdier/posts/{post.pk}/").content.decode()
    assert "Translation missing" in theirs
    listed = client.get("/b/verdier/posts/coverage/").content.decode()
    assert "/b/verdier/threads/" in listed, "the way to the other rooms"
    assert listed.count("Translation missing") == 2, "once in the table and once in the list for phones"


def test_the_map_asks_the_database_as_often_for_many_posts_as_for_one(
    verdier: House, django_assert_max_num_queries: object
) -> None:
    be, client = belgium(verdier), browser(verdier.people["reader"])
    for n in range(8):
        post = post_for(verdier, be, nl=f"Goedendag {n}")
        post.plan(
            verdier.people["agent"], (clock.now() + timedelta(days=n + 1)).date(), clock.now().time(), ""
        )
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        page = client.get("/b/verdier/posts/coverage/").content.decode()
    assert page.count("Has its text") == 8 * 2 * 2


def test_programs_make_segments_aim_posts_and_read_the_map(verdier: House) -> None:
    channel = channel_of(verdier.brand, "schweiz")
    manager, here = Program(verdier.people["manager"]), "brands/verdier/segments"
    given = {
        "name": "Suisse", "countries": ["ch"], "languages": ["de", "fr"],
        "serving": [{"channel": channel.pk, "language": "de"}],
    }  # fmt: skip
    made = manager.ask("POST", here, given)
    assert made.status_code == 201
    assert (made.json()["countries"], made.json()["serving"]) == (["CH"], given["serving"])
    for wrong in (
        {"countries": ["XX"]},
        {"languages": ["tlh"]},
        {"serving": [{"channel": channel.pk, "language": "it"}]},
    ):
        assert problem(manager.ask("POST", here, {**given, "name": "Autre", **wrong})) == "invalid"
    pk, agent = made.json()["id"], Program(verdier.people["agent"])
    assert agent.ask("POST", here, given).status_code == 403
    post = {
        "language": "de", "wordings": [{"parts": ["Grüezi"]}], "reason": "a test", "segments": [pk],
        "destinations": [{"channel": channel.pk}],
    }  # fmt: skip
    shown = agent.ask("POST", "brands/verdier/posts", post).json()
    assert shown["segments"] == [pk]
    assert problem(agent.ask("POST", "brands/verdier/posts", {**post, "segments": [pk + 1]})) == "invalid"
    Post.objects.of(verdier.brand).update(due=clock.now() + timedelta(days=1))
    cells = agent.get("brands/verdier/coverage")["items"][0]["cells"]
    assert [(each["language"], each["state"], each["channels"]) for each in cells] == [
        ("de", "said", [channel.pk]), ("fr", "nobody", []),
    ]  # fmt: skip
    retired = manager.ask("PUT", f"{here}/{pk}", {**given, "retired": True}).json()
    assert retired["retired"]
    assert agent.get("brands/verdier/coverage")["items"][0]["cells"] == []


def test_whoever_sees_some_channels_is_told_of_these(verdier: House) -> None:
    be = belgium(verdier)
    seen = channel_of(verdier.brand, "mine")
    agent = verdier.people["agent"]
    post = post_for(verdier, be)
    Destination.objects.of(verdier.brand).create(post=post, channel=seen)
    address = f"/b/verdier/posts/{post.pk}/"
    assert "None of your channels serves it" not in browser(agent).get(address).content.decode()
    Membership.objects.filter(user=agent).update(channels=[seen.pk])
    page = browser(agent).get(address).content.decode()
    assert "None of your channels serves it" in page
    assert "No channel serves it" not in page
