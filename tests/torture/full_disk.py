"""Disks that fill up or refuse at any call: one line says so, the old index answers, the next write works."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from index.errors import IndexNotWritten
from index.store import GENERATIONS, UNFINISHED, IndexStore
from tests.torture.disk import Call, watched
from tests.torture.library import build

OLD = {"a": "緑茶の話です。", "b": "紅茶の話です。"}
NEW = {"a": "茶葉の話です。", "c": "急須の話です。"}
_GROWS = {"mkdir", "create", "write", "fsync", "rename"}
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class DiskReport:
    """Calls that failed in turn, how many were told as `IndexNotWritten`, and what else happened, in words."""

    failed_calls: int
    told: int
    problems: tuple[str, ...]


def fail_at_every_call(folder: Path, code: int = errno.ENOSPC, earlier: int = 3, stride: int = 1) -> DiskReport:
    """Let each `stride`-th call that needs the disk fail in turn, in a write after `earlier` others."""
    told, problems, number = 0, [], 1
    for number in range(1, 2_000, stride):
        root = folder / str(number) / "data" / "index"
        root.parent.mkdir(parents=True)
        for _ in range(earlier):
            build(IndexStore(root), OLD)
        before = _listed(root)
        failed, error = _build_failing(root, number, code)
        if not failed:
            break
        told += isinstance(error, IndexNotWritten)
        problems += [f"call {failed}: {problem}" for problem in _problems(root, error, before, earlier)]
    return DiskReport((number - 1) // stride, told, tuple(problems))


def on_tiny_disk(folder: Path) -> str | None:
    """Fill a real disk of 1 MB, and make one read-only; None where mounting is not permitted, else what went wrong.

    The disk is mounted in a namespace of its own, which goes with the process whatever happens to it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    steps = 'mount -t tmpfs -o size=1m none "$1" && exec "$0" -m tests.torture.tiny_disk "$1"'
    try:
        probe = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", folder], capture_output=True)
        if probe.returncode:
            return None
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", steps, sys.executable, folder],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=120,
        )
    except FileNotFoundError:
        return None
    return "" if done.returncode == 0 else done.stdout + done.stderr or "failed without a word"


def _build_failing(root: Path, number: int, code: int) -> tuple[Call | None, Exception | None]:
    numbers, failed = count(1), []

    def hook(call: Call) -> None:
        if call.kind in _GROWS and next(numbers) == number:
            failed.append(call)
            raise OSError(code, os.strerror(code))

    with watched(root.parent.parent, hook):
        try:
            build(IndexStore(root), NEW)
        except Exception as error:
            return failed[0] if failed else None, error
    return failed[0] if failed else None, None


def _problems(root: Path, error: Exception | None, before: set[str], earlier: int) -> list[str]:
    from tests.torture.library import TinyLibrary

    problems, library = [], TinyLibrary()
    if error is not None and (not isinstance(error, IndexNotWritten) or "\n" in str(error)):
        problems.append(f"told as {error!r}")
    found = library.contents(root)
    if found not in ([NEW] if error is None else [OLD if earlier else {}, NEW]):
        problems.append(f"afterwards there is {found}")
    if found != NEW and _listed(root) != before:
        problems.append(f"left behind: {_listed(root) - before}; gone: {before - _listed(root)}")
    build(IndexStore(root), NEW)
    if library.contents(root) != NEW or IndexStore(root).verify():
        problems.append("the next write does not help")
    return problems


def _listed(root: Path) -> set[str]:
    return {path.name for pattern in (f"{GENERATIONS}/*", f"{UNFINISHED}*") for path in root.glob(pattern)}
