"""What a reader sees of a text: for comparing what was typed or read from a file. Shown texts are not changed by it."""

from __future__ import annotations

import unicodedata
from typing import Final

# Controls, formatting such as a change of direction or a space without width, half a surrogate pair.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})


def seen(text: str) -> str:
    """The text on one line, without characters that nobody sees; "" where there is nothing to see.

    Texts that differ in nothing else look the same.
    """
    return " ".join("".join(map(_visible, text)).split())


def _visible(letter: str) -> str:
    return letter if letter.isspace() or unicodedata.category(letter) not in _UNSEEN else ""
