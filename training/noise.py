"""Make `comptoir/reading/spam.weights` and `toxicity.weights`: logistic regression on words, pairs, runs and marks.

    python -m training.noise DATA [check]

`spam/Youtube*`: YouTube Spam Collection (Alberto, Lochter, Almeida, CC BY 4.0). `spam/sms-*`: SMS Spam Collection
(Almeida, Gómez Hidalgo, CC BY 4.0). `moderation/ftr-racism-fr`: FTR (Vanetik, Mimoun, MIT). `moderation/mlma-*`: MLMA
(Ousidhoum, Lin, Zhang, Song, Yeung, MIT). `comments.txt` and `hate.txt` beside this file are our own. `check` writes
nothing and says how well each does on texts that it did not learn from: the comments under each film by those under the
others; toxicity in five parts.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from comptoir.reading.spam import signs
from comptoir.reading.utterance import utterance
from training import vocabulary
from training.table import write
from training.tone import plain

BITS = 16
SPAM, TOXIC = 5.0, 3.0
"""The inverse of the regularisation (C)."""
SMOOTH = 0.5
MESSAGE = 0.1
"""What a message counts among comments: comments are what a house reads most."""
COMMENT = 1.0
"""What a comment of our own counts."""
TWEET = 0.3
"""What a tweet counts that is taken for no spam."""
TOXIC_IN = ["fr", "en", "ar"]
OURS = -1
"""The part of our own sentences, in files beside this one: always learnt from, never judged by."""


@dataclass
class Genre:
    """Texts with what each is, what it counts, and the part that is left out together."""

    texts: list[str]
    said: list[list[str]]
    is_it: np.ndarray
    part: np.ndarray
    counts: np.ndarray
    strength: float


class Fit:
    """What a genre teaches, or a part of it.

    What tells both sides apart by itself counts more from the beginning: Wang and Manning, "Baselines and Bigrams",
    ACL 2012.
    """

    def __init__(self, genre: Genre, learnt: Any = None) -> None:
        at = np.flatnonzero(np.ones(len(genre.texts)) if learnt is None else learnt)
        said, is_it, counts = [genre.said[i] for i in at], genre.is_it[at], genre.counts[at]
        self.vocabulary = vocabulary.allowed(said)
        seen = vocabulary.matrix(said, self.vocabulary, BITS)
        self.columns = np.unique(seen.indices)
        self.apart = _apart(seen[:, self.columns], is_it, counts)
        self.model = LogisticRegression(C=genre.strength, max_iter=600, tol=1e-5)
        self.model.fit(self._scaled(seen), is_it, sample_weight=counts)

    def logits(self, said: list[list[str]]) -> np.ndarray:
        """How likely it is of other texts."""
        return self.model.decision_function(self._scaled(vocabulary.matrix(said, self.vocabulary, BITS)))

    def table(self) -> np.ndarray:
        """One weight a row."""
        whole = np.zeros((1 << BITS, 1))
        whole[self.columns, 0] = self.model.coef_[0] * self.apart
        return whole

    def _scaled(self, seen: sp.csr_matrix) -> sp.csr_matrix:
        return seen[:, self.columns].multiply(self.apart).tocsr()


def _apart(seen: sp.csr_matrix, is_it: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """How far each column tells both sides apart: the log of the ratio of its shares."""
    there = (seen != 0).astype(float).multiply(counts[:, None]).tocsr()
    yes, no = (np.asarray(there[side].sum(axis=0)).ravel() + SMOOTH for side in (is_it, ~is_it))
    return np.abs(np.log((yes / yes.sum()) / (no / no.sum())))


def unseen(genre: Genre) -> np.ndarray:
    """The logits of each text by what was learnt without its part."""
    found = np.zeros(len(genre.texts))
    for part in sorted(set(genre.part.tolist()) - {OURS}):
        out = genre.part == part
        found[out] = Fit(genre, ~out).logits([genre.said[i] for i in np.flatnonzero(out)])
    return found


def bar(is_it: np.ndarray, logits: np.ndarray) -> float:
    """From which logit on to say yes, so that both sides are told equally well."""
    steps = np.quantile(logits, np.linspace(0.05, 0.95, 91))
    scores = np.array([macro_f1(is_it, logits > step) for step in steps])
    smooth = np.convolve(np.pad(scores, 3, mode="edge"), np.full(7, 1 / 7), mode="valid")
    return float(steps[smooth.argmax()])


def cut(genre: Genre, logits: np.ndarray) -> float:
    """The bar for what was not learnt from; our own sentences do not move it."""
    judged = genre.part != OURS
    return bar(genre.is_it[judged], logits[judged])


def print_toxic(code: str, genre: Genre, logits: np.ndarray) -> None:
    """How well a language's hate is told, each part by the bar that is best for the others."""
    judged = genre.part != OURS
    is_it, part, logits = genre.is_it[judged], genre.part[judged], logits[judged]
    said = np.zeros(len(is_it), bool)
    for each in set(part.tolist()):
        said[part == each] = logits[part == each] > bar(is_it[part != each], logits[part != each])
    print(f"toxicity, {code}: macro-F1 {100 * macro_f1(is_it, said):.1f} of {len(said)}")


def spam(data: Path) -> Genre:
    """Comments, those under one film a part, and messages, dealt out among the parts."""
    films = [rows(path) for path in sorted((data / "spam").glob("Youtube*.jsonl"))]
    messages = [row for path in sorted((data / "spam").glob("sms-*.jsonl")) for row in rows(path)]
    found = [row for film in films for row in film] + messages
    texts = [row["text"] for row in found]
    part = [at for at, film in enumerate(films) for _ in film]
    part += [at % len(films) for at in range(len(messages))]
    counts = [1.0] * (len(found) - len(messages)) + [MESSAGE] * len(messages)
    is_it = [row["label"] == "spam" for row in found]
    own = [(text, label == "spam", COMMENT) for label, text in ours("comments")]
    own += [(text, False, TWEET) for text in _tweets(data)]
    texts += [text for text, _, _ in own]
    is_it += [is_spam for _, is_spam, _ in own]
    counts += [count for _, _, count in own]
    part += [OURS] * len(own)
    return Genre(texts, list(map(signs, texts)), np.array(is_it), np.array(part), np.array(counts), SPAM)


def _tweets(data: Path) -> list[str]:
    """Every tenth of the tweets that tone is learnt from, French and English: addresses and names alone are no spam."""
    files = [data / "sentiment" / f"umsab-{code}-train.jsonl" for code in ("fr", "en")]
    return [plain(row["text"]) for path in files for row in rows(path)[::10]]


def ours(name: str, code: str = "") -> list[tuple[str, str]]:
    """Sentences of our own, in one language or all, each after what it is."""
    lines = Path(__file__).with_name(f"{name}.txt").read_text().splitlines()
    found = [line.split("\t") for line in lines]
    return [(label, text) for language, label, text in found if code in ("", language)]


def toxic(data: Path, code: str) -> Genre:
    """Tweets: racist or not in French; elsewhere those that two people took for hateful, against plain ones."""
    folder = data / "moderation"
    if code == "fr":
        found = [(row["text"], row["label"] == 1) for row in rows(folder / "ftr-racism-fr.jsonl")]
    else:
        found = [
            (row["text"], row["label"] != "normal")
            for row in rows(folder / f"mlma-{code}.jsonl")
            if row["label"] == "normal" or "hateful" in row["label"].split("_")
        ]
    part = np.random.default_rng(0).permutation(len(found)) % 5
    own = [(text, label == "1") for label, text in ours("hate", code)]
    part = np.concatenate([part, np.full(len(own), OURS)])
    texts = [text for text, _ in found + own]
    is_it = np.array([hateful for _, hateful in found + own])
    counts = np.where(is_it, 0.5 / is_it.mean(), 0.5 / (1 - is_it.mean()))
    return Genre(texts, [utterance(text, code) for text in texts], is_it, part, counts, TOXIC)


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file."""
    return list(map(json.loads, path.read_text().splitlines()))


def macro_f1(is_it: np.ndarray, said: np.ndarray) -> float:
    """The mean of the F1 of what it is and of what it is not."""
    pairs = [(is_it, said), (~is_it, ~said)]
    return float(np.mean([2 * (a & b).sum() / max(1, a.sum() + b.sum()) for a, b in pairs]))


def _check(data: Path) -> None:
    genre = spam(data)
    print_spam(genre, unseen(genre))
    for code in TOXIC_IN:
        genre = toxic(data, code)
        print_toxic(code, genre, unseen(genre))


def print_spam(genre: Genre, logits: np.ndarray) -> None:
    """How well comments and messages are told."""
    right = (logits > 0) == genre.is_it
    messages = genre.counts == MESSAGE
    comments = (genre.part != OURS) & ~messages
    for name, those in (("comments under other films", comments), ("messages", messages)):
        print(f"spam, {name}: {100 * right[those].mean():.1f} % of {those.sum()}")


def main(data: Path, check: bool) -> None:
    """Read, train, write; or read and check."""
    if check:
        _check(data)
        return
    fit = Fit(spam(data))
    write("spam", ["any"], BITS, [fit.table()], [[_bias(fit, 0.0)]])
    vocabulary.write("spam", fit.vocabulary)
    genres = {code: toxic(data, code) for code in TOXIC_IN}
    fits = {code: Fit(genre) for code, genre in genres.items()}
    biases = [[_bias(fits[code], cut(genre, unseen(genre)))] for code, genre in genres.items()]
    write("toxicity", TOXIC_IN, BITS, [each.table() for each in fits.values()], biases)
    for code, each in fits.items():
        vocabulary.write(f"toxicity-{code}", each.vocabulary)


def _bias(fit: Fit, least: float) -> float:
    return round(float(fit.model.intercept_[0]) - least, 5)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "check" in sys.argv)
