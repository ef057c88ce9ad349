"""What a generation of the index says about itself: how it was made, what is in it, the SHA-256 of every file.

Values and their JSON form only; `index.store` reads and writes the files.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA = 2
"""Number of the layout on disk; raise it with every change that an older program cannot read."""

PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""What generations and their files are called: names that lead out of no folder on any system."""


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
    """The manifest of one generation. `created_at` is ISO 8601 in UTC, `mamori` the version that wrote it."""

    schema: int
    created_at: str
    mamori: str
    recipe: Recipe
    files: Mapping[str, FileRecord]

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
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a manifest: {error!r}") from error

    @classmethod
    def _from_json(cls, values: dict[str, Any]) -> Manifest:
        recipe = values["recipe"]
        # Indexes written before adaptation have no such key, and programs of that time do not look for it: they refuse
        # the fingerprint of the adapted encoder.
        adaptation = recipe.get("adaptation")
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
            files={name: FileRecord(**record) for name, record in values["files"].items()},
        )


@dataclass(frozen=True, slots=True)
class Pointer:
    """What the file CURRENT says: which generation is in use, and the SHA-256 of its manifest."""

    generation: str
    manifest_sha256: str
    schema: int

    def to_bytes(self) -> bytes:
        """Return the pointer as one line of JSON."""
        values = {"generation": self.generation, "manifest_sha256": self.manifest_sha256, "schema": self.schema}
        return (json.dumps(values) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Pointer:
        """Read what `to_bytes` wrote; ValueError where it is something else."""
        values = json.loads(data)
        if not isinstance(values, dict) or not {"generation", "manifest_sha256", "schema"} <= values.keys():
            raise ValueError("not a pointer to a generation")
        if not PLAIN_NAME.fullmatch(str(values["generation"])):
            raise ValueError("not the name of a generation")
        return cls(str(values["generation"]), str(values["manifest_sha256"]), values["schema"])
