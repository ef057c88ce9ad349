"""The small part of Markdown that answers use → safe HTML.

Paragraphs, `**label**` lines, `1. ` and `- ` items, one level of `   - ` items, `**bold**` and `[n]` markers. All else
is literal text: this is no Markdown parser, so nothing from a document can become a tag, a link or an image.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

_INLINE = re.compile(r"\*\*(?P<bold>[^*\n]+)\*\*|\[(?P<marker>[0-9]{1,3})\]")
_LABEL = re.compile(r"\*\*([^*]+)\*\*")
_ITEM = re.compile(r"(?P<indent> *)(?:(?P<number>[0-9]{1,3})\.|-) +(?P<text>.*)")

Marker = Callable[[int], str | None]


@dataclass(slots=True)
class _Item:
    """A list item with the items nested in it."""

    text: str
    nested: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _List:
    """A list; `start` is the number of its first item, None for bullets."""

    start: int | None
    items: list[_Item] = field(default_factory=list)


def inline_html(text: str, marker: Marker) -> str:
    """One line of text as HTML; `marker` gives the HTML of a number, or None for a number that leads nowhere."""
    parts, end = [], 0
    for match in _INLINE.finditer(text):
        parts.append(escape(text[end : match.start()]))
        end = match.end()
        if match["bold"] is not None:
            parts.append(f"<strong>{inline_html(match['bold'], marker)}</strong>")
        else:
            parts.append(marker(int(match["marker"])) or escape(match[0]))
    return "".join(parts) + escape(text[end:])


def answer_html(text: str, marker: Marker) -> str:
    """A whole answer as HTML."""
    parts: list[str] = []
    paragraph: list[str] = []
    current: _List | None = None

    def close() -> None:
        nonlocal current
        if paragraph:
            parts.append("<p>" + "<br>".join(inline_html(line, marker) for line in paragraph) + "</p>")
            paragraph.clear()
        if current:
            parts.append(_list_html(current, marker))
            current = None

    for line in (line.rstrip() for line in text.splitlines()):
        item = _ITEM.fullmatch(line)
        if not line:
            # Items of one list may stand apart: only what follows decides whether the list is over.
            if paragraph:
                close()
        elif item:
            if paragraph:
                close()
            if current is not None and not _continues(current, item):
                close()
            current = _add(current, item)
        elif label := _LABEL.fullmatch(line):
            close()
            parts.append(f'<p class="mm-label">{inline_html(label[1], marker)}</p>')
        else:
            if current:
                close()
            paragraph.append(line)
    close()
    return "".join(parts)


def _continues(current: _List, item: re.Match[str]) -> bool:
    """Whether an item belongs to the list before it: a nested one, or one of the same kind."""
    return bool(item["indent"] and not item["number"]) or (item["number"] is None) == (current.start is None)


def _add(current: _List | None, item: re.Match[str]) -> _List:
    """The list with the item in it."""
    if current is None:
        current = _List(int(item["number"]) if item["number"] else None)
    if item["indent"] and not item["number"] and current.items:
        current.items[-1].nested.append(item["text"])
    else:
        current.items.append(_Item(item["text"]))
    return current


def _list_html(found: _List, marker: Marker) -> str:
    """A list as HTML."""
    items = "".join(
        f"<li>{inline_html(item.text, marker)}{_nested_html(item.nested, marker)}</li>" for item in found.items
    )
    return f"<ul>{items}</ul>" if found.start is None else f'<ol start="{found.start}">{items}</ol>'


def _nested_html(nested: list[str], marker: Marker) -> str:
    """The items nested in an item as HTML; nothing for none."""
    items = "".join(f"<li>{inline_html(text, marker)}</li>" for text in nested)
    return f"<ul>{items}</ul>" if items else ""
