"""The ways in: password, code by mail, printed link; who is told nothing, and who has tried too often."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.kernel import clock
from comptoir.organisation.models import Brand, Membership, SignInLink, User
from comptoir.web.accounts import client_address
from comptoir.web.jobs import post_mail

pytestmark = pytest.mark.django_db
WORDS = "a long enough secret 7"


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@brand.test", WORDS)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def try_password(client: Client, email: str, password: str, **how: Any) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password}, **how)


def posted(mailoutbox: list[Any]) -> list[Any]:
    """Run the mail jobs that wait, twice each as any job may be; what went out."""
    for job in ProcrastinateJob.objects.filter(task_name="comptoir.web.jobs.post_mail", status="todo"):
        post_mail(**job.args)
    return mailoutbox


def test_a_password_signs_in(client: Client, anna: User) -> None:
    answer = try_password(client, "Anna@Brand.test", WORDS)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client)


def test_nobody_learns_who_has_an_account(client: Client, anna: User) -> None:
    wrong = try_password(client, anna.email, "not this one")
    nobody = try_password(client, "who@brand.test", "not this one")
    assert wrong.status_code == nobody.status_code == 200
    told = [re.sub(r'value="[^"]*"', "", page.content.decode()) for page in (wrong, nobody)]
    assert told[0] == told[1]
    assert not signed_in(client)


@pytest.mark.parametrize("email", ["anna@brand.test", "who@brand.test"])
def test_a_code_is_asked_for_in_the_same_way_by_all(anna: User, email: str, mailoutbox: list[Any]) -> None:
    client = Client()
    answer = client.post(reverse("account_request_login_code"), {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_confirm_login_code"))
    assert client.get(answer["Location"]).status_code == 200
    assert ProcrastinateJob.objects.count() == 1, "as much work for a stranger"
    assert len(posted(mailoutbox)) == (email == anna.email)


def test_a_code_signs_in_once(client: Client, anna: User, mailoutbox: list[Any]) -> None:
    client.post(reverse("account_request_login_code"), {"email": anna.email})
    assert anna.email not in str(ProcrastinateJob.objects.get().args), "sealed in the queue"
    (mail,) = posted(mailoutbox)
    assert mail.to == [anna.email]
    code = next(word for word in mail.body.split() if re.fullmatch(r"[A-Z0-9]{2,}-?[A-Z0-9]{2,}", word))
    wrong = client.post(reverse("account_confirm_login_code"), {"code": "XXXX-XXXX"})
    assert wrong.status_code == 200
    assert not signed_in(client)
    answer = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client)


def test_mail_is_in_the_persons_language(anna: User, mailoutbox: list[Any]) -> None:
    for language in ("en", "fr"):
        client = Client(headers={"Accept-Language": language})
        client.post(reverse("account_request_login_code"), {"email": anna.email})
        client.post(reverse("account_reset_password"), {"email": anna.email})
    assert {mail.subject for mail in posted(mailoutbox)} == {
        "Your code for Comptoir",
        "A new password for Comptoir",
        "Votre code pour Comptoir",
        "Un nouveau mot de passe pour Comptoir",
    }


def test_nobody_signs_up(client: Client) -> None:
    answer = client.get("/account/signup/")
    assert answer["Location"] == reverse("account_login")
    client.post("/account/signup/", {"email": "x@x.test", "password1": WORDS, "password2": WORDS})
    assert not User.objects.exists()


def test_a_reset_goes_to_our_own_address_only(client: Client, anna: User, mailoutbox: list[Any]) -> None:
    client.post(reverse("account_reset_password"), {"email": anna.email}, headers={"host": "127.0.0.1"})
    (mail,) = posted(mailoutbox)
    link = next(word for word in mail.body.split() if "/account/password/reset/key/" in word)
    assert link.startswith(settings.PUBLIC_URL + "/")
    page = client.get(link.removeprefix(settings.PUBLIC_URL), follow=True)
    form = page.redirect_chain[-1][0]
    client.post(form, {"password1": WORDS + "x", "password2": WORDS + "x"})
    assert try_password(client, anna.email, WORDS + "x").status_code == 302


def test_tries_are_counted(client: Client, anna: User) -> None:
    cache.clear()
    pages = [try_password(client, anna.email, f"wrong {n}") for n in range(6)]
    assert "too many" in pages[5].content.decode().lower()
    right = try_password(client, anna.email, WORDS)
    assert not signed_in(client), right.content


def test_an_address_that_tries_all_names_is_stopped(client: Client) -> None:
    cache.clear()
    answers = [try_password(client, f"u{n}@x.test", "wrong") for n in range(31)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"]
    assert (
        try_password(client, "u@x.test", "wrong", headers={"X-Forwarded-For": "9.9.9.9"}).status_code == 429
    )
    assert try_password(client, "u@x.test", "wrong", REMOTE_ADDR="9.9.9.9").status_code == 200


@pytest.mark.parametrize(
    ("trusted", "passed", "found"),
    [
        (0, "1.1.1.1", "7.7.7.7"),
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "2.2.2.2", "7.7.7.7"),
        (1, "", "7.7.7.7"),
    ],
)
def test_a_forwarding_header_is_believed_only_from_trusted_proxies(
    rf: Any, settings: Any, trusted: int, passed: str, found: str
) -> None:
    settings.TRUSTED_PROXIES = trusted
    request = rf.get("/", REMOTE_ADDR="7.7.7.7", headers={"X-Forwarded-For": passed})
    assert client_address(request) == found


def test_looking_at_the_link_spends_nothing(client: Client, anna: User) -> None:
    url = reverse("owner-link", args=[SignInLink.issue(anna)])
    for _look in range(2):
        page = client.get(url)
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
    assert client.head(url).status_code == 200
    assert not signed_in(client)
    assert client.post(url)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(anna.pk)


def test_the_link_works_once(client: Client, anna: User) -> None:
    url = reverse("owner-link", args=[SignInLink.issue(anna)])
    client.post(url)
    for again in (Client().post(url), Client().get(url)):
        assert again.status_code == 410
        assert b"comptoir owner-link" in again.content


def test_the_link_works_for_a_quarter_of_an_hour(anna: User) -> None:
    url = reverse("owner-link", args=[SignInLink.issue(anna)])
    with time_machine.travel(clock.now() + timedelta(minutes=14, seconds=58)):
        assert Client().get(url).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)):
        assert Client().get(url).status_code == 410
        client = Client()
        assert client.post(url).status_code == 410
        assert not signed_in(client)


def test_a_new_link_ends_the_one_before(anna: User) -> None:
    first, second = SignInLink.issue(anna), SignInLink.issue(anna)
    assert Client().post(reverse("owner-link", args=[first])).status_code == 410
    assert Client().post(reverse("owner-link", args=[second])).status_code == 302


def test_whoever_was_sent_away_is_not_let_in_by_a_link(client: Client, anna: User) -> None:
    url = reverse("owner-link", args=[SignInLink.issue(anna)])
    User.objects.update(is_active=False)
    assert client.post(url).status_code == 410
    assert not signed_in(client)


def test_forms_need_their_token(anna: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert try_password(strict, anna.email, WORDS).status_code == 403
    assert strict.post(reverse("owner-link", args=[SignInLink.issue(anna)])).status_code == 403


def test_a_right_that_ends_closes_the_streams(
    client: Client, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(
        "comptoir.web.security_watch.revoke", lambda *whose, **how: told.append((*whose, how))
    )
    client.force_login(anna)
    session: Any = client.session
    assert client.post(reverse("account_logout")).status_code == 302
    brand = Brand.objects.create(name="B", slug="b")
    Membership.objects.create(user=anna, brand=brand)
    Membership.objects.all().delete()
    anna.is_active = False
    anna.save()
    assert told == [(anna.pk, {"session": session.handle}), (anna.pk, brand.pk, {}), (anna.pk, {})]


@pytest.mark.parametrize(
    ("asked", "chosen", "heard"), [("fr", "", "fr"), ("fr", "en", "en"), ("de", "", "en")]
)
def test_the_language_is_the_browsers_then_the_persons(
    client: Client, anna: User, asked: str, chosen: str, heard: str
) -> None:
    User.objects.update(language=chosen)
    client.force_login(User.objects.get())
    page = client.get(reverse("settings"), headers={"Accept-Language": asked})
    assert page["Content-Language"] == heard


def test_pages_are_strict(client: Client) -> None:
    page = client.get(reverse("account_login"))
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert not re.search(rb"<script(?![^>]*\bsrc=)|<style|\son\w+=|style=", page.content)
