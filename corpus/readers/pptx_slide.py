"""One slide as lines: its title, then its shapes in reading order, then the speaker's notes under their own heading.

Works on the XML elements of the slide, its layout and its master; parts that a shape refers to are asked for. Footers,
dates and slide numbers, hidden shapes and what the layout itself shows are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from corpus.models import BlockKind, RawLine
from corpus.readers.office_xml import MC, XmlElement, chosen, whole
from corpus.readers.pptx_figures import DGM, C, chart_lines, diagram_lines, table_lines
from corpus.readers.pptx_order import Box, reading_order
from corpus.readers.pptx_text import A, joined_text, paragraph_lines

P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
NOTES_HEADING: Final = "発表者のノート"
_TITLES = ("title", "ctrTitle")
_LEFT_OUT = ("ftr", "dt", "sldNum", "hdr")
_SHAPES = (P + "sp", P + "graphicFrame")
_TRUE = ("1", "true")
_FIGURES = (A + "blip", P + "graphicFrame", P + "pic")

Related = Callable[[str], XmlElement | None]
"""Gives the root of the part that a relationship's id leads to, or None where it is missing."""


@dataclass(frozen=True, slots=True)
class Slide:
    """The elements of one slide; those that it has not, or that are damaged, are None."""

    root: XmlElement
    layout: XmlElement | None
    master: XmlElement | None
    notes: XmlElement | None
    related: Related

    @property
    def is_hidden(self) -> bool:
        """Whether the slide is left out of the show."""
        return self.root.get("show", "1") in ("0", "false")

    @property
    def has_figure(self) -> bool:
        """Whether a picture or another figure stands on the slide."""
        return next(self.root.iter(*_FIGURES), None) is not None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A shape with where it stands, as left, top, width and height in the slide's own units."""

    element: XmlElement
    place: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Frame:
    """How the coordinates inside a group become the slide's: scale, then shift."""

    scale_x: float = 1.0
    scale_y: float = 1.0
    shift_x: float = 0.0
    shift_y: float = 0.0

    def place(self, place: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        left, top, width, height = place
        return (
            left * self.scale_x + self.shift_x,
            top * self.scale_y + self.shift_y,
            width * self.scale_x,
            height * self.scale_y,
        )


def slide_lines(slide: Slide) -> tuple[RawLine, ...]:
    """The lines of a slide: the title as a heading of level 1, the notes under one of level 2."""
    tree = slide.root.find(f"{P}cSld/{P}spTree")
    shapes = list(_shapes(tree, slide, _Frame())) if tree is not None else []
    titled = next((shape for shape in shapes if _placeholder_type(shape.element) in _TITLES and _text(shape)), None)
    lines = [RawLine(BlockKind.HEADING, _text(titled), 1)] if titled else []
    others = [shape for shape in shapes if shape is not titled]
    for box in reading_order([Box(index, *shape.place) for index, shape in enumerate(others)]):
        lines.extend(_lines(others[box.index].element, slide))
    return (*lines, *_notes_lines(slide.notes))


def _shapes(tree: Iterable[XmlElement], slide: Slide, frame: _Frame) -> Iterator[_Placed]:
    """The shapes with text, those in groups too."""
    for child in tree:
        if child.tag == MC + "AlternateContent":
            yield from _shapes(chosen(child), slide, frame)
        elif _is_hidden(child):
            continue
        elif child.tag == P + "grpSp":
            yield from _shapes(child, slide, _inner_frame(child, frame))
        elif child.tag in _SHAPES and _placeholder_type(child) not in _LEFT_OUT and _has_text(child):
            yield _Placed(child, frame.place(_own_place(child, slide)))


def _has_text(element: XmlElement) -> bool:
    return element.tag == P + "graphicFrame" or bool(joined_text(element.find(P + "txBody")))


def _is_hidden(element: XmlElement) -> bool:
    named = element.find(f"*/{P}cNvPr")
    return named is not None and named.get("hidden") in _TRUE


def _placeholder(element: XmlElement) -> XmlElement | None:
    return element.find(f"*/{P}nvPr/{P}ph")


def _placeholder_type(element: XmlElement) -> str | None:
    found = _placeholder(element)
    return None if found is None else found.get("type", "obj")


def _ancestors(element: XmlElement, slide: Slide) -> list[XmlElement]:
    """What a placeholder inherits from: the layout's and the master's of its kind."""
    own = _placeholder(element)
    if own is None:
        return []
    kind = _general(own.get("type", "obj"))
    index = own.get("idx", "0")
    in_layout = list(_placeholders(slide.layout))
    same = [item for item, ph in in_layout if ph.get("idx", "0") == index]
    alike = [item for item, ph in in_layout if _general(ph.get("type", "obj")) == kind]
    in_master = [item for item, ph in _placeholders(slide.master) if _general(ph.get("type", "obj")) == kind]
    return [*(same or alike)[:1], *in_master[:1]]


def _placeholders(root: XmlElement | None) -> Iterator[tuple[XmlElement, XmlElement]]:
    if root is None:
        return
    for item in root.iter(P + "sp"):
        ph = _placeholder(item)
        if ph is not None:
            yield item, ph


def _general(kind: str) -> str:
    """The kind of placeholder that a master has for this one."""
    if kind in _TITLES:
        return "title"
    return kind if kind in _LEFT_OUT else "body"


def _own_place(element: XmlElement, slide: Slide) -> tuple[float, float, float, float]:
    for item in (element, *_ancestors(element, slide)):
        frame = item.find(P + "xfrm") if item.tag == P + "graphicFrame" else item.find(f"{P}spPr/{A}xfrm")
        if frame is not None:
            return (*_pair(frame, "off", "x", "y"), *_pair(frame, "ext", "cx", "cy"))
    return 0.0, 0.0, 0.0, 0.0


def _pair(frame: XmlElement, name: str, first: str, second: str) -> tuple[float, float]:
    found = frame.find(A + name)
    if found is None:
        return 0.0, 0.0
    return float(whole(found.get(first), 0)), float(whole(found.get(second), 0))


def _inner_frame(group: XmlElement, outer: _Frame) -> _Frame:
    frame = group.find(f"{P}grpSpPr/{A}xfrm")
    if frame is None:
        return outer
    left, top, width, height = outer.place((*_pair(frame, "off", "x", "y"), *_pair(frame, "ext", "cx", "cy")))
    inner_left, inner_top = _pair(frame, "chOff", "x", "y")
    inner_width, inner_height = _pair(frame, "chExt", "cx", "cy")
    scale_x = width / inner_width if inner_width else outer.scale_x
    scale_y = height / inner_height if inner_height else outer.scale_y
    return _Frame(scale_x, scale_y, left - inner_left * scale_x, top - inner_top * scale_y)


def _text(shape: _Placed) -> str:
    return joined_text(shape.element.find(P + "txBody"))


def _lines(element: XmlElement, slide: Slide) -> Iterator[RawLine]:
    if element.tag == P + "graphicFrame":
        yield from _figure_lines(element, slide.related)
        return
    body = element.find(P + "txBody")
    if body is not None:
        yield from paragraph_lines(body, _inherited_styles(element, slide))


def _inherited_styles(element: XmlElement, slide: Slide) -> list[XmlElement]:
    """The list styles that a placeholder's text inherits, the nearest first; those of other shapes set no bullets."""
    kind = _placeholder_type(element)
    if kind is None:
        return []
    name = "titleStyle" if kind in _TITLES else "bodyStyle"
    found = [item.find(f"{P}txBody/{A}lstStyle") for item in _ancestors(element, slide)]
    found.append(slide.master.find(f"{P}txStyles/{P}{name}") if slide.master is not None else None)
    return [style for style in found if style is not None]


def _figure_lines(element: XmlElement, related: Related) -> Iterator[RawLine]:
    table = element.find(f"{A}graphic/{A}graphicData/{A}tbl")
    if table is not None:
        yield from table_lines(table)
    for reference in element.iter(C + "chart"):
        if (root := related(reference.get(_R + "id", ""))) is not None:
            yield from chart_lines(root)
    for reference in element.iter(DGM + "relIds"):
        if (root := related(reference.get(_R + "dm", ""))) is not None:
            yield from diagram_lines(root)


def _notes_lines(notes: XmlElement | None) -> Iterator[RawLine]:
    bodies = (item.find(P + "txBody") for item, ph in _placeholders(notes) if ph.get("type") == "body")
    lines = [line for body in bodies if body is not None for line in paragraph_lines(body, [])]
    if lines:
        yield RawLine(BlockKind.HEADING, NOTES_HEADING, 2)
        yield from lines
