"""From files to an index in the data folder: shared by the terminal and the pages."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.settings import Settings
from assistant.wiring import build_encoder, build_store
from corpus.load import FileReport, bundled_documents, load_corpus
from index.build import DOCUMENTS, build_index
from index.encoder.adapted import Adaptation
from index.errors import IndexingError, NoIndex
from index.likely.anchors import bundled_anchors, bundled_unanswerable, fingerprint

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build read and made; `generation` is None, and nothing changed, where no document could be read."""

    files: tuple[FileReport, ...]
    generation: str | None
    documents: int
    chunks: int
    seconds: float


def build_index_from(
    paths: Sequence[Path], settings: Settings, progress: Progress | None = None, *, adapt: bool = True
) -> BuildReport:
    """Build a new generation from files and folders, or from the bundled digest where no path is given.

    `adapt` fits the bundled encoder to the text; a sentence-transformers model is used as it is.

    Raises CorpusError for a path that does not exist or a bad sources.toml, IndexingError where it cannot be written.
    """
    start = time.perf_counter()
    reading = _stage(progress, "read")
    corpus = load_corpus(list(paths) or [bundled_documents()], reading)
    if not corpus.chunks:
        return BuildReport(corpus.files, None, 0, 0, time.perf_counter() - start)
    generation = build_index(
        corpus.documents,
        corpus.chunks,
        build_store(settings),
        build_encoder(settings),
        progress=progress,
        adaptation=Adaptation.FIT if adapt else Adaptation.OFF,
        anchors=bundled_anchors(),
        unanswerable=bundled_unanswerable(),
    )
    seconds = time.perf_counter() - start
    return BuildReport(corpus.files, generation.generation_id, len(corpus.documents), len(corpus.chunks), seconds)


class Due(StrEnum):
    """Why the bundled digests have to be indexed."""

    MISSING = "missing"
    STALE = "stale"


def bundled_index_due(settings: Settings) -> Due | None:
    """Whether to index the bundled digests: there is no index, or one of digests only that an update has left behind.

    An index that holds anybody's own documents is never due: it is theirs to build again.
    """
    try:
        status = build_store(settings).status()
        rows = [json.loads(line) for line in (status.folder / DOCUMENTS).read_text(encoding="utf-8").splitlines()]
    except NoIndex:
        return Due.MISSING
    except (IndexingError, OSError, ValueError):
        return None
    if settings.encoder or not all(row.get("digest_of") for row in rows):
        return None
    recipe = status.manifest.recipe
    base = recipe.adaptation.base if recipe.adaptation else recipe.encoder.fingerprint
    bundled = {hashlib.sha256(path.read_bytes()).hexdigest() for path in bundled_documents().glob("*.md")}
    likely = recipe.likely == fingerprint(bundled_anchors(), bundled_unanswerable())
    same = likely and base == build_encoder(settings).fingerprint and {row.get("sha256") for row in rows} == bundled
    return None if same else Due.STALE


def _stage(progress: Progress | None, name: str) -> Progress | None:
    if progress is None:
        return None
    return lambda _file, done, total: progress(name, done, total)
