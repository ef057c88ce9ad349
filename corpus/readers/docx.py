"""DOCX in, one page of lines in the order of the document out; Word files have no pages that could be relied on.

A document whose author used no heading styles gives plain text instead, so that its headings are found by how they are
written. Headers, footers, comments, deleted and hidden text are left out; pictures are not read.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Final, cast

from corpus.models import BlockKind, RawDocument, RawLine, RawPage, Verdict
from corpus.readers.docx_body import Body, Line
from corpus.readers.docx_numbering import PLAIN_BULLET, W, read_numbering
from corpus.readers.docx_styles import Styles
from corpus.readers.office import Format, SoundFile, parse, plausible_title, read_soundly
from corpus.readers.office_xml import XmlElement

if TYPE_CHECKING:
    from docx.opc.part import Part

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_FORMAT: Final = Format(
    name="Word文書（.docx）",
    main="word/document.xml",
    content_types={
        "officeDocument": f"{_WORD}document.main+xml",
        "styles": f"{_WORD}styles+xml",
        "numbering": f"{_WORD}numbering+xml",
        "footnotes": f"{_WORD}footnotes+xml",
        "endnotes": f"{_WORD}endnotes+xml",
    },
    links={"officeDocument": frozenset({"styles", "numbering", "footnotes", "endnotes"})},
)
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_EMPTY = "本文に文字がありません。ファイルの内容を確かめてください。"
_ONLY_PICTURES = "画像だけで、文字がありません。PDFで保存し直し、OCR（文字認識）をかけてください。"
_HIDDEN = "隠し文字は取り込みませんでした。必要な場合は、隠し文字の設定を外して保存し直してください。"
_FOREIGN = "埋め込まれた別の文書（{}件）は読めません。Wordで開いて保存し直すか、別のファイルとして置いてください。"


def read_docx(data: bytes) -> RawDocument:
    """The text of a Word document with a verdict; raises MemoryError alone, and nothing for a bad file.

    A document with heading styles has one page of `lines`, any other one page of `text`: a blank line between two
    paragraphs, tabs between the cells of a row. `title` is the file's own or that of its title paragraph.
    """
    return read_soundly(data, _FORMAT, _read)


def _read(sound: SoundFile) -> RawDocument:
    import docx

    document = docx.Document(io.BytesIO(sound.data))
    roots: dict[str, XmlElement] = {
        rel.reltype.rsplit("/", 1)[-1]: _root(rel.target_part) for rel in document.part.rels.values()
    }
    styles = Styles.of(roots.get("styles"))
    numbering = read_numbering(roots.get("numbering"), styles.list_of_numbering_style)
    notes = {
        (kind, note.get(W + "id", "")): note
        for kind in ("footnote", "endnote")
        if f"{kind}s" in roots
        for note in roots[f"{kind}s"].findall(W + kind)
    }
    body = Body(styles, numbering, notes)
    content = cast(XmlElement, document.element.body)
    body.take(content)
    return _judge(body, sound.title, has_pictures=next(content.iter(*_PICTURES), None) is not None)


def _root(part: Part) -> XmlElement:
    """The root of a part; one that python-docx has no class for, such as that of the footnotes, comes as bytes."""
    element: XmlElement | None = getattr(part, "element", None)
    return parse(part.blob) if element is None else element


def _judge(body: Body, title: str | None, *, has_pictures: bool) -> RawDocument:
    warnings = (_HIDDEN,) if body.has_hidden else ()
    if body.foreign:
        warnings = (*warnings, _FOREIGN.format(body.foreign))
    if not body.lines:
        verdict, advice = (Verdict.NEEDS_OCR, _ONLY_PICTURES) if has_pictures else (Verdict.EMPTY, _EMPTY)
        return RawDocument(verdict, title=title, warnings=(advice, *warnings))
    headed = any(line.kind is BlockKind.HEADING and not line.is_title for line in body.lines)
    page = RawPage(None, None, lines=_marked(body.lines)) if headed else RawPage(None, None, _plain(body.lines))
    titled = (line.text for line in body.lines if line.is_title)
    return RawDocument(
        Verdict.PARTLY_READ if body.foreign else Verdict.READ,
        (page,),
        title=title or plausible_title(next(titled, None)),
        warnings=warnings,
    )


def _marked(lines: Iterable[Line]) -> tuple[RawLine, ...]:
    return tuple(RawLine(line.kind, line.text, line.level) for line in lines)


def _plain(lines: Iterable[Line]) -> str:
    """Lines as text: rows of a table under one another, a blank line between all else."""
    blocks: list[str] = []
    for is_row, run in groupby(lines, key=lambda line: line.kind is BlockKind.TABLE_ROW):
        texts = [(PLAIN_BULLET if line.is_bullet else "") + line.text for line in run]
        blocks.extend(["\n".join(texts)] if is_row else texts)
    return "\n\n".join(blocks)
