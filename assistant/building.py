"""Whether the index of the bundled digests has to be made: there is none, or an update has left it behind."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum

from assistant.settings import Settings
from assistant.wiring import build_encoder, build_store
from corpus.load import bundled_documents
from index.build import DOCUMENTS
from index.errors import IndexingError, NoIndex
from index.likely.anchors import bundled_anchors, bundled_unanswerable, fingerprint


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
