"""Folding: the form of a text in which words are compared, free of case, accents and compatibility variants."""

import re
import unicodedata

import regex

_ASCII = re.compile(r"[\x00-\x7f]*\Z")


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
    if _ASCII.match(text):
        return text.replace("\x00", " ").lower()
    return text.translate(_FOLDED)


_UNSEEN = re.compile("[\u00ad\u200c\u200d\u2060\ufeff]")
_ALONE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U000323af"
)
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
_PLAIN = re.compile("[a-z0-9]+")
# Folding would make letters of some: "Air™" is no "airtm". An emoji is a word of its own, other signs part words.
_SIGN = regex.compile(r"([\p{S}&&\p{Extended_Pictographic}])|[\p{S}ʻʼʽʾʿˈ\u0345]", regex.V1)


def words(text: str) -> list[str]:
    """The folded words of a text, in order: runs of letters and digits; each ideograph and kana is one of its own."""
    if _ASCII.match(text):
        return _PLAIN.findall(text.lower())
    folded = fold(_SIGN.sub(r" \1 ", text))
    return _WORD.findall(_UNSEEN.sub("", folded))


def spaced(text: str) -> str:
    """The folded words of a text with a blank between them: what an index of messages is made of.

    PostgreSQL's own parser would take "orange.fr" and "end.Begin" for hosts, and find neither word.
    """
    return " ".join(words(text))
