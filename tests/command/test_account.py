"""`comptoir account`: the host helps whoever lost their factors, or may not come in any more."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from comptoir.command.accounts import account
from comptoir.inbox.tests.building import browser
from comptoir.organisation.models import Session, User
from comptoir.web.tests.signing import WORDS, mails, with_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    cache.clear()
    return User.objects.create_user("anna@brand.test", WORDS, name="Anna")


def test_the_host_helps_by_the_terminal(
    anna: User, capsys: pytest.CaptureFixture[str], mailoutbox: list[Any]
) -> None:
    with_app(anna)
    browser(anna)
    assert account("Anna@brand.test", False, False, False) == 0
    said = capsys.readouterr().out
    assert "app" in said
    assert "1 open" in said
    assert account(anna.email, True, True, True) == 0
    assert "second step   none" in capsys.readouterr().out
    assert not Session.objects.of(anna).exists()
    assert "Whoever runs this Comptoir removed your app" in mails(mailoutbox)[0].body
    assert account("nobody@brand.test", False, False, False) == 1
