"""Two who change the index at once: both changes are in it, or the second is told that it is busy."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

from index.store import IndexStore
from tests.torture.library import Operation, TinyLibrary


@dataclass(frozen=True, slots=True)
class BuilderReport:
    """Documents added by all builders together, and those that are not in the index; builders that failed."""

    added: int
    lost: int
    failed: int


def add_at_once(folder: Path, rounds: int, builders: int = 2, store: type[IndexStore] = IndexStore) -> BuilderReport:
    """Add `rounds` documents in each of `builders` processes that work on one index at the same time."""
    context = multiprocessing.get_context("spawn")
    root, start = folder / "index", context.Barrier(builders)
    processes = [
        context.Process(target=_add, args=(root, rounds, name, start, store)) for name in "abcdefgh"[:builders]
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(300)
    failed = sum(process.exitcode != 0 for process in processes)
    return BuilderReport(builders * rounds, builders * rounds - len(TinyLibrary().contents(root)), failed)


def _add(root: Path, rounds: int, name: str, start: Barrier, store: type[IndexStore]) -> None:
    library = TinyLibrary(store)
    start.wait(60)
    for number in range(rounds):
        library.apply(root, Operation("add", f"{name}{number}", f"{name}の{number}番の話です。"))
