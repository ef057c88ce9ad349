"""Lists that the texts hold: lines that share a label, and flows whose heading says that they are in an order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citations import Evidence
from corpus.models import Chunk
from training.quiz.facts import Base, Labelled, Line, lines_of
from training.quiz.facts_numbered import numbered_list
from training.quiz.facts_sentences import speaks_of_itself
from training.quiz.likeness import key

_FLOW = re.compile(r"流れ|手順|順番|順序|STEP|ステップ|段階")
_EXAMPLE = re.compile(r"例|ほか|など")
_ANNOUNCES = re.compile(
    r"(?:以下|次)の(?:点|項目|ポイント|事項)|(?:ポイント|点|項目|こと)は、?\d+つ(?:あります|です)。$"
)
_LONGEST_POINT = 60
_NOT_AN_ITEM = re.compile(r"[。：:※?？]|https?:|[。、]$|^\d+$|ほか$|クリック|こちら|公開中|^[（(]")
_LONGEST_ITEM = 40
_NUMBERS = {character: number for number, character in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕", start=1)}


@dataclass(frozen=True, slots=True)
class Item:
    """A thing of a list, and the line that it stands in."""

    text: str
    line: Line


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list of one passage or section: what it is of, its items in order, and whether their order says something.

    `is_headed`: its name is the heading above it, and not what each of its items is.
    """

    name: str
    items: tuple[Item, ...]
    chunk: Chunk
    is_flow: bool = False
    is_headed: bool = False

    @property
    def heading(self) -> Evidence:
        """The heading above the list as a quote."""
        return Evidence(self.chunk, self.chunk.section[-1])


def find_lists(base: Base) -> list[ItemList]:
    """The lists of nouns: of a shared label, or of bare lines under a heading that says what they are."""
    return _label_lists(base) + _heading_lists(base) + _numbered_lists(base)


def _numbered_lists(base: Base) -> list[ItemList]:
    found = (numbered_list(chunk) for chunk in dict.fromkeys(line.chunk for line in base.lines))
    return [
        ItemList(one.name, tuple(Item(text, line) for text, line in one.items), one.chunk)
        for one in found
        if one is not None
    ]


def find_flows(base: Base) -> list[ItemList]:
    """Lists in an order: three or more different steps, labelled or numbered, under a heading that says so."""
    groups: dict[tuple[str, tuple[str, ...]], list[Labelled]] = defaultdict(list)
    for entry in base.labelled:
        if _FLOW.search(entry.chunk.section[-1]) and not _EXAMPLE.search(entry.label):
            groups[entry.chunk.doc_id, entry.chunk.section].append(entry)
    flows = []
    for (_, section), entries in groups.items():
        items = _steps(entries)
        if len(items) >= 3:
            flows.append(ItemList(section[-1], tuple(items), entries[0].chunk, is_flow=True))
    return flows


def _steps(entries: list[Labelled]) -> list[Item]:
    """The steps of a flow: what is done in each; none where two bear one name, as then they have no order."""
    labels = [f"{entry.label}{entry.number}" for entry in entries]
    if len(set(labels)) != len(labels) or any("名前" in label for label in labels[:-1]):
        return []
    numbers = [_number(entry.number) for entry in entries if entry.number]
    if numbers and numbers != sorted(set(numbers)):
        return []
    return [Item(entry.value, entry.line) for entry in entries if "名前" not in entry.label]


def _number(text: str) -> int:
    return _NUMBERS.get(text, 0) or int(re.sub(r"\D", "", text) or 0)


def _label_lists(base: Base) -> list[ItemList]:
    groups: dict[tuple[str, str], list[Labelled]] = defaultdict(list)
    for entry in base.labelled:
        if not entry.as_of and not re.search(r"の例$|位置付け", entry.label[-8:]):
            groups[entry.chunk.doc_id, key(entry.label)].append(entry)
    lists = []
    for entries in groups.values():
        items = tuple(Item(entry.value, entry.line) for entry in entries if _is_item(entry.value))
        if len(items) >= 3 and len(items) == len(entries) and not any(entry.condition for entry in entries):
            lists.append(ItemList(entries[0].label, items, entries[0].chunk))
    return lists


def _heading_lists(base: Base) -> list[ItemList]:
    """Bare lines under a heading in brackets, or behind a sentence that announces them (「以下の点」)."""
    lists = []
    for chunk in dict.fromkeys(line.chunk for line in base.lines):
        lines = list(lines_of(chunk))
        name = re.sub(r"[（(]例[）)]$", "", re.sub(r"^[①-⑳\s]+|[【】〔〕<>＜＞]", "", chunk.section[-1])).strip()
        lead = next((number for number, line in enumerate(lines) if _ANNOUNCES.search(line.text)), None)
        if lead is not None:
            items = tuple(Item(line.text, line) for line in _announced(lines[lead + 1 :]))
            if len(items) >= 3:
                lists.append(ItemList(name, items, chunk, is_headed=True))
        elif chunk.section[-1][:1] in "【〔<＜":
            items = tuple(Item(line.text, line) for line in lines if _is_item(line.text))
            if len(items) >= 4:
                lists.append(ItemList(name, items, chunk))
    return lists


def _announced(lines: Sequence[Line]) -> list[Line]:
    """The lines behind an announcement that are written alike: all of them sentences, or none."""
    found: list[Line] = []
    for line in lines:
        if not 4 <= len(line.text) <= _LONGEST_POINT or "：" in line.text or line.text.count("。") > 1:
            break
        if found and line.text.endswith("。") != found[0].text.endswith("。"):
            break
        if re.search(r"^※|https?:", line.text) or speaks_of_itself(line.text):
            break
        found.append(line)
    return found


def _is_item(text: str) -> bool:
    return 2 <= len(text) <= _LONGEST_ITEM and not _NOT_AN_ITEM.search(text) and text.count("（") == text.count("）")
