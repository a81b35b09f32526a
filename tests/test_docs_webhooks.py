"""The example of docs/webhooks.md, run as it stands, on a call that was really made."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from comptoir.organisation import calling
from comptoir.organisation.announcing import announce
from comptoir.organisation.models import Brand, User, Webhook
from comptoir.organisation.models.webhook import EVENTS
from comptoir.organisation.tests.receiving import receiver

PAGE = (Path(__file__).parents[1] / "docs" / "webhooks.md").read_text()


def example() -> Any:
    [source] = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(source, names)
    return names["is_genuine"]


@pytest.mark.django_db
def test_the_example_tells_genuine_calls_from_others(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    is_genuine = example()
    brand = Brand.objects.create(name="Maison Verdier", slug="maison-verdier")
    with receiver() as there:
        settings.INSIDE_ALLOWED = frozenset({there.place})
        calling._outside.cache_clear()
        hook, secret = Webhook.make(brand, there.address, EVENTS, User.objects.create_user("a@b.example"))
        announce(brand.pk, "thread.closed", threads=[512])
        calling.call_all(hook.pk)
    calling._outside.cache_clear()
    [call] = there.calls
    assert is_genuine(secret, call.headers, call.body)
    assert not is_genuine("whsec_" + "A" * 44, call.headers, call.body)
    assert not is_genuine(secret, call.headers, call.body + b" ")
    assert not is_genuine(secret, {**call.headers, "webhook-id": "evt_other"}, call.body)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    assert not is_genuine(secret, call.headers, call.body)


def test_every_type_is_described() -> None:
    described = re.findall(r"^\| `([a-z.]+)` \|", PAGE, flags=re.MULTILINE)
    assert set(described) - {"type"} == {*EVENTS, "test"}
