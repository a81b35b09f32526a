"""The table of a linear model: rounded to signed bytes and written as `comptoir/reading/weights.py` reads it."""

import json
from pathlib import Path

import numpy as np

READING = Path(__file__).parents[1] / "comptoir" / "reading"


def write(name: str, labels: list[str], bits: int, tables: list[np.ndarray], bias: list[list[float]]) -> None:
    """Write one table (rows by columns, in logits) or one a label. The greatest weight gives the scale: none is cut."""
    scales = [float(np.abs(table).max()) / 127 for table in tables]
    rounded = [
        np.clip(np.round(table / scale), -127, 127).astype(np.int8)
        for table, scale in zip(tables, scales, strict=True)
    ]
    head = json.dumps({"labels": labels, "bits": bits, "scales": scales, "bias": bias})
    path = READING / f"{name}.weights"
    path.write_bytes(head.encode() + b"\n" + b"".join(each.tobytes() for each in rounded))
    print(path.name, path.stat().st_size, "bytes")


def write_known(name: str, labels: list[str], words: list[dict[int, np.ndarray]]) -> None:
    """Write the known words of each label: their hashes in order, and two weights of each, in logits."""
    scales, body = [], b""
    for each in words:
        values = np.array([each[hashed] for hashed in sorted(each)])
        scales.append(float(np.abs(values).max()) / 127)
        body += (
            np.array(sorted(each), "<u4").tobytes() + np.round(values / scales[-1]).astype(np.int8).tobytes()
        )
    head = json.dumps({"labels": labels, "sizes": list(map(len, words)), "scales": scales})
    path = READING / f"{name}.words"
    path.write_bytes(head.encode() + b"\n" + body)
    print(path.name, path.stat().st_size, "bytes")
