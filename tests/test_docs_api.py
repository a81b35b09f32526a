"""The examples of docs/api.md, typed as they stand there, against pages that run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from comptoir.inbox.tests.building import hear, house, said
from comptoir.organisation.models import ApiToken
from comptoir.organisation.models.api_token import SCOPES
from comptoir.web.tests.processes import running

PAGE = Path(__file__).parents[1] / "docs" / "api.md"
EXAMPLES = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.django_db(transaction=True)
def test_examples_work_as_they_stand() -> None:
    ours = house()
    hear(ours.channel, [said("m1")])
    _token, key = ApiToken.make(ours.people["agent"], "docs", SCOPES)
    thread = ours.thread()
    assert len(EXAMPLES) > 5
    with running("web", "/account/login/", WEB_WORKERS="1") as port:
        given = {
            "TOKEN": key,
            "HOME_OF_COMPTOIR": f"http://127.0.0.1:{port}",
            "BRAND": "verdier",
            "THREAD": str(thread.pk),
        }
        for example in EXAMPLES:
            answered = subprocess.run(
                ["sh", "-c", example],
                env={**os.environ, **given},
                capture_output=True,
                check=False,
                timeout=30,
            )
            assert answered.returncode == 0, (example, answered.stderr.decode())
            assert json.loads(answered.stdout)
    thread.refresh_from_db()
    assert thread.closed_at is not None
    assert thread.replies.count() == thread.notes.count() == 1
