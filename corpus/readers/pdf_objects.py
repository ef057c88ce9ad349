"""What is drawn on a page, asked of pdfium's raw interface: rules, and text that nobody can see.

The functions are handed the library (`raw`) and an open page, so that only `corpus.readers.pdf_engines` imports it.
Any of them may raise anything on a damaged page.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.readers.pdf_glyphs import Box, Glyph, Handle, around
from corpus.readers.pdf_grid import Rule

Matrix = tuple[float, float, float, float, float, float]

_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_DEPTH = 5
_MOST_OBJECTS = 50_000
# A table of a thousand cells has some thousands of segments; a drawing soon has more.
_MOST_SEGMENTS = 12_000
_THIN = 2.5
_WHITE = 250
_TINY = 1.0
_INVISIBLE_MODES = (3, 7)  # FPDF_TEXTRENDERMODE_INVISIBLE, FPDF_TEXTRENDERMODE_CLIP
_FILL_MODE = 0
_SCAN = 0.5


@dataclass
class Drawn:
    """What stands on one page, in its own coordinates.

    `unseen` are the addresses of text objects that nobody can see; `invisible` those of them set in an invisible
    mode, as a recognised text under a scan is.
    """

    horizontals: list[Rule] = field(default_factory=list)
    verticals: list[Rule] = field(default_factory=list)
    unseen: set[int] = field(default_factory=set)
    invisible: set[int] = field(default_factory=set)
    pictures: list[Box] = field(default_factory=list)
    grounds: list[Box] = field(default_factory=list)
    white: list[tuple[int, Box]] = field(default_factory=list)
    segments: int = 0


def look(raw: Handle, page: Handle) -> Drawn:
    """Everything that the layout needs to know of what is drawn on the page."""
    drawn = Drawn()
    for item, kind, matrix in _objects(raw, page):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            _look_at_text(raw, item, matrix, drawn)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            _look_at_path(raw, item, matrix, drawn)
        elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING) and (box := _bounds(raw, item, matrix)):
            _look_at_picture(box, kind == raw.FPDF_PAGEOBJ_IMAGE, drawn)
    # White on a dark box or a picture is a heading; white on nothing is a trick or a leftover.
    drawn.unseen |= {key for key, box in drawn.white if not any(ground.holds(box.x, box.y) for ground in drawn.grounds)}
    if drawn.segments > _MOST_SEGMENTS:
        drawn.horizontals, drawn.verticals = [], []
    return drawn


def is_scan(drawn: Drawn, page: Box) -> bool:
    """Whether pictures cover most of the page, so that invisible text is what was recognised in them."""
    area = sum(box.width * box.height for box in (_cut(each, page) for each in drawn.pictures))
    return area > _SCAN * page.width * page.height


def read_glyphs(raw: Handle, textpage: Handle) -> Iterator[tuple[Glyph, int]]:
    """Each character of the page in pdfium's order with the address of its text object, 0 for what pdfium added."""
    rect = raw.FS_RECTF()
    for index in range(raw.FPDFText_CountChars(textpage)):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if not code:
            continue
        raw.FPDFText_GetLooseCharBox(textpage, index, rect)
        box = Box(rect.left, rect.bottom, rect.right, rect.top)
        yield Glyph(chr(code), box), _address(raw.FPDFText_GetTextObject(textpage, index))


def read_rects(raw: Handle, textpage: Handle) -> list[Box]:
    """Boxes around stretches of text in pdfium's order: far fewer than characters."""
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    boxes: list[Box] = []
    for index in range(raw.FPDFText_CountRects(textpage, 0, -1)):
        if raw.FPDFText_GetRect(textpage, index, left, top, right, bottom):
            boxes.append(Box(left.value, bottom.value, right.value, top.value))
    return boxes


def _objects(raw: Handle, page: Handle) -> Iterator[tuple[Handle, int, Matrix]]:
    """Every object with its kind and the matrix of the forms around it, in the order of drawing."""
    todo = [(raw.FPDFPage_GetObject(page, i), _SAME, 0) for i in reversed(range(raw.FPDFPage_CountObjects(page)))]
    seen = 0
    while todo and seen < _MOST_OBJECTS:
        item, matrix, depth = todo.pop()
        seen += 1
        kind = raw.FPDFPageObj_GetType(item)
        if kind != raw.FPDF_PAGEOBJ_FORM:
            yield item, kind, matrix
        elif depth < _DEPTH:
            inner = _times(_matrix(raw, item), matrix)
            count = raw.FPDFFormObj_CountObjects(item)
            todo += [(raw.FPDFFormObj_GetObject(item, index), inner, depth + 1) for index in reversed(range(count))]


def _look_at_text(raw: Handle, item: Handle, matrix: Matrix, drawn: Drawn) -> None:
    mode = raw.FPDFTextObj_GetTextRenderMode(item)
    if mode in _INVISIBLE_MODES:
        drawn.invisible.add(_address(item))
        drawn.unseen.add(_address(item))
        return
    size = ctypes.c_float()
    if raw.FPDFTextObj_GetFontSize(item, size):
        _, _, c, d, _, _ = _times(_matrix(raw, item), matrix)
        if abs(size.value) * math.hypot(c, d) < _TINY:
            drawn.unseen.add(_address(item))
            return
    if mode == _FILL_MODE and _shade(raw, item) == "white" and (box := _bounds(raw, item, matrix)):
        drawn.white.append((_address(item), box))


def _shade(raw: Handle, item: Handle) -> str:
    """How the inside of an object is painted: "white", "clear" (wholly transparent) or "dark"; a pattern is dark."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return "dark"
    if not alpha.value:
        return "clear"
    return "white" if min(red.value, green.value, blue.value) >= _WHITE else "dark"


def _look_at_path(raw: Handle, item: Handle, matrix: Matrix, drawn: Drawn) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, fill, stroke) or not (fill.value or stroke.value):
        return
    if fill.value and _is_dark(raw, item) and (box := _bounds(raw, item, matrix)):
        drawn.grounds.append(box)
    count = raw.FPDFPath_CountSegments(item)
    drawn.segments += count
    if drawn.segments > _MOST_SEGMENTS:
        return
    matrix = _times(_matrix(raw, item), matrix)
    for points in _strokes(raw, item, count, matrix):
        _add_rules(points, bool(stroke.value), drawn)


def _look_at_picture(box: Box, is_image: bool, drawn: Drawn) -> None:
    # Word processors draw a dotted line as a row of small pictures.
    if is_image and min(box.width, box.height) <= _THIN:
        _add_rule(box, drawn)
        return
    drawn.grounds.append(box)
    if is_image:
        drawn.pictures.append(box)


def _is_dark(raw: Handle, item: Handle) -> bool:
    """Whether the inside of a path can be told from white paper."""
    return _shade(raw, item) == "dark"


def _strokes(raw: Handle, item: Handle, count: int, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path that is drawn without lifting the pen; parts with curves are left out."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    curved = False
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if points and not curved:
                yield points
            points, curved = [], False
        curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        points.append(_point(matrix, x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points and not curved:
        yield points


def _add_rules(points: list[tuple[float, float]], stroked: bool, drawn: Drawn) -> None:
    box = around(Box(x, y, x, y) for x, y in points)
    if min(box.width, box.height) <= _THIN:
        _add_rule(box, drawn)
    elif stroked:
        for (x, y), (next_x, next_y) in pairwise(points):
            side = Box(min(x, next_x), min(y, next_y), max(x, next_x), max(y, next_y))
            if min(side.width, side.height) <= 0.5:
                _add_rule(side, drawn)


def _add_rule(box: Box, drawn: Drawn) -> None:
    if box.width >= box.height:
        drawn.horizontals.append(Rule(box.y, box.left, box.right))
    if box.height >= box.width:
        drawn.verticals.append(Rule(box.x, box.bottom, box.top))


def _bounds(raw: Handle, item: Handle, matrix: Matrix) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    corners = [_point(matrix, x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    return around(Box(x, y, x, y) for x, y in corners)


def _matrix(raw: Handle, item: Handle) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, found):
        return _SAME
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _cut(box: Box, page: Box) -> Box:
    """The part of the box on the page; nothing where there is none."""
    left, bottom = max(box.left, page.left), max(box.bottom, page.bottom)
    return Box(left, bottom, max(left, min(box.right, page.right)), max(bottom, min(box.top, page.top)))


def _address(handle: Handle) -> int:
    return (ctypes.cast(handle, ctypes.c_void_p).value or 0) if handle else 0
