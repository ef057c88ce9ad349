"""Figures in a sentence: dates, pages, numbers with what they count. Read from Japanese and English, compared exactly.

A figure is what a reader would check: 令和7年5月 and "May 2025" are one date, 1億円 and "100 million yen" one amount.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import prod

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "R": 2018, "H": 1988, "S": 1925}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COUNTERS = (
    "か月間|か月|ヶ月間|ヶ月|ケ月|カ月間|カ月|ヵ月|箇月|か国|カ国|ヶ国|か所|カ所|ヶ所|箇所|か条|年間|年生|年度|週間|日間|時間|分間|"
    "項目|種類|品目|段階|番目|歳代|人目|つ目|例目|回目|度目|事例|施策|観点|割合|ポイント|ページ|頁|パーセント|社目|"
    "年|月|日|時|分|秒|週|件|人|名|社|者|回|章|条|項|号|版|節|部|個|つ|円|ドル|ユーロ|元|割|倍|種|例|台|本|枚|冊|点|次|位|番|度|歳|才|校|課|階|列|行|面|通|式|万|%"
)
_SAME_UNIT = {
    "年間": "年", "週間": "週", "日間": "日", "分間": "分", "名": "人", "パーセント": "%",
    "個": "つ", "カ国": "か国", "ヶ国": "か国", "頁": "page", "ページ": "page",
    "カ所": "か所", "ヶ所": "か所", "箇所": "か所",
    "才": "歳", "事例": "例",
    **dict.fromkeys(("か月間", "ヶ月間", "ヶ月", "ケ月", "カ月間", "カ月", "ヵ月", "箇月"), "か月"),
}  # fmt: skip
_ENGLISH_UNITS = {
    "year": "年", "month": "か月", "week": "週", "day": "日", "hour": "時間", "minute": "分", "case": "件",
    "person": "人", "people": "人", "member": "人", "employee": "人", "company": "社", "companie": "社", "firm": "社",
    "time": "回",
    "chapter": "第章", "edition": "第版", "yen": "円", "dollar": "ドル", "percent": "%", "per cent": "%",
    "item": "項目", "page": "page", "point": "点", "step": "段階",
    "country": "か国", "countrie": "か国", "example": "例",
}  # fmt: skip
_ENGLISH_NUMBERS = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen twenty""".split()  # noqa: SIM905 (read as a line, not as a list)
    )
} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "hundred": 100,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
}
_BOUNDS = {
    "以上": ">=", "以下": "<=", "未満": "<", "超": ">", "を超": ">", "以内": "<=", "以降": ">=", "以前": "<=",
    "前": "before", "後": "after", "を上回": ">", "を下回": "<",
}  # fmt: skip
_ENGLISH_BOUNDS = (
    (r"at least|or more|minimum of|no (?:less|fewer) than", ">="),
    (r"at most|up to|within|no (?:more|later) than|or less|or fewer|maximum of", "<="),
    (r"more than|over|exceeding", ">"),
    (r"less than|fewer than|under|below", "<"),
)
_KANJI_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")}
_TENS = {"十": 10, "百": 100, "千": 1000}
_KANJI_NUMBER = re.compile(
    r"第[〇一二三四五六七八九十百千]+(?![者国三])"
    rf"|(?:(?<=[億万兆])|(?<![〇一二三四五六七八九十百千一-龥\d]))[〇一二三四五六七八九十百千]+(?=(?:{_COUNTERS}|億|兆)(?!分に))"
)
_NOT_NUMBERS = re.compile(
    r"十分|一部|一時|一度|一定|一日も|一人ひとり|一人一人|一番|一面|一社一社|一次|二次|第三者|三者|一式|一行"
)
_ERA = "令和|平成|昭和|大正|(?<![A-Za-z])[RHS](?=\\d)"
_YEAR = rf"(?:(?P<era>{_ERA})\s?(?P<in_era>元|\d{{1,2}})|(?P<year>(?:1[89]|20|21)\d\d))\s?年(?P<fiscal>度)?(?!間)"
_DATE = re.compile(
    rf"{_YEAR}(?:\s?\((?P<inner>[^()]{{1,14}})\)(?=の?\s?\d{{1,2}}\s?月))?の?(?:\s?(?P<month>\d{{1,2}})\s?月(?!間)(?:\s?(?P<day>\d{{1,2}})\s?日(?!間))?)?"
    r"|(?P<iso>(?:19|20)\d\d)[-/.](?P<iso_month>\d{1,2})(?:[-/.](?P<iso_day>\d{1,2}))?(?!\d)"
    r"|(?<!\d)(?P<only_month>\d{1,2})\s?月(?!間)(?:\s?(?P<only_day>\d{1,2})\s?日(?!間))?"
)
_MONTH_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_ENGLISH_DATE = re.compile(
    rf"\b(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)?\s)?{_MONTH_NAME}\s(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s)?(?P<year>\d{{4}})\b"
    r"|(?<![\d.,])(?P<alone>(?:19|20)\d\d)(?![\d.,]\d|\d|\s?(?:yen|people|cases|companies|items|[一-龥ぁ-んァ-ヺ%]))",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"(?:\bpages?|\bpp?\.?|P\.?)\s?(\d{1,4})(?:\s?[-–~〜～]\s?(\d{1,4}))?(?!\d)|(\d{1,4})(?:\s?[-–~〜～]\s?(\d{1,4}))?\s?(?:ページ|頁)",
    re.I,
)
_PHONE = re.compile(r"(?<!\d)\d{2,4}-\d{2,4}-\d{3,4}(?!\d)|〒?\s?\d{3}-\d{4}(?!\d)|(?<!\d)\d{1,2}:\d{2}(?!\d)")
_CIRCLED = re.compile("[①-⑳]")
_CIRCLED_NUMBER = re.compile(r"◎(\d+)◎")
_FRACTION = re.compile(r"(?<![\d/.])\d{1,3}\s?/\s?\d{1,3}(?![\d/])|(?<!\d)\d{1,3}分の\d{1,3}")
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+[-‐]?\d+[A-Za-z0-9-]*")
_SCALE = r"[百千]?[兆億万]|[百千](?=[円人件社])"
_TERM = re.compile(r"([\d,]+)([百千]?)([兆億万]?)")
_NUMBER = re.compile(
    rf"(?P<prefix>第|[A-Za-z]{{2,12}}\s?|[一-龥ァ-ヺー]{{1,6}})?(?P<approx>約|およそ)?[¥$]?(?P<digits>\d[\d,]*(?:\.\d+)?)"
    rf"(?P<scale>{_SCALE}|\s?(?:million|billion|thousand))?(?P<rest>(?:\d[\d,]*(?:{_SCALE})?)+)?"
    rf"(?:\s?[~〜～]\s?(?P<to>\d[\d,]*(?:\.\d+)?))?\s?(?P<unit>{_COUNTERS}|[一-龥]{{1,4}}|[ァ-ヺー]{{2,8}}|[A-Za-z]{{1,12}})?"
    rf"(?P<bound>以上|以下|未満|超|を超|以内|以降|以前|前|後|を上回|を下回)?"
)
_SCALES = {
    "兆": 10**12,
    "億": 10**8,
    "万": 10**4,
    "千": 1000,
    "百": 100,
    "million": 10**6,
    "billion": 10**9,
    "thousand": 1000,
}
_ENGLISH_WORD_NUMBER = re.compile(
    rf"\b(?:{'|'.join(sorted(_ENGLISH_NUMBERS, key=len, reverse=True))})\b", re.IGNORECASE
)
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\s(edition|chapter|version)\b", re.IGNORECASE)
_FIGURE = re.compile(rf"(?:令和|平成|昭和)?\d[\d,.]*(?:[兆億万千]\d*)*(?:{_COUNTERS})?")
_HAS_FIGURE = re.compile(r"[\d〇一二三四五六七八九十]|[A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its kind (date, page, phone, number), the value, what is counted, its bound, and where it stands.

    A date's value is (year, month, day), each None where it is not said, and whether the year is a fiscal one; a page's
    its number, or the first and the last.
    """

    kind: str
    value: tuple[object, ...]
    unit: str = ""
    bound: str = ""
    start: int = 0
    end: int = 0


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a sentence, in order; positions are those of `plain(text)`."""
    left = plain(text)
    if not _HAS_FIGURE.search(left):
        return ()
    found: list[Figure] = []
    for pattern, read in (
        (_PHONE, _phone),
        (_CIRCLED_NUMBER, _circled),
        (_PAGE, _page),
        (_DATE, _date),
        (_ENGLISH_DATE, _english_date),
        (_FRACTION, _fraction),
        (_CODE, _code),
        (_NUMBER, _number),
    ):
        for match in pattern.finditer(left):
            found += read(match, left)
        left = pattern.sub(_blank, left)
    return tuple(sorted(found, key=lambda figure: figure.start))


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A sentence in NFKC with numerals of words and kanji as digits."""
    text = _CIRCLED.sub(lambda m: f"◎{unicodedata.normalize('NFKC', m[0])}◎", text)
    text = unicodedata.normalize("NFKC", text).replace("−", "-").replace("‐", "-").replace("〜", "~").replace("～", "~")
    hidden = _NOT_NUMBERS.sub(lambda m: m[0].translate(_HIDE), text)
    text = _KANJI_NUMBER.sub(_kanji_number, hidden).translate(_SHOW)
    if re.search("[A-Za-z]{3}", text):
        text = _ENGLISH_WORD_NUMBER.sub(lambda m: str(_ENGLISH_NUMBERS[m[0].lower()]), text)
        text = _ORDINAL.sub(r"第\1\2", text)
    return text


@lru_cache(maxsize=4096)
def without_figures(text: str) -> str:
    """A sentence in NFKC with spaces where its numbers, their units and the names of eras stand."""
    return _FIGURE.sub(" ", plain(text))


# Words that begin with a numeral and are none stand aside while numerals are read.
_HIDE = {ord(c): 0xF0000 + i for i, c in enumerate("〇一二三四五六七八九十百千")}
_SHOW = {0xF0000 + i: c for i, c in enumerate("〇一二三四五六七八九十百千")}


def _kanji_number(match: re.Match[str]) -> str:
    written = match[0].removeprefix("第")
    total = current = 0
    if not any(c in _TENS for c in written):
        value = "".join(str(_KANJI_DIGITS[c]) for c in written)
        return ("第" if match[0].startswith("第") else "") + value
    for c in written:
        if c in _TENS:
            total, current = total + (current or 1) * _TENS[c], 0
        else:
            current = _KANJI_DIGITS[c]
    return ("第" if match[0].startswith("第") else "") + str(total + current)


def _blank(match: re.Match[str]) -> str:
    return "\x01" * len(match[0])


def _phone(match: re.Match[str], _: str) -> list[Figure]:
    return [Figure("phone", (match[0].lstrip("〒 "),), start=match.start(), end=match.end())]


def _circled(match: re.Match[str], _: str) -> list[Figure]:
    return [Figure("circled", (match[1],), start=match.start(), end=match.end())]


def _fraction(match: re.Match[str], _: str) -> list[Figure]:
    parts = re.findall(r"\d+", match[0])
    value = tuple(reversed(parts)) if "分の" in match[0] else tuple(parts)
    return [Figure("fraction", value, start=match.start(), end=match.end())]


def _page(match: re.Match[str], _: str) -> list[Figure]:
    numbers = tuple(int(number) for number in match.groups() if number)
    return [Figure("page", numbers, start=match.start(), end=match.end())]


def _date(match: re.Match[str], text: str) -> list[Figure]:
    if match["era"]:
        year: int | None = _ERAS[match["era"]] + (1 if match["in_era"] == "元" else int(match["in_era"]))
    else:
        year = int(match["year"] or match["iso"]) if match["year"] or match["iso"] else None
    month = _int(match["month"] or match["iso_month"] or match["only_month"])
    day = _int(match["day"] or match["iso_day"] or match["only_day"])
    bound = next((_BOUNDS[b] for b in _BOUNDS if text.startswith(b, match.end())), "")
    here = Figure("date", (year, month, day, bool(match["fiscal"])), "", bound, match.start(), match.end())
    # 「令和7年（2025年）5月」: the year in brackets is said as well, and may be another one.
    again = _DATE.finditer(match["inner"] or "")
    return [here, *(replace(date, start=here.start, end=here.end) for m in again for date in _date(m, ""))]


def _english_date(match: re.Match[str], _: str) -> list[Figure]:
    value: tuple[object, ...]
    if match["alone"]:
        value = (int(match["alone"]), None, None, False)
    else:
        month = _MONTHS.index(match["name"][:3].lower()) + 1
        value = (int(match["year"]), month, _int(match["day"] or match["before"]), False)
    return [Figure("date", value, start=match.start(), end=match.end())]


def _code(match: re.Match[str], text: str) -> list[Figure]:
    word = re.match(r"[A-Za-z]+", match[0])
    if word and word[0].lower() in ("case", "no", "step", "chapter", "vol", "ver"):
        number = match[0][word.end() :].lstrip("-")
        return [Figure("number", (number,), f"^{word[0].lower()}", "", match.start(), match.end())]
    return [Figure("code", (match[0].lower(),), start=match.start(), end=match.end())]


def _number(match: re.Match[str], text: str) -> list[Figure]:
    value = _value(match)
    if value is None:
        return []
    unit, bound = _unit(match), _BOUNDS.get(match["bound"] or "", "") or _english_bound(match, text)
    where = (match.start("digits"), match.end())
    found = [Figure("number", (value,), unit, bound, *where)]
    if match["to"]:
        found.append(Figure("number", (_decimal(match["to"], None, None),), unit, bound, *where))
    return found


def _value(match: re.Match[str]) -> str | None:
    return _decimal(match["digits"], match["scale"], match["rest"])


def _decimal(digits: str, scale: str | None, rest: str | None) -> str | None:
    try:
        value = Decimal(digits.replace(",", "").rstrip(".")) * _times((scale or "").strip().lower())
        for number, small, large in _TERM.findall(rest or ""):
            value += Decimal(number.replace(",", "")) * _times(small) * _times(large)
    except InvalidOperation:
        return None
    return format(value.normalize(), "f")


def _times(scale: str) -> int:
    """What a word of scale multiplies by: 千万 by ten million, "" by one."""
    known = _SCALES.get(scale)
    return known if known is not None else prod(_SCALES[word] for word in scale)


def _unit(match: re.Match[str]) -> str:
    """What is counted: the counter behind the number, else the word in front of it."""
    prefix, unit = (match["prefix"] or "").strip(), match["unit"] or ""
    if unit[:1].isupper():
        unit = ""
    if unit.isascii() and unit.isalpha():
        singular = unit.lower().removesuffix("s")
        unit = (
            _ENGLISH_UNITS.get(singular, "")
            if prefix != "第"
            else {"edition": "版", "chapter": "章"}.get(singular, "版")
        )
    unit = _SAME_UNIT.get(unit, unit)
    if prefix.endswith("第"):
        return "第" + unit
    if not unit and prefix:
        known = _ENGLISH_UNITS.get(prefix.lower().removesuffix("s")) if prefix.isascii() else None
        return known or "^" + (prefix.lower() if prefix.isascii() else prefix[-2:])
    return unit


def _english_bound(match: re.Match[str], text: str) -> str:
    near = text[max(0, match.start() - 16) : match.start("digits")] + " … " + text[match.end() : match.end() + 10]
    if not re.search("[a-z]{4}", near):
        return ""
    return next((sign for words, sign in _ENGLISH_BOUNDS if re.search(rf"\b(?:{words})\b", near, re.IGNORECASE)), "")


def _int(text: str | None) -> int | None:
    return int(text) if text else None
