"""The numbers of automatic lists as Word and PowerPoint print them: ①, 一, ア, iv. Pure functions on small integers.

Japanese formats first; a format that is not known here is printed in plain digits, as Word does.
"""

from __future__ import annotations

from typing import Final

_KATAKANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
_HALF = dict(
    zip(
        _KATAKANA,
        "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ",
        strict=True,
    )
)
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ZODIAC = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"))
_ROMAN_ONES = ((9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_MOST_COUNTED: Final = 9999
_WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
_HAN_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_LEGAL = str.maketrans("一二三十百千", "壱弐参拾百阡")
_ENCLOSED = {
    "decimalEnclosedCircle": ((20, 0x2460), (35, 0x3251 - 20), (50, 0x32B1 - 35)),
    "decimalEnclosedParen": ((20, 0x2474),),
    "decimalEnclosedFullstop": ((20, 0x2488),),
    "ideographEnclosedCircle": ((10, 0x3280),),
}
_SEQUENCES = {
    "aiueoFullWidth": _KATAKANA,
    "aiueo": "".join(_HALF[kana] for kana in _KATAKANA),
    "irohaFullWidth": _IROHA,
    "iroha": "".join(_HALF.get(kana, kana) for kana in _IROHA),
    "ideographTraditional": _STEMS,
    "ideographZodiac": _ZODIAC,
}
_COUNTING = ("japaneseCounting", "chineseCounting", "chineseCountingThousand", "taiwaneseCountingThousand")
_DIGITAL = ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "taiwaneseCounting", "koreanDigital")


def print_number(value: int, fmt: str) -> str:
    """A number of a list in one of the formats of Open XML (ST_NumberFormat), `none` and `bullet` giving nothing."""
    if fmt in ("none", "bullet"):
        return ""
    if not 0 < value <= _MOST_COUNTED:
        return str(value)
    if fmt in _ENCLOSED:
        return _enclosed(value, fmt)
    if fmt in _SEQUENCES:
        return _repeated(value, _SEQUENCES[fmt])
    if fmt in _COUNTING or fmt == "japaneseLegal":
        return _counted(value).translate(_LEGAL) if fmt == "japaneseLegal" else _counted(value)
    return _western(value, fmt)


def _western(value: int, fmt: str) -> str:
    if fmt in ("upperRoman", "lowerRoman"):
        return _roman(value) if fmt == "upperRoman" else _roman(value).lower()
    if fmt in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A" if fmt == "upperLetter" else "a") + (value - 1) % 26)
        return letter * ((value - 1) // 26 + 1)
    if fmt in ("decimalFullWidth", "decimalFullWidth2"):
        return str(value).translate(_WIDE_DIGITS)
    if fmt in _DIGITAL:
        return str(value).translate(_HAN_DIGITS)
    return f"{value:02d}" if fmt == "decimalZero" else str(value)


def _enclosed(value: int, fmt: str) -> str:
    first = 1
    for last, code in _ENCLOSED[fmt]:
        if first <= value <= last:
            return chr(code + value - 1)
        first = last + 1
    return str(value)


def _repeated(value: int, signs: str) -> str:
    """Behind the last sign a sequence begins anew."""
    return signs[(value - 1) % len(signs)]


def _counted(value: int) -> str:
    """Numbers as they are spoken: 十一, 二百三十."""
    text = ""
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, power)
        if digit:
            text += ("" if digit == 1 and unit else "一二三四五六七八九"[digit - 1]) + unit
    return text


def _roman(value: int) -> str:
    text = ""
    for worth, sign in (*_ROMAN, *_ROMAN_ONES):
        count, value = divmod(value, worth)
        text += sign * count
    return text
