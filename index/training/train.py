"""From segmented passages to a static encoder: vocabulary, first weights, fit. Reads and writes no file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from index.encoder.static import StaticEncoder, bucket, bucket_name
from index.training.bags import TokenisedPassage, choose_vocabulary, document_frequencies, to_bags
from index.training.settings import FitSettings, ModelSettings

UNKNOWN_TOKEN = "[UNK]"


def train(passages: Sequence[TokenisedPassage], model: ModelSettings, settings: FitSettings) -> StaticEncoder:
    """Return an encoder fitted to `passages`, with float16 weights: the same vectors as once it is saved."""
    from index.training.fit import fit, initial_weights  # torch: seconds

    counts = document_frequencies(passages)
    own = choose_vocabulary(counts, model.vocabulary, model.min_count)
    names = [*own, *(bucket_name(number) for number in range(model.buckets))]
    # A bucket starts as long as the vector of the rarest token: that is what it mostly stands for.
    frequencies = [counts[token] for token in own] + [1] * model.buckets
    weights = initial_weights(frequencies, len(passages), model.dimension, settings.seed)
    fitted = fit(to_bags(passages, _rows(counts, names, model.buckets)), weights, settings)
    return _encoder([*names, UNKNOWN_TOKEN], fitted, model)


def _rows(tokens: Sequence[str] | dict[str, int], names: Sequence[str], buckets: int) -> dict[str, int]:
    """Return the row of each of `tokens`: its own or its bucket's."""
    own = {name: row for row, name in enumerate(names)}
    if not buckets:
        return own
    return {token: own[token if token in own else bucket(token, buckets)] for token in tokens}


def _encoder(
    names: Sequence[str], fitted: np.ndarray[tuple[int, ...], np.dtype[np.float32]], model: ModelSettings
) -> StaticEncoder:
    weights = np.vstack([fitted, np.zeros((1, model.dimension))]).astype(np.float16)
    fingerprint = hashlib.sha256("\n".join(names).encode() + weights.tobytes()).hexdigest()
    vocabulary = {name: row for row, name in enumerate(names)}
    return StaticEncoder(model.name, fingerprint, vocabulary, weights, model.buckets, model.segment)
