"""PPTX in, one page of lines a slide out, under the number that PowerPoint shows.

Hidden slides are left out and named; pictures are not read, and slides that hold nothing else are flagged.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from corpus.models import BlockKind, RawDocument, RawLine, RawPage, Verdict
from corpus.readers.office import Format, SoundFile, parse, read_soundly
from corpus.readers.office_xml import XmlElement
from corpus.readers.pptx_slide import Slide, slide_lines
from corpus.readers.ranges import page_ranges

if TYPE_CHECKING:
    from pptx.opc.package import Part

_OOXML = "application/vnd.openxmlformats-officedocument."
_FORMAT: Final = Format(
    name="PowerPoint文書（.pptx）",
    main="ppt/presentation.xml",
    content_types={
        "officeDocument": f"{_OOXML}presentationml.presentation.main+xml",
        "slide": f"{_OOXML}presentationml.slide+xml",
        "slideLayout": f"{_OOXML}presentationml.slideLayout+xml",
        "slideMaster": f"{_OOXML}presentationml.slideMaster+xml",
        "notesSlide": f"{_OOXML}presentationml.notesSlide+xml",
        "chart": f"{_OOXML}drawingml.chart+xml",
        "diagramData": f"{_OOXML}drawingml.diagramData+xml",
    },
    links={
        "officeDocument": frozenset({"slide"}),
        "slide": frozenset({"slideLayout", "notesSlide", "chart", "diagramData"}),
        "slideLayout": frozenset({"slideMaster"}),
    },
)
_EMPTY = "スライドに文字も図もありません。ファイルの内容を確かめてください。"
_NO_SLIDES = "スライドがありません。ファイルの内容を確かめてください。"
_ALL_HIDDEN = "表示されるスライドがありません。"
_ONLY_PICTURES = "どのスライドも図だけで、文字がありません。PDFで保存し直し、OCR（文字認識）をかけてください。"
_HIDDEN = "非表示のスライド（{}）は取り込みませんでした。必要な場合は、表示に変えて保存し直してください。"
_PICTURES = "{}ページは図だけで、文字がありません。必要な場合は、PDFで保存し直し、OCR（文字認識）をかけてください。"
_BROKEN = "{}ページは壊れていて読めません。PowerPointで開いて保存し直してください。"


def read_pptx(data: bytes) -> RawDocument:
    """The slides of a presentation with a verdict; raises MemoryError alone, and nothing for a bad file.

    Every slide that is shown is in `pages`, under its number. `pages_without_text` are those that are broken or hold
    figures only. The first line of a slide without a title has level 1: it ends the section of the slide before.
    """
    return read_soundly(data, _FORMAT, _read)


def _read(sound: SoundFile) -> RawDocument:
    hidden: list[int] = []
    broken: list[int] = []
    drawn: list[int] = []
    pages: list[RawPage] = []
    for number, slide in enumerate(_slides(sound.data), start=1):
        if slide is not None and slide.is_hidden:
            hidden.append(number)
            continue
        lines = slide_lines(slide) if slide is not None else ()
        pages.append(RawPage(number, None, lines=_closing_the_last(lines)))
        if slide is None:
            broken.append(number)
        elif not lines and slide.has_figure:
            drawn.append(number)
    return _judge(sound.title, pages, hidden, broken, drawn)


def _slides(data: bytes) -> Iterator[Slide | None]:
    """The slides in the order of the presentation, None for one that is broken or missing."""
    import pptx

    part = pptx.Presentation(io.BytesIO(data)).part
    listed = part.presentation.element.sldIdLst
    for item in listed if listed is not None else ():
        try:
            yield _slide(part.related_part(item.rId))
        except MemoryError:
            raise
        except Exception:  # no such part, or no slide: it costs this slide
            yield None


def _slide(part: Part) -> Slide:
    layout = _linked(part, "slideLayout")
    return Slide(
        root=_root(part),
        layout=_root(layout) if layout is not None else None,
        master=_root(master) if layout is not None and (master := _linked(layout, "slideMaster")) is not None else None,
        notes=_root(notes) if (notes := _linked(part, "notesSlide")) is not None else None,
        related=lambda id_: _root(part.related_part(id_)) if id_ in part.rels else None,
    )


def _linked(part: Part, kind: str) -> Part | None:
    return next((rel.target_part for rel in part.rels.values() if rel.reltype.endswith(f"/{kind}")), None)


def _root(part: Part) -> XmlElement:
    """The root of a part; one that python-pptx has no class for, such as that of a SmartArt, comes as bytes."""
    element = getattr(part, "_element", None)
    return parse(part.blob) if element is None else cast(XmlElement, element)


def _closing_the_last(lines: tuple[RawLine, ...]) -> tuple[RawLine, ...]:
    if not lines or (lines[0].kind is BlockKind.HEADING and lines[0].level == 1):
        return lines
    return (replace(lines[0], level=1), *lines[1:])


def _judge(
    title: str | None, pages: Sequence[RawPage], hidden: Sequence[int], broken: Sequence[int], drawn: Sequence[int]
) -> RawDocument:
    warnings = [text.format(page_ranges(which)) for text, which in ((_HIDDEN, hidden), (_BROKEN, broken)) if which]
    without = tuple(sorted((*broken, *drawn)))
    if any(page.lines for page in pages):
        if drawn:
            warnings.append(_PICTURES.format(page_ranges(drawn)))
        verdict = Verdict.PARTLY_READ if without else Verdict.READ
        return RawDocument(verdict, tuple(pages), title, pages_without_text=without, warnings=tuple(warnings))
    if drawn:
        verdict, advice = Verdict.NEEDS_OCR, _ONLY_PICTURES
    elif broken:
        verdict, advice = Verdict.DAMAGED, ""
    else:
        verdict, advice = Verdict.EMPTY, _EMPTY if pages else _ALL_HIDDEN if hidden else _NO_SLIDES
    told = tuple(filter(None, (advice, *warnings)))
    return RawDocument(verdict, tuple(pages), title, pages_without_text=without, warnings=told)
