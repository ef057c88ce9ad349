"""Which formats there are: one table, from the key that a person types to the function that makes the bytes.

The modules of the formats, and with them the heavy libraries, are imported when a file is made. Writes nothing to disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Final

from training.errors import ExportError, TrainingError, UnknownChoice
from training.models import Pack, Quiz


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `suffix` has its dot; `name` is what users read.

    `is_quiz`: it holds the quiz alone, so a pack gives its quiz to it. `fits_both`: it holds a pack or a quiz alike.
    """

    key: str
    suffix: str
    mime: str
    name: str
    is_quiz: bool
    write: Callable[[Pack | Quiz], bytes]
    fits_both: bool = False

    def takes(self, material: Pack | Quiz) -> bool:
        """Whether this can be made of a pack, or of a quiz alone; of a quiz without items, no quiz can."""
        if self.is_quiz:
            return bool(material.quiz if isinstance(material, Pack) else material.items)
        return isinstance(material, Pack) or self.fits_both


def _late(module: str, function: str) -> Callable[[Pack | Quiz], bytes]:
    """A function of a module that is imported when it is called."""

    def write(material: Pack | Quiz) -> bytes:
        made = getattr(import_module(f"training.export.{module}"), function)(material)
        assert isinstance(made, bytes)
        return made

    return write


def _write_json(material: Pack | Quiz) -> bytes:
    from training.saved import to_json

    return to_json(material).encode()


_OFFICE = "application/vnd.openxmlformats-officedocument"
_ALL = (
    Format(
        "pptx",
        ".pptx",
        f"{_OFFICE}.presentationml.presentation",
        "PowerPoint（スライド）",
        False,
        _late("pptx", "write_pptx"),
    ),
    Format(
        "docx",
        ".docx",
        f"{_OFFICE}.wordprocessingml.document",
        "Word（配布・進行資料）",
        False,
        _late("docx", "write_docx"),
    ),
    Format("pdf", ".pdf", "application/pdf", "PDF（配布資料）", False, _late("pdf", "write_pdf")),
    Format("md", ".md", "text/markdown", "Markdown", False, _late("markdown", "write_markdown"), fits_both=True),
    # Moodle takes GIFT as plain text, and a file named .txt opens wherever it is looked at.
    Format("gift", ".gift.txt", "text/plain", "クイズ：Moodle GIFT", True, _late("gift", "write_gift")),
    Format("xml", ".xml", "application/xml", "クイズ：Moodle XML", True, _late("moodle_xml", "write_moodle_xml")),
    Format("csv", ".csv", "text/csv", "クイズ：CSV（Excelで開けます）", True, _late("csv", "write_csv")),
    Format("apkg", ".apkg", "application/octet-stream", "クイズ：Anki", True, _late("anki", "write_anki")),
    Format("json", ".json", "application/json", "編集用の保存ファイル（JSON）", False, _write_json, fits_both=True),
)
FORMATS: Final[Mapping[str, Format]] = MappingProxyType({each.key: each for each in _ALL})
"""Every format by its key, in the order in which they are offered."""


def formats_for(material: Pack | Quiz) -> tuple[Format, ...]:
    """The formats that a pack, or a quiz alone, can be written in."""
    return tuple(each for each in FORMATS.values() if each.takes(material))


def export(material: Pack | Quiz, key: str) -> bytes:
    """Return the content of a file; the same material gives the same content.

    Raises UnknownChoice for a key that there is not or that does not fit (slides of a quiz alone, a quiz without
    items), ExportError where it cannot be made. Of a pack, a format for quizzes gets its quiz.
    """
    chosen = format_for(material, key)
    if chosen.is_quiz and isinstance(material, Pack):
        material = material.as_quiz()
    try:
        return chosen.write(material)
    except TrainingError:
        raise
    except ImportError as error:
        raise ExportError(
            f"{chosen.name} を作る部品（{error.name or error}）がありません。`mamori doctor` で確かめてください。"
        ) from error
    except Exception as error:
        raise ExportError(
            f"{chosen.name} のファイルを作れませんでした（{type(error).__name__}: {error}）。"
            "ほかの形式を選ぶか、編集した箇所を元に戻してください。"
        ) from error


def format_for(material: Pack | Quiz, key: str) -> Format:
    """The format of a key; UnknownChoice, which lists what fits, where there is none or it does not fit."""
    chosen = FORMATS.get(key)
    fitting = "、".join(each.key for each in formats_for(material))
    if chosen is None:
        raise UnknownChoice(f"「{key}」という形式はありません。{fitting} から選んでください。")
    if chosen.is_quiz and not chosen.takes(material):
        raise UnknownChoice(f"クイズの問題がないので、{chosen.name} を作れません。{fitting} から選んでください。")
    if not chosen.takes(material):
        raise UnknownChoice(f"クイズだけでは {chosen.name} を作れません。{fitting} から選んでください。")
    return chosen


def ordered_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Keys in the order of the table, each once; UnknownChoice for one that there is not. 「all」 is all of them."""
    wanted = {key.strip().casefold() for key in keys}
    if unknown := sorted(wanted - {*FORMATS, "all"}):
        there_are = "、".join(FORMATS)
        raise UnknownChoice(f"「{unknown[0]}」という形式はありません。{there_are} から選んでください。")
    return tuple(key for key in FORMATS if key in wanted or "all" in wanted)
