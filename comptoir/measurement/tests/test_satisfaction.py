"""Whether people were helped, as figures: never without of how many they are, unknown where nobody was asked."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.inbox.tests.building import House, browser
from comptoir.inbox.tests.test_surveys import asked, verdier
from comptoir.measurement.asked import Asked
from comptoir.measurement.figures import figures_of
from comptoir.networks.models import Delivery
from comptoir.organisation.tests.programs import Program

pytestmark = pytest.mark.django_db
__all__ = ["verdier"]


def found(verdier: House, **given: Any) -> Any:
    return figures_of(Asked.of(verdier.brand, given)).satisfaction


def test_figures_tell_of_how_many_they_are(verdier: House) -> None:
    nothing = found(verdier)
    assert (nothing.total.rate, nothing.total.satisfied, nothing.total.mean) == (None, None, None)
    urls = [asked(verdier) for _n in range(4)]
    for url, score in zip(urls, ("5", "4", "1"), strict=False):
        browser().post(url, {"score": score})
    total = found(verdier).total
    assert (total.asked, total.answered, total.rate) == (4, 3, 0.75)
    assert (total.satisfied, round(total.mean, 3)) == (2 / 3, 3.333)
    assert total.spread == [(5, 1), (4, 1), (3, 0), (2, 0), (1, 1)]
    [line] = found(verdier).by["channel"]
    assert (line.key, line.label, line.asked) == (verdier.channel.pk, verdier.channel.title, 4)
    assert found(verdier, since="2020-01-01", until="2020-02-01").total.asked == 0


def test_what_did_not_leave_asked_nobody(verdier: House) -> None:
    asked(verdier)
    Delivery.objects.of(verdier.brand).update(state="withdrawn")
    assert found(verdier).total.asked == 0


def test_the_page_the_file_and_programs_tell_it(verdier: House) -> None:
    reader = verdier.people["reader"]
    assert "Nobody was asked in this period." in browser(reader).get("/b/verdier/figures/").content.decode()
    browser().post(asked(verdier), {"score": "4"})
    asked(verdier)
    page = " ".join(browser(reader).get("/b/verdier/figures/").content.decode().split())
    assert '<th scope="row">All together</th><td>100' in page
    sheet = b"".join(browser(reader).get("/b/verdier/figures/satisfaction.csv"))
    assert b"all,,,2,1,0.5,1.0,4.0,0,1,0,0,0" in sheet
    told = Program(reader).get("brands/verdier/figures")["satisfaction"]
    assert (told["total"]["asked"], told["total"]["satisfied"], told["total"]["scores"]) == (
        2,
        1.0,
        [0, 0, 0, 1, 0],
    )
    assert set(told["by"]) == {"channel", "team", "language"}
