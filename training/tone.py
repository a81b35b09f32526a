"""Make `comptoir/reading/tone.weights` and `tone.words`: logistic regression on hashed words, pairs, runs and marks.

    python -m training.tone DATA WHEELS [check]

DATA has the train parts of UMSAB, `umsab-LANGUAGE-train.jsonl`, objects with `text` and `label`, one a line
(cardiffnlp/xlm-t, Apache-2.0); `training/lexicons.py` says how to fill WHEELS. Beside the rows it
learns what the sums of the lexicons are worth: that goes to `tone.words`, a word at a time. `check` writes nothing and
says how well each language does on texts of the train part that it did not learn from (five parts).
"""

import json
import re
import sys
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from comptoir.reading.utterance import utterance
from training import vocabulary
from training.lexicons import SIGNS, lexicons
from training.table import write, write_known

LANGUAGES = ["fr", "en", "es", "de", "it", "pt", "ar"]
LABELS = {"negative": 0, "neutral": 1, "positive": 2}
BITS = 17
STRENGTH = 0.6
"""The inverse of the regularisation (C)."""
LEXICON, FLIP = 3.0, -0.6
"""How much a lexicon's sum counts, and what a negation makes of a word's tone."""
OFTEN = 3
"""How often each of our own sentences counts."""


class Language:
    """One language: its texts as features, and the lexicons' sums beside them, good and bad apart."""

    def __init__(self, code: str, data: Path, wheels: Path) -> None:
        lines = (data / "sentiment" / f"umsab-{code}-train.jsonl").read_text().splitlines()
        texts = [(LABELS[row["label"]], plain(row["text"])) for row in map(json.loads, lines)]
        self.learnt = len(texts)
        own = _customers(code)
        self.vocabulary = vocabulary.allowed([utterance(text, code) for _, text in texts + own])
        texts += own * OFTEN
        self.labels = np.array([label for label, _ in texts])
        self.tables = [_with_negated(table) for table in lexicons(wheels, code)] + [SIGNS]
        self.matrix = self.read([utterance(text, code) for _, text in texts])

    def read(self, said: list[list[str]]) -> sp.csr_matrix:
        """One row a text: the lexicons' sums, then the hashed table; all over the root of the number of words."""
        sums = []
        for words in said:
            root = np.sqrt(max(1, len(words)))
            tones = [[table.get(word, 0.0) for word in words] for table in self.tables]
            sums.append([sum(t for t in each if t * sign > 0) / root for each in tones for sign in (1, -1)])
        seen = vocabulary.matrix(said, self.vocabulary, BITS)
        return sp.hstack([sp.csr_matrix(np.array(sums)) * LEXICON, seen]).tocsr()

    def fitted(self, part: Any = slice(None)) -> "Fit":
        """The regression on a part of the texts."""
        return Fit(self, self.matrix[part], self.labels[part])

    def unseen(self) -> np.ndarray:
        """What speaks for each label of the texts of the train part, by what was learnt from the other four fifths."""
        part = np.random.default_rng(0).integers(0, 5, self.learnt)
        own = np.full(len(self.labels) - self.learnt, 5)
        found = np.zeros((self.learnt, len(LABELS)))
        for k in range(5):
            fit = self.fitted(np.concatenate([part, own]) != k)
            found[part == k] = fit.logits(self.matrix[: self.learnt][part == k])
        return found


class Fit:
    """What was learnt: the coefficients of positive and of negative, against neutral."""

    def __init__(self, language: Language, matrix: sp.csr_matrix, labels: np.ndarray) -> None:
        self.columns = np.unique(matrix.indices)
        self.model = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-4).fit(
            matrix[:, self.columns], labels
        )
        self.language, self.width = language, matrix.shape[1]

    def logits(self, matrix: sp.csr_matrix) -> np.ndarray:
        """What speaks for each label of other texts."""
        return self.model.decision_function(matrix[:, self.columns])

    def table(self) -> tuple[np.ndarray, list[float]]:
        """The hashed rows, two columns, and the two biases."""
        bias = self.model.intercept_[[2, 0]] - self.model.intercept_[1]
        return self._against()[2 * len(self.language.tables) :], [round(float(each), 5) for each in bias]

    def words(self) -> dict[int, np.ndarray]:
        """What the words and signs of the lexicons turned out to be worth, by hash."""
        worth, found = self._against() * LEXICON, dict[int, np.ndarray]()
        for at, table in enumerate(self.language.tables):
            for word, tone in table.items():
                hashed = crc32(word.encode())
                found[hashed] = found.get(hashed, np.zeros(2)) + worth[2 * at + (tone < 0)] * tone
        return found

    def _against(self) -> np.ndarray:
        """The coefficients of positive and of negative, less those of neutral."""
        whole = np.zeros((self.width, 3))
        whole[self.columns] = self.model.coef_.T
        return whole[:, [2, 0]] - whole[:, [1]]


def _with_negated(table: dict[str, float]) -> dict[str, float]:
    return {**table, **{f"!{word}": tone * FLIP for word, tone in table.items() if word[0] != "#"}}


def plain(text: str) -> str:
    """Some texts of the set carry their punctuation as `\\u2019`."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def _customers(code: str) -> list[tuple[int, str]]:
    """Sentences of our own, as customers write them: UMSAB's French is about the climate, where questions are angry."""
    files = [Path(__file__).with_name(name) for name in ("customers.tsv", "signs.txt")]
    lines = [line for file in files for line in file.read_text().splitlines()]
    found = [line.split("\t") for line in lines]
    return [(LABELS[label], text) for language, label, text in found if language == code]


def main(data: Path, wheels: Path, check: bool) -> None:
    """Read, train, write; or read and check."""
    made = []
    for code in LANGUAGES:
        language = Language(code, data, wheels)
        if check:
            score = f1_score(
                language.labels[: language.learnt], language.unseen().argmax(axis=1), average="macro"
            )
            print(code, round(100 * score, 1), flush=True)
        else:
            made.append(language.fitted())
            vocabulary.write(f"tone-{code}", language.vocabulary)
    if made:
        tables = [each.table() for each in made]
        write("tone", LANGUAGES, BITS, [table for table, _ in tables], [bias for _, bias in tables])
        write_known("tone", LANGUAGES, [each.words() for each in made])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "check" in sys.argv)
