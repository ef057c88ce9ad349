"""The error of the encoders.

IndexingError
└── EncoderError: a model cannot be loaded or used
"""

from __future__ import annotations

from index.errors import IndexingError


class EncoderError(IndexingError):
    """A model cannot be loaded or does not fit; the message is one line that says what to do."""
