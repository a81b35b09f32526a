"""Posts from a table: what each row would become, and what is wrong with which cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.wall_clock import moment, oddity
from comptoir.publishing.importing_columns import VARIED, Columns, Known, Wrong, columns_of, letter
from comptoir.publishing.looking import looks
from comptoir.publishing.models import Campaign, Content, Timetable, Variant
from comptoir.publishing.models.asset import ALT_MOST
from comptoir.publishing.models.post import REASON_MOST, TITLE_MOST
from comptoir.publishing.models.variant import PARTS_MOST
from comptoir.publishing.tables_in import CELL_MOST, FORMULA, Sheet
from comptoir.publishing.telling import LANGUAGES
from comptoir.publishing.written import PICTURES_MOST, Key
from comptoir.reading.folding import fold

_PART = re.compile(r"^\s*-{3,}\s*$", re.MULTILINE)
_HOUR = re.compile(r"(\d{1,2})\s*(?:[:h.]\s*(\d{2})?)?(?::\d{2})?\s*([ap]\.?m\.?)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")


@dataclass(slots=True)
class Row:
    """A row as a post. `wrong` stops it, `odd` is to be known, `twin` is the post that it became already."""

    sheet: str
    line: int
    content: Content
    title: str = ""
    campaign: Campaign | None = None
    reason: str = ""
    day: date | None = None
    hour: time | None = None
    zone: str = ""
    wrong: list[Wrong] = field(default_factory=list)
    odd: list[Wrong] = field(default_factory=list)
    digest: str = ""
    twin: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether it may become a post."""
        return not self.wrong and self.twin is None

    @property
    def begins(self) -> str:
        """Its first words."""
        return self.title or " ".join(" ".join(self.content.variants[0].parts or []).split())[:80]


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole file. `heads` is what is wrong with the columns themselves: then no row was looked at."""

    rows: list[Row]
    heads: list[Wrong] = field(default_factory=list)

    @property
    def good(self) -> list[Row]:
        return [each for each in self.rows if each.is_good]

    @property
    def bad(self) -> list[Row]:
        return [each for each in self.rows if each.wrong]

    @property
    def twins(self) -> list[Row]:
        """Those that were imported before."""
        return [each for each in self.rows if each.twin is not None and not each.wrong]

    @property
    def wrong(self) -> list[Wrong]:
        """All bad cells, in the order of the file."""
        return [*self.heads, *(one for each in self.rows for one in each.wrong)]

    @property
    def odd(self) -> list[Wrong]:
        return [one for each in self.rows if each.is_good for one in each.odd]


def check(
    known: Known, sheets: Sequence[Sheet], twins: Callable[[Iterable[str]], Mapping[str, int]]
) -> Checked:
    """What each row would become. `twins` says which digests are posts already."""
    rows: list[Row] = []
    heads: list[Wrong] = []
    for sheet in sheets:
        columns, wrong = columns_of(known, sheet)
        heads += wrong
        if not wrong:
            rows += [_Reading(known, sheet, columns, line, cells).row() for line, cells in sheet.rows]
    if heads:
        return Checked([], heads)
    already = twins(each.digest for each in rows)
    first: dict[str, Row] = {}
    for each in rows:
        each.twin = already.get(each.digest)
        if each.digest in first and not each.wrong:
            where = first[each.digest]
            facts = {"line": where.line, "sheet": where.sheet}
            each.wrong.append(Wrong(each.sheet, each.line, "", "", "double", facts))
        first.setdefault(each.digest, each)
    return Checked(rows)


class _Reading:
    """One row, read cell by cell."""

    def __init__(self, known: Known, sheet: Sheet, columns: Columns, line: int, cells: Sequence[str]) -> None:
        self.known, self.sheet, self.line = known, sheet, line
        self.wrong: list[Wrong] = []
        self.odd: list[Wrong] = []
        self.at = {column: number for number, column in enumerate(columns) if column}
        self.cells: dict[tuple[str, Key], str] = {}
        for number, cell in enumerate(cells):
            column = columns[number] if number < len(columns) else None
            if column is None:
                if cell:
                    self._say(number, "beyond")
                continue
            code = "formula" if cell == FORMULA else "too_long" if len(cell) > CELL_MOST else ""
            if code:
                self._say(number, code, n=CELL_MOST)
            self.cells[column] = "" if code else cell

    def _say(self, at: int | str | tuple[str, Key], code: str, odd: bool = False, **facts: Any) -> None:
        number = at if isinstance(at, int) else self.at.get((at, Key()) if isinstance(at, str) else at)
        column = letter(number) if number is not None else ""
        head = self.sheet.head[number] if number is not None and number < len(self.sheet.head) else ""
        found = Wrong(self.sheet.name, self.line, column, head[:60], code, facts)
        (self.odd if odd else self.wrong).append(found)

    def cell(self, column: str, most: int = CELL_MOST) -> str:
        """What stands in one; said where it is too long for its purpose."""
        text = self.cells.get((column, Key()), "")
        if len(text) > most:
            self._say(column, "too_long", n=most)
        return text[:most] if column == "alt" else text[:most].strip()

    def row(self) -> Row:
        channels = self._channels()
        language = self._language()
        variants = list(self._variants())
        content = Content(language, variants, [(each.pk, "") for each in channels], list(self._pictures()))
        row = Row(
            self.sheet.name, self.line, content, self.cell("title", TITLE_MOST), self._campaign(),
            " ".join(self.cell("reason", REASON_MOST).split()), wrong=self.wrong, odd=self.odd,
        )  # fmt: skip
        self._time(row, channels)
        if row.campaign is None and not row.reason and not self.cells.get(("campaign", Key())) and row.day:
            self._say("campaign" if ("campaign", Key()) in self.at else "reason", "aimless")
        if not self.wrong:
            self._look(row, channels)
        row.digest = _digest(row)
        return row

    def _channels(self) -> list[Channel]:
        found: dict[int, Channel] = {}
        names = [each.strip() for each in re.split(r"[,;\n]", self.cell("channels")) if each.strip()]
        for name in names:
            near = self.known.called(name)
            if len(near) == 1:
                found[near[0].pk] = near[0]
            else:
                offered = near or self.known.channels
                said = ", ".join(f"{each.handle} ({each.label})" for each in offered[:10])
                self._say("channels", "two_channels" if near else "no_channel", name=name[:60], known=said)
        if not names and not any(each.column == letter(self.at["channels", Key()]) for each in self.wrong):
            self._say("channels", "nowhere")
        return list(found.values())

    def _language(self) -> str:
        code = self.cell("language").lower()
        if code and code not in LANGUAGES:
            self._say("language", "no_language", name=code[:20])
            return ""
        return code or self.known.brand.language

    def _variants(self) -> Iterator[Variant]:
        keys = [Key(), *sorted({key for _column, key in self.cells if key != Key()})]
        for key in keys:
            said = {column: self.cells.get((column, key), "") for column in VARIED}
            if key != Key() and not any(said.values()):
                continue
            parts = [each.strip() for each in _PART.split(said["text"]) if each.strip()]
            if len(parts) > PARTS_MOST:
                self._say(("text", key), "too_many_parts", n=PARTS_MOST)
            if len(said["warning"]) > 200:
                self._say(("warning", key), "too_long", n=200)
            yield Variant(
                language=key.language, network=key.network, channel_id=key.channel or None,
                parts=parts if parts or key == Key() else None,
                comment=said["comment"] or None, warning=" ".join(said["warning"][:200].split()) or None,
            )  # fmt: skip

    def _pictures(self) -> Iterator[tuple[int, str]]:
        names = [each.strip() for each in re.split(r"[;\n]", self.cell("pictures")) if each.strip()]
        words = [each.strip() for each in self.cell("alt").split("\n")] if self.cell("alt") else []
        if len(words) > max(len(names), 1):
            self._say("alt", "more_words", n=len(names))
        if len(names) > PICTURES_MOST:
            self._say("pictures", "too_many_pictures", n=PICTURES_MOST)
        if words and not names:
            self._say("alt", "no_picture_for_words")
        for number, name in enumerate(names[:PICTURES_MOST]):
            found = self.known.pictures.get(fold(name))
            if found is None:
                self._say("pictures", "no_picture", name=name[:60])
                continue
            alt = (words[number] if number < len(words) else "") or found.alt
            if not alt:
                self._say("pictures", "undescribed", odd=True, name=name[:60])
            yield found.pk, alt[:ALT_MOST]

    def _campaign(self) -> Campaign | None:
        name = self.cell("campaign")
        found = self.known.campaigns.get(fold(name)) if name else None
        if name and found is None:
            open_ones = [each.name for each in self.known.campaigns.values() if not each.closed]
            self._say("campaign", "no_campaign", name=name[:60], known=", ".join(open_ones[:10]) or "–")
        elif found and found.closed:
            self._say("campaign", "closed", name=name[:60])
        return found

    def _time(self, row: Row, channels: Sequence[Channel]) -> None:
        day, hour = self.cell("day"), self.cell("hour")
        if day and not hour and (both := re.fullmatch(r"(\S+)[ T]+(\S.*)", day)):
            day, hour = both[1], both[2]
            self.at.setdefault(("hour", Key()), self.at["day", Key()])
        row.day, row.hour = self._day(day), self._hour(hour)
        row.zone = self.cell("zone")
        if row.zone and row.zone not in available_timezones():
            self._say("zone", "no_zone", name=row.zone[:60])
            row.zone = ""
        if bool(day) != bool(hour):
            self._say("hour" if day else "day", "half_time")
        if row.day and row.hour is not None:
            self._odd_time(row, channels)

    def _odd_time(self, row: Row, channels: Sequence[Channel]) -> None:
        assert row.day is not None
        assert row.hour is not None
        wall = datetime.combine(row.day, row.hour)
        brand = self.known.brand
        own = {str(Timetable.zone_of(each, brand)) for each in channels} or {str(brand.zone)}
        zones = {row.zone} if row.zone else own
        if min(moment(wall, ZoneInfo(each)) for each in zones) <= clock.now():
            self._say("day", "past")
        for each in sorted(zones):
            if odd := oddity(wall, ZoneInfo(each)):
                self._say("hour", odd, odd=True, zone=each)

    def _day(self, text: str) -> date | None:
        if not text:
            return None
        try:
            found: date | None = date.fromisoformat(text)
        except ValueError:
            found = self._day_first(text)
        if found is None or not 2000 <= found.year <= 2200:
            if not any(each.code == "two_days" for each in self.wrong):
                self._say("day", "no_day", name=text[:40])
            return None
        return found

    def _day_first(self, text: str) -> date | None:
        """A day as people write it, the month in the middle, where it cannot be another one."""
        if not (parts := _DAY.fullmatch(text)):
            return None
        first, second, year = int(parts[1]), int(parts[3]), int(parts[4])
        if parts[2] == "/" and first <= 12 and second <= 12 and first != second:
            one, other = f"{year}-{second:02}-{first:02}", f"{year}-{first:02}-{second:02}"
            self._say("day", "two_days", name=text, one=one, other=other)
            return None
        if parts[2] == "/" and second > 12:
            first, second = second, first
        try:
            return date(year, second, first)
        except ValueError:
            return None

    def _hour(self, text: str) -> time | None:
        if not text:
            return None
        parts = _HOUR.fullmatch(text)
        if parts and (parts[2] or parts[3] or re.search(r"[h:]", text, re.IGNORECASE)):
            hour, minute = int(parts[1]), int(parts[2] or 0)
            if parts[3] and 1 <= hour <= 12:
                hour = hour % 12 + (12 if parts[3][0] in "pP" else 0)
            elif parts[3]:
                hour = 99
            if hour < 24 and minute < 60:
                return time(hour, minute)
        self._say("hour", "no_hour", name=text[:40])
        return None

    def _look(self, row: Row, channels: Sequence[Channel]) -> None:
        """What the networks would not take, said where it was written."""
        chosen = [(each, "") for each in channels]
        assets = {each.pk: each for each in self.known.pictures.values()}
        pictures = [(assets[pk], alt) for pk, alt in row.content.pictures]
        campaign = row.campaign.name if row.campaign else ""
        links = replace(self.known.links, campaign=campaign, dues=self._dues(row, channels))
        for seen in looks(row.content.variants, row.content.language, chosen, pictures, links):
            for trouble in seen.troubles:
                if trouble.stops:
                    name = f"{seen.channel.handle} ({seen.channel.label})"
                    self._say(self._written(row, seen.channel), "network", name=name, said=trouble.words)

    def _dues(self, row: Row, channels: Sequence[Channel]) -> Mapping[int, datetime | None]:
        if row.day is None or row.hour is None:
            return {}
        wall, brand = datetime.combine(row.day, row.hour), self.known.brand
        own = ZoneInfo(row.zone) if row.zone else None
        return {each.pk: moment(wall, own or Timetable.zone_of(each, brand)) for each in channels}

    def _written(self, row: Row, channel: Channel) -> tuple[str, Key]:
        """The column that says what is said on a channel."""
        near = [Key(channel=channel.pk), Key(language=row.content.language), Key(network=channel.network)]
        return next((("text", each) for each in near if self.cells.get(("text", each))), ("text", Key()))


def _digest(row: Row) -> str:
    """The same for rows that say the same on the same channels at the same time."""
    said = sorted(
        repr((each.language, each.network, each.channel_id, each.parts, each.comment, each.warning))
        for each in row.content.variants
    )
    where = sorted(row.content.destinations)
    whole = repr((said, where, row.content.pictures, str(row.day), str(row.hour), row.zone))
    return sha256(whole.encode()).hexdigest()
