"""Rows put over those of a static encoder: what adaptation to a corpus changes, and how it is kept on disk.

Only the rows that differ from the base are kept, so that a generation of the index need not hold the whole model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from index.encoder.errors import EncoderError
from index.encoder.static import StaticEncoder
from index.errors import REBUILD

RECORD_FILE = "encoder.json"
ROWS_FILE = "encoder.safetensors"
ROWS_KEY = "rows"


def with_rows(encoder: StaticEncoder, rows: Mapping[str, NDArray[np.float32]]) -> StaticEncoder:
    """Return a copy of `encoder` with `rows` in place of, or after, its own; they are kept as float16."""
    if not rows:
        return encoder
    new = np.stack(list(rows.values())).astype(np.float16)
    digest = hashlib.sha256("\n".join([encoder.fingerprint, *rows]).encode() + new.tobytes()).hexdigest()
    return _laid_over(encoder, list(rows), new, digest)


def _laid_over(
    encoder: StaticEncoder, names: Sequence[str], rows: NDArray[np.float16], fingerprint: str
) -> StaticEncoder:
    vocabulary = dict(encoder.vocabulary)
    for name in names:
        vocabulary.setdefault(name, len(vocabulary))
    weights = np.zeros((len(vocabulary), encoder.dimension), dtype=np.float16)
    weights[: len(encoder.weights)] = encoder.weights
    weights[[vocabulary[name] for name in names]] = rows
    return replace(encoder, fingerprint=fingerprint, vocabulary=vocabulary, weights=weights)


def to_files(encoder: StaticEncoder, base: StaticEncoder) -> dict[str, bytes]:
    """Return by file name what `from_files` needs to make `encoder` out of `base` again."""
    shared = len(base.weights)
    changed = np.any(encoder.weights[:shared] != base.weights, axis=1)
    numbers = [*np.flatnonzero(changed).tolist(), *range(shared, len(encoder.weights))]
    names = {row: name for name, row in encoder.vocabulary.items()}
    record = {
        "base": base.fingerprint,
        "fingerprint": encoder.fingerprint,
        "tokens": [names[number] for number in numbers],
    }
    return {
        RECORD_FILE: json.dumps(record, ensure_ascii=False).encode(),
        ROWS_FILE: save({ROWS_KEY: encoder.weights[numbers].astype(np.float16)}),
    }


def from_files(files: Mapping[str, bytes], base: StaticEncoder) -> StaticEncoder:
    """Return the encoder that `to_files` was given.

    Raises:
        EncoderError: the files are damaged, or were made over another base.
    """
    try:
        record = json.loads(files[RECORD_FILE])
        rows = load(files[ROWS_FILE])[ROWS_KEY]
        own, fingerprint, names = record["base"], record["fingerprint"], record["tokens"]
        if rows.shape != (len(names), base.dimension):
            raise ValueError(f"rows of shape {rows.shape} for {len(names)} tokens")
    except (ValueError, KeyError, TypeError, SafetensorError) as error:
        raise EncoderError(f"索引に合わせた埋め込みモデルのファイルが壊れています。{REBUILD}") from error
    if own != base.fingerprint:
        raise EncoderError(f"索引に合わせた埋め込みモデルが、いまのモデルと合いません。{REBUILD}")
    # The fingerprint is taken as recorded: hashing the rows would cost every question as much as reading them.
    return _laid_over(base, names, rows, fingerprint)
