"""Where texts lie by what they mean, as `comptoir/reading/closely.py` finds it; kept in a file, for it takes long."""

import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from comptoir.reading.closely import points

SOME = 1280


def places(texts: Sequence[str], kept: Path) -> np.ndarray:
    """One row a text. What `kept` has is not read again."""
    names = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]
    known = dict(zip(*_kept(kept), strict=True))
    new = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    while new:
        some = [new.popitem() for _ in range(min(SOME, len(new)))]
        known.update(zip((name for name, _ in some), points([text for _, text in some]), strict=True))
        np.savez(
            kept.with_suffix(".new.npz"), names=list(known), points=np.array(list(known.values()), np.float32)
        )
        os.replace(kept.with_suffix(".new.npz"), kept)
        print(f"{time.strftime('%H:%M:%S')} {len(new)} texts to go", flush=True)
    return np.array([known[name] for name in names], np.float32)


def _kept(path: Path) -> tuple[list[str], np.ndarray]:
    if not path.exists():
        return [], np.zeros((0, 0), np.float32)
    with np.load(path) as file:
        return file["names"].tolist(), file["points"]
