"""Numbers and dates of a workbook as people see them: a saved number and its format to a text.

Covers the formats of everyday sheets: thousands, decimals, percent, literals, negative sections, dates, times, Japanese
eras and weekdays. Fractions, exponents and conditions fall back to the plain number. Colours and widths are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

GENERAL: Final = "General"
_ERA_LONG, _ERA_DOTS = 'ggge"年"m"月"d"日"', "ge.m.d"
_YEAR_MONTH, _MONTH_DAY = 'yyyy"年"m"月"', 'm"月"d"日"'
BUILTIN_FORMATS: Final[Mapping[int, str]] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: _ERA_DOTS,
    28: _ERA_LONG,
    29: _ERA_LONG,
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    34: _YEAR_MONTH,
    35: _MONTH_DAY,
    36: _ERA_DOTS,
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-"',
    42: '"¥"#,##0;"¥"-#,##0;"-"',
    43: '#,##0.00;-#,##0.00;"-"',
    44: '"¥"#,##0.00;"¥"-#,##0.00;"-"',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
    49: "@",
    50: _ERA_DOTS,
    51: _ERA_LONG,
    52: _YEAR_MONTH,
    53: _MONTH_DAY,
    54: _ERA_LONG,
    55: _YEAR_MONTH,
    56: _MONTH_DAY,
    57: _ERA_DOTS,
    58: _ERA_LONG,
}
"""Formats by number that no file spells out, as Japanese Excel shows them."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<elapsed>h+|m+|s+)\]'
    r"|\[(?P<condition>[<>=][^\]]*)\]|\[[^\]]*\]|(?P<noon>AM/PM|A/P|上午/下午)|(?P<general>General|標準)"
    r"|(?P<exponent>E[+-])|(?P<date>y+|m+|d+|h+|s+|g+|e+|a{3,4}|r+|b{2,4})|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_ERAS = (
    ((2019, 5, 1), "令和", "R"),
    ((1989, 1, 8), "平成", "H"),
    ((1926, 12, 25), "昭和", "S"),
    ((1912, 7, 30), "大正", "T"),
    ((1868, 1, 25), "明治", "M"),
)
_WEEKDAYS = "月火水木金土日"
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_DAY_SECONDS = 86_400
_LAST_DAY = 2_958_466
_LONGEST_FORMAT = 255
_MOST_DIGITS = 15
_WHOLE_LIMIT = 1e15

Token = tuple[str, str]


def shown_number(raw: str, code: str, from_1904: bool = False) -> str:
    """A saved number by its format code; what is no number is shown as it stands."""
    try:
        value = float(raw)
        if value in (float("inf"), float("-inf")) or value != value:
            return raw
        return _shown(value, code, from_1904)
    except (ValueError, OverflowError, InvalidOperation):
        return raw


def shown_date(raw: str) -> str:
    """A date saved as ISO 8601, with slashes and without a time of midnight."""
    try:
        moment = datetime.fromisoformat(raw.replace("Z", "+00:00"))
    except ValueError:
        return raw
    day = f"{moment.year}/{moment.month}/{moment.day}"
    return f"{day} {moment.hour}:{moment.minute:02d}" if (moment.hour, moment.minute) != (0, 0) else day


def _shown(value: float, code: str, from_1904: bool) -> str:
    sections = _sections(code[:_LONGEST_FORMAT])
    tokens, sign = sections[0], "-" if value < 0 else ""
    if value < 0 and len(sections) > 1:
        tokens, sign = sections[1], ""
    elif value == 0 and len(sections) > 2:
        tokens = sections[2]
    kinds = {kind for kind, _ in tokens}
    if kinds & {"date", "elapsed"} and "general" not in kinds:
        return _date(value, tokens, from_1904)
    signs = {text for kind, text in tokens if kind == "other"}
    if not tokens and len(sections) > 1:
        return ""
    if kinds <= {"general"} or kinds & {"condition", "exponent"} or signs & set("/@"):
        return _general(value)
    if "general" in kinds:
        number = _general(abs(value))
        return sign + "".join(number if kind == "general" else text for kind, text in tokens)
    return sign + _decimal(abs(value), tokens)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[tuple[Token, ...], ...]:
    """The sections of a format (positive; negative; zero; text), each as (kind, text)."""
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup
        if kind == "other" and match[0] == ";":
            sections.append([])
        elif kind in ("quoted", "escaped", "currency"):
            sections[-1].append(("text", match[kind] or ""))
        elif kind is not None:
            sections[-1].append((kind, match[kind]))
    return tuple(tuple(section) for section in sections)


def _general(value: float) -> str:
    if value == int(value) and abs(value) < _WHOLE_LIMIT:
        return str(int(value))
    return f"{value:.10g}"


def _decimal(value: float, tokens: Sequence[Token]) -> str:
    """A number in the places of a format: 0, # and ? are places, all else stands as it is."""
    places = [index for index, (kind, text) in enumerate(tokens) if kind == "other" and text in "0#?"]
    if not places:
        return "".join(text for _, text in tokens)
    point = next((index for index, token in enumerate(tokens) if token == ("other", ".")), len(tokens))
    whole = [index for index in places if index < point]
    after = [tokens[index][1] for index in places if index > point]
    commas = [index for index, token in enumerate(tokens) if token == ("other", ",")]
    scale = 100 ** tokens.count(("other", "%"))
    last = max(whole, default=-1)
    thousands = sum(last < index < point for index in commas)
    number = Decimal(f"{value:.{_MOST_DIGITS}g}") * scale / 1000**thousands
    number = number.quantize(Decimal(1).scaleb(-len(after)), rounding=ROUND_HALF_UP)
    digits, _, decimals = f"{number:f}".partition(".")
    digits = digits.lstrip("0").rjust(sum(tokens[index][1] == "0" for index in whole), "0")
    if any(whole and whole[0] < index < last for index in commas):
        digits = _grouped(digits)
    optional = len(after) - len("".join(after).rstrip("#?"))
    kept = decimals.rstrip("0").ljust(len(after) - optional, "0") if optional else decimals
    return _fill(tokens, whole, point, digits, kept)


def _grouped(digits: str) -> str:
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", digits)


def _fill(tokens: Sequence[Token], whole: Sequence[int], point: int, digits: str, decimals: str) -> str:
    """The digits before the point in their places, those too many at the first; the decimals behind the point."""
    between = tokens[whole[0] : whole[-1]] if whole else ()
    split = any(kind != "other" or text not in "0#?," for kind, text in between)
    parts: list[str] = []
    for index, (kind, text) in enumerate(tokens):
        if index in whole:
            behind = sum(place > index for place in whole)
            if not split:
                parts.append(digits if index == whole[0] else "")
            else:
                end = len(digits) - behind
                parts.append(digits[0 if index == whole[0] else max(0, end - 1) : max(0, end)])
        elif index == point:
            parts.append(f".{decimals}" if decimals else "")
        elif kind != "other" or text not in "0#?,":
            parts.append(text)
    return "".join(parts)


def _date(value: float, tokens: Sequence[Token], from_1904: bool) -> str:
    if not 0 <= value < _LAST_DAY:
        return _general(value)
    seconds = round(value * _DAY_SECONDS)
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(seconds=seconds)
    half_day = any(kind == "noon" for kind, _ in tokens)
    dated = [index for index, (kind, _) in enumerate(tokens) if kind in ("date", "elapsed")]
    parts = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "elapsed":
            parts.append(str(seconds // {"h": 3600, "m": 60, "s": 1}[text[0].lower()]))
        elif kind == "noon":
            before, after = text.split("/") if text.isascii() else ("午前", "午後")
            parts.append(before if moment.hour < 12 else after)
        elif kind == "date":
            code = text.lower()
            if code[0] == "m" and _is_minute(index, dated, tokens):
                code = "n" * len(code)
            parts.append(_date_part(moment, code, half_day))
        elif (kind, text) != ("other", "@"):
            parts.append(text)
    return "".join(parts).strip()


def _is_minute(index: int, dated: Sequence[int], tokens: Sequence[Token]) -> bool:
    """Whether an m stands behind hours or before seconds."""
    at = dated.index(index)
    before = tokens[dated[at - 1]][1][0].lower() if at else ""
    after = tokens[dated[at + 1]][1][0].lower() if at + 1 < len(dated) else ""
    return before == "h" or after == "s"


def _date_part(moment: datetime, code: str, half_day: bool) -> str:
    hour = (moment.hour % 12 or 12) if half_day else moment.hour
    number = {"d": moment.day, "h": hour, "n": moment.minute, "s": moment.second, "m": moment.month}.get(code[0])
    if code[0] == "y":
        return f"{moment.year % 100:02d}" if len(code) <= 2 else str(moment.year)
    if code[0] in "ger":
        return _era_part(moment, code)
    if code[0] == "a":
        return _WEEKDAYS[moment.weekday()] + ("曜日" if len(code) > 3 else "")
    if code[0] == "b":
        return str(moment.year + 543)
    if len(code) > 2:
        name = moment.strftime({"m": "%b", "d": "%a"}.get(code[0], "")) if len(code) == 3 else ""
        return name or moment.strftime({"m": "%B", "d": "%A"}.get(code[0], "")) or f"{number:02d}"
    return f"{number:02d}" if len(code) == 2 else str(number)


def _era_part(moment: datetime, code: str) -> str:
    """The name of the era for g, the year in it for e; r is both."""
    for start, name, letter in _ERAS:
        if moment >= datetime(*start):
            year = str(moment.year - start[0] + 1)
            shown = {1: letter, 2: name[0]}.get(len(code), name)
            if code[0] == "e":
                return year.rjust(2, "0") if len(code) > 1 else year
            return shown if code[0] == "g" else name + year
    return str(moment.year) if code[0] in "er" else ""
