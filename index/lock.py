"""One writer at a time, among processes too: the only module that knows how a lock is held."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: the number of the process and since when (with its time zone)."""

    pid: int
    since: datetime


class Busy(Exception):
    """Somebody else holds the lock; the caller says so in words of its own. `holder` is None where nobody knows."""

    def __init__(self, holder: Holder | None = None) -> None:
        super().__init__()
        self.holder = holder


@contextmanager
def only_one(
    path: Path,
    wait_seconds: float = 0.0,
    *,
    on_wait: Callable[[Holder | None], None] | None = None,
    named: bool = False,
) -> Iterator[None]:
    """Hold the lock file `path` for as long as the block runs; a process that dies lets go of it.

    `on_wait` is called once where somebody else holds it and there is time to wait. With `named`, a file beside it says
    who the holder is: for people to read, nothing depends on it.

    Raises Busy where another holds it for longer than `wait_seconds`, OSError where the file cannot be made.
    """
    from filelock import FileLock, Timeout

    lock, note = FileLock(path), path.with_name(path.name + ".holder")
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if wait_seconds <= 0:
                raise
            if on_wait:
                on_wait(_holder(note))
            lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise Busy(_holder(note)) from None
    try:
        if named:
            _tell(note)
        yield
    finally:
        if named:
            with suppress(OSError):
                note.unlink()
        lock.release()


def _tell(note: Path) -> None:
    # A full disk is for those to report who have something to write.
    with suppress(OSError):
        note.write_text(json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}))


def _holder(note: Path) -> Holder | None:
    """Return who said last that it holds the lock; None where there is nothing to be read."""
    try:
        values = json.loads(note.read_bytes())
        return Holder(int(values["pid"]), datetime.fromisoformat(values["since"]).astimezone())
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None
