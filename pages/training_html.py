"""A pack as safe HTML, part by part, with markers that open their source: every text is escaped here.

The items of the quiz are drawn by `pages.training_quiz_html`. Nothing here knows Streamlit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from assistant.models import Citation
from pages.labels import JAPANESE
from pages.sources import anchor_of, card_html, digest_badge, joined, place, safe_url, sources_html
from training.labels import EDITED, KINDS, REWORDED, edition_name, guidance_page
from training.models import CaseStudy, CheckItem, Countermeasure, Line, Pack, QuizItem, Source, Step

TURN = 0
"""Keeps the ids of one page apart; here there is one pack on it."""


@dataclass(slots=True)
class Marks:
    """Markers as links to their cards on the same page; the first of each number is where its card leads back to."""

    citations: Mapping[int, Citation]
    seen: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, citations: Iterable[Citation]) -> Marks:
        """The markers of these citations."""
        return cls({citation.marker: citation for citation in citations})

    def html(self, markers: Iterable[int]) -> str:
        """Markers behind a text; one without a citation is left out."""
        return "".join(self._one(self.citations[marker]) for marker in markers if marker in self.citations)

    def line(self, line: Line) -> str:
        """A text with its markers, and the sign of a trainer or of a language model where one worded it."""
        said_by = EDITED if line.edited else REWORDED if line.reworded else ""
        sign = f' <span class="mm-badge">{said_by}</span>' if said_by else ""
        return f"{escape(line.text)}{self.html(line.markers)}{sign}"

    def cards(self, passages: Mapping[str, str]) -> str:
        """What has been cited so far as cards, folded away where they are many; `passages` has texts by id."""
        cards = [
            card_html(one, passages.get(one.chunk_id), JAPANESE, TURN, cited=True)
            for number, one in sorted(self.citations.items())
            if number in self.seen
        ]
        return f'<div class="mm">{sources_html(cards, JAPANESE)}</div>'

    def _one(self, citation: Citation) -> str:
        hint = JAPANESE.open_source.format(
            marker=citation.marker, title=citation.document_title, place=place(citation, JAPANESE)
        )
        anchor = anchor_of(TURN, citation.marker)
        own_id = "" if citation.marker in self.seen else f' id="{anchor}-back"'
        self.seen.add(citation.marker)
        return (
            f'<a class="mm-marker" href="#{anchor}"{own_id} aria-label="{escape(hint)}" title="{escape(hint)}">'
            f"[{citation.marker}]</a>"
        )


def heading_html(text: str) -> str:
    """The heading of a part."""
    return f'<h2 class="mm-part">{escape(text)}</h2>'


def about_html(pack: Pack) -> str:
    """What a pack is: its title, and how much of everything is in it."""
    figures = (
        ("目標", len(pack.goals)),
        ("事例", len(pack.cases)),
        ("対策", len(pack.countermeasures)),
        ("チェック項目", len(pack.checklist)),
        ("クイズ", len(pack.quiz)),
        ("出典", len(pack.citations)),
    )
    items = "".join(f"<div><dt>{name}</dt><dd>{count}</dd></div>" for name, count in figures)
    model = (
        f"言い換えに使った言語モデル：{pack.model}。言い換えた文には「{REWORDED}」と付きます。" if pack.model else ""
    )
    notes = "".join(f'<p class="mm-small mm-told">{escape(note)}</p>' for note in (*pack.notes, model) if note)
    return (
        f'<div class="mm"><h2 class="mm-pack-title">{escape(pack.title)}</h2>'
        f'<dl class="mm-totals">{items}</dl>{notes}</div>'
    )


def lines_html(lines: Sequence[Line], marks: Marks, numbered: bool = False) -> str:
    """Lines as a list."""
    tag = "ol" if numbered else "ul"
    return f"<{tag}>{''.join(f'<li>{marks.line(line)}</li>' for line in lines)}</{tag}>" if lines else ""


def agenda_html(steps: Sequence[Step], marks: Marks) -> str:
    """The facilitator's notes with their times."""
    rows = "".join(
        f'<tr><th scope="row"><span class="mm-time">{step.start}～{step.start + step.minutes}分</span></th>'
        f'<td data-label="内容"><strong>{escape(step.title)}</strong>（{step.minutes}分）</td>'
        f'<td data-label="進め方">{lines_html(step.notes, marks)}</td></tr>'
        for step in steps
    )
    return _table_html(("時間", "内容", "進め方"), rows, "mm-stacked mm-agenda")


def case_html(case: CaseStudy, marks: Marks) -> str:
    """A case to talk about."""
    story = "".join(f"<p>{marks.line(line)}</p>" for line in case.story)
    parts = [f'<section class="mm-case"><h3>{escape(case.title)}</h3>{story}']
    if case.questions:
        parts.append(f'<p class="mm-label">話し合うこと</p>{lines_html(case.questions, marks, numbered=True)}')
    if case.learnings:
        parts.append(f'<p class="mm-label">資料が述べる学び</p>{lines_html(case.learnings, marks)}')
    return "".join(parts) + "</section>"


def countermeasures_html(rows: Sequence[Countermeasure], audience: str, marks: Marks) -> str:
    """The table of countermeasures; those about the audience's work are marked."""
    body = "".join(
        f'<tr><th scope="row"><strong>{escape(row.title)}</strong>{_star(row.is_for_audience, audience)}</th>'
        f'<td data-label="すること">{marks.line(row.what)}</td>'
        f'<td data-label="いつ">{escape(row.stage or "—")}</td>'
        f'<td data-label="なぜ">{marks.line(row.why) if row.why else "—"}</td>'
        f'<td data-label="ガイダンスのページ">{escape(row.pages or "—")}</td></tr>'
        for row in rows
    )
    return _table_html(("対策", "すること", "いつ", "なぜ", "ガイダンスのページ"), body, "mm-stacked mm-measures")


def checklist_html(items: Sequence[CheckItem], audience: str, marks: Marks) -> str:
    """The check list: the audience's own items under a heading of their own, before the others."""
    own = [item for item in items if item.is_for_audience]
    others = [item for item in items if not item.is_for_audience]
    if not own:
        return _boxes_html(others, marks)
    rest = f'<p class="mm-label">そのほか</p>{_boxes_html(others, marks)}' if others else ""
    return f'<p class="mm-label">{escape(audience)}の方は、まずここから</p>{_boxes_html(own, marks)}{rest}'


def quiz_kinds(items: Sequence[QuizItem]) -> str:
    """How many items of each kind there are, in words."""
    counts = Counter(item.kind for item in items)
    return "、".join(f"{name} {counts[kind]}問" for kind, name in KINDS.items() if counts[kind])


def documents_html(sources: Sequence[Source]) -> str:
    """The documents that a pack cites, with edition and credit line."""
    return f'<ul class="mm-documents">{"".join(map(_document, sources))}</ul>'


def _document(source: Source) -> str:
    newer = f"後の版があります：{source.replaced_by}" if source.replaced_by else ""
    small = (joined(edition_name(source), source.publisher), source.credit, newer)
    url = safe_url(source.source_url)
    link = (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">'
        f"{escape(JAPANESE.original_of_digest if source.is_digest else JAPANESE.original)} ↗</a>"
        if url
        else ""
    )
    lines = "".join(f'<span class="mm-small">{escape(text)}</span>' for text in small if text)
    return f"<li>{escape(source.title)}{digest_badge(source.is_digest, JAPANESE)}{lines}{link}</li>"


def _boxes_html(items: Sequence[CheckItem], marks: Marks) -> str:
    lines = "".join(
        f'<li><span aria-hidden="true">☐</span> <strong>{escape(item.title)}</strong>'
        f"<span>{escape(item.text)}{marks.html(item.markers)}{_pages(item.pages)}</span></li>"
        for item in items
    )
    return f'<ul class="mm-boxes">{lines}</ul>'


def _pages(pages: str | None) -> str:
    return f' <span class="mm-small">（{escape(guidance_page(pages))}）</span>' if pages else ""


def _star(is_for_audience: bool, audience: str) -> str:
    return f' <span class="mm-badge">★ {escape(audience)}</span>' if is_for_audience else ""


def _table_html(head: Sequence[str], rows: str, classes: str) -> str:
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    table = f'<table class="{classes}"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="mm-table-wrap">{table}</div>' if rows else ""
