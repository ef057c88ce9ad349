"""Whether a text of a saved pack was changed outside Mamori: a hash of each part is saved with it and compared later.

Tells a slip or an edit of the hand from what Mamori made. It is no signature: who means to deceive can make new ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Final

from training.models import Pack, Quiz, QuizItem

EDITED_NOTE: Final = "保存したあとに、ファイルが手で書き直されています。直した文は、出典と合うかを確かめてください。"
_REST = "pack"


def seals(material: Pack | Quiz) -> dict[str, str]:
    """The hash of each quiz item by its id and, of a pack, that of all the rest as 「pack」; 16 hexadecimal digits."""
    found = {item.item_id: _seal(item) for item in _items(material)}
    return {_REST: _seal(_rest(material)), **found}


def with_edits_marked(material: Pack | Quiz, sealed: Mapping[str, str]) -> Pack | Quiz:
    """The same with every item that is not as it was sealed marked as edited, and a note where the rest of a pack is.

    Dropping items, or putting them in another order, is no edit of an item.
    """
    items = tuple(_marked(item, sealed) for item in _items(material))
    if isinstance(material, Quiz):
        return replace(material, items=items)
    is_edited = sealed.get(_REST) != _seal(_rest(material)) and EDITED_NOTE not in material.notes
    return replace(material, quiz=items, notes=(*material.notes, EDITED_NOTE) if is_edited else material.notes)


def _marked(item: QuizItem, sealed: Mapping[str, str]) -> QuizItem:
    return item if sealed.get(item.item_id) == _seal(item) else replace(item, edited=True)


def _items(material: Pack | Quiz) -> tuple[QuizItem, ...]:
    return material.quiz if isinstance(material, Pack) else material.items


def _rest(material: Pack | Quiz) -> Pack | Quiz:
    return replace(material, quiz=()) if isinstance(material, Pack) else replace(material, items=())


def _seal(part: object) -> str:
    return hashlib.sha256(repr(_plain(part)).encode(errors="surrogatepass")).hexdigest()[:16]


def _plain(value: object) -> object:
    """The values without fields that have their default, so that a later version with more of them finds no edit."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if not is_dataclass(value):
        return str(value)
    return [(each.name, _plain(held)) for each in fields(value) if (held := getattr(value, each.name)) != each.default]
