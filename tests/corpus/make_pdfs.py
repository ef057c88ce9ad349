"""Small PDFs written by hand for the tests: no font file, no drawing library.

Every font is of the kind Type 0 with the encoding Identity-H, so a code is two bytes. A good font tells by a
ToUnicode map that each code is the character itself; a broken one lacks the map, and nobody can know what it shows.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PdfReader, PdfWriter

_TO_UNICODE = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
    "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    "{count} beginbfrange\n{ranges}\nendbfrange endcmap end end"
)
_CATALOG, _PAGES, _INFO, _GOOD_FONT, _BROKEN_FONT, _DESCENDANT, _MAP, _IMAGE, _OUTLINES, _VERTICAL_FONT = range(1, 11)
_FIRST_FREE = 11


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text that begins at (x, y) in points from the bottom left, 10 points high and each character as wide.

    `mode` is the text render mode (3 is invisible), `grey` goes from 0, black, to 1, white.
    """

    text: str
    x: float
    y: float
    size: float = 10
    vertical: bool = False
    mode: int = 0
    grey: float = 0


@dataclass(frozen=True, slots=True)
class PageSpec:
    """What to draw: lines in the good font, lines in the broken one, a grey picture, rules, or nothing.

    `shapes` are drawn before the text: operators as `line`, `frame`, `bar` and `dots` make them. `texts` come last, in
    their order. `rotate`: by how many degrees a viewer turns the page.
    """

    lines: tuple[str, ...] = ()
    broken_lines: tuple[str, ...] = ()
    image: bool = False
    rules: int = 0
    shapes: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()
    rotate: int = 0


def line(x: float, y: float, to_x: float, to_y: float) -> str:
    """A thin straight line."""
    return f"0.5 w {x} {y} m {to_x} {to_y} l S"


def frame(x: float, y: float, width: float, height: float) -> str:
    """The outline of a box."""
    return f"0.5 w {x} {y} {width} {height} re S"


def bar(x: float, y: float, width: float, height: float, grey: float = 0) -> str:
    """A filled box; a thin one is how word processors draw a line."""
    return f"{grey} g {x} {y} {width} {height} re f 0 g"


def dots(x: float, y: float, to_x: float) -> str:
    """A dotted line across, made of small pictures."""
    return "\n".join(f"q 1.5 0 0 0.5 {at} {y} cm /I Do Q" for at in range(int(x), int(to_x), 3))


def grid(xs: Sequence[float], ys: Sequence[float]) -> tuple[str, ...]:
    """Lines from border to border at all these places."""
    across = tuple(line(min(xs), y, max(xs), y) for y in ys)
    return across + tuple(line(x, min(ys), x, max(ys)) for x in xs)


def make_pdf(
    pages: Sequence[PageSpec],
    *,
    title: str | None = None,
    labels: str | None = None,
    outline: Sequence[tuple[str, int]] = (),
) -> bytes:
    """A PDF of these pages. `labels` is the array of a /PageLabels number tree; `outline` is (title, page from 0)."""
    page_ids = [_FIRST_FREE + 2 * index for index in range(len(pages))]
    first_item = _FIRST_FREE + 2 * len(pages)
    bodies: dict[int, bytes] = _shared_objects()
    extra = f"/PageLabels << /Nums [{labels}] >>" if labels else ""
    extra += f" /Outlines {_OUTLINES} 0 R" if outline else ""
    bodies[_CATALOG] = f"<< /Type /Catalog /Pages {_PAGES} 0 R {extra} >>".encode()
    kids = " ".join(f"{page_id} 0 R" for page_id in page_ids)
    bodies[_PAGES] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    bodies[_INFO] = f"<< /Title {_text(title)} >>".encode() if title else b"<< >>"
    for page_id, page in zip(page_ids, pages, strict=True):
        bodies[page_id] = _page(page_id + 1, page.rotate)
        bodies[page_id + 1] = _stream(_content(page))
    bodies |= _outline(outline, page_ids, first_item)
    return _file(bodies)


def encrypt(data: bytes, user_password: str) -> bytes:
    """The same file under RC4, for which pypdf needs no other package."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password, owner_password="owner", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _shared_objects() -> dict[int, bytes]:
    font = f"/Type /Font /Subtype /Type0 /BaseFont /Test /Encoding /Identity-H /DescendantFonts [{_DESCENDANT} 0 R]"
    ranges = "\n".join(
        f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(0x100) if high not in range(0xD8, 0xE0)
    )
    to_unicode = _TO_UNICODE.format(count=ranges.count("\n") + 1, ranges=ranges)
    vertical = font.replace("Identity-H", "UniJIS-UTF16-V")
    return {
        _GOOD_FONT: f"<< {font} /ToUnicode {_MAP} 0 R >>".encode(),
        _VERTICAL_FONT: f"<< {vertical} /ToUnicode {_MAP} 0 R >>".encode(),
        _BROKEN_FONT: f"<< {font} >>".encode(),
        _DESCENDANT: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Test /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _MAP: _stream(to_unicode.encode()),
        _IMAGE: _stream(
            b"\x80", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
        ),
    }


def _page(content_id: int, rotate: int) -> bytes:
    fonts = f"/G {_GOOD_FONT} 0 R /B {_BROKEN_FONT} 0 R /V {_VERTICAL_FONT} 0 R"
    resources = f"/Font << {fonts} >> /XObject << /I {_IMAGE} 0 R >>"
    return (
        f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 595 842] /Contents {content_id} 0 R"
        f" /Resources << {resources} >> /Rotate {rotate} >>"
    ).encode()


def _content(page: PageSpec) -> bytes:
    operators = ["q 500 0 0 700 50 50 cm /I Do Q"] if page.image else []
    operators += [f"50 {60 + rule % 700} m 545 {60 + rule % 700} l S" for rule in range(page.rules)]
    operators += page.shapes
    lines = [("G", line.encode("utf-16-be").hex()) for line in page.lines]
    lines += [("B", _glyph_numbers(line)) for line in page.broken_lines]
    for row, (font, codes) in enumerate(lines):
        operators.append(f"BT /{font} 10 Tf 1 0 0 1 50 {780 - 20 * row} Tm <{codes}> Tj ET")
    for text in page.texts:
        font = f"/{'V' if text.vertical else 'G'} {text.size} Tf {text.mode} Tr {text.grey} g"
        codes = text.text.encode("utf-16-be").hex()
        operators.append(f"BT {font} 1 0 0 1 {text.x} {text.y} Tm <{codes}> Tj 0 Tr 0 g ET")
    return "\n".join(operators).encode()


def _glyph_numbers(line: str) -> str:
    """Codes as a font without a map has them: the place of a glyph in the font, which says nothing of the character."""
    return "".join(f"{ord(char) * 7919 % 6000 + 100:04X}" for char in line)


def _outline(items: Sequence[tuple[str, int]], page_ids: Sequence[int], first: int) -> dict[int, bytes]:
    if not items:
        return {}
    last = first + len(items) - 1
    bodies = {_OUTLINES: f"<< /Type /Outlines /First {first} 0 R /Last {last} 0 R /Count {len(items)} >>".encode()}
    for number, (title, page) in enumerate(items, first):
        links = f"/Prev {number - 1} 0 R " if number > first else ""
        links += f"/Next {number + 1} 0 R" if number < last else ""
        bodies[number] = (
            f"<< /Title {_text(title)} /Parent {_OUTLINES} 0 R /Dest [{page_ids[page]} 0 R /Fit] {links} >>".encode()
        )
    return bodies


def _text(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex()}>"


def _stream(data: bytes, entries: str = "") -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(bodies: dict[int, bytes]) -> bytes:
    data = bytearray(b"%PDF-1.7\n")
    offsets: dict[int, int] = {}
    for number in sorted(bodies):
        offsets[number] = len(data)
        data += f"{number} 0 obj\n".encode() + bodies[number] + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in offsets.items():
        data += f"{number} 1\n{offset:010} 00000 n \n".encode()
    size = max(bodies) + 1
    data += f"trailer\n<< /Size {size} /Root {_CATALOG} 0 R /Info {_INFO} 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(data)
