"""Make `comptoir/reading/language.weights`: softmax regression on hashed runs of bytes, begun at langid.py's weights.

    python -m training.language DATA WHEELS

DATA has the train parts of UMSAB, `umsab-{fr,en,es,de,it,pt}-train.jsonl`, one object with a `text` a line
(cardiffnlp/xlm-t, Apache-2.0); `training/corpora.py` says how to fill WHEELS. About four minutes on one core.
"""

import json
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
import scipy.sparse as sp

from comptoir.reading.language import RUNS, places, words_of
from training import corpora
from training.table import write

CODES = [
    *("fr", "en", "es", "de", "it", "pt", "nl", "ca", "gl", "eu", "sv", "da"),
    *("no", "fi", "pl", "cs", "hu", "ro", "tr", "id", "hr", "lt", "et", "vi"),
]
ALIASES = {
    "no": ["nb", "no", "nn"],
    "pt": ["pt", "pt-BR", "pt-PT"],
    "es": ["es", "es-AR", "es-CO", "es-MX"],
    "en": ["en", "en-GB"],
    "hr": ["hr", "bs", "sr-Latn"],
}
TWEETS = ["fr", "en", "es", "de", "it", "pt"]
BITS = 16
MASK = (1 << BITS) - 1
SENTENCES, STOPS, CUTS, OFTEN = 20000, 2000, 6, 100
"""Pieces of translations a language, bunches of stop words, pieces of each tweet, copies of our own sentences."""
LABELS = {"positive", "neutral", "negative"}
FIRST, RATE, EPOCHS, BATCH = 1.6, 0.6, 4, 256
"""How much langid.py's weights count at first, and the steps of AdaGrad."""


@cache
def _places(word: str) -> np.ndarray:
    return np.array(places(word, MASK), dtype=np.int32)


def pieces(data: Path, wheels: Path, rng: np.random.Generator) -> tuple[list[list[str]], np.ndarray]:
    """Runs of one to thirty words, and the language of each."""
    translated, stops = corpora.sentences(wheels), corpora.stop_words(wheels)
    runs: list[list[str]] = []
    codes: list[int] = []
    for at, code in enumerate(CODES):
        said = [words_of(each) for alias in ALIASES.get(code, [code]) for each in translated.get(alias, [])]
        said = [said[i] for i in rng.permutation(len(said)) if said[i]]
        got = [_cut(said[rng.integers(len(said))], 1, 7, rng) for _ in range(SENTENCES // 2)]
        stream = [word for each in said for word in each]
        got += [_cut(stream, 1, 7, rng) for _ in range(SENTENCES // 2)]
        if code in TWEETS:
            lines = (data / "sentiment" / f"umsab-{code}-train.jsonl").read_text().splitlines()
            tweets = [words for line in lines if (words := words_of(json.loads(line)["text"]))]
            got += [_cut(words, 2, 8, rng) for words in tweets for _ in range(CUTS)]
        own = [words_of(each) for each in _ours(code)]
        got += [each for each in own for _ in range(OFTEN)]
        frequent = [word for each in stops.get(code, []) for word in words_of(each)]
        if frequent:
            got += [list(rng.choice(frequent, rng.integers(1, 6))) for _ in range(STOPS)]
        runs += got
        codes += [at] * len(got)
    return runs, np.array(codes)


def _ours(code: str) -> list[str]:
    """Sentences of our own: what people write to each other and to a shop."""
    lines = [path.read_text().splitlines() for path in sorted(Path(__file__).parent.glob("*.tsv"))]
    fields = [line.split("\t") for each in lines for line in each]
    return [said for language, *rest in fields if language == code for said in rest if said not in LABELS]


def _cut(words: list[str], least: int, mean: float, rng: np.random.Generator) -> list[str]:
    length = min(least + int(rng.exponential(mean)), 30, len(words))
    start = int(rng.integers(len(words) - length + 1))
    return words[start : start + length]


def matrix(runs: list[list[str]]) -> sp.csr_matrix:
    """One row a text: how often it finds each row of the table, over the root of all it finds."""
    found = [np.concatenate([_places(word) for word in words]) for words in runs]
    values = np.concatenate([np.full(len(each), 1 / np.sqrt(len(each)), np.float32) for each in found])
    starts = np.concatenate([[0], np.cumsum([len(each) for each in found])])
    made = sp.csr_matrix((values, np.concatenate(found), starts), shape=(len(runs), MASK + 1))
    made.sum_duplicates()
    return made


def first(runs: list[list[str]], grams: dict[str, np.ndarray]) -> np.ndarray:
    """Where the weights begin: langid.py's, and of runs that share a row the mean by frequency."""
    seen: Counter[bytes] = Counter({gram.encode(): 3 for gram in grams})
    for word, times in Counter(word for words in runs for word in words).items():
        said = f"_{word[:20]}_".encode()
        for run in range(1, RUNS + 1):
            for at in range(len(said) - run + 1):
                seen[said[at : at + run]] += times
    table, total = np.zeros((MASK + 1, len(CODES)), np.float32), np.full(MASK + 1, 1e-6)
    for gram, times in seen.items():
        row = crc32(gram) & MASK
        total[row] += times
        if (known := grams.get(gram.decode(errors="replace"))) is not None:
            table[row] += times * known
    return table / total[:, None].astype(np.float32)


def trained(x: sp.csr_matrix, codes: np.ndarray, table: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """AdaGrad on the cross-entropy, in small batches; what is rare moves little from where it began."""
    seen = np.full((x.shape[1], 1), 0.1, np.float32)
    for epoch in range(EPOCHS):
        order, loss = rng.permutation(len(codes)), 0.0
        for start in range(0, len(codes), BATCH):
            some = order[start : start + BATCH]
            batch, each = x[some], np.arange(len(some))
            logits = batch @ table
            guess = np.exp(logits - logits.max(axis=1, keepdims=True))
            guess /= guess.sum(axis=1, keepdims=True)
            loss -= float(np.log(guess[each, codes[some]] + 1e-9).sum())
            guess[each, codes[some]] -= 1
            columns = np.unique(batch.indices)
            gradient = (batch[:, columns].T @ guess) / len(some)
            seen[columns] += (gradient**2).mean(axis=1, keepdims=True)
            table[columns] -= RATE * gradient / np.sqrt(seen[columns])
        print("epoch", epoch, "loss", round(loss / len(codes), 4), flush=True)
    return table


def main(data: Path, wheels: Path) -> None:
    """Read, train, write."""
    rng = np.random.default_rng(1)
    runs, codes = pieces(data, wheels, rng)
    table = first(runs, corpora.grams(wheels, CODES)) * FIRST
    write("language", CODES, BITS, [trained(matrix(runs), codes, table, rng)], [])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
