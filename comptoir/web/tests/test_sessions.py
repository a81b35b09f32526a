"""Sessions: sealed, found by a digest, listed, ended; what a copy of the table is worth."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.core import signing
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.inbox.tests.building import browser
from comptoir.kernel import clock, secrets
from comptoir.organisation.models import AuditEntry, Session, User
from comptoir.organisation.sessions import SessionStore
from comptoir.web.jobs import post_mail

pytestmark = pytest.mark.django_db
WORDS = "a long enough secret 7"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SESSIONS = "/settings/sessions/"


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@brand.test", WORDS)


def by_password(user: User, **how: Any) -> Client:
    client = Client(**how)
    client.post(reverse("account_login"), {"login": user.email, "password": WORDS})
    assert "_auth_user_id" in client.session
    return client


def is_in(client: Client) -> bool:
    return bool(client.get(SESSIONS).status_code == 200)


def test_a_copy_of_the_table_opens_no_door(anna: User) -> None:
    client = by_password(anna)
    key = client.cookies["sessionid"].value
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest || sealed FROM organisation_session")
        kept = str(cursor.fetchall())
    assert key not in kept
    assert "password" not in kept
    for taken in Session.objects.values_list("digest", flat=True):
        thief = Client()
        thief.cookies["sessionid"] = taken
        assert not is_in(thief)


def test_a_row_says_whose_it_is_and_where_it_was_seen(anna: User) -> None:
    client = by_password(anna, REMOTE_ADDR="2001:db8::7", headers={"User-Agent": FIREFOX})
    (row,) = Session.objects.of(anna)
    assert (row.address, row.device) == ("2001:db8::7", "Firefox, Linux")
    later = clock.now() + timedelta(minutes=4)
    with time_machine.travel(later):
        client.get(SESSIONS)
        assert Session.objects.get().seen < later - timedelta(minutes=3), (
            "a row is not written for every page"
        )
    later += timedelta(minutes=2)
    with time_machine.travel(later):
        client.get(SESSIONS, REMOTE_ADDR="198.51.100.9")
    (row,) = Session.objects.of(anna)
    assert row.seen >= later
    assert row.address == "198.51.100.9"


def test_sessions_are_listed_and_ended(anna: User) -> None:
    here, there, third = (by_password(anna, headers={"User-Agent": FIREFOX}) for _ in range(3))
    page = here.get(SESSIONS).content.decode()
    assert page.count("Firefox, Linux") >= 3
    assert page.count("This one") == 1
    answer = here.post(SESSIONS, {"end": there.session.handle}, follow=True)  # type: ignore[attr-defined]
    assert "1 other session ended." in answer.content.decode()
    assert [is_in(each) for each in (here, there, third)] == [True, False, True]
    by_password(anna)
    answer = here.post(SESSIONS, {"end": "others"}, follow=True)
    assert "2 other sessions ended." in answer.content.decode()
    assert [is_in(each) for each in (here, third)] == [True, False]
    entries = AuditEntry.objects.everywhere().filter(what="sessions_ended").order_by("pk")
    assert [each.facts["sessions"] for each in entries] == [1, 2]


@pytest.mark.parametrize("said", ["", "x", "a" * 16, "%", "_" * 16, "' OR 1=1"])
def test_nobody_ends_what_is_not_theirs(anna: User, said: str) -> None:
    other = by_password(User.objects.create_user("other@brand.test", WORDS))
    mine = by_password(anna)
    theirs = other.session.handle  # type: ignore[attr-defined]
    for handle in (said, theirs, mine.session.handle):  # type: ignore[attr-defined]
        mine.post(SESSIONS, {"end": handle})
    assert is_in(other)
    assert is_in(mine)


def test_changing_the_password_ends_the_others(anna: User, mailoutbox: list[Any]) -> None:
    here, there = by_password(anna), by_password(anna)
    began = Session.objects.of(anna).called(here.session.handle).get().began  # type: ignore[attr-defined]
    form = {"oldpassword": WORDS, "password1": WORDS + "x", "password2": WORDS + "x"}
    assert here.post(reverse("account_change_password"), form)["Location"] == "/settings/security/"
    assert is_in(here)
    assert not is_in(there)
    (row,) = Session.objects.of(anna)
    assert row.began == began, "the same session as before"
    for job in ProcrastinateJob.objects.filter(task_name="comptoir.web.jobs.post_mail"):
        post_mail(**job.args)
    assert any("Your password was changed." in mail.body for mail in mailoutbox)


def test_setting_a_first_password_ends_the_others() -> None:
    user = User.objects.create_user("ana@brand.test")
    here, there = browser(user), browser(user)
    session = here.session
    session["proved_at"] = clock.now().timestamp()
    session.save()
    form = {"password1": WORDS, "password2": WORDS}
    assert here.post(reverse("account_set_password"), form)["Location"] == "/settings/security/"
    assert is_in(here)
    assert not is_in(there)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short 7", "at least 10 characters"),
        ("password123", "too common"),
        ("1234567890123", "entirely numeric"),
        ("anna@brand.test", "too similar"),
        ("Annabelle Verdier", "too similar"),
    ],
)
def test_passwords_are_hard_to_guess(anna: User, password: str, words: str) -> None:
    anna.name = "Annabelle Verdier"
    anna.save()
    form = {"oldpassword": WORDS, "password1": password, "password2": password}
    assert words in by_password(anna).post(reverse("account_change_password"), form).content.decode()


def test_signing_out_everywhere_says_so(anna: User) -> None:
    client = by_password(anna)
    anna.end_sessions()
    assert not Session.objects.of(anna).exists()
    page = client.get("/", follow=True).content.decode()
    assert "You were signed out. Sign in again." in page


def test_a_session_ended_while_it_is_used_is_not_brought_back(anna: User) -> None:
    client = by_password(anna)
    store = SessionStore(client.cookies["sessionid"].value)
    store["x"] = 1
    Session.objects.all().end()
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_who_is_signed_out_in_the_middle_of_something_is_told(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = by_password(anna)
    client.raise_request_exception = False

    def ended(*_args: Any) -> str:
        Session.objects.all().delete()
        return "kept"

    monkeypatch.setattr(SessionStore, "encode", ended)
    page = client.post(reverse("account_reauthenticate"), {"password": WORDS})
    assert page.status_code == 400
    assert "You were signed out. Sign in again." in page.content.decode()


def test_sessions_that_are_over_are_cleared(anna: User) -> None:
    by_password(anna)
    Session.objects.update(ends=clock.now())
    assert not Session.objects.of(anna).exists()
    SessionStore.clear_expired()
    assert not Session.objects.exists()


def test_without_the_key_a_browser_signs_in_again(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = by_password(anna)
    monkeypatch.setenv("COMPTOIR_KEYS", "another key than before")
    assert not is_in(client)
    monkeypatch.setenv("COMPTOIR_KEYS", f"newer {' '.join(secrets.words())}")
    assert by_password(anna)


@pytest.mark.parametrize("key", ["", "x", "\x00" * 12, "é" * 40, "a" * 5000])
def test_keys_that_are_none_hold_nothing(key: str) -> None:
    store = SessionStore(key)
    assert store.get("x") is None
    assert store.session_key is None


def test_who_was_signed_in_before_the_move_still_is(anna: User) -> None:
    """The migration brings over what Django's own table held, and drops it."""
    said = dict(by_password(anna).session.items())
    Session.objects.all().delete()
    old = signing.dumps(said, salt="django.contrib.sessions.SessionStore", compress=True)
    rows = [("k" * 32, old, 1), ("e" * 32, old, -1), ("b" * 32, "broken", 1)]
    rows.append(("n" * 32, signing.dumps({}, salt="django.contrib.sessions.SessionStore"), 1))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE django_session (session_key varchar(40), session_data text, expire_date timestamptz)"
        )
        for key, data, days in rows:
            cursor.execute(
                "INSERT INTO django_session VALUES (%s, %s, now() + make_interval(days => %s))",
                [key, data, days],
            )
    migration = import_module("comptoir.organisation.migrations.0005_sessions")
    with connection.schema_editor() as editor:
        migration.move(apps, editor)
    assert "django_session" not in connection.introspection.table_names()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "k" * 32
    assert is_in(client)
    assert Session.objects.get().user == anna
