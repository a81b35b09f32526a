"""The pages of webhooks: made, seen once, tested, sent again, switched, removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from comptoir.inbox.tests.building import House, browser, house
from comptoir.kernel import inside
from comptoir.organisation import calling
from comptoir.organisation.announcing import announce
from comptoir.organisation.calling import call_all
from comptoir.organisation.models import Webhook, WebhookCall
from comptoir.organisation.models.webhook import EVENTS
from comptoir.organisation.tests.receiving import Receiver, receiver
from comptoir.web.webhook_words import SENTENCES, why

pytestmark = pytest.mark.django_db
HERE = "/b/verdier/webhooks/"


@pytest.fixture
def there(settings: Any) -> Iterator[Receiver]:
    with receiver() as found:
        settings.INSIDE_ALLOWED = frozenset({found.place})
        calling._outside.cache_clear()
        yield found
    calling._outside.cache_clear()


@pytest.fixture
def ours() -> House:
    return house()


@pytest.fixture
def manager(ours: House) -> Client:
    return browser(ours.people["manager"])


@pytest.fixture
def hook(ours: House, there: Receiver) -> Webhook:
    return Webhook.make(ours.brand, there.address, EVENTS, ours.people["owner"])[0]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_one_is_made_and_its_secret_seen_once(manager: Client, ours: House, there: Receiver) -> None:
    assert "No webhook yet" in text(manager.get(HERE))
    answer = manager.post(HERE, {"address": there.address, "events": ["thread.closed"]})
    assert answer.status_code == 201
    found = re.search(r'value="(whsec_[^"]+)"', text(answer))
    assert found
    hook = Webhook.objects.of(ours.brand).get()
    assert hook.secrets() == [found[1]]
    for page in (HERE, f"{HERE}{hook.pk}/"):
        seen = manager.get(page)
        assert found[1] not in text(seen)
        assert there.place in text(seen)


def test_an_address_has_to_be_one_that_calls_may_go_to(manager: Client, ours: House) -> None:
    for address in ("", "http://example.org/", "https://user:pass@example.org/", "nonsense", "https://"):
        answer = manager.post(HERE, {"address": address, "events": ["thread.closed"]})
        assert answer.status_code == 422
        assert 'role="alert"' in text(answer)
    assert manager.post(HERE, {"address": "https://example.org/"}).status_code == 422
    assert not Webhook.objects.of(ours.brand).exists()


def test_a_test_is_sent_seen_and_sent_again(manager: Client, hook: Webhook, there: Receiver) -> None:
    page = f"{HERE}{hook.pk}/"
    manager.post(f"{page}trial/")
    assert 'hx-trigger="every 2s"' in text(manager.get(page))
    there.will(500, 200, body=b"<b>oh no</b>")
    call_all(hook.pk)
    seen = text(manager.get(page))
    assert "every 2s" not in seen
    assert "&lt;b&gt;oh no&lt;/b&gt;" in seen
    assert "It answered 500." in seen
    call = WebhookCall.objects.of(hook.brand_id).get()
    Webhook.objects.of(hook.brand_id).update(rests_until=None)
    manager.post(f"{page}calls/{call.pk}/again/")
    call_all(hook.pk)
    assert [taken.headers["webhook-id"] for taken in there.calls] == [call.event] * 2
    part = manager.get(page, headers={"HX-Request": "true", "HX-Target": "calls"})
    assert text(part).lstrip().startswith("<section")
    assert "2 tries" in text(part)


def test_it_is_changed_switched_given_a_secret_and_removed(manager: Client, hook: Webhook) -> None:
    page = f"{HERE}{hook.pk}/"
    assert (
        manager.post(page, {"address": "https://example.org/new", "events": ["reply.sent"]}).status_code
        == 302
    )
    hook.refresh_from_db()
    assert (hook.address, hook.events) == ("https://example.org/new", ["reply.sent"])
    assert manager.post(page, {"address": "http://example.org/"}).status_code == 422
    secret = re.search(r'value="(whsec_[^"]+)"', text(manager.post(f"{page}secret/")))
    assert secret
    hook.refresh_from_db()
    assert hook.secrets()[0] == secret[1]
    manager.post(f"{page}switching/", {"state": "off"})
    manager.post(f"{page}trial/")
    assert not WebhookCall.objects.of(hook.brand_id).exists()
    assert "Switched off" in text(manager.get(page))
    manager.post(f"{page}switching/", {"state": "on"})
    manager.post(f"{page}removal/")
    assert not Webhook.objects.of(hook.brand_id).exists()
    assert manager.get(page).status_code == 404


def test_agents_do_not_see_them_and_a_notice_leads_there(manager: Client, ours: House, hook: Webhook) -> None:
    assert browser(ours.people["agent"]).get(HERE).status_code == 403
    hook.give_up("nobody")
    page = text(manager.get("/b/verdier/channels/"))
    assert f"{HERE}{hook.pk}/" in page
    assert "Nobody took its calls for three days." in text(manager.get(f"{HERE}{hook.pk}/"))


def test_many_calls_take_few_queries(
    manager: Client, ours: House, hook: Webhook, django_assert_max_num_queries: Any
) -> None:
    for n in range(40):
        announce(ours.brand.pk, "thread.closed", threads=[n])
    manager.get(f"{HERE}{hook.pk}/")
    with django_assert_max_num_queries(12):
        assert "page=2" in text(manager.get(f"{HERE}{hook.pk}/"))


def test_every_code_has_a_sentence() -> None:
    source = (inside.__file__, calling.__file__, inside.__file__.replace("inside", "http"))
    for path in source:
        with open(path) as file:
            codes = set(re.findall(r'(?:Unreachable|Forbidden|TooLarge|BadAnswer)\("(\w+)"', file.read()))
        assert not codes - set(SENTENCES) - {"scheme", "userinfo", "address", "header", "body_elsewhere", "json",
                                             "bad_redirect", "too_many_redirects"}  # fmt: skip
    assert why("status_503") == "It answered 503."
    assert "strange" in why("strange")
