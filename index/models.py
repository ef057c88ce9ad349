"""The types of the search: what is asked for and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.models import Chunk


class SearchMode(StrEnum):
    """Which scores count: both kinds fused, or one of them alone."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    DENSE = "dense"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A chunk that was found; `rank` counts from 1, `scores_by_field` holds each field's share before weighting."""

    chunk: Chunk
    score: float
    rank: int
    scores_by_field: Mapping[str, float] = field(default_factory=dict)
