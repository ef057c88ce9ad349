"""The numbers before the items of an HTML list, as a browser would show them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_UNMARKED = re.compile(r"list-style(?:-type)?\s*:\s*none", re.IGNORECASE)
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST = 3_999


class ListNumbers:
    """Counts the items of one list; only an ordered one has marks."""

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        numbered = tag == "ol" and not _UNMARKED.search(attributes.get("style", "")) and "reversed" not in attributes
        self._style = _STYLES.get(attributes.get("type", ""), str) if numbered else None
        self._next = _number(attributes.get("start"), 1)
        self._mark = ""

    def begin_item(self, attributes: Mapping[str, str]) -> None:
        """An item begins; its mark waits for its first text."""
        number = _number(attributes.get("value"), self._next)
        self._next = number + 1
        self._mark = f"{self._style(number)}. " if self._style else ""

    def take_mark(self) -> str:
        """The mark of the open item, once."""
        mark, self._mark = self._mark, ""
        return mark


def _number(value: str | None, otherwise: int) -> int:
    try:
        return int(value or otherwise)
    except ValueError:
        return otherwise


def _letter(number: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    if not 0 < number <= _MOST:
        return str(number)
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    if not 0 < number <= _MOST:
        return str(number)
    text = "m" * (number // 1000)
    number %= 1000
    for value, sign in ((900, "cm"), (500, "d"), (400, "cd"), *_ROMAN):
        count, number = divmod(number, value)
        text += sign * count
    return text


_STYLES: dict[str, Callable[[int], str]] = {
    "1": str,
    "a": _letter,
    "A": lambda number: _letter(number).upper(),
    "i": _roman,
    "I": lambda number: _roman(number).upper(),
}
