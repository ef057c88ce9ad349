"""Tables, charts and SmartArt of a slide as lines: rows with their cells, the numbers of a chart, the texts of nodes.

Works on the XML elements of the parts and opens nothing; how a chart or a diagram looks is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from corpus.models import BlockKind, RawLine
from corpus.readers.office_xml import XmlElement, whole
from corpus.readers.pptx_text import A, joined_text, paragraph_text

C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DGM: Final = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_TRUE = ("1", "true")


def table_lines(table: XmlElement) -> Iterator[RawLine]:
    """The rows of a table; the text of a merged cell stands in the first of its places."""
    for row in table.findall(A + "tr"):
        cells = [
            "" if cell.get("hMerge") in _TRUE or cell.get("vMerge") in _TRUE else joined_text(cell.find(A + "txBody"))
            for cell in row.findall(A + "tc")
        ]
        if any(cells):
            yield RawLine(BlockKind.TABLE_ROW, "\t".join(cells))


def chart_lines(root: XmlElement) -> Iterator[RawLine]:
    """A chart's title, a row with the names of its series, and a row for each category."""
    title = root.find(f"{C}chart/{C}title/{C}tx/{C}rich")
    if title is not None and (text := joined_text(title)):
        yield RawLine(BlockKind.CAPTION, text)
    series = list(root.iter(C + "ser"))
    names = ["".join(point.text or "" for point in one.findall(f"{C}tx//{C}v")) for one in series]
    values = [_points(one, "val", "yVal") for one in series]
    categories: dict[int, str] = {}
    for one in series:
        categories = _points(one, "cat", "xVal") | categories
    if any(names):
        yield RawLine(BlockKind.TABLE_ROW, "\t".join(["", *names]))
    places = sorted({place for found in (categories, *values) for place in found})
    for place in places:
        cells = [categories.get(place, ""), *(found.get(place, "") for found in values)]
        yield RawLine(BlockKind.TABLE_ROW, "\t".join(" ".join(cell.split()) for cell in cells))


def diagram_lines(root: XmlElement) -> Iterator[RawLine]:
    """The texts of a SmartArt, each node before those below it."""
    nodes = {node.get("modelId", ""): node for node in root.iter(DGM + "pt")}
    below: dict[str, list[tuple[int, str]]] = {}
    for link in root.iter(DGM + "cxn"):
        if link.get("type", "parOf") == "parOf":
            place = whole(link.get("srcOrd"), 0)
            below.setdefault(link.get("srcId", ""), []).append((place, link.get("destId", "")))
    tops = [id_ for id_, node in nodes.items() if node.get("type") == "doc"]
    waiting, seen = [*reversed(tops)], set[str]()
    while waiting:
        id_ = waiting.pop()
        if id_ in seen or id_ not in nodes:
            continue
        seen.add(id_)
        if text := _node_text(nodes[id_]):
            yield RawLine(BlockKind.LIST_ITEM, text)
        waiting.extend(child for _, child in sorted(below.get(id_, []), reverse=True))


def _node_text(node: XmlElement) -> str:
    paragraphs = node.findall(f"{DGM}t/{A}p")
    return " ".join(filter(None, (paragraph_text(paragraph).strip() for paragraph in paragraphs)))


def _points(series: XmlElement, *names: str) -> dict[int, str]:
    """The values of a series as its chart shows them, by their place."""
    for name in names:
        found = series.find(C + name)
        if found is not None:
            code = next((item.text or "" for item in found.iter(C + "formatCode")), "")
            return {
                whole(point.get("idx"), 0): _shown("".join(value.text or "" for value in point.findall(C + "v")), code)
                for point in found.iter(C + "pt")
            }
    return {}


def _shown(value: str, code: str) -> str:
    """A number without the noise of its binary form, as a percentage where it is formatted as one."""
    if not code:  # a name, not a number
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return f"{number * 100:.10g}%" if "%" in code else f"{number:.10g}"
