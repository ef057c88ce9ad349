"""Writing that survives a power cut: a file, a name or a rename counts as done when the disk has it."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

_WINDOWS = os.name == "nt"
# On Windows a file that a reader or a virus scanner has open can be neither replaced nor, for a moment, read.
_TRIES = 20
_PAUSE_SECONDS = 0.05
_Result = TypeVar("_Result")


def write_file(path: Path, content: bytes) -> None:
    """Write `content` to `path` and wait until the disk has it; its name in the folder is not waited for."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_file(path: Path) -> bytes:
    """Return the content of a file that may be replaced at this moment."""
    return _patiently(path.read_bytes)


def replace(source: Path, target: Path) -> None:
    """Give a file or folder another name in the same folder, in one step; `sync_folder` then waits for it."""
    _patiently(lambda: os.replace(source, target))


def make_folder(folder: Path) -> None:
    """Make a folder and wait until the disk has every name on the way to it."""
    folder.mkdir(parents=True, exist_ok=True)
    for above in folder.absolute().parents:
        # Whose content may not be listed was not made here.
        with suppress(PermissionError):
            sync_folder(above)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in `folder`; on Windows and some network drives there is no such call."""
    if _WINDOWS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def _patiently(call: Callable[[], _Result]) -> _Result:
    """Call again for a second where Windows says that somebody has the file open."""
    for _ in range(_TRIES - 1 if _WINDOWS else 0):
        try:
            return call()
        except PermissionError:
            time.sleep(_PAUSE_SECONDS)
    return call()
