"""What the language model learns from: sentences and grams of packages whose licences allow it.

    pip download --no-deps -d WHEELS homeassistant home-assistant-frontend django django-allauth stopwordsiso py3langid

Translations of Home Assistant (Apache-2.0), Django (BSD) and django-allauth (MIT), the stop words of stopwords-iso
(MIT), and the weights of langid.py as py3langid carries them (BSD).
"""

import io
import json
import lzma
import re
import zipfile
from collections import defaultdict, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

_HOLE = re.compile(r"\{[^{}]*\}|%\(\w+\)\w|%\w|<[^>]*>|\[%.*?%\]|`[^`]*`|&\w+;|[\[\]*]|\([^)]*\)")
_JSON = re.compile(r"(.*)/translations/([A-Za-z-]+?)(?:-[0-9a-f]{32})?\.json$")
_PO = re.compile(r"locale/(\w+)/LC_MESSAGES/\w+\.po$")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def sentences(wheels: Path) -> dict[str, list[str]]:
    """The translated sentences of all wheels, by the code that their files bear; what stayed English is left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(path) as wheel:
            for code, said in [*_of_json(wheel), *_of_po(wheel)]:
                found[code].add(" ".join(_HOLE.sub(" ", said).split()))
    return {code: sorted(said) for code, said in found.items()}


def _of_json(wheel: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name in wheel.namelist():
        if match := _JSON.match(name):
            groups[match[1]][match[2]] = name
    for files in groups.values():
        if "en" not in files:
            continue
        english = set(_leaves(json.loads(wheel.read(files["en"]))))
        yield from (("en", said) for said in english)
        for code in files.keys() - {"en"}:
            yield from (
                (code, said) for said in _leaves(json.loads(wheel.read(files[code]))) if said not in english
            )


def _leaves(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for each in tree.values():
            yield from _leaves(each)


def _of_po(wheel: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for name in wheel.namelist():
        if match := _PO.search(name):
            code = match[1].replace("_", "-")
            text = wheel.read(name).decode(errors="replace")
            for block in re.findall(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', text, re.MULTILINE):
                said = "".join(_QUOTED.findall(block)).replace("\\n", " ").replace('\\"', '"')
                if said and "POT-Creation" not in said:
                    yield code, said


def stop_words(wheels: Path) -> dict[str, list[str]]:
    """The most frequent words of each language."""
    (path,) = wheels.glob("stopwordsiso-*.whl")
    with zipfile.ZipFile(path) as wheel:
        found: dict[str, list[str]] = json.loads(wheel.read("stopwordsiso/stopwords-iso.json"))
    return found


def grams(wheels: Path, codes: list[str]) -> dict[str, np.ndarray]:
    """Runs of letters, "_" at the edge of a word, with langid.py's log-likelihood in each language (mean 0).

    langid.py keeps no list of its features: they are the shortest ways to the states of its automaton.
    """
    (path,) = wheels.glob("py3langid-*.whl")
    with zipfile.ZipFile(path) as wheel:
        model = np.load(io.BytesIO(lzma.decompress(wheel.read("py3langid/data/model.npz.xz"))))
        moves, row, out = model["nextmove"].reshape(-1, 256), model["nextmove_row"], model["out_feat"]
        table = model["ptc"][:, [model["classes"].tolist().index(code) for code in codes]].astype(np.float32)
    table -= table.mean(axis=1, keepdims=True)
    found: dict[str, np.ndarray] = {}
    ways, queue = {0: b""}, deque([0])
    while queue:
        state = queue.popleft()
        for byte, after in enumerate(moves[row[state]].tolist()):
            if after not in ways:
                ways[after] = ways[state] + bytes([byte])
                queue.append(after)
    for state, way in ways.items():
        gram = way.decode(errors="replace").lower().replace(" ", "_")
        if out[state] >= 0 and gram.strip("_").isalpha() and max(gram) < "\u1eff":
            as_is = way == gram.replace("_", " ").encode()
            if as_is or gram not in found:
                found[gram] = table[out[state]]
    return found
