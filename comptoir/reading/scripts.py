"""Scripts: the languages that their letters give away, so that no model has to learn them."""

import re

_RANGES = {
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "ru": "\u0400-\u052f",
    "hy": "\u0530-\u058f",
    "he": "\u0590-\u05ff",
    "ar": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "hi": "\u0900-\u097f",
    "bn": "\u0980-\u09ff",
    "pa": "\u0a00-\u0a7f",
    "gu": "\u0a80-\u0aff",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "th": "\u0e00-\u0e7f",
    "ka": "\u10a0-\u10ff",
    "ja": "\u3041-\u30fa",
    "zh": "\u3400-\u4dbf\u4e00-\u9fff",
    "ko": "\u1100-\u11ff\uac00-\ud7a3",
}
_SCRIPTS = {code: re.compile(f"[{letters}]") for code, letters in _RANGES.items()}
_ANY = re.compile(f"[{''.join(_RANGES.values())}]")

_SHARED = {
    "ru": {"uk": "іїєґ", "be": "ў", "mk": "ѓќѕ", "sr": "ђћљњџј", "bg": "ъ"},
    "ar": {"ur": "ٹڈڑےں", "fa": "پچژگکی"},
}
"""Scripts of several languages: the letters that only one of them has. Where none is found, the script's own name."""

SCRIPTS = (*_RANGES, *(code for own in _SHARED.values() for code in own))
"""The languages that are told by their letters."""
_NOT_BULGARIAN = re.compile("[ыэё]")
_SYLLABLES = frozenset({"ja", "ko", "zh"})


def script_of(text: str) -> tuple[str, int]:
    """The language that the letters of a text speak for, and how many there are; "" where all of them are Latin.

    A sign that stands for a syllable or a word counts as two letters.
    """
    if text.isascii() or not _ANY.search(text):
        return "", 0
    counts = {code: len(pattern.findall(text)) for code, pattern in _SCRIPTS.items()}
    # Japanese is written in both: a few kana among the signs that it shares with Chinese are enough.
    if counts["ja"] * 8 > counts["zh"]:
        counts["ja"] += counts.pop("zh")
    code = max(counts, key=lambda each: counts[each] * (2 if each in _SYLLABLES else 1))
    return _told_apart(code, text.lower()), counts[code] * (2 if code in _SYLLABLES else 1)


def _told_apart(code: str, text: str) -> str:
    """Of the languages of one script, the one whose own letters are most frequent."""
    own = {other: sum(map(text.count, letters)) for other, letters in _SHARED.get(code, {}).items()}
    if own.get("bg") and _NOT_BULGARIAN.search(text):
        own["bg"] = 0
    best = max(own, key=own.__getitem__, default=code)
    return best if own.get(best) else code


def kin(code: str) -> tuple[str, ...]:
    """The languages that share their script with this one and are told apart by a few letters only."""
    return next(
        (each for name, others in _SHARED.items() if code in (each := (name, *others))),
        (code,),
    )
