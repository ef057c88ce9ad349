"""BM25 through bm25s, over the tokens that a user's first attempt would have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from eval.baselines.packages import missing_package
from index.tokenize import Tokenizer, character_bigrams, normalise

if TYPE_CHECKING:
    from bm25s import BM25  # type: ignore[import-untyped]

K1, B = 1.5, 0.75
METHOD = "robertson"
"""The variant of bm25s that ranks as `BM25Okapi` of rank_bm25, LangChain's choice, does.

Term frequencies differ by the constant factor k1 + 1 alone and the logarithm is the same,
ln((N - n + 0.5) / (n + 0.5)), except for words in more than half of the pieces, where it is negative: rank_bm25 puts a
quarter of the mean in its place, bm25s zero. k1 and b are the defaults of both.
"""


@dataclass(frozen=True, slots=True)
class Bm25Search:
    """Texts indexed by their tokens."""

    index: BM25
    size: int
    tokenise: Callable[[str], list[str]]

    @classmethod
    def build(cls, texts: Iterable[str], make_tokeniser: Callable[[], Callable[[str], list[str]]]) -> Bm25Search:
        """Index `texts`; SystemUnavailable where bm25s is missing."""
        try:
            from bm25s import BM25
        except ImportError as error:
            raise missing_package("bm25s") from error
        tokenise = make_tokeniser()
        tokens = [tokenise(text) for text in texts]
        index = BM25(k1=K1, b=B, method=METHOD)
        if any(tokens):
            index.index(tokens, show_progress=False)
        return cls(index, len(tokens), tokenise)

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the score of every text, shape (texts,); zeros where no token of the question is known."""
        known = getattr(self.index, "vocab_dict", {})
        tokens = [token for token in self.tokenise(question) if token in known]
        if not tokens:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self.index.get_scores(tokens), dtype=np.float32)


def _whitespace() -> Callable[[str], list[str]]:
    return str.split


def _sudachi() -> Callable[[str], list[str]]:
    return Tokenizer().words


def _bigrams() -> Callable[[str], list[str]]:
    return lambda text: character_bigrams(normalise(text))


TOKENISERS: Mapping[str, Callable[[], Callable[[str], list[str]]]] = {
    "bm25-whitespace": _whitespace,
    "bm25-sudachi": _sudachi,
    "bm25-bigrams": _bigrams,
}
"""By the name of the baseline, what makes its tokeniser.

White space is what LangChain's `BM25Retriever` splits at by default. Sudachi gives short units (mode A) in normalised
form without particles and marks: one field, no synonyms, no glossary. Bigrams are pairs of neighbouring characters.
"""
