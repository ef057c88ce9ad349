"""All cases of a theme, and how many cases or check-list items there are."""

from __future__ import annotations

import re

from assistant.citations import Evidence, sentences_of
from assistant.compose.draft import Draft, Style, harmless
from assistant.compose.found import Found
from assistant.compose.phrases import phrases
from assistant.situations import theme_hits
from corpus.models import Chunk

_ASKS_COUNT = re.compile(r"何項目|何件|いくつ|何個|how many", re.IGNORECASE)
_CHECKLIST = "チェックリスト"
# Another book of cases, which says itself how many it has.
_COLLECTION = "事例集"
_ASKS_CASES = re.compile(r"事例|ケース|実例|cases?\b|examples", re.IGNORECASE)


def asks_for_cases(question: str) -> bool:
    """Whether a question asks for cases of leakage rather than for what to do."""
    return _ASKS_CASES.search(question) is not None


def compose_cases(found: Found, draft: Draft) -> None:
    """Add the cases of the theme that the question names, or of all themes, each with what happened."""
    cases = found.guidance.cases(found.doc_ids)
    hits = theme_hits(found.query.canonical)
    theme = max(hits, key=lambda name: hits[name], default=None)
    chosen = [case for case in cases if case.theme == theme] or cases
    if not chosen:
        return
    draft.label(phrases(found.query.language).cases)
    for case in chosen:
        first = sentences_of(case.chunk.text)[0]
        text = f"**{harmless(case.title)}**：{harmless(first)}"
        draft.state(text, Evidence(case.chunk, first), style=Style.STEP)


def asks_for_count(question: str) -> bool:
    """Whether a question asks how many cases or check-list items there are."""
    asks = _ASKS_COUNT.search(question) is not None and _COLLECTION not in question
    return asks and (_CHECKLIST in question or asks_for_cases(question))


def compose_count(found: Found, draft: Draft) -> None:
    """Add how many check-list items or cases there are, by group; counted here, with the first of each as evidence."""
    counted: dict[tuple[str, ...], list[Chunk]] = {}
    if _CHECKLIST in found.query.canonical:
        chunks = [measure.item for measure in found.guidance.measures(found.doc_ids)]
    else:
        chunks = [case.chunk for case in found.guidance.cases(found.doc_ids)]
    for chunk in chunks:
        path = chunk.section if _CHECKLIST in found.query.canonical else chunk.section[:1]
        counted.setdefault(path, []).append(chunk)
    if not counted:
        return
    firsts = [Evidence(group[0], sentences_of(group[0].text)[0]) for group in counted.values()]
    words = phrases(found.query.language)
    draft.state(words.count_total.format(count=len(chunks), groups=len(counted)), *firsts)
    for (path, group), first in zip(counted.items(), firsts, strict=True):
        draft.state(words.count_group.format(group=harmless(path[-1]), count=len(group)), first, style=Style.ITEM)
