"""Whether the documents answer a question, for an index with likely questions: from what the question is near to.

A logistic model over how near the question is to likely questions with an answer and without, how it is worded
(`asked_for`, a model of its own), what the words say (`refusal.is_answerable` and its coverage) and the sentences
found. It was fitted on the development sets by `python -m eval.fit_answerable` (docs/decisions/0008, 0010).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from assistant.compose import asked_for
from assistant.compose.found import Found
from assistant.compose.refusal import is_answerable
from assistant.compose.telling import Sentence
from assistant.question import QuestionKind
from assistant.wordings import worded
from corpus.clean import search_text
from index.likely.evidence import NAMES

FEATURES = (
    *NAMES,
    "share of the question that the passages speak of",
    "whether the words alone say yes",
    "log-odds by the wording",
    "log-odds of the best sentence",
    "mean log-odds of the three best sentences",
)
# In this order, then the intercept.
WEIGHTS = (
    2.62,
    -5.036,
    17.774,
    -9.741,
    2.286,
    -2.328,
    -0.203,
    0.319,
    -2.392,
    0.174,
    3.48,
    0.074,
    0.673,
    1.204,
    0.068,
    -3.955,
)
_COVERED, _FEW_WORDS = 0.99, 4
_FIRST, _NOTHING_FOUND = 3, -9.0
# Cosines of two wordings of the same question, and what one must be nearer than the other.
_SAME, _CLEARLY = 0.9, 0.05
LEAST = 0.35
"""The probability from which on a question is answered."""


def is_likely_answerable(found: Found, ranked: Sequence[Sentence]) -> bool:
    """Whether an index with likely questions answers the question; False for small talk and for orders to misbehave.

    `ranked` are the sentences found, the most probable part of an answer first.
    """
    if found.query.kind is QuestionKind.SMALL_TALK or worded("misuse", found.query.standalone):
        return False
    if not (found.results and found.reader.has_questions(found.results[0].chunk)):
        # Of a document that nobody wrote likely questions for, their nearness says nothing.
        return is_answerable(found)
    if (known := _asked_before(found)) is not None:
        return known
    return _only_names(found) or probability(found, ranked) >= LEAST


def _asked_before(found: Found) -> bool | None:
    """Whether the question is nearly a likely one with an answer, or nearly one without; None where it is neither."""
    numbers = found.retriever.likely_evidence(found.query.asked)
    if numbers is None:
        return None
    told, untold = numbers[:2].tolist()
    if max(told, untold) < _SAME or abs(told - untold) < _CLEARLY:
        return None
    return bool(told > untold)


def _only_names(found: Found) -> bool:
    """Whether the question names a subject that the documents know and asks for no detail of it that could be missing.

    A definition, or no more than four words that one passage has all of.
    """
    share, by_words = said_by_words(found)
    if found.query.kind is QuestionKind.DEFINITION:
        return bool(by_words)
    words = found.retriever.tokenizer.words(search_text(found.query.text or found.query.standalone))
    return bool(by_words) and share >= _COVERED and len(words) <= _FEW_WORDS


def probability(found: Found, ranked: Sequence[Sentence]) -> float:
    """Return how likely it is that the documents answer the question, 0 to 1; 0 where the index cannot tell."""
    numbers = features(found, ranked)
    if not numbers:
        return 0.0
    *slopes, intercept = WEIGHTS
    log_odds = sum(value * slope for value, slope in zip(numbers, slopes, strict=True)) + intercept
    return 1 / (1 + math.exp(-log_odds))


def features(found: Found, ranked: Sequence[Sentence]) -> tuple[float, ...]:
    """Return what `FEATURES` names; nothing where the index has no likely questions."""
    # A follow-up is judged by itself as well: the question that it leans on would speak for whatever is asked next.
    near = [numbers for text in found.query.readings if (numbers := found.retriever.likely_evidence(text)) is not None]
    if not near:
        return ()
    wordings = [found.query.standalone, found.query.own] if found.query.own else [found.query.standalone]
    worded_so = [asked_for.log_odds(text, found.retriever.tokenizer) for text in wordings]
    best = [sentence.log_odds for sentence in ranked[:_FIRST]] or [_NOTHING_FOUND]
    return (
        *np.mean(near, axis=0).tolist(),
        *said_by_words(found),
        sum(worded_so) / len(worded_so),
        best[0],
        sum(best) / len(best),
    )


def said_by_words(found: Found) -> tuple[float, float]:
    """Return the share of the question that the best passages speak of, and 1 where that alone is enough, else 0."""
    return found.relevance.coverage(found.results).share, float(is_answerable(found))
