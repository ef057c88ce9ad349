"""Text to the tokens that the static encoder adds up: the search's own words, then character bigrams."""

from __future__ import annotations

from functools import cache

from index.tokenize import Tokenizer

# Part of the fingerprint: raise it when `segment` gives other tokens for the same text.
SEGMENTATION = "words+bigrams/1"


@cache
def _tokenizer() -> Tokenizer:
    return Tokenizer()


def segment(text: str) -> list[str]:
    """Return the tokens of `text` with repetitions: how often a token stands in a passage says what it is about."""
    fields = _tokenizer().fields(text)
    return fields["words"] + fields["bigrams"]
