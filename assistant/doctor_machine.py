"""What Mamori needs of this computer: a folder of its own, room, a Japanese font, text recognition. Changes nothing."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from assistant.doctor_check import Check
from assistant.settings import Settings
from index.errors import reason

_LEAST_FREE_BYTES = 500_000_000
_EVERYBODY_ELSE: Final = stat.S_IRWXG | stat.S_IRWXO
_PASS: Final = stat.S_IXGRP | stat.S_IXOTH

FONT_FOLDERS = (
    *("/usr/share/fonts", "/usr/share/X11/fonts/Type1", "/usr/share/X11/fonts/TTF", "/usr/local/share/fonts"),
)
"""Where pdfium looks for fonts on Linux. It asks no fontconfig, and does not look into a person's own folder."""
_FONT_ENDINGS: Final = (".ttf", ".ttc", ".otf")
_MOST_FONTS: Final = 20_000
_JAPANESE_CODE_PAGE: Final = 1 << 17


def check_folder(settings: Settings) -> Check:
    """Whether the data folder, or the folder that it would be made in, can be written to, and only by its owner."""
    name, place = "データフォルダー", _existing(settings.data_dir)
    advice = "書けるフォルダーを MAMORI_DATA_DIR か --data-dir で指定してください。"
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return Check(name, False, f"{settings.data_dir} に書けません（{reason(error)}）。{advice}")
    if place != settings.data_dir.absolute():
        return Check(name, True, f"{settings.data_dir}（まだありません。はじめて索引を作るときに作ります）")
    if problem := _shared(place):
        return Check(name, True, f"{settings.data_dir}（書けます）。{problem}", is_advice=True)
    return Check(name, True, f"{settings.data_dir}（書けます）")


def _shared(folder: Path) -> str | None:
    """What is to be said of a folder that belongs to somebody else or that others can look into."""
    if sys.platform == "win32":  # rights are kept in another way there, and a person's own folders are closed
        return None
    if folder.stat().st_uid != os.getuid():
        return "持ち主がほかの利用者です。心当たりがなければ、自分のフォルダーを --data-dir で指定してください。"
    if is_open_to_others(_modes(folder)):
        return f"質問や資料を置く場所ですが、ほかの利用者も開けます。`chmod 700 {folder}` で自分だけにしてください。"
    return None


def _modes(folder: Path) -> list[int]:
    """The rights of a folder and of all above it, from the folder upwards."""
    return [place.stat().st_mode for place in (folder, *folder.parents)]


def is_open_to_others(modes: Sequence[int]) -> bool:
    """Whether anyone but the owner gets into a folder, by its mode and those above it; one closed folder is enough."""
    own, *above = modes
    return bool(own & _EVERYBODY_ELSE) and all(mode & _PASS for mode in above)


def check_space(settings: Settings) -> Check:
    """Whether there is room for an index."""
    try:
        free = shutil.disk_usage(_existing(settings.data_dir)).free
    except OSError as error:
        return Check("空き容量", False, f"調べられません（{reason(error)}）。データフォルダーを確かめてください。")
    amount = f"{free / 1e9:.1f} GB"
    if free < _LEAST_FREE_BYTES:
        return Check("空き容量", False, f"{amount} しかありません。0.5 GB 以上に空けてください。")
    return Check("空き容量", True, amount)


def _existing(folder: Path) -> Path:
    """A folder, or the nearest one above it that is there."""
    folder = folder.absolute()
    return next((place for place in (folder, *folder.parents) if place.exists()), folder)


def check_fonts() -> Check:
    """Whether pdfium has a font for Japanese that a PDF does not bring along."""
    name = "日本語フォント"
    if sys.platform != "linux":
        return Check(name, True, "OSに入っているものを使います")
    if font := next(filter(_is_japanese, _fonts()), None):
        return Check(name, True, font.name)
    return Check(
        name,
        True,
        "ありません。フォントを埋め込んでいないPDFは、ページの画像やOCRで文字が抜けます。"
        "`sudo apt install fonts-ipafont` で入れてください。",
        is_advice=True,
    )


def _fonts() -> Iterator[Path]:
    """The fonts that pdfium would find, up to a number that no sensible machine has."""
    seen = 0
    for top in FONT_FOLDERS:
        for folder, _, names in os.walk(top):
            for name in sorted(names):
                if name.lower().endswith(_FONT_ENDINGS) and (seen := seen + 1) <= _MOST_FONTS:
                    yield Path(folder, name)


def _is_japanese(font: Path) -> bool:
    """Whether a font says of itself what pdfium goes by: the Japanese code page in its table OS/2."""
    try:
        with font.open("rb") as file:
            head = file.read(16)
            start = struct.unpack(">I", head[12:16])[0] if head.startswith(b"ttcf") else 0
            file.seek(start)
            (tables,) = struct.unpack(">4xH6x", file.read(12))
            records = struct.iter_unpack(">4s4xII", file.read(16 * tables))
            offset = next(offset for tag, offset, _ in records if tag == b"OS/2")
            file.seek(offset + 78)
            return bool(struct.unpack(">I", file.read(4))[0] & _JAPANESE_CODE_PAGE)
    except (OSError, struct.error, StopIteration):
        return False


def check_ocr() -> Check:
    """Whether pages that are pictures can be read; Mamori works without."""
    from corpus.readers.ocr import ocr_problem

    problem = ocr_problem()
    if problem is None:
        return Check("OCR", True, "使えます（`mamori index build --ocr`）")
    return Check("OCR", True, f"画像だけのPDFは読めません。{problem}", is_advice=True)
