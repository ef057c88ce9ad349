"""Answers from the passages that a search by likely questions finds: what they say, not which words they share.

For questions in words that the documents do not use. Countermeasures among the passages are set out as such, in the
order of work; a case is told as a case; everything else is quoted under its heading, the passage found first first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.citations import Evidence, sentences_of
from assistant.compose.contact import add_consultation
from assistant.compose.draft import Draft, Style, harmless
from assistant.compose.found import Found
from assistant.compose.phrases import phrases
from assistant.compose.scenario import ABROAD, add_case, add_export_check, add_measure
from assistant.guidance import Measure
from assistant.question import QuestionKind
from corpus.clean import search_text
from corpus.models import BlockKind, Chunk
from index.models import SearchResult
from index.retriever import LIKELY

MAX_PASSAGES = 5
# A passage whose score is a smaller share of the first one's is about something else more often than not
# (docs/decisions/0008).
LEAST_SHARE = 0.8
MAX_CHARACTERS = 300
"""Of one passage: as much as a quote may have."""
_MEASURES, _ADDED = 2, 3
# Where to turn the page to: of no use outside the document.
_POINTER = re.compile(r"(?:ページへ|はこちら)[▶→＞>]*$")


@dataclass(frozen=True, slots=True)
class _Run:
    """Sentences that follow each other in a chunk."""

    sentences: tuple[str, ...]
    text: str


def knows_likely_questions(found: Found) -> bool:
    """Whether the index has likely questions, so that its ranking can be followed where words fail."""
    return bool(found.results) and LIKELY in found.results[0].scores_by_field


def compose_nearest(found: Found, draft: Draft) -> None:
    """Add what the best passages say."""
    results = near(found.results)
    measures = _measures(found, results)
    if len(measures) < _MEASURES:
        _add_passages(found, draft, [result.chunk for result in results])
        return
    told = {chunk.chunk_id for m in measures for chunk in (m.item, m.section) if chunk}
    rest = [result.chunk for result in results if result.chunk.chunk_id not in told]
    words = phrases(found.query.language)
    cases = {case.chunk.chunk_id: case for case in found.guidance.cases(found.doc_ids)}
    case = next((cases[chunk.chunk_id] for chunk in rest if chunk.chunk_id in cases), None)
    if case:
        draft.label(words.case)
        add_case(draft, case)
    draft.label(words.measures)
    for measure in measures:
        add_measure(found, draft, measure)
    others = [chunk for chunk in rest if chunk.kind is not BlockKind.CASE]
    if others:
        draft.label(words.related)
        _add_passages(found, draft, others)
    if found.query.kind is QuestionKind.SCENARIO:
        if ABROAD.search(found.query.canonical):
            add_export_check(found, draft)
        add_consultation(found, draft)


def add_nearest(found: Found, draft: Draft) -> None:
    """Add the very best passages that an answer put together otherwise has not quoted yet."""
    cited = {citation.chunk_id for citation in draft.citations()}
    rest = [r.chunk for r in near(found.results)[:_ADDED] if r.chunk.chunk_id not in cited]
    if rest:
        draft.label(phrases(found.query.language).related)
        _add_passages(found, draft, rest)


def near(results: Sequence[SearchResult]) -> list[SearchResult]:
    """Return the first results as far as they are about as good as the very first."""
    least = LEAST_SHARE * results[0].score if results else 0.0
    return [result for result in results[:MAX_PASSAGES] if result.score >= least]


def _measures(found: Found, results: Sequence[SearchResult]) -> list[Measure]:
    """Return the countermeasures of which check-list item or section is among the results, in the order of work."""
    ids = {result.chunk.chunk_id for result in results}
    return [
        measure
        for measure in found.guidance.measures(found.doc_ids)
        if measure.item.chunk_id in ids or (measure.section and measure.section.chunk_id in ids)
    ]


def _add_passages(found: Found, draft: Draft, chunks: Sequence[Chunk]) -> None:
    style = Style.PARAGRAPH if len(chunks) == 1 else Style.ITEM
    for chunk in chunks:
        heading = f"**{harmless(chunk.section[-1])}**：" if chunk.section else ""
        first = True
        for run in _runs(_telling(found, chunk), chunk):
            text = heading * first + harmless("".join(run.sentences))
            below = style if first or style is Style.PARAGRAPH else Style.NESTED
            if draft.state(text, Evidence(chunk, run.text), style=below):
                first = False


def _telling(found: Found, chunk: Chunk) -> list[str]:
    """Return the sentences of a chunk that say most to the question, in the chunk's order, as many as a quote holds."""
    sentences = [sentence for sentence in sentences_of(chunk.text) if not _POINTER.search(sentence)]
    # A list that is asked for stays whole: one with holes would be taken for all there is.
    if found.query.kind is QuestionKind.LIST or sum(map(len, sentences)) <= MAX_CHARACTERS:
        return sentences
    encode = found.retriever.encoder.encode
    asked = encode([search_text(found.query.asked)])[0]
    order = np.argsort(-(encode([search_text(sentence) for sentence in sentences]) @ asked), kind="stable")
    kept: set[int] = set()
    left = MAX_CHARACTERS
    for number in order.tolist():
        if len(sentences[number]) <= left or not kept:
            kept.add(number)
            left -= len(sentences[number])
    return [sentences[number] for number in sorted(kept)]


def _runs(sentences: Sequence[str], chunk: Chunk) -> list[_Run]:
    """Return the sentences joined where they follow each other on a line of the chunk: one quote each.

    Lines are blocks: between two of them the document may have a mark that is not shown.
    """
    runs: list[_Run] = []
    end = 0
    for sentence in sentences:
        start = chunk.text.find(sentence, end)
        if start < 0:
            continue
        between = chunk.text[end:start]
        joined = runs and "\n" not in between and not between.strip()
        before = runs.pop() if joined else _Run((), "")
        text = before.text + (between if joined else "") + sentence
        runs.append(_Run((*before.sentences, sentence), text))
        end = start + len(sentence)
    return runs
