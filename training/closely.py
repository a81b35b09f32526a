"""Make `comptoir/reading/closely.weights`: logistic regression on where texts lie, beside what their words say.

    python -m training.closely DATA WHEELS KEPT [check]

It learns from what `training/tone.py` and `training/noise.py` learn from. `KEPT` is a file for the places of the texts,
which take some ten minutes to find on one core. A language has what all share and something of its own. `check` writes
nothing and says how well each does on what it did not learn from, words included: tone and toxicity in five parts, the
comments under each film by those under the others.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from training import noise
from training.places import places
from training.table import READING
from training.tone import LABELS, LANGUAGES, Language, plain

SPREAD = 20.0
"""The points lie close together: what their distances are multiplied with."""
OWN = 0.5
"""How much a language's own weights may differ from what all share."""
TONE, SPAM, TOXIC = 0.01, 0.1, 0.03
"""The inverse of the regularisation (C)."""
WORDS = {"tone": 1.0, "spam": 1.0, "toxicity": 0.75}
"""What the words' own logits count beside each: chosen where no language loses, on what was not learnt from."""


@dataclass
class Said:
    """Texts of some languages: where they lie, what they are, what each counts, the part that is left out together."""

    places: np.ndarray
    language: np.ndarray
    label: np.ndarray
    counts: np.ndarray
    part: np.ndarray


class Heads:
    """One regression over all languages: the shared weights, then each language's own."""

    def __init__(self, said: Said, languages: list[str], strength: float, learnt: np.ndarray) -> None:
        self.languages, self.middle = languages, said.places.mean(axis=0)
        self.model = LogisticRegression(C=strength, max_iter=500, tol=1e-5)
        self.model.fit(self._read(said)[learnt], said.label[learnt], sample_weight=said.counts[learnt])

    def logits(self, said: Said) -> np.ndarray:
        """What speaks for each label."""
        return self.model.decision_function(self._read(said))

    def of(self, language: str) -> tuple[np.ndarray, np.ndarray]:
        """Weights and biases, an output a row, for places as they are found."""
        size, whole = len(self.middle), self.model.coef_
        weights = whole[:, :size].copy()
        if language:
            at = size * (1 + self.languages.index(language))
            weights += OWN * whole[:, at : at + size]
        weights *= SPREAD
        return weights, self.model.intercept_ - weights @ self.middle

    def _read(self, said: Said) -> np.ndarray:
        size = len(self.middle)
        spread = (said.places - self.middle) * SPREAD
        wide = np.zeros((len(spread), size * (1 + len(self.languages))), np.float32)
        wide[:, :size] = spread
        for at, language in enumerate(self.languages, 1):
            mine = said.language == language
            wide[mine, size * at : size * (at + 1)] = spread[mine] * OWN
        return wide


def unseen(said: Said, languages: list[str], strength: float) -> np.ndarray:
    """The logits of each text by what was learnt without its part."""
    by_part = {
        k: Heads(said, languages, strength, said.part != k).logits(said)
        for k in set(said.part.tolist()) - {noise.OURS}
    }
    nothing = np.zeros_like(next(iter(by_part.values())))
    return np.array([by_part.get(k, nothing)[at] for at, k in enumerate(said.part.tolist())])


def tones(data: Path, kept: Path) -> Said:
    """Tweets of all languages that tone is read in."""
    rows = [
        (code, row) for code in LANGUAGES for row in noise.rows(data / f"sentiment/umsab-{code}-train.jsonl")
    ]
    found = places([plain(row["text"]) for _, row in rows], kept)
    part = np.concatenate(
        [np.random.default_rng(0).integers(0, 5, sum(c == code for c, _ in rows)) for code in LANGUAGES]
    )
    labels = np.array([LABELS[row["label"]] for _, row in rows])
    return Said(found, np.array([code for code, _ in rows]), labels, np.ones(len(rows)), part)


def of_genres(genres: dict[str, noise.Genre], kept: Path) -> Said:
    """The texts of genres, one a language."""
    found = [places(genre.texts, kept) for genre in genres.values()]
    return Said(
        np.concatenate(found),
        np.array([code for code, genre in genres.items() for _ in genre.texts]),
        *(
            np.concatenate([getattr(genre, name) for genre in genres.values()])
            for name in ("is_it", "counts", "part")
        ),
    )


def main(data: Path, wheels: Path, kept: Path, check: bool) -> None:
    """Read, train, write; or read and check."""
    tone = tones(data, kept)
    spam = of_genres({"": noise.spam(data)}, kept)
    # What messages mean is another thing than what comments do: neither crowds the other.
    spam.counts[spam.counts == noise.MESSAGE] = 1.0
    genres = {code: noise.toxic(data, code) for code in noise.TOXIC_IN}
    toxic = of_genres(genres, kept)
    both = dict(zip(genres, _beside_words(toxic, genres), strict=True))
    bars = {code: noise.cut(genre, both[code]) for code, genre in genres.items()}
    if check:
        by_words = np.concatenate([Language(code, data, wheels).unseen() for code in LANGUAGES])
        _check(tone, by_words, spam, data)
        for code, genre in genres.items():
            noise.print_toxic(code, genre, both[code])
        return
    heads = {
        "tone": (Heads(tone, LANGUAGES, TONE, everything(tone)), [*LANGUAGES, ""], {}),
        "spam": (Heads(spam, [], SPAM, everything(spam)), [""], {}),
        "toxicity": (Heads(toxic, noise.TOXIC_IN, TOXIC, everything(toxic)), [*noise.TOXIC_IN, ""], bars),
    }
    _write(
        {name: (languages, _rows(head, languages, bars)) for name, (head, languages, bars) in heads.items()}
    )


def _beside_words(toxic: Said, genres: dict[str, noise.Genre]) -> list[np.ndarray]:
    """The logits of meaning and words together, of each language; the words' as they are read, from their bar on."""
    meaning, found = unseen(toxic, noise.TOXIC_IN, TOXIC), []
    for code, genre in genres.items():
        words = noise.unseen(genre)
        found.append(meaning[toxic.language == code] + WORDS["toxicity"] * (words - noise.cut(genre, words)))
    return found


def everything(said: Said) -> np.ndarray:
    """No part left out."""
    return np.ones(len(said.part), bool)


def _rows(head: Heads, languages: list[str], bars: dict[str, float]) -> list[np.ndarray]:
    """For each language, an output a row: its weights, then its bias; three labels are told against neutral."""
    found = []
    for language in languages:
        weights, biases = head.of(language)
        rows = np.concatenate([weights, biases[:, None] - bars.get(language, 0.0)], axis=1)
        found.append(rows[[2, 0]] - rows[[1]] if len(rows) == 3 else rows)
    return found


def _write(heads: dict[str, tuple[list[str], list[np.ndarray]]]) -> None:
    kinds = {
        name: {"languages": languages, "outputs": len(rows[0]), "words": WORDS[name]}
        for name, (languages, rows) in heads.items()
    }
    body = b"".join(each.astype("<f4").tobytes() for _languages, rows in heads.values() for each in rows)
    size = next(iter(heads.values()))[1][0].shape[1] - 1
    path = READING / "closely.weights"
    path.write_bytes(json.dumps({"size": size, "heads": kinds}).encode() + b"\n" + body)
    print(path.name, path.stat().st_size, "bytes")


def _check(tone: Said, by_words: np.ndarray, spam: Said, data: Path) -> None:
    logits = unseen(tone, LANGUAGES, TONE) + by_words
    for code in LANGUAGES:
        mine = tone.language == code
        score = f1_score(tone.label[mine], logits[mine].argmax(axis=1), average="macro")
        print(f"tone, {code}: macro-F1 {100 * score:.1f} of {mine.sum()}")
    genre = noise.spam(data)
    noise.print_spam(genre, unseen(spam, [], SPAM) + noise.unseen(genre))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), "check" in sys.argv)
