"""What python-docx has no call for: fields, bookmarks and links to them, boxes to tick, the table of contents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

# What XML cannot hold, and what changes the direction of a line.
_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_HINT = "ページ番号を入れるには、目次を右クリックして「フィールド更新」を選びます。"


def plain(text: str) -> str:
    """A text that Word can hold."""
    return _REFUSED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A field that Word fills in; `shown` stands there until it does."""
    paragraph.add_run()._r.append(_field_mark("begin"))
    paragraph.add_run()._r.append(_instruction(instruction))
    paragraph.add_run()._r.append(_field_mark("separate"))
    paragraph.add_run(shown)
    paragraph.add_run()._r.append(_field_mark("end"))


def add_link(paragraph: Paragraph, text: str, bookmark: str, style_id: str) -> None:
    """A text that leads to a bookmark of the document."""
    run = paragraph.add_run(text)
    run._r.style = style_id
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark)
    link.set(qn("w:history"), "1")
    run._r.addprevious(link)
    link.append(run._r)


def add_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Make all of a paragraph a place to lead to; `number` is its own in the document."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    properties = paragraph._p.pPr
    if properties is None:
        paragraph._p.insert(0, start)
    else:
        properties.addnext(start)
    paragraph._p.append(end)


def add_box(paragraph: Paragraph, number: int, name: str) -> None:
    """A box that can be ticked in Word by a click, and on paper by a pen; `name` is what a screen reader says."""
    box = parse_xml(
        f'<w:sdt {nsdecls("w")} xmlns:w14="{_W14}"><w:sdtPr><w:alias/><w:id w:val="{number}"/><w14:checkbox>'
        '<w14:checked w14:val="0"/><w14:checkedState w14:val="2611" w14:font="Segoe UI Symbol"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="Segoe UI Symbol"/></w14:checkbox></w:sdtPr>'
        '<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="Segoe UI Symbol" w:hAnsi="Segoe UI Symbol" '
        'w:eastAsia="Segoe UI Symbol" w:cs="Segoe UI Symbol"/><w:sz w:val="24"/></w:rPr><w:t>☐</w:t></w:r>'
        "</w:sdtContent></w:sdt>"
    )
    box.find(f".//{qn('w:alias')}").set(qn("w:val"), plain(name)[:60])
    paragraph._p.append(box)


def add_contents(document: Document, before: Paragraph, entries: Sequence[tuple[int, str, str]]) -> None:
    """A table of contents before a paragraph: a field of Word that shows its entries (level, text, bookmark) at once.

    Page numbers come when Word updates the field; only a laid-out document has them, and asking Word to update it on
    opening would make Word ask its reader first. The hint that says how is part of what the update replaces.
    """
    content = OxmlElement("w:sdtContent")
    content.append(_paragraph("TOCHeading", "目次"))
    last = len(entries) - 1
    for at, (level, text, bookmark) in enumerate(entries):
        paragraph = _paragraph(f"TOC{level}", text, bookmark)
        if at == 0:
            opening = [_field_mark("begin"), _instruction('TOC \\o "1-2" \\h \\z \\u'), _field_mark("separate")]
            for element in opening:
                paragraph.find(qn("w:hyperlink")).addprevious(_run(element))
        content.append(paragraph)
    hint = _paragraph("TOC2", _HINT)
    hint.append(_run(_field_mark("end")))
    if last >= 0:
        content.append(hint)
    gallery = (
        f'<w:docPartObj {nsdecls("w")}><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
    )
    properties = OxmlElement("w:sdtPr")
    properties.append(parse_xml(gallery))
    holder = OxmlElement("w:sdt")
    holder.extend([properties, content])
    before._p.addprevious(holder)


def _paragraph(style: str, text: str, bookmark: str | None = None) -> Any:  # noqa: ANN401 - an element of lxml
    paragraph = parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr></w:p>')
    words = OxmlElement("w:t")
    words.text = plain(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run = _run(words)
    if bookmark is None:
        paragraph.append(run)
        return paragraph
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark)
    link.append(run)
    paragraph.append(link)
    return paragraph


def _run(element: Any) -> Any:  # noqa: ANN401
    run = OxmlElement("w:r")
    run.append(element)
    return run


def _field_mark(kind: str) -> Any:  # noqa: ANN401
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def _instruction(text: str) -> Any:  # noqa: ANN401
    element = OxmlElement("w:instrText")
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    element.text = f" {text} "
    return element
