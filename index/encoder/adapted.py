"""The encoder that a generation is made with: as it comes, fitted to the text, or carried over from the one before.

The fitting itself is `index.training.adapt`; what a generation keeps of it is `index.encoder.overlay`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from index.encoder.overlay import RECORD_FILE, ROWS_FILE, from_files, to_files
from index.encoder.static import StaticEncoder
from index.errors import IncompatibleIndex, NoIndex
from index.manifest import AdaptationRecord

if TYPE_CHECKING:
    from index.encoder.protocol import Encoder
    from index.manifest import EncoderRecord
    from index.store import Generation, IndexStore

OVERLAY_FILES = (RECORD_FILE, ROWS_FILE)
"""The files that a generation with an adapted encoder has besides the others."""


class Adaptation(StrEnum):
    """What a writer does about adaptation: none, fit to the text anew, or carry over what the generation in use has."""

    OFF = "off"
    FIT = "fit"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Adapted:
    """An encoder with what a generation must hold to have it again: nothing, where there was no adaptation."""

    encoder: Encoder
    record: AdaptationRecord | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)


def prepare_encoder(
    encoder: Encoder,
    adaptation: Adaptation,
    texts: Sequence[str],
    store: IndexStore,
    progress: Callable[[int, int], None] | None = None,
) -> Adapted:
    """Return the encoder for a new generation of `store` that holds `texts`.

    Only a static encoder can be fitted; any other comes back as it is, as does one that is given too little text.
    `progress` is called with (epochs done, epochs in all).

    Raises:
        IndexingError: KEEP, and the generation in use is damaged or was made with another encoder.
    """
    if adaptation is Adaptation.FIT and isinstance(encoder, StaticEncoder):
        return fit_to_texts(encoder, texts, progress)
    if adaptation is Adaptation.KEEP:
        return _carried_over(encoder, store)
    return Adapted(encoder)


def fit_to_texts(
    encoder: StaticEncoder, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
) -> Adapted:
    """Return `encoder` adapted to `texts`, each of which counts once."""
    from index.training.adapt import AdaptSettings, adapt  # scipy: only where something is fitted

    settings = AdaptSettings()
    learnt_from = list(dict.fromkeys(texts))
    fitted = adapt(encoder, learnt_from, settings=settings, progress=progress)
    if fitted is encoder:
        return Adapted(encoder)
    overlay = to_files(fitted, encoder)
    return Adapted(fitted, AdaptationRecord(encoder.fingerprint, len(learnt_from), asdict(settings)), overlay)


def _carried_over(encoder: Encoder, store: IndexStore) -> Adapted:
    try:
        generation = store.open()
    except NoIndex:
        return Adapted(encoder)
    kept = generation_encoder(generation, encoder)
    record = generation.manifest.recipe.adaptation
    return Adapted(kept, record, {name: generation.read(name) for name in OVERLAY_FILES} if record else {})


def generation_encoder(generation: Generation, encoder: Encoder) -> Encoder:
    """Return what questions to `generation` are encoded with: `encoder`, or what adaptation made of it.

    `encoder` may be the one before adaptation or the adapted one itself.

    Raises:
        IncompatibleIndex: the index was made with another encoder.
        EncoderError: the rows in the generation are not what they say.
    """
    recipe = generation.manifest.recipe
    if recipe.encoder.fingerprint == encoder.fingerprint:
        return encoder
    base = recipe.adaptation.base if recipe.adaptation else None
    if base != encoder.fingerprint or not isinstance(encoder, StaticEncoder):
        raise IncompatibleIndex("埋め込みモデル", _told(recipe.encoder), _told(encoder))
    adapted = from_files({name: generation.read(name) for name in OVERLAY_FILES}, encoder)
    if adapted.fingerprint != recipe.encoder.fingerprint:
        raise IncompatibleIndex("埋め込みモデル", _told(recipe.encoder), _told(adapted))
    return adapted


def _told(encoder: Encoder | EncoderRecord) -> str:
    return f"{encoder.name} {encoder.fingerprint[:8]}"
