"""Which sentences of the passages found tell what was asked: the choice behind an answer that is read to its end.

A linear model over what is known of a sentence: how well its passage ranks, how near it is to the question, which
likely questions lead to just this sentence, whether it has the form of what is asked for. Its weights come from
likely questions, each asked as a stranger would ask it (`python -m eval.fit_telling`, docs/decisions/0010).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.compose.found import Found
from assistant.compose.passages import fits_kind, value_pattern
from assistant.question import QuestionKind
from assistant.relevance import section_context
from corpus.clean import search_text
from corpus.models import BlockKind, Chunk
from index.models import SearchResult

PASSAGES = 8
"""How many of the results are looked at."""
FEATURES = (
    "share of the first result's score",
    "one by rank",
    "cosine with the question",
    "cosine under its heading with the question",
    "cosine of the nearest likely question that leads to it",
    "whether likely questions lead to it",
    "that likely question's cosine less the greatest of all",
    "cosine of the nearest likely question of its passage less the greatest of all",
    "share of the question's words",
    "has the form of the value asked for",
    "has not the form of the value asked for",
    "has the form of the kind of question",
    "first of its passage",
    "hundreds of characters",
    "fewer than a dozen characters",
    "in a case",
    "in a check list",
    "in an edition that has been replaced",
    "in a case, where a situation is told",
    "only one of its passage",
)
WEIGHTS = (
    5.427,
    1.183,
    5.851,
    -4.404,
    1.363,
    0.904,
    5.384,
    -2.092,
    0.65,
    1.08,
    -0.549,
    1.703,
    -0.031,
    0.275,
    -0.781,
    0.168,
    0.609,
    -0.215,
    0.103,
    0.373,
    -9.773,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, its place there, and the log-odds that it is part of the answer."""

    text: str
    result: SearchResult
    number: int
    log_odds: float

    @property
    def probability(self) -> float:
        """How likely it is part of the answer, 0 to 1."""
        return 1 / (1 + math.exp(-self.log_odds))

    @property
    def chunk(self) -> Chunk:
        """The passage it stands in."""
        return self.result.chunk


def sentences_by_probability(found: Found) -> list[Sentence]:
    """Return the sentences of the first passages, the most probable part of the answer first."""
    results = found.results[:PASSAGES]
    numbers = features(found, results)
    log_odds = numbers @ np.array(WEIGHTS[:-1]) + WEIGHTS[-1]
    places = [
        (result, number, text)
        for result in results
        for number, text in enumerate(found.reader.read(result.chunk).sentences)
    ]
    sentences = [
        Sentence(text, result, number, odds)
        for (result, number, text), odds in zip(places, log_odds.tolist(), strict=True)
    ]
    return sorted(sentences, key=lambda sentence: -sentence.log_odds)


def features(found: Found, results: Sequence[SearchResult]) -> NDArray[np.float64]:
    """Return what `FEATURES` names of each sentence of the results in their order, shape (sentences, features)."""
    question = found.retriever.encoder.encode([search_text(found.query.asked)])[0]
    cosines = found.retriever.likely_cosines(found.query.asked)
    nearest = float(cosines.max(initial=0.0))
    rows = [row for result in results for row in _rows(found, result, question, cosines, nearest)]
    return np.array(rows).reshape(-1, len(FEATURES))


def _rows(
    found: Found,
    result: SearchResult,
    question: NDArray[np.float32],
    cosines: NDArray[np.float32],
    nearest: float,
) -> list[list[float]]:
    chunk, read = result.chunk, found.reader.read(result.chunk)
    context = f"{section_context(chunk)} {found.documents[chunk.doc_id].title}"
    pattern = value_pattern(found.query.standalone) if found.query.kind is QuestionKind.FACT else None
    alone, headed = read.alone @ question, read.headed @ question
    leading = [_greatest(cosines[numbers]) for numbers in read.asked]
    best = max((one for one in leading if one is not None), default=0.0)
    top = found.results[0].score or 1.0
    rows = []
    for number, sentence in enumerate(read.sentences):
        asked = leading[number]
        has_value = pattern is not None and pattern.search(sentence) is not None
        rows.append(
            [
                result.score / top,
                1 / result.rank,
                float(alone[number]),
                float(headed[number]),
                asked or 0.0,
                float(asked is not None),
                (asked - nearest) if asked is not None else 0.0,
                best - nearest,
                found.relevance.share(sentence, context),
                float(has_value),
                float(pattern is not None and not has_value),
                fits_kind(found.query.kind, sentence),
                float(number == 0),
                len(sentence) / 100,
                float(len(sentence) < 12),
                float(chunk.kind is BlockKind.CASE),
                float(chunk.kind is BlockKind.CHECKLIST_ITEM),
                float(found.guidance.is_replaced(chunk.doc_id)),
                float(chunk.kind is BlockKind.CASE and found.query.is_story),
                float(len(read.sentences) == 1),
            ]
        )
    return rows


def _greatest(cosines: NDArray[np.float32]) -> float | None:
    """Return the greatest cosine, None where there is none: -1 stands for a question that is left out."""
    greatest = float(cosines.max(initial=-1.0))
    return greatest if greatest > -1.0 else None
