"""Small whole documents of every kind that is read, the same bytes on every run: what mutants are made of."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final
from unittest.mock import patch

from tests.corpus.make_office import saved
from tests.corpus.make_pdfs import PageSpec, Text, encrypt, grid, make_pdf

SUFFIXES: Final[Mapping[str, str]] = {
    "pdf": ".pdf",
    "docx": ".docx",
    "pptx": ".pptx",
    "xlsx": ".xlsx",
    "html": ".html",
    "csv": ".csv",
    "zip": ".zip",
    "text": ".txt",
    "markdown": ".md",
}
ZIPPED: Final = ("docx", "pptx", "xlsx", "zip")
_TEXT: Final = """第1章　持ち出しの手続

1. 申請書を出します。
2. 上長が確かめます。
(1) 写しは残しません。
・鍵は金庫に置きます。

第2条　端末は毎月点検します。結果は3年間、保管します。
区分\t期限\t担当
機密\t30日\t\t総務
□ 席を離れるときは画面に鍵をかける。
"""
_ROWS: Final = (("区分", "期限", "担当"), ("機密", 30, "総務"), ("社外秘", 90, ""), ("", -1.5, "現場"))
_DATE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_STREAM = re.compile(rb"/Length \d+ >>\nstream\n(.*?)\nendstream", re.DOTALL)


@cache
def samples(kind: str) -> tuple[bytes, ...]:
    """The documents of a kind, one of SUFFIXES."""
    return _MAKERS[kind]()


def rezipped(members: Mapping[str, bytes]) -> bytes:
    """A ZIP of these members, without anything that changes from day to day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    """The members of a whole ZIP by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _same_every_day(data: bytes) -> bytes:
    return rezipped({name: _DATE.sub(b"2020-01-01T00:00:00Z", content) for name, content in members_of(data).items()})


def _pdfs() -> tuple[bytes, ...]:
    lines = tuple(line for line in _TEXT.splitlines() if line)
    plain = make_pdf([PageSpec(lines), PageSpec(lines[::-1], rotate=90)], title="点検の手引き")
    cells = tuple(
        Text(str(value), 60 + 120 * column, 700 - 30 * row)
        for row, values in enumerate(_ROWS)
        for column, value in enumerate(values)
    )
    table = make_pdf(
        [PageSpec(shapes=grid((50, 170, 290, 410), (720, 690, 660, 630, 600)), texts=cells), PageSpec(lines)],
        labels="0 << /S /r >> 1 << /S /D /St 7 >>",
        outline=[("表", 0), ("手続", 1)],
    )
    columns = tuple(Text(line, 500 - 20 * number, 780, vertical=True) for number, line in enumerate(lines))
    hidden = Text("見えない文字です。", 50, 100, mode=3)
    mixed = make_pdf([PageSpec(texts=(*columns, hidden)), PageSpec(image=True), PageSpec(broken_lines=lines, rules=40)])
    # Its random bytes would be others each time.
    with patch("secrets.token_bytes", bytes):
        locked = encrypt(plain, ""), encrypt(plain, "password")
    return plain, table, mixed, _deflated(table), *locked


def _deflated(data: bytes) -> bytes:
    """The same PDF with compressed streams; its table of offsets is wrong then, as in many a real file."""

    def packed(match: re.Match[bytes]) -> bytes:
        content = zlib.compress(match[1])
        return b"/Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(content), content)

    return _STREAM.sub(packed, data)


def _docx() -> tuple[bytes, ...]:
    from docx import Document

    document = Document()
    document.add_heading("点検の手引き", 0)
    document.add_heading("持ち出しの手続", 1)
    document.add_paragraph("申請書を出します。上長が確かめます。")
    for text in ("写しは残しません。", "鍵は金庫に置きます。"):
        document.add_paragraph(text, style="List Number")
        document.add_paragraph(text, style="List Bullet")
    table = document.add_table(len(_ROWS), len(_ROWS[0]))
    for row, values in zip(table.rows, _ROWS, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = str(value)
    table.cell(1, 0).merge(table.cell(2, 1))
    document.add_heading("保管", 2)
    document.add_paragraph("結果は3年間、保管します。")
    return (_same_every_day(saved(document)),)


def _pptx() -> tuple[bytes, ...]:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "持ち出しの手続"
    slide.placeholders[1].text = "申請書を出します。\n上長が確かめます。"
    slide.notes_slide.notes_text_frame.text = "ここで例を話します。"
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "期限"
    frame = slide.shapes.add_table(len(_ROWS), len(_ROWS[0]), Inches(1), Inches(2), Inches(6), Inches(2))
    for row, values in enumerate(_ROWS):
        for column, value in enumerate(values):
            frame.table.cell(row, column).text = str(value)
    box = slide.shapes.add_textbox(Inches(1), Inches(5), Inches(4), Inches(1))
    box.text_frame.text = "鍵は金庫に置きます。"
    return (_same_every_day(saved(deck)),)


def _xlsx() -> tuple[bytes, ...]:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "期限"
    for row in _ROWS:
        sheet.append(row)
    sheet.merge_cells("A3:B4")
    sheet["D2"] = "=B2*2"
    sheet["B2"].number_format = "yyyy/m/d"
    other = book.create_sheet("点検")
    other["C5"] = "毎月点検します。"
    return (_same_every_day(saved(book)),)


def _html() -> tuple[bytes, ...]:
    cells = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row)}</tr>" for row in _ROWS)
    page = (
        '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>点検の手引き</title>'
        "<style>p { color: red }</style><script>let a = '<p>';</script></head><body><nav><a href='#'>戻る</a></nav>"
        "<main><h1>持ち出しの手続</h1><p>申請書を<b>出します</b>。&amp;&#12354;&nbsp;</p><ol start='3'><li>一つ"
        "<ul><li>中</li></ul></li></ol><h2>期限</h2><table><caption>表1</caption>"
        f"{cells}<tr><td colspan='2' rowspan='2'>あ</td></tr></table><dl><dt>語</dt><dd>意味</dd></dl>"
        "<pre>  そのまま\n</pre></main></body></html>"
    )
    return page.encode(), page.replace("utf-8", "Shift_JIS").encode("cp932")


def _csv() -> tuple[bytes, ...]:
    rows = "".join(",".join(f'"{value}"' for value in row) + "\r\n" for row in _ROWS * 3)
    return rows.encode("utf-8-sig"), rows.encode("cp932"), rows.replace(",", "\t").encode("utf-16")


def _texts() -> tuple[bytes, ...]:
    return tuple(_TEXT.encode(encoding) for encoding in ("utf-8", "cp932", "utf-16", "euc_jp", "utf-8-sig"))


def _markdown() -> tuple[bytes, ...]:
    text = "# 点検の手引き\n\n## 手続\n\n- 一つ\n  - 中\n\n| 区分 | 期限 |\n|---|---|\n| 機密 | |\n\n```\n# 例\n```\n"
    return ((text + _TEXT).encode(),)


def _zips() -> tuple[bytes, ...]:
    members = {
        "手続/点検.txt": _TEXT.encode(),
        "手続/": b"",
        "a.csv": _csv()[1],
    }
    return (rezipped(members),)


_MAKERS: Final[Mapping[str, Callable[[], tuple[bytes, ...]]]] = {
    "pdf": _pdfs,
    "docx": _docx,
    "pptx": _pptx,
    "xlsx": _xlsx,
    "html": _html,
    "csv": _csv,
    "zip": _zips,
    "text": _texts,
    "markdown": _markdown,
}
