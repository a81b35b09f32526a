"""Channels as programs see them."""

from __future__ import annotations

import pytest

from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand, Membership, User
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    brand = Brand.objects.create(name="Maison Verdier", slug="verdier")
    user = User.objects.create_user("ana@verdier.example", name="Ana")
    Membership.objects.create(user=user, brand=brand, role="reader")
    for n in range(3):
        Channel.objects.create(
            brand=brand, network="rehearsal", remote_id=str(n), handle=f"@{n}", cursor={"secret": 1}
        )
    Channel.objects.create(
        brand=brand, network="no-more", remote_id="x", handle="@x", state="reconnect", code="token_expired",
        fetched_at=clock.now(),
    )  # fmt: skip
    return Program(user)


def test_channels_with_what_they_can_and_what_is_wrong(program: Program) -> None:
    *three, lost = program.all("brands/verdier/channels?limit=2")
    assert [each["handle"] for each in three] == ["@0", "@1", "@2"]
    assert "reply" in three[0]["can"]
    assert (lost["state"], lost["code"], lost["can"]) == ("reconnect", "token_expired", [])
    assert lost["trouble"]
    assert "secret" not in str(three)
    assert program.get(f"brands/verdier/channels/{lost['id']}") == lost


def test_another_channel_is_not_there(program: Program) -> None:
    other = Channel.objects.create(
        brand=Brand.objects.create(name="O", slug="o"), network="rehearsal", remote_id="o", handle="o"
    )
    assert problem(program.ask("GET", f"brands/verdier/channels/{other.pk}")) == "not-found"
