"""Which part of a mail is new: quoted messages and signatures are told apart, and nothing is thrown away."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WROTE = re.compile(
    r"(wrote|writes|a écrit|écrivait|schrieb|geschrieben|escribió|ha scritto|escreveu|schreef|napisał\(?a?\)?|skrev)"
    r"[^\n]{0,80}[:：]?\s*$|^[^\n]{0,200}\b(schrieb|wrote|a écrit)\b[^\n]{0,200}:\s*$",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"^(On|Le|Am|El|Il|Em|Op|W dniu|Den|Il giorno|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./])\b", re.I
)
_ORIGINAL = re.compile(
    r"^[-_\s>]{2,}\s*(original message|original appointment|message d.origine|message original|"
    r"ursprüngliche nachricht|mensaje original|messaggio originale|oorspronkelijk bericht)\s*[-_\s]*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^[-_\s>]{2,}\s*(forwarded message|begin forwarded message|message transféré|début du message transféré|"
    r"weitergeleitete nachricht|mensaje reenviado|messaggio inoltrato)|^\s*(begin forwarded message|"
    r"début du message transféré|début du message réexpédié)\s*:",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*(_{20,}|-{20,})\s*$")
_HEAD = {
    "from": re.compile(r"^\W{0,3}(from|de|von|da|van|expéditeur)\W{0,4}\s*:", re.IGNORECASE),
    "rest": re.compile(
        r"^\W{0,3}(sent|date|envoyé|gesendet|datum|enviado|inviato|verzonden|to|à|an|para|a|aan|cc|subject|objet|"
        r"betreff|asunto|oggetto|onderwerp)\W{0,4}\s*:",
        re.IGNORECASE,
    ),
}
_PHONE = re.compile(
    r"^(sent from (my|yahoo|mail|proton|outlook|samsung)|get outlook for|envoyé (de|depuis|à partir de) |"
    r"télécharge[zr] outlook|von meinem .{1,40} gesendet|gesendet (von|mit) |enviado desde|inviato da)",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 25
"""Lines: what is longer below a dash-dash line is no signature."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A text in two: what its author wrote this time, and what stood in it already."""

    new: str
    old: str = ""


def part(text: str, forwarded: bool = False) -> Parted:
    """Tell the new from the old. Where nothing would be left as new, all of it is; a forwarded text is new."""
    lines = text.split("\n")
    end = _end_of_new(lines, forwarded)
    start = _start_of_new(lines[:end]) if end == len(lines) else 0
    end = _before_signature(lines, end)
    new = "\n".join(lines[start:end]).strip("\n ")
    if not new.strip():
        return Parted(text.strip("\n"))
    old = "\n".join([*lines[:start], *lines[end:]]).strip("\n ")
    return Parted(new, old)


def _end_of_new(lines: list[str], forwarded: bool) -> int:
    """The line on which the old begins that goes on to the end."""
    for number, line in enumerate(lines):
        if _FORWARDED.match(line):
            return len(lines)
        if _ORIGINAL.match(line) and not forwarded:
            return number
        if not forwarded and _is_outlook(lines, number):
            above = number - 1
            while above >= 0 and not lines[above].strip():
                above -= 1
            return above if above >= 0 and _RULE.match(lines[above]) else number
        if _begins_quote(lines, number):
            return number
    return _trailing_quote(lines)


def _is_outlook(lines: list[str], number: int) -> bool:
    """The head of a message above its text, as Outlook quotes: From, Sent, To, Subject on lines of their own."""
    if not _HEAD["from"].match(lines[number]):
        return False
    below = [line for line in lines[number + 1 : number + 9] if line.strip()][:5]
    return sum(1 for line in below if _HEAD["rest"].match(line)) >= 2


def _begins_quote(lines: list[str], number: int) -> bool:
    """Somebody "wrote:", over at most three lines, and all that follows is quoted or, in HTML, no longer marked."""
    after = _wrote(lines, number)
    if not after:
        return False
    rest = [line for line in lines[after:] if line.strip()]
    marked = [line for line in rest if line.lstrip().startswith(">")]
    return bool(rest) and (not marked or len(marked) == len(rest) or _only_signature(rest))


def _only_signature(rest: list[str]) -> bool:
    """Quoted lines first, and below them no more than a signature."""
    last = max(i for i, line in enumerate(rest) if line.lstrip().startswith(">"))
    below = rest[last + 1 :]
    marked = all(line.lstrip().startswith(">") for line in rest[: last + 1])
    return marked and bool(below) and (below[0].rstrip() == "--" or bool(_PHONE.match(below[0].strip())))


def _wrote(lines: list[str], number: int) -> int:
    """The line below an attribution that begins here, 0 when none does."""
    if not lines[number].strip() or not _BEGINS.match(lines[number].lstrip("> ")):
        return 0
    for size in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[number : number + size])
        if len(joined) < 400 and _WROTE.search(joined):
            return min(number + size, len(lines))
    return 0


def _trailing_quote(lines: list[str]) -> int:
    """Where a last block of quoted lines begins that nothing follows."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and (lines[start - 1].lstrip().startswith(">") or not lines[start - 1].strip()):
        start -= 1
    return start if start < end and any(line.strip() for line in lines[start:end]) else len(lines)


def _start_of_new(lines: list[str]) -> int:
    """Where the new begins below one block of quoted lines at the top, 0 when the quotes stand in between."""
    number = 0
    while number < len(lines) and not lines[number].strip():
        number += 1
    top = number
    if number < len(lines) and (after := _wrote(lines, number)):
        number = after
    begin = number
    while number < len(lines) and (lines[number].lstrip().startswith(">") or not lines[number].strip()):
        number += 1
    quoted = any(line.strip() for line in lines[begin:number])
    below = lines[number:]
    if not quoted or any(line.lstrip().startswith(">") for line in below):
        return 0
    return number if top < number and any(line.strip() for line in below) else 0


def _before_signature(lines: list[str], end: int) -> int:
    """Where a signature begins above the line `end`."""
    for number in range(max(0, end - _LONGEST_SIGNATURE), end):
        bare = lines[number].rstrip()
        if bare == "--" or (
            _PHONE.match(bare.strip()) and not any(x.strip() for x in lines[number + 3 : end])
        ):
            return number
    return end


_HTML = re.compile(
    r"<(?:div|blockquote|hr|p|table|span)\b[^>]{0,400}?(?:"
    r"class\s*=\s*[\"'][^\"'>]{0,200}(?:gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|"
    r"tutanota_quote|WordSection0|zmail_extra)|"
    r"id\s*=\s*[\"'](?:appendonsend|divRplyFwdMsg|mail-editor-reference-message-container|stopSpelling|reply-intro|"
    r"OLK_SRC_BODY_SECTION)|type\s*=\s*[\"']?cite)",
    re.IGNORECASE,
)


def part_html(html: str) -> tuple[str, str]:
    """HTML in two, where a mail programme marked what it quotes; the second is "" when none did."""
    found = _HTML.search(html)
    return (html[: found.start()], html[found.start() :]) if found else (html, "")


def unflowed(text: str, delsp: bool = False) -> str:
    """Paragraphs of a text whose lines end in a blank where they go on (format=flowed, RFC 3676)."""
    done: list[str] = []
    open_at = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:]
        body = body[1:] if body.startswith(" ") else body
        goes_on = body.endswith(" ") and body != "-- "
        mark = ">" * depth + " " if depth else ""
        if open_at == depth and done and body != "-- ":
            done[-1] += body
        else:
            done.append(mark + body)
        if goes_on and delsp:
            done[-1] = done[-1][:-1]
        open_at = depth if goes_on else -1
    return "\n".join(done)
