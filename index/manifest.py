"""What a generation of the index says about itself: how it was made, what is in it, the SHA-256 of every file.

Values and their JSON form only; `index.store` reads and writes the files.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

SCHEMA = 2
"""Number of the layout on disk; raise it with every change that an older program cannot read."""

PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""What generations and their files are called: names that lead out of no folder on any system."""

_DIGEST_IN_NAME = 16
"""Characters of the manifest's SHA-256 that the name of its generation ends in."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file must be: its SHA-256 in hexadecimal and its size in bytes."""

    sha256: str
    size: int

    @classmethod
    def of(cls, content: bytes) -> FileRecord:
        """Return the record of a file with this content."""
        return cls(hashlib.sha256(content).hexdigest(), len(content))


@dataclass(frozen=True, slots=True)
class EncoderRecord:
    """Which encoder made the vectors."""

    name: str
    fingerprint: str
    dimension: int


@dataclass(frozen=True, slots=True)
class AdaptationRecord:
    """How the encoder of an index was fitted to its text; the rows that changed are files of the generation.

    `base` is the fingerprint of the encoder before, `texts` the number of texts that were learnt from.
    """

    base: str
    texts: int
    settings: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an index was made with and how much is in it: everything that a search must agree with.

    `encoder` is what made the vectors, after adaptation where there was one; `adaptation` is None where there was none.
    `likely` is the fingerprint of the likely questions that were given, None where none of them led anywhere.
    `reranking` are the weights of the linear reranker by feature, empty where there is none.
    """

    encoder: EncoderRecord
    tokenizer: Mapping[str, str]
    fusion: Mapping[str, float]
    counts: Mapping[str, int] = field(default_factory=dict)
    adaptation: AdaptationRecord | None = None
    likely: str | None = None
    reranking: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of one generation. `created_at` is ISO 8601 in UTC, `mamori` the version that wrote it.

    `sequence` counts the generations of a store as they are written, from 1: clocks can be set back.
    """

    schema: int
    created_at: str
    mamori: str
    recipe: Recipe
    files: Mapping[str, FileRecord]
    sequence: int = 0

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(record.size for record in self.files.values())

    def to_bytes(self) -> bytes:
        """Return the manifest as indented JSON."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Read what `to_bytes` wrote; ValueError where it is something else."""
        try:
            return cls._from_json(json.loads(data))
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a manifest: {error!r}") from error

    @classmethod
    def _from_json(cls, values: dict[str, Any]) -> Manifest:
        recipe = values["recipe"]
        # Indexes written before adaptation have no such key, and programs of that time do not look for it: they refuse
        # the fingerprint of the adapted encoder.
        adaptation = recipe.get("adaptation")
        files = {name: FileRecord(**record) for name, record in values["files"].items()}
        if not all(map(PLAIN_NAME.fullmatch, files)):
            raise ValueError("a name that leads elsewhere")
        return cls(
            schema=values["schema"],
            created_at=values["created_at"],
            mamori=values["mamori"],
            recipe=Recipe(
                encoder=EncoderRecord(**recipe["encoder"]),
                tokenizer=recipe["tokenizer"],
                fusion=recipe["fusion"],
                counts=recipe["counts"],
                adaptation=AdaptationRecord(**adaptation) if adaptation else None,
                likely=recipe.get("likely"),
                reranking=recipe.get("reranking") or {},
            ),
            files=files,
            sequence=int(values.get("sequence", 0)),
        )


@dataclass(frozen=True, slots=True)
class Reference:
    """A generation and the SHA-256 of its manifest, in hexadecimal; of the latter the beginning where no more is known.

    The name of a generation ends in the beginning of it, so that one whose pointer is lost can still be checked.
    """

    generation: str
    manifest_sha256: str

    @classmethod
    def to(cls, manifest: bytes, written: datetime) -> Reference:
        """Return the reference to a new generation with this manifest, its name made of the time (UTC) and the hash."""
        digest = hashlib.sha256(manifest).hexdigest()
        return cls(f"{written:%Y%m%dT%H%M%SZ}-{digest[:_DIGEST_IN_NAME]}", digest)

    @classmethod
    def by_name(cls, generation: str) -> Reference:
        """Return what the name of a generation alone says about it."""
        return cls(generation, generation.rpartition("-")[2])

    def completed(self, manifest: bytes) -> Reference:
        """Return the reference with the whole hash where these bytes are the manifest, else as it is."""
        return replace(self, manifest_sha256=hashlib.sha256(manifest).hexdigest()) if self.is_to(manifest) else self

    def is_to(self, manifest: bytes) -> bool:
        """Whether these bytes are the manifest; False where too little of its hash is known to say so."""
        known = self.manifest_sha256
        return len(known) >= _DIGEST_IN_NAME and hashlib.sha256(manifest).hexdigest().startswith(known)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What the file CURRENT says: the generation in use, None before the first, and those that are kept, newest first.

    `kept` contains the one in use.
    """

    current: Reference | None
    kept: tuple[Reference, ...] = ()
    schema: int = SCHEMA

    def to_bytes(self) -> bytes:
        """Return the pointer as one line of JSON that ends in the beginning of its own SHA-256."""
        current = self.current or Reference("", "")
        values = {
            "generation": current.generation,
            "manifest_sha256": current.manifest_sha256,
            "schema": self.schema,
            "kept": [[one.generation, one.manifest_sha256] for one in self.kept],
        }
        check = hashlib.sha256(json.dumps(values).encode()).hexdigest()[:_DIGEST_IN_NAME]
        return (json.dumps({**values, "check": check}) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Pointer:
        """Read what `to_bytes` wrote; ValueError where it is anything else of this layout, be it by one bit."""
        try:
            pointer = cls._from_json(json.loads(data))
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a pointer to a generation: {error!r}") from error
        named = pointer.kept if pointer.current is None else (pointer.current, *pointer.kept)
        if not all(PLAIN_NAME.fullmatch(one.generation) for one in named):
            raise ValueError("not the name of a generation")
        # One of another layout may be checked in another way: it is refused for its layout.
        is_whole = pointer.current is not None
        if pointer.schema == SCHEMA:
            is_whole = data in {pointer.to_bytes(), pointer._without_kept()}
        if not is_whole:
            raise ValueError("a pointer that was changed")
        return pointer

    @classmethod
    def _from_json(cls, values: dict[str, Any]) -> Pointer:
        current = Reference(str(values["generation"]), str(values["manifest_sha256"]))
        kept = tuple(Reference(str(name), str(digest)) for name, digest in values.get("kept", ()))
        if not kept and current.generation:
            kept = (current,)
        return cls(current if current.generation else None, kept, values["schema"])

    def _without_kept(self) -> bytes:
        """Return the line as it was written before old generations were listed in it."""
        current = self.current or Reference("", "")
        values = {"generation": current.generation, "manifest_sha256": current.manifest_sha256, "schema": self.schema}
        return (json.dumps(values) + "\n").encode()
