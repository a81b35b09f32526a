"""`comptoir person`: what is kept of somebody, given, erased, or skipped, in a terminal."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from comptoir.command.persons import person
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.kernel.acting import acts
from comptoir.networks.connector import Actor as Somebody
from comptoir.networks.models import Actor, Objection
from comptoir.organisation.models import AuditEntry

pytestmark = pytest.mark.django_db
ANNA = Somebody("id-anna", "@anna.example", "Anna B.")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path), acts("command", name="host"):
        yield


@pytest.fixture
def ours() -> House:
    made = house("ours")
    hear(made.channel, [said("a1", "My parcel is lost", actor=ANNA)])
    return made


def run(act: str, name: str = "@anna.example", **more: object) -> int:
    given = {"out": "", "slug": "", "yes": False, "back": False, **more}
    return person(act, "rehearsal", name, **given)  # type: ignore[arg-type]


def test_everything_goes_into_a_file_that_only_its_owner_reads(ours: House, tmp_path: Path) -> None:
    out = tmp_path / "anna.zip"
    assert run("export", out=str(out)) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as archive:
        assert "My parcel is lost" in archive.read("messages.json").decode()
    entry = AuditEntry.objects.everywhere().get(what="person_exported")
    assert (entry.via, entry.who) == ("command", "host")
    assert run("export", out=str(out)) == 1, "nothing is written over"


def test_erasing_says_what_and_wants_to_be_meant(ours: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("erase") == 1
    told = capsys.readouterr()
    assert "1  Conversations" in told.out
    assert "Nothing was erased" in told.err
    assert Actor.objects.filter(remote_id="id-anna").exists()
    assert run("erase", yes=True) == 0
    assert not Actor.objects.filter(remote_id="id-anna").exists()
    assert run("erase", yes=True) == 1, "nobody of that name any more"


def test_an_objection_is_noted_and_taken_back(ours: House) -> None:
    assert run("object") == 0
    assert ours.channel.receive([said("a2", actor=ANNA)]) == []
    assert run("object", back=True) == 0
    assert len(ours.channel.receive([said("a3", actor=ANNA)])) == 1
    assert run("object", back=True) == 1
    assert run("object", "@unknown", slug="ours") == 0
    assert Objection.objects.of(ours.brand).count() == 1
    assert run("object", "@unknown", slug="ours", back=True) == 0


@pytest.mark.parametrize("name", ["", "@", "nobody"])
def test_who_is_nobody_is_told_so(ours: House, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", name) == 1
    assert "nothing is kept of them" in capsys.readouterr().err


def test_networks_that_are_not_there_are_named(ours: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert person("export", "nowhere", "x", "", "", False, False) == 1
    assert "There is:" in capsys.readouterr().err
