"""The body of a Word document as lines in the order of the document: headings, paragraphs, items, rows, notes.

Works on the elements of the parts that it is given and opens nothing. Tables of contents and deleted rows are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from corpus.models import BlockKind
from corpus.readers.docx_numbering import Mark, Numbering, W, value_of
from corpus.readers.docx_styles import ParagraphStyle, Styles
from corpus.readers.docx_text import Inline, NoteReference
from corpus.readers.office_xml import MC, XmlElement, chosen, whole

LONGEST_HEADING: Final = 200
# Word's own limit on columns.
_MOST_COLUMNS = 63
_WRAPPERS = frozenset(W + name for name in ("customXml", "ins", "moveTo", "smartTag", "sdtContent"))
_FOREIGN = frozenset({W + "altChunk", W + "subDoc"})
_NOT_NOTES = ("separator", "continuationSeparator", "continuationNotice")
_NUMBERED_MARK = {"footnote": "※{}", "endnote": "（注{}）"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `level` is a heading's, `is_title` marks the document's title, `is_bullet` an item without a number."""

    kind: BlockKind
    text: str
    level: int = 0
    is_title: bool = False
    is_bullet: bool = False


@dataclass
class Body:
    """Gathers the lines; `notes` are the elements of foot- and endnotes by kind and id.

    `has_hidden` tells of hidden text left out, `foreign` counts whole documents that are embedded and were not read.
    """

    styles: Styles
    numbering: Numbering
    notes: Mapping[tuple[str, str], XmlElement]
    lines: list[Line] = field(default_factory=list)
    has_hidden: bool = False
    foreign: int = 0
    marks: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, container: Iterable[XmlElement]) -> None:
        """Read the blocks of the body, of a cell or of a text box."""
        for child in container:
            tag = child.tag
            if tag == W + "p":
                self._paragraph(child)
            elif tag == W + "tbl":
                self._table(child)
            elif tag == W + "sdt":
                if not _is_contents_control(child):
                    self.take(child)
            elif tag in _WRAPPERS:
                self.take(child)
            elif tag == MC + "AlternateContent":
                self.take(chosen(child))
            elif tag in _FOREIGN:
                self.foreign += 1

    def _paragraph(self, element: XmlElement) -> None:
        style = self.styles.of_paragraph(element)
        if style.is_contents:
            return
        inline = self._inline(element, style)
        shown = "".join(piece for piece in inline.pieces if isinstance(piece, str)).strip()
        gone = not shown and (inline.has_hidden or _mark_is_deleted(element))
        mark = self.numbering.next_mark(style.list_id, style.depth) if style.list_id and not gone else None
        cited = [piece for piece in inline.pieces if isinstance(piece, NoteReference)]
        marks = {piece: self._mark(piece) for piece in cited}
        if shown:
            self.lines.append(_line(style, mark, shown, _with_marks(inline, marks)))
        for piece in cited:
            self._note(piece, marks[piece])
        for box in inline.boxes:
            self.take(box)

    def _inline(self, element: XmlElement, style: ParagraphStyle) -> Inline:
        inline = Inline(self.styles, style.is_hidden)
        inline.take(element)
        self.has_hidden = self.has_hidden or inline.has_hidden
        return inline

    def _mark(self, reference: NoteReference) -> str:
        """The mark of a note: its number among those of its kind, in the order in which they are referred to."""
        key = (reference.kind, reference.note_id)
        if reference.custom:
            self.marks[key] = reference.custom
        elif key not in self.marks:
            number = sum(kind == reference.kind for kind, _ in self.marks) + 1
            self.marks[key] = _NUMBERED_MARK[reference.kind].format(number)
        return self.marks[key]

    def _note(self, reference: NoteReference, mark: str) -> None:
        note = self.notes.get((reference.kind, reference.note_id))
        if note is None or note.get(W + "type") in _NOT_NOTES:
            return
        texts = []
        for paragraph in note.iter(W + "p"):
            inline = self._inline(paragraph, self.styles.of_paragraph(paragraph))
            texts.append("".join(piece for piece in inline.pieces if isinstance(piece, str)).strip())
        text = _without_mark(" ".join(filter(None, texts)), reference.custom)
        if text:
            self.lines.append(Line(BlockKind.CAPTION, f"{mark} {text}"))

    def _table(self, element: XmlElement) -> None:
        rows = [_cells(row) for row in _inside(element, "tr") if not _row_is_deleted(row)]
        if all(len(row) <= 1 for row in rows):  # a frame around text rather than a table
            for cell in (cell for row in rows for cell in row if cell is not None):
                self.take(cell)
            return
        notes: list[Line] = []
        for row in rows:
            captured = [self._captured(cell) for cell in row]
            texts = [_cell_text(lines) for lines in captured]
            if any(texts):
                self.lines.append(Line(BlockKind.TABLE_ROW, "\t".join(texts)))
            behind = [line for lines in captured for line in lines]
            self.lines.extend(line for line in behind if line.kind is BlockKind.TABLE_ROW)
            notes.extend(line for line in behind if line.kind is BlockKind.CAPTION)
        self.lines.extend(notes)

    def _captured(self, cell: XmlElement | None) -> list[Line]:
        if cell is None:
            return []
        outside, self.lines = self.lines, []
        try:
            self.take(cell)
            return self.lines
        finally:
            self.lines = outside


def _line(style: ParagraphStyle, mark: Mark | None, shown: str, with_notes: str) -> Line:
    number = mark.text if mark else ""
    level = style.level or (1 if style.is_title else 0)
    # A heading stands in the path of all below it, so the marks of its notes are left out.
    if level and len(number + shown) <= LONGEST_HEADING:
        return Line(BlockKind.HEADING, number + shown, level, is_title=style.is_title)
    if mark or style.is_list:
        bullet = mark.is_bullet if mark else True
        return Line(BlockKind.LIST_ITEM, number + with_notes, is_bullet=bullet)
    return Line(BlockKind.PARAGRAPH, with_notes)


def _with_marks(inline: Inline, marks: Mapping[NoteReference, str]) -> str:
    # A mark of its own stands in the text already.
    pieces = (piece if isinstance(piece, str) else "" if piece.custom else marks[piece] for piece in inline.pieces)
    return "".join(pieces).strip()


def _without_mark(text: str, mark: str) -> str:
    """A note without its own mark, which mostly stands before it too; one of letters may be how its words begin."""
    begins = text.startswith((f"{mark} ", f"{mark}\u3000") if mark[-1:].isalnum() else mark)
    return text.removeprefix(mark).strip() if begins else text


def _cell_text(lines: list[Line]) -> str:
    own = [line for line in lines if line.kind not in (BlockKind.TABLE_ROW, BlockKind.CAPTION)]
    several = len(own) > 1
    return " ".join(("・" if line.is_bullet and several else "") + " ".join(line.text.split("\n")) for line in own)


def _inside(element: XmlElement, name: str) -> Iterator[XmlElement]:
    """The rows of a table or the cells of a row, also those in content controls."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in _WRAPPERS or child.tag == W + "sdt":
            yield from _inside(child, name)


def _cells(row: XmlElement) -> list[XmlElement | None]:
    """A row's cells, None for each place that a merged cell covers or that the row leaves out."""
    properties = row.find(W + "trPr")
    cells: list[XmlElement | None] = [None] * _columns(value_of(properties, "gridBefore"), 0)
    for cell in _inside(row, "tc"):
        own = cell.find(W + "tcPr")
        covered = _is_continued(own, "vMerge") or _is_continued(own, "hMerge")
        cells.append(None if covered else cell)
        cells.extend([None] * (_columns(value_of(own, "gridSpan"), 1) - 1))
    cells.extend([None] * _columns(value_of(properties, "gridAfter"), 0))
    return cells


def _columns(text: str | None, default: int) -> int:
    return min(max(whole(text, default), default), _MOST_COLUMNS)


def _is_continued(properties: XmlElement | None, name: str) -> bool:
    merge = None if properties is None else properties.find(W + name)
    return merge is not None and merge.get(W + "val", "continue") == "continue"


def _row_is_deleted(row: XmlElement) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _mark_is_deleted(paragraph: XmlElement) -> bool:
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


def _is_contents_control(control: XmlElement) -> bool:
    gallery = value_of(control, "sdtPr", "docPartObj", "docPartGallery")
    return gallery == "Table of Contents"
