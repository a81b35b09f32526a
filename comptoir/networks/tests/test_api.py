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


def test_managers_say_how_a_channel_is_called_and_signs(program: Program) -> None:
    one = program.get("brands/verdier/channels")["items"][0]
    Channel.objects.everywhere().filter(pk=one["id"]).update(settings={"options": {"kept": "yes"}})
    there = f"brands/verdier/channels/{one['id']}/settings"
    assert problem(program.ask("PUT", there, {"called": "x"})) == "role-too-low"
    owner = Program(User.objects.create_user("owner@example.org"))
    Brand.objects.everywhere().get(slug="verdier").admit(owner.token.user, "owner")
    told = owner.ask("PUT", there, {"called": " Night ", "signing": "initials", "country": "fr"}).json()
    assert (told["called"], told["signing"], told["country"]) == ("Night", "initials", "FR")
    assert owner.ask("PUT", there, {"country": ""}).json() == told | {"country": ""}
    assert Channel.objects.everywhere().get(pk=one["id"]).settings["options"] == {"kept": "yes"}
    for wrong in ({"country": "F1"}, {"signing": "loudly"}, {"called": "x" * 81}):
        assert problem(owner.ask("PUT", there, wrong)) == "invalid", wrong
    assert problem(owner.ask("PUT", "brands/verdier/channels/999999/settings", {})) == "not-found"
