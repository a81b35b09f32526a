"""How the same words look from a hundred thumbs: no accents, small letters, a slip, an emoji, more question marks."""

from __future__ import annotations

import unicodedata

from comptoir.connectors.rehearsal.dice import Dice

_SMILES = ("🙏", "😡", "😢", "🌋", "🤷", "⛴️", "😤", "🥺", "❤️", "🙄")
_PLEASE = {"fr": (" svp", " SVP !!", " Merci d'avance"), "en": (" pls", " please!!", " Thanks in advance")}
_SHORTEST = 5


def worn(text: str, language: str, dice: Dice) -> str:
    """The text as somebody in a hurry would have it; about one in three writes with care."""
    if dice.chance(0.3):
        return text
    if dice.chance(0.25):
        text = _plain(text).lower()
    if dice.chance(0.3):
        text = _slipped(text, dice)
    if dice.chance(0.2):
        text = text.replace("?", "?" * (2 + dice.below(3)))
    if dice.chance(0.2):
        text += dice.pick(_PLEASE[language])
    if dice.chance(0.35):
        text = f"{text} {dice.pick(_SMILES) * (1 + dice.below(3))}"
    return text


def _plain(text: str) -> str:
    """Without accents."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign)))


def _slipped(text: str, dice: Dice) -> str:
    """With one letter doubled, left out, or before its neighbour, somewhere in a long word."""
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if len(word) >= _SHORTEST and word.isalpha()]
    if not long:
        return text
    n = dice.pick(long)
    word = words[n]
    at = 1 + dice.below(len(word) - 3)
    words[n] = dice.pick(
        (
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return " ".join(words)
