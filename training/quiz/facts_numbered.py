"""Lists that number their items: ①…、②… inside a sentence, one a line, or in the cells of a table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.models import Chunk
from training.quiz.facts import Line
from training.quiz.facts_sentences import speaks_of_itself, without_line_breaks

_NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕"
_ITEM = re.compile(rf"(?P<number>[{_NUMBERS}])\s*(?P<text>[^{_NUMBERS}\n　。]{{2,60}})")
# Numbers that only point at items: 「以下の①～③」, 「上記②」.
_MENTION = re.compile(rf"[{_NUMBERS}](?:[～〜~-]|から)[{_NUMBERS}]|(?:上記|前記)[{_NUMBERS}]")
_LAST = re.compile(r"[、，](?:など|等)?.*$|の(?:\d+|[一-龥]+)つ.*$|(?:など|等)(?:が|を)?(?:必要|挙げ|あり).*$")
_OF_NAME = re.compile(rf"(?P<name>[一-龥ァ-ヺA-Za-z々]{{3,24}})は、?(?:以下の|次の)?[{_NUMBERS[0]}]")
_REMARK = re.compile(r"^[（(]参考[）)]|[（(]例[）)]|[【】]|^[①-⑳\s]+")
_NO_ITEM = re.compile(r"^[：:]|[：。]|(?:とともに|や|及び|または)$|https?:")
# A name that tells nothing without the sentence around it.
_NO_NAME = re.compile(r"^(?:方向性|観点|概要|内容|区分|種類|情報交換|.{1,2})$")
_FEWEST, _LONGEST_ITEM = 3, 45


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list with numbers: what it is of, and its items in the order of their numbers, each with its line."""

    name: str
    items: tuple[tuple[str, Line], ...]
    chunk: Chunk


def numbered_list(chunk: Chunk) -> Numbered | None:
    """The list of a passage, if it numbers from ① without a gap; one that misreads or repeats a number is left."""
    text = _MENTION.sub("", chunk.text)
    found = sorted(_ITEM.finditer(text), key=lambda match: _NUMBERS.index(match["number"]))
    numbers = "".join(match["number"] for match in found)
    count = sum(character in _NUMBERS for character in text)
    if len(found) < _FEWEST or count != len(found) or not _NUMBERS.startswith(numbers):
        return None
    is_inline = "\n" not in text[found[0].start() : found[-1].start()]
    last = found[-1] if is_inline else None
    items = tuple((_item(match["text"], match is last), Line(match[0].strip(), chunk)) for match in found)
    if any(not _is_item(item) for item, _ in items):
        return None
    named = _OF_NAME.search(chunk.text)
    name = named["name"] if named else _REMARK.sub("", chunk.section[-1]).strip()
    return None if _NO_NAME.match(name) else Numbered(name, items, chunk)


def _item(text: str, is_last_of_sentence: bool) -> str:
    bare = _LAST.sub("", text) if is_last_of_sentence else text
    return without_line_breaks(bare.strip(" 、，"))


def _is_item(text: str) -> bool:
    return 2 <= len(text) <= _LONGEST_ITEM and not _NO_ITEM.search(text) and not speaks_of_itself(text)
