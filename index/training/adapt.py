"""Fit the static encoder further to the text that is being indexed: numpy and scipy only, seconds, no torch.

Inverse cloze (Lee et al. 2019): one sentence of a passage asks for the rest of that passage among all others, under
the InfoNCE loss. Nobody's questions are needed. Tokens that the encoder did not know get vectors of their own.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder.overlay import with_rows
from index.encoder.static import StaticEncoder, bucket_name, normalise
from index.training.adam import Adam
from index.training.data import sentences
from index.training.sparse import Counts

Matrix = NDArray[np.float32]
Progress = Callable[[int, int], None]
Tokens = list[list[str]]

LAST_RATE_SHARE = 0.02
# Of many passages a token must stand in more of them to get a row: the rows are what memory is spent on.
_PASSAGES_A_TOKEN = 1000


@dataclass(frozen=True, slots=True)
class AdaptSettings:
    """How to adapt; the defaults were chosen on held-back articles (docs/decisions/0004)."""

    epochs: int = 25
    batch_size: int = 1024
    learning_rate: float = 0.07
    temperature: float = 0.07
    query_dropout: float = 0.0
    # A token of one passage only is not worth a row on disk: its bucket serves it nearly as well.
    new_token_passages: int = 2
    # Many texts make many batches: then each is gone through less often, if not less than this (docs/decisions/0006).
    most_steps: int = 50
    fewest_epochs: int = 8
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Corpus:
    """Token counts of sentences and of passages, and the sentence rows of each passage."""

    sentences: Counts
    passages: Counts
    rows: list[NDArray[np.int64]]


def adapt(
    encoder: StaticEncoder,
    texts: Sequence[str],
    *,
    settings: AdaptSettings | None = None,
    progress: Progress | None = None,
) -> StaticEncoder:
    """Return an encoder fitted to `texts`; `encoder` itself stays as it is.

    The same encoder, texts and settings give the same vectors. Without two texts of two sentences there is nothing to
    learn from: the encoder comes back unchanged. `progress` is called with (epochs done, epochs in all).
    """
    settings = settings or AdaptSettings()
    # Millions of tokens, few different ones: each is kept once.
    known: dict[str, str] = {}
    passages = [
        [[known.setdefault(token, token) for token in encoder.segment(sentence)] for sentence in sentences(text)]
        for text in texts
    ]
    passages = [kept for passage in passages if len(kept := [sentence for sentence in passage if sentence]) > 1]
    if len(passages) < 2:
        return encoder
    wider = with_rows(encoder, _new_rows(encoder, passages, settings))
    names = [[[wider.row_name(token) for token in sentence] for sentence in passage] for passage in passages]
    used = sorted({name for passage in names for sentence in passage for name in sentence if name})
    rows = [wider.vocabulary[name] for name in used]
    fitted = _fit(_count(names, used), wider.weights[rows].astype(np.float32), settings, progress)
    return with_rows(wider, dict(zip(used, fitted, strict=True)))


def _new_rows(encoder: StaticEncoder, passages: Sequence[Tokens], settings: AdaptSettings) -> dict[str, Matrix]:
    """Random directions for tokens of several passages that have no row, as long as the rows of rare tokens are."""
    counts = Counter(token for passage in passages for token in {token for sentence in passage for token in sentence})
    least = max(settings.new_token_passages, len(passages) // _PASSAGES_A_TOKEN)
    new = sorted(
        token
        for token, count in counts.items()
        if count >= least and token not in encoder.vocabulary and len(token.split()) == 1
    )
    directions = np.random.default_rng(settings.seed).standard_normal((len(new), encoder.dimension))
    return dict(zip(new, normalise(directions.astype(np.float32)) * _rare_length(encoder), strict=True))


def _rare_length(encoder: StaticEncoder) -> float:
    """Return the usual length of the rows of rare tokens: those of the buckets, or of all where there are none."""
    rows = [encoder.vocabulary[bucket_name(number)] for number in range(encoder.buckets)]
    lengths = np.linalg.norm((encoder.weights[rows] if rows else encoder.weights).astype(np.float32), axis=1)
    return float(np.median(lengths[lengths > 0])) if lengths.any() else 1.0


def _count(passages: Sequence[Sequence[Sequence[str | None]]], used: Sequence[str]) -> _Corpus:
    columns = {name: column for column, name in enumerate(used)}
    flat = [[columns[name] for name in sentence if name] for passage in passages for sentence in passage]
    whole = [[columns[name] for sentence in passage for name in sentence if name] for passage in passages]
    bounds = np.cumsum([0, *(len(passage) for passage in passages)])
    rows = [np.arange(start, end) for start, end in itertools.pairwise(bounds)]
    return _Corpus(Counts.of(flat, len(used)), Counts.of(whole, len(used)), rows)


def _fit(corpus: _Corpus, weights: Matrix, settings: AdaptSettings, progress: Progress | None) -> Matrix:
    random = np.random.default_rng(settings.seed)
    size = len(corpus.rows)
    parts = max(1, round(size / settings.batch_size))
    epochs = min(settings.epochs, max(settings.fewest_epochs, settings.most_steps // parts))
    optimiser = Adam(weights, settings.learning_rate)
    for epoch in range(epochs):
        # Neighbours stay together, so that each batch has passages of the same document to tell apart.
        order = np.roll(np.arange(size), random.integers(size))
        for number, batch in enumerate(np.array_split(order, parts)):
            done = (epoch * parts + number) / (epochs * parts)
            hidden = np.array([random.choice(corpus.rows[passage]) for passage in batch])
            asking = corpus.sentences.rows(hidden)
            rest = corpus.passages.rows(batch).less(asking)
            queries = asking.thinned(settings.query_dropout, random)
            gradient = _gradient(queries, rest, optimiser.weights, settings.temperature)
            optimiser.step(gradient, max(LAST_RATE_SHARE, 1.0 - done))
        if progress:
            progress(epoch + 1, epochs)
    return optimiser.weights


def _gradient(queries: Counts, passages: Counts, weights: Matrix, temperature: float) -> Matrix:
    """Return the gradient of the mean InfoNCE loss, query i against passage i, for `weights` (tokens, dimension).

    With p = softmax(Q P^T / t) over passages, dL/dQ = (p - I) P / (t n) and dL/dP = (p - I)^T Q / (t n), each led back
    through the normalisation and the sparse counts.
    """
    query_sums, passage_sums = queries.times(weights), passages.times(weights)
    query, passage = normalise(query_sums), normalise(passage_sums)
    errors = _softmax(query @ passage.T / temperature)
    errors[np.diag_indices_from(errors)] -= 1.0
    errors /= temperature * len(errors)
    to_queries = _through_normalisation(errors @ passage, query, query_sums)
    to_passages = _through_normalisation(errors.T @ query, passage, passage_sums)
    gradient = queries.transposed_times(to_queries)
    gradient += passages.transposed_times(to_passages)
    return gradient


def _softmax(scores: Matrix) -> Matrix:
    shares: Matrix = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _through_normalisation(gradient: Matrix, units: Matrix, sums: Matrix) -> Matrix:
    """Lead the gradient for unit rows back to the rows before normalisation; zero rows get none."""
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    tangent = gradient - units * (gradient * units).sum(axis=1, keepdims=True)
    led: Matrix = np.divide(tangent, lengths, out=np.zeros_like(tangent), where=lengths > 0)
    return led
