"""Nothing about people gets into the log, whoever writes it."""

from __future__ import annotations

import json
import logging

import pytest

from comptoir.kernel import logs

SECRETS = {
    "ana.ruiz@example.org": "mail to ana.ruiz@example.org bounced",
    "@amelie@town.example": "no such person: @amelie@town.example",
    "lise.bsky.example": "https://bsky.example/profile/lise.bsky.example/post/3k gave 404",
    "hunter2": "could not connect: postgresql://comptoir:hunter2@db.example/comptoir",
    "s3cr3t-w0rd": "login failed with password=s3cr3t-w0rd",
    "gAAAAABhZ0": "Job post_mail(sealed='gAAAAABhZ0123456789abcdefghijklmnop==')",
    "TMj3nQkZyBKaTaz8": "Not Found: /owner/TMj3nQkZyBKaTaz8sTBv0gItAy0vVATJUo87IwTbFhY/",
    "(ana)": "duplicate key\nDETAIL:  Key (email)=(ana) already exists.",
    "stupid ferry": 'cannot store "what a stupid ferry, never again"',
}


def written(formatter: logging.Formatter, text: str) -> str:
    """What the log has of an error whose text this is."""
    try:
        raise ValueError(text)
    except ValueError as error:
        why = (ValueError, error, error.__traceback__)
        return formatter.format(
            logging.LogRecord("comptoir.test", logging.ERROR, "", 0, "thread %s", (12,), why)
        )


@pytest.mark.parametrize("formatter", [logs.Lines(), logs.Json()])
@pytest.mark.parametrize("secret", SECRETS)
def test_an_error_says_where_and_not_about_whom(formatter: logging.Formatter, secret: str) -> None:
    said = written(formatter, SECRETS[secret])
    assert secret not in said
    assert "thread 12" in said
    assert "ValueError" in said
    assert __file__ in said, "the places that it came by are there"


def test_what_helps_stays() -> None:
    for text in (
        "channel 7: rate_limited at mastodon.example (not sent)",
        'relation "inbox_thread" does not exist',
        "2026-11-22 10:11:12,123 b/<slug:brand>/threads/<number:pk>/",
        "comptoir.networks.jobs.fetch[1812](channel_id=7)",
    ):
        assert logs.scrubbed(text) == text


def test_a_line_of_json_says_when_who_and_for_which_request() -> None:
    token = logs.request_id.set("0123abcd")
    try:
        said = json.loads(written(logs.Json(), "broken"))
    finally:
        logs.request_id.reset(token)
    assert said["at"].endswith("+00:00")
    assert (said["level"], said["logger"], said["request"]) == ("ERROR", "comptoir.test", "0123abcd")
    assert "broken" in said["error"]


def test_what_a_process_prints_becomes_json_once() -> None:
    assert json.loads(logs.told("web", "ready"))["message"] == "ready"
    assert logs.told("web", '{"at": "now"}') == '{"at": "now"}'
