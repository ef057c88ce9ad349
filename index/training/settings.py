"""What a model is made of and how it learns; docs/decisions/0004 holds the figures behind the defaults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from index.encoder.segmentation import segment


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Name and size of a model: `vocabulary` tokens with a row of their own, `buckets` rows that all others share."""

    name: str = "mamori-static-ja"
    dimension: int = 512
    vocabulary: int = 21_000
    buckets: int = 8_000
    min_count: int = 2
    segment: Callable[[str], Sequence[str]] = field(default=segment, repr=False)


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a model learns; `device` is a name that torch knows, or "auto" for a GPU where there is one."""

    epochs: int = 12
    batch_size: int = 512
    learning_rate: float = 0.03
    temperature: float = 0.06
    cloze_share: float = 0.3
    title_dropped: float = 0.1
    questions_per_passage: int = 3
    seed: int = 0
    device: str = "auto"
    threads: int = 2
