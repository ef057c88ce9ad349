"""File names from titles: Japanese stays as it is, and the name can be used on Windows, macOS and Linux alike.

A title is words for people, so what a file system refuses is shown by a full-width look-alike (`:` as `：`), not lost.
Writes nothing and looks at no disk.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST_BYTES: Final = 255
"""Of a name in UTF-8, suffix included: what Linux takes."""
MOST_CHARACTERS: Final = 120
"""Of a name, suffix included: Windows takes 260 for the whole path, and the folder needs some of them."""
_UNNAMED = "研修資料"
_LOOK_ALIKES = str.maketrans('<>:"/\\|?*', "＜＞：”／＼｜？＊")
# Controls, invisible formatting such as a change of direction, half a surrogate pair, private use, not assigned.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
# A first dot hides a file, a first hyphen makes it an option of a command, a first tilde a home folder.
_LEADING = {".": "．", "-": "－", "~": "～"}


def file_name(title: str, suffix: str) -> str:
    """Return a name for a file with this title; `suffix` with its dot, as it is (`.gift.txt`).

    Never empty, in NFC, at most 120 characters and 255 bytes of UTF-8; a longer title is cut at its end.
    """
    stem = _cut(_visible(title).translate(_LOOK_ALIKES), suffix)
    if stem[:1] in _LEADING:
        stem = _LEADING[stem[0]] + stem[1:]
    # Windows looks at what stands before the first dot.
    if _RESERVED.fullmatch(stem.partition(".")[0].rstrip()):
        stem = f"_{stem}"
    return (stem or _UNNAMED) + suffix


def _visible(title: str) -> str:
    """The title in NFC on one line, without what cannot be seen."""
    on_one_line = re.sub(r"\s+", " ", title)
    seen = "".join(letter for letter in on_one_line if unicodedata.category(letter) not in _UNSEEN)
    return unicodedata.normalize("NFC", seen).strip().rstrip(". ")


def _cut(stem: str, suffix: str) -> str:
    """As much of the beginning as there is room for, with two bytes and a character in reserve; no letter is halved."""
    room = MOST_BYTES - len(suffix.encode()) - 2
    short = stem[: MOST_CHARACTERS - len(suffix) - 1].encode()[:room].decode(errors="ignore")
    if short != stem:
        # What is left of a letter and its mark would be another letter.
        following = stem[len(short)]
        while short and unicodedata.combining(following):
            following, short = short[-1], short[:-1]
    return short.rstrip(". ")
