"""Answers from the passages that a search by likely questions finds: what they say, not which words they share.

For questions in words that the documents do not use. Countermeasures among the passages are set out as such, in the
order of work; a case is told as a case; everything else is quoted under its heading, what tells most first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.citations import MAX_QUOTE, Evidence
from assistant.compose.contact import add_consultation
from assistant.compose.draft import Draft, Style, harmless
from assistant.compose.found import Found
from assistant.compose.gloss import gloss
from assistant.compose.passages import alike, with_value_in_bold
from assistant.compose.phrases import phrases
from assistant.compose.scenario import (
    ABROAD,
    add_export_check,
    applying_measures,
    is_of_theme,
    measure_title,
    most_telling,
)
from assistant.compose.telling import Sentence
from assistant.glossary import title_in_english
from assistant.guidance import Measure
from assistant.question import Language, QuestionKind
from assistant.situations import theme_of
from corpus.models import BlockKind, Chunk
from index.retriever import LIKELY

BUDGET = 520
"""Characters of an answer, about what is read before anyone scrolls."""
MAX_SENTENCES = 12
LEAST_PROBABILITY, LEAST_SHARE = 0.02, 0.08
"""A sentence is left out below this probability, or below this share of the best one's (docs/decisions/0010)."""
MAX_PASSAGES = 5
MAX_LIST = 40
_MEASURES = 2
_FEWEST_LINES = 3
_GLOSSED = 4
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


def compose_nearest(found: Found, draft: Draft, ranked: Sequence[Sentence]) -> None:
    """Add the sentences that most probably answer, by passage; `ranked` has them all, the most probable first."""
    told = by_passage(telling(found, ranked))
    applying = [m for m in applying_measures(found) if _names_theme(found, m) or _tells_of_theme(told, m)]
    measures = _measures(found, {sentences[0].chunk.chunk_id for sentences in told}, applying)
    if not applying and len(measures) < _MEASURES:
        _add_passages(found, draft, told)
        return
    words = phrases(found.query.language)
    parts = {chunk.chunk_id for m in measures for chunk in (m.item, m.section) if chunk}
    rest = [sentences for sentences in told if sentences[0].chunk.chunk_id not in parts]
    cases = [sentences for sentences in rest if sentences[0].chunk.kind is BlockKind.CASE]
    others = [sentences for sentences in rest if sentences[0].chunk.kind is not BlockKind.CASE]
    # What tells most comes first, whether it is a countermeasure or not.
    before, after = (others, []) if others and others[0] is told[0] else ([], others)
    _add_passages(found, draft, before)
    if cases:
        draft.label(words.case)
        _add_passages(found, draft, cases)
    draft.label(words.measures)
    by_chunk = {sentences[0].chunk.chunk_id: sentences for sentences in told}
    for measure in measures:
        _add_measure(found, draft, measure, by_chunk)
    if after:
        draft.label(words.related)
        _add_passages(found, draft, after)
    if applying or found.query.kind is QuestionKind.SCENARIO:
        if ABROAD.search(found.query.canonical):
            add_export_check(found, draft)
        add_consultation(found, draft)


def telling(found: Found, ranked: Sequence[Sentence]) -> list[Sentence]:
    """Return which of the sentences are told, the most probable first, no two of them saying the same."""
    ranked = [one for one in ranked if not _POINTER.search(one.text)]
    if not ranked:
        return []
    best = ranked[0]
    chosen: list[Sentence] = []
    if found.query.kind is QuestionKind.LIST and _is_list(best.chunk):
        # A list that is asked for stays whole: one with holes would be taken for all there is.
        chosen = sorted((one for one in ranked if one.chunk is best.chunk), key=lambda one: one.number)[:MAX_LIST]
    least = max(LEAST_PROBABILITY, LEAST_SHARE * best.probability)
    left = BUDGET - sum(len(one.text) for one in chosen)
    for one in ranked:
        if chosen and (one.probability < least or left < 0 or len(chosen) >= MAX_SENTENCES):
            break
        if one in chosen or any(alike(one.text, other.text) for other in chosen):
            continue
        if len(one.text) <= left or not chosen:
            chosen.append(one)
            left -= len(one.text)
    return chosen


def by_passage(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    """Return the sentences by passage, each passage's in its own order; the passage of the first sentence first."""
    passages: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        passages.setdefault(sentence.chunk.chunk_id, []).append(sentence)
    return [sorted(one, key=lambda sentence: sentence.number) for one in list(passages.values())[:MAX_PASSAGES]]


def _is_list(chunk: Chunk) -> bool:
    kinds = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.PARAGRAPH)
    return chunk.kind in kinds and len([line for line in chunk.text.split("\n") if line.strip()]) >= _FEWEST_LINES


def _names_theme(found: Found, measure: Measure) -> bool:
    """Whether the question says a countermeasure's theme in words of its own."""
    return any(theme_of(meant) == measure.theme for _, meant in found.query.meant)


def _tells_of_theme(told: Sequence[Sequence[Sentence]], measure: Measure) -> bool:
    return any(is_of_theme(sentences[0].chunk, measure.theme) for sentences in told)


def _measures(found: Found, chunk_ids: set[str], applying: Sequence[Measure]) -> list[Measure]:
    """Return the countermeasures that apply or of which item or section is among the chunks, in the order of work."""
    return [
        measure
        for measure in found.guidance.measures(found.doc_ids)
        if measure in applying
        or measure.item.chunk_id in chunk_ids
        or (measure.section and measure.section.chunk_id in chunk_ids)
    ]


def _add_measure(found: Found, draft: Draft, measure: Measure, told: dict[str, list[Sentence]]) -> None:
    """Add a countermeasure as a step: title, stage, pages; its check-list item, and what is told of its section."""
    lead, advice = measure_title(found, measure)
    evidence = [Evidence(measure.item, measure.item.text)]
    runs = _runs(told.get(measure.section.chunk_id, ())) if measure.section else []
    if measure.section and not runs:
        evidence.append(Evidence(measure.section, most_telling(found, measure.section.text)))
    draft.state(f"{lead}{harmless(advice)}", *evidence, style=Style.STEP, aside=_gloss(found, advice))
    if measure.section:
        for run in runs:
            said = harmless("".join(run.sentences))
            draft.state(said, Evidence(measure.section, run.text), style=Style.NESTED, aside=_gloss(found, run.text))


def _add_passages(found: Found, draft: Draft, passages: Sequence[Sequence[Sentence]]) -> None:
    style = Style.PARAGRAPH if len(passages) == 1 else Style.ITEM
    for sentences in passages:
        chunk = sentences[0].chunk
        heading = _heading(found, chunk)
        first = True
        for run in _runs(sentences):
            said = harmless("".join(run.sentences))
            if found.query.kind is QuestionKind.FACT:
                said = with_value_in_bold(found.query.standalone, said)
            below = style if first or style is Style.PARAGRAPH else Style.NESTED
            aside = _gloss(found, run.text)
            if draft.state(heading * first + said, Evidence(chunk, run.text), style=below, aside=aside):
                first = False


def _heading(found: Found, chunk: Chunk) -> str:
    """What a passage is told under: its innermost heading, beside it the English where we have one and it is asked."""
    if not chunk.section:
        return ""
    heading = chunk.section[-1]
    english = title_in_english(heading) if found.query.language is Language.ENGLISH else None
    return f"**{harmless(f'{heading} / {english}' if english else heading)}**："


def _gloss(found: Found, quote: str) -> str:
    """What the field's words in a quote mean, for a reader who asks in English."""
    if found.query.language is not Language.ENGLISH:
        return ""
    return "; ".join(f"{ja} = {en}" for ja, en in gloss(quote, _GLOSSED))


def _runs(sentences: Sequence[Sentence]) -> list[_Run]:
    """Return the sentences joined where they follow each other on a line of the chunk: one quote each.

    Lines are blocks: between two of them the document may have a mark that is not shown.
    """
    runs: list[_Run] = []
    end = 0
    for sentence in sentences:
        text = sentence.chunk.text
        start = text.find(sentence.text, end)
        if start < 0:
            continue
        between = text[end:start]
        # A quote that is cut would no longer hold all that is said.
        fits = runs and len(runs[-1].text) + len(between) + len(sentence.text) <= MAX_QUOTE
        joined = fits and "\n" not in between and not between.strip()
        before = runs.pop() if joined else _Run((), "")
        quote = before.text + (between if joined else "") + sentence.text
        runs.append(_Run((*before.sentences, sentence.text), quote))
        end = start + len(sentence.text)
    return runs
