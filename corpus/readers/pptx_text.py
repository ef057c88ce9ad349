"""The paragraphs of a PowerPoint text with what they are: an item with its mark, or plain text.

Bullets and numbers may be set for the paragraph, its shape, the layout or the master; the nearest says. Works on XML
elements alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.models import BlockKind, RawLine
from corpus.readers.numerals import print_number
from corpus.readers.office_xml import MC, XmlElement, chosen, whole

A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_BULLETS = (A + "buNone", A + "buChar", A + "buAutoNum", A + "buBlip")
_LEVELS = 9
_TELLING_BULLETS = "※□☐☑☒✓✔○×△◎"
# The schemes of PowerPoint: how they begin, the format, and what stands around the number by how they end.
_SCHEMES = (
    ("circleNum", "decimalEnclosedCircle"),
    ("ea1JpnChs", "japaneseCounting"),
    ("ea1JpnKor", "japaneseCounting"),
    ("ea1Chs", "chineseCounting"),
    ("ea1Cht", "chineseCounting"),
    ("arabicDb", "decimalFullWidth"),
    ("alphaLc", "lowerLetter"),
    ("alphaUc", "upperLetter"),
    ("romanLc", "lowerRoman"),
    ("romanUc", "upperRoman"),
)
_AROUND = (("ParenBoth", "({})"), ("ParenR", "{})"), ("DbPeriod", "{}．"), ("Period", "{}."), ("Minus", "{}-"))


@dataclass(frozen=True, slots=True)
class _Bullet:
    """The mark of an item, empty for a mere bullet; `scheme` and `start` are those of a number."""

    mark: str = ""
    scheme: str = ""
    start: int = 1


def paragraph_lines(body: XmlElement, inherited: Sequence[XmlElement]) -> Iterator[RawLine]:
    """The paragraphs of a text body; `inherited` are the list styles to ask, the nearest first."""
    counts: dict[int, tuple[str, int]] = {}
    own = body.find(A + "lstStyle")
    styles = inherited if own is None else (own, *inherited)
    for paragraph in body.findall(A + "p"):
        text = paragraph_text(paragraph).strip()
        if not text:
            continue
        properties = paragraph.find(A + "pPr")
        level = min(max(whole(properties.get("lvl") if properties is not None else None, 0), 0), _LEVELS - 1)
        bullet = _bullet(properties, level, styles)
        mark = _numbered(bullet, level, counts) if bullet else ""
        if not bullet:
            counts = {above: count for above, count in counts.items() if above < level}
        yield RawLine(BlockKind.LIST_ITEM if bullet else BlockKind.PARAGRAPH, mark + text)


def paragraph_text(paragraph: Iterable[XmlElement]) -> str:
    """The text of a paragraph, its line breaks as newlines, its tabs as spaces; without the slide's own number."""
    pieces: list[str] = []
    for child in paragraph:
        if child.tag == A + "r" or (child.tag == A + "fld" and not child.get("type", "").startswith("slidenum")):
            found = child.find(A + "t")
            pieces.append((found.text or "") if found is not None else "")
        elif child.tag == A + "br":
            pieces.append("\n")
        elif child.tag == MC + "AlternateContent":
            pieces.extend(_math(chosen(child)))
    return "".join(pieces).translate({0x09: " ", 0x0B: "\n"})


def joined_text(body: XmlElement | None) -> str:
    """All paragraphs of a text body on one line, as in a title or a cell."""
    if body is None:
        return ""
    texts = (" ".join(paragraph_text(paragraph).split("\n")).strip() for paragraph in body.findall(A + "p"))
    return " ".join(filter(None, texts))


def _math(elements: Iterable[XmlElement]) -> Iterator[str]:
    for element in elements:
        yield from (item.text or "" for item in element.iter(_M + "t"))


def _bullet(properties: XmlElement | None, level: int, styles: Iterable[XmlElement]) -> _Bullet | None:
    """What the nearest of the paragraph's settings and styles says of its bullet; None for none."""
    found = (style.find(f"{A}lvl{level + 1}pPr") for style in styles)
    for settings in (properties, *found):
        for child in settings if settings is not None else ():
            if child.tag in _BULLETS:
                return _read_bullet(child)
    return None


def _read_bullet(element: XmlElement) -> _Bullet | None:
    if element.tag == A + "buNone":
        return None
    if element.tag == A + "buAutoNum":
        return _Bullet(scheme=element.get("type", "arabicPeriod"), start=whole(element.get("startAt"), 1))
    sign = element.get("char", "").strip()
    return _Bullet(mark=f"{sign} " if sign and sign in _TELLING_BULLETS else "")


def _numbered(bullet: _Bullet, level: int, counts: dict[int, tuple[str, int]]) -> str:
    """The mark of the next item; numbers go on over deeper items, and start anew behind any other."""
    for below in [other for other in counts if other > level]:
        del counts[below]
    if not bullet.scheme:
        counts.pop(level, None)
        return bullet.mark
    scheme, last = counts.get(level, ("", 0))
    number = last + 1 if scheme == bullet.scheme else bullet.start
    counts[level] = (bullet.scheme, number)
    return f"{_print(number, bullet.scheme)} "


def _print(number: int, scheme: str) -> str:
    text = print_number(number, next((fmt for begin, fmt in _SCHEMES if scheme.startswith(begin)), "decimal"))
    around = next((frame for end, frame in _AROUND if scheme.endswith(end)), "{}")
    return around.format(text)
