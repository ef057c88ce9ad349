"""Which page: of the guidance that a check-list item refers to, and of the document that explains it."""

from __future__ import annotations

from assistant.citations import Evidence, sentences_of
from assistant.compose.draft import Draft, Style, harmless
from assistant.compose.found import Found
from assistant.compose.phrases import phrases
from assistant.guidance import Measure
from corpus.models import Chunk

# How much of a title must be named; how far a second title may fall behind the best.
_NAMED, _AS_GOOD = 0.5, 0.95
# A question for a page names the book it wants the page of; no countermeasure does.
_REFERRED_TO = "技術流出対策ガイダンス 第2版 ハンドブック 該当"
_LEAST_SHARE = 0.6


def compose_page(found: Found, draft: Draft) -> None:
    """Add the pages of the countermeasure or the chapter that the question names; nothing where it names none."""
    for measure in _measures(found):
        _add_guidance_page(found, draft, measure)
        if measure.section and measure.section.page_label:
            _add_own_page(found, draft, measure.title, measure.section)
    if draft.is_empty() and (chunk := _chapter(found)):
        _add_own_page(found, draft, chunk.section[0], chunk)


def _measures(found: Found) -> list[Measure]:
    """The countermeasures that the question names by their titles, or else speaks of in their words."""
    measures = found.guidance.measures(found.doc_ids)
    named = {m: found.relevance.names(m.title) for m in measures}
    best = max(named.values(), default=0.0)
    if best < _NAMED:
        named = {m: found.relevance.share(f"{m.title} {m.item.text}", besides=_REFERRED_TO) for m in measures}
        best = max(named.values(), default=0.0)
        if best < _LEAST_SHARE:
            return []
    return [measure for measure, degree in named.items() if degree >= _AS_GOOD * best]


def _chapter(found: Found) -> Chunk | None:
    """The first chunk of the chapter that the question names, where its pages are printed."""
    within = [c for c in found.retriever.chunks if found.doc_ids is None or c.doc_id in found.doc_ids]
    chapters = {c.section[0]: c for c in reversed(within) if c.page_label and c.section}
    best = max(chapters, key=found.relevance.names, default=None)
    return chapters[best] if best and found.relevance.names(best) >= _NAMED else None


def _add_guidance_page(found: Found, draft: Draft, measure: Measure) -> None:
    text = phrases(found.query.language).guidance_page.format(title=harmless(measure.title), pages=measure.pages)
    draft.state(text, Evidence(measure.item, measure.item.text), style=Style.ITEM)


def _add_own_page(found: Found, draft: Draft, title: str, chunk: Chunk) -> None:
    text = phrases(found.query.language).own_page.format(
        title=harmless(title), document=harmless(found.documents[chunk.doc_id].title), pages=chunk.page_label
    )
    draft.state(text, Evidence(chunk, sentences_of(chunk.text)[0]), style=Style.ITEM)
