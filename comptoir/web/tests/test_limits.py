"""Tries: whoever tries too often waits, nobody locks others out, and no header passes the counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from comptoir.kernel import clock
from comptoir.organisation.models import SignInLink, Tries, User
from comptoir.web.clients import Device, account, client_address, client_home, device_name
from comptoir.web.security_limits import FREE, FREE_ANYWHERE, unlock

pytestmark = pytest.mark.django_db
WORDS = "a long enough secret 7"
WAIT = "The password can be tried again in"


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    cache.clear()


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@brand.test", WORDS)


def attempt(client: Client, password: str = "wrong", email: str = "anna@brand.test", **how: Any) -> str:
    """Try a password; "in", or what the page says."""
    answer = client.post(reverse("account_login"), {"login": email, "password": password}, **how)
    return "in" if answer.status_code == 302 else answer.content.decode()


def known(anna: User) -> Client:
    """A browser that she signed in with, and out again."""
    client = Client()
    assert attempt(client, WORDS) == "in"
    client.post(reverse("account_logout"))
    return client


def use_up(email: str = "anna@brand.test") -> None:
    """What an attacker can do: wrong passwords from many addresses, until all unknown browsers have to wait."""
    for n in range(FREE_ANYWHERE + 4):
        attempt(Client(REMOTE_ADDR=f"203.0.113.{n}"), email=email)


def test_too_many_wrong_tries_make_one_wait_and_say_what_helps(anna: User) -> None:
    client = Client()
    pages = [attempt(client) for _ in range(FREE + 1)]
    assert [WAIT in page for page in pages] == [False] * FREE + [True]
    assert "a code sent to your address lets you in at once" in pages[-1]
    assert reverse("account_request_login_code") in pages[-1]
    assert WAIT in attempt(client, WORDS), "the right one has to wait too"
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        assert attempt(client, WORDS) == "in"


def test_waits_grow_and_are_forgotten(anna: User) -> None:
    client, now = Client(), clock.now()
    for minutes in (0, 0, 0, 0, 0, 1, 5, 15, 60, 60):
        now += timedelta(minutes=minutes, seconds=1)
        with time_machine.travel(now, tick=False):
            cache.clear()
            assert WAIT not in attempt(client), minutes
    with time_machine.travel(now + timedelta(minutes=59), tick=False):
        assert WAIT in attempt(client)
    with time_machine.travel(now + timedelta(hours=3, minutes=1), tick=False):
        assert [WAIT in attempt(client) for _ in range(FREE + 1)] == [False] * FREE + [True]


def test_nobody_is_locked_out_of_a_browser_they_use(anna: User) -> None:
    mine = known(anna)
    use_up()
    assert WAIT in attempt(Client(REMOTE_ADDR="198.51.100.7"), WORDS), "a browser that was never hers"
    assert attempt(mine, WORDS) == "in"


def test_nor_by_somebody_at_the_same_address(anna: User) -> None:
    mine, neighbour = known(anna), Client()
    for n in range(40):
        attempt(neighbour, email=f"u{n}@x.test")
    assert "too much" in attempt(neighbour).lower()
    assert attempt(mine, WORDS) == "in"


def test_a_browser_of_somebody_else_counts_as_unknown(anna: User) -> None:
    other = User.objects.create_user("other@brand.test", WORDS)
    theirs = Client()
    assert attempt(theirs, WORDS, other.email) == "in"
    theirs.post(reverse("account_logout"))
    use_up()
    assert WAIT in attempt(theirs, WORDS)


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", '{"name": "x"}'])
def test_a_browser_cannot_say_that_it_is_known(anna: User, rf: Any, cookie: str) -> None:
    request = rf.get("/")
    request.COOKIES["device"] = cookie
    assert Device.of(request) == Device()
    known(anna)
    use_up()
    client = Client(REMOTE_ADDR="198.51.100.7")
    client.cookies["device"] = cookie
    assert WAIT in attempt(client, WORDS)


def test_an_account_that_does_not_exist_waits_all_the_same(anna: User) -> None:
    pages = []
    for email in (anna.email, "nobody@brand.test"):
        client = Client(REMOTE_ADDR="198.51.100.9")
        cache.clear()
        pages.append([WAIT in attempt(client, email=email) for _ in range(FREE + 1)])
    assert pages[0] == pages[1]
    assert anna.email not in str(list(Tries.objects.values())), "digests"


def test_a_code_by_mail_is_the_way_back(anna: User) -> None:
    mine = known(anna)
    for _ in range(FREE):
        attempt(mine)
    assert WAIT in attempt(mine, WORDS)
    answer = mine.post(reverse("account_request_login_code"), {"email": anna.email})
    assert answer["Location"] == reverse("account_confirm_login_code")


def test_unlocking_lets_them_try_at_once(anna: User) -> None:
    use_up()
    unlock(anna)
    assert attempt(Client(REMOTE_ADDR="198.51.100.7"), WORDS) == "in"


def test_old_counts_are_cleared(anna: User) -> None:
    attempt(Client())
    mine = Tries.objects.filter(account=f"password:{account(anna.email)}")
    Tries.clear_old()
    assert mine.count() == 2
    with time_machine.travel(clock.now() + timedelta(hours=5)):
        Tries.clear_old()
    assert not mine.exists()


# The real client, also behind proxies


def _sign_in(client: Client, n: int, **how: Any) -> Any:
    return client.post(reverse("account_login"), {"login": f"u{n}@x.test", "password": "wrong"}, **how)


def _code(client: Client, n: int, **how: Any) -> Any:
    return client.post(reverse("account_request_login_code"), {"email": f"u{n}@x.test"}, **how)


def _reset(client: Client, n: int, **how: Any) -> Any:
    return client.post(reverse("account_reset_password"), {"email": f"u{n}@x.test"}, **how)


def _passkey(client: Client, n: int, **how: Any) -> Any:
    return client.post(reverse("mfa_login_webauthn"), {"credential": "{}"}, **how)


def _link(client: Client, n: int, **how: Any) -> Any:
    return client.post(reverse("owner-link", args=["x" * 43]), **how)


def _join(client: Client, n: int, **how: Any) -> Any:
    return client.post(reverse("join"), {"email": f"u{n}@company.test"}, **how)


def _invitation(client: Client, n: int, **how: Any) -> Any:
    return client.post(reverse("acceptance", args=["x" * 43]), **how)


def _identity(client: Client, n: int, **how: Any) -> Any:
    return client.get(reverse("sso-back"), **how)


LIMITED = {
    "sign-in": _sign_in,
    "code": _code,
    "reset": _reset,
    "passkey": _passkey,
    "link": _link,
    "join": _join,
    "invitation": _invitation,
    "identity": _identity,
}


def _stopped(answer: Any) -> bool:
    return answer.status_code == 429 or "Too many" in answer.content.decode()


@pytest.mark.parametrize("trusted", [0, 1, 2])
@pytest.mark.parametrize("where", LIMITED)
def test_a_forged_header_passes_no_limit(settings: Any, where: str, trusted: int) -> None:
    """`trusted` proxies append what they see; the client writes whatever it likes before that, each time other."""
    settings.TRUSTED_PROXIES = trusted
    settings.OIDC_ISSUER = "https://id.example"
    # Each request as our own server gets it: through the proxies there are, from a client that lies in front.
    seen = {0: "", 1: ", 198.51.100.5", 2: ", 198.51.100.5, 10.0.0.1"}[trusted]

    def how(client: str, n: int) -> dict[str, Any]:
        own = client if trusted == 0 else "10.0.0.2"
        passed = f"203.0.113.{n}, 192.0.2.{n}" + seen.replace("198.51.100.5", client)
        return {"REMOTE_ADDR": own, "headers": {"X-Forwarded-For": passed}}

    asked = LIMITED[where]
    answers = [asked(Client(), n, **how("198.51.100.5", n)) for n in range(45)]
    assert _stopped(answers[-1]), f"{where}: a forged header passes"
    assert not _stopped(answers[0])
    assert not _stopped(asked(Client(), 99, **how("198.51.100.6", 1))), "another client is not stopped"


@pytest.mark.parametrize("where", LIMITED)
def test_a_whole_ipv6_home_counts_as_one_client(settings: Any, where: str) -> None:
    settings.OIDC_ISSUER = "https://id.example"
    asked = LIMITED[where]
    answers = [asked(Client(), n, REMOTE_ADDR=f"2001:db8:1:2:{n:x}::{n:x}") for n in range(45)]
    assert _stopped(answers[-1])
    assert not _stopped(asked(Client(), 99, REMOTE_ADDR="2001:db8:1:3::1"))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("1.2.3.4:5678", "1.2.3.4"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", "9.9.9.9"),
        ("_hidden", "9.9.9.9"),
        ("1.2.3.4.5", "9.9.9.9"),
        ("' OR 1=1", "9.9.9.9"),
    ],
)
def test_addresses_have_one_form(rf: Any, settings: Any, written: str, found: str) -> None:
    settings.TRUSTED_PROXIES = 1
    assert client_address(rf.get("/", REMOTE_ADDR="9.9.9.9", headers={"X-Forwarded-For": written})) == found


def test_homes(rf: Any) -> None:
    assert client_home(rf.get("/", REMOTE_ADDR="2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::"
    assert client_home(rf.get("/", REMOTE_ADDR="::ffff:1.2.3.4")) == "1.2.3.4"
    assert client_home(rf.get("/", REMOTE_ADDR="")) == "unknown"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36 "
            "Edg/140.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_devices_have_names(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_a_link_spent_from_elsewhere_is_counted_by_client(anna: User) -> None:
    """Guessing links is as limited as guessing passwords, and a right one works meanwhile elsewhere."""
    for _ in range(31):
        _link(Client(REMOTE_ADDR="198.51.100.5"), 0)
    good = reverse("owner-link", args=[SignInLink.issue(anna)])
    assert Client(REMOTE_ADDR="198.51.100.5").post(good).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.6").post(good).status_code == 302


def test_mail_to_one_address_is_bounded_whoever_asks(anna: User) -> None:
    for n in range(FREE_ANYWHERE + 5):
        client = Client(REMOTE_ADDR=f"203.0.113.{n}")
        last = client.post(reverse("account_reset_password"), {"email": anna.email})
    assert "Too many mails were asked for" in last.content.decode()
    mine = known(anna)
    assert mine.post(reverse("account_reset_password"), {"email": anna.email}).status_code == 302
