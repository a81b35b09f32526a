"""Tags on threads, and searches kept as views."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from comptoir.inbox.models import Tag, Tagging, View, sorting
from comptoir.inbox.tests.building import HTMX, House, at_once, browser, hear, house, said
from comptoir.organisation.models import AuditEntry

pytestmark = pytest.mark.django_db
VIEWS = "/b/verdier/views/"


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m0", minutes_ago=30)])
    return made


def body(response: Any) -> str:
    return unescape(str(response.content.decode()))


def tag(verdier: House, name: str, who: str = "agent", **more: str) -> Any:
    url = verdier.url(f"{verdier.thread().pk}/tags/")
    return browser(verdier.people[who]).post(url, {"name": name, **more}, **HTMX)


def on(verdier: House) -> list[str]:
    return sorted(Tagging.objects.filter(thread=verdier.thread()).values_list("tag__name", flat=True))


def test_tags_are_put_on_and_taken_off(verdier: House) -> None:
    assert "Tagged Refund." in body(tag(verdier, "Refund"))
    tag(verdier, "#refund")
    tag(verdier, " Vol  annulé ")
    assert on(verdier) == ["Refund", "Vol annulé"]
    page = body(browser(verdier.people["reader"]).get(verdier.url(f"{verdier.thread().pk}/")))
    assert "Vol annulé</a>" in page
    assert "The tag Refund is off." in body(tag(verdier, "REFUND", state="off"))
    assert on(verdier) == ["Vol annulé"]
    assert verdier.thread().state == "open"
    codes = AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True)
    assert list(codes) == ["tag_made", "tagged", "tag_made", "tagged", "untagged"]


@pytest.mark.parametrize("name", ["", "#", "–", "x" * 41, "ﷺ" * 40])
def test_a_tag_has_a_name(verdier: House, name: str) -> None:
    refused = tag(verdier, name)
    assert refused.status_code == 422
    assert "A tag has at least a letter" in body(refused)
    assert tag(verdier, "Mine", who="reader").status_code == 403


def test_a_brand_has_so_many_tags(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "TAGS_MOST", 1)
    tag(verdier, "One")
    assert "remove some first" in body(tag(verdier, "Two"))
    assert tag(verdier, "one").status_code == 200
    assert "There is no such tag any more." in body(tag(verdier, "Never", state="off"))
    assert [each.name for each in Tag.objects.of(verdier.brand)] == ["One"]


def test_managers_rename_and_remove_tags(verdier: House) -> None:
    tag(verdier, "Refnud")
    tag(verdier, "Other")
    row = Tag.objects.of(verdier.brand).get(name="Refnud")
    manager = browser(verdier.people["manager"])
    assert "Refnud" in body(manager.get(VIEWS))
    manager.post(f"/b/verdier/tags/{row.pk}/", {"name": "Refund"})
    assert on(verdier) == ["Other", "Refund"]
    assert "There is a tag of this name." in body(
        manager.post(f"/b/verdier/tags/{row.pk}/", {"name": "other"}, follow=True)
    )
    manager.post(f"/b/verdier/tags/{row.pk}/", {"do": "remove"})
    assert on(verdier) == ["Other"]
    assert manager.post(f"/b/verdier/tags/{row.pk}/", {"do": "remove"}).status_code == 404
    other = Tag.objects.of(verdier.brand).get()
    assert browser(verdier.people["agent"]).post(f"/b/verdier/tags/{other.pk}/", {}).status_code == 403


def keep(verdier: House, who: str, **data: str) -> Any:
    given = {"name": "Lost bags", "q": "bag AND lost", "show": "open"} | data
    return browser(verdier.people[who]).post(VIEWS, given, follow=True)


def test_a_search_is_kept_for_oneself_or_for_all(verdier: House) -> None:
    assert "The view Lost bags is kept." in body(keep(verdier, "agent"))
    keep(verdier, "owner", name="Urgent", q="priority:urgent", shared="on")
    own = body(browser(verdier.people["agent"]).get(verdier.url()))
    assert "Lost bags" in own
    assert "Urgent" in own
    others = body(browser(verdier.people["reader"]).get(verdier.url()))
    assert "Lost bags" not in others
    assert "?q=priority%3Aurgent" in others
    keep(verdier, "agent", q="bag AND found")
    assert View.objects.of(verdier.brand).get(name="Lost bags").q == "bag AND found"


@pytest.mark.django_db(transaction=True)
def test_a_view_that_is_kept_twice_at_once_is_one(verdier: House) -> None:
    me = verdier.people["agent"]
    at_once(*[lambda: View.keep(verdier.brand, "Lost bags", me, False, show="open", q="bag")] * 4)
    assert View.objects.of(verdier.brand).get().name == "Lost bags"


def test_a_view_that_cannot_be_asked_is_not_kept(verdier: House) -> None:
    refused = keep(verdier, "agent", q="bag AND lost OR found")
    assert refused.status_code == 422
    assert "parentheses have to say which goes first" in body(refused)
    assert keep(verdier, "agent", name="").status_code == 422
    assert keep(verdier, "reader", shared="on").status_code == 403
    assert keep(verdier, "reader").status_code == 200


def test_a_search_is_one_click_from_being_kept(verdier: House) -> None:
    page = body(browser(verdier.people["agent"]).get(verdier.url(), {"q": "bag AND lost"}))
    assert f'href="{VIEWS}?show=open&q=bag%20AND%20lost"' in page
    form = body(browser(verdier.people["agent"]).get(VIEWS, {"show": "open", "q": "bag AND lost"}))
    assert 'value="bag AND lost"' in form


def test_views_are_removed_by_who_made_them_or_a_manager(verdier: House) -> None:
    keep(verdier, "agent", shared="on")
    view = View.objects.of(verdier.brand).get()
    assert browser(verdier.people["reader"]).post(f"{VIEWS}{view.pk}/removal/").status_code == 403
    assert browser(verdier.stranger).post(f"{VIEWS}{view.pk}/removal/").status_code == 404
    browser(verdier.people["manager"]).post(f"{VIEWS}{view.pk}/removal/")
    assert not View.objects.of(verdier.brand).exists()
    keep(verdier, "agent")
    own = View.objects.of(verdier.brand).get()
    assert browser(verdier.people["manager"]).post(f"{VIEWS}{own.pk}/removal/").status_code == 404
