"""Generations of the index on disk: written whole, checked before use, switched by one atomic replace.

Knows nothing of what the files mean. The layout, and what each part is for:

    ROOT/
      CURRENT                     one line of JSON: generation id, SHA-256 of its manifest, schema
      writer.lock                 held while a new generation is written
      generations/
        20260105T093000Z-1f2e3d4c/
          manifest.json           SHA-256 and size of every other file, and how they were made
          …                       the files
        .new-…                    a generation that is being written; left behind by a crash, removed by the next writer

A writer fills a `.new-` folder, fsyncs every file and the folder, renames it, and replaces CURRENT. Whoever reads sees
the old generation whole or the new one whole. The one just replaced stays until the next switch: a reader may be at it.
Reading and checking takes about 1.2 ms a megabyte (22 MB for 2,000 long paragraphs: 25 ms on two shared cores).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.durable import sync_folder, write_file
from index.errors import (
    CHANGED,
    MISSING,
    DamagedIndex,
    IncompatibleIndex,
    IndexBusy,
    IndexingError,
    IndexNotWritten,
    NoIndex,
    reason,
)
from index.lock import Busy, only_one
from index.manifest import PLAIN_NAME, SCHEMA, FileRecord, Manifest, Pointer, Recipe

CURRENT = "CURRENT"
GENERATIONS = "generations"
LOCK = "writer.lock"
MANIFEST = "manifest.json"
UNFINISHED = ".new-"

# A reader that loses its generation to two switches in a row starts again; more than once is a damaged index.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation whose files have been read and checked: what is used later is what was checked."""

    generation_id: str
    folder: Path
    manifest: Manifest
    contents: Mapping[str, bytes]

    def read(self, name: str) -> bytes:
        """Return the content of a file; DamagedIndex where the generation has none of that name."""
        try:
            return self.contents[name]
        except KeyError:
            raise DamagedIndex({name: MISSING}) from None

    def path(self, name: str) -> Path:
        """Return where a file lies."""
        return self.folder / name


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The generation in use, by its manifest; its files are not read."""

    generation_id: str
    folder: Path
    manifest: Manifest


class IndexStore:
    """The generations under one folder. Any number of readers, one writer at a time."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def write(self, files: Mapping[str, bytes], recipe: Recipe) -> Generation:
        """Write a new generation, make it the current one and remove those before the one just replaced.

        Raises:
            IndexBusy: another process is writing.
            IndexNotWritten: disk full, no permission and the like; the generation in use is untouched.
        """
        for name in files:
            if not PLAIN_NAME.fullmatch(name) or name == MANIFEST:
                raise ValueError(f"not a name for a file of the index: {name!r}")
        try:
            self._generations.mkdir(parents=True, exist_ok=True)
            with self._only_writer():
                return self._write(files, recipe)
        except OSError as error:
            raise IndexNotWritten(reason(error)) from error

    def open(self) -> Generation:
        """Return the current generation, every byte of it checked.

        Raises:
            NoIndex: nothing has been built.
            IncompatibleIndex: written by a program with another layout.
            DamagedIndex: names every file that is missing or not what the manifest says.
        """
        for _ in range(_ATTEMPTS):
            pointer = self._pointer()
            try:
                return self._checked(pointer)
            except DamagedIndex:
                if self._pointer() == pointer:
                    raise
        raise DamagedIndex({CURRENT: "読み込み中に何度も切り替わりました"})

    def status(self) -> IndexStatus:
        """Return what the current generation's manifest says; raises as `open` does, but reads no other file."""
        pointer = self._pointer()
        return IndexStatus(pointer.generation, self._generations / pointer.generation, self._manifest(pointer))

    def verify(self) -> list[str]:
        """Return one line for every damaged, missing or extra file of the current generation: none where all is well.

        Raises NoIndex where there is nothing to verify.
        """
        try:
            pointer = self._pointer()
            manifest = self._manifest(pointer)
        except NoIndex:
            raise
        except IndexingError as error:
            return [str(error)]
        folder = self._generations / pointer.generation
        problems = [f"{name}: {problem}" for name, problem in _read_all(folder, manifest)[1].items()]
        known = {MANIFEST, *manifest.files}
        extra = sorted(path.name for path in folder.iterdir() if path.name not in known)
        return problems + [f"{name}: 索引の記録にない余分なファイルです" for name in extra]

    @property
    def _generations(self) -> Path:
        return self.root / GENERATIONS

    def _pointer(self) -> Pointer:
        try:
            pointer = Pointer.from_bytes((self.root / CURRENT).read_bytes())
        except FileNotFoundError:
            raise NoIndex from None
        except OSError as error:
            raise DamagedIndex({CURRENT: reason(error)}) from error
        except ValueError as error:
            raise DamagedIndex({CURRENT: CHANGED}) from error
        if pointer.schema != SCHEMA:
            raise IncompatibleIndex("形式", pointer.schema, SCHEMA)
        return pointer

    def _manifest(self, pointer: Pointer) -> Manifest:
        try:
            data = (self._generations / pointer.generation / MANIFEST).read_bytes()
            if hashlib.sha256(data).hexdigest() != pointer.manifest_sha256:
                raise DamagedIndex({MANIFEST: CHANGED})
            return Manifest.from_bytes(data)
        except FileNotFoundError:
            raise DamagedIndex({MANIFEST: MISSING}) from None
        except OSError as error:
            raise DamagedIndex({MANIFEST: reason(error)}) from error
        except ValueError as error:
            raise DamagedIndex({MANIFEST: CHANGED}) from error

    def _checked(self, pointer: Pointer) -> Generation:
        manifest = self._manifest(pointer)
        folder = self._generations / pointer.generation
        contents, problems = _read_all(folder, manifest)
        if problems:
            raise DamagedIndex(problems)
        return Generation(pointer.generation, folder, manifest, contents)

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        try:
            with only_one(self.root / LOCK):
                yield
        except Busy:
            raise IndexBusy from None

    def _write(self, files: Mapping[str, bytes], recipe: Recipe) -> Generation:
        self._remove_unfinished()
        now = datetime.now(UTC)
        generation_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        records = {name: FileRecord.of(content) for name, content in sorted(files.items())}
        manifest = Manifest(SCHEMA, now.isoformat(timespec="seconds"), _version(), recipe, records)
        self._write_folder(generation_id, {**files, MANIFEST: manifest.to_bytes()})
        self._switch(Pointer(generation_id, hashlib.sha256(manifest.to_bytes()).hexdigest(), SCHEMA))
        return Generation(generation_id, self._generations / generation_id, manifest, dict(files))

    def _write_folder(self, generation_id: str, files: Mapping[str, bytes]) -> None:
        unfinished = self._generations / (UNFINISHED + generation_id)
        try:
            unfinished.mkdir()
            for name, content in files.items():
                write_file(unfinished / name, content)
            sync_folder(unfinished)
            unfinished.rename(self._generations / generation_id)
            sync_folder(self._generations)
        except OSError:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise

    def _switch(self, pointer: Pointer) -> None:
        """Make `pointer` the current one, then remove what is neither it nor the one before."""
        before = None
        with suppress(IndexingError):
            before = self._pointer().generation
        new = self.root / (UNFINISHED + CURRENT)
        write_file(new, pointer.to_bytes())
        os.replace(new, self.root / CURRENT)
        sync_folder(self.root)
        for folder in self._generations.iterdir():
            if folder.name not in {pointer.generation, before}:
                # What cannot be removed now (a reader on Windows) is tried again at the next switch.
                shutil.rmtree(folder, ignore_errors=True)

    def _remove_unfinished(self) -> None:
        for folder in self._generations.glob(UNFINISHED + "*"):
            shutil.rmtree(folder, ignore_errors=True)


def _read_all(folder: Path, manifest: Manifest) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files of `manifest` that are as they should be, and what is wrong with each of the others."""
    contents: dict[str, bytes] = {}
    problems: dict[str, str] = {}
    for name, record in manifest.files.items():
        try:
            content = (folder / name).read_bytes()
        except FileNotFoundError:
            problems[name] = MISSING
        except OSError as error:
            problems[name] = f"読めません（{reason(error)}）"
        else:
            if FileRecord.of(content) == record:
                contents[name] = content
            else:
                problems[name] = CHANGED
    return contents, problems


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("mamori")
    except PackageNotFoundError:
        return "unknown"
