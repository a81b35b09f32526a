"""Every notice that any room posts is of a topic that has its words, and every topic is posted."""

import re
from pathlib import Path

from comptoir.organisation.topics import TOPICS, WAYS

ROOT = Path(__file__).parents[2]
POSTED = re.compile(r"(?:Notice\.post\(|Draft\()\s*[\w.]+,\s*\"(\w+)\"")


def test_every_notice_has_its_topic() -> None:
    sources = [p for p in (ROOT / "comptoir").rglob("*.py") if "tests" not in p.parts]
    text = "\n".join(p.read_text() for p in sources if p.name != "topics.py")
    posted = set(POSTED.findall(text))
    assert len(posted) > 3
    assert posted <= set(TOPICS)
    assert not {code for code in TOPICS if f'"{code}"' not in text}


def test_the_docs_name_every_kind() -> None:
    page = (ROOT / "docs" / "notices.md").read_text()
    assert len(WAYS) == 3
    assert not [topic.label for topic in TOPICS.values() if topic.label not in page]
