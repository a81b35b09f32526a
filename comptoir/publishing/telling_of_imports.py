"""What is wrong with a file of posts, or with one of its cells, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from comptoir.publishing.importing_columns import Wrong
from comptoir.publishing.tables_in import COLUMNS_MOST, FILE_MOST, ROWS_MOST, SHEETS_MOST
from comptoir.publishing.telling import not_now


def unreadable(code: str) -> str:
    """Why a file cannot be taken."""
    sentences = {
        "too_large": _("The file is too large: %(n)d MB at the most. Bring it in parts.")
        % {"n": FILE_MOST // 1_000_000},
        "too_much": _("The file holds far more than posts: save only the table as a new file."),
        "too_many_rows": _("The file has too many rows: %(n)d at the most. Bring it in parts.")
        % {"n": ROWS_MOST},
        "too_many_columns": _("The file has too many columns: %(n)d at the most.") % {"n": COLUMNS_MOST},
        "too_many_sheets": _("The file has too many sheets: %(n)d at the most.") % {"n": SHEETS_MOST},
        "locked": _(
            "This is an old or a locked spreadsheet: save it as .xlsx without a password, or as CSV."
        ),
        "not_table": _("This is no table that can be read: bring CSV, or a spreadsheet (.xlsx)."),
        "empty": _(
            "There is no row below a head: the first row names the columns, each further one is a post."
        ),
    }
    return sentences.get(code, _("The file is damaged, and cannot be read: save it anew, as .xlsx or CSV."))


def wrong_cell(wrong: Wrong) -> str:
    """What is wrong with a cell and what to do, or what is odd about it."""
    sentence = _of_columns().get(wrong.code) or _of_cells().get(wrong.code) or _of_times().get(wrong.code)
    return sentence % wrong.facts if sentence else not_now(wrong.code)


def fault(code: str) -> str:
    """Why a row did not become a post after all."""
    sentences = {
        "changed": _("Nothing was imported: something changed since the file was looked through. See below."),
        "twin": _("It was imported by somebody else meanwhile."),
    }
    return sentences.get(code) or not_now(code)


def _of_columns() -> dict[str, str]:
    return {
        "unknown_column": _("There is no such column. Call it one of these, or remove it: %(known)s."),
        "unknown_for": _("In brackets stands a language (fr), a network or a channel: none is called so."),
        "column_twice": _("This column is there twice: keep one."),
        "no_column": _("The column “%(column)s” is missing: add it."),
        "beyond": _("This cell has no column above it: give the column a head, or empty the cell."),
        "double": _("The same post is in row %(line)s already: remove one."),
    }  # fmt: skip


def _of_cells() -> dict[str, str]:
    return {
        "formula": _("This is a formula: nothing is computed here. Write what it shows."),
        "too_long": _("This is too long: %(n)d letters at the most."),
        "nowhere": _("Name at least one channel."),
        "no_channel": _("No channel is called %(name)s. There are: %(known)s."),
        "two_channels": _("%(name)s may be any of these: %(known)s. Write one of them in full."),
        "no_language": _("%(name)s is no language that is known here: write its code, such as fr."),
        "too_many_parts": _("A thread has no more than %(n)d parts."),
        "no_campaign": _("There is no campaign %(name)s. Open ones are: %(known)s."),
        "closed": _("The campaign %(name)s is closed: name another, or write a reason instead."),
        "no_picture": _("There is no picture %(name)s here: bring it in a first post, then name it like its file."),
        "too_many_pictures": _("A post takes %(n)d pictures at the most."),
        "more_words": _("There are more descriptions than pictures (%(n)d): one line for each."),
        "no_picture_for_words": _("This describes a picture, and none is named."),
        "undescribed": _("The picture %(name)s leaves without a description: whoever does not see it misses it."),
        "network": _("%(name)s would not take it: %(said)s"),
    }  # fmt: skip


def _of_times() -> dict[str, str]:
    return {
        "no_day": _("%(name)s is no day: write it like 2026-12-24."),
        "two_days": _("%(name)s may be two days: write %(one)s or %(other)s."),
        "no_hour": _("%(name)s is no time: write it like 18:00."),
        "no_zone": _("%(name)s is no time zone: write it like Europe/Paris."),
        "half_time": _("A day needs a time, and a time a day: fill in both, or neither."),
        "past": _("This time is over: choose a later one."),
        "missing": _("%(zone)s: clocks jump over this time; it leaves as much later as they jump."),
        "twice": _("%(zone)s: this time comes twice; it leaves the first time."),
    }
