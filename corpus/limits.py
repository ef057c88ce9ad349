"""What one file may cost while it is read, and how a process holds itself to it.

The child sets its own limits before it looks at the file (`hold_to`); the parent watches the clock. On Windows there is
no limit on memory, only the clock and the sizes.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from typing import Final

_MEGABYTE: Final = 1_000_000
_CPU_GRACE_SECONDS: Final = 5
_FORBIDDEN: Final = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "os.system", "os.exec")
_STARTS: Final = ("subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty")


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost: seconds by the clock, and bytes of the file, of memory and of the result."""

    seconds: float = 60.0
    file_bytes: int = 300 * _MEGABYTE
    memory_bytes: int = 1_500 * _MEGABYTE
    output_bytes: int = 300 * _MEGABYTE


OCR_SECONDS: Final = 600.0
"""What recognising the pages of one file may take besides."""


def hold_to(limits: Limits, *, may_start_programs: bool) -> None:
    """Hold this process to `limits` for good: memory, processor time, size of files; no connection to anywhere.

    `may_start_programs` lets it start other programs, as OCR must.
    """
    if sys.platform != "win32":
        import resource

        seconds = int(limits.seconds) + _CPU_GRACE_SECONDS
        _lower(resource.RLIMIT_AS, limits.memory_bytes)
        _lower(resource.RLIMIT_CPU, seconds)
        _lower(resource.RLIMIT_FSIZE, limits.output_bytes)
        _lower(resource.RLIMIT_CORE, 0)
        # The parent ends a child that takes too long; a parent that was killed itself cannot.
        signal.alarm(seconds)
    forbidden = _FORBIDDEN if may_start_programs else (*_FORBIDDEN, *_STARTS)

    def refuse(event: str, _arguments: tuple[object, ...]) -> None:
        if event.startswith(forbidden):
            raise PermissionError(f"{event} is not allowed while a file is read")

    sys.addaudithook(refuse)


def _lower(kind: int, value: int) -> None:
    import resource

    assert sys.platform != "win32"
    _, most = resource.getrlimit(kind)
    least = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(kind, (least, least))


def end_group(process_id: int) -> None:
    """End a process that leads a group, with all in the group; nothing where it has ended by itself."""
    try:
        if sys.platform == "win32":
            os.kill(process_id, signal.SIGTERM)
        else:
            os.killpg(process_id, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
