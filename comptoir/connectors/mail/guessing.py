"""What an answer answers when its programme does not say: only where subject, person and time leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from comptoir.connectors.mail.headers import MOST, Headers
from comptoir.connectors.mail.mailbox import Mailbox, day
from comptoir.connectors.mail.reading import Letter
from comptoir.connectors.mail.wire import Garbled, quoted
from comptoir.networks.connector import Refused, TryLater

ANSWERS = re.compile(r"^\s*((re|aw|sv|antw|r[eé]f|r[eé]p|rif|odp)\s*(\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
"""What stands before the subject of an answer."""
_SHORTEST = 8
"""Characters of a subject that says enough: "Re: Hello" could answer anything."""
_WITHIN = timedelta(days=30)


def is_lost(letter: Letter) -> bool:
    """Whether a message calls itself an answer and does not say to what."""
    headers = letter.headers
    subject = headers.text("subject")
    bare = ANSWERS.sub("", subject)
    said = headers.ids("in-reply-to") or headers.ids("references")
    return not said and bare != subject and len(bare.strip()) >= _SHORTEST and not letter.is_report


def answered(mailbox: Mailbox, sent: str, letter: Letter) -> Headers | None:
    """The head of the last message that we sent to this person under this subject, shortly before."""
    people = letter.headers.mailboxes("from")
    bare = _bare(letter.headers)
    if len(people) != 1 or not people[0].address.isascii():
        return None
    words = ("SINCE", day((letter.arrived - _WITHIN).date()), "TO", quoted(people[0].address), "SUBJECT")
    try:
        mailbox.examine(sent)
        return _last(mailbox, words, bare)
    except (Garbled, Refused, TryLater):
        # A server that cannot search like that leaves a guess unmade, no mail unread.
        return None


def _last(mailbox: Mailbox, words: Sequence[str], bare: str) -> Headers | None:
    for uid in reversed(mailbox.search(*words, literal=bare.encode())[-3:]):
        found = mailbox.fetch([uid], f"BODY.PEEK[HEADER]<0.{MOST}>").get(uid, {})
        raw = next((value for name, value in found.items() if name.startswith("BODY[")), None)
        headers = Headers(raw) if isinstance(raw, bytes) else None
        if headers and _bare(headers) == bare and headers.ids("message-id"):
            return headers
    return None


def _bare(headers: Headers) -> str:
    return " ".join(ANSWERS.sub("", headers.text("subject")).split()).casefold()
