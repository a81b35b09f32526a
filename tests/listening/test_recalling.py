"""What was said at a place before anybody listened there: queries keep it and learn from it, and it is no news."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.inbox.tests.building import House, house
from comptoir.kernel import clock
from comptoir.listening import jobs
from comptoir.listening.models import Mention, Query, Source
from comptoir.networks.connector import Page
from comptoir.organisation.models import Webhook, WebhookCall
from comptoir.organisation.models.webhook import EVENTS
from tests.listening.test_alerts import _at, alerts
from tests.listening.test_hearing import public

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house("verdier")


def test_what_is_recalled_from_the_past_is_learnt_from_and_is_no_news(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    Webhook.make(verdier.brand, "https://example.org/hook", EVENTS, verdier.people["owner"])
    query = Query.make(verdier.brand, verdier.people["manager"], "Tea", "teapot*")
    source = Source.beside(verdier.channel, verdier.people["manager"])
    now = clock.now()
    days_ago = [now - timedelta(days=3, seconds=n) for n in range(90)]
    said = [_at(public(f"old{n}", f"My teapot exploded! {n}", by=n), at) for n, at in enumerate(days_ago)]
    page = Page([*said, _at(public("new", "A teapot of today"), now + timedelta(seconds=1))], {})
    monkeypatch.setattr(type(source.connector()), "recall", lambda *_asked: page)
    source.recall(verdier.people["manager"])
    rows = ProcrastinateJob.objects.filter(task_name="comptoir.listening.jobs.tell_mentions")
    before = set(rows.values_list("id", flat=True))
    jobs.recall.func(source_id=source.pk)
    for job in rows.exclude(id__in=before).order_by("id"):
        jobs.tell_mentions.func(**job.args)
    assert query.mentions.count() == 91
    (call,) = WebhookCall.objects.of(verdier.brand)
    assert [
        Mention.objects.of(verdier.brand).get(pk=pk).activity.remote_id for pk in call.data["mentions"]
    ] == ["new"]
    jobs.watch_queries(0)
    assert alerts(query) == []
