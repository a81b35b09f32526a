"""Folding: the form of a text in which words are compared, free of case, accents and compatibility variants."""

import codecs
import re
import unicodedata
from collections.abc import Callable

import regex


class _Folded(dict[int, str]):
    """What each character folds to, found as texts bring it.

    One at a time: in a whole text marks are sorted, which takes the square of the time where somebody piled them up.
    """

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code)).casefold()
        folded = "".join(c for c in decomposed if not unicodedata.combining(c))
        if len(self) < _KEPT_MOST:
            self[code] = folded
        return folded


_KEPT_MOST = 20_000
_FOLDED = _Folded({0: " "})


def fold(text: str) -> str:
    """Lower-case, without accents, compatibility forms made plain: "Élodie ﬁlme" becomes "elodie filme".

    A few signs become whole phrases, of 18 letters at the most: what is kept is measured as folded. NUL characters,
    which PostgreSQL cannot hold, become spaces.
    """
    if text.isascii():
        return text.replace("\x00", " ").lower()
    return text.translate(_FOLDED)


_UNSEEN = re.compile("[\u00ad\u200c\u200d\u2060\ufeff]")
_ALONE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U000323af"
)
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
# Folding would make letters of some: "Air™" is no "airtm". An emoji is a word of its own, other signs part words.
_SIGN = regex.compile(r"([\p{S}&&\p{Extended_Pictographic}])|[\p{S}ʻʼʽʾʿˈ\u0345]", regex.V1)


class Latin:
    """A way to cut texts into words, for Latin texts done by bytes in a sixth of the time: each letter becomes a byte,
    that of what it is in a word, or a blank."""

    def __init__(self, cut: Callable[[str], list[str]]) -> None:
        signs = bytes(range(256)).decode("cp1252", "replace")
        means = {sign: self._meaning(cut(f"a{sign}b")) for sign in signs}
        self.holds = re.compile(f"[{re.escape(''.join(sign for sign in signs if means[sign]))}]*+").fullmatch
        """Whether a text has only signs that mean the same wherever they stand."""
        self._signs = signs
        self._bytes = codecs.charmap_build(signs)
        self._table = "".join(means[sign] or " " for sign in signs).encode()
        self._parting = bytes(32 if means[sign] in {"", " "} else at for at, sign in enumerate(signs))

    @staticmethod
    def _meaning(found: list[str]) -> str:
        """What stands between the two letters, as one sign; "" where one does not say it."""
        if found == ["a", "b"]:
            return " "
        between = found[0][1:-1] if len(found) == 1 and found[0][0] == "a" and found[0][-1] == "b" else ""
        return between if len(between) == 1 and between.isascii() else ""

    def cut(self, text: str) -> list[str]:
        """The words of a text that `holds`, folded."""
        return self._said(text).translate(self._table).decode().split()

    def part(self, text: str) -> list[str]:
        """The words of a text that `holds`, as they stand there."""
        said = self._said(text).translate(self._parting)
        return codecs.charmap_decode(said, "strict", self._signs)[0].split()

    def _said(self, text: str) -> bytes:
        return text.encode() if text.isascii() else codecs.charmap_encode(text, "strict", self._bytes)[0]


def _cut(text: str) -> list[str]:
    folded = fold(_SIGN.sub(r" \1 ", text))
    return _WORD.findall(_UNSEEN.sub("", folded))


_LATIN = Latin(_cut)


def words(text: str) -> list[str]:
    """The folded words of a text, in order: runs of letters and digits; each ideograph and kana is one of its own."""
    return _LATIN.cut(text) if _LATIN.holds(text) else _cut(text)


def spaced(text: str) -> str:
    """The folded words of a text with a blank between them: what an index of messages is made of.

    PostgreSQL's own parser would take "orange.fr" and "end.Begin" for hosts, and find neither word.
    """
    return " ".join(words(text))
