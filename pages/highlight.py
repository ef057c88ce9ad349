"""Where a quote stands in its passage, whatever the white space and the width of its characters; no HTML here."""

from __future__ import annotations

import unicodedata


def quote_spans(passage: str, quote: str) -> list[tuple[int, int]]:
    """Every place of `quote` in `passage` as (start, end) offsets, in order and apart from each other; else empty.

    Both are compared after NFKC without white space: a quote may run over a line break of the passage.
    """
    folded, positions = _fold(passage)
    wanted, _ = _fold(quote)
    spans: list[tuple[int, int]] = []
    at = folded.find(wanted) if wanted else -1
    while at >= 0:
        spans.append((positions[at], positions[at + len(wanted) - 1] + 1))
        at = folded.find(wanted, at + len(wanted))
    return spans


def _fold(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the place in `text` that it comes from."""
    pairs = [
        (folded, position)
        for position, character in enumerate(text)
        for folded in unicodedata.normalize("NFKC", character)
        if not folded.isspace()
    ]
    return "".join(folded for folded, _ in pairs), [position for _, position in pairs]
