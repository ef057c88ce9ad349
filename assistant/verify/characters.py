"""Characters: which ones nobody can see, and which ones only look like ASCII. One character in, at most one out."""

from __future__ import annotations

import unicodedata

_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_ENCLOSING = ("\u20d0", "\u20ff")
_SELECTORS = (("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))
_SAME = {
    "。": ".",
    "｡": ".",
    "．": ".",
    "⁄": "/",
    "∕": "/",
    "⧸": "/",
    "╱": "/",
    "：": ":",
    "꞉": ":",
    "∶": ":",
    "ː": ":",
}


class _Visible(dict[int, int | str | None]):
    """A translation table that is filled as characters turn up."""

    def __missing__(self, code: int) -> int | str | None:
        self[code] = _visible(chr(code))
        return self[code]


class _Folded(dict[int, int | str | None]):
    def __missing__(self, code: int) -> int | str | None:
        self[code] = _folded(chr(code))
        return self[code]


_VISIBLE, _FOLDED = _Visible(), _Folded()


def visible(text: str) -> str:
    """A text without characters that nobody sees: controls, bidi, zero width, tags, selectors, fillers, private use.

    Every line end becomes \\n, a carriage return nothing, other white space a space: each character for itself, so that
    a text may come in parts.
    """
    return text.translate(_VISIBLE)


def folded(text: str) -> str:
    """A text of the same length in which what looks like an ASCII sign is that sign, in lower case."""
    return text.translate(_FOLDED)


def _visible(character: str) -> str | None:
    if character in "\n\x0b\x0c\x85\u2028\u2029":
        return "\n"
    category = unicodedata.category(character)
    if character == "\t" or category == "Zs":
        return "　" if character == "　" else " "
    if category in ("Cc", "Cf", "Cs", "Co", "Cn") or character in _FILLERS:
        return None
    if _ENCLOSING[0] <= character <= _ENCLOSING[1] or any(first <= character <= last for first, last in _SELECTORS):
        return None
    return character


def _folded(character: str) -> str:
    if character in _SAME:
        return _SAME[character]
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1 and plain.isascii() and unicodedata.category(character) != "No":
        return plain.lower()
    lower = character.lower()
    return lower if len(lower) == 1 else character
