"""A Japanese font for PDF files: one of this computer, embedded in part, or else the standard one that readers bring.

reportlab embeds TrueType outlines alone, so fonts with PostScript outlines (Hiragino, Noto Sans CJK) are passed over,
and so are those whose makers forbid embedding. No font is part of Mamori.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

GETA = "〓"
"""Printed where a font lacks a character, as Japanese printers do."""
_LATIN = "Helvetica"
_STANDARD = "HeiseiKakuGo-W5"
_FOLDERS = (
    "C:/Windows/Fonts",
    "~/AppData/Local/Microsoft/Windows/Fonts",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "/System/Library/Fonts/Supplemental",
)
# (regular, its number in a collection, bold, its number), those that read best on paper first.
_WANTED = (
    ("BIZ-UDGothicR.ttc", 1, "BIZ-UDGothicB.ttc", 1),
    ("BIZUDPGothic-Regular.ttf", 0, "BIZUDPGothic-Bold.ttf", 0),
    ("YuGothM.ttc", 0, "YuGothB.ttc", 0),
    ("YuGothR.ttc", 0, "YuGothB.ttc", 0),
    ("yugothic.ttf", 0, "yugothib.ttf", 0),
    ("meiryo.ttc", 0, "meiryob.ttc", 0),
    ("ipaexg.ttf", 0, None, 0),
    ("ipag.ttf", 0, None, 0),
    ("TakaoGothic.ttf", 0, None, 0),
    ("VL-Gothic-Regular.ttf", 0, None, 0),
    ("msgothic.ttc", 0, None, 0),
    ("Arial Unicode.ttf", 0, None, 0),
)
_NEEDED = "あア漢、。「」ー〓"


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font on this computer; `index` is its number in a collection (.ttc), `bold` its heavier sister."""

    path: Path
    index: int = 0
    bold: FontFile | None = None


@dataclass(slots=True)
class Typeface:
    """What text is set in: which font a character comes from, and how wide it is.

    `bold` is None where the font has no heavier sister; headings are then drawn with a thin outline. `latin` is what
    stands in for characters that the font lacks. `lacking` collects characters that neither has: they are shown as 〓.
    """

    regular: str
    bold: str | None
    is_embedded: bool
    has: Callable[[str], bool]
    latin: str = _LATIN
    lacking: set[str] = field(default_factory=set)
    _widths: dict[tuple[str, bool], tuple[str, str, float]] = field(default_factory=dict)

    def glyph(self, character: str, is_bold: bool = False) -> tuple[str, str, float]:
        """The character to draw, the name of its font, and its width in ems."""
        key = (character, is_bold)
        if key not in self._widths:
            self._widths[key] = self._find(character, is_bold)
        return self._widths[key]

    def _find(self, character: str, is_bold: bool) -> tuple[str, str, float]:
        from reportlab.pdfbase.pdfmetrics import stringWidth  # type: ignore[import-untyped]

        name = (self.bold or self.regular) if is_bold else self.regular
        if not self.has(character):
            if _is_latin(character):
                name = f"{self.latin}-Bold" if is_bold else self.latin
            else:
                self.lacking.add(character)
                character = GETA
        return character, name, stringWidth(character, name, 1.0)


def clean(text: str) -> str:
    """A text without what cannot be printed: controls become spaces, invisible marks go; line ends stay."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(_printable(character) for character in text)


def _printable(character: str) -> str:
    if character in "\n\u3000" or character.isprintable():
        return "" if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef" else character
    kind = unicodedata.category(character)
    if kind == "Cf":
        return ""
    return GETA if kind in {"Cs", "Co", "Cn"} else " "


def find_typeface(fonts: Iterable[FontFile] | None = None) -> Typeface:
    """The first font that can be embedded and has Japanese, of `fonts` or of this computer; else the standard one."""
    for font in installed() if fonts is None else fonts:
        if (typeface := _embedded(font)) is not None:
            return typeface
    return standard_typeface()


def standard_typeface() -> Typeface:
    """The Japanese font that PDF readers bring along. Nothing is embedded; Latin letters come from Helvetica."""
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
    from reportlab.pdfbase.pdfmetrics import registerFont

    registerFont(UnicodeCIDFont(_STANDARD))
    return Typeface(_STANDARD, None, False, _is_japanese)


def installed() -> Iterator[FontFile]:
    """Fonts of this computer that may do, best first."""
    places = _places()
    for name, index, bold_name, bold_index in _WANTED:
        if (path := places.get(name.casefold())) is not None:
            bold = places.get(bold_name.casefold()) if bold_name else None
            yield FontFile(path, index, FontFile(bold, bold_index) if bold else None)


@cache
def _places() -> dict[str, Path]:
    """Where the wanted fonts lie, by file name in small letters."""
    wanted = {name.casefold() for each in _WANTED for name in (each[0], each[2]) if name}
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for path in _files(Path(folder)):
            if (name := path.name.casefold()) in wanted:
                found.setdefault(name, path)
    return found


def _files(folder: Path) -> Iterator[Path]:
    try:
        folder = folder.expanduser()
        # In order, so that the same computer takes the same font.
        yield from sorted(path for path in folder.rglob("*") if path.suffix.casefold() in {".ttf", ".ttc"})
    except (OSError, RuntimeError):
        return


def _embedded(font: FontFile) -> Typeface | None:
    """A typeface from a file, or None where it cannot be read, may not be embedded or lacks Japanese."""
    regular = _register(font)
    if regular is None:
        return None
    name, characters = regular
    if not all(ord(character) in characters for character in _NEEDED):
        return None
    bold = _register(font.bold) if font.bold else None
    return Typeface(name, bold[0] if bold else None, True, lambda character: ord(character) in characters)


@cache
def _register(font: FontFile) -> tuple[str, frozenset[int]] | None:
    """Load a font once and give it to reportlab: its name there, and the characters that it has."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]

    try:
        loaded = TTFont(f"mamori-{font.path.stem}-{font.index}", str(font.path), subfontIndex=font.index)
    except Exception:  # reportlab raises its own, struct's, and what comes of a damaged table
        return None
    registerFont(loaded)
    # reportlab writes the map from glyphs to text with four digits: beyond the basic plane nothing could be copied.
    return loaded.fontName, frozenset(code for code in loaded.face.charToGlyph if code <= 0xFFFF)


def _is_japanese(character: str) -> bool:
    """Whether a character is in the repertoire that readers' Japanese fonts share, and no Latin letter."""
    return character > "\x7f" and _encodes(character, "cp932")


def _is_latin(character: str) -> bool:
    return _encodes(character, "cp1252") and character.isprintable()


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
