"""The reading half of `index.store`: which generation is in use, which are kept, and whether they are whole.

Changes nothing on disk, so it works on a folder that cannot be written to.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from corpus.durable import read_file
from index.errors import (
    CHANGED,
    MISSING,
    DamagedIndex,
    IncompatibleIndex,
    IndexingError,
    NoIndex,
    NoSuchGeneration,
    reason,
)
from index.generations import (
    MANIFEST,
    Generation,
    GenerationInfo,
    IndexStatus,
    inspect,
    read_files,
    read_generation,
    read_manifest,
)
from index.manifest import PLAIN_NAME, SCHEMA, Pointer, Reference

CURRENT = "CURRENT"
GENERATIONS = "generations"

# A reader whose generation is removed under it starts again with the new one: so often only among endless switches.
_ATTEMPTS = 100
_T = TypeVar("_T")


class StoreReader:
    """The generations under one folder, for any number of readers; see `index.store` for the layout."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def open(self) -> Generation:
        """Return the current generation, every byte of it checked.

        Raises:
            NoIndex: nothing has been built.
            IncompatibleIndex: written by a program with another layout.
            DamagedIndex: names every file that is missing or not what the manifest says, and the generation that
                `rollback` would bring back.
        """
        return self._in_use(lambda current: read_generation(self._folder(current), current))

    def status(self) -> IndexStatus:
        """Return what the current generation's manifest says; raises as `open` does, but reads no other file."""

        def read(current: Reference) -> IndexStatus:
            folder = self._folder(current)
            return IndexStatus(current.generation, folder, read_manifest(folder, current))

        return self._in_use(read)

    def verify(self) -> list[str]:
        """Return one line for every damaged, missing or extra file of the current generation: none where all is well.

        Raises NoIndex where there is nothing to verify.
        """
        try:
            status = self.status()
        except NoIndex:
            raise
        except IndexingError as error:
            return [str(error)]
        problems = [f"{name}: {problem}" for name, problem in read_files(status.folder, status.manifest)[1].items()]
        known = {MANIFEST, *status.manifest.files}
        extra = sorted(path.name for path in status.folder.iterdir() if path.name not in known)
        return problems + [f"{name}: 索引の記録にない余分なファイルです" for name in extra]

    def generations(self) -> list[GenerationInfo]:
        """Return the generations that are kept, newest first, every byte of each checked.

        Where CURRENT is damaged none is the current one, and all that lie there are listed. Raises NoIndex.
        """
        try:
            pointer = self._pointer()
        except IndexingError:
            return self._found()
        if pointer.current is None:
            raise NoIndex
        return [
            inspect(self._folder(reference), reference, is_current=reference == pointer.current)
            for reference in pointer.kept
        ]

    @property
    def _generations(self) -> Path:
        return self.root / GENERATIONS

    def _folder(self, reference: Reference) -> Path:
        return self._generations / reference.generation

    def _pointer(self) -> Pointer:
        """Return what CURRENT says; without one, and with no generation there either, that there is none."""
        try:
            pointer = Pointer.from_bytes(read_file(self.root / CURRENT))
        except FileNotFoundError:
            if self._names():
                raise DamagedIndex({CURRENT: MISSING}) from None
            return Pointer(None)
        except OSError as error:
            raise DamagedIndex({CURRENT: reason(error)}) from error
        except ValueError as error:
            raise DamagedIndex({CURRENT: CHANGED}) from error
        if pointer.schema != SCHEMA:
            raise IncompatibleIndex("形式", pointer.schema, SCHEMA)
        return pointer

    def _in_use(self, read: Callable[[Reference], _T]) -> _T:
        """Return what `read` makes of the current generation, of the next one where this one is removed meanwhile."""
        try:
            for _ in range(_ATTEMPTS):
                pointer = self._pointer()
                if pointer.current is None:
                    raise NoIndex
                try:
                    return read(pointer.current)
                except DamagedIndex:
                    if self._pointer() == pointer:
                        raise
            raise DamagedIndex({CURRENT: "読み込み中に何度も切り替わりました"})
        except DamagedIndex as error:
            raise DamagedIndex(error.problems, self._rescue()) from error

    def _rescue(self) -> str | None:
        with suppress(IndexingError):
            return generation_before(self.generations()).generation_id
        return None

    def _names(self) -> list[str]:
        """Return the names of the generations that lie there, used or not."""
        with suppress(OSError):
            folders = (path for path in self._generations.iterdir() if path.is_dir())
            return [path.name for path in folders if PLAIN_NAME.fullmatch(path.name)]
        return []

    def _found(self) -> list[GenerationInfo]:
        """Return the generations that lie there, newest first, as far as their names vouch for them."""
        references = map(Reference.by_name, self._names())
        found = [inspect(self._folder(reference), reference, is_current=False) for reference in references]
        return sorted(found, key=lambda one: (one.sequence, one.generation_id), reverse=True)

    def _reference(self, generation_id: str) -> Reference:
        """Return what is known to refer to a generation: by CURRENT, else by its name where that fits its manifest."""
        with suppress(IndexingError):
            for reference in self._pointer().kept:
                if reference.generation == generation_id:
                    return reference
        by_name = Reference.by_name(generation_id)
        with suppress(OSError):
            return by_name.completed(read_file(self._folder(by_name) / MANIFEST))
        return by_name


def named_generation(listed: list[GenerationInfo], generation_id: str) -> GenerationInfo:
    """Return the generation of that name if it is whole and not in use already."""
    others = [one.generation_id for one in listed if one.problem is None and not one.is_current]
    for one in listed:
        if one.generation_id == generation_id:
            if one.problem is not None:
                raise NoSuchGeneration(f"世代 {generation_id} は壊れています（{one.problem}）", others)
            if one.is_current:
                raise NoSuchGeneration(f"世代 {generation_id} は、いま使っているものです", others)
            return one
    raise NoSuchGeneration(f"世代「{generation_id}」はありません", others)


def generation_before(listed: list[GenerationInfo]) -> GenerationInfo:
    """Return the generation to go back to: never past a damaged one where the current one is in order."""
    place = next((number for number, one in enumerate(listed) if one.is_current), -1)
    older, newer = listed[place + 1 :], listed[: max(place, 0)]
    whole = [one for one in older + newer if one.problem is None]
    names = [one.generation_id for one in whole]
    if place < 0 or listed[place].problem is not None:
        if whole:
            return whole[0]
        raise NoSuchGeneration("壊れていない世代が残っていません")
    if not older:
        raise NoSuchGeneration("いまの世代より前のものはありません", names)
    if older[0].problem is not None:
        raise NoSuchGeneration(f"一つ前の世代 {older[0].generation_id} は壊れています（{older[0].problem}）", names)
    return older[0]
