"""The field of likely questions in a search: a chunk scores as the best of its questions does.

A question is compared with questions, which people word as people do; a chunk takes the greatest score among its own.
Two scores: BM25 over the same four fields as the text, and the cosine. Files of a generation:

    likely.txt           one question a line: those with an answer, then those without
    likely.pairs.npy     int32 (2, pairs): number of a question, number of a chunk that answers it
    likely.phrases.txt   one pair a line: what of the chunk answers the question, phrases with a tab between them
    likely.vectors.npy   float16 (questions, dimension), unit length
    likely.lexical.*     as in `index.lexical`, one entry a question
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.clean import search_text
from index import lexical
from index.arrays import array_bytes, bytes_array
from index.fusion import Scores
from index.lexical import LexicalIndex
from index.likely.anchors import LocatedQuestion

if TYPE_CHECKING:
    from index.encoder.protocol import Encoder
    from index.tokenize import Tokenizer

PREFIX = "likely."
TEXTS, PAIRS, PHRASES, VECTORS = "likely.txt", "likely.pairs.npy", "likely.phrases.txt", "likely.vectors.npy"
FILES = (TEXTS, PAIRS, PHRASES, VECTORS, *(PREFIX + name for name in lexical.FILES))


@dataclass(frozen=True, slots=True)
class LikelyField:
    """Likely questions ready to be searched; `phrases` has one entry a pair."""

    texts: tuple[str, ...]
    pairs: NDArray[np.int32]
    phrases: tuple[tuple[str, ...], ...]
    vectors: NDArray[np.float32]
    index: LexicalIndex

    @classmethod
    def build(
        cls,
        questions: Sequence[LocatedQuestion],
        unanswerable: Sequence[str],
        tokenizer: Tokenizer,
        encoder: Encoder,
        former: LikelyField | None = None,
    ) -> LikelyField | None:
        """Return the field of `questions` and of those without an answer; None where there are no `questions`.

        `former` is one made with the same tokenizer and encoder: where it has the same questions, only the passages
        that they lead to are looked up again.
        """
        if not questions:
            return None
        asked = [*(question.text for question in questions), *unanswerable]
        pairs = [(number, chunk) for number, question in enumerate(questions) for chunk in question.chunks]
        phrases = [question.phrases or ((),) * len(question.chunks) for question in questions]
        led = np.array(pairs, dtype=np.int32).T, tuple(itertools.chain.from_iterable(phrases))
        if former is not None and former.texts == tuple(_line(text) for text in asked):
            return replace(former, pairs=led[0], phrases=led[1])
        texts = [search_text(text) for text in asked]
        return cls(
            texts=tuple(asked),
            pairs=led[0],
            phrases=led[1],
            vectors=encoder.encode(texts),
            index=LexicalIndex.build(tokenizer.fields(text) for text in texts),
        )

    @classmethod
    def from_files(cls, read: Callable[[str], bytes]) -> LikelyField:
        """Return the field whose files `read` hands over by name; ValueError or KeyError where they are none."""
        return cls(
            texts=tuple(read(TEXTS).decode("utf-8").splitlines()),
            pairs=bytes_array(read(PAIRS)),
            phrases=tuple(_split(line) for line in read(PHRASES).decode("utf-8").split("\n")[:-1]),
            vectors=bytes_array(read(VECTORS)).astype(np.float32),
            index=LexicalIndex.from_files(lambda name: read(PREFIX + name)),
        )

    def to_files(self) -> dict[str, bytes]:
        """Return the content of `FILES` by name."""
        return {
            TEXTS: "".join(f"{_line(text)}\n" for text in self.texts).encode(),
            PAIRS: array_bytes(self.pairs),
            PHRASES: "".join("\t".join(phrases) + "\n" for phrases in self.phrases).encode(),
            VECTORS: array_bytes(self.vectors.astype(np.float16)),
            **{PREFIX + name: content for name, content in self.index.to_files().items()},
        }

    @property
    def answerable(self) -> int:
        """How many of the questions have an answer: these come first, and each leads somewhere."""
        return int(self.pairs[0, -1]) + 1

    def lexical(self, weights: Mapping[str, Mapping[str, float]], fields: Mapping[str, float]) -> Scores:
        """Return BM25 of each question, shape (questions,), for a query's token weights by field."""
        scores = self.index.score(weights)
        total = np.zeros(len(self.texts), dtype=np.float32)
        for name, values in scores.items():
            total += np.float32(fields.get(name, 0.0)) * values
        return total

    def cosines(self, vector: NDArray[np.float32]) -> Scores:
        """Return the cosine of each question with a query's vector, shape (questions,)."""
        return np.asarray(self.vectors @ vector, dtype=np.float32)

    def by_chunk(self, scores: Scores, own: Scores) -> Scores:
        """Return for each chunk the greatest of `scores` (questions,) among its questions, shape of `own`.

        A chunk that nobody wrote questions for is taken to be asked for in its own words: it keeps its `own` score, so
        that documents with likely questions do not push others aside.
        """
        best = np.full(len(own), -np.inf, dtype=np.float32)
        np.maximum.at(best, self.pairs[1], scores[self.pairs[0]])
        return np.where(np.isneginf(best), own, best).astype(np.float32)


def _line(text: str) -> str:
    """A question as it is kept, on one line."""
    return " ".join(text.split())


def _split(line: str) -> tuple[str, ...]:
    return tuple(line.split("\t")) if line else ()
