"""The pages of a PDF that gave no text, recognised one by one within a budget of time, and what to tell about them.

Which pages need it is decided in `corpus.readers.pdf`, how a picture is read in `corpus.readers.ocr`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from corpus.readers import ocr
from corpus.readers.pdf_render import PageRenderer
from corpus.readers.ranges import page_ranges

PAGE_SECONDS: Final = 60.0
"""What one page may take; a printed page takes two to five."""

_RECOGNISED = "{}ページはOCRで読み取ったので、誤りがあるかもしれません。元のページと見比べてください。"
_NOTHING = "{}ページは、OCRでも文字を読み取れませんでした（手書きや不鮮明な画像など）。元のページを直接ご覧ください。"
_TOO_SLOW = "{}ページは、OCRに時間がかかりすぎるため読んでいません。ファイルを分けると読める場合があります。"


@dataclass(slots=True)
class Recognition:
    """What came of it: texts by page number, pages without any, pages that there was no time for, and why none ran."""

    texts: dict[int, str] = field(default_factory=dict)
    nothing: list[int] = field(default_factory=list)
    too_slow: list[int] = field(default_factory=list)
    problem: str | None = None

    def warnings(self) -> Iterator[str]:
        """One line each for pages recognised, pages that gave nothing and pages not reached."""
        for words, numbers in (
            (_RECOGNISED, sorted(self.texts)),
            (_NOTHING, self.nothing),
            (_TOO_SLOW, self.too_slow),
        ):
            if numbers:
                yield words.format(page_ranges(numbers))


def recognise_pages(data: bytes, numbers: Sequence[int], seconds: float) -> Recognition:
    """Recognise these pages, from 1, of a PDF in `seconds` together; never raises for a bad file."""
    if problem := ocr.ocr_problem():
        return Recognition(problem=problem)
    deadline = time.monotonic() + seconds
    recognition = Recognition()
    try:
        renderer = PageRenderer(data)
    except Exception:  # what no library could open for its text gives no picture either
        recognition.nothing.extend(numbers)
        return recognition
    try:
        for number in numbers:
            _recognise(renderer, number, deadline, recognition)
    finally:
        with suppress(Exception):
            renderer.close()
    return recognition


def _recognise(renderer: PageRenderer, number: int, deadline: float, recognition: Recognition) -> None:
    left = deadline - time.monotonic()
    try:
        if left <= 0:
            raise TimeoutError
        image, dots = renderer.render(number)
        text = ocr.recognise(image, dots_per_inch=dots, seconds=min(PAGE_SECONDS, left))
    except TimeoutError:
        recognition.too_slow.append(number)
        return
    except Exception:  # a damaged page costs itself only
        text = ""
    if text:
        recognition.texts[number] = text
    else:
        recognition.nothing.append(number)
