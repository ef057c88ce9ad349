"""One file's content to pages of blocks, with a verdict: which reader it needs, and what the document says of itself.

Runs in the child process (`corpus.child`); opens no file and knows no limits but those of what a text may hold. Readers
are imported one by one, for each costs memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from corpus.files import SUPPORTED
from corpus.kind import REFUSALS, FileKind, tell_kind
from corpus.manifest import Source, describe_from_text
from corpus.models import BlockKind, Page, RawDocument, Verdict
from corpus.structure import structure_document

READERS: Final = 1
"""Number of the readers' generation: raise it when files already read should be read again."""
MOST_TEXT_BYTES: Final = 50_000_000
_TEXT_SUFFIXES = (".txt", ".text", ".md", ".markdown")
_OFFICE = (FileKind.DOCX, FileKind.PPTX, FileKind.XLSX)
_UNSUPPORTED = f"この形式（{{}}）は読めません。読めるのは{SUPPORTED}です。"
_TABLES = (FileKind.CSV, FileKind.XLSX)
_LOCKED = "パスワードで保護されていて開けません。保護を外して保存したファイルを置いてください。"
_TOO_MUCH_TEXT = f"テキストが大きすぎます（上限 {MOST_TEXT_BYTES // 1_000_000} MB）。分けて保存してください。"
_NO_BODY = "本文がありません。"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What became of one file's content.

    `pages` are empty unless the verdict is read or partly_read; `page_count` is the number of real pages,
    `pages_without_text` those of them that gave nothing usable. `is_archive` says that the file only holds others.
    """

    verdict: Verdict
    source: Source | None = None
    pages: tuple[Page, ...] = ()
    page_count: int = 0
    pages_without_text: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    is_archive: bool = False


def read_content(name: str, data: bytes, source: Source | None = None, *, ocr: bool = False) -> ReadFile:
    """Read a file's content; `name` is the file's name, `source` what a sources.toml says of it.

    `ocr` has pages without text recognised. Never raises for bad content, but MemoryError and RecursionError pass.
    """
    kind = tell_kind(name, data)
    if kind is FileKind.ZIP:
        return ReadFile(Verdict.READ, is_archive=True)
    raw = _raw(name, data, kind, ocr)
    count = sum(page.number is not None for page in raw.pages)
    if not raw.verdict.is_readable:
        return ReadFile(raw.verdict, None, (), count, raw.pages_without_text, raw.warnings)
    known = source or _described(name, raw, kind)
    pages = structure_document(raw, title=known.title)
    if not any(block.kind is not BlockKind.HEADING for page in pages for block in page.blocks):
        return ReadFile(Verdict.EMPTY, None, (), count, raw.pages_without_text, (_NO_BODY,))
    return ReadFile(raw.verdict, known, pages, count, raw.pages_without_text, raw.warnings)


def _raw(name: str, data: bytes, kind: FileKind, ocr: bool) -> RawDocument:
    if kind is FileKind.ENCRYPTED_OFFICE:
        return RawDocument(Verdict.NEEDS_PASSWORD, warnings=(_LOCKED,))
    if kind in REFUSALS:
        return RawDocument(Verdict.UNSUPPORTED, warnings=(REFUSALS[kind],))
    if kind in _OFFICE:
        from corpus.archive import check_archive

        if problem := check_archive(data):
            return RawDocument(Verdict.DAMAGED, warnings=(problem,))
    elif kind is not FileKind.PDF and len(data) > MOST_TEXT_BYTES:
        return RawDocument(Verdict.UNSUPPORTED, warnings=(_TOO_MUCH_TEXT,))
    return _read_by_kind(name, data, kind, ocr)


def _read_by_kind(name: str, data: bytes, kind: FileKind, ocr: bool) -> RawDocument:
    match kind:
        case FileKind.PDF:
            from corpus.readers.pdf import read_pdf

            return read_pdf(data, ocr=ocr)
        case FileKind.DOCX:
            from corpus.readers.docx import read_docx

            return read_docx(data)
        case FileKind.PPTX:
            from corpus.readers.pptx import read_pptx

            return read_pptx(data)
        case FileKind.XLSX:
            from corpus.readers.xlsx import read_xlsx

            return read_xlsx(data)
        case FileKind.HTML:
            from corpus.readers.html import read_html

            return read_html(data)
        case FileKind.CSV:
            from corpus.readers.delimited import read_csv

            return read_csv(data)
        case FileKind.TEXT | FileKind.MARKDOWN if name.lower().endswith(_TEXT_SUFFIXES):
            from corpus.readers.text import read_text

            return read_text(data)
    return RawDocument(Verdict.UNSUPPORTED, warnings=(_UNSUPPORTED.format(_suffix(name) or "拡張子なし"),))


def _suffix(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:] if 0 < dot < len(name) - 1 else ""


def _described(name: str, raw: RawDocument, kind: FileKind) -> Source:
    texts = [page.text or "\n".join(line.text for line in page.lines) for page in raw.pages[:2]]
    first_lines = [line for text in texts for line in text.splitlines() if line.strip()]
    own_title = raw.title or (name if kind in _TABLES else None)  # the first row of a table is no title
    return describe_from_text(name, first_lines, own_title)
