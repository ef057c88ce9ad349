"""Reading the generations of the index: every byte checked against the manifest, the manifest against its reference.

Writes nothing and chooses nothing; which generation is in use is for `index.store` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.durable import read_file
from index.errors import CHANGED, MISSING, DamagedIndex, IncompatibleIndex, IndexingError, reason
from index.manifest import SCHEMA, FileRecord, Manifest, Reference

MANIFEST = "manifest.json"


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


@dataclass(frozen=True, slots=True)
class GenerationInfo:
    """A generation that is kept: ISO 8601 in UTC, how much is in it, and in one line what is wrong with it, or None.

    Where the manifest itself is damaged `created_at` is None, `counts` is empty and `sequence` is 0.
    """

    generation_id: str
    is_current: bool
    problem: str | None
    created_at: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    sequence: int = 0


def read_manifest(folder: Path, reference: Reference) -> Manifest:
    """Return the manifest in `folder`.

    Raises DamagedIndex where it is not the one referred to, IncompatibleIndex where another program's layout.
    """
    try:
        data = read_file(folder / MANIFEST)
        if not reference.is_to(data):
            raise DamagedIndex({MANIFEST: CHANGED})
        manifest = Manifest.from_bytes(data)
    except FileNotFoundError:
        raise DamagedIndex({MANIFEST: MISSING}) from None
    except OSError as error:
        raise DamagedIndex({MANIFEST: reason(error)}) from error
    except ValueError as error:
        raise DamagedIndex({MANIFEST: CHANGED}) from error
    if manifest.schema != SCHEMA:
        raise IncompatibleIndex("形式", manifest.schema, SCHEMA)
    return manifest


def read_generation(folder: Path, reference: Reference) -> Generation:
    """Return the generation in `folder`, every byte checked; raises as `read_manifest`, with every bad file named."""
    manifest = read_manifest(folder, reference)
    contents, problems = read_files(folder, manifest)
    if problems:
        raise DamagedIndex(problems)
    return Generation(reference.generation, folder, manifest, contents)


def read_files(folder: Path, manifest: Manifest) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files of `manifest` that are as they should be, and what is wrong with each of the others."""
    contents: dict[str, bytes] = {}
    problems: dict[str, str] = {}
    for name, record in manifest.files.items():
        try:
            content = read_file(folder / name)
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


def inspect(folder: Path, reference: Reference, *, is_current: bool) -> GenerationInfo:
    """Return what is known of a generation, every byte checked; what is wrong with it is told, never raised."""
    try:
        manifest = read_manifest(folder, reference)
    except IndexingError as error:
        return GenerationInfo(reference.generation, is_current, _listed(error))
    problems = read_files(folder, manifest)[1]
    return GenerationInfo(
        reference.generation,
        is_current,
        _listed(DamagedIndex(problems)) if problems else None,
        manifest.created_at,
        manifest.recipe.counts,
        manifest.sequence,
    )


def _listed(error: IndexingError) -> str:
    return error.listed if isinstance(error, DamagedIndex) else str(error)
