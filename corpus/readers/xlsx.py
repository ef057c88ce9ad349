"""Excel workbooks (.xlsx, .xlsm): each sheet a heading with its rows below, values as people see them.

Formulas are not computed and macros not looked at: what was saved with the file is shown. The parts are read one
element at a time, for a sheet may claim a million rows; openpyxl, which builds a cell for each, is not used.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from corpus.kind import REFUSALS, FileKind, has_ole_stream
from corpus.models import BlockKind, RawDocument, RawLine, RawPage, Verdict
from corpus.readers.xlsx_parts import Package, Sheet
from corpus.readers.xlsx_sheet import SheetRows, read_sheet

MOST_CELLS: Final = 200_000
"""The most cells with text that are read of one workbook."""
# A grid with more places than this is mostly empty; its rows are given without their empty cells.
_MOST_PLACES = 4_000_000
_NAMES_SHOWN = 3

_OLD = "古い形式（.xls）は読めません。Excelで開き、.xlsxで保存し直してください。"
_BINARY = "バイナリ形式（.xlsb）は読めません。Excelで開き、.xlsxで保存し直してください。"
_DAMAGED = "Excelファイルが壊れています。Excelで開いて修復し、保存し直してください。"
_EMPTY = "文字の入ったセルがありません。"
_TOO_MANY = f"セルが多すぎるので、{MOST_CELLS:,}個で読むのをやめました。ファイルを分けて追加してください。"
_TORN = "シート「{name}」は壊れていて、読めたところまでを載せました。Excelで開いて修復し、保存し直してください。"
_LOST_STRINGS = "壊れていて読めないセルが{count:,}個あります。Excelで開いて修復し、保存し直してください。"
_UNCOMPUTED = "計算結果が保存されていない数式が{count:,}個あります。Excelで開いて、保存し直してください。"
_HIDDEN_SHEETS = "非表示のシート（{names}）は読み込んでいません。必要なら、表示して保存し直してください。"
_HIDDEN_CELLS = "非表示の行や列にあるセル{count:,}個は読み込んでいません。必要なら、表示して保存し直してください。"


def read_xlsx(data: bytes) -> RawDocument:
    """The visible sheets of a workbook in order. Never raises for bad content.

    Partly read is a workbook with more than MOST_CELLS cells, damaged sheets, or formulas without a saved result.
    """
    if has_ole_stream(data, "EncryptedPackage"):
        return RawDocument(Verdict.NEEDS_PASSWORD, warnings=(REFUSALS[FileKind.ENCRYPTED_OFFICE],))
    if has_ole_stream(data, "Workbook") or has_ole_stream(data, "Book"):
        return RawDocument(Verdict.UNSUPPORTED, warnings=(_OLD,))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Reading(Package(archive)).document()
    except (MemoryError, RecursionError):
        raise
    # A broken ZIP or part raises nearly anything; a sheet that breaks off is caught where it is read.
    except Exception:
        return RawDocument(Verdict.DAMAGED, warnings=(_DAMAGED,))


@dataclass
class _Reading:
    """Reads sheet after sheet until the cells are too many; counts what was left out."""

    package: Package
    lines: list[RawLine] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    cells: int = 0
    uncomputed: int = 0
    hidden: int = 0
    lost: int = 0
    is_cut: bool = False

    def document(self) -> RawDocument:
        if self.package.is_binary:
            return RawDocument(Verdict.UNSUPPORTED, warnings=(_BINARY,))
        sheets = self.package.sheets()
        if not sheets:
            return RawDocument(Verdict.DAMAGED, warnings=(_DAMAGED,))
        for sheet in sheets:
            if not sheet.is_hidden and not self.is_cut:
                self._take(sheet)
        left_out = self._left_out([sheet.name for sheet in sheets if sheet.is_hidden])
        missing = self._missing()
        if not self.lines:
            verdict = Verdict.DAMAGED if self.torn else Verdict.EMPTY
            return RawDocument(verdict, warnings=(*(() if missing else (_EMPTY,)), *missing, *left_out))
        page = RawPage(None, None, lines=tuple(self.lines))
        verdict = Verdict.PARTLY_READ if missing else Verdict.READ
        return RawDocument(verdict, (page,), title=self.package.title(), warnings=(*missing, *left_out))

    def _take(self, sheet: Sheet) -> None:
        rows = read_sheet(self.package, sheet, MOST_CELLS - self.cells)
        self.cells += rows.filled
        self.uncomputed += rows.uncomputed
        self.hidden += rows.hidden
        self.lost += rows.lost
        self.is_cut = rows.is_cut
        if rows.is_torn:
            self.torn.append(sheet.name)
        texts = _row_texts(rows)
        if texts:
            self.lines.append(RawLine(BlockKind.HEADING, sheet.name, 1))
            self.lines.extend(RawLine(BlockKind.TABLE_ROW, text) for text in texts)

    def _missing(self) -> tuple[str, ...]:
        return (
            *((_TOO_MANY,) if self.is_cut else ()),
            *(_TORN.format(name=name) for name in self.torn),
            *((_LOST_STRINGS.format(count=self.lost),) if self.lost else ()),
            *((_UNCOMPUTED.format(count=self.uncomputed),) if self.uncomputed else ()),
        )

    def _left_out(self, hidden_sheets: Sequence[str]) -> tuple[str, ...]:
        names = "、".join(hidden_sheets[:_NAMES_SHOWN]) + ("など" if len(hidden_sheets) > _NAMES_SHOWN else "")
        return (
            *((_HIDDEN_SHEETS.format(names=names),) if hidden_sheets else ()),
            *((_HIDDEN_CELLS.format(count=self.hidden),) if self.hidden else ()),
        )


def _row_texts(rows: SheetRows) -> list[str]:
    """Rows with text, cells parted by tabs; a column without any text in the whole sheet has no place."""
    columns = sorted({column for row in rows.rows for column in row})
    if len(columns) * len(rows.rows) > _MOST_PLACES:
        return ["\t".join(text for _, text in sorted(row.items())) for row in rows.rows if row]
    return ["\t".join(row.get(column, "") for column in columns) for row in rows.rows if row]
