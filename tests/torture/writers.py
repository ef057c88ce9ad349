"""Writers that break the rules of `index.store`, each in one way: what the harnesses must catch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from corpus.durable import sync_folder, write_file
from index import store as store_module
from index.errors import IndexingError
from index.generations import MANIFEST, read_manifest
from index.lock import Holder
from index.manifest import FileRecord, Pointer, Recipe, Reference
from index.store import CURRENT, Generation, IndexStore


class PointsFirst(IndexStore):
    """Names the new generation in CURRENT before it is there."""

    def _write_folder(self, reference: Reference, files: Mapping[str, bytes]) -> None:
        self._point_at(Pointer(reference, (reference,)))
        super()._write_folder(reference, files)


class InPlace(IndexStore):
    """Writes over the files of the generation in use."""

    def _write(self, files: Mapping[str, bytes], recipe: Recipe) -> Generation:
        with suppress(IndexingError):
            current = self._pointer().current
            if current is not None:
                return self._overwrite(current, files)
        return super()._write(files, recipe)

    def _overwrite(self, current: Reference, files: Mapping[str, bytes]) -> Generation:
        folder = self._folder(current)
        records = {name: FileRecord.of(content) for name, content in files.items()}
        manifest = replace(read_manifest(folder, current), files=records)
        for name, content in files.items():
            write_file(folder / name, content)
        write_file(folder / MANIFEST, manifest.to_bytes())
        new = Reference(current.generation, hashlib.sha256(manifest.to_bytes()).hexdigest())
        self._point_at(Pointer(new, (new,)))
        return Generation(new.generation, folder, manifest, dict(files))


class PointerInPlace(IndexStore):
    """Writes over CURRENT instead of replacing it."""

    def _point_at(self, pointer: Pointer) -> None:
        write_file(self.root / CURRENT, pointer.to_bytes())


class CollectsFirst(IndexStore):
    """Removes the old generations before CURRENT names the new one."""

    def _write_folder(self, reference: Reference, files: Mapping[str, bytes]) -> None:
        super()._write_folder(reference, files)
        self._collect((reference,))


class NoFileSync(IndexStore):
    """Does not wait for the content of files."""

    def _write(self, files: Mapping[str, bytes], recipe: Recipe) -> Generation:
        with patch.object(store_module, "write_file", Path.write_bytes):
            return super()._write(files, recipe)


class NoFolderSync(IndexStore):
    """Does not wait for names in folders."""

    def _write(self, files: Mapping[str, bytes], recipe: Recipe) -> Generation:
        with patch.object(store_module, "sync_folder", lambda folder: None):
            return super()._write(files, recipe)


class NoParentSync(IndexStore):
    """Does not wait for the names of the folders that the index lies in."""

    @contextmanager
    def exclusive(
        self, wait_seconds: float = 0.0, on_wait: Callable[[Holder | None], None] | None = None
    ) -> Iterator[None]:
        """Make the folders only."""
        made = patch.object(store_module, "make_folder", lambda folder: folder.mkdir(parents=True, exist_ok=True))
        with made, super().exclusive(wait_seconds, on_wait):
            yield


class SyncsTooLate(IndexStore):
    """Waits for the names in the root only after the old generations are gone."""

    def _write(self, files: Mapping[str, bytes], recipe: Recipe) -> Generation:
        def but_the_root(folder: Path) -> None:
            if folder != self.root:
                sync_folder(folder)

        with patch.object(store_module, "sync_folder", but_the_root):
            generation = super()._write(files, recipe)
        sync_folder(self.root)
        return generation


class LosesUpdates(IndexStore):
    """Locks while it writes only, not from reading to writing."""

    @contextmanager
    def exclusive(
        self, wait_seconds: float = 0.0, on_wait: Callable[[Holder | None], None] | None = None
    ) -> Iterator[None]:
        """Keep nobody out, but for the write itself."""
        yield

    def write(self, files: Mapping[str, bytes], recipe: Recipe) -> Generation:
        """Write under a lock of its own."""
        with super().exclusive(60):
            return self._write(files, recipe)


class ChecksNothing(IndexStore):
    """Reads the files without looking at their checksums."""

    def open(self) -> Generation:
        """Return whatever lies there."""
        status = self.status()
        contents = {name: (status.folder / name).read_bytes() for name in status.manifest.files}
        return Generation(status.generation_id, status.folder, status.manifest, contents)
