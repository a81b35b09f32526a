"""What an address asks the list for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from comptoir.inbox.models.listed import is_list
from comptoir.kernel import clock
from comptoir.organisation.models import Brand
from comptoir.organisation.query_words import read, tidy
from comptoir.reading.query import Problem, Query, Wrong

LENGTH_MOST = 4_096


@dataclass(frozen=True, slots=True)
class Asked:
    """Which threads an address asks for: `show` is a list, `q` the words searched for.

    `older` and `newer` are places in the list ("microseconds-id"), at most one of them set. `choose`: with boxes, for
    an act on many.
    """

    brand: Brand
    show: str = "open"
    q: str = ""
    older: str = ""
    newer: str = ""
    choose: bool = False

    @classmethod
    def of(cls, brand: Brand, query: Mapping[str, Any]) -> Self:
        """Read an address. BadRequest with a sentence when it makes no sense."""
        show = query.get("show", "open")
        if not is_list(show):
            raise BadRequest(_("There is no such list of threads."))
        q = tidy(query.get("q", ""))
        if len(q) > LENGTH_MOST:
            raise BadRequest(_("That is too long to search for: 4,096 characters at the most."))
        older, newer = query.get("older", ""), query.get("newer", "")
        for place in (older, newer):
            if place and not clock.placed(place):
                raise BadRequest(_("There is no such place in the list."))
        return cls(brand, show, q, older, "" if older else newer, query.get("choose", "") == "1")

    @property
    def wrong(self) -> bool:
        """Whether what was asked for is no query."""
        return isinstance(self._read, Wrong)

    @property
    def query_asked(self) -> Query | None:
        """What was asked for in the language of queries; None for plain words."""
        return self._read if isinstance(self._read, Query) else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is to be said of the query."""
        read = self._read
        if isinstance(read, Wrong):
            return read.problems
        return read.warnings if read else ()

    @property
    def _read(self) -> Query | Wrong | None:
        return read(self.q)

    @property
    def query(self) -> str:
        """What a thread's address has to carry so that the list beside it stays the same."""
        said = {"show": self.show if self.show != "open" else "", "q": self.q}
        kept = {name: value for name, value in said.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def url(self, **changes: str) -> str:
        """The list's address, with other words."""
        said = {"show": self.show, "q": self.q, "choose": "1" if self.choose else "", **changes}
        kept = {name: value for name, value in said.items() if value and (name, value) != ("show", "open")}
        path = list_address(self.brand.slug)
        return f"{path}?{urlencode(kept)}" if kept else path


@lru_cache(maxsize=256)
def list_address(slug: str) -> str:
    """Where a brand's list is: a page names it twenty times."""
    return reverse("threads", args=[slug])
