"""Settling in: which servers, which folders, from where on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from comptoir.connectors.mail.mailbox import Mailbox
from comptoir.connectors.mail.places import FIRST, PATIENCE, Place, candidates, is_address
from comptoir.connectors.mail.smtp import Post
from comptoir.connectors.mail.wire import folder_name
from comptoir.networks.connector import Actor, Connected, Http, Reconnect, Refused, TryLater

_NAMES = {
    "sent": ("sent", "sent items", "sent messages", "sent mail", "gesendet", "gesendete elemente", "envoyés",
             "messages envoyés", "éléments envoyés", "enviados", "inviata", "posta inviata", "verzonden"),
    "drafts": ("drafts", "draft", "brouillons", "entwürfe", "borradores", "bozze", "concepten"),
}  # fmt: skip


def settle(http: Http, answers: Mapping[str, str], now: datetime, known: Mapping[str, Any]) -> Connected:
    """Log in on both servers. Refused says which answer is wrong.

    `known` are the settings of the channel that is connected again: its messages keep their ids, wherever it moved.
    """
    address = answers.get("address", "").strip()
    if not is_address(address):
        raise Refused("answer_invalid", field="address")
    domain = address.rsplit("@", 1)[1].lower()
    user = answers.get("user", "").strip() or address
    password = answers.get("password", "")
    inbox = folder_name(answers.get("folder", "").strip() or "INBOX")
    imap, mailbox = _first_mailbox(http, answers, domain, user, password)
    with mailbox:
        opened = {"inbox": mailbox.examine(inbox)}
        folders = {key: _folder(mailbox, key) for key in ("sent", "drafts")}
        if folders["sent"]:
            opened["sent"] = mailbox.examine(folders["sent"])
    smtp = _first_post(http, answers, domain, user, password, imap.host)
    settings: dict[str, Any] = {
        "address": address,
        "name": answers.get("name", "").strip(),
        "user": user,
        "folder": answers.get("folder", "").strip() or "INBOX",
        "inbox": inbox,
        **folders,
        **imap.settings("imap"),
        **smtp.settings("smtp"),
        "box": _name(user, imap, known if str(known.get("address", "")).lower() == address.lower() else {}),
        "since": now.timestamp(),
        "floors": {key: [state.validity, state.next] for key, state in opened.items()},
    }
    me = Actor(address.lower(), address, answers.get("name", "").strip())
    return Connected(me, {"password": password}, settings)


def _name(user: str, imap: Place, known: Mapping[str, Any]) -> str:
    """What sets the ids of this mailbox apart: who may log in, and where. Nobody else can take it."""
    return str(known.get("box") or f"{user.lower()}/{imap.host}")


def _first_mailbox(
    http: Http, answers: Mapping[str, str], domain: str, user: str, password: str
) -> tuple[Place, Mailbox]:
    """The first server that there is, and the mailbox on it."""
    said: Exception | None = None
    guessed = not answers.get("imap_host", "").strip()
    for place in candidates("imap", answers, domain):
        try:
            return place, Mailbox.open(http, place, user, password, FIRST if guessed else PATIENCE)
        except Exception as error:
            said = _telling(said, error, place, "imap")
    raise said or Refused("no_mail_server", field="imap_host", domain=domain)


def _first_post(
    http: Http, answers: Mapping[str, str], domain: str, user: str, password: str, near: str
) -> Place:
    """The first server that would take our mail."""
    said: Exception | None = None
    guessed = not answers.get("smtp_host", "").strip()
    for place in candidates("smtp", answers, domain, near):
        try:
            with Post.open(http, place, user, password, domain, FIRST if guessed else PATIENCE):
                return place
        except Exception as error:
            said = _telling(said, error, place, "smtp")
    raise said or Refused("no_mail_server", field="smtp_host", domain=domain)


def _telling(before: Exception | None, error: Exception, place: Place, service: str) -> Exception:
    """The error to show if no server does: what a server said goes before that there was none.

    A server that was reached and says no is the right one: no other is asked with the same password.
    """
    code = str(getattr(error, "code", ""))
    if isinstance(error, Reconnect):
        raise Refused(error.code, **{**error.facts, "field": "password"}) from None
    if isinstance(error, Refused) and code != "no_starttls":
        raise Refused(code, **{"field": f"{service}_security", **error.facts}) from None
    if not code:
        raise error
    if code == "tls":
        error = Refused("tls_failed", host=place.host, field=f"{service}_host")
    elif isinstance(error, TryLater) and error.code in ("unreachable", "no_answer"):
        error = Refused("no_mail_server", field=f"{service}_host", domain=place.host)
    elif not isinstance(error, Refused | TryLater):
        error = Refused(
            "no_mail_server" if code != "inside" else "forbidden", field=f"{service}_host", domain=place.host
        )
    return error if before is None or getattr(before, "code", "") == "no_mail_server" else before


def _folder(mailbox: Mailbox, use: str) -> str:
    """The folder of a special use, by what the server says or else by its name; made where there is none. "" if not."""
    folders = mailbox.folders()
    for name, flags in folders.items():
        if f"\\{use}" in flags:
            return name
    usual = {folder_name(name.title()).lower(): name for name in _NAMES[use]} | {
        folder_name(name).lower(): name for name in _NAMES[use]
    }
    for name in folders:
        if name.lower().removeprefix("inbox.").removeprefix("inbox/") in usual:
            return name
    for name in (use.title(), f"INBOX.{use.title()}"):
        if mailbox.create(name):
            return name
    return ""
