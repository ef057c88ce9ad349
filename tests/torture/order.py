"""The order of the calls that make a switch safe, read off a recording of one write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.store import CURRENT, GENERATIONS, LOCK, UNFINISHED, IndexStore
from tests.torture.disk import Call, recorded
from tests.torture.library import build

_CONTENTS = {"a": "緑茶の話です。", "b": "紅茶の話です。"}


def write_violations(folder: Path, store: type[IndexStore] = IndexStore, earlier: int = 3) -> list[str]:
    """Return what is out of order in a write after `earlier` others; none where all is well."""
    made = store(folder / "data" / "index")
    folder.mkdir(parents=True, exist_ok=True)
    for _ in range(earlier):
        build(IndexStore(made.root), _CONTENTS)
    calls = recorded(folder, lambda: build(made, _CONTENTS))
    return violations(calls, "data/index", new_root=not earlier)


def violations(calls: list[Call], root: str, *, new_root: bool) -> list[str]:
    """Return the rules that a recorded write of one generation in `root` breaks, in words."""
    calls = [call for call in calls if LOCK not in call.path]
    generations, current = f"{root}/{GENERATIONS}", f"{root}/{CURRENT}"
    moves = [call for call in calls if call.kind == "rename" and call.path.startswith(f"{generations}/{UNFINISHED}")]
    switches = [number for number, call in enumerate(calls) if call.kind == "rename" and call.target == current]
    # Before the first generation CURRENT says that there is none.
    if len(moves) != 1 or len(switches) != 1 + new_root:
        return [f"{len(moves)} folders were renamed, CURRENT was replaced {len(switches)} times"]
    unfinished = moves[0].path
    moved, switched = calls.index(moves[0]), switches[-1]
    found = _unsynced(calls, moved, lambda path: path.startswith(unfinished + "/"), "a file")
    found += _unsynced(calls, switched, lambda path: path == calls[switched].path, "the pointer")
    rules = [
        ("the folder is synced after its files, before it is renamed", _has_sync(calls, unfinished, moved)),
        ("the parent is synced between rename and switch", _synced(calls, generations, moved, switched)),
        ("the folder is renamed before the switch", moved < switched),
        ("the root is synced after the switch", _synced(calls, root, switched, len(calls))),
        ("nothing is written into a generation in use", not _written(calls, generations, unfinished)),
        ("CURRENT is never written in place", not any(c.kind == "create" and c.path == current for c in calls)),
    ]
    first_root_sync = next((n for n, c in enumerate(calls) if n > switched and _is_sync(c, root)), len(calls))
    removed = [n for n, c in enumerate(calls) if c.kind in {"unlink", "rmdir"} and c.path.startswith(generations + "/")]
    rules.append(("old generations go after that", all(n > first_root_sync for n in removed)))
    if new_root:
        for made in [call.path for call in calls if call.kind == "mkdir" and not call.path.startswith(generations)]:
            above = made.rpartition("/")[0] or "."
            rules.append((f"the name of {made} is synced", _synced(calls, above, -1, switched)))
    return found + [f"not so: {rule}" for rule, holds in rules if not holds]


def _unsynced(calls: list[Call], until: int, chosen: Callable[[str], bool], what: str) -> list[str]:
    """Return the files chosen that are not synced after their last write and before the call number `until`."""
    last = {call.path: n for n, call in enumerate(calls) if call.kind in {"create", "write"} and chosen(call.path)}
    if not last:
        return [f"{what} was never written"]
    return [f"not so: {what} is synced: {path}" for path, n in last.items() if not _synced(calls, path, n, until)]


def _has_sync(calls: list[Call], unfinished: str, moved: int) -> bool:
    writes = [n for n, c in enumerate(calls) if c.path.startswith(unfinished + "/") and c.kind in {"create", "write"}]
    return _synced(calls, unfinished, max(writes, default=-1), moved)


def _synced(calls: list[Call], path: str, start: int, end: int) -> bool:
    return any(_is_sync(call, path) for call in calls[start + 1 : end])


def _is_sync(call: Call, path: str) -> bool:
    return call.kind == "fsync" and call.path == path


def _written(calls: list[Call], generations: str, unfinished: str) -> bool:
    inside = [c for c in calls if c.kind in {"create", "write"} and c.path.startswith(generations + "/")]
    return any(not call.path.startswith(unfinished + "/") for call in inside)
