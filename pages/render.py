"""Answer → safe HTML, with markers that open their source without a script and without asking the server.

A marker is a link to an anchor inside a closed `<details>`; browsers open it on the way there. Every text is escaped
here or in `pages.sources`, which draws the sources. Nothing here knows Streamlit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from assistant.models import Answer, AnswerStatus, Citation, Sentence
from corpus.models import Document
from index.models import SearchResult
from pages.labels import Labels, edition_and_date
from pages.markup import Marker, answer_html
from pages.sources import anchor_of, breaks, card_html, digest_badge, joined, passage_html, place, sources_html
from pages.statuses import UNSUPPORTED, WEAK, marked, with_unsupported

MAX_ROWS, ROWS_SHOWN = 12, 8
"""An answer of more rows (paragraphs, headings, items) than the first starts folded behind the second."""


def exchange_html(answer: Answer, labels: Labels, turn: int, *, fold: bool = False) -> str:
    """An answer with its sources; `turn` keeps the ids of one conversation apart.

    With `fold` the end of a long one is folded away.
    """
    text, unmarked = marked(answer)
    passages = {result.chunk.chunk_id: result.chunk.text for result in answer.passages}
    body, cards = _body_and_cards(text, answer.citations, passages, labels, turn, fold)
    fault, notes = answer.notes[: answer.fault is not None], answer.notes[answer.fault is not None :]
    notice = "".join(map(notice_html, fault))
    head = _understood_html(answer, labels) + ("" if answer.generated else notice) + _status_html(answer, labels)
    foot = (notice if answer.generated else "") + _weak_html(unmarked, labels)
    small = "".join(f'<p class="mm-small mm-note">{breaks(note)}</p>' for note in notes)
    return f'<div class="mm">{head}{body}{foot}{small}{sources_html(cards, labels)}</div>'


def unfinished_html(
    text: str, citations: Sequence[Citation], passages: Mapping[str, str], labels: Labels, turn: int
) -> tuple[str, list[str]]:
    """Return what there is of a text that is being written, and a card for each source that it has cited so far.

    `passages` has the texts of the passages by id.
    """
    body, cards = _body_and_cards(with_unsupported(text), citations, passages, labels, turn, fold=False)
    return f'<div class="mm mm-unfinished">{body}</div>', [f'<div class="mm">{card}</div>' for card in cards]


def _body_and_cards(
    text: str, citations: Sequence[Citation], passages: Mapping[str, str], labels: Labels, turn: int, fold: bool
) -> tuple[str, list[str]]:
    """The text with its markers as links, and the cards of the sources."""
    sources = {citation.marker: citation for citation in reversed(citations)}
    seen: set[int] = set()

    def marker(number: int) -> str | None:
        if number not in sources:
            return None
        first = number not in seen
        seen.add(number)
        return _marker_html(sources[number], labels, turn, first)

    body = _folded_html(text, marker, labels) if fold else answer_html(text, marker)
    cards = [
        card_html(citation, passages.get(citation.chunk_id), labels, turn, number in seen)
        for number, citation in sorted(sources.items())
    ]
    return _with_signs(body, labels), cards


def _folded_html(text: str, marker: Marker, labels: Labels) -> str:
    """A text, the end of a long one folded away."""
    lines = text.splitlines()
    rows = [number for number, line in enumerate(lines) if line.strip() and not line.startswith(" ")]
    if len(rows) <= MAX_ROWS:
        return answer_html(text, marker)
    cut = rows[ROWS_SHOWN]
    if lines[rows[ROWS_SHOWN - 1]].startswith("**"):
        cut = rows[ROWS_SHOWN - 1]  # a heading goes with what stands under it
    shown, rest = (answer_html("\n".join(part), marker) for part in (lines[:cut], lines[cut:]))
    return f'{shown}<details class="mm-more"><summary>{escape(labels.show_more)}</summary>{rest}</details>'


def _with_signs(html: str, labels: Labels) -> str:
    """The signs behind sentences of a language model as elements."""
    for sign, kind, name, hint in (
        (WEAK, "mm-weakly", labels.sentence_weak, labels.support_weak),
        (UNSUPPORTED, "mm-unsupported", labels.sentence_unsupported, labels.support_unsupported),
    ):
        html = html.replace(sign, f'<span class="mm-sign {kind}" title="{escape(hint)}">{escape(name)}</span>')
    return html


def heading_html() -> str:
    """The name of the whole, as the page's heading."""
    return '<h1 class="mm-heading">Mamori（守り）</h1>'


def text_html(text: str) -> str:
    """Plain text, line breaks kept."""
    return f'<div class="mm">{breaks(text)}</div>'


def notice_html(text: str) -> str:
    """A line that should not be overlooked."""
    return f'<p class="mm mm-notice" role="status">{breaks(text)}</p>'


def remote_html(host: str, labels: Labels) -> str:
    """Where a question will go, for all to see before it is sent."""
    return (
        f'<p class="mm mm-remote" role="note"><strong>{escape(labels.remote.format(host=host))}</strong> '
        f'<span class="mm-small">{escape(labels.remote_hint)}</span></p>'
    )


def local_html(labels: Labels) -> str:
    """That a question stays where it is."""
    return f'<p class="mm mm-small mm-local">{escape(labels.local)}</p>'


def question_html(question: str, turn: int) -> str:
    """What the person asked, as plain text, with the anchor that `scroll_html` goes to."""
    return f'<div class="mm mm-question" id="{_turn_anchor(turn)}">{breaks(question)}</div>'


def scroll_html(turn: int) -> str:
    """A script that brings a turn's question to the top of the window, run by the browser once for each turn."""
    return f'<script>document.getElementById("{_turn_anchor(turn)}")?.scrollIntoView({{block: "start"}})</script>'


def passages_html(results: Iterable[SearchResult], titles: dict[str, str], labels: Labels) -> str:
    """The passages that the search looked at, best first."""
    cards = (
        passage_html(
            result.chunk,
            titles.get(result.chunk.doc_id, result.chunk.doc_id),
            labels,
            labels.passage_place.format(rank=result.rank),
        )
        for result in results
    )
    return f'<div class="mm"><p class="mm-small">{escape(labels.passages_hint)}</p>{"".join(cards)}</div>'


def documents_html(documents: Iterable[Document], labels: Labels) -> str:
    """Which documents are loaded, with edition, date and publisher."""
    return f'<ul class="mm mm-documents">{"".join(_document_html(document, labels) for document in documents)}</ul>'


def literal(text: str) -> str:
    """Text for a widget that reads Markdown, so that it shows as it stands; `code` in backticks stays code."""
    parts = re.split(r"(`[^`\n]+`)", text)
    return "".join(part if part.startswith("`") and len(part) > 1 else _escaped_markdown(part) for part in parts)


def _escaped_markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~:$&=])", r"\\\1", text).replace("\n", " ")


def _turn_anchor(turn: int) -> str:
    return f"mm-{turn}"


def _marker_html(citation: Citation, labels: Labels, turn: int, first: bool) -> str:
    """A marker; the first of its number is where the source leads back to."""
    hint = labels.open_source.format(
        marker=citation.marker, title=citation.document_title, place=place(citation, labels)
    )
    anchor = anchor_of(turn, citation.marker)
    own_id = f' id="{anchor}-back"' if first else ""
    return (
        f'<a class="mm-marker" href="#{anchor}"{own_id} aria-label="{escape(hint)}" title="{escape(hint)}">'
        f"[{citation.marker}]</a>"
    )


def _understood_html(answer: Answer, labels: Labels) -> str:
    """What a follow-up was taken to ask; nothing where only the width of characters differs."""
    asked, taken = (unicodedata.normalize("NFKC", q).strip() for q in (answer.question, answer.standalone_question))
    if not taken or asked == taken:
        return ""
    return f'<p class="mm-small">{escape(labels.understood_as.format(question=answer.standalone_question))}</p>'


def _status_html(answer: Answer, labels: Labels) -> str:
    if answer.status is AnswerStatus.ANSWERED:
        return ""
    return f'<p class="mm-not-found" role="status">{escape(labels.not_in_corpus)}</p>'


def _weak_html(weak: Sequence[Sentence], labels: Labels) -> str:
    """Sentences that their sources do not carry well, said once more; nothing for none."""
    if not weak:
        return ""
    items = "".join(f"<li>{escape(sentence.text)}</li>" for sentence in weak)
    return f'<div class="mm-weak"><p>{escape(labels.weak_sentences)}</p><ul>{items}</ul></div>'


def _document_html(document: Document, labels: Labels) -> str:
    about = joined(edition_and_date(document.edition, document.published, labels), document.publisher)
    return (
        f"<li>{escape(document.title)}{digest_badge(document.is_digest, labels)}"
        f'<span class="mm-small">{escape(about)}</span></li>'
    )
