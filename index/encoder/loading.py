"""Choose an encoder by name. Reads no environment variable and, unless told so, opens no connection."""

from __future__ import annotations

from pathlib import Path

from index.encoder.protocol import Encoder
from index.encoder.static import StaticEncoder

BUNDLED_FOLDER = Path(__file__).resolve().parent / "bundled"


def load_encoder(name_or_folder: str | None = None, *, allow_remote: bool = False) -> Encoder:
    """Return the bundled static encoder, or the sentence-transformers model of that folder or name.

    A folder that this project's training wrote is read without torch, like the bundled one. `allow_remote` lets
    sentence-transformers download a model that is not on this machine.

    Raises:
        EncoderError: the model is missing, damaged, or was made for another segmentation.
    """
    if name_or_folder is None:
        return StaticEncoder.load(BUNDLED_FOLDER)
    if StaticEncoder.is_saved_in(Path(name_or_folder)):
        return StaticEncoder.load(Path(name_or_folder))
    from index.encoder.sentence_transformer import SentenceTransformerEncoder  # seconds to import: only when asked for

    return SentenceTransformerEncoder.load(name_or_folder, allow_remote=allow_remote)
