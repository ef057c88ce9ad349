"""The empty deck: 16:9, a theme of its own, a master and five layouts with real placeholders, made by code.

python-pptx brings a 4:3 template; its parts are kept and what stands in them is replaced. No slide is made here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pptx
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import XmlPart
from pptx.oxml import parse_xml
from pptx.util import Pt

from training.export import pptx_geometry as at
from training.export.pptx_models import Layout
from training.export.pptx_theme import COVER_BACKGROUND, LAYOUTS, MASTER, NAMESPACES, TEXT_STYLES, themed

if TYPE_CHECKING:
    from pptx.opc.package import Part, _Relationships
    from pptx.oxml.slide import CT_SlideLayout, CT_SlideMaster
    from pptx.presentation import Presentation
    from pptx.slide import NotesMaster, SlideLayout

# The template's layouts by their place there, and what kind of layout ours is; None for one of no known kind.
_PLACES = {
    Layout.COVER: (0, "title"),
    Layout.BODY: (1, "obj"),
    Layout.TABLE: (5, "tbl"),
    Layout.PANEL: (2, None),
    Layout.PANEL_COLUMNS: (3, None),
}
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/'
    'officeDocument/2006/extended-properties"><Application>Mamori</Application></Properties>'
)


def new_deck() -> tuple[Presentation, dict[Layout, SlideLayout]]:
    """An empty deck and its layouts."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Pt(at.WIDTH), Pt(at.HEIGHT)
    deck.part._element.sldSz.attrib.pop("type", None)
    _fill_master(deck)
    existing = list(deck.slide_layouts)
    layouts = {layout: existing[place] for layout, (place, _) in _PLACES.items()}
    for layout, (_, kind) in _PLACES.items():
        _fill_layout(layouts[layout], layout, kind)
    for unused in existing:
        if unused not in layouts.values():
            deck.slide_layouts.remove(unused)
    _clear_package(deck)
    return deck, layouts


def prepare_notes(master: NotesMaster) -> None:
    """Give the notes page a picture of a 16:9 slide, and our theme."""
    placeholders: Any = master.placeholders
    for shape in placeholders:
        if shape.placeholder_format.idx == 2:
            shape.left, shape.top, shape.width, shape.height = Pt(54), Pt(54), Pt(432), Pt(243)
    _theme(master.part.rels)


def _fill_master(deck: Presentation) -> None:
    element = deck.slide_master._element
    _fill(element, MASTER)
    styles = next(child for child in element if child.tag.endswith("}txStyles"))
    element.replace(styles, parse_xml(TEXT_STYLES))
    _theme(deck.slide_master.part.rels)


def _fill_layout(slide_layout: SlideLayout, layout: Layout, kind: str | None) -> None:
    element: Any = slide_layout._element
    _fill(element, LAYOUTS[layout])
    element.cSld.set("name", layout.value)
    element.attrib.pop("type", None)
    if kind:
        element.set("type", kind)
    if layout is Layout.COVER:
        element.set("showMasterSp", "0")
        element.cSld.insert(0, parse_xml(COVER_BACKGROUND))


def _fill(element: CT_SlideLayout | CT_SlideMaster, shapes: str) -> None:
    """Replace the shapes of a master or layout; the first two children of a tree describe itself."""
    tree: Any = element.cSld.spTree
    for shape in list(tree)[2:]:
        tree.remove(shape)
    tree.extend(list(parse_xml(f"<p:spTree {NAMESPACES}>{shapes}</p:spTree>")))


def _theme(relations: _Relationships) -> None:
    for relation in relations.values():
        if relation.reltype == RELATIONSHIP_TYPE.THEME:
            part = relation.target_part
            _rewrite(part, themed(part.blob))


def _clear_package(deck: Presentation) -> None:
    """Take out what the template brings along: a picture of itself, settings of a printer, the name of a program."""
    package = deck.part.package
    unwanted = (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.PRINTER_SETTINGS)
    for relations in (package._rels, deck.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype in unwanted]:
            relations.pop(key)
        for relation in relations.values():
            if relation.reltype == RELATIONSHIP_TYPE.EXTENDED_PROPERTIES:
                _rewrite(relation.target_part, _APP.encode())


def _rewrite(part: Part, content: bytes) -> None:
    """Replace what a part holds; the library offers no way for parts that it has no class for."""
    if isinstance(part, XmlPart):
        part._element = parse_xml(content)
    else:
        part._blob = content
