"""Which piece of a passage carries a claim: sentences and short runs of them, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.citations import MAX_QUOTE, MIN_QUOTE, fit_quote, sentences_of
from assistant.verify.compare import holds_figures
from assistant.verify.overlap import across_languages, is_english, share_of, units
from corpus.clean import quote_key
from corpus.models import Chunk

_RUN = 3
_CANDIDATES = 4
_FIGURES, _LENGTH, _LEAST = 0.25, 0.04, 0.15
_BREAK = re.compile(r"[。！？!?：:、,（(「『・\]］]$")
_CONDITION = re.compile(r"(?:場合|とき|れば|なら|限り|際)[はにもで]*、$")
_CLOSING = "。．.！？!? 」』）)］]"


@dataclass(frozen=True, slots=True)
class Piece:
    """A continuous piece of a passage that may be quoted.

    `sentences` is how many it runs over, 0 for a heading; `key` is what it is compared by word for word.
    """

    text: str
    sentences: int
    key: str
    units: frozenset[str]


@lru_cache(maxsize=256)
def pieces_of(chunk: Chunk) -> tuple[Piece, ...]:
    """The pieces of a passage that may be quoted: headings, sentences, runs of up to three within one line."""
    found: dict[str, int] = dict.fromkeys(chunk.section, 0)
    for line in chunk.text.split("\n"):
        for text, count in _runs(line):
            found.setdefault(fit_quote(text, chunk), count)
    return tuple(
        Piece(text, count, quote_key(text), units(text))
        for text, count in found.items()
        if MIN_QUOTE <= len(text) <= MAX_QUOTE
    )


@lru_cache(maxsize=256)
def _all_units(chunk: Chunk) -> frozenset[str]:
    return units(chunk.text) | units("\n".join(chunk.section))


@lru_cache(maxsize=256)
def _all_key(chunk: Chunk) -> str:
    return "\n".join(piece.key for piece in pieces_of(chunk))


def _runs(line: str) -> Iterator[tuple[str, int]]:
    sentences = sentences_of(line)
    at = 0
    places: list[tuple[int, int]] = []
    for sentence in sentences:
        start = line.find(sentence, at)
        at = start + len(sentence)
        if places and places[-1][1] == start and line[start - 1] in "?!" and line[start].isascii():
            # A question mark within an address ends no sentence.
            start = places.pop()[0]
        places.append((start, at))
    for first in range(len(places)):
        for last in range(first, min(first + _RUN, len(places))):
            text = line[places[first][0] : places[last][1]]
            if first == last or len(text) <= MAX_QUOTE:
                yield text, last - first + 1


def candidates(claim: str, chunk: Chunk, context: str, least: float = 0.0) -> list[Piece]:
    """The pieces of a passage most likely to carry a claim, the likeliest first, each holding more than `least`."""
    asked = units(claim)
    if is_english(claim) or not asked:
        scored = [(_english_score(claim, piece, context), piece) for piece in pieces_of(chunk)]
    else:
        # What the whole passage does not hold no piece of it does.
        if share_of(asked, _all_units(chunk)) <= max(least, _LEAST):
            return []
        scored = [(_score(claim, asked, piece), piece) for piece in pieces_of(chunk)]
    scored = sorted((pair for pair in scored if pair[0] > max(least, _LEAST)), key=_minus_score)
    return [piece for _, piece in scored[:_CANDIDATES]]


def _score(claim: str, asked: frozenset[str], piece: Piece) -> float:
    """How much of a claim a piece holds: its words, and its figures besides; long pieces count a little less."""
    share = share_of(asked, piece.units)
    return share and share + _more(claim, piece) if share > _LEAST else 0.0


def _english_score(claim: str, piece: Piece, context: str) -> float:
    known, found, _ = across_languages(claim, piece.text, context)
    return (found / known if known else _LEAST) + _LEAST + _more(claim, piece)


def _more(claim: str, piece: Piece) -> float:
    return _FIGURES * holds_figures(claim, piece.text) - _LENGTH * max(0, piece.sentences - 1)


def _minus_score(scored: tuple[float, Piece]) -> float:
    return -scored[0]


def verbatim_piece(claim: str, chunk: Chunk) -> str | None:
    """The sentence or run of sentences of a passage that a claim repeats word for word from end to end, or None."""
    key = quote_key(claim).strip(_CLOSING)
    if len(key) < MIN_QUOTE:
        return None
    if key not in _all_key(chunk):
        return None
    for piece in pieces_of(chunk):
        if _whole(key, piece.key):
            return piece.text
    return None


def _whole(key: str, quoted: str) -> bool:
    """Whether a text stands in another from one break to another, so that nothing that belongs to it was cut off."""
    start = quoted.find(key)
    if start < 0:
        return False
    before, after = quoted[:start], quoted[start + len(key) :]
    return (not before or re.search(r"[。！？!?：:、,（(「『・\]］]$", before) is not None) and after.strip(
        _CLOSING
    ) == ""
