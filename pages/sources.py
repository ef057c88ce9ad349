"""Sources as cards → safe HTML: closed a card says where, open it shows the quote in its passage.

Every text is escaped here; the only active link out is a citation's own http(s) address. Nothing here knows Streamlit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.models import Citation
from corpus.models import SECTION_SEPARATOR, Chunk
from pages.highlight import quote_spans
from pages.labels import Labels, edition_and_date, page_in_words

if TYPE_CHECKING:
    from assistant.generate.events import Source

MAX_OPEN_SOURCES = 6
"""With more sources than this their list starts folded: it would be longer than the answer."""

MIN_TELLING_HEADING = 12
"""A heading of fewer characters, such as 「事案の概要」, says little without the one above it."""

MAX_GIVEN = 3
"""That many of the passages that a language model is given are shown at once; the others are folded away."""


def sources_html(cards: Sequence[str], labels: Labels) -> str:
    """The sources under their heading, folded away where they are many; nothing where there are none."""
    if not cards:
        return ""
    is_open = " open" if len(cards) <= MAX_OPEN_SOURCES else ""
    name = escape(labels.sources_heading.format(count=len(cards)))
    return f'<details class="mm-sources"{is_open}><summary class="mm-label">{name}</summary>{"".join(cards)}</details>'


def card_html(citation: Citation, passage: str | None, labels: Labels, turn: int, cited: bool) -> str:
    """One source; `cited` where a marker of the text leads to it."""
    anchor = anchor_of(turn, citation.marker)
    back = f'<a class="mm-back" href="#{anchor}-back">↑ {escape(labels.back_to_answer)}</a>' if cited else ""
    return (
        f'<details class="mm-card"><summary><span class="mm-number">[{citation.marker}]</span> '
        f'<span class="mm-title">{escape(_heading(citation))}</span>{_badges(citation, labels)}'
        f'<span class="mm-small">{escape(_where(citation, labels))}</span></summary>'
        # The anchor stands inside the closed part: that is what makes the browser open it.
        f'<div class="mm-body" id="{anchor}" tabindex="-1">{_quote_html(citation, passage, labels)}'
        f'<p class="mm-links">{_link_html(citation, labels)}{back}</p>{_meta_html(citation, labels)}</div></details>'
    )


def given_html(sources: Sequence[Source], labels: Labels) -> str:
    """The passages that a language model is given: the first ones at once, the others folded away.

    Without numbers: those of the answer are given by the order in which it cites.
    """
    if not sources:
        return ""
    cards = [
        passage_html(source.chunk, source.document.title, labels, is_digest=source.document.is_digest)
        for source in sources
    ]
    shown, rest = "".join(cards[:MAX_GIVEN]), cards[MAX_GIVEN:]
    name = escape(labels.given_more.format(count=len(rest)))
    more = f'<details><summary class="mm-small">{name}</summary>{"".join(rest)}</details>' if rest else ""
    heading = escape(labels.given.format(count=len(sources)))
    return f'<div class="mm mm-given"><p class="mm-label">{heading}</p>{shown}{more}</div>'


def passage_html(chunk: Chunk, title: str, labels: Labels, rank: str = "", is_digest: bool = False) -> str:
    """A passage as a card: told by its rank where it has one, else by its heading."""
    page = page_in_words(chunk.start_page, chunk.end_page, chunk.page_label, is_digest, labels)
    shown_page = "" if page == labels.page_none else page
    if rank:
        name, where = rank, joined(title, chunk.section_path, shown_page)
    else:
        name, where = _telling(chunk.section_path) or title, joined(title, shown_page)
    return (
        f'<details class="mm-card"><summary><span class="{"mm-number" if rank else "mm-title"}">{escape(name)}</span> '
        f"{ocr_badge(chunk.is_ocr, labels)}"
        f'<span class="mm-small">{escape(where)}</span></summary>'
        f'<blockquote class="mm-passage">{breaks(chunk.text)}</blockquote></details>'
    )


def anchor_of(turn: int, marker: int) -> str:
    """The id of a source's opened part."""
    return f"mm-{turn}-source-{marker}"


def place(citation: Citation, labels: Labels) -> str:
    """The page of a citation in words."""
    return page_in_words(citation.start_page, citation.end_page, citation.page_label, citation.is_digest, labels)


def joined(*parts: str | None) -> str:
    """What there is of a line about a document."""
    return " ・ ".join(part for part in parts if part)


def breaks(text: str) -> str:
    """Text as HTML, its line breaks kept."""
    return escape(text).replace("\n", "<br>")


def digest_badge(is_digest: bool, labels: Labels) -> str:
    """The sign of a digest; nothing for an original."""
    if not is_digest:
        return ""
    return f'<span class="mm-badge" title="{escape(labels.digest_hint)}">{escape(labels.digest)}</span>'


def ocr_badge(is_ocr: bool, labels: Labels) -> str:
    """The sign of a text that was recognised in a picture; nothing for any other."""
    if not is_ocr:
        return ""
    return f'<span class="mm-badge" title="{escape(labels.ocr_hint)}">{escape(labels.ocr)}</span>'


def _badges(citation: Citation, labels: Labels) -> str:
    return digest_badge(citation.is_digest, labels) + ocr_badge(citation.is_ocr, labels)


def safe_url(url: str | None) -> str | None:
    """The address if it is one to follow: http or https with a host; else None."""
    if url is None or any(character.isspace() or ord(character) < 32 for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _heading(citation: Citation) -> str:
    """What names the place best: its own heading, with the one above where it is short; without any, the document."""
    return _telling(citation.section) or citation.document_title


def _telling(section: str) -> str:
    headings = section.split(SECTION_SEPARATOR)
    shown = headings[-1:] if len(headings[-1]) >= MIN_TELLING_HEADING else headings[-2:]
    return SECTION_SEPARATOR.join(shown)


def _where(citation: Citation, labels: Labels) -> str:
    """Document, edition and page on one line, the page left out where there is none."""
    edition, page = edition_and_date(citation.edition, citation.published, labels), place(citation, labels)
    return joined(citation.document_title, edition, "" if page == labels.page_none else page)


def _quote_html(citation: Citation, passage: str | None, labels: Labels) -> str:
    """The passage with the quote marked in it, or in the heading above it; the quote alone where neither holds it."""
    quote, text = citation.quote, passage or ""
    if passage_spans := quote_spans(text, quote):
        return _blockquote(_marked(text, passage_spans))
    rest = _blockquote(breaks(text)) if text else ""
    if heading_spans := quote_spans(citation.section, quote):
        return _blockquote(_marked(citation.section, heading_spans)) + rest
    hint = f'<p class="mm-small">{escape(labels.quote_elsewhere)}</p>' if rest else ""
    return _blockquote(f"<mark>{breaks(quote)}</mark>") + hint + rest


def _blockquote(html: str) -> str:
    return f'<blockquote class="mm-passage">{html}</blockquote>'


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Text with the stretches between the offsets marked."""
    parts, end = [], 0
    for start, stop in spans:
        parts.append(f"{breaks(text[end:start])}<mark>{breaks(text[start:stop])}</mark>")
        end = stop
    return "".join(parts) + breaks(text[end:])


def _meta_html(citation: Citation, labels: Labels) -> str:
    """What the source is: title, edition, section, page, publisher, and the way to the original."""
    rows = (
        (labels.document, citation.document_title),
        (labels.edition, edition_and_date(citation.edition, citation.published, labels)),
        (labels.section, citation.section),
        (labels.page, place(citation, labels)),
        (labels.publisher, citation.publisher),
        (labels.check, labels.support(citation.status)),
    )
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)
    small = (
        labels.digest_hint if citation.is_digest else None,
        labels.ocr_hint if citation.is_ocr else None,
        citation.credit,
    )
    notes = "".join(f'<p class="mm-small">{escape(text)}</p>' for text in small if text)
    return f'<dl class="mm-meta">{lines}</dl>{notes}'


def _link_html(citation: Citation, labels: Labels) -> str:
    """The way to the original; an address that is not one to follow is shown as text."""
    url = safe_url(citation.source_url)
    if url is None:
        return escape(citation.source_url or "")
    text = labels.original_of_digest if citation.is_digest else labels.original
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(text)} ↗</a>'
