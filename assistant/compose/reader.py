"""Passages taken apart into sentences: their vectors, and which likely questions lead to which of them."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.citations import sentences_of
from corpus.clean import quote_key, search_text
from corpus.models import Chunk
from index.retriever import Retriever


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage taken apart: its sentences, their vectors alone and under the heading, likely questions by sentence."""

    sentences: tuple[str, ...]
    alone: NDArray[np.float32]
    headed: NDArray[np.float32]
    asked: tuple[NDArray[np.int32], ...]


class Reader:
    """Takes passages apart, each once: an index asks for the same ones again and again."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self._numbers = {chunk.chunk_id: number for number, chunk in enumerate(retriever.chunks)}
        self._read: dict[str, Reading] = {}
        self._found: dict[tuple[str, int, tuple[str, ...] | None], list[Chunk]] = {}

    def read(self, chunk: Chunk) -> Reading:
        """Return the sentences of a chunk with what is known of them."""
        if chunk.chunk_id not in self._read:
            self._read[chunk.chunk_id] = self._take_apart(chunk)
        return self._read[chunk.chunk_id]

    def has_questions(self, chunk: Chunk) -> bool:
        """Whether any likely question leads to a chunk."""
        return bool(self._pairs(chunk))

    def search(self, text: str, top_k: int, doc_ids: Collection[str] | None) -> list[Chunk]:
        """Return the chunks for a text of the program's own, which is looked for again and again."""
        key = (text, top_k, None if doc_ids is None else tuple(sorted(doc_ids)))
        if key not in self._found:
            results = self._retriever.search(text, top_k=top_k, doc_ids=doc_ids)
            self._found[key] = [result.chunk for result in results]
        return self._found[key]

    def _take_apart(self, chunk: Chunk) -> Reading:
        sentences = tuple(sentences_of(chunk.text))
        encode = self._retriever.encoder.encode
        texts = [search_text(sentence) for sentence in sentences]
        heading = search_text(chunk.section[-1]) if chunk.section else ""
        asked: list[list[int]] = [[] for _ in sentences]
        for question, phrases in self._likely(chunk):
            for phrase in phrases:
                if (place := _place(phrase, sentences)) is not None:
                    asked[place].append(question)
        return Reading(
            sentences,
            encode(texts),
            encode([f"{heading}\n{text}" for text in texts]),
            tuple(np.array(numbers, dtype=np.int32) for numbers in asked),
        )

    def _likely(self, chunk: Chunk) -> list[tuple[int, tuple[str, ...]]]:
        likely = self._retriever.likely
        return [(int(likely.pairs[0, pair]), likely.phrases[pair]) for pair in self._pairs(chunk)] if likely else []

    def _pairs(self, chunk: Chunk) -> list[int]:
        """Return the numbers of the pairs that lead to a chunk."""
        likely = self._retriever.likely
        return np.flatnonzero(likely.pairs[1] == self._numbers[chunk.chunk_id]).tolist() if likely else []


def _place(phrase: str, sentences: Sequence[str]) -> int | None:
    """Return the number of the sentence in which a phrase begins; None where it stands in none of them."""
    keys = [quote_key(sentence) for sentence in sentences]
    start = "".join(keys).find(quote_key(phrase))
    if start < 0:
        return None
    ends = itertools.accumulate(map(len, keys))
    return next(number for number, end in enumerate(ends) if start < end)
