"""Answer → safe HTML, with markers that open their source without a script and without asking the server.

A marker is a link to an anchor inside a closed `<details>`; browsers open it on the way there. Every text is escaped
here; the only active link out is a citation's own http(s) address. Nothing here knows Streamlit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from assistant.models import Answer, AnswerStatus, Citation, Support
from corpus.models import SECTION_SEPARATOR, Document
from index.models import SearchResult
from pages.highlight import quote_spans
from pages.labels import Labels, edition_and_date, page_in_words
from pages.markup import answer_html

MAX_OPEN_SOURCES = 6
"""With more sources than this their list starts folded: it would be longer than the answer."""

MIN_TELLING_HEADING = 12
"""A heading of fewer characters, such as 「事案の概要」, says little without the one above it."""


def exchange_html(answer: Answer, labels: Labels, turn: int) -> str:
    """An answer with its sources; `turn` keeps the ids of one conversation apart."""
    passages = {result.chunk.chunk_id: result.chunk.text for result in answer.passages}
    sources = {citation.marker: citation for citation in reversed(answer.citations)}
    seen: set[int] = set()

    def marker(number: int) -> str | None:
        if number not in sources:
            return None
        first = number not in seen
        seen.add(number)
        return _marker_html(sources[number], labels, turn, first)

    body = answer_html(answer.text, marker)
    cards = [
        _card_html(citation, passages.get(citation.chunk_id), labels, turn, number in seen)
        for number, citation in sorted(sources.items())
    ]
    notes = "".join(f'<p class="mm-small mm-note">{_breaks(note)}</p>' for note in answer.notes)
    head = _understood_html(answer, labels) + _status_html(answer, labels)
    return f'<div class="mm">{head}{body}{_weak_html(answer, labels)}{notes}{_sources_html(cards, labels)}</div>'


def heading_html() -> str:
    """The name of the whole, as the page's heading."""
    return '<h1 class="mm-heading">Mamori（守り）</h1>'


def text_html(text: str) -> str:
    """Plain text, line breaks kept."""
    return f'<div class="mm">{_breaks(text)}</div>'


def question_html(question: str, turn: int) -> str:
    """What the person asked, as plain text, with the anchor that `scroll_html` goes to."""
    return f'<div class="mm mm-question" id="{_turn_anchor(turn)}">{_breaks(question)}</div>'


def scroll_html(turn: int) -> str:
    """A script that brings a turn's question to the top of the window, run by the browser once for each turn."""
    return f'<script>document.getElementById("{_turn_anchor(turn)}")?.scrollIntoView({{block: "start"}})</script>'


def passages_html(results: Iterable[SearchResult], titles: dict[str, str], labels: Labels) -> str:
    """The passages that the search looked at, best first."""
    return (
        f'<div class="mm"><p class="mm-small">{escape(labels.passages_hint)}</p>'
        + "".join(_passage_html(result, titles, labels) for result in results)
        + "</div>"
    )


def documents_html(documents: Iterable[Document], labels: Labels) -> str:
    """Which documents are loaded, with edition, date and publisher."""
    return f'<ul class="mm mm-documents">{"".join(_document_html(document, labels) for document in documents)}</ul>'


def literal(text: str) -> str:
    """Text for a widget that reads Markdown, so that it shows as it stands; `code` in backticks stays code."""
    parts = re.split(r"(`[^`\n]+`)", text)
    return "".join(part if part.startswith("`") and len(part) > 1 else _escaped_markdown(part) for part in parts)


def safe_url(url: str | None) -> str | None:
    """The address if it is one to follow: http or https with a host; else None."""
    if url is None or any(character.isspace() or ord(character) < 32 for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _escaped_markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~:$&=])", r"\\\1", text).replace("\n", " ")


def _turn_anchor(turn: int) -> str:
    return f"mm-{turn}"


def _anchor(turn: int, marker: int) -> str:
    return f"mm-{turn}-source-{marker}"


def _place(citation: Citation, labels: Labels) -> str:
    return page_in_words(citation.start_page, citation.end_page, citation.page_label, citation.is_digest, labels)


def _marker_html(citation: Citation, labels: Labels, turn: int, first: bool) -> str:
    """A marker; the first of its number is where the source leads back to."""
    hint = labels.open_source.format(
        marker=citation.marker, title=citation.document_title, place=_place(citation, labels)
    )
    anchor = _anchor(turn, citation.marker)
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


def _weak_html(answer: Answer, labels: Labels) -> str:
    """The sentences that their sources do not carry well, said once more."""
    weak = [sentence.text for sentence in answer.sentences if sentence.status in (Support.WEAK, Support.UNSUPPORTED)]
    if not weak:
        return ""
    items = "".join(f"<li>{escape(text)}</li>" for text in weak)
    return f'<div class="mm-weak"><p>{escape(labels.weak_sentences)}</p><ul>{items}</ul></div>'


def _sources_html(cards: list[str], labels: Labels) -> str:
    """The sources under their heading, folded away where they are many; nothing where there are none."""
    if not cards:
        return ""
    is_open = " open" if len(cards) <= MAX_OPEN_SOURCES else ""
    name = escape(labels.sources_heading.format(count=len(cards)))
    return f'<details class="mm-sources"{is_open}><summary class="mm-label">{name}</summary>{"".join(cards)}</details>'


def _card_html(citation: Citation, passage: str | None, labels: Labels, turn: int, cited: bool) -> str:
    """One source: closed it says where, open it shows the quote in its passage."""
    anchor = _anchor(turn, citation.marker)
    back = f'<a class="mm-back" href="#{anchor}-back">↑ {escape(labels.back_to_answer)}</a>' if cited else ""
    return (
        f'<details class="mm-card"><summary><span class="mm-number">[{citation.marker}]</span> '
        f'<span class="mm-title">{escape(_heading(citation))}</span>{_digest_badge(citation.is_digest, labels)}'
        f'<span class="mm-small">{escape(_where(citation, labels))}</span></summary>'
        # The anchor stands inside the closed part: that is what makes the browser open it.
        f'<div class="mm-body" id="{anchor}" tabindex="-1">{_quote_html(citation, passage, labels)}'
        f'<p class="mm-links">{_link_html(citation, labels)}{back}</p>{_meta_html(citation, labels)}</div></details>'
    )


def _heading(citation: Citation) -> str:
    """What names the place best: its own heading, with the one above where it is short; without any, the document."""
    headings = citation.section.split(SECTION_SEPARATOR)
    shown = headings[-1:] if len(headings[-1]) >= MIN_TELLING_HEADING else headings[-2:]
    return SECTION_SEPARATOR.join(shown) or citation.document_title


def _where(citation: Citation, labels: Labels) -> str:
    """Document, edition and page on one line, the page left out where there is none."""
    edition, place = edition_and_date(citation.edition, citation.published, labels), _place(citation, labels)
    return _joined(citation.document_title, edition, "" if place == labels.page_none else place)


def _joined(*parts: str | None) -> str:
    return " ・ ".join(part for part in parts if part)


def _digest_badge(is_digest: bool, labels: Labels) -> str:
    if not is_digest:
        return ""
    return f'<span class="mm-badge" title="{escape(labels.digest_hint)}">{escape(labels.digest)}</span>'


def _quote_html(citation: Citation, passage: str | None, labels: Labels) -> str:
    """The passage with the quote marked in it, or in the heading above it; the quote alone where neither holds it."""
    quote, text = citation.quote, passage or ""
    if passage_spans := quote_spans(text, quote):
        return _blockquote(_marked(text, passage_spans))
    rest = _blockquote(_breaks(text)) if text else ""
    if heading_spans := quote_spans(citation.section, quote):
        return _blockquote(_marked(citation.section, heading_spans)) + rest
    hint = f'<p class="mm-small">{escape(labels.quote_elsewhere)}</p>' if rest else ""
    return _blockquote(f"<mark>{_breaks(quote)}</mark>") + hint + rest


def _blockquote(html: str) -> str:
    return f'<blockquote class="mm-passage">{html}</blockquote>'


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Text with the stretches between the offsets marked."""
    parts, end = [], 0
    for start, stop in spans:
        parts.append(f"{_breaks(text[end:start])}<mark>{_breaks(text[start:stop])}</mark>")
        end = stop
    return "".join(parts) + _breaks(text[end:])


def _breaks(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _meta_html(citation: Citation, labels: Labels) -> str:
    """What the source is: title, edition, section, page, publisher, and the way to the original."""
    rows = (
        (labels.document, citation.document_title),
        (labels.edition, edition_and_date(citation.edition, citation.published, labels)),
        (labels.section, citation.section),
        (labels.page, _place(citation, labels)),
        (labels.publisher, citation.publisher),
        (labels.check, labels.support(citation.status)),
    )
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)
    small = (labels.digest_hint if citation.is_digest else None, citation.credit)
    notes = "".join(f'<p class="mm-small">{escape(text)}</p>' for text in small if text)
    return f'<dl class="mm-meta">{lines}</dl>{notes}'


def _link_html(citation: Citation, labels: Labels) -> str:
    """The way to the original; an address that is not one to follow is shown as text."""
    url = safe_url(citation.source_url)
    if url is None:
        return escape(citation.source_url or "")
    text = labels.original_of_digest if citation.is_digest else labels.original
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(text)} ↗</a>'


def _passage_html(result: SearchResult, titles: dict[str, str], labels: Labels) -> str:
    chunk = result.chunk
    page = page_in_words(chunk.start_page, chunk.end_page, chunk.page_label, False, labels)
    title = titles.get(chunk.doc_id, chunk.doc_id)
    where = _joined(title, chunk.section_path, "" if page == labels.page_none else page)
    return (
        f'<details class="mm-card"><summary><span class="mm-number">'
        f"{escape(labels.passage_place.format(rank=result.rank))}</span> "
        f'<span class="mm-small">{escape(where)}</span></summary>'
        f'<blockquote class="mm-passage">{_breaks(chunk.text)}</blockquote></details>'
    )


def _document_html(document: Document, labels: Labels) -> str:
    about = _joined(edition_and_date(document.edition, document.published, labels), document.publisher)
    return (
        f"<li>{escape(document.title)}{_digest_badge(document.is_digest, labels)}"
        f'<span class="mm-small">{escape(about)}</span></li>'
    )
