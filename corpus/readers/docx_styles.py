"""What a Word paragraph is by its style and its own settings: heading with level, title, item of a list, hidden.

Works on the elements of styles.xml; a style that is based on another has what the other has. Reads no text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from corpus.readers.docx_numbering import W, is_on, value_of
from corpus.readers.office_xml import XmlElement, whole

_HEADING = re.compile(r"^(?:heading|見出し)\s*([1-9])$", re.IGNORECASE)
_TITLE = re.compile(r"^(?:title|表題|タイトル)$", re.IGNORECASE)
_CONTENTS = re.compile(
    r"^(?:toc\s*(?:[1-9]|heading)|contents\s*(?:[1-9]|heading)|目次.*|table of (?:figures|authorities)|図表目次)$",
    re.IGNORECASE,
)
_LIST = re.compile(r"^(?:list\s*(?:bullet|number)\s*\d?|箇条書き.*|段落番号.*)$", re.IGNORECASE)
_BODY_LEVEL = 9
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a paragraph is. `list_id` and `depth` (from 0) say which list it belongs to, if any.

    `level` is a heading's, from 1; 0 for all else.
    """

    level: int = 0
    is_title: bool = False
    is_contents: bool = False
    is_list: bool = False
    is_hidden: bool = False
    list_id: str | None = None
    depth: int = 0


@dataclass
class Styles:
    """The styles of a document by their id."""

    elements: dict[str, XmlElement] = field(default_factory=dict)
    default: str = ""
    known: dict[str, ParagraphStyle] = field(default_factory=dict)
    hidden_runs: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, root: XmlElement | None) -> Styles:
        """The styles of a styles part, or none."""
        found = [] if root is None else root.findall(W + "style")
        default = (
            item.get(W + "styleId", "")
            for item in found
            if item.get(W + "type", "paragraph") == "paragraph" and item.get(W + "default") in ("1", "true", "on")
        )
        return cls({item.get(W + "styleId", ""): item for item in found}, next(default, ""))

    @cached_property
    def list_of_numbering_style(self) -> dict[str, str]:
        """The list that each style points to."""
        pairs = ((id_, value_of(item, "pPr", "numPr", "numId")) for id_, item in self.elements.items())
        return {id_: list_id for id_, list_id in pairs if list_id}

    def of_paragraph(self, paragraph: XmlElement) -> ParagraphStyle:
        """What a w:p is, by its own settings and else by its style."""
        own = paragraph.find(W + "pPr")
        named = self._named(value_of(own, "pStyle") or self.default)
        if own is None:
            return named
        list_id, depth = value_of(own, "numPr", "numId"), value_of(own, "numPr", "ilvl")
        level = named.level
        outline = value_of(own, "outlineLvl")
        if outline is not None and not level:
            level = _outline_level(outline)
        return ParagraphStyle(
            level,
            named.is_title,
            named.is_contents,
            named.is_list and list_id != "0",
            named.is_hidden,
            (None if list_id == "0" else list_id) if list_id is not None else named.list_id,
            whole(depth, 0) if depth is not None else named.depth,
        )

    def hides_run(self, style_id: str) -> bool:
        """Whether a character style hides its text."""
        if style_id not in self.hidden_runs:
            self.hidden_runs[style_id] = self._hides(style_id)
        return self.hidden_runs[style_id]

    def _named(self, style_id: str) -> ParagraphStyle:
        if style_id not in self.known:
            self.known[style_id] = self._resolved(style_id)
        return self.known[style_id]

    def _resolved(self, style_id: str) -> ParagraphStyle:
        names = [_name(item, id_) for id_, item in self._chain(style_id)] or [_spaced(style_id)]
        properties = [item.find(W + "pPr") for _, item in self._chain(style_id)]
        list_ids = [value for item in properties if (value := value_of(item, "numPr", "numId")) is not None]
        depths = [value for item in properties if (value := value_of(item, "numPr", "ilvl")) is not None]
        return ParagraphStyle(
            level=self._level(style_id),
            is_title=any(_TITLE.match(name) for name in names),
            is_contents=any(_CONTENTS.match(name) for name in names),
            is_list=any(_LIST.match(name) for name in names),
            is_hidden=self._hides(style_id),
            list_id=list_ids[0] if list_ids and list_ids[0] != "0" else None,
            depth=whole(depths[0], 0) if depths else 0,
        )

    def _level(self, style_id: str) -> int:
        chain = list(self._chain(style_id))
        if not chain:
            match = _HEADING.match(_spaced(style_id))
            return int(match[1]) if match else 0
        for id_, item in chain:
            outline = value_of(item, "pPr", "outlineLvl")
            if outline is not None:
                return _outline_level(outline)
            if match := _HEADING.match(_name(item, id_)):
                return int(match[1])
        return 0

    def _hides(self, style_id: str) -> bool:
        said = (is_on(item.find(W + "rPr"), "vanish") for _, item in self._chain(style_id))
        return next((value for value in said if value is not None), False)

    def _chain(self, style_id: str) -> Iterator[tuple[str, XmlElement]]:
        """A style and those it is based on, nearest first."""
        for _ in range(_LONGEST_CHAIN):
            item = self.elements.get(style_id)
            if item is None:
                return
            yield style_id, item
            style_id = value_of(item, "basedOn") or ""


def _outline_level(text: str) -> int:
    level = whole(text, _BODY_LEVEL)
    return level + 1 if 0 <= level < _BODY_LEVEL else 0


def _name(item: XmlElement, style_id: str) -> str:
    return _plain(value_of(item, "name") or _spaced(style_id))


def _spaced(style_id: str) -> str:
    """An id such as Heading1 or TOC2 as the name that it was made from."""
    return _plain(re.sub(r"(?<=[^\d\s])(?=\d)", " ", style_id))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()
