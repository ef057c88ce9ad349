"""The automatic numbers of Word's lists and headings, counted as Word counts them: 第1章, 1.2, ①, ・.

Works on the elements of numbering.xml and knows neither files nor styles; the formats are in `corpus.readers.numerals`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from corpus.readers.numerals import print_number
from corpus.readers.office_xml import XmlElement, whole

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLAIN_BULLET: Final = "・"
_LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
# Bullets that say something; any other, and all those of symbol fonts, only say that this is an item.
_TELLING_BULLETS = "※□☐☑☒✓✔○×△◎"
_FALLBACK_FORMAT = "decimal"


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before an item, with the space behind it, and whether it is a mere bullet."""

    text: str
    is_bullet: bool


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    format: str = _FALLBACK_FORMAT
    text: str = ""
    suffix: str = " "
    legal: bool = False
    restarts: bool = True


@dataclass(frozen=True, slots=True)
class _List:
    """A list instance: the abstract list whose counters it shares, its levels, and the levels it starts anew."""

    counters: str
    levels: dict[int, _Level]
    starts: dict[int, int]


def value_of(element: XmlElement | None, *path: str) -> str | None:
    """The w:val of the element at the end of this path of w: names, or None."""
    for name in path:
        if element is None:
            return None
        element = element.find(W + name)
    return None if element is None else element.get(W + "val")


def is_on(element: XmlElement | None, name: str) -> bool | None:
    """Whether a switch such as w:vanish is set among the properties; None where it is not mentioned."""
    found = None if element is None else element.find(W + name)
    return None if found is None else found.get(W + "val", "1") not in ("0", "false", "off")


@dataclass
class Numbering:
    """Gives each numbered paragraph its number; to be asked once for each, in the order of the document."""

    lists: dict[str, _List] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    started: set[tuple[str, int]] = field(default_factory=set)

    def next_mark(self, list_id: str, depth: int) -> Mark | None:
        """The mark of the next paragraph of this list at this depth from 0; None where there is no such list."""
        found = self.lists.get(list_id)
        if found is None:
            return None
        depth = min(max(depth, 0), _LEVELS - 1)
        level = found.levels.get(depth, _Level())
        if level.format == "bullet":
            return _bullet(level)
        self._count(list_id, found, depth)
        text = self._print(found, level)
        return Mark(text + level.suffix if text else "", is_bullet=False)

    def _count(self, list_id: str, found: _List, depth: int) -> None:
        counts = self.counts.setdefault(found.counters, {})
        for above in range(depth):
            counts.setdefault(above, found.levels.get(above, _Level()).start)
        if depth in found.starts and (list_id, depth) not in self.started:
            self.started.add((list_id, depth))
            counts[depth] = found.starts[depth]
        else:
            counts[depth] = counts.get(depth, found.levels.get(depth, _Level()).start - 1) + 1
        for below in range(depth + 1, _LEVELS):
            if found.levels.get(below, _Level()).restarts:
                counts.pop(below, None)

    def _print(self, found: _List, level: _Level) -> str:
        counts = self.counts[found.counters]

        def number(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            other = found.levels.get(index, _Level())
            return print_number(counts.get(index, other.start), _FALLBACK_FORMAT if level.legal else other.format)

        return _PLACEHOLDER.sub(number, level.text).strip()


def read_numbering(root: XmlElement | None, list_of_style: dict[str, str]) -> Numbering:
    """The lists of a numbering part; `list_of_style` gives the list that a numbering style points to."""
    if root is None:
        return Numbering()
    abstract = {item.get(W + "abstractNumId", ""): item for item in root.findall(W + "abstractNum")}
    targets = {item.get(W + "numId", ""): value_of(item, "abstractNumId") or "" for item in root.findall(W + "num")}
    levels = {id_: _levels(item) for id_, item in abstract.items()}
    for id_, item in abstract.items():
        style = value_of(item, "numStyleLink")
        if style and not levels[id_]:
            levels[id_] = levels.get(targets.get(list_of_style.get(style, ""), ""), {})
    lists = {item.get(W + "numId", ""): _instance(item, levels) for item in root.findall(W + "num")}
    return Numbering(lists)


def _instance(item: XmlElement, levels: dict[str, dict[int, _Level]]) -> _List:
    counters = value_of(item, "abstractNumId") or ""
    own = dict(levels.get(counters, {}))
    starts: dict[int, int] = {}
    for override in item.findall(W + "lvlOverride"):
        depth = whole(override.get(W + "ilvl"), 0)
        own |= _levels(override)
        start = value_of(override, "startOverride")
        if start is not None:
            starts[depth] = whole(start, 1)
    return _List(counters, own, starts)


def _levels(item: XmlElement) -> dict[int, _Level]:
    return {whole(level.get(W + "ilvl"), 0): _level(level) for level in item.findall(W + "lvl")}


def _level(item: XmlElement) -> _Level:
    suffix = value_of(item, "suff") or "tab"
    return _Level(
        start=whole(value_of(item, "start"), 0),
        format=value_of(item, "numFmt") or _FALLBACK_FORMAT,
        text=value_of(item, "lvlText") or "",
        suffix="" if suffix == "nothing" else " ",
        legal=is_on(item, "isLgl") is True,
        restarts=value_of(item, "lvlRestart") != "0",
    )


def _bullet(level: _Level) -> Mark:
    sign = level.text.strip()
    return Mark(f"{sign} ", is_bullet=False) if sign and sign in _TELLING_BULLETS else Mark("", is_bullet=True)
