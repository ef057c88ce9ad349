"""Write a static encoder as a sentence-transformers folder, whole or not at all. Not a trainer."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from index.encoder.segmentation import SEGMENTATION
from index.encoder.static import RECORD_FILE, TOKENIZER_FILE, WEIGHTS_FILE, WEIGHTS_KEY, StaticEncoder
from index.training.train import UNKNOWN_TOKEN

CARD_FILE = "README.md"


def model_files(encoder: StaticEncoder, card: str) -> dict[str, bytes]:
    """Return the content of every file of the model by its path in the folder; `card` is Markdown."""
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    record = {
        "name": encoder.name,
        "fingerprint": encoder.fingerprint,
        "segmentation": SEGMENTATION,
        "buckets": encoder.buckets,
    }
    return {
        WEIGHTS_FILE: save({WEIGHTS_KEY: encoder.weights.astype(np.float16)}),
        TOKENIZER_FILE: _json(_tokenizer(encoder.vocabulary), indent=None),
        RECORD_FILE: _json(record),
        "modules.json": _json(modules),
        "1_Normalize/config.json": _json({}),
        "config_sentence_transformers.json": _json({"prompts": {}, "similarity_fn_name": "dot"}),
        CARD_FILE: card.encode(),
    }


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` beside `folder`, then put them in its place: what was there before is gone as a whole.

    Raises:
        OSError: no room or no permission; `folder` is as it was.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for path, content in files.items():
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
            (draft / path).write_bytes(content)
        draft.chmod(0o755)
        _swap(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _swap(draft: Path, folder: Path) -> None:
    """Put `draft` in the place of `folder`; where that fails, `folder` comes back."""
    retired = draft.with_name(f"{draft.name}-old")
    if folder.exists():
        os.replace(folder, retired)
    try:
        os.replace(draft, folder)
    except OSError:
        if retired.exists():
            os.replace(retired, folder)
        raise
    shutil.rmtree(retired, ignore_errors=True)


def _json(value: object, indent: int | None = 2) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=indent) + "\n").encode()


def _tokenizer(vocabulary: Mapping[str, int]) -> dict[str, Any]:
    """A `tokenizers` file that only looks words up: the text comes segmented, with a space between tokens."""
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": dict(vocabulary), "unk_token": UNKNOWN_TOKEN},
    }
