"""BM25 over several fields of tokens: which chunks share words with the query, and how telling these words are.

Not a tokenizer (tokens come in ready made) and not a ranking: `score` gives one array a field, `index.fusion` adds them
up. Everything that does not depend on the query is worked out when the index is built, so that a query costs one slice
and one addition a token. All of it lies in five flat files that are used as they were read, nothing is unpacked:

    lexical.json        {"fields": […], "chunks": N, "k1": …, "b": …}
    lexical.terms.txt   one line a term, "FIELD<TAB>TOKEN", sorted by its UTF-8 bytes
    lexical.starts.npy  int64 (terms + 1): where each term's postings begin
    lexical.chunks.npy  int32 (postings): number of the chunk, ascending within a term
    lexical.impacts.npy float32 (postings): what the term adds to that chunk's score
"""

from __future__ import annotations

import json
import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.arrays import array_bytes, bytes_array

K1 = 0.4
B = 0.75
"""Saturation and length normalisation of BM25 (decision 0002)."""

_REMEMBERED, _UNKNOWN = 20_000, -1

META = "lexical.json"
TERMS = "lexical.terms.txt"
STARTS = "lexical.starts.npy"
CHUNKS = "lexical.chunks.npy"
IMPACTS = "lexical.impacts.npy"
FILES = (META, TERMS, STARTS, CHUNKS, IMPACTS)

Tokens = Mapping[str, Sequence[str]]
"""Field → tokens of one text, as `index.tokenize.Tokenizer.fields` gives them."""


def inverse_document_frequency(chunks: int, containing: int) -> float:
    """Return ln(1 + (N - n + 0.5) / (n + 0.5)), which is never negative.

    The form of Lucene's BM25Similarity; see Kamphuis et al. 2020, "Which BM25 do you mean?".
    """
    return math.log(1 + (chunks - containing + 0.5) / (containing + 0.5))


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """An inverted index with the BM25 share of every (term, chunk) worked out beforehand.

    >>> index = LexicalIndex.build([{"words": ["技術", "流出"]}, {"words": ["防止"]}])
    >>> index.score({"words": {"流出": 1.0}})["words"].argmax()
    np.int64(0)
    """

    fields: tuple[str, ...]
    chunk_count: int
    k1: float
    b: float
    terms: bytes
    term_ends: NDArray[np.int64]
    starts: NDArray[np.int64]
    chunks: NDArray[np.int32]
    impacts: NDArray[np.float32]
    _rows: dict[bytes, int | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Numbers of the terms looked for lately: questions share most of their pieces."""

    @classmethod
    def build(cls, texts: Iterable[Tokens], *, k1: float = K1, b: float = B) -> LexicalIndex:
        """Index `texts`: for each chunk, in the order of the chunks, its tokens by field; each is looked at once."""
        found: dict[str, _Found] = {}
        count = 0
        for number, tokens in enumerate(texts):
            count = number + 1
            for name, own in tokens.items():
                found.setdefault(name, _Found()).add(name, number, own)
        # "FIELD\t" sorts as "FIELD" does, so that fields in order give terms in order.
        fields = sorted(found)
        parts = [_field_postings(found.pop(name), count, k1, b) for name in fields]
        terms = b"".join(part.terms for part in parts)
        return cls(
            fields=tuple(fields),
            chunk_count=count,
            k1=k1,
            b=b,
            terms=terms,
            term_ends=_line_ends(terms),
            starts=np.cumsum([0, *chain.from_iterable(part.counts for part in parts)], dtype=np.int64),
            chunks=np.concatenate([np.empty(0, np.int32), *(part.chunks for part in parts)]),
            impacts=np.concatenate([np.empty(0, np.float32), *(part.impacts for part in parts)]),
        )

    @classmethod
    def from_files(cls, read: Callable[[str], bytes]) -> LexicalIndex:
        """Return the index whose files `read` hands over by name; the arrays are views of these bytes.

        Raises ValueError or KeyError where the bytes are not such files.
        """
        meta = json.loads(read(META))
        terms = read(TERMS)
        return cls(
            fields=tuple(meta["fields"]),
            chunk_count=meta["chunks"],
            k1=meta["k1"],
            b=meta["b"],
            terms=terms,
            term_ends=_line_ends(terms),
            starts=bytes_array(read(STARTS)),
            chunks=bytes_array(read(CHUNKS)),
            impacts=bytes_array(read(IMPACTS)),
        )

    def to_files(self) -> dict[str, bytes]:
        """Return the files that `from_files` reads, by name: the same bytes for the same texts."""
        meta = {"fields": list(self.fields), "chunks": self.chunk_count, "k1": self.k1, "b": self.b}
        return {
            META: (json.dumps(meta) + "\n").encode(),
            TERMS: self.terms,
            STARTS: array_bytes(self.starts),
            CHUNKS: array_bytes(self.chunks),
            IMPACTS: array_bytes(self.impacts),
        }

    def score(self, query: Mapping[str, Mapping[str, float]]) -> dict[str, NDArray[np.float32]]:
        """Return for each field of `query` the BM25 score of every chunk, shape (chunk_count,).

        `query` maps field → token → weight; a token counts as often as its weight says. A field or token that the
        index does not know scores nothing.
        """
        return {name: self._field_scores(name, weights) for name, weights in query.items()}

    def contains(self, field: str, token: str) -> bool:
        """Return whether any chunk has `token` in `field`."""
        return self._row(field, token) is not None

    def document_frequency(self, field: str, token: str) -> int:
        """Return in how many chunks `token` occurs in `field`."""
        return len(self.chunks_with(field, token))

    def chunks_with(self, field: str, token: str) -> NDArray[np.int32]:
        """Return the numbers of the chunks that have `token` in `field`, ascending."""
        row = self._row(field, token)
        return self.chunks[:0] if row is None else self.chunks[self.starts[row] : self.starts[row + 1]]

    def idf(self, field: str, token: str) -> float:
        """Return the inverse document frequency of `token` in `field`, the highest one for an unknown token."""
        return inverse_document_frequency(self.chunk_count, self.document_frequency(field, token))

    def _field_scores(self, field: str, weights: Mapping[str, float]) -> NDArray[np.float32]:
        scores = np.zeros(self.chunk_count, dtype=np.float32)
        for token, weight in weights.items():
            row = self._row(field, token)
            if row is not None:
                span = slice(self.starts[row], self.starts[row + 1])
                # A chunk stands once in a term's postings, so that no addition is lost.
                scores[self.chunks[span]] += np.float32(weight) * self.impacts[span]
        return scores

    def _row(self, field: str, token: str) -> int | None:
        """Return the number of a term, found by halving the sorted lines: no dictionary has to be built first."""
        wanted = _term(field, token)
        known = self._rows.get(wanted, _UNKNOWN)
        if known != _UNKNOWN:
            return known
        row = bisect_left(range(len(self.term_ends)), wanted, key=self._term_at)
        found = row if row < len(self.term_ends) and self._term_at(row) == wanted else None
        if len(self._rows) >= _REMEMBERED:
            self._rows.clear()
        self._rows[wanted] = found
        return found

    def _term_at(self, row: int) -> bytes:
        start = self.term_ends[row - 1] + 1 if row else 0
        return self.terms[start : self.term_ends[row]]


@dataclass(frozen=True, slots=True)
class _Postings:
    """The postings of one field: its terms as lines, how many chunks each is in, and these chunks and impacts."""

    terms: bytes
    counts: list[int]
    chunks: NDArray[np.int32]
    impacts: NDArray[np.float32]


@dataclass(slots=True)
class _Found:
    """What is found of one field while the texts are gone through.

    By term the numbers of its texts, ascending, and how often it stands in each; by text the number of its tokens.
    """

    texts: dict[bytes, array[int]] = field(default_factory=dict)
    frequencies: dict[bytes, array[int]] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)

    def add(self, name: str, number: int, tokens: Sequence[str]) -> None:
        """Add the tokens of the text with this number, in the field called `name`."""
        self.lengths[number] = len(tokens)
        for token, frequency in Counter(tokens).items():
            term = _term(name, token)
            if term not in self.texts:
                self.texts[term], self.frequencies[term] = array("i"), array("i")
            self.texts[term].append(number)
            self.frequencies[term].append(frequency)


def _field_postings(found: _Found, count: int, k1: float, b: float) -> _Postings:
    """Return the postings of a field, the impacts being idf · tf / (tf + k1 · (1 - b + b · length / mean length))."""
    terms = sorted(found.texts)
    counts = [len(found.texts[term]) for term in terms]
    numbers = _joined(found.texts[term] for term in terms)
    frequencies = _joined(found.frequencies[term] for term in terms).astype(np.float64)
    lengths = np.zeros(count)
    lengths[list(found.lengths)] = list(found.lengths.values())
    norms = k1 * (1 - b + b * lengths / (lengths.mean() or 1.0))
    idf = np.array([inverse_document_frequency(count, containing) for containing in counts])
    impacts = np.repeat(idf, counts) * frequencies / (frequencies + norms[numbers])
    return _Postings(b"".join(term + b"\n" for term in terms), counts, numbers, impacts.astype(np.float32))


def _joined(parts: Iterable[array[int]]) -> NDArray[np.int32]:
    return np.frombuffer(b"".join(part.tobytes() for part in parts), dtype=np.int32)


def _term(field: str, token: str) -> bytes:
    """Return the line that stands for `token` in `field`; a line break inside a token counts as a space."""
    return f"{field}\t{token}".replace("\n", " ").encode(errors="replace")


def _line_ends(terms: bytes) -> NDArray[np.int64]:
    """Return where the lines of `terms` end, shape (number of lines,)."""
    return np.flatnonzero(np.frombuffer(terms, dtype=np.uint8) == ord("\n"))
