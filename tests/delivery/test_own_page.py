"""A post whose worker is killed at any step of its way stands on the brand's own page once, with all of its parts."""

from __future__ import annotations

import signal

import pytest

from comptoir.kernel.tests.waiting import until
from comptoir.publishing.models import Asset, Content, PageEntry, Post, Variant
from comptoir.publishing.tests.own_pages import opened_house, page_of, read, said
from tests.beside import running, start
from tests.servers.stranger import jpeg

pytestmark = pytest.mark.django_db(transaction=True)
A_MINUTE = 60
STEPS = (
    "departed",
    "claimed",
    "said",
    "before-commit",
    "written",
    "standing",
    "stood",
    "part-queued",
    "part-said",
)
"""Of `dying_at_posts`, in the order in which a post comes by them."""


def test_killed_at_each_step_every_entry_stands_there_once(transactional_db: None) -> None:
    of = opened_house()
    by, channel = of.people["agent"], page_of(of).channel
    picture = Asset.bring(of.brand, by, jpeg())
    for step in STEPS:
        words = [
            Variant(parts=[f"{step}, one", f"{step}, two"]),
            Variant(language="fr", parts=[f"{step}, un"]),
        ]
        made = Post.make(of.brand, by, Content("en", words, [(channel.pk, "")], [(picture.pk, step)]))
        made.belong(by, None, "a test")
        made.publish(by)
        worker = start("tests.delivery.dying_at_posts", step, WORKER_DEAD_AFTER="6")
        assert worker.wait(A_MINUTE) == -signal.SIGKILL, step
    with running("comptoir.command.main", "worker", WORKER_DEAD_AFTER="6"):
        left = Post.objects.of(of.brand).exclude(state="published")
        until(lambda: not left.exists(), A_MINUTE, f"all published, not {list(left.values_list('state'))}")
    entries = PageEntry.objects.of(of.brand).newest()
    stands = [{each.language: each.parts for each in entry.texts.all()} for entry in entries]
    wanted = [{"en": [f"{step}, one", f"{step}, two"], "fr": [f"{step}, un"]} for step in STEPS]
    assert sorted(stands, key=repr) == sorted(wanted, key=repr)
    assert {entry.pictures.count() for entry in entries} == {1}
    page = said(read("/p/verdier/en/", "en"))
    assert all(page.count(f">{step}, two<") == 1 for step in STEPS)
