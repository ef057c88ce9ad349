"""The pages of the PDF hand-out: A4, the title above, 「3 / 8」 below, what readers show of the file. No contents."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from reportlab import rl_config  # type: ignore[import-untyped]
from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate  # type: ignore[import-untyped]

from training.export.fonts import Typeface, clean
from training.export.pdf_flow import QUIET, RULE
from training.export.pdf_lines import break_lines

SIDE, TOP, BOTTOM = 18 * mm, 21 * mm, 20 * mm
WIDTH = A4[0] - 2 * SIDE
"""The room for text from left to right, in points."""
_SIZE = 9.0
_TOTAL = "pages-in-all"


def lay_out(title: str, subject: str, typeface: Typeface, story: Sequence[Any]) -> bytes:
    """Set `story`, a sequence of flowables, on pages; the whole file. The same story gives the same bytes."""
    buffer = io.BytesIO()
    # Bytes as they are rather than as letters: a fifth smaller.
    rl_config.useA85 = 0
    title = " ".join(clean(title).split())
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        title=title,
        author="Mamori",
        subject=" ".join(clean(subject).split()),
        creator="Mamori",
        lang="ja-JP",
        invariant=1,
        displayDocTitle=True,
        allowSplitting=1,
    )
    frame = Frame(
        SIDE, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    document.addPageTemplates(PageTemplate("all", [frame], onPage=_furniture(title, typeface)))
    document.build(list(story), canvasmaker=_numbered(typeface))
    return buffer.getvalue()


def _furniture(title: str, typeface: Typeface) -> Callable[[Canvas, BaseDocTemplate], None]:
    """What stands above and below the text of each page."""
    shown = _one_line(title, typeface, WIDTH)

    def draw(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFillColor(HexColor(QUIET))
        canvas.setStrokeColor(HexColor(RULE))
        canvas.setLineWidth(0.5)
        if document.page > 1:
            put(canvas, typeface, SIDE, A4[1] - 14 * mm, shown)
            canvas.line(SIDE, A4[1] - 16 * mm, A4[0] - SIDE, A4[1] - 16 * mm)
        number = f"{document.page} / "
        put(canvas, typeface, A4[0] / 2 - _width(number, typeface), 11 * mm, number)
        canvas.doForm(_TOTAL)
        canvas.restoreState()

    return draw


def _numbered(typeface: Typeface) -> type[Canvas]:
    """A canvas that fills in the number of all pages, which every page shows, when the last one is done."""

    class NumberedCanvas(Canvas):  # type: ignore[misc]
        def save(self) -> None:
            self.beginForm(_TOTAL)
            self.setFillColor(HexColor(QUIET))
            put(self, typeface, A4[0] / 2, 11 * mm, str(self.getPageNumber() - 1))
            self.endForm()
            super().save()

    return NumberedCanvas


def put(canvas: Canvas, typeface: Typeface, x: float, y: float, text: str) -> None:
    """Draw a short text on one line."""
    for character in text:
        drawn, font, width = typeface.glyph(character)
        canvas.setFont(font, _SIZE)
        canvas.drawString(x, y, drawn)
        x += width * _SIZE


def _width(text: str, typeface: Typeface) -> float:
    return sum(typeface.glyph(character)[2] for character in text) * _SIZE


def _one_line(text: str, typeface: Typeface, room: float) -> str:
    """The text, or as much of it as one line holds with 「…」."""
    widths = [typeface.glyph(character)[2] * _SIZE for character in text]
    if sum(widths) <= room:
        return text
    return text[: break_lines(text, widths, room - _SIZE)[0][1]] + "…"
