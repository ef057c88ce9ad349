"""Tests of the PDF reader on small files made here, and on public files where the shared folder is there."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from corpus.models import RawDocument, Verdict
from corpus.readers import pdf
from corpus.readers.pdf import read_pdf
from tests.corpus.make_pdfs import PageSpec, encrypt, make_pdf

LINES = ("技術情報の管理について、試験用に書いた文です。", "二行目は「かな」とABC、123の混ざった行です。")
TEXT = "\n".join(LINES)
GOOD = make_pdf(
    [PageSpec(LINES), PageSpec(LINES), PageSpec(LINES)],
    title="試験用の題名",
    labels="0 << /S /r >> 2 << /S /D >>",
    outline=[("はじめに", 0), ("第1章 目的", 2)],
)
SHARED = Path(__file__).parents[2] / ".." / "shared" / "pdfs"


def _refuse(data: bytes) -> None:
    raise ValueError


def test_a_good_file_is_read_whole() -> None:
    """This test ensures that text, labels, title and outline of a good Japanese file arrive as they stand."""
    document = read_pdf(GOOD)
    assert document.verdict is Verdict.READ
    assert [page.text for page in document.pages] == [TEXT] * 3
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert [page.label for page in document.pages] == ["i", "ii", "1"]
    assert document.title == "試験用の題名"
    assert document.outline == ((1, "はじめに", 1), (1, "第1章 目的", 3))
    assert document.pages_without_text == ()
    assert document.warnings == ()


def test_no_label_is_made_up() -> None:
    """This test ensures that pages of a file without page labels have none, whatever a library falls back to."""
    assert [page.label for page in read_pdf(make_pdf([PageSpec(LINES)] * 2)).pages] == [None, None]


def test_characters_outside_the_basic_plane_survive() -> None:
    """This test ensures that a name with a character beyond U+FFFF is not cut in two."""
    assert read_pdf(make_pdf([PageSpec(("担当は𠮷野です。",))])).pages[0].text == "担当は𠮷野です。"


@pytest.mark.parametrize("engine", ["_PdfiumEngine", "_PypdfEngine"])
def test_each_library_stands_in_for_the_other(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """This test ensures that one library alone gives the same document, with a warning, when the other fails."""
    monkeypatch.setattr(pdf, engine, _refuse)
    document = read_pdf(GOOD)
    assert [page.text for page in document.pages] == [TEXT] * 3
    assert [page.label for page in document.pages] == ["i", "ii", "1"]
    assert (document.title, document.outline[1]) == ("試験用の題名", (1, "第1章 目的", 3))
    assert ["壊れています" in warning for warning in document.warnings] == [True]


def test_a_user_password_is_named_as_the_reason() -> None:
    """This test ensures that a file behind a password is told apart from a damaged one and gives no page."""
    document = read_pdf(encrypt(GOOD, "secret"))
    assert document.verdict is Verdict.NEEDS_PASSWORD
    assert document.pages == ()
    assert "保護" in document.warnings[0]


def test_one_file_does_not_colour_the_next() -> None:
    """This test ensures that pdfium's error of a locked file is not taken for that of the next file."""
    read_pdf(encrypt(GOOD, "secret"))
    assert read_pdf(GOOD.replace(b"/Pages 2 0 R", b"/Xages 2 0 R")).verdict is Verdict.DAMAGED


def test_an_empty_password_opens_the_file() -> None:
    """This test ensures that a file that is only protected against changes is read without a word."""
    document = read_pdf(encrypt(GOOD, ""))
    assert (document.verdict, document.warnings) == (Verdict.READ, ())
    assert [page.label for page in document.pages] == ["i", "ii", "1"]


@pytest.mark.parametrize(
    "data",
    [GOOD[: len(GOOD) // 2], b"", b"%PDF-1.7\n%%EOF\n", bytes(range(256)) * 40, "ただの文章です。".encode()],
    ids=["truncated", "nothing", "header", "binary", "text"],
)
def test_what_is_no_whole_pdf_is_damaged(data: bytes) -> None:
    """This test ensures that a file that no library opens costs one line that says what to do, and no exception."""
    document = read_pdf(data)
    assert document == RawDocument(Verdict.DAMAGED, warnings=document.warnings)
    assert ["作り直し" in warning for warning in document.warnings] == [True]


def test_a_file_with_a_lost_end_is_read_with_a_warning() -> None:
    """This test ensures that text that can be rescued is kept and the damage is not hidden."""
    document = read_pdf(GOOD[:-20])
    assert [page.text for page in document.pages] == [TEXT] * 3
    assert "壊れています" in document.warnings[0]


@pytest.mark.parametrize("pages", [[], [PageSpec()], [PageSpec(rules=2)]], ids=["no page", "blank page", "rules"])
def test_nothing_to_read_is_empty(pages: list[PageSpec]) -> None:
    """This test ensures that a file that shows nothing is called empty, not damaged and not in need of OCR."""
    document = read_pdf(make_pdf(pages))
    assert document.verdict is Verdict.EMPTY
    assert len(document.pages) == len(pages)
    assert len(document.warnings) == 1


@pytest.mark.parametrize(
    "page",
    [PageSpec(image=True), PageSpec(rules=200), PageSpec(broken_lines=LINES)],
    ids=["picture", "curves", "font without a map"],
)
def test_pages_without_usable_text_need_ocr(page: PageSpec) -> None:
    """This test ensures that a scan and a page of garbage both give no text and ask for OCR."""
    document = read_pdf(make_pdf([page, page]))
    assert document.verdict is Verdict.NEEDS_OCR
    assert [page.text for page in document.pages] == ["", ""]
    assert document.pages_without_text == (1, 2)
    assert "OCR" in document.warnings[0]


def test_good_and_bad_pages_are_told_apart() -> None:
    """This test ensures that the pages that fail are named, good ones are kept, and a blank page is no failure."""
    bad = PageSpec(broken_lines=LINES)
    document = read_pdf(make_pdf([PageSpec(LINES), bad, PageSpec(image=True), PageSpec(), bad, PageSpec(LINES)]))
    assert document.verdict is Verdict.PARTLY_READ
    assert [page.text for page in document.pages] == [TEXT, "", "", "", "", TEXT]
    assert document.pages_without_text == (2, 3, 5)
    (warning,) = document.warnings
    assert warning.startswith("2–3、5ページから文字を取り出せません。OCR")


class _Engine:
    """A library that says what it is told to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.seconds_spent = 0.0

    def page_count(self) -> int:
        return 1

    def read_page(self, index: int) -> pdf._PageReading:
        return pdf._PageReading(self.text, drawn=True)

    def labels(self) -> list[str]:
        return []

    def outline(self) -> list[tuple[int, str, int | None]]:
        return []

    def title(self) -> str:
        return "\ue000\ue001"

    def close(self) -> None:
        pass


def _read_as(monkeypatch: pytest.MonkeyPatch, pdfium_text: str, pypdf_text: str) -> RawDocument:
    monkeypatch.setattr(pdf, "_PdfiumEngine", lambda data: _Engine(pdfium_text))
    monkeypatch.setattr(pdf, "_PypdfEngine", lambda data: _Engine(pypdf_text))
    return read_pdf(b"")


GARBAGE = "\ue000\ue001\ue002\ue003" * 10


def test_the_second_reading_is_taken_where_the_first_is_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that pypdf's text replaces pdfium's where only pypdf's is plausible."""
    assert _read_as(monkeypatch, GARBAGE, "正しく読めた文です。" * 4).pages[0].text == "正しく読めた文です。" * 4


def test_a_stray_character_does_not_stand_for_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a second reading of a page number alone does not make a lost page look read."""
    document = _read_as(monkeypatch, GARBAGE, "12")
    assert (document.verdict, document.pages[0].text) == (Verdict.NEEDS_OCR, "")


def test_a_garbled_title_is_no_title(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a title that is not writing is left out rather than shown."""
    assert _read_as(monkeypatch, "文です。", "").title is None


def test_line_ends_and_hyphen_marks_are_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that lines end in a newline, pdfium's marks become hyphens and soft hyphens vanish."""
    raw = "A long sentence about decision\ufffemaking and self\x02control,\r\nhyphen\xad\nated and so\xadft.\r\n"
    assert _read_as(monkeypatch, raw, "").pages[0].text == (
        "A long sentence about decision-making and self-control,\nhyphenated and soft."
    )


def test_a_slow_file_is_cut_off_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that pypdf reads no further page once its time is spent, and that the reader is told."""
    monkeypatch.setattr(pdf, "PYPDF_SECONDS", 0.0)
    monkeypatch.setattr(pdf, "_PdfiumEngine", _refuse)
    document = read_pdf(GOOD)
    assert [page.text for page in document.pages] == [TEXT, "", ""]
    assert document.pages_without_text == (2, 3)
    assert "時間" in document.warnings[-1]


def test_text_off_the_page_is_left_out() -> None:
    """This test ensures that a line placed outside the page, which nobody sees, is not quoted."""
    data = make_pdf([PageSpec(LINES)]).replace(b"1 0 0 1 50 780 Tm", b"1 0 0 1 50 980 Tm")
    assert read_pdf(data).pages[0].text == LINES[1]


def test_a_file_that_claims_too_many_pages_is_read_in_time() -> None:
    """This test ensures that pages that are counted but not there are flagged, and the real one is kept."""
    document = read_pdf(make_pdf([PageSpec(LINES)]).replace(b"/Count 1 ", b"/Count 5000 "))
    assert document.pages[0].text == TEXT
    assert document.pages_without_text[-1] == 5000


def test_threads_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that pdfium, which is not safe in threads, is entered by one at a time."""
    inside: list[int] = []
    most: list[int] = []

    class Slow(_Engine):
        def read_page(self, index: int) -> pdf._PageReading:
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()
            return super().read_page(index)

    monkeypatch.setattr(pdf, "_PdfiumEngine", lambda data: Slow("文です。"))
    threads = [threading.Thread(target=read_pdf, args=(b"",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


def test_nothing_is_logged_or_printed(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """This test ensures that the libraries' own complaints about a file stay out of the user's sight."""
    with caplog.at_level(logging.WARNING):
        read_pdf(GOOD[:-20])
        read_pdf(GOOD.replace(b"/Count 3", b"/Count 9"))
    assert [record for record in caplog.records if record.name.startswith("pypdf")] == []
    assert capfd.readouterr() == ("", "")


def test_the_libraries_are_loaded_when_needed() -> None:
    """This test ensures that importing the reader costs neither pypdf nor pdfium."""
    code = "import corpus.readers.pdf, sys; sys.exit(bool({'pypdf', 'pypdfium2'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "verdict", "pages", "least_characters"),
    [
        ("japanese/mhlw_model_rules_001018385.pdf", Verdict.READ, 93, 70_000),
        ("japanese/cao_ai_ronten_honbun.pdf", Verdict.READ, 17, 18_000),
        ("japanese/pdfjs_issue16538.pdf", Verdict.READ, 1, 650),
        ("japanese/pdfjs_noembed-sjis.pdf", Verdict.READ, 1, 5),
        ("japanese/multilang.pdf", Verdict.READ, 1, 120),
        ("japanese/derived_scan_yokogaki2026-04-24-103617.pdf", Verdict.NEEDS_OCR, 1, 0),
        ("other/cardinal.pdf", Verdict.NEEDS_OCR, 4, 0),
        ("other/vector.pdf", Verdict.NEEDS_OCR, 1, 0),
        ("other/pdfjs_XiaoBiaoSong.pdf", Verdict.READ, 1, 650),
        ("encrypted/pypdf_r2-empty-password.pdf", Verdict.READ, 1, 30),
        ("encrypted/pypdf_r6-user-password.pdf", Verdict.NEEDS_PASSWORD, 0, 0),
        ("encrypted/password.pdf", Verdict.NEEDS_PASSWORD, 0, 0),
        ("corrupt/pdfjs_issue19800.pdf", Verdict.READ, 1, 200),
        ("corrupt/pdfjs_poppler-937-0-fuzzed.pdf", Verdict.DAMAGED, 0, 0),
        ("corrupt/pdfjs_Brotli-Prototype-FileA.pdf", Verdict.DAMAGED, 0, 0),
        ("corrupt/symlink_text_named.pdf", Verdict.DAMAGED, 0, 0),
        ("corrupt/pdfjs_empty.pdf", Verdict.EMPTY, 1, 0),
    ],
)
def test_public_files(name: str, verdict: Verdict, pages: int, least_characters: int) -> None:
    """This test ensures that files nobody here made get the right verdict and at least the text they hold."""
    if not (SHARED / name).is_file():
        pytest.skip("the shared folder of public PDFs is not beside this checkout")
    document = read_pdf((SHARED / name).read_bytes())
    assert (document.verdict, len(document.pages)) == (verdict, pages)
    assert sum(len(page.text) for page in document.pages) >= least_characters
    assert bool(document.warnings) or verdict is Verdict.READ


def test_an_aes_file_with_an_empty_password_keeps_its_labels() -> None:
    """This test ensures that labels come from pdfium where pypdf lacks the cipher."""
    path = SHARED / "japanese" / "cao_ai_ronten_honbun.pdf"
    if not path.is_file():
        pytest.skip("the shared folder of public PDFs is not beside this checkout")
    document = read_pdf(path.read_bytes())
    assert [page.label for page in document.pages][:3] == ["1", "2", "3"]
    assert document.warnings == ()
