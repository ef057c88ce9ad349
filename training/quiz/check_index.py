"""Where the passages of an index say a piece of text: what the checker looks up thousands of times.

A look-up finds what comparing with every passage would find, only faster; it decides nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from corpus.models import Chunk
from training.material import Material
from training.quiz.check_text import key, shows, values

_LABEL_LINE = re.compile(r"^(?P<label>[^:]{2,80}?)(?:\((?P<inner>[^()]*)\))?:(?P<value>.+)$")
_NUMBERED = re.compile(r"(?:\(?\d{1,2}\)?)$")


class Lookup:
    """The passages of one index as keys.

    `labelled` are their lines 「X（…）：Y」: label, the parts of its brackets, value.
    """

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks
        self._texts = _Joined([key(chunk.text) for chunk in chunks])
        self._headings = _Joined(["\n".join(key(heading) for heading in chunk.section) for chunk in chunks])
        self.labelled = tuple(found for chunk in chunks for found in _labels(chunk.text))

    def having(self, text: str) -> list[Chunk]:
        """The passages that have a text in their own text."""
        return [self._chunks[number] for number in self._texts.having(key(text))]

    def under(self, text: str) -> list[Chunk]:
        """The passages that have a text in one of the headings above them."""
        return [self._chunks[number] for number in self._headings.having(key(text))]

    def showing(self, text: str) -> list[Chunk]:
        """The passages that have a text, or where it is a figure, its value."""
        if not values(text):
            return self.having(text)
        return [chunk for chunk in self._chunks if shows(chunk.text, text)]


class _Joined:
    """Texts as one, with the place where each begins. A key has no line end, so none is found across two."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._whole = "\n".join(texts)
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))[:-1]

    def having(self, text: str) -> list[int]:
        found = []
        at = self._whole.find(text) if text else -1
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            found.append(number)
            at = self._whole.find(text, self._starts[number + 1]) if number + 1 < len(self._starts) else -1
        return found


class _Same:
    """Passages compared by being the very same, as comparing their texts would take longer than what it saves."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self.chunks = chunks

    def __hash__(self) -> int:
        return id(self.chunks)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.chunks is self.chunks


def lookup_of(material: Material) -> Lookup:
    """The look-up of an index, made once for the last two."""
    return _lookup(_Same(material.chunks))


@lru_cache(maxsize=2)
def _lookup(same: _Same) -> Lookup:
    return Lookup(same.chunks)


def _labels(text: str) -> list[tuple[str, tuple[str, ...], str]]:
    """The labelled lines of a text: label without number, the parts of its brackets, value."""
    found = []
    for line in text.split("\n"):
        if match := _LABEL_LINE.match(key(line)):
            inner = tuple(part for part in (match["inner"] or "").split("、") if part)
            found.append((_NUMBERED.sub("", match["label"]), inner, match["value"]))
    return found
