"""How a text stands in a cell of an XLSX file (ECMA-376, ST_Xstring): what XML would change is written `_xHHHH_`.

openpyxl writes and reads texts as they are; Excel does not, so both ways are gone here.
"""

from __future__ import annotations

import re

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}[_\r])")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def encode(text: str) -> str:
    """Return `text` with carriage returns, and underscores that would be read as part of an escape, escaped."""
    return _LOOKS_ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_")


def decode(cell: str) -> str:
    """Return the text that a cell shows."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), cell)
