"""Links in a text, and what is added to them so that a site knows where its visitors came from (UTM parameters)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, unquote_plus, urlsplit

from comptoir.reading.folding import fold

PARAMETERS = ("source", "medium", "campaign", "content", "term")
"""What a rule can say, each as `utm_…`."""
PLACEHOLDERS = ("network", "channel", "campaign", "language", "date")
"""What stands in braces in a value, and is filled in for each post on each channel."""
ADDRESS_MOST = 2_000
"""Longer addresses are left as they are."""
VALUE_MOST = 100
_ADDRESS = re.compile(r"(?<![\w@])https?://[^\s<>\"«»]+", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_AFTER = frozenset(".,;:!?'”’…")


@dataclass(frozen=True, slots=True)
class Rule:
    """What links to some hosts, and to all below them, are given: a value for each parameter, with placeholders."""

    hosts: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What placeholders stand for."""

    network: str = ""
    channel: str = ""
    campaign: str = ""
    language: str = ""
    date: date | None = None


def tagged(text: str, rules: Sequence[Rule], facts: Facts) -> str:
    """A text whose links have what the rules say. Safe to repeat; all else stays as it was written."""
    return each_address(text, lambda address: tag(address, rules, facts)) if rules else text


def each_address(text: str, change: Callable[[str], str]) -> str:
    """A text with another address in the place of each."""

    def changed(found: re.Match[str]) -> str:
        end = _end(found[0])
        return change(found[0][:end]) + found[0][end:]

    return _ADDRESS.sub(changed, text)


def tag(address: str, rules: Sequence[Rule], facts: Facts) -> str:
    """An address with what the closest rule says. A parameter that it has already stays as it is, and so do addresses
    that browsers and programs might read differently."""
    host = host_of(address)
    rule = _closest(host, rules) if host else None
    if rule is None:
        return address
    bare, mark, fragment = address.partition("#")
    path, asked, query = bare.partition("?")
    there = {unquote_plus(each.partition("=")[0]).lower() for each in re.split("[&;]", query)}
    new = [
        f"utm_{name}={quote(value, safe='')}"
        for name in PARAMETERS
        if f"utm_{name}" not in there and (value := filled(rule.values.get(name, ""), facts))
    ]
    if not new:
        return address
    if not asked and "/" not in path.partition("://")[2]:
        path += "/"
    between = "&" if query and not query.endswith("&") else ""
    return f"{path}?{query}{between}{'&'.join(new)}{mark}{fragment}"


def host_of(address: str) -> str:
    """Where an address leads, as rules name it; "" where that is not beyond doubt."""
    if len(address) > ADDRESS_MOST or any(each <= " " or each in "\\\x7f" for each in address):
        return ""
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return ""
    return host_in(parts.hostname or "")


def host_in(text: str) -> str:
    """The name of a host as rules keep it, of what somebody wrote; "" where it is none."""
    try:
        host = text.strip().rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        return ""
    return host if _HOST.fullmatch(host) else ""


def strange(value: str) -> list[str]:
    """What stands in braces in a value, and is no placeholder."""
    return [each for each in _PLACEHOLDER.findall(value) if each not in PLACEHOLDERS]


def filled(value: str, facts: Facts) -> str:
    """A value with its placeholders filled in, in lower case without accents; "" where nothing is left to say."""
    day = facts.date.isoformat() if facts.date else ""
    known = {
        "network": facts.network, "channel": facts.channel, "campaign": facts.campaign,
        "language": facts.language, "date": day,
    }  # fmt: skip
    whole = _PLACEHOLDER.sub(lambda found: _plain(known.get(found[1], "")), value)
    return whole.strip(" -_")[:VALUE_MOST].rstrip(" -_") if whole != value else value.strip()[:VALUE_MOST]


def _plain(text: str) -> str:
    return re.sub(r"[^\w.]+", "-", fold(text)).strip("-.")


def _closest(host: str, rules: Sequence[Rule]) -> Rule | None:
    """The rule that names a host most exactly."""
    near = [(len(name), rule) for rule in rules for name in rule.hosts if f".{host}".endswith(f".{name}")]
    return max(near, key=lambda each: each[0])[1] if near else None


def _end(link: str) -> int:
    """Where an address ends: the punctuation of the sentence behind it is none of it."""
    many, end = Counter(link), len(link)
    while end:
        last = link[end - 1]
        if last not in _AFTER and not (last in _CLOSING and many[last] > many[_CLOSING[last]]):
            break
        many[last] -= 1
        end -= 1
    return end
