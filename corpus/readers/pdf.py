"""PDF in, pages of text out: pdfium for the text, pypdf for labels, outline and title, each standing in for the other.

It repairs no layout: a page whose text is missing or not plausible as writing is flagged and gives no text, unless OCR
is asked for and reads it. Lines stay as they stand on the page; joining them is the cleaning's work.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from corpus.models import RawDocument, RawPage, Verdict
from corpus.readers.ocr_pages import Recognition, recognise_pages
from corpus.readers.pdf_engines import Engine as _Engine
from corpus.readers.pdf_engines import Locked
from corpus.readers.pdf_engines import PageReading as _PageReading
from corpus.readers.pdf_engines import PdfiumEngine as _PdfiumEngine
from corpus.readers.pdf_engines import PypdfEngine as _PypdfEngine
from corpus.readers.ranges import page_ranges
from corpus.readers.script import plausibility, visible_length

# Measured: garbage from fonts without ToUnicode scores 0.61 or less, good pages 0.98 or more.
MIN_PLAUSIBILITY = 0.9
# pypdf takes over 10 s for some pages; once it has spent this on one file it reads no further page of it.
PYPDF_SECONDS = 30.0
MAX_OUTLINE_ITEMS = 10_000
OCR_SECONDS = 600.0

_NEEDS_PASSWORD = "パスワードなどで保護されていて開けません。保護を外して保存したPDFを置いてください。"
_DAMAGED = "PDFとして開けません。壊れているか、PDFではありません。元のファイルから作り直したPDFを置いてください。"
_EMPTY = "本文に文字も画像もありません（入力欄だけのPDFは読めません）。ファイルの内容を確かめてください。"
_TURN_ON = "`mamori index build --ocr` か、画面の「OCRを使う」で読み取ってください。"
_NO_TEXT = "文字を取り出せません。"
_LOST = "{}ページから文字を取り出せません。"
_NEEDS_OCR = f"OCR（文字認識）が必要です。{_TURN_ON}"
_HIDDEN = "{}ページに、見えない文字があります。取り込んでいません。元のページで確かめてください。"
_REPAIRED = "ファイルの一部が壊れています。読める部分を取り込みました。元のファイルから作り直すと確実です。"
_TOO_SLOW = "読み取りに時間がかかるため、途中で打ち切ったページがあります。ファイルを分けると読める場合があります。"

# pdfium is not safe to call from two threads, whichever documents they hold.
_LOCK = threading.Lock()

T = TypeVar("T")


def read_pdf(data: bytes, *, ocr: bool = False, ocr_seconds: float = OCR_SECONDS) -> RawDocument:
    """The text of a PDF page by page, with a verdict; never an exception for a bad file.

    Every page of the file is in `pages`, in order. `pages_without_text` are those on which something is drawn but
    whose text cannot be had: theirs is empty. A blank page, or one with a rule or two, is not among them, for it has
    nothing to lose. A page's `label` is set only where the file has page labels of its own.

    With `ocr`, those pages and no others are recognised, within `ocr_seconds` for the file: what can be read has
    `is_ocr` set and is flagged no longer. Where no recogniser is installed a warning says how to get it.
    """
    with _LOCK:
        try:
            return _read(data, ocr_seconds if ocr else None)
        except Exception:  # Two libraries over hostile input: whatever they raise, it costs this file only.
            return RawDocument(Verdict.DAMAGED, warnings=(_DAMAGED,))


def _read(data: bytes, ocr_seconds: float | None) -> RawDocument:
    pdfium, pdfium_problem = _open(_PdfiumEngine, data)
    pypdf, pypdf_problem = _open(_PypdfEngine, data)
    engines: list[_Engine] = [engine for engine in (pdfium, pypdf) if engine]
    problems = [problem for problem in (pdfium_problem, pypdf_problem) if problem]
    if pypdf:
        pypdf.seconds_allowed = PYPDF_SECONDS
    try:
        count = _page_count(engines)
        if engines and not count:  # pdfium refuses such a file, but nothing is damaged
            return RawDocument(Verdict.EMPTY, warnings=(_EMPTY,))
        readings = [_best_reading(engines, index) for index in range(count)]
        flagged = _without_text(readings)
        wanted = ocr_seconds is not None and any(reading and reading.drawn for reading in readings)
        recognition = recognise_pages(data, flagged, ocr_seconds or 0.0) if wanted and flagged else None
        document = _judge(readings, problems, recognition)
        if pypdf and pypdf.seconds_spent > PYPDF_SECONDS:
            document = replace(document, warnings=(*document.warnings, _TOO_SLOW))
        return _with_structure(document, engines[::-1]) if document.pages else document
    finally:
        if pdfium:
            pdfium.close()


def _open(engine: Callable[[bytes], T], data: bytes) -> tuple[T | None, Exception | None]:
    try:
        return engine(data), None
    except Exception as error:
        return None, error


def _ask(engines: Iterable[_Engine], question: Callable[[_Engine], T]) -> T | None:
    """The answer of the first engine that does not stumble over the question."""
    for engine in engines:
        try:
            return question(engine)
        except Exception:
            continue
    return None


def _page_count(engines: Iterable[_Engine]) -> int:
    return max((_ask([engine], lambda e: e.page_count()) or 0 for engine in engines), default=0)


def _with_structure(document: RawDocument, engines: Sequence[_Engine]) -> RawDocument:
    labels = _ask(engines, lambda e: e.labels()) or []
    pages = [replace(page, label=label.strip() or None) for page, label in zip(document.pages, labels, strict=False)]
    title = _one_line(_ask(engines, lambda e: e.title()) or "")
    outline = _ask(engines, lambda e: list(islice(e.outline(), MAX_OUTLINE_ITEMS))) or []
    return replace(
        document,
        pages=(*pages, *document.pages[len(pages) :]),
        title=title or None,
        outline=tuple((level, _one_line(text), number) for level, text, number in outline if _one_line(text)),
    )


def _one_line(title: str) -> str:
    """The title with single spaces, or nothing where it is not plausible as writing."""
    return " ".join(title.replace("\x00", "").split()) if plausibility(title) >= MIN_PLAUSIBILITY else ""


def _judge(
    readings: Sequence[_PageReading | None], problems: Sequence[Exception], recognition: Recognition | None
) -> RawDocument:
    """The verdict with pages and warnings; a document that gives nothing and shows nothing has no pages."""
    locked = any(isinstance(problem, Locked) for problem in problems)
    damaged = any(not isinstance(problem, Locked) for problem in problems)
    recognised = recognition.texts if recognition else {}
    pages = tuple(_page(number, reading, recognised.get(number, "")) for number, reading in enumerate(readings, 1))
    flagged = tuple(number for number in _without_text(readings) if number not in recognised)
    warnings = (*((_REPAIRED,) if damaged else ()), *_hidden_text(readings))
    if any(page.text for page in pages):
        lost = _flagged_pages(_LOST.format(page_ranges(flagged)) if flagged else "", recognition)
        verdict = Verdict.PARTLY_READ if flagged else Verdict.READ
        return RawDocument(verdict, pages, pages_without_text=flagged, warnings=(*warnings, *lost))
    if any(reading and reading.drawn for reading in readings):
        lost = _flagged_pages(_NO_TEXT, recognition)
        return RawDocument(Verdict.NEEDS_OCR, pages, pages_without_text=flagged, warnings=(*warnings, *lost))
    if locked:
        return RawDocument(Verdict.NEEDS_PASSWORD, warnings=(_NEEDS_PASSWORD,))
    if damaged or flagged:
        return RawDocument(Verdict.DAMAGED, warnings=(_DAMAGED,))
    return RawDocument(Verdict.EMPTY, pages, warnings=(*warnings, _EMPTY))


def _without_text(readings: Sequence[_PageReading | None]) -> tuple[int, ...]:
    """The numbers of the pages on which something is drawn, or that do not open, and whose text cannot be had."""
    return tuple(n for n, reading in enumerate(readings, 1) if not reading or (reading.drawn and not reading.text))


def _page(number: int, reading: _PageReading | None, recognised: str) -> RawPage:
    return RawPage(number, None, recognised or (reading.text if reading else ""), is_ocr=bool(recognised))


def _flagged_pages(lost: str, recognition: Recognition | None) -> tuple[str, ...]:
    """What to say of pages without text of their own; `lost` says that some have none, or is empty."""
    if recognition and not recognition.problem:
        return tuple(recognition.warnings())
    return (lost + (recognition.problem or "" if recognition else _NEEDS_OCR),) if lost else ()


def _hidden_text(readings: Sequence[_PageReading | None]) -> tuple[str, ...]:
    numbers = [number for number, reading in enumerate(readings, 1) if reading and reading.hidden]
    return (_HIDDEN.format(page_ranges(numbers)),) if numbers else ()


def _best_reading(engines: Sequence[_Engine], index: int) -> _PageReading | None:
    """The first plausible reading of a page; one without text if there is none; None if no engine opens the page."""
    opened: list[_PageReading] = []
    for engine in engines:
        reading = _ask([engine], lambda e: e.read_page(index))
        if reading is None:
            continue
        # A second opinion of a few stray characters must not stand for a page full of garbage.
        longest = max((visible_length(other.text) for other in opened), default=0)
        if plausibility(reading.text) >= MIN_PLAUSIBILITY and visible_length(reading.text) * 2 >= longest:
            return replace(reading, text=_tidy(reading.text), drawn=True)
        opened.append(reading)
        if reading.pictures_only:
            break
    return replace(opened[0], text="") if opened else None


def _tidy(text: str) -> str:
    """Plain line ends, and hyphens as the page shows them (pdfium joins the parted word around U+FFFE or U+0002)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return re.sub("\xad\n?", "", re.sub("[\ufffe\x02]", "-", text)).strip("\n")
