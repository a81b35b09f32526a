"""A new key while Comptoir works: everything is sealed with it, and the old one opens nothing any more."""

from __future__ import annotations

from pathlib import Path

from tests.command.started import run, up
from tests.operations.houses import Browser, inside, within

GRANT = """
from comptoir.kernel import secrets
from comptoir.networks.models import Grant
grant = Grant.objects.get()
try:
    answer = secrets.unseal(grant.sealed, tuple(%r)) is not None
except secrets.Unreadable:
    answer = False
"""
FILL = """
import json
from allauth.mfa.models import Authenticator
from comptoir.kernel.secrets import seal
from comptoir.organisation.models import Brand, User
from comptoir.organisation.models.taste import Device, taste_of
from comptoir.organisation.models.webhook import Webhook
from comptoir.web.factors import FactorsAdapter
from comptoir.web.jobs import post_mail
user = User.objects.get(email="owner@localhost")
taste = taste_of(user.pk)
taste.chat_address = "discord://1/2"
taste.save()
Device.objects.create(user=user, endpoint="https://push.example/1", keys=seal("{}"), name="Mine")
codes = {"seed": FactorsAdapter().encrypt("x"), "used_mask": 0}
Authenticator.objects.create(user=user, type="recovery_codes", data=codes)
Webhook.make(Brand.objects.everywhere().first(), "https://example.org/hook", ["thread.opened"], user)
post_mail.configure(schedule_in={"hours": 5}).defer(sealed=seal(json.dumps(["s", "b", "f", []])).decode())
answer = True
"""
SEALED = """
import re
from django.db import connection
from comptoir.kernel import secrets
answer = {}
with connection.cursor() as cursor:
    for table in connection.introspection.table_names():
        cursor.execute(f"SELECT t::text FROM {table} t")
        for (row,) in cursor.fetchall():
            found = [word.encode() for word in re.findall("gAAAA[0-9A-Za-z_=-]{60,}", row)]
            found += [bytes.fromhex(word) for word in re.findall("6741414141(?:[0-9a-f]{2}){60,}", row)]
            for each in found:
                try:
                    secrets.unseal(each, tuple(%r))
                    opens = True
                except secrets.Unreadable:
                    opens = False
                answer.setdefault(table, []).append(opens)
"""
CHANNEL = """
from comptoir.networks.models import Channel
answer = Channel.objects.everywhere().get().state
"""


def test_rotating_while_it_runs(tmp_path: Path) -> None:
    with up() as house:
        owner = Browser(house)
        file = house.data / "grant.key"
        old = file.read_text().split()
        within(house, FILL)
        kept = {"networks_grant", "organisation_session", "organisation_taste", "organisation_device"}
        kept |= {"organisation_webhook", "mfa_authenticator", "procrastinate_jobs"}
        everywhere = within(house, SEALED % old)
        assert set(everywhere) == kept
        assert all(all(opens) for opens in everywhere.values())
        backup = tmp_path / "before.zip"
        house.run("backup", str(backup))
        said = house.run("key", "rotate")
        new = file.read_text().split()
        assert "sealed anew | " in said
        assert len(new) == 1
        assert new != old
        assert file.stat().st_mode & 0o077 == 0
        assert within(house, GRANT % new) is True
        assert within(house, GRANT % old) is False
        assert within(house, SEALED % new) == everywhere, "whatever was sealed opens with the new key"
        assert within(house, CHANNEL) == "active"
        assert "Your settings" in owner.get("/settings/"), "who is signed in stays so"
        assert "can be read" in house.run("doctor")
        house.stop()
        before = {"COMPTOIR_KEYS": " ".join([*new, *old])}
        done = run("restore", str(backup), "--replace", **before, COMPTOIR_DATA=str(house.data))
        assert done.returncode == 0, done.stderr
        assert "has to be connected again" not in done.stdout, "the old key opens the backup of before"


def test_where_the_keys_are_a_setting() -> None:
    with up(COMPTOIR_KEYS="first") as house:
        here = {**house.own(), "COMPTOIR_KEYS": "second first"}
        assert inside(GRANT % ["first"], **here) is True
        done = run("key", "rotate", **here)
        assert done.returncode == 0, done.stderr
        assert "sealed with the first of COMPTOIR_KEYS" in done.stdout
        assert inside(GRANT % ["second"], **here) is True
        assert inside(GRANT % ["first"], **here) is False
        assert not (house.data / "grant.key").exists()
