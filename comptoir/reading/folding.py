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


def words(text: str) -> list[str]:
    """The folded words of a text, in order: letters and digits, with marks of #tags and @names dropped."""
    return re.findall(r"\w+", fold(text))
