"""How alike two short texts are, by pairs of neighbouring characters: needs no words, so it works on any Japanese."""

from __future__ import annotations

from collections.abc import Set

from corpus.clean import quote_key, search_text


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text as it stands."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text as it is searched, without spaces."""
    return pairs(quote_key(search_text(text)))


def jaccard(first: Set[str], second: Set[str]) -> float:
    """The share of what two sets have together that they have in common, 0 to 1; 0 where one is empty."""
    return len(first & second) / len(first | second) if first and second else 0.0
