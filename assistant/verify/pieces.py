"""A stream of text cut into pieces that can be checked one by one: sentences with their markers, or whole lines.

Where it is cut depends on the text alone, never on how it arrived.
"""

from __future__ import annotations

import re

from assistant.verify.characters import visible

_END = re.compile(r"\n|[。！？｡](?:[」』）)\]］】”\"']|\*\*)*|[.!?](?:[)\"'”’]|\*\*)*(?=[ 　]*\n|[ 　]+[^\sa-z\d])")
_SPACES = re.compile(r"[ 　]*")
# Brackets with a number in them, or raised digits, behind a full stop: the marker of the sentence before.
_MARK = re.compile(
    r"[\[［【〔〖⟦{(（⁽][^\[\]［］【】〔〕〖〗()（）\n]{0,40}[\]］】〕〗⟧})）⁾]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|<sup>.{0,40}?</sup>",
    re.IGNORECASE,
)
_HAS_NUMBER = re.compile(r"\d|[一二三四五六七八九十①-⑳⁰¹²³⁴⁵⁶⁷⁸⁹]")
_OPENS = "[［【〔〖⟦{(（⁽<"
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|Fed|Reg|Rev|St|Vol|Ver|Ed|al|Nov|Dec|Jan|Feb|Aug|Sept?|Oct|No|Nos|Art|Sec|Fig|pp?|Co|Ltd|Inc|Mr|Mrs|Ms|Dr|Ch|approx|[A-Z])|^\s*\d+)\.$"
)
_HELD = re.compile(r"<(!--|script|style|iframe|svg|object|think|thinking|template)(?![a-z])", re.IGNORECASE)
_CLOSES = {"!--": "-->"}
_LONGEST_TAG, _LONGEST_QUOTE = 1500, 120
_LONGEST, _LONGEST_HELD = 2000, 50_000


class Pieces:
    """Collects what arrives and gives back what is complete."""

    def __init__(self) -> None:
        self._left = ""

    def feed(self, arrived: str) -> list[str]:
        """Add a part of the stream; return the pieces that are complete with it."""
        self._left += visible(arrived)
        return self._cut(final=False)

    def close(self) -> list[str]:
        """Return what is left at the end of the stream."""
        pieces = self._cut(final=True)
        left, self._left = self._left, ""
        return [*pieces, left] if left else pieces

    def _cut(self, *, final: bool) -> list[str]:
        pieces = []
        while (end := self._next_end(final)) is not None:
            pieces.append(self._left[:end])
            self._left = self._left[end:]
        return pieces

    def _next_end(self, final: bool) -> int | None:
        """Where the next piece ends; what has no end for very long is cut, so that no work grows without bounds."""
        longest = _LONGEST_HELD if _HELD.search(self._left, 0, _LONGEST) else _LONGEST
        window = self._left[: longest + 1]
        end = _first_end(window, final and len(self._left) <= longest)
        if (end is None or end > longest) and len(window) > longest:
            return longest
        return end


def _first_end(text: str, final: bool) -> int | None:
    """Where the first piece ends, or None where that cannot be told yet."""
    at = 0
    while match := _END.search(text, at):
        at = match.end()
        held = _held_until(text, match.start())
        if held is not None:
            if held < 0:
                return None
            at = max(at, held)
            continue
        if match[0] == "\n":
            return at
        if _ABBREVIATED.search(text[: match.start() + 1]) or _in_quotes(text[: match.start()]):
            continue
        end = _with_marks(text, at, final)
        return None if end is None else end
    return None


def _with_marks(text: str, at: int, final: bool) -> int | None:
    """The end of the markers behind a sentence's end; None where more has to arrive to tell."""
    while True:
        after = _SPACES.match(text, at)
        start = after.end() if after else at
        if start >= len(text):
            return len(text) if final else None
        if not final and text[start:] == "*":
            return None
        match = _MARK.match(text, start)
        if match and _HAS_NUMBER.search(match[0]):
            at = match.end()
        elif not match and not final and text[start] in _OPENS and "\n" not in text[start:] and len(text) - start < 44:
            return None
        else:
            return at


def _held_until(text: str, at: int) -> int | None:
    """Where a tag that is open at `at` ends: None where none is, -1 where its end has not arrived."""
    start = text.rfind("<", 0, at)
    for match in _HELD.finditer(text, 0, at):
        closing = _CLOSES.get(match[1].lower(), f"</{match[1].lower()}")
        end = text.lower().find(closing, match.end())
        if end < 0:
            return -1
        if end > at:
            return end + len(closing)
    if start < 0 or not re.match(r"<[A-Za-z/!?]", text[start : start + 2]) or at - start > _LONGEST_TAG:
        return None
    end = text.find(">", start)
    line = text.find("\n", start)
    if end < 0:
        return None if line >= 0 or len(text) - start > _LONGEST_TAG else -1
    return end + 1 if at < end and (line < 0 or end < line) else None


def _in_quotes(before: str) -> bool:
    """Whether a quotation that was opened a little before is still open."""
    start = before.rfind("「")
    return start > before.rfind("」") and len(before) - start < _LONGEST_QUOTE and "\n" not in before[start:]
