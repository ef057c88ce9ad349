"""A disk that loses power: of what was not fsynced, any part may be gone. Recorded once, cut after every call.

The model is the weak one of POSIX: the content of a file is there once the file was synced, a name once its folder was;
everything else may be there or not, in any combination, except that a rename happens whole or not at all.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from index.errors import NoIndex
from index.manifest import EncoderRecord, Recipe
from index.store import IndexStore
from tests.torture.disk import Call, recorded

RECIPE = Recipe(EncoderRecord("fake", "00ff", 8), {}, {}, {})
_MOST_EXHAUSTIVE = 7


@dataclass(frozen=True, slots=True)
class PowerReport:
    """Cuts of the power and disks that may be left after them; those that the index did not recover from, in words."""

    cuts: int
    disks: int
    problems: tuple[str, ...]


def cut_everywhere(folder: Path, store: type[IndexStore] = IndexStore, extra: int = 20, seed: int = 1) -> PowerReport:
    """Cut the power after each call of a first write, of a second, of a fourth and of a rollback.

    `extra` is the number of random combinations tried beside the extreme ones, where there are too many for all.
    """
    reports = [
        _cut(folder / name, store, earlier, action, extra, random.Random(seed))
        for name, earlier, action in (
            ("first", 0, _write),
            ("second", 1, _write),
            ("fourth", 3, _write),
            ("rollback", 3, lambda store: store.rollback()),
        )
    ]
    problems = tuple(problem for report in reports for problem in report.problems)
    return PowerReport(sum(report.cuts for report in reports), sum(report.disks for report in reports), problems)


def _write(store: IndexStore, text: str = "new") -> object:
    return store.write({"a.txt": text.encode(), "b.bin": text.encode() * 50}, RECIPE)


def _cut(
    folder: Path,
    store: type[IndexStore],
    earlier: int,
    action: Callable[[IndexStore], object],
    extra: int,
    chance: random.Random,
) -> PowerReport:
    work = folder / "work"
    work.mkdir(parents=True)
    root = Path("data") / "index"
    for number in range(earlier):
        _write(IndexStore(work / root), f"old {number}")
    disk, old = Disk.of(work), _found(work / root)
    calls = recorded(work, lambda: action(store(work / root)))
    new, disks, problems = _found(work / root), 0, []
    for number in range(len(calls) + 1):
        if number:
            disk.do(calls[number - 1])
        # The last cut comes after the writer has said that it is done.
        allowed = {new} if number == len(calls) else {old, new}
        for survives in _survivals(disk.pending(), extra, chance):
            disks += 1
            left = folder / "left"
            disk.write(left, survives)
            problem = _problem(left / root, allowed)
            shutil.rmtree(left)
            if problem:
                done = calls[number - 1] if number else None
                problems.append(f"{folder.name}, after {done}: {problem}")
    return PowerReport(len(calls) + 1, disks, tuple(problems))


def _problem(root: Path, allowed: set[str]) -> str:
    """Return what is wrong with the index after the cut, or with a write to it; nothing where all is well."""
    try:
        found = _found(root)
        if found not in allowed:
            return f"there is {found!r}, not one of {sorted(allowed)}"
        _write(IndexStore(root), "later")
        return "" if _found(root) == "later" and not IndexStore(root).verify() else "a later write did not help"
    except Exception as error:
        return repr(error)


def _found(root: Path) -> str:
    try:
        return IndexStore(root).open().read("a.txt").decode()
    except NoIndex:
        return "nothing"


def _survivals(pending: int, extra: int, chance: random.Random) -> Iterator[tuple[bool, ...]]:
    """Yield which of the pending changes survive: all combinations of a few, the extremes and some of many."""
    if pending <= _MOST_EXHAUSTIVE and 2**pending <= max(extra, 2):
        yield from product((False, True), repeat=pending)
        return
    yield (False,) * pending
    yield (True,) * pending
    for _ in range(extra):
        share = chance.random()
        yield tuple(chance.random() < share for _ in range(pending))


@dataclass(eq=False, slots=True)
class Node:
    """A file or folder: what is on the disk, and what was done to it since, in order.

    To a file is done its content, as it is now; to a folder (name, node or None).
    """

    is_folder: bool
    content: bytes = b""
    synced: bytes = b""
    dirty: bool = False
    names: dict[str, Node] = field(default_factory=dict)
    changes: list[dict[str, Node | None]] = field(default_factory=list)

    def now(self) -> dict[str, Node]:
        """Return the names in a folder as the running system sees them."""
        return self.surviving([True] * len(self.changes))

    def surviving(self, survives: list[bool]) -> dict[str, Node]:
        """Return the names in a folder after a cut that these changes survive."""
        names: dict[str, Node | None] = dict(self.names)
        for change, kept in zip(self.changes, survives, strict=True):
            names.update(change if kept else {})
        return {name: node for name, node in names.items() if node is not None}


class Disk:
    """A tree of nodes that the recorded calls are done to; all that `of` finds is on the disk."""

    def __init__(self, top: Node) -> None:
        self.top = top

    @classmethod
    def of(cls, folder: Path) -> Disk:
        """Return the disk with what lies in `folder`, all of it synced."""

        def read(path: Path) -> Node:
            if path.is_dir():
                return Node(True, names={one.name: read(one) for one in path.iterdir()})
            return Node(False, content=path.read_bytes(), synced=path.read_bytes())

        return cls(read(folder))

    def do(self, call: Call) -> None:
        """Do one recorded call."""
        if call.kind == "fsync":
            self._sync(self._node(call.path))
            return
        folder, name = self._place(call.path)
        if call.kind == "mkdir":
            folder.changes.append({name: Node(True)})
        elif call.kind in {"unlink", "rmdir"}:
            folder.changes.append({name: None})
        elif call.kind == "rename":
            target, new_name = self._place(call.target)
            assert target is folder, "a rename across folders is not modelled"
            folder.changes.append({name: None, new_name: folder.now()[name]})
        elif call.kind == "create":
            if name not in folder.now():
                folder.changes.append({name: Node(False)})
            node = folder.now()[name]
            node.content, node.dirty = b"", True
        else:
            node = folder.now()[name]
            node.content, node.dirty = node.content + call.data, True

    def pending(self) -> int:
        """Return how many changes have not been synced."""
        return sum(len(node.changes) + node.dirty for node in self._all(self.top))

    def write(self, folder: Path, survives: tuple[bool, ...]) -> None:
        """Write the tree that is left where these of the pending changes survive."""
        kept: dict[Node, list[bool]] = {}
        flags = iter(survives)
        for node in self._all(self.top):
            kept[node] = [next(flags) for _ in range(len(node.changes) + node.dirty)]
        self._write(self.top, folder, kept)

    def _write(self, node: Node, path: Path, kept: dict[Node, list[bool]]) -> None:
        if not node.is_folder:
            path.write_bytes(node.content if not node.dirty or kept[node][-1] else node.synced)
            return
        path.mkdir()
        for name, below in node.surviving(kept[node]).items():
            self._write(below, path / name, kept)

    def _all(self, node: Node, seen: set[int] | None = None) -> Iterator[Node]:
        """Yield every node that is there now or may be there after a cut, once."""
        seen = set() if seen is None else seen
        if id(node) in seen:
            return
        seen.add(id(node))
        yield node
        below = [*node.names.values(), *(one for change in node.changes for one in change.values() if one is not None)]
        for one in below:
            yield from self._all(one, seen)

    def _sync(self, node: Node) -> None:
        if node.is_folder:
            node.names, node.changes = node.now(), []
        else:
            node.synced, node.dirty = node.content, False

    def _node(self, path: str) -> Node:
        node = self.top
        for part in Path(path).parts:
            node = node.now()[part]
        return node

    def _place(self, path: str) -> tuple[Node, str]:
        return self._node(str(Path(path).parent)), Path(path).name
