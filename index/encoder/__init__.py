"""Encoders: texts in, unit vectors out. The bundled static model, or any sentence-transformers model by name."""

from __future__ import annotations

from index.encoder.errors import EncoderError
from index.encoder.loading import BUNDLED_FOLDER, load_encoder
from index.encoder.protocol import Encoder
from index.encoder.static import StaticEncoder

__all__ = ["BUNDLED_FOLDER", "Encoder", "EncoderError", "StaticEncoder", "load_encoder"]
