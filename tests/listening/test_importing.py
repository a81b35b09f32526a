"""A query of another tool brought over: in the editor without a script, and by programs."""

from __future__ import annotations

import json

import pytest

from comptoir.inbox.tests.building import browser, house
from comptoir.listening.models import Query
from comptoir.organisation.models import ApiToken
from tests.listening.test_pages import at

pytestmark = pytest.mark.django_db
FOREIGN = "“iced tea” country:fra engagementType:RETWEET continent:europe"


def test_in_the_editor_one_sees_what_was_changed_and_what_could_not_be() -> None:
    verdier = house()
    manager = browser(verdier.people["manager"])
    made = Query.make(verdier.brand, verdier.people["manager"], "Tea", "teapot")
    for address in (at(verdier, "queries/new/"), at(verdier, f"queries/{made.pk}/edition/")):
        page = manager.post(
            address, {"name": "Tea", "text": FOREIGN, "tool": "", "take": "1"}
        ).content.decode()
        assert "Read as a query of Brandwatch" in page
        assert (
            "&quot;iced tea&quot; country:fr is:share &lt;&lt;&lt;continent:europe&gt;&gt;&gt; </textarea>"
            in page
        )
        assert "<code>continent:europe</code> There is nothing like it here." in page
        assert "Quotes of a word processor became plain ones." in page
        back = manager.post(address, {"name": "Tea", "text": "", "mend": FOREIGN}).content.decode()
        assert "“iced tea” country:fra" in back
    plain = manager.post(at(verdier, "queries/new/"), {"name": "x", "text": "tea", "tool": "", "take": "1"})
    assert "Nothing in it tells which tool it is of" in plain.content.decode()
    made.refresh_from_db()
    assert (made.text, Query.objects.of(verdier.brand).count()) == ("teapot", 1)


def test_programs_have_a_query_written_as_ours() -> None:
    verdier = house()
    manager = verdier.people["manager"]
    _token, secret = ApiToken.make(manager, "p", ["threads:read", "threads:write"])
    client = browser(manager)

    def asked(**given: str) -> tuple[int, dict[str, object]]:
        answer = client.post(
            f"/api/v1/brands/{verdier.brand.slug}/queries/imports", json.dumps(given), "application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip
        return answer.status_code, answer.json()

    assert asked(text="tea near/2:pot,cup or mug")[1]["tool"] == "awario"
    assert asked(text="+Orange box", tool="talkwalker") == (
        200,
        {
            "text": "{Orange} box", "tool": "talkwalker", "problems": [],
            "changes": [{"why": "exact", "given": "+Orange", "read": "{Orange}"}],
        },
    )  # fmt: skip
    assert asked(text="(tea", tool="x")[1]["problems"] == [
        {"column": 1, "words": "This parenthesis is not closed."}
    ]
    assert asked(text="tea", tool="other")[0] == 422
