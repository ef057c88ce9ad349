"""Text recognised in a picture of a page: tesseract through pytesseract, with Japanese across and down.

It renders nothing and knows no documents. Reading a picture that is turned is a matter of trying: what tesseract takes
for the right way up goes first, and the reading that it is surest of wins.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from corpus.readers.ocr_lines import Word, mean_confidence, to_lines
from corpus.readers.script import plausibility

if TYPE_CHECKING:
    from PIL.Image import Image

_WINDOWS_PROGRAM: Final = r"C:\Program Files\Tesseract-OCR\tesseract.exe"
_JAPANESE, _VERTICAL, _ENGLISH, _ORIENTATION = "jpn", "jpn_vert", "eng", "osd"
_LIST_SECONDS: Final = 10.0
# Measured: printed pages score 80 to 93, down to 70 dpi, with 1 to 9 % of the characters wrong; the same read the wrong
# way 50 or less, and handwriting too; thin outlines misread in every other word 67.
_SURE: Final = 80.0
_LEAST_CONFIDENCE: Final = 70.0
_LEAST_PLAUSIBILITY: Final = 0.9
_TURNS: Final = (0, 180, 90, 270)
# Below this the other ways up are tried as well where the likeliest gives nothing; short texts score 1 to 10.
_CERTAIN_ORIENTATION: Final = 10.0
_LINE_LEVEL: Final = 4

_HOW_TO_GET: Final = (
    "Debian・Ubuntuでは `sudo apt install tesseract-ocr tesseract-ocr-jpn`、"
    "macOSでは `brew install tesseract tesseract-lang` を実行してください。"
    "Windowsでは、Tesseractのインストーラーで「Japanese」にチェックを付けてください。"
)
_NO_PROGRAM: Final = f"OCR（文字認識）に使うtesseractが入っていません。{_HOW_TO_GET}"
_NO_JAPANESE: Final = f"tesseractに日本語のデータ（jpn）が入っていません。{_HOW_TO_GET}"
_NO_ANSWER: Final = f"tesseractが動きません。入れ直してください。{_HOW_TO_GET}"


def ocr_problem() -> str | None:
    """What keeps OCR from working, with what to do, in one line of Japanese; None where it is ready."""
    if not (program := _program()):
        return _NO_PROGRAM
    if (languages := _languages(program)) is None:
        return _NO_ANSWER
    return None if _JAPANESE in languages else _NO_JAPANESE


def recognise(image: Image, *, dots_per_inch: float, seconds: float) -> str:
    """The lines of text in this picture of a page, whichever way up; an empty text where none can be trusted.

    Raises TimeoutError after `seconds`, with the recogniser ended, and OSError or RuntimeError where it fails. Call it
    where `ocr_problem()` is None.
    """
    program = _program()
    tesseract = _Tesseract(image, program or "", round(dots_per_inch), time.monotonic() + seconds)
    best = _best(tesseract, _languages(program) or frozenset() if program else frozenset())
    return to_lines(best) if _is_text(best) else ""


def _program() -> str | None:
    # The usual installer for Windows does not add its folder to the path.
    return shutil.which("tesseract") or (shutil.which(_WINDOWS_PROGRAM) if sys.platform == "win32" else None)


def _languages(program: str) -> frozenset[str] | None:
    """The names of the data that tesseract has; None where it does not answer."""
    command = [program, "--list-langs"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIST_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    # The first line is a heading; tesseract 4 and older write all of it to standard error.
    return frozenset((done.stdout or done.stderr).decode("utf-8", errors="replace").split("\n")[1:])


@dataclass(frozen=True, slots=True)
class _Tesseract:
    """One picture and the program that reads it, until `deadline` on the monotonic clock."""

    image: Image
    program: str
    dots_per_inch: int
    deadline: float

    def orientation(self) -> Mapping[str, Any]:
        """What tesseract makes of script and orientation; empty where it sees too little to tell."""
        return self._ask("image_to_osd", _ORIENTATION, 0)

    def words(self, turn: int, language: str) -> list[Word]:
        """The words of the picture after turning it clockwise by so many degrees."""
        return list(_words(self._ask("image_to_data", language, turn)))

    def _ask(self, question: str, language: str, turn: int) -> Mapping[str, Any]:
        import pytesseract  # type: ignore[import-untyped]

        pytesseract.pytesseract.tesseract_cmd = self.program
        image = self.image.rotate(-turn, expand=True) if turn else self.image
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            answer: Mapping[str, Any] = getattr(pytesseract, question)(
                image,
                lang=language,
                config=f"--dpi {self.dots_per_inch}",
                timeout=left,
                output_type=pytesseract.Output.DICT,
            )
        except pytesseract.TesseractError:  # too few characters, or nothing that it can work on
            return {}
        except RuntimeError as error:  # pytesseract's word for a time that ran out, the program having been ended
            raise TimeoutError from error
        return answer


def _best(tesseract: _Tesseract, languages: frozenset[str]) -> list[Word]:
    """The first reading that tesseract is sure of, or that with the most characters it is sure of."""
    readings: list[list[Word]] = []
    try:
        orientation = tesseract.orientation() if _ORIENTATION in languages else {}
        for turn, language in _attempts(orientation, languages):
            readings.append(tesseract.words(turn, language))
            if mean_confidence(readings[-1]) >= _SURE and _is_text(readings[-1]):
                break
    except TimeoutError:
        if not any(_is_text(words) for words in readings):
            raise
    return max(readings, key=_weight, default=[])


def _attempts(orientation: Mapping[str, Any], languages: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Which ways up and in which languages to read, the likeliest first."""
    likeliest = orientation.get("rotate", 0)
    is_certain = orientation.get("orientation_conf", 0.0) >= _CERTAIN_ORIENTATION
    is_latin = orientation.get("script") == "Latin"
    wanted = (_ENGLISH, _JAPANESE, _VERTICAL) if is_latin else (_JAPANESE, _VERTICAL)
    for turn in (likeliest,) if is_certain else sorted(_TURNS, key=lambda turn: turn != likeliest):
        yield from ((turn, language) for language in wanted if language in languages)


def _weight(words: Sequence[Word]) -> float:
    return sum((word.confidence - _LEAST_CONFIDENCE) * len(word.text) for word in words)


def _is_text(words: Sequence[Word]) -> bool:
    return mean_confidence(words) >= _LEAST_CONFIDENCE and plausibility(to_lines(words)) >= _LEAST_PLAUSIBILITY


def _words(table: Mapping[str, Any]) -> Iterator[Word]:
    """The words in tesseract's table of boxes, in which each line stands before its words."""
    along, across = ("left", "width"), "height"
    em = 0
    for row, text in enumerate(table.get("text", ())):
        if table["level"][row] == _LINE_LEVEL:
            is_vertical = table["height"][row] > table["width"][row]
            along, across = (("top", "height"), "width") if is_vertical else (("left", "width"), "height")
            em = table[across][row]
        elif text := str(text).strip():
            line = (table["block_num"][row], table["par_num"][row], table["line_num"][row])
            start, length = (table[name][row] for name in along)
            yield Word(text, line, start, start + length, em, float(table["conf"][row]))
