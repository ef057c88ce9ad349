"""Texts as bags of token numbers, and which tokens get a number. Plain numpy; no weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.training.data import Passage, sentences
from index.training.progress import progress

Segment = Callable[[str], Sequence[str]]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TokenisedPassage:
    """A passage after segmentation: tokens of the title, of each sentence, of each question."""

    article: str
    title: list[str]
    sentences: list[list[str]]
    questions: list[list[str]]

    @property
    def text(self) -> list[str]:
        """Tokens of title and text."""
        return self.title + [token for sentence in self.sentences for token in sentence]


@dataclass(frozen=True, slots=True)
class PassageBags:
    """A passage as token numbers."""

    article: str
    title: Ids
    sentences: list[Ids]
    questions: list[Ids]

    def text(self, *, without: int | None = None, with_title: bool = True) -> Ids:
        """Return title and sentences as one bag, less the sentence number `without`."""
        kept = [sentence for number, sentence in enumerate(self.sentences) if number != without]
        return np.concatenate([self.title, *kept] if with_title else kept or [self.title])


def tokenise(passages: Sequence[Passage], segment: Segment) -> list[TokenisedPassage]:
    """Segment all texts of `passages`, showing progress on standard error."""
    cached: dict[str, list[str]] = {}

    def title_tokens(title: str) -> list[str]:
        if title not in cached:
            cached[title] = list(segment(title))
        return cached[title]

    return [
        TokenisedPassage(
            passage.group or passage.title,
            title_tokens(passage.title),
            [list(segment(sentence)) for sentence in sentences(passage.text)],
            [list(segment(question)) for question in passage.questions],
        )
        for passage in progress(passages, "segmenting")
    ]


def document_frequencies(passages: Iterable[TokenisedPassage]) -> Counter[str]:
    """Count in how many passages each token stands; a token of questions only counts once."""
    counts: Counter[str] = Counter()
    asked: set[str] = set()
    for passage in passages:
        counts.update(set(passage.text))
        asked.update(*passage.questions)
    counts.update(asked - counts.keys())
    return counts


def choose_vocabulary(counts: Mapping[str, int], size: int, min_count: int) -> list[str]:
    """Return the `size` most frequent tokens that stand in `min_count` passages; ties in alphabetical order."""
    # A space parts tokens in sentence-transformers' tokenizer, so a token must not hold one.
    frequent = [token for token, count in counts.items() if count >= min_count and len(token.split()) == 1]
    return sorted(frequent, key=lambda token: (-counts[token], token))[:size]


def to_bags(passages: Iterable[TokenisedPassage], rows: Mapping[str, int]) -> list[PassageBags]:
    """Replace tokens by row numbers; tokens without a row are left out."""
    return [
        PassageBags(
            passage.article,
            _ids(passage.title, rows),
            [_ids(tokens, rows) for tokens in passage.sentences],
            [_ids(tokens, rows) for tokens in passage.questions],
        )
        for passage in passages
    ]


def join(bags: Sequence[Ids]) -> tuple[Ids, Ids]:
    """Return (all token numbers, offset of each bag in them), as torch's EmbeddingBag takes them."""
    lengths = np.array([0, *(len(bag) for bag in bags)], dtype=np.int64)
    flat = np.concatenate(bags) if bags else np.zeros(0, dtype=np.int64)
    return flat, np.cumsum(lengths)[:-1]


def _ids(tokens: Iterable[str], rows: Mapping[str, int]) -> Ids:
    return np.array([rows[token] for token in tokens if token in rows], dtype=np.int64)
