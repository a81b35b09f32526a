"""Folding: the form of a text in which words are compared, free of case, accents and compatibility variants."""

import re
import unicodedata

_ASCII = re.compile(r"[\x00-\x7f]*\Z")


def fold(text: str) -> str:
    """Lower-case, without accents, compatibility forms made plain: "Élodie ﬁlme" becomes "elodie filme".

    Never longer than four times its input; NUL characters, which PostgreSQL cannot hold, become spaces.
    """
    text = text.replace("\x00", " ")
    if _ASCII.match(text):
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_UNSEEN = re.compile("[\u00ad\u200c\u200d\u2060\ufeff]")
_ALONE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U000323af"
)
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
_PLAIN = re.compile("[a-z0-9]+")


def words(text: str) -> list[str]:
    """The folded words of a text, in order: runs of letters and digits; each ideograph and kana is one of its own."""
    folded = fold(text)
    if _ASCII.match(folded):
        return _PLAIN.findall(folded)
    return _WORD.findall(_UNSEEN.sub("", folded))


def spaced(text: str) -> str:
    """The folded words of a text with a blank between them: what an index of messages is made of.

    PostgreSQL's own parser would take "orange.fr" and "end.Begin" for hosts, and find neither word.
    """
    return " ".join(words(text))
