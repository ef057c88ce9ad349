"""One writer at a time, among processes too: the only module that knows how a lock is held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Somebody else holds the lock; the caller says so in words of its own."""


@contextmanager
def only_one(path: Path, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock file `path` for as long as the block runs; a process that dies lets go of it.

    Raises Busy where another holds it for longer than `wait_seconds`, OSError where the file cannot be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise Busy from None
    try:
        yield
    finally:
        lock.release()
