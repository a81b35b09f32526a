"""Whatever code a connector or the rooms raise, a person reads a sentence in their language."""

import re
from pathlib import Path

from comptoir.networks.sentences import sentence

ROOT = Path(__file__).parents[2] / "comptoir"
RAISED = re.compile(r"\b(?:Refused|TryLater|Reconnect|Unanswered|ConnectorError)\(\s*\"([a-z_]+)\"")


def test_every_code_has_a_sentence() -> None:
    sources = [p for folder in ("connectors", "networks") for p in (ROOT / folder).rglob("*.py")]
    raised = {
        (code, str(path.relative_to(ROOT)))
        for path in sources
        if "tests" not in path.parts
        for code in RAISED.findall(path.read_text())
    }
    assert raised
    without = sentence("a code that nobody knows", {}, "Net").partition("(")[0]
    assert not {(code, path) for code, path in raised if sentence(code, {}, "Net").startswith(without)}
