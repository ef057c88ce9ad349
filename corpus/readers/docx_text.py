"""The text inside one Word paragraph: what a reader sees of its runs, with the notes and text boxes that hang on it.

Deleted text, instructions of fields, the small kana of ruby and hidden text are left out; the caller is told of hidden
text. Where a paragraph stands and what it is are for `corpus.readers.docx_body`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from corpus.readers.docx_numbering import W, is_on, value_of
from corpus.readers.docx_styles import Styles
from corpus.readers.office_xml import MC, XmlElement, chosen

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_THROUGH = frozenset(
    W + name
    for name in (
        *("hyperlink", "ins", "moveTo", "smartTag", "customXml", "fldSimple", "dir", "bdo"),
        *("sdt", "sdtContent", "ruby", "rubyBase"),
    )
)
_FIXED = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SIGNS = {W + name: sign for name, sign in _FIXED.items()}
_DRAWINGS = frozenset({W + "drawing", W + "pict", W + "object"})
_REFERENCES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
# Wingdings and Symbol set these where Word offers boxes to tick and arrows; other signs of theirs are ornaments.
_SYMBOLS = {
    "F06F": "□", "F0A8": "□", "F071": "□", "F0FE": "☑", "F0FD": "☒", "F0FC": "✓",
    "F0E0": "→", "F0DF": "←", "F0E8": "→", "F0F0": "⇒",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoteReference:
    """`kind` is footnote or endnote; `custom` is the mark that stands there in place of a number, or empty."""

    kind: str
    note_id: str
    custom: str


@dataclass
class Inline:
    """What one paragraph holds; a note reference stands among the pieces of text where it is referred to."""

    styles: Styles
    hidden_style: bool = False
    pieces: list[str | NoteReference] = field(default_factory=list)
    boxes: list[XmlElement] = field(default_factory=list)
    has_hidden: bool = False
    # For each open field, whether what is read now is its instruction.
    fields: list[bool] = field(default_factory=list)

    def take(self, element: Iterable[XmlElement]) -> None:
        """Read the runs among the children of a paragraph, or of what may stand around runs."""
        for child in element:
            if child.tag == W + "r":
                self._run(child)
            elif child.tag in _THROUGH:
                self.take(child)
            elif child.tag == MC + "AlternateContent":
                self.take(chosen(child))
            elif child.tag in (_M + "oMath", _M + "oMathPara"):
                self._text("".join(item.text or "" for item in child.iter(_M + "t")))

    def _run(self, run: XmlElement) -> None:
        hidden = self._is_hidden(run)
        for child in run:
            if child.tag == W + "fldChar":
                self._field(child)
            elif hidden:
                self.has_hidden = self.has_hidden or bool(child.tag == W + "t" and (child.text or "").strip())
            else:
                self._run_child(run, child)

    def _run_child(self, run: XmlElement, child: XmlElement) -> None:
        tag = child.tag
        if tag == W + "t":
            self._text(child.text or "")
        elif tag in _SIGNS:
            self._text(_SIGNS[tag])
        elif tag == W + "sym":
            self._text(_symbol(child.get(W + "char", "")))
        elif tag in _THROUGH:
            self.take(child)
        elif tag in _REFERENCES:
            custom = "".join(item.text or "" for item in run.findall(W + "t")) if _has_own_mark(child) else ""
            self.pieces.append(NoteReference(_REFERENCES[tag], child.get(W + "id", ""), custom))
        elif tag in _DRAWINGS:
            self.boxes.extend(text_boxes(child))
        elif tag == MC + "AlternateContent":
            for item in chosen(child):
                self._run_child(run, item)

    def _text(self, text: str) -> None:
        if not any(self.fields):
            self.pieces.append(text.replace("\t", " "))

    def _field(self, char: XmlElement) -> None:
        kind = char.get(W + "fldCharType")
        if kind == "begin":
            box = char.find(f"{W}ffData/{W}checkBox")
            if box is not None:
                checked = is_on(box, "checked")
                self._text("☑" if (is_on(box, "default") if checked is None else checked) else "☐")
            self.fields.append(True)
        elif kind == "separate" and self.fields:
            self.fields[-1] = False
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _is_hidden(self, run: XmlElement) -> bool:
        properties = run.find(W + "rPr")
        if properties is None:
            return self.hidden_style
        said = is_on(properties, "vanish")
        style = value_of(properties, "rStyle")
        return said if said is not None else self.hidden_style or (style is not None and self.styles.hides_run(style))


def text_boxes(drawing: Iterable[XmlElement]) -> Iterator[XmlElement]:
    """The contents of the text boxes of a drawing, outermost only."""
    for child in drawing:
        if child.tag == W + "txbxContent":
            yield child
        elif child.tag == MC + "AlternateContent":
            yield from text_boxes(chosen(child))
        else:
            yield from text_boxes(child)


def _has_own_mark(reference: XmlElement) -> bool:
    return reference.get(W + "customMarkFollows", "0") in ("1", "true", "on")


def _symbol(code: str) -> str:
    try:
        char = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return _SYMBOLS.get(code.upper(), "" if "\ud800" <= char <= "\uf8ff" else char)
