"""How alike two short texts are, by the pairs of letters of their kanji, katakana and Latin words."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.clean import quote_key

_RUN = re.compile(r"[一-龥々]+|[ァ-ヺー]+|[A-Za-z]+|\d+")


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """A text as quotes are compared (`corpus.clean.quote_key`), read once."""
    return quote_key(text)


@lru_cache(maxsize=16384)
def content_pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters inside the words of a text; a word of one letter stands for itself."""
    runs = _RUN.findall(key(text).lower())
    return frozenset(run[at : at + 2] for run in runs for at in range(max(1, len(run) - 1)))


def contained(first: str, second: str) -> float:
    """The share of the smaller text's pairs that the other has too, 0 to 1."""
    a, b = content_pairs(first), content_pairs(second)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def share_in(text: str, other: str) -> float:
    """The share of a text's pairs that another text has, 0 to 1."""
    a = content_pairs(text)
    return len(a & content_pairs(other)) / len(a) if a else 0.0
