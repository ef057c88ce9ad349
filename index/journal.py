"""Records that only grow, one JSON object a line: changes of the library, marks, feedback. Looks at no line's meaning.

A line is on the disk before the person is told that it is stored. A crash may leave a last line cut off; it is counted
when the file is read and never runs into the next one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from corpus.durable import sync_folder
from index.errors import reason
from index.lock import Busy, only_one

LOCK_SECONDS = 10.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[_T]):
    """What a record holds, oldest first, and the numbers from 1 of the lines that cannot be read."""

    entries: tuple[_T, ...] = ()
    unreadable: tuple[int, ...] = ()


def append(path: Path, row: Mapping[str, Any], error_type: type[Exception]) -> None:
    """Add one line and wait until it is on the disk; `error_type`, worded for people, where that cannot be done."""
    # Half a surrogate pair is no text: written as an escape it would make the whole line unreadable.
    data = (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", errors="replace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with only_one(path.with_name(path.name + ".lock"), LOCK_SECONDS):
            _write(path, data)
    except Busy as error:
        raise error_type(
            f"「{path}」はほかのプログラムが使っています。少し待って、もう一度保存してください。"
        ) from error
    except OSError as error:
        raise error_type(
            f"「{path}」に保存できません（{reason(error)}）。空き容量と権限を確かめてください。"
        ) from error


def read(path: Path, parse: Callable[[bytes], _T], error_type: type[Exception]) -> Kept[_T]:
    """Return every line as `parse` makes it; one on which it raises ValueError is counted as unreadable.

    A file that is not there yet holds nothing; `error_type` where there is one that cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Kept()
    except OSError as error:
        raise error_type(f"「{path}」を読めません（{reason(error)}）。場所と権限を確かめてください。") from error
    entries, unreadable = [], []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            try:
                entries.append(parse(line))
            except ValueError:
                unreadable.append(number)
    return Kept(tuple(entries), tuple(unreadable))


def _write(path: Path, data: bytes) -> None:
    """Append whole or not at all, as far as the disk lets us: after a failure the file has its old length."""
    is_new = not path.exists()
    with path.open("ab+") as handle:
        size = handle.seek(0, os.SEEK_END)
        if size and not _ends_line(path):
            data = b"\n" + data
        try:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        except OSError:
            with suppress(OSError):
                os.truncate(path, size)
            raise
    if is_new:
        sync_folder(path.parent)


def _ends_line(path: Path) -> bool:
    with path.open("rb") as handle:
        handle.seek(-1, os.SEEK_END)
        return handle.read(1) == b"\n"
