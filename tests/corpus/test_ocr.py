"""Tests of OCR: how a PDF's pages come to it with a recogniser that says what it is told to, and the real one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from corpus.models import RawDocument, Verdict
from corpus.readers import ocr
from corpus.readers.ocr_lines import Word, mean_confidence, to_lines
from corpus.readers.pdf import read_pdf
from corpus.readers.pdf_engines import PageReading, PdfiumEngine
from corpus.readers.pdf_render import MOST_PIXELS, PageRenderer, resolution
from tests.corpus.make_pdfs import PageSpec, encrypt, make_pdf

ROOT = Path(__file__).parents[2]
SHARED = ROOT / ".." / "shared" / "pdfs"
FONT = Path("/usr/share/fonts/opentype/ipafont-mincho/ipam.ttf")
LINES = (
    "技術情報の管理について、試験用に書いた",
    "文です。重要な情報は、役員と従業員の",
    "間で共有し、退職するときに返します。",
)
TYPED = PageSpec(("この頁には文字が入っています。",))
SCAN = PageSpec(image=True)
RECOGNISED = "読み取った文です。"

Recogniser = Callable[..., str]


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> Callable[[Recogniser], None]:
    """Put a function in the place of tesseract, which is then taken to be installed."""

    def use(function: Recogniser) -> None:
        monkeypatch.setattr(ocr, "ocr_problem", lambda: None)
        monkeypatch.setattr(ocr, "recognise", function)

    return use


def _always(text: str) -> Recogniser:
    return lambda image, **limits: text


def _texts(document: RawDocument) -> list[tuple[str, bool]]:
    return [(page.text, page.is_ocr) for page in document.pages]


# How a document comes to its recognised pages.


def test_flagged_pages_and_no_others_are_recognised(recogniser: Callable[[Recogniser], None]) -> None:
    """This test ensures that only pages that gave no text are drawn and read, and are marked as recognised."""
    calls: list[int] = []

    def count(image: Image.Image, **limits: float) -> str:
        calls.append(1)
        return RECOGNISED

    recogniser(count)
    bad = PageSpec(broken_lines=LINES)
    document = read_pdf(make_pdf([TYPED, SCAN, PageSpec(), bad, TYPED]), ocr=True)
    assert len(calls) == 2
    assert document.verdict is Verdict.READ
    assert _texts(document) == [
        (TYPED.lines[0], False),
        (RECOGNISED, True),
        ("", False),
        (RECOGNISED, True),
        (TYPED.lines[0], False),
    ]
    assert document.pages_without_text == ()
    assert document.warnings == (
        "2、4ページはOCRで読み取ったので、誤りがあるかもしれません。元のページと見比べてください。",
    )


def test_ocr_is_off_unless_asked_for(recogniser: Callable[[Recogniser], None]) -> None:
    """This test ensures that no page is recognised without being asked to, and that the warning says how to ask."""
    recogniser(_always(RECOGNISED))
    for pages, verdict in (([SCAN], Verdict.NEEDS_OCR), ([TYPED, SCAN], Verdict.PARTLY_READ)):
        document = read_pdf(make_pdf(pages))
        assert document.verdict is verdict
        assert not any(page.is_ocr for page in document.pages)
        assert ["--ocr" in warning and "OCRを使う" in warning for warning in document.warnings] == [True]


def test_a_scan_that_is_read_whole_is_read(recogniser: Callable[[Recogniser], None]) -> None:
    """This test ensures that a file of pictures alone is read once they are, and keeps its title and labels."""
    recogniser(_always(RECOGNISED))
    document = read_pdf(make_pdf([SCAN, SCAN], title="試験用の題名", labels="0 << /S /r >>"), ocr=True)
    assert (document.verdict, document.title) == (Verdict.READ, "試験用の題名")
    assert [(page.label, page.text, page.is_ocr) for page in document.pages] == [
        ("i", RECOGNISED, True),
        ("ii", RECOGNISED, True),
    ]


@pytest.mark.parametrize(
    ("pages", "verdict"), [([SCAN], Verdict.NEEDS_OCR), ([TYPED, SCAN], Verdict.PARTLY_READ)], ids=["all", "some"]
)
def test_a_page_that_gives_nothing_stays_flagged(
    recogniser: Callable[[Recogniser], None], pages: list[PageSpec], verdict: Verdict
) -> None:
    """This test ensures that a page in which nothing was recognised is named and not taken for read."""
    recogniser(_always(""))
    document = read_pdf(make_pdf(pages), ocr=True)
    assert document.verdict is verdict
    assert document.pages_without_text == (len(pages),)
    assert [f"{len(pages)}ページは、OCRでも" in warning for warning in document.warnings] == [True]


@pytest.mark.parametrize("failure", [RuntimeError("tesseract"), OSError("gone"), MemoryError()], ids=str)
def test_a_recogniser_that_fails_costs_its_page_only(
    recogniser: Callable[[Recogniser], None], failure: Exception
) -> None:
    """This test ensures that whatever goes wrong on one page leaves the others as they were."""
    answers = iter([failure, None])

    def fail_once(image: Image.Image, **limits: float) -> str:
        if answer := next(answers):
            raise answer
        return RECOGNISED

    recogniser(fail_once)
    document = read_pdf(make_pdf([TYPED, SCAN, SCAN]), ocr=True)
    assert document.verdict is Verdict.PARTLY_READ
    assert _texts(document) == [(TYPED.lines[0], False), ("", False), (RECOGNISED, True)]
    assert document.pages_without_text == (2,)


def test_a_page_that_takes_too_long_is_named(recogniser: Callable[[Recogniser], None]) -> None:
    """This test ensures that a page cut off by the clock stays flagged, with a warning of its own."""

    def hang(image: Image.Image, **limits: float) -> str:
        raise TimeoutError

    recogniser(hang)
    document = read_pdf(make_pdf([TYPED, SCAN]), ocr=True)
    assert (document.verdict, document.pages_without_text) == (Verdict.PARTLY_READ, (2,))
    assert ["2ページは、OCRに時間が" in warning for warning in document.warnings] == [True]


def test_the_budget_of_a_document_is_kept(
    recogniser: Callable[[Recogniser], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that each page gets no more than is left, and that pages after the end are not begun."""
    now, allowed = [1000.0], []
    monkeypatch.setattr("corpus.readers.ocr_pages.time.monotonic", lambda: now[0])

    def take_40(image: Image.Image, *, dots_per_inch: float, seconds: float) -> str:
        allowed.append(seconds)
        now[0] += 40.0
        return RECOGNISED

    recogniser(take_40)
    document = read_pdf(make_pdf([SCAN] * 5), ocr=True, ocr_seconds=100.0)
    assert allowed == [60.0, 60.0, 20.0]
    assert [page.is_ocr for page in document.pages] == [True, True, True, False, False]
    assert (document.verdict, document.pages_without_text) == (Verdict.PARTLY_READ, (4, 5))
    assert any("4–5ページは、OCRに時間が" in warning for warning in document.warnings)


def test_without_tesseract_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a missing recogniser costs the flagged pages only and is said with how to get it."""
    monkeypatch.setattr(ocr, "_program", lambda: None)
    document = read_pdf(make_pdf([TYPED, SCAN]), ocr=True)
    assert document.verdict is Verdict.PARTLY_READ
    assert _texts(document) == [(TYPED.lines[0], False), ("", False)]
    assert len(document.warnings) == 1
    assert document.warnings[0].startswith("2ページから文字を取り出せません。OCR（文字認識）に使うtesseractが")
    assert "apt install tesseract-ocr tesseract-ocr-jpn" in document.warnings[0]


def test_what_needs_no_ocr_is_the_same_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that typed, locked and damaged files start no recogniser and read as without it."""

    def refuse() -> str:
        raise AssertionError("asked for")

    monkeypatch.setattr(ocr, "ocr_problem", refuse)
    typed = make_pdf([TYPED, PageSpec()])
    for data in (typed, encrypt(typed, "secret"), typed[: len(typed) // 2], b""):
        assert read_pdf(data, ocr=True) == read_pdf(data)


def test_the_reader_alone_loads_no_recogniser() -> None:
    """This test ensures that importing the reader costs neither pytesseract nor Pillow."""
    code = "import corpus.readers.pdf, sys; sys.exit(bool({'pytesseract', 'PIL', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_hidden_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that pages whose invisible characters were left out are named."""
    read_page = PdfiumEngine.read_page

    def hide(engine: PdfiumEngine, index: int) -> PageReading:
        return replace(read_page(engine, index), hidden=7 if index == 1 else 0)

    monkeypatch.setattr(PdfiumEngine, "read_page", hide)
    document = read_pdf(make_pdf([TYPED] * 3))
    assert document.verdict is Verdict.READ
    assert ["2ページに、見えない文字があります" in warning for warning in document.warnings] == [True]


# The picture of a page.


@pytest.mark.parametrize(("width", "height"), [(14_400, 14_400), (200_000, 10), (3e6, 3e6)])
def test_an_enormous_page_is_drawn_small(width: float, height: float) -> None:
    """This test ensures that the pixels are limited before drawing, whatever size a page states."""
    dots = resolution(width, height)
    assert width / 72 * dots * (height / 72 * dots) <= MOST_PIXELS * 1.001
    assert max(width, height) / 72 * dots <= 30_000.5
    assert resolution(595, 842) == 300.0


@pytest.mark.parametrize("size", [(0, 100), (-5, 100), (float("inf"), 100), (float("nan"), 100)])
def test_a_page_without_a_size_is_refused(size: tuple[float, float]) -> None:
    """This test ensures that a broken page box is an error of that page rather than a picture of no size."""
    with pytest.raises(ValueError, match="cannot be drawn"):
        resolution(*size)


def test_a_page_is_drawn_in_grey() -> None:
    """This test ensures that the picture handed on is grey, of the size of the page, and outlives the file."""
    renderer = PageRenderer(make_pdf([PageSpec(rules=10)]))
    image, dots = renderer.render(1)
    renderer.close()
    assert (image.mode, dots) == ("L", 300.0)
    assert image.size == pytest.approx((595 / 72 * 300, 842 / 72 * 300), abs=5)
    assert image.getextrema()[0] != image.getextrema()[1]


# From words to lines.


def _word(text: str, start: int, end: int, line: int = 1, confidence: float = 90.0) -> Word:
    return Word(text, (1, 1, line), start, end, em=40, confidence=confidence)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([_word("情報", 0, 80), _word("の", 85, 120), _word("管理", 140, 220)], "情報の管理"),
        ([_word("第", 0, 40), _word("8", 50, 70), _word("条", 80, 120)], "第8条"),
        ([_word("3", 0, 20), _word("0", 40, 60), _word("年", 70, 110)], "30年"),
        ([_word("10", 0, 40), _word("20", 60, 100)], "10 20"),
        ([_word("trade", 0, 100), _word("secret", 110, 220)], "trade secret"),
        ([_word("規則", 0, 60), _word("作成", 108, 180)], "規則作成"),
        ([_word("第3条", 0, 120), _word("会社は", 200, 320)], "第3条 会社は"),
        ([_word("終わり。", 0, 150), _word("次", 0, 40, line=2)], "終わり。\n次"),
        ([_word("管理", 400, 480), _word("の", 350, 390), _word("下", 200, 240)], "管理の 下"),
        ([], ""),
    ],
    ids=["Japanese", "digit", "wide digits", "numbers", "English", "narrow box", "gap", "lines", "turned", "nothing"],
)
def test_spaces_are_those_on_the_page(words: list[Word], expected: str) -> None:
    """This test ensures that the recogniser's gaps inside Japanese vanish and real ones, and lines, stay."""
    assert to_lines(words) == expected


def test_confidence_is_a_mean_over_characters() -> None:
    """This test ensures that a long word weighs more than a short one, and that nothing is worth nothing."""
    assert mean_confidence([_word("三文字", 0, 9, confidence=90.0), _word("一", 0, 9, confidence=50.0)]) == 80.0
    assert mean_confidence([]) == 0.0


# Which reading of a picture is taken.


class _Readings:
    """A tesseract that reads well at one turn and in one language only."""

    def __init__(self, turn: int, language: str, orientation: dict[str, object]) -> None:
        self.good, self.told, self.asked = (turn, language), orientation, list[tuple[int, str]]()

    def orientation(self) -> dict[str, object]:
        return self.told

    def words(self, turn: int, language: str) -> list[Word]:
        self.asked.append((turn, language))
        return [_word("正しく読めた文", 0, 300, confidence=92.0 if (turn, language) == self.good else 30.0)]


ALL_DATA = frozenset({"jpn", "jpn_vert", "eng", "osd"})


@pytest.mark.parametrize(
    ("turn", "language", "orientation", "attempts"),
    [
        (0, "jpn", {"rotate": 0, "orientation_conf": 30.0, "script": "Japanese"}, 1),
        (90, "jpn", {"rotate": 90, "orientation_conf": 2.0, "script": "Japanese"}, 1),
        (90, "eng", {"rotate": 90, "orientation_conf": 30.0, "script": "Latin"}, 1),
        (0, "jpn_vert", {"rotate": 0, "orientation_conf": 30.0, "script": "Japanese"}, 2),
        (270, "jpn", {"rotate": 0, "orientation_conf": 2.0, "script": "Japanese"}, 7),
        (180, "jpn", {}, 3),
    ],
    ids=["upright", "turned", "English", "vertical", "misjudged", "nothing told"],
)
def test_the_likeliest_way_up_is_tried_first(
    turn: int, language: str, orientation: dict[str, object], attempts: int
) -> None:
    """This test ensures that the reading found is the good one, after as many attempts as it takes and no more."""
    readings = _Readings(turn, language, orientation)
    words = ocr._best(readings, ALL_DATA)  # type: ignore[arg-type]
    assert mean_confidence(words) == 92.0
    assert (len(readings.asked), readings.asked[-1]) == (attempts, (turn, language))


def test_data_that_is_not_installed_is_not_asked_for() -> None:
    """This test ensures that Japanese alone is enough: neither orientation, vertical nor English data is needed."""
    readings = _Readings(180, "jpn", {"rotate": 270, "script": "Latin"})
    assert mean_confidence(ocr._best(readings, frozenset({"jpn"}))) == 92.0  # type: ignore[arg-type]
    assert readings.asked == [(0, "jpn"), (180, "jpn")]


def test_time_that_runs_out_keeps_what_is_read() -> None:
    """This test ensures that a fair reading survives when there is no time for a better one, and a poor one not."""

    class Slow(_Readings):
        def words(self, turn: int, language: str) -> list[Word]:
            if self.asked:
                raise TimeoutError
            self.asked.append((turn, language))
            return [_word("およそ読めた文", 0, 300, confidence=confidence)]

    confidence = 72.0
    assert ocr._best(Slow(0, "", {}), ALL_DATA)  # type: ignore[arg-type]
    confidence = 40.0
    with pytest.raises(TimeoutError):
        ocr._best(Slow(0, "", {}), ALL_DATA)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "confidence"), [("読めた文です", 40.0), ("\ue000\ue001\ue002", 95.0), ("", 95.0)], ids=str
)
def test_a_doubtful_reading_is_no_text(monkeypatch: pytest.MonkeyPatch, text: str, confidence: float) -> None:
    """This test ensures that a guess, characters that are no writing, and nothing are all dropped."""
    words = [_word(text, 0, 100, confidence=confidence)] if text else []
    monkeypatch.setattr(ocr, "_best", lambda tesseract, languages: words)
    assert ocr.recognise(Image.new("L", (10, 10)), dots_per_inch=300, seconds=1) == ""


# What is installed.


def test_what_is_missing_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that no program, a broken one and one without Japanese each have their own words."""
    monkeypatch.setattr(ocr, "_program", lambda: None)
    assert "入っていません" in (ocr.ocr_problem() or "")
    monkeypatch.setattr(ocr, "_program", lambda: str(ROOT / "no such program"))
    assert "動きません" in (ocr.ocr_problem() or "")
    monkeypatch.setattr(ocr, "_program", lambda: "tesseract")
    monkeypatch.setattr(ocr, "_languages", lambda program: frozenset({"eng"}))
    assert "日本語のデータ" in (ocr.ocr_problem() or "")
    monkeypatch.setattr(ocr, "_languages", lambda program: frozenset({"jpn"}))
    assert ocr.ocr_problem() is None


# The real recogniser.


@pytest.fixture
def tesseract() -> None:
    """Skip where the real recogniser is not installed."""
    if problem := ocr.ocr_problem():
        pytest.skip(problem)


def _page(draw: Callable[[ImageDraw.ImageDraw, ImageFont.FreeTypeFont], None], turn: int = 0) -> bytes:
    """A PDF that is one picture of an A5 page at 200 dpi, turned anticlockwise."""
    if not FONT.is_file():
        pytest.skip("Debian's fonts-ipafont is not installed")
    image = Image.new("L", (1165, 1654), 255)
    draw(ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 44))
    target = io.BytesIO()
    image.rotate(turn, expand=True).save(target, "PDF", resolution=200)
    return target.getvalue()


def _across(canvas: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont) -> None:
    for row, line in enumerate(LINES):
        canvas.text((120, 150 + 90 * row), line, font=font, fill=0)


def _down(canvas: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont) -> None:
    for column, line in enumerate(LINES):
        for row, char in enumerate(line):
            shift = 22 if char in "、。" else 0
            canvas.text((1000 - 85 * column + shift, 150 + 50 * row - shift), char, font=font, fill=0)


def _wrong(text: str, expected: str) -> int:
    """The least number of characters to put in, take out or change."""
    row = list(range(len(expected) + 1))
    for count, char in enumerate(text, 1):
        before, row[0] = row[0], count
        for index, other in enumerate(expected, 1):
            before, row[index] = row[index], min(row[index] + 1, row[index - 1] + 1, before + (char != other))
    return row[-1]


@pytest.mark.usefixtures("tesseract")
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_japanese_is_recognised_whichever_way_up(turn: int) -> None:
    """This test ensures that printed Japanese in a picture comes out line by line with at most 2 characters wrong."""
    if turn and "osd" not in (ocr._languages(ocr._program() or "") or ()):
        pytest.skip("tesseract has no data to tell orientation (tesseract-ocr-osd)")
    document = read_pdf(_page(_across, turn), ocr=True)
    assert document.verdict is Verdict.READ
    assert document.pages[0].is_ocr
    assert _wrong(document.pages[0].text, "\n".join(LINES)) <= 2


@pytest.mark.usefixtures("tesseract")
def test_vertical_japanese_is_recognised() -> None:
    """This test ensures that columns are read down and from right to left where that data is installed."""
    if "jpn_vert" not in (ocr._languages(ocr._program() or "") or ()):
        pytest.skip("tesseract has no data for vertical Japanese (tesseract-ocr-jpn-vert)")
    document = read_pdf(_page(_down), ocr=True)
    assert _wrong(document.pages[0].text, "\n".join(LINES)) <= 3


@pytest.mark.usefixtures("tesseract")
def test_a_picture_without_text_gives_none() -> None:
    """This test ensures that shapes are not read as characters."""

    def shapes(canvas: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont) -> None:
        for step in range(8):
            canvas.ellipse((100 + 90 * step, 200 + 130 * step, 300 + 90 * step, 420 + 130 * step), fill=30 * step)

    document = read_pdf(_page(shapes), ocr=True)
    assert (document.verdict, document.pages[0].text) == (Verdict.NEEDS_OCR, "")


@pytest.mark.usefixtures("tesseract")
@pytest.mark.skipif(sys.platform == "win32", reason="asks for processes as POSIX does")
def test_the_clock_ends_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that tesseract is ended, not left running, when the time for its page is over."""
    begun: list[int] = []

    class Recorded(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, command: list[str], **more: object) -> None:
            super().__init__(command, **more)  # type: ignore[call-overload]
            begun.append(self.pid)

    noise = Image.effect_noise((3000, 4000), 200)
    monkeypatch.setattr(ocr, "_languages", lambda program: frozenset({"jpn"}))
    monkeypatch.setattr(subprocess, "Popen", Recorded)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        ocr.recognise(noise, dots_per_inch=300, seconds=1.0)
    assert time.monotonic() - started < 10.0
    assert len(begun) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(begun[0], 0)


@pytest.mark.usefixtures("tesseract")
@pytest.mark.parametrize(
    ("name", "verdict", "least_characters"),
    [
        ("other/ocr_test_rotated_90.pdf", Verdict.READ, 80),
        ("other/vector.pdf", Verdict.READ, 100),
        # Handwriting: what comes out is nonsense and must not be quoted.
        ("japanese/derived_scan_yokogaki2026-04-24-103617.pdf", Verdict.NEEDS_OCR, 0),
    ],
)
def test_public_scans(name: str, verdict: Verdict, least_characters: int) -> None:
    """This test ensures that scans nobody here made are read where they can be and stay flagged where not."""
    if not (SHARED / name).is_file():
        pytest.skip("the shared folder of public PDFs is not beside this checkout")
    document = read_pdf((SHARED / name).read_bytes(), ocr=True)
    assert document.verdict is verdict
    assert sum(len(page.text) for page in document.pages) >= least_characters
    assert any("OCR" in warning for warning in document.warnings)
