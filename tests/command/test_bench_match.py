"""The bench of matching, small."""

import json

import pytest

from comptoir.bench import match
from comptoir.command.main import main


def test_queries_are_matched_rightly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"WARM": 200, "POSTS": 600, "CHECKED": 3_000, "CLAIMED": 50, "CHANGES": 40}.items():
        monkeypatch.setattr(match, name, value)
    assert main(["bench", "match", "--queries", "300", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["queries"] == 300
    assert figures["wrong"] == 0
    assert figures["checked"] >= 3_000
    assert figures["matches_per_post"] > 0
    assert figures["posts_per_s"] > 500
    assert figures["longest_pause_ms"] < 1_000
