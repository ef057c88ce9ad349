"""Comma-, tab- and semicolon-separated values: bytes in any encoding in, one page of rows out.

The separator is told by the content. No row is taken for a heading, and no value is interpreted.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from corpus.clean import normalise_newlines
from corpus.models import BlockKind, RawDocument, RawLine, RawPage, Verdict
from corpus.readers.text import read_text

MOST_ROWS: Final = 200_000
"""The most rows that are read of one file."""
_SEPARATORS = ",\t;"
_JUDGED_CHARACTERS, _JUDGED_ROWS = 64_000, 200
# A cell with more line breaks than this began with a quote that was never meant to be one.
_MOST_BREAKS = 200
_NAMED = "sep="

_EMPTY = "中身がありません。"
_TOO_MANY = f"行が多すぎるので、{MOST_ROWS:,}行で読むのをやめました。ファイルを分けて追加してください。"


def read_csv(data: bytes) -> RawDocument:
    """The rows of a file of separated values, empty cells kept, rows without any text left out. Never raises.

    Partly read is a file with broken characters, or with more than MOST_ROWS rows.
    """
    raw = read_text(data)
    if not raw.verdict.is_readable:
        return raw
    text = normalise_newlines(raw.pages[0].text).removeprefix("\ufeff")
    separator, text = _separator(text)
    rows = list(islice(_filled(text, separator), MOST_ROWS + 1))
    if not rows:
        return RawDocument(Verdict.EMPTY, warnings=(_EMPTY,))
    is_cut = len(rows) > MOST_ROWS
    del rows[MOST_ROWS:]
    width = max(map(_used, rows))
    lines = tuple(RawLine(BlockKind.TABLE_ROW, "\t".join(row[:width])) for row in rows)
    verdict, warnings = (Verdict.PARTLY_READ, (*raw.warnings, _TOO_MANY)) if is_cut else (raw.verdict, raw.warnings)
    return RawDocument(verdict, (RawPage(None, None, lines=lines),), warnings=warnings)


def _separator(text: str) -> tuple[str, str]:
    """The separator, and the text without the line by which Excel lets a file name it."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith(_NAMED) and len(first) == len(_NAMED) + 1:
        return first[-1], rest
    return max(_SEPARATORS, key=lambda separator: _fit(text[:_JUDGED_CHARACTERS], separator)), text


def _fit(sample: str, separator: str) -> tuple[float, int]:
    """How well a separator makes a table of a sample: the share of rows as wide as most are, then the width."""
    widths = Counter(len(row) for row in islice(_filled(sample, separator), _JUDGED_ROWS))
    wide = Counter({width: count for width, count in widths.items() if width > 1})
    if not wide:
        return 0.0, 0
    width, count = wide.most_common(1)[0]
    return count / widths.total(), width


def _filled(text: str, separator: str) -> Iterator[list[str]]:
    """Rows that hold any text, their cells each on one line."""
    for row in _rows(text, separator):
        cells = [" ".join(cell.split()) for cell in row]
        if any(cells):
            yield cells


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    before = csv.field_size_limit(len(text) + 1)
    try:
        if _is_quoted_well(text, separator):
            yield from csv.reader(io.StringIO(text), delimiter=separator)
        else:
            yield from csv.reader(io.StringIO(text), delimiter=separator, quoting=csv.QUOTE_NONE)
    finally:
        csv.field_size_limit(before)


def _is_quoted_well(text: str, separator: str) -> bool:
    """Whether quotes hold cells together, rather than one stray quote swallowing the rows behind it."""
    if '"' not in text:
        return False
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    return all(cell.count("\n") <= _MOST_BREAKS for row in reader for cell in row)


def _used(row: list[str]) -> int:
    """The number of cells up to the last one with text."""
    return max(index for index, cell in enumerate(row, start=1) if cell)
