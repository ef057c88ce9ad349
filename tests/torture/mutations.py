"""Every file of an index changed in every way that disks, copies and hands change files: found before it is used."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, cycle, islice
from pathlib import Path
from unittest.mock import patch

from index import dense
from index.errors import IndexingError
from index.retriever import Retriever
from index.store import CURRENT, IndexStore
from tests.torture.library import ENCODER, TOKENIZER, build

Files = dict[Path, bytes]
Mutation = tuple[str, Files, tuple[Path, ...]]
"""Its kind, files with their new content, files that are gone."""


@dataclass(frozen=True, slots=True)
class MutationReport:
    """How many mutations of each kind were tried, and those that were used before they were found."""

    tried: dict[str, int]
    undetected: tuple[str, ...]

    @property
    def total(self) -> int:
        """All mutations together."""
        return sum(self.tried.values())


def mutate(folder: Path, rounds: int, store: type[IndexStore] = IndexStore, seed: int = 1) -> MutationReport:
    """Change the files of an index in `rounds` ways, one at a time, and open it after each; all swaps come first."""
    made = store(folder / "index")
    build(IndexStore(made.root), {"a": "緑茶の話です。", "b": "紅茶は三分です。"})
    older = _files(made)
    build(IndexStore(made.root), {"a": "緑茶の話です。", "c": "茶葉を急須に入れます。", "d": "湯気と香り。"})
    files, tried, undetected = _files(made), Counter[str](), []
    assert Retriever.open(made, ENCODER, TOKENIZER).search("緑茶")
    for kind, changed, gone in islice(_mutations(files, older, random.Random(seed)), rounds):
        tried[kind] += 1
        for path, content in changed.items():
            path.write_bytes(content)
        for path in gone:
            path.unlink()
        if not _detected(made):
            undetected.append(f"{kind}: {', '.join(path.name for path in (*changed, *gone))}")
        for path in {*changed, *gone}:
            path.write_bytes(files[path])
    assert Retriever.open(made, ENCODER, TOKENIZER).search("緑茶")
    return MutationReport(dict(tried), tuple(undetected))


def _detected(store: IndexStore) -> bool:
    """Whether opening says that the index is damaged, before its vectors are looked at."""
    with patch.object(dense.DenseIndex, "from_bytes", side_effect=AssertionError("used before it was checked")):
        try:
            Retriever.open(store, ENCODER, TOKENIZER)
        except IndexingError:
            return True
        except Exception:
            return False
    return False


def _files(store: IndexStore) -> Files:
    paths = [store.root / CURRENT, *sorted(store.status().folder.iterdir())]
    return {path: path.read_bytes() for path in paths}


def _mutations(files: Files, older: Files, chance: random.Random) -> Iterator[Mutation]:
    for one, other in combinations(files, 2):
        if files[one] != files[other]:
            yield "swap", {one: files[other], other: files[one]}, ()
    before = {path.name: content for path, content in older.items()}
    for path, content in files.items():
        # The pointer of yesterday is a pointer: it names a generation that is whole.
        if path.name != CURRENT and before.get(path.name, content) != content:
            yield "older", {path: before[path.name]}, ()
        yield "delete", {}, (path,)
    yield "delete all", {}, tuple(path for path in files if path.name != CURRENT)
    for path, change in zip(cycle(files), _endless(chance), strict=False):
        kind, mutant = change(files[path])
        if mutant != files[path]:
            yield kind, {path: mutant}, ()


def _endless(chance: random.Random) -> Iterator[Callable[[bytes], tuple[str, bytes]]]:
    """Yield changes of one file's content, each kind as often as the others."""

    def flip(data: bytes) -> tuple[str, bytes]:
        if not data:
            return "append", b"\x00"
        place = chance.randrange(len(data))
        return "flip", data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]

    def truncate(data: bytes) -> tuple[str, bytes]:
        return "truncate", data[: chance.randrange(len(data) + 1)]

    def append(data: bytes) -> tuple[str, bytes]:
        return "append", data + chance.choice([b"\n", b" ", b"\x00", data, chance.randbytes(16)])

    def zeros(data: bytes) -> tuple[str, bytes]:
        start = chance.randrange(len(data) + 1)
        return "zeros", data[:start] + bytes(len(data) - start)

    while True:
        # As many files as there are kinds would give each file one kind only.
        yield from chance.sample([flip, truncate, append, zeros, flip], 5)
