"""What machines write: automatic answers, delivery reports, mail to many. Their head tells, seldom their words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from comptoir.connectors.mail.headers import Headers, in_charset
from comptoir.connectors.mail.structure import Part

ANSWER, BULK, RETURNED, DELAYED = "answer", "bulk", "returned", "delayed"
_AWAY = re.compile(
    r"^\s*(automatic reply|auto(matic)?[ -]?(reply|response)|out of (the )?office|réponse automatique|"
    r"absence du bureau|absent du bureau|message d.absence|automatische antwort|abwesenheit|abwesend|"
    r"respuesta automática|fuera de (la )?oficina|risposta automatica|fuori sede|automatisch antwoord|"
    r"afwezig|resposta automática)\b",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|mdaemon|double-bounce)$", re.IGNORECASE)
_FAILED = re.compile(
    r"undeliver|returned mail|delivery (status|failure|has failed|failed|error|problem)|failure notice|"
    r"mail delivery (failed|system|subsystem)|non remis|échec|unzustellbar|could not be delivered|no entregado",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"delayed|retardé|verzögert|will (be )?retr|still being retried|warning only", re.IGNORECASE
)
_CODE = re.compile(r"\b[45]\d\d[ -](?:[245]\.\d{1,3}\.\d{1,3})?[^\n]{0,300}")
_FIELD = re.compile(r"([!-9;-~]{1,60}):[ \t]*(.*)")


@dataclass(frozen=True, slots=True)
class Report:
    """What a delivery report says: of which message, whether it is the end, and why."""

    kind: str
    about: str = ""
    references: tuple[str, ...] = ()
    reason: str = ""


def kind_of(headers: Headers, own_list: str, known: bool) -> str:
    """ "answer" for an automatic answer, "bulk" for what went to many or came by itself, "" for a person's words.

    `own_list`: an address of ours; a list of that name is how the mailbox gets its mail. `known`: it answers something
    that we wrote. A form on a website sends by itself too, but names somebody to answer.
    """
    automatic = headers.word("auto-submitted")
    if automatic.startswith("auto-replied") or _is_answer(headers):
        return ANSWER
    form = _names_somebody(headers)
    sent_by_itself = (automatic not in ("", "no")) or "x-auto-response-suppress" in headers
    if sent_by_itself and not form:
        return ANSWER if headers.ids("in-reply-to") and known else BULK
    if known:
        return ""
    many = headers.word("precedence") in ("bulk", "list", "junk") or "feedback-id" in headers
    listed = "list-id" in headers or "list-unsubscribe" in headers
    if listed and not _is_ours(headers, own_list):
        return BULK
    return BULK if many and not form and not listed else ""


def _is_answer(headers: Headers) -> bool:
    null = headers.raw("return-path").strip() == "<>"
    away = (
        "x-autoreply" in headers or "x-autorespond" in headers or headers.word("x-precedence") == "auto_reply"
    )
    precedence = headers.word("precedence") in ("auto_reply", "auto-reply")
    return null or away or precedence or bool(_AWAY.match(headers.text("subject")))


def _names_somebody(headers: Headers) -> bool:
    """A Reply-To that is somebody else than the sender, and nobody's machine."""
    senders = {box.address.lower() for box in headers.mailboxes("from")}
    named = {box.address.lower() for box in headers.mailboxes("reply-to")} - senders
    return any(not re.match(r"(no|do.?not|ne.?pas).?(re|answer|r[eé]p)", each) for each in named)


def _is_ours(headers: Headers, address: str) -> bool:
    """Whether the list is the brand's own address, as where a group hands its mail on to a mailbox."""
    name, _at, domain = address.lower().partition("@")
    said = f"{headers.raw('list-id')} {headers.raw('list-post')}".lower()
    return f"{name}.{domain}" in said or f"mailto:{address.lower()}" in said


def report_parts(root: Part) -> tuple[Part | None, Part | None]:
    """The status and the returned message (or its head) of a delivery report."""
    parts = list(root.walk())
    status = next(
        (p for p in parts if p.kind in ("message/delivery-status", "message/global-delivery-status")), None
    )
    kinds = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
    return status, next((p for p in parts if p.kind in kinds), None)


def looks_returned(headers: Headers, root: Part) -> bool:
    """A report, in the standard's form or in an older one."""
    if (
        root.kind == "multipart/report"
        and root.params.get("report-type", "delivery-status") == "delivery-status"
    ):
        return True
    sender = next((box.address for box in headers.mailboxes("from")), "").split("@")[0]
    daemon = bool(_DAEMON.match(sender)) or headers.raw("return-path").strip() == "<>"
    return daemon and ("x-failed-recipients" in headers or bool(_FAILED.search(headers.text("subject"))))


def read_report(headers: Headers, status: bytes, original: bytes, text: str) -> Report:
    """What a report says. Its kind is "answer" when it only confirms that the message arrived."""
    head = Headers(original.lstrip())
    about = next(iter(head.ids("message-id")), "")
    references = tuple(head.ids("references") or head.ids("in-reply-to"))
    groups = _groups(in_charset(status, "utf-8"))
    for action, kind in (("failed", RETURNED), ("delayed", DELAYED)):
        for group in groups:
            if group.get("action", "").split(" ")[0].lower() == action:
                return Report(kind, about, references, _reason(group))
    if groups and any("action" in group for group in groups):
        return Report(ANSWER, about, references)
    said = f"{headers.text('subject')}\n{text}"
    kind = DELAYED if _LATE.search(said[:2_000]) else RETURNED
    whom = headers.text("x-failed-recipients")
    found = _CODE.search(text)
    reason = " ".join((found[0] if found else "").split())
    return Report(kind, about, references, ": ".join(each for each in (whom, reason) if each)[:400])


def _groups(text: str) -> list[Mapping[str, str]]:
    """The status's paragraphs, one a recipient after the first, folded lines joined."""
    unfolded = re.sub(r"\r?\n[ \t]+", " ", text[:50_000].replace("\r\n", "\n"))
    paragraphs = re.split(r"\n\s*\n", unfolded)[:50]
    return [
        {
            found[1].lower(): found[2].strip()
            for found in map(_FIELD.fullmatch, paragraph.split("\n"))
            if found
        }
        for paragraph in paragraphs
    ]


def _reason(group: Mapping[str, str]) -> str:
    """In the receiving server's words: whom it was for, and what it said."""
    whom = (group.get("final-recipient") or group.get("original-recipient", "")).partition(";")[2].strip()
    said = group.get("diagnostic-code", "").partition(";")[2].strip() or group.get("status", "")
    return ": ".join(each for each in (whom, " ".join(said.split())) if each)[:400]
