"""Recognised words to lines of text: a pure function on boxes, which knows where Japanese writes no space.

It corrects no character and moves no line. A recogniser parts nearly every Japanese word, and each digit of full width,
from the next; only the distance on the paper tells whether there is a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

# In ems. Digits of full width leave up to three quarters beside them, an ideographic space a whole one; between two
# Japanese characters, whose boxes are often cut too small, only what is wider parts anything.
_SPACE_EMS = 1.0
_JAPANESE_SPACE_EMS = 1.5
_JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2010-\u203b()「」々〆]")


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word: `start` and `end` along the line and `em`, the size of its line, all in pixels.

    `line` is the same for the words of one line and differs from that of the next; `confidence` is from 0 to 100.
    """

    text: str
    line: tuple[int, ...]
    start: int
    end: int
    em: int
    confidence: float


def to_lines(words: Iterable[Word]) -> str:
    """The words in their order as lines of text, with a space only where there is one to see."""
    return "\n".join(_line(list(line)) for _, line in groupby(words, key=lambda word: word.line))


def mean_confidence(words: Sequence[Word]) -> float:
    """The mean confidence of all characters, from 0 to 100; 0.0 where there are none."""
    total = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / total if total else 0.0


def _line(words: Sequence[Word]) -> str:
    text = words[0].text
    for before, after in pairwise(words):
        text += (" " if _is_space(before, after) else "") + after.text
    return text


def _is_space(before: Word, after: Word) -> bool:
    # Lines of a turned picture may run either way.
    gap = max(after.start - before.end, before.start - after.end)
    sides = (_JAPANESE.fullmatch(before.text[-1]), _JAPANESE.fullmatch(after.text[0]))
    if all(sides):
        return gap >= _JAPANESE_SPACE_EMS * before.em
    # Single digits that stand apart are of full width: one number.
    return not (any(sides) or _are_digits(before.text, after.text)) or gap >= _SPACE_EMS * before.em


def _are_digits(*texts: str) -> bool:
    return all(len(text) == 1 and text.isdigit() for text in texts)
