"""The parts of a workbook around its sheets: which sheets there are, shared strings, number formats, title.

Elements are known by their local names, so that the strict variant of the format is read as well. No DTD is accepted.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from corpus.readers.xlsx_formats import BUILTIN_FORMATS, GENERAL

_BLOCK: Final = 1 << 16
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; `part` is the path of its XML in the package."""

    name: str
    part: str
    is_hidden: bool


class Events:
    """A target for lxml's parser that hands over elements by their local names; subclasses say what they want."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Called by the parser."""
        self.begin(tag.rpartition("}")[2], attributes)

    def end(self, tag: str) -> None:
        """Called by the parser."""
        self.finish(tag.rpartition("}")[2])

    def data(self, text: str) -> None:
        """Called by the parser."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """No part of an Office file has one; those that do mean harm. Raises ValueError."""
        raise ValueError("a part with a document type")

    def close(self) -> None:
        """Called by the parser."""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def finish(self, name: str) -> None:
        """An element ends."""


class Package:
    """A workbook's ZIP; parts that are missing or broken count as empty, but for the workbook itself."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts = {_key(name): name for name in archive.namelist()}

    @property
    def is_binary(self) -> bool:
        """Whether this is an .xlsb, whose parts are no XML."""
        return "xl/workbook.bin" in self._parts

    @property
    def counts_from_1904(self) -> bool:
        """Whether days are counted from 1904, as old Macintosh files do."""
        return self._workbook.counts_from_1904

    def walk(self, part: str, target: Events) -> None:
        """Send the events of a part to `target`. Raises KeyError where it is missing, or what the parser raises."""
        from lxml import etree  # type: ignore[import-untyped]

        parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False)
        with self._archive.open(self._parts[_key(part)]) as file:
            while block := file.read(_BLOCK):
                parser.feed(block)
        parser.close()

    def sheets(self) -> list[Sheet]:
        """The sheets in the order of their tabs. Raises KeyError or ValueError where there is no workbook."""
        links = _Links()
        self._try(_rels_of(self._workbook_part), links)
        base = posixpath.dirname(self._workbook_part)
        found = []
        for name, link, state in self._workbook.sheets:
            target = links.targets.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
            found.append(Sheet(" ".join(name.split()), part, state in ("hidden", "veryHidden")))
        return found

    def title(self) -> str | None:
        """The title in the file's properties."""
        title = _Text("title")
        self._try("docProps/core.xml", title)
        text = " ".join("".join(title.parts).split())
        return text if 0 < len(text) <= _TITLE_LENGTH else None

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, readings above them left out; as many as can be read."""
        strings = _Strings()
        self._try(self._beside_workbook("sharedStrings.xml"), strings)
        return strings.found

    @cached_property
    def formats(self) -> list[str]:
        """The number format of each cell style."""
        styles = _Styles()
        self._try(self._beside_workbook("styles.xml"), styles)
        return [styles.codes.get(number) or BUILTIN_FORMATS.get(number, GENERAL) for number in styles.used]

    @cached_property
    def _workbook_part(self) -> str:
        links = _Links()
        self._try("_rels/.rels", links)
        target = next((links.targets[link] for link, kind in links.kinds.items() if kind == "officeDocument"), "")
        return target.lstrip("/") if _key(target.lstrip("/")) in self._parts else "xl/workbook.xml"

    @cached_property
    def _workbook(self) -> _Workbook:
        workbook = _Workbook()
        self.walk(self._workbook_part, workbook)
        return workbook

    def _beside_workbook(self, name: str) -> str:
        return posixpath.join(posixpath.dirname(self._workbook_part), name)

    def _try(self, part: str, target: Events) -> None:
        try:
            self.walk(part, target)
        except MemoryError:
            raise
        # A part that breaks off has given what it could.
        except Exception:
            return


class TextBuffer:
    """The text of the element that is wanted, and nothing in between."""

    def __init__(self) -> None:
        self.is_open = False
        self._parts: list[str] = []

    def add(self, text: str) -> None:
        """Text, kept where it is wanted."""
        if self.is_open:
            self._parts.append(text)

    def take(self) -> str:
        """What was gathered, with escapes undone and without what XML cannot carry."""
        if not self._parts:
            return ""
        text = "".join(self._parts)
        self._parts.clear()
        if "_x" in text:
            text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        return _UNSEEN.sub("", text)


def _key(name: str) -> str:
    return name.replace("\\", "/").lower()


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() else 0


class _Links(Events):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            link = attributes.get("Id", "")
            self.targets[link] = attributes.get("Target", "")
            self.kinds[link] = attributes.get("Type", "").rpartition("/")[2]


class _Workbook(Events):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.counts_from_1904 = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            self.sheets.append((attributes.get("name", ""), link, attributes.get("state", "")))
        elif name == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904") in ("1", "true")


class _Text(Events):
    def __init__(self, wanted: str) -> None:
        self.wanted, self.parts = wanted, list[str]()
        self._is_open = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self._is_open = name == self.wanted

    def finish(self, name: str) -> None:
        self._is_open = False

    def data(self, text: str) -> None:
        if self._is_open:
            self.parts.append(text)


class _Strings(Events):
    def __init__(self) -> None:
        self.found: list[str] = []
        self._text = TextBuffer()
        self._in_reading = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "rPh":
            self._in_reading = True
        elif name == "t":
            self._text.is_open = not self._in_reading

    def data(self, text: str) -> None:
        self._text.add(text)

    def finish(self, name: str) -> None:
        if name == "t":
            self._text.is_open = False
        elif name == "rPh":
            self._in_reading = False
        elif name == "si":
            self.found.append(self._text.take())


class _Styles(Events):
    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.used: list[int] = []
        self._in_cell_styles = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "cellXfs":
            self._in_cell_styles = True
        elif name == "xf" and self._in_cell_styles:
            self.used.append(_number(attributes.get("numFmtId")))
        elif name == "numFmt":
            self.codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")

    def finish(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cell_styles = False
