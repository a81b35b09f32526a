"""Utterance: a text as its tone is read, word by word, with what negates a word and with the marks beside the words.

"Je n'aime pas CE truc !!! 😡" in French becomes `ne !aime pas !ce !truc #!! #😡`, and `#caps`: a word that something
negates begins with "!", what is not a word begins with "#".
"""

import re

from comptoir.reading.folding import fold

SCOPE = 4
"""How many words a negation reaches, within its clause."""

_TOKEN = re.compile(
    r"(?P<url>(?:https?:|www\.)\S*|\bhttp\b)|(?P<name>@\w+)|(?P<face>[:;=x]['^o-]?[)(\]\[dp/\\|*o3]+(?!\w)|<3+)"
    r"|(?P<word>[^\W_]+(?:['’][^\W_]+)*)|(?P<sign>[\U0001f300-\U0001faff\u2600-\u27bf\u2b50])"
    r"|(?P<shout>[!?]+)|(?P<end>[.,;:]+)"
)
_DRAWN = re.compile(r"([^\W\d_])\1{2,}")
_LOUD = re.compile(r"\b[^\W\d_a-z]{4,}\b")

_NEGATIONS = {
    "en": "not no never none nobody nothing neither nor cannot without hardly dont didnt doesnt isnt wasnt wont cant "
    "couldnt aint arent havent hasnt wouldnt shouldnt",
    "fr": "pas ne jamais aucun aucune rien ni sans non",
    "es": "no nunca sin nada ni jamas",
    "de": "nicht kein keine keinen keiner nie ohne nichts",
    "it": "non mai senza niente nessuno ne",
    "pt": "nao nunca sem nada nem",
    "ar": "لا ما ليس لم لن غير مش بدون",
}
_NEGATES = {code: frozenset(words.split()) for code, words in _NEGATIONS.items()}
_TURNS = frozenset({"mais", "but", "pero", "aber", "ma", "mas"})


def utterance(text: str, language: str) -> list[str]:
    """The words and marks of a text in order, in a language that its tone can be read in."""
    said = _loudness(text)
    folded, drawn = _DRAWN.subn(r"\1\1", fold(text))
    if drawn:
        said.append("#long")
    negates = _NEGATES.get(language, frozenset())
    left = 0
    for match in _TOKEN.finditer(folded):
        token, kind = match[0], match.lastgroup
        if kind == "word":
            for word in _parts(token, language) if "'" in token or "’" in token else (token,):
                if word in negates:
                    said.append(word)
                    left = SCOPE
                else:
                    left = 0 if word in _TURNS else left
                    plain = "0" if word[0].isdigit() else word
                    said.append("!" + plain if left else plain)
                    left = max(0, left - 1)
        else:
            # A clause ends here, and with it what its negation reaches.
            left = 0 if kind in ("shout", "end") else left
            if mark := _mark(token, kind):
                said.append(mark)
    return said


def _loudness(text: str) -> list[str]:
    loud = sum(map(str.isupper, _LOUD.findall(text)))
    return ["#caps", "#CAPS"] if loud > 2 else ["#caps"] if loud else []


def _parts(token: str, language: str) -> list[str]:
    """The words about an apostrophe: "don't" is one, "n'aime" is "ne aime", "l'avion" is "avion"."""
    parts = token.replace("’", "'").split("'")
    if language == "en":
        return ["".join(parts)] if parts[-1] == "t" else parts[:1]
    return [part if part != "n" else "ne" for part in parts[:-1] if part == "n" or len(part) > 2] + parts[-1:]


def _mark(token: str, kind: str | None) -> str:
    match kind:
        case "url" | "name":
            return "#" + kind
        case "shout":
            return "#" + token[:2] if len(set(token)) == 1 else "#!?"
        case "end":
            return "#..." if token.startswith("..") else ""
        case _:
            return "#" + token
