"""What kind of file this is, told by its content; a name only decides between kinds of plain text.

Nothing is decompressed or parsed here but the list of members of a ZIP. Whether the file is whole is the reader's
business: a `.docx` full of noise is a DOCX here, and damaged there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import BinaryIO, Final


class FileKind(StrEnum):
    """What a file is. OLD_OFFICE is .doc, .xls or .ppt; ENCRYPTED_OFFICE is a DOCX, XLSX or PPTX behind a password."""

    TEXT = "text"
    MARKDOWN = "markdown"
    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    XLSX = "xlsx"
    HTML = "html"
    CSV = "csv"
    ZIP = "zip"
    MHTML = "mhtml"
    RTF = "rtf"
    OLD_OFFICE = "old_office"
    ENCRYPTED_OFFICE = "encrypted_office"
    OPEN_DOCUMENT = "open_document"
    OTHER_ARCHIVE = "other_archive"
    IMAGE = "image"
    UNKNOWN = "unknown"


REFUSALS: Final[Mapping[FileKind, str]] = {
    FileKind.MHTML: "MHTML（1つにまとめたWebページ）は読めません。HTMLかPDFで保存し直してください。",
    FileKind.RTF: "リッチテキスト（.rtf）は読めません。.docxで保存し直してください。",
    FileKind.OLD_OFFICE: "古いOffice形式（.doc、.xls、.ppt）は読めません。"
    "Word・Excel・PowerPointで開き、.docx・.xlsx・.pptxで保存し直してください。",
    FileKind.ENCRYPTED_OFFICE: "パスワードで保護されています。パスワードを外して保存し直してください。",
    FileKind.OPEN_DOCUMENT: "OpenDocument形式は読めません。.docx・.xlsx・.pptxかPDFで保存し直してください。",
    FileKind.OTHER_ARCHIVE: "この形式の圧縮ファイルは開けません。展開するか、ZIPにまとめ直してください。",
    FileKind.IMAGE: "画像は読めません。文字を認識（OCR）したPDFにしてください。",
}
"""What to tell of the kinds that no reader reads; ENCRYPTED_OFFICE is `needs_password`, the others `unsupported`."""

_PDF_MAGIC = b"%PDF-"
_PDF_WITHIN = 1024
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK")
_CENTRAL_HEADER = b"PK\x01\x02"
# More members than this are no document; listing millions of them would cost gigabytes.
MOST_LISTED: Final = 50_000
_OLE2_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_STREAMS = ("WordDocument", "Workbook", "Book", "PowerPoint Document")
_IMAGE_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_IMAGE = re.compile(
    rb"RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|mif1|avif)|BM.{4}\x00{4}.{4}[\x0c\x28\x6c\x7c]\x00{3}", re.DOTALL
)
_ARCHIVE_MAGIC = (
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"MSCF\x00\x00\x00\x00",
)
_LZH = re.compile(rb"..-l[hz][0-9d]-", re.DOTALL)
_TAR_AT, _TAR_MAGIC = 257, b"ustar"
_MIME = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
_HEAD = 4096

_BY_SUFFIX: Final = {
    ".txt": FileKind.TEXT,
    ".text": FileKind.TEXT,
    ".md": FileKind.MARKDOWN,
    ".markdown": FileKind.MARKDOWN,
    ".csv": FileKind.CSV,
    ".tsv": FileKind.CSV,
    ".tab": FileKind.CSV,
    ".htm": FileKind.HTML,
    ".html": FileKind.HTML,
    ".xhtml": FileKind.HTML,
    ".pdf": FileKind.PDF,
    ".docx": FileKind.DOCX,
    ".docm": FileKind.DOCX,
    ".pptx": FileKind.PPTX,
    ".pptm": FileKind.PPTX,
    ".xlsx": FileKind.XLSX,
    ".xlsm": FileKind.XLSX,
    ".zip": FileKind.ZIP,
}
_PLAIN = (FileKind.TEXT, FileKind.MARKDOWN, FileKind.CSV)
_MAIN_PARTS = {
    "word/document.xml": FileKind.DOCX,
    "ppt/presentation.xml": FileKind.PPTX,
    "xl/workbook.xml": FileKind.XLSX,
}
_PART_FOLDERS = {"word/": FileKind.DOCX, "ppt/": FileKind.PPTX, "xl/": FileKind.XLSX}
_PAGE = re.compile(
    r"(?:\s|<\?xml[^>]{0,200}\?>|<!--.{0,2000}?-->)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_FRAGMENT = re.compile(r"\s*<(?:head|body|meta|title|style|table|div|p|h[1-6])\b[^<]*>", re.IGNORECASE)
_DELIMITED = re.compile(r"[^\n<>]*[\t,]")
_UNSEEN = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def tell_kind(name: str, data: bytes) -> FileKind:
    """The kind of the file `name` with this content. Never raises.

    An Office file, a PDF or a ZIP that cannot be recognised is what its name says, so that its reader says that it
    is damaged.
    """
    named = _BY_SUFFIX.get(_suffix(name), FileKind.UNKNOWN)
    binary = _binary_kind(data, named)
    if binary is not None:
        return binary
    head = _head(data)
    if head is not None and _PAGE.match(head):
        return FileKind.HTML
    if named not in _PLAIN and _is_mhtml(data[:_HEAD]):
        return FileKind.MHTML
    # Web systems offer tables of HTML, or rows of text, as Excel files; Excel opens both.
    if head is not None and named not in _PLAIN and _FRAGMENT.match(head):
        return FileKind.HTML
    if head is not None and _suffix(name) == ".xls" and _DELIMITED.match(head):
        return FileKind.CSV
    return named


def zip_kind(file: BinaryIO) -> FileKind | None:
    """What a ZIP is by the names of its members, or None where its list cannot be read."""
    import zipfile

    try:
        if not may_be_listed(file):
            return FileKind.ZIP
        with zipfile.ZipFile(file) as archive:
            names = [name.replace("\\", "/") for name in archive.namelist()]
    except MemoryError:
        raise
    # A broken list of members raises nearly anything.
    except Exception:
        return None
    return _by_parts({name.lower() for name in names}) or FileKind.ZIP


def may_be_listed(file: BinaryIO) -> bool:
    """Whether the list of members is short enough to be read into memory."""
    file.seek(0)
    count, tail = 0, b""
    while block := file.read(1 << 20):
        # The end of the block before may hold the beginning of a header, but never a whole one.
        count += (tail + block).count(_CENTRAL_HEADER)
        tail = block[-3:]
    file.seek(0)
    return count <= MOST_LISTED


def has_ole_stream(data: bytes, name: str) -> bool:
    """Whether an OLE2 file has an entry of this name; the text of a document that mentions it is none."""
    raw = name.encode("utf-16-le")
    entry = raw.ljust(64, b"\x00") + (len(raw) + 2).to_bytes(2, "little")
    return data.startswith(_OLE2_MAGIC) and entry in data


def _suffix(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].lower() if dot > max(name.rfind("/"), name.rfind("\\")) else ""


def _binary_kind(data: bytes, named: FileKind) -> FileKind | None:
    """The kind of a content that marks itself; None for plain text and for what is not known."""
    if data.startswith(_PDF_MAGIC):
        return FileKind.PDF
    if data.startswith(_ZIP_MAGIC):
        return zip_kind(io.BytesIO(data)) or _broken_zip_kind(data, named)
    if data.startswith(_OLE2_MAGIC):
        return _ole_kind(data)
    if data.startswith(_IMAGE_MAGIC) or _IMAGE.match(data):
        return FileKind.IMAGE
    if data.startswith(_ARCHIVE_MAGIC) or _LZH.match(data) or data[_TAR_AT:].startswith(_TAR_MAGIC):
        return FileKind.OTHER_ARCHIVE
    if data.startswith(b"{\\rtf"):
        return FileKind.RTF
    # A text may speak of PDF in its first lines; in any other file the mark may stand a little below the top.
    if named not in (*_PLAIN, FileKind.HTML) and _PDF_MAGIC in data[:_PDF_WITHIN]:
        return FileKind.PDF
    return None


def _broken_zip_kind(data: bytes, named: FileKind) -> FileKind:
    """What a ZIP without its list once was, by the names before its members; else what its name says."""
    names = {
        match[1].decode("latin-1").lower()
        for match in re.finditer(rb"PK\x03\x04.{26}([\w./\[\]-]{4,60})", data, re.DOTALL)
    }
    by_parts = next((kind for part, kind in _MAIN_PARTS.items() if any(name.startswith(part) for name in names)), None)
    if by_parts is not None:
        return by_parts
    return named if named in _PART_FOLDERS.values() else FileKind.ZIP


def _by_parts(names: set[str]) -> FileKind | None:
    if "[content_types].xml" in names:
        for part, kind in _MAIN_PARTS.items():
            if part in names:
                return kind
        for folder, kind in _PART_FOLDERS.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return FileKind.OPEN_DOCUMENT if {"mimetype", "content.xml"} <= names else None


def _ole_kind(data: bytes) -> FileKind:
    if has_ole_stream(data, "EncryptedPackage"):
        return FileKind.ENCRYPTED_OFFICE
    return FileKind.OLD_OFFICE if any(has_ole_stream(data, name) for name in _OLD_STREAMS) else FileKind.UNKNOWN


def _head(data: bytes) -> str | None:
    """The beginning of a text, its markup readable whatever the encoding; None where it is no text."""
    start = data[:_HEAD]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", errors="replace")
    if _UNSEEN.search(start):
        return None
    return start.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _is_mhtml(head: bytes) -> bool:
    return _MIME.search(head) is not None and b"multipart/related" in head.lower()
