"""What becomes of the processes that read files: how each ended, what it cost and what it said. Not for Windows.

`corpus.sandbox` tells a person in one line; here its children are watched from outside, without a change to it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from corpus import child

_SMALL_PROCESS = 200_000_000


@dataclass(frozen=True, slots=True)
class ChildEnd:
    """How one child ended: `code` is negative for a signal, `seconds` are by the clock, `cpu_seconds` of its processor.

    `peak_bytes` is the most memory that it held at once. The system counts what this process held when it was started
    as well, so it is 0, for not known, where that is much: measure in a small process. `errors` is what it wrote to
    standard error: a traceback where it failed.
    """

    code: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    errors: str


class _Here(threading.local):
    ends: list[ChildEnd] | None = None


_here = _Here()


class _Watched(subprocess.Popen[bytes]):
    """A process that is reaped with its usage."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 (whatever Popen takes)
        self._begun = time.perf_counter()
        self._errors = getattr(named.get("stderr"), "name", None)
        super().__init__(*arguments, **named)

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        # All waiting of a Popen on POSIX comes here; only wait4 tells what this one child used.
        assert sys.platform != "win32"
        try:
            pid, status, usage = os.wait4(self.pid, wait_flags)
        except ChildProcessError:
            return self.pid, 0
        if pid == self.pid and _here.ends is not None:
            errors = Path(self._errors).read_text("utf-8", "replace")[-4000:] if isinstance(self._errors, str) else ""
            end = ChildEnd(
                os.waitstatus_to_exitcode(status),
                time.perf_counter() - self._begun,
                usage.ru_utime + usage.ru_stime,
                _peak(usage.ru_maxrss),
                errors,
            )
            _here.ends.append(end)
        return pid, status


def _peak(counted: int) -> int:
    assert sys.platform != "win32"
    counted *= 1 if sys.platform == "darwin" else 1024
    own = _own_peak()
    return counted if counted > own or own < _SMALL_PROCESS else 0


def _own_peak() -> int:
    """The most memory that this process has held, in bytes, without what the one that started it held."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = (line.split() for line in status.read_text(encoding="ascii").splitlines())
        return next(int(words[1]) * 1024 for words in lines if words[0] == "VmHWM:")
    assert sys.platform != "win32"
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@contextmanager
def watched() -> Iterator[list[ChildEnd]]:
    """The ends of the children that this thread starts and waits for while the block runs, as they come."""
    ends: list[ChildEnd] = []
    _here.ends = ends
    try:
        yield ends
    finally:
        _here.ends = None


@contextmanager
def watching() -> Iterator[None]:
    """Have every process started while the block runs be one that can be watched; all threads see it."""
    with patch.object(subprocess, "Popen", _Watched):
        yield


@contextmanager
def replaced(script: Path) -> Iterator[None]:
    """Have another program read the files, for as long as the block runs."""
    with patch.object(child, "__file__", str(script)):
        yield
