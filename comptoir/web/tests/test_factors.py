"""Second steps: asked for whatever the first one was, sealed at rest, changed only by their owner, reset with care."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from comptoir.inbox.tests.building import browser
from comptoir.kernel import clock, secrets
from comptoir.kernel.secrets import Unreadable
from comptoir.organisation.models import Session, SignInLink, User
from comptoir.web import factors, security_restored
from comptoir.web.security_forms import _from_our_pages
from comptoir.web.security_limits import FREE
from comptoir.web.tests.signing import WORDS, by_password, code_of, fresh, logged, mails, signed_in, with_app

pytestmark = pytest.mark.django_db
SECURITY, STEP = "/settings/security/", "/account/login/step/"


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    cache.clear()


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@brand.test", WORDS, name="Anna")


# Whatever the first step was


def test_the_password_alone_does_not_sign_in(anna: User) -> None:
    secret = with_app(anna)
    client, answer = by_password(anna)
    assert answer["Location"] == STEP
    assert not signed_in(client)
    assert client.get("/")["Location"].startswith("/account/login/")
    assert client.post(STEP, {"code": code_of(secret)})["Location"] == "/"
    assert signed_in(client)


def test_a_link_and_a_code_by_mail_do_not_pass_it(anna: User, mailoutbox: list[Any]) -> None:
    with_app(anna)
    client = Client()
    assert client.post(reverse("owner-link", args=[SignInLink.issue(anna)]))["Location"] == STEP
    assert not signed_in(client)
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": anna.email})
    code = re.search(r"^[A-Z0-9]{2,}-?[A-Z0-9]{2,}$", mails(mailoutbox)[-1].body, re.MULTILINE)
    assert code
    answer = client.post(reverse("account_confirm_login_code"), {"code": code[0]})
    assert answer["Location"] == STEP
    assert not signed_in(client)


def test_a_link_for_one_person_in_the_browser_of_another_waits_for_the_step(anna: User) -> None:
    with_app(anna)
    client = browser(User.objects.create_user("other@brand.test"))
    assert client.post(reverse("owner-link", args=[SignInLink.issue(anna)]))["Location"] == STEP
    assert not signed_in(client)
    assert client.get(STEP).status_code == 200


def test_a_code_is_good_once_and_for_a_minute(anna: User) -> None:
    secret = with_app(anna)
    now = clock.now().replace(second=5, microsecond=0)
    with time_machine.travel(now, tick=False):
        code = code_of(secret)
        client, _answer = by_password(anna)
        assert client.post(STEP, {"code": code}).status_code == 302
    for later in (1, 31, 45):
        with time_machine.travel(now + timedelta(seconds=later), tick=False):
            client, _answer = by_password(anna)
            assert client.post(STEP, {"code": code}).status_code == 200, "a second time"
            assert not signed_in(client)
    with time_machine.travel(now + timedelta(seconds=300), tick=False):
        client, _answer = by_password(anna)
        assert client.post(STEP, {"code": code_of(secret, -1)}).status_code == 302, "a slow hand"
        client, _answer = by_password(anna)
        assert client.post(STEP, {"code": code_of(secret, -2)}).status_code == 200


def test_wrong_codes_make_one_wait_wherever_they_come_from(anna: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    secret = with_app(anna)
    client, _answer = by_password(anna)
    pages = []
    for n in range(FREE + 1):
        cache.clear()
        passed = {"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.5"}
        pages.append(client.post(STEP, {"code": "000000"}, headers=passed).content.decode())
    assert ["Too many wrong codes" in page for page in pages] == [False] * FREE + [True]
    right = client.post(STEP, {"code": code_of(secret)}, headers={"X-Forwarded-For": "1.1.1.1, 198.51.100.5"})
    assert right.status_code == 200
    assert logged(anna).count("second_step_failed") == FREE


def test_the_step_cannot_be_locked_in_a_browser_of_ones_own(anna: User) -> None:
    mine, _answer = by_password(anna)
    mine.post(reverse("account_logout"))
    secret = with_app(anna)
    for n in range(6):
        thief = Client(REMOTE_ADDR=f"203.0.113.{n}")
        by_password(anna, thief)
        for _ in range(FREE):
            cache.clear()
            thief.post(STEP, {"code": "000000"})
    by_password(anna, mine)
    cache.clear()
    assert mine.post(STEP, {"code": code_of(secret)}).status_code == 302


# At rest


def test_secrets_are_sealed(anna: User) -> None:
    client = fresh(anna)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r"<code>([A-Z2-7]{4}(?: [A-Z2-7]{4}){7})</code>", page)
    assert found
    secret = found[1].replace(" ", "")
    assert "<svg" in page
    assert "data:" not in page
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data::text FROM mfa_authenticator UNION ALL SELECT sealed FROM organisation_session"
        )
        kept = str(cursor.fetchall())
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_without_the_key_people_are_told_what_helps(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = with_app(anna)
    client, _answer = by_password(anna)

    def gone(_sealed: bytes) -> str:
        raise Unreadable

    monkeypatch.setattr(factors, "unseal", gone)
    page = client.post(STEP, {"code": code_of(secret)})
    assert "The key that opens your codes is missing here." in page.content.decode()


# Only by their owner


def test_factors_change_only_by_who_has_just_shown_that_it_is_them(anna: User) -> None:
    client, _answer = by_password(anna)
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(name)).status_code == 200, "signed in a moment ago"
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"):
            answer = client.get(reverse(name))
            assert answer["Location"] == f"/account/reauthenticate/?next={reverse(name).replace('/', '%2F')}"
        there = reverse("account_reauthenticate") + "?next=" + reverse("mfa_activate_totp")
        assert client.post(there, {"password": "wrong"}).status_code == 200
        assert client.post(there, {"password": WORDS})["Location"] == reverse("mfa_activate_totp")
        assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_who_has_neither_password_nor_factor_shows_it_by_a_code_by_mail(mailoutbox: list[Any]) -> None:
    user = User.objects.create_user("ana@brand.test")
    client, there = browser(user), reverse("reauthenticate-code")
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer["Location"].startswith(there)
    assert client.post(there, {"code": "AAAA-AAAA"}).status_code == 422, "none was sent"
    client.post(answer["Location"])
    (mail,) = mails(mailoutbox)
    code = re.search(r"^[A-Z0-9]{2,}-?[A-Z0-9]{2,}$", mail.body, re.MULTILINE)
    assert code
    assert mail.to == [user.email]
    assert client.post(there, {"code": "AAAA-AAAA"}).status_code == 422
    assert client.post(answer["Location"], {"code": code[0]})["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    with_app(user)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert client.get(there)["Location"] == reverse("mfa_reauthenticate"), "the app is stronger"


def test_each_change_is_told_by_mail_and_logged(
    anna: User, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    anna.language = "fr"
    anna.save()
    client = fresh(anna)
    client.get(reverse("mfa_activate_totp"))
    given = {"code": code_of(client.session["mfa.totp.secret"])}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), given)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"), headers={"User-Agent": "Firefox/1 Linux"})
    told = [mail.body for mail in mails(mailoutbox)]
    assert "Une application qui donne des codes de connexion a été ajoutée" in told[0]
    assert "De nouveaux codes de secours" in told[1]
    assert "a été retirée" in told[2]
    assert "Firefox, Linux, 127.0.0.1" in told[2]
    assert {mail.subject for mail in mailoutbox} == {"Votre compte Comptoir"}
    assert [what for what in logged(anna) if what != "signed_in"] == [
        "app_added", "recovery_codes_made", "recovery_codes_made", "app_removed",
    ]  # fmt: skip
    assert not Authenticator.objects.exists(), "recovery codes of nothing"


def test_a_browser_never_used_before_is_told_by_mail(anna: User, mailoutbox: list[Any]) -> None:
    first, _answer = by_password(anna)
    assert mails(mailoutbox) == [], "the very first one"
    first.post(reverse("account_logout"))
    by_password(anna, first)
    assert mails(mailoutbox) == [], "known"
    by_password(anna)
    assert "a browser that you have not used here before" in mails(mailoutbox)[0].body


def test_a_recovery_code_works_once_and_is_logged(anna: User) -> None:
    with_app(anna)
    (code, *_rest) = RecoveryCodes.activate(anna).generate_codes()
    client, _answer = by_password(anna)
    assert client.post(STEP, {"code": code}).status_code == 302
    client, _answer = by_password(anna)
    assert client.post(STEP, {"code": code}).status_code == 200
    assert "recovery_code_used" in logged(anna)


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("http://localhost:8000", True),
        ("http://localhost:9000", False),
        ("https://localhost:8000", False),
        ("https://evil.localhost", False),
        ("null", False),
        ("", False),
    ],
)
def test_a_passkeys_answer_comes_from_our_own_pages(settings: Any, origin: str, ours: bool) -> None:
    settings.PUBLIC_URL = "http://localhost:8000"
    said = SimpleNamespace(response=SimpleNamespace(client_data=SimpleNamespace(origin=origin)))
    if ours:
        _from_our_pages(said)
    else:
        with pytest.raises(ValidationError):
            _from_our_pages(said)


@pytest.mark.parametrize(
    ("url", "possible", "name"),
    [
        ("https://counter.example.org", True, "counter.example.org"),
        ("http://localhost:8000", True, "localhost"),
        ("http://counter.example.org", False, "counter.example.org"),
        ("https://192.0.2.7", False, "192.0.2.7"),
    ],
)
def test_passkeys_belong_to_the_public_name(
    client: Client, settings: Any, url: str, possible: bool, name: str
) -> None:
    settings.PUBLIC_URL = url
    assert factors.passkeys_possible() is possible
    assert (b"data-passkey" in client.get("/account/login/").content) is possible
    asked = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
    assert asked["request_options"]["publicKey"]["rpId"] == name


def test_what_the_passkeys_script_is_handed_is_json(anna: User) -> None:
    page = fresh(anna).get(reverse("mfa_add_webauthn")).content.decode()
    found = re.search(r'data-options="([^"]+)"', page)
    assert found
    options = json.loads(found[1].replace("&quot;", '"'))["publicKey"]
    assert options["rp"]["id"] == "localhost"
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|style=", page)


def test_an_address_that_is_not_proven_adds_no_factor(anna: User) -> None:
    EmailAddress.objects.create(user=anna, email=anna.email, verified=False, primary=True)
    page = fresh(anna).get(reverse("mfa_activate_totp"), follow=True)
    assert "First show that your address is yours" in page.content.decode()


def test_a_new_key_reaches_the_factors(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = with_app(anna)
    RecoveryCodes.activate(anna)
    old = " ".join(secrets.words())
    monkeypatch.setenv("COMPTOIR_KEYS", f"a-brand-new-word {old}")
    for each in security_restored.factors():
        each.keep(secrets.reseal(each.value))
    monkeypatch.setenv("COMPTOIR_KEYS", "a-brand-new-word")
    client, _answer = by_password(anna)
    assert client.post(STEP, {"code": code_of(secret)}).status_code == 302


def test_a_backup_that_comes_back_brings_no_sessions_and_says_whose_factor_is_closed(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _answer = by_password(anna)
    with_app(anna)
    monkeypatch.setenv("COMPTOIR_KEYS", "not the one of then")
    said = list(security_restored.everybody_signs_in_again(clock.now()))
    said += security_restored.factors_that_do_not_open(clock.now())
    assert "1 sessions of then are ended" in said[0]
    assert said[1].startswith("anna@brand.test")
    assert not Session.objects.exists()
    assert client.get(SECURITY).status_code == 302
