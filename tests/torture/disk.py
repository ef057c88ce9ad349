"""Every call that changes the disk, seen before it is made: to record it, to fail it, to die at it.

Sees what goes through `os`, `io.open` and `pathlib`; a file's content is written in two halves, so that something can
happen between them. Reading is not seen.
"""

# ruff: noqa: ANN401 (what stands in for functions of `os` takes what they take)
from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest.mock import patch


@dataclass(frozen=True, slots=True)
class Call:
    """One call: mkdir, create, write, fsync, rename, unlink or rmdir. Paths are relative to the folder watched."""

    kind: str
    path: str
    target: str = ""
    data: bytes = b""


Hook = Callable[[Call], None]


@contextmanager
def watched(folder: Path, before: Hook, after: Hook | None = None) -> Iterator[None]:
    """Call `before` before each call below `folder`, and `after` after each that went well.

    The call is not made where `before` raises.
    """
    watcher = _Watcher(str(folder.resolve()), before, after or _nothing)
    replaced: list[Any] = [
        patch.object(io, "open", watcher.io_open),
        patch.object(os, "open", watcher.os_open),
        patch.object(os, "fsync", watcher.fsync),
        patch.object(os, "mkdir", watcher.named("mkdir", os.mkdir)),
        patch.object(os, "unlink", watcher.named("unlink", os.unlink)),
        patch.object(os, "remove", watcher.named("unlink", os.remove)),
        patch.object(os, "rmdir", watcher.named("rmdir", os.rmdir)),
        patch.object(os, "rename", watcher.renaming(os.rename)),
        patch.object(os, "replace", watcher.renaming(os.replace)),
    ]
    for one in replaced:
        one.start()
    try:
        yield
    finally:
        for one in reversed(replaced):
            one.stop()


def recorded(folder: Path, action: Callable[[], object]) -> list[Call]:
    """Return the calls that `action` makes below `folder`, without those that fail."""
    calls: list[Call] = []
    with watched(folder, _nothing, calls.append):
        action()
    return calls


def _nothing(_: Call) -> None:
    """Let the call be made."""


class _Watcher:
    def __init__(self, folder: str, before: Hook, after: Hook) -> None:
        self.folder, self.before, self.after = folder, before, after
        self.paths: dict[int, str] = {}
        self._io_open, self._os_open, self._fsync = io.open, os.open, os.fsync

    def io_open(self, file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        path = None if isinstance(file, int) else self.absolute(file)
        if path is None or not self.below(path) or not set(mode) & set("wax+"):
            return self._io_open(file, mode, *arguments, **named)
        with self.telling("create", path):
            raw = self._io_open(file, mode, *arguments, **named)
        self.paths[raw.fileno()] = path
        return _File(raw, lambda data: self.telling("write", path, data=data))

    def os_open(self, path: Any, flags: int, *arguments: Any, dir_fd: int | None = None, **named: Any) -> int:
        absolute = self.absolute(path, dir_fd)
        makes = flags & os.O_CREAT and not os.path.exists(absolute)
        with self.telling("create", absolute) if makes else nullcontext():
            descriptor = self._os_open(path, flags, *arguments, dir_fd=dir_fd, **named)
        self.paths[descriptor] = absolute
        return descriptor

    def fsync(self, descriptor: int) -> None:
        with self.telling("fsync", self.paths.get(descriptor, "")):
            self._fsync(descriptor)

    def named(self, kind: str, real: Callable[..., None]) -> Callable[..., None]:
        def call(path: Any, *arguments: Any, dir_fd: int | None = None, **named: Any) -> None:
            with self.telling(kind, self.absolute(path, dir_fd)):
                real(path, *arguments, dir_fd=dir_fd, **named)

        return call

    def renaming(self, real: Callable[..., None]) -> Callable[..., None]:
        def call(source: Any, target: Any, **named: Any) -> None:
            with self.telling("rename", self.absolute(source), self.absolute(target)):
                real(source, target, **named)

        return call

    @contextmanager
    def telling(self, kind: str, path: str, target: str = "", data: bytes = b"") -> Iterator[None]:
        if not self.below(path):
            yield
            return
        inside = os.path.relpath(target, self.folder) if target else ""
        call = Call(kind, os.path.relpath(path, self.folder), inside, data)
        self.before(call)
        yield
        self.after(call)

    def absolute(self, path: Any, dir_fd: int | None = None) -> str:
        folder = self.paths.get(dir_fd, "") if dir_fd is not None else os.getcwd()
        return os.path.normpath(os.path.join(folder, os.fsdecode(path)))

    def below(self, path: str) -> bool:
        return path == self.folder or path.startswith(self.folder + os.sep)


class _File:
    """A file open for writing, as far as writers use one."""

    def __init__(self, raw: Any, telling: Callable[[bytes], AbstractContextManager[None]]) -> None:
        self.raw, self.telling = raw, telling

    def write(self, data: Any) -> int:
        for half in (data[: len(data) // 2], data[len(data) // 2 :]):
            with self.telling(half.encode() if isinstance(half, str) else bytes(half)):
                self.raw.write(half)
                self.raw.flush()
        return len(data)

    def flush(self) -> None:
        self.raw.flush()

    def fileno(self) -> int:
        return int(self.raw.fileno())

    def close(self) -> None:
        self.raw.close()

    def __enter__(self) -> _File:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.raw.close()
