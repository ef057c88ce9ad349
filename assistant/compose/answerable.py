"""Whether the documents answer a question, for an index with likely questions: from what the question is near to.

Two logistic models. The first looks at the nearest likely questions, with an answer and without; it was fitted on the
likely questions themselves, each against all others. The second adds what the words say (`refusal.is_answerable` and
its coverage) and was fitted on the development sets. `python -m eval.fit_answerable` prints both anew
(docs/decisions/0008).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.compose.found import Found
from assistant.compose.refusal import is_answerable
from assistant.question import QuestionKind
from assistant.wordings import worded
from corpus.clean import search_text

# In the order of `index.likely.evidence.NAMES`, then the intercept.
NEARNESS = (-3.444, 1.691, 14.549, -5.698, 4.353, -5.837, -0.595, 0.155, 3.084, -0.034, -3.81)
# Log-odds of the first model, coverage, whether the words alone say yes; then the intercept.
WORDS_TOO = (1.005, 2.29, 0.301, -0.105)
_ALL, _FEW_WORDS = 0.99, 4
LEAST = 0.35
"""The probability from which on a question is answered."""


def is_likely_answerable(found: Found) -> bool:
    """Whether an index with likely questions answers the question; False for small talk and for orders to misbehave."""
    if found.query.kind is QuestionKind.SMALL_TALK or worded("misuse", found.query.standalone):
        return False
    return _only_names(found) or probability(found) >= LEAST


def _only_names(found: Found) -> bool:
    """Whether the question names a subject that the documents know and asks for no detail of it that could be missing.

    A definition, or no more than four words that one passage has all of.
    """
    share, by_words = said_by_words(found)
    if found.query.kind is QuestionKind.DEFINITION:
        return bool(by_words)
    words = found.retriever.tokenizer.words(search_text(found.query.text or found.query.standalone))
    return bool(by_words) and share >= _ALL and len(words) <= _FEW_WORDS


def probability(found: Found) -> float:
    """Return how likely it is that the documents answer the question, 0 to 1; 0 where the index cannot tell."""
    numbers = found.retriever.likely_evidence(found.query.asked)
    if numbers is None:
        return 0.0
    log_odds = (_linear(numbers.tolist(), NEARNESS), *said_by_words(found))
    return 1 / (1 + math.exp(-_linear(log_odds, WORDS_TOO)))


def said_by_words(found: Found) -> tuple[float, float]:
    """Return the share of the question that the best passages speak of, and 1 where that alone is enough, else 0."""
    return found.relevance.coverage(found.results).share, float(is_answerable(found))


def _linear(values: Sequence[float], weights: Sequence[float]) -> float:
    *slopes, intercept = weights
    return sum(value * slope for value, slope in zip(values, slopes, strict=True)) + intercept
