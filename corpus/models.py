"""The types that documents are made of, from the file to the chunk.

Nothing here reads, cleans or searches: these are values, frozen, handed from room to room.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SECTION_SEPARATOR = " > "


class BlockKind(StrEnum):
    """What a block of a page is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CHECKLIST_ITEM = "checklist_item"
    CASE = "case"
    CAPTION = "caption"


class Verdict(StrEnum):
    """What became of one file."""

    READ = "read"
    PARTLY_READ = "partly_read"
    NEEDS_OCR = "needs_ocr"
    NEEDS_PASSWORD = "needs_password"
    DAMAGED = "damaged"
    EMPTY = "empty"
    UNSUPPORTED = "unsupported"

    @property
    def is_readable(self) -> bool:
        """Whether the file gave text, all of it or a part."""
        return self in (Verdict.READ, Verdict.PARTLY_READ)


@dataclass(frozen=True, slots=True)
class RawLine:
    """One heading, paragraph, item or row of a format that says itself what is what.

    `level` is the depth of a heading, from 1. On any other line it ends the sections from that depth on, as the first
    line of a slide without a title does; 0 ends none. The cells of a row are parted by tabs, empty ones too.
    """

    kind: BlockKind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as a reader hands it over: decoded text, not yet cleaned or structured.

    `number` counts from 1 in the file and is None where the format has no pages; `label` is the printed number. Where
    the format marks its structure the page has `lines` and no `text`. `is_ocr`: the text was recognised in a picture.
    """

    number: int | None
    label: str | None
    text: str = ""
    lines: tuple[RawLine, ...] = ()
    is_ocr: bool = False


@dataclass(frozen=True, slots=True)
class RawDocument:
    """What a reader made of one file.

    `title` is the file's own (PDF metadata), `outline` its bookmarks as (level from 1, title, page number or None);
    `pages_without_text` are the numbers of pages that gave nothing usable.
    """

    verdict: Verdict
    pages: tuple[RawPage, ...] = ()
    title: str | None = None
    outline: tuple[tuple[int, str, int | None], ...] = ()
    pages_without_text: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The smallest piece with a meaning of its own; `text` is what the reader of the document sees."""

    kind: BlockKind
    text: str
    section: tuple[str, ...]
    page_number: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page, or a stretch of a page-less file that the document itself gives a page range for."""

    number: int | None
    label: str | None
    blocks: tuple[Block, ...]
    is_ocr: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One document with where it comes from; `pages` is empty in a document listed by an index."""

    doc_id: str
    title: str
    publisher: str | None
    published: str | None
    edition: str | None
    replaces: tuple[str, ...]
    source_url: str | None
    path: str
    sha256: str
    pages: tuple[Page, ...] = ()
    digest_of: str | None = None
    credit: str | None = None

    @property
    def is_digest(self) -> bool:
        """Whether this is a digest in our own words rather than an original."""
        return self.digest_of is not None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to be found and shown: whole blocks of one section, in order, joined by newlines.

    `chunk_id` is a hash of (doc_id, section, text, ordinal among equals). `start_page` and `end_page` are numbers in
    the file, `page_label` the printed page or range; all three are None where the document states none. `is_ocr`: the
    text was recognised in a picture and may be misread.
    """

    chunk_id: str
    doc_id: str
    section: tuple[str, ...]
    text: str
    kind: BlockKind
    start_page: int | None = None
    end_page: int | None = None
    page_label: str | None = None
    is_ocr: bool = False

    @property
    def section_path(self) -> str:
        """The headings above this chunk as one line."""
        return SECTION_SEPARATOR.join(self.section)
