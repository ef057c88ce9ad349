"""A page of a PDF as a grey picture, for OCR: drawn by pdfium, within a limit on pixels set before drawing.

It judges nothing and reads no text. pdfium is not safe in threads: whoever calls this holds the reader's lock.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS_PER_INCH: Final = 300.0
"""What recognisers are trained on; small type needs it."""
MOST_PIXELS: Final = 25_000_000
"""An A3 page at 300 dpi has 17 million; some files state pages of many square metres."""
_MOST_A_SIDE: Final = 30_000
_POINTS_PER_INCH: Final = 72.0


class PageRenderer:
    """An open PDF whose pages can be drawn; any method may raise anything on a damaged file."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)
        self._pdf = pypdfium2.PdfDocument(data)

    def render(self, number: int) -> tuple[Image, float]:
        """The page of this number, from 1, as (grey picture, dots per inch); ValueError for a page without a size."""
        page = self._pdf[number - 1]
        try:
            dots = resolution(*page.get_size())
            bitmap = page.render(scale=dots / _POINTS_PER_INCH, grayscale=True)
            try:
                # A copy, for the bitmap's own memory is gone once it is closed.
                return bitmap.to_pil().copy(), dots
            finally:
                bitmap.close()
        finally:
            page.close()

    def close(self) -> None:
        """Give the file back."""
        self._pdf.close()


def resolution(width: float, height: float) -> float:
    """The dots per inch to draw a page of this size, in points, with: 300, or as many as the limits allow."""
    if not (width > 0 and height > 0 and math.isfinite(width * height)):
        raise ValueError(f"a page of {width} by {height} points cannot be drawn")
    by_area = math.sqrt(MOST_PIXELS / (width * height)) * _POINTS_PER_INCH
    by_side = _MOST_A_SIDE / max(width, height) * _POINTS_PER_INCH
    return min(DOTS_PER_INCH, by_area, by_side)
