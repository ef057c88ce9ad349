"""Where lines of Japanese may end (kinsoku): a pure function on characters and their widths. Draws nothing.

A line does not begin with 、。」ー and the like nor end with 「（, and words of Latin letters and numbers stay whole as
long as they fit; what does not fit is carried over to the next line (oidashi).
"""

from __future__ import annotations

from collections.abc import Sequence

NOT_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々〻ー’”）〕］｝〉》」』】｣､｡･ｰﾞﾟ°′″℃％‰‐–—〜～ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ!),.:;?]}%…‥"
)
"""Characters that no line begins with."""
NOT_LAST = frozenset("‘“（〔［｛〈《「『【｢￥＄￡＃＠〒§$£#@([{¥")
"""Characters that no line ends with."""
_SPACES = frozenset(" \u3000")
_TWINS = frozenset({"……", "‥‥", "——", "――"})
# A long word is parted rather than leave more than this share of a line empty.
_MOST_EMPTY = 0.4


def break_lines(text: str, widths: Sequence[float], available: float, first: float = 0.0) -> list[tuple[int, int]]:
    """The lines of a text as (begin, end), in order; spaces at the end of a line belong to no line.

    `widths` has one number for each character, in the unit of `available`; `first` is what the first line is indented
    by. Every line holds at least one character, or is an empty line of the text.
    """
    lines: list[tuple[int, int]] = []
    start = 0
    for paragraph in text.split("\n"):
        end = start + len(paragraph)
        lines += _break(text, widths, start, end, available, 0.0 if lines else first)
        start = end + 1
    return lines


def _break(
    text: str, widths: Sequence[float], start: int, end: int, available: float, first: float
) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    room = available - first
    while (full := _fill(widths, start, end, room)) < end:
        cut = _cut(text, widths, start, full, room)
        lines.append((start, _without_spaces(text, start, cut)))
        start, room = _skip_spaces(text, cut, end), available
    if start < end or not lines:
        lines.append((start, end))
    return lines


def _fill(widths: Sequence[float], start: int, end: int, room: float) -> int:
    """The end of the most characters that fit; at least one does."""
    used = 0.0
    for place in range(start, end):
        used += widths[place]
        if used > room + 1e-6 and place > start:
            return place
    return end


def _cut(text: str, widths: Sequence[float], start: int, full: int, room: float) -> int:
    """The best place to end a line that holds `start` to `full` at most."""
    empty = 0.0
    for place in range(full, start, -1):
        if _may_break(text, place):
            return place
        empty += widths[place - 1]
        if empty > _MOST_EMPTY * room:
            break
    # A word or an address that is longer than that: part it, but still not before 、 or behind 「.
    return next((place for place in range(full, start, -1) if _may_part(text, place)), full)


def _may_break(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if before in _SPACES or after in _SPACES:
        return after in _SPACES or after not in NOT_FIRST
    if before == "]" and after == "[":
        return True
    return _may_part(text, place) and not (_is_latin(before) and _is_latin(after))


def _may_part(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    return after not in NOT_FIRST and before not in NOT_LAST and before + after not in _TWINS


def _is_latin(character: str) -> bool:
    """Letters, digits and signs of one word: ASCII, accented letters, full-width digits."""
    return "!" <= character <= "~" or "À" <= character <= "ɏ" or "０" <= character <= "９"


def _without_spaces(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1] in _SPACES:
        end -= 1
    return end


def _skip_spaces(text: str, start: int, end: int) -> int:
    while start < end and text[start] in _SPACES:
        start += 1
    return start
