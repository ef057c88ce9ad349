"""The kind of a file is told by its content; a name decides between kinds of plain text only."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from corpus.kind import FileKind, may_be_listed, tell_kind
from tests.corpus.make_pdfs import PageSpec, make_pdf

SHARED = Path(__file__).parents[2] / ".." / "shared" / "pdfs"
TEXT = "茶園の手引き\n一番茶は五月に摘みます。\n"
PAGE = "<!DOCTYPE html>\n<html lang='ja'><body><p>茶の話です。</p></body></html>"


def zipped(*names: str) -> bytes:
    """A ZIP with members of these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"x" * 40)
    return file.getvalue()


def ole(*streams: str, text: str = "") -> bytes:
    """The beginning of an OLE2 file with directory entries of these names, and `text` somewhere in it."""
    entries = b""
    for name in streams:
        raw = name.encode("utf-16-le")
        entries += raw.ljust(64, b"\x00") + (len(raw) + 2).to_bytes(2, "little") + b"\x02\x01" + bytes(60)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + entries + text.encode("utf-16-le") + bytes(64)


DOCX = zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/embeddings/table.xlsx")
PPTX = zipped("[Content_Types].xml", "ppt/presentation.xml", "ppt/slides/slide1.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml", "docProps/app.xml")
PDF = make_pdf([PageSpec(("茶の話をします。",))])
PNG = b"\x89PNG\r\n\x1a\n\x00\xff\xfe\x81" * 40


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", TEXT.encode(), FileKind.TEXT),
        ("a.txt", TEXT.encode("cp932"), FileKind.TEXT),
        ("a.md", TEXT.encode("utf-16"), FileKind.MARKDOWN),
        ("A.CSV", "品名,値段\n茶,100\n".encode(), FileKind.CSV),
        ("a.tsv", "品名\t値段\n".encode("cp932"), FileKind.CSV),
        ("a.htm", b"<p>tea", FileKind.HTML),
        ("a.pdf", PDF, FileKind.PDF),
        ("a.docx", DOCX, FileKind.DOCX),
        ("a.pptx", PPTX, FileKind.PPTX),
        ("a.xlsm", XLSX, FileKind.XLSX),
        ("a.zip", zipped("a.txt", "word/notes.txt"), FileKind.ZIP),
        ("a.zip", zipped(), FileKind.ZIP),
        ("a.doc", ole("Root Entry", "WordDocument"), FileKind.OLD_OFFICE),
        ("a.xls", ole("Workbook"), FileKind.OLD_OFFICE),
        ("a.docx", ole("EncryptionInfo", "EncryptedPackage"), FileKind.ENCRYPTED_OFFICE),
        ("a.odt", zipped("mimetype", "content.xml", "META-INF/manifest.xml"), FileKind.OPEN_DOCUMENT),
        ("a.png", PNG, FileKind.IMAGE),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", FileKind.IMAGE),
        ("a.webp", b"RIFF\x00\x01\x00\x00WEBPVP8 ", FileKind.IMAGE),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\x00\x04", FileKind.OTHER_ARCHIVE),
        ("a.lzh", b"\x22\x6d-lh5-\x00\x01", FileKind.OTHER_ARCHIVE),
        ("a.rtf", b"{\\rtf1\\ansi tea}", FileKind.RTF),
        ("a.mht", b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", FileKind.MHTML),
        ("none", b"tea", FileKind.UNKNOWN),
        ("script.py", b"print()", FileKind.UNKNOWN),
        ("a.msi", ole("Property"), FileKind.UNKNOWN),
    ],
)
def test_each_kind_is_told(name: str, data: bytes, kind: FileKind) -> None:
    """This test ensures that a file with an honest name is what it is."""
    assert tell_kind(name, data) is kind


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", DOCX, FileKind.DOCX),
        ("a.docx", PDF, FileKind.PDF),
        ("a.docx", b"\n\n" + PDF, FileKind.PDF),
        ("a.docx", XLSX, FileKind.XLSX),
        ("a.zip", PPTX, FileKind.PPTX),
        ("none", PDF, FileKind.PDF),
        ("a.txt", PDF, FileKind.PDF),
        ("a.txt", DOCX, FileKind.DOCX),
        ("a.txt", PNG, FileKind.IMAGE),
        ("a.pdf", PNG, FileKind.IMAGE),
        ("a.pdf", PAGE.encode(), FileKind.HTML),
        ("a.xls", PAGE.encode("cp932"), FileKind.HTML),
        ("a.xls", PAGE.encode("utf-16"), FileKind.HTML),
        ("a.xls", b"<table border=1><tr><td>1</td></tr></table>", FileKind.HTML),
        ("a.txt", ("\ufeff<?xml version='1.0'?>\n<!-- 茶 -->\n" + PAGE).encode(), FileKind.HTML),
        ("a.xls", "品名\t値段\n茶\t100\n".encode("cp932"), FileKind.CSV),
        ("a.docx", ole("WordDocument"), FileKind.OLD_OFFICE),
    ],
)
def test_the_content_wins_over_the_name(name: str, data: bytes, kind: FileKind) -> None:
    """This test ensures that a file under a wrong name is read as what it is."""
    assert tell_kind(name, data) is kind


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", b"A note on %PDF-1.7 files", FileKind.TEXT),
        ("a.html", b"<p>A note on %PDF-1.7 files</p>", FileKind.HTML),
        ("a.txt", b"<p>is a tag of HTML", FileKind.TEXT),
        ("a.md", b"<div align='center'>\n\n# Tea\n", FileKind.MARKDOWN),
        ("a.csv", b"<table>,2\n", FileKind.CSV),
        ("a.txt", b"MIME-Version: 1.0\nContent-Type: multipart/related;\n", FileKind.TEXT),
        ("a.doc", ole("WordDocument", text="EncryptedPackage"), FileKind.OLD_OFFICE),
        ("a.zip", zipped("a.pdf") + b"%PDF-", FileKind.ZIP),
    ],
)
def test_a_text_that_speaks_of_a_format_is_a_text(name: str, data: bytes, kind: FileKind) -> None:
    """This test ensures that a mere mention of another format changes nothing."""
    assert tell_kind(name, data) is kind


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", b"../../tea.pdf", FileKind.PDF),
        ("a.pdf", TEXT.encode(), FileKind.PDF),
        ("a.pdf", b"", FileKind.PDF),
        ("a.docx", bytes(range(256)) * 8, FileKind.DOCX),
        ("a.docx", DOCX[: len(DOCX) // 2], FileKind.DOCX),
        ("a.zip", DOCX[: len(DOCX) // 2], FileKind.DOCX),
        ("a.pptx", b"PK\x03\x04", FileKind.PPTX),
        ("a.txt", b"PK\x03\x04", FileKind.ZIP),
        ("a.txt", b"", FileKind.TEXT),
        ("none", b"", FileKind.UNKNOWN),
    ],
)
def test_what_is_damaged_is_what_it_was_meant_to_be(name: str, data: bytes, kind: FileKind) -> None:
    """This test ensures that a file of noise or a torn one reaches the reader that can say that it is damaged."""
    assert tell_kind(name, data) is kind


def test_a_list_of_a_million_members_is_not_read() -> None:
    """This test ensures that a ZIP whose list alone would fill the memory is called a ZIP at once."""
    data = b"PK\x05\x06" + b"PK\x01\x02" * 1_000_000
    started = time.perf_counter()
    assert tell_kind("a.docx", data) is FileKind.ZIP
    assert time.perf_counter() - started < 2
    assert not may_be_listed(io.BytesIO(data))


def test_headers_are_counted_across_blocks() -> None:
    """This test ensures that a header on the border of two blocks is counted once."""
    data = b"x" * ((1 << 20) - 2) + b"PK\x01\x02" * 50_000
    assert may_be_listed(io.BytesIO(data))
    assert not may_be_listed(io.BytesIO(data + b"PK\x01\x02"))


@pytest.mark.slow
def test_public_files_are_pdfs() -> None:
    """This test ensures that every public PDF, damaged ones and one that is a link's text included, is read as one."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder of public PDFs is not beside this checkout")
    assert {tell_kind(path.name, path.read_bytes()) for path in SHARED.rglob("*.pdf")} == {FileKind.PDF}
