"""Values from parsed JSON, by the types that their dataclasses declare. Strict: nothing is guessed, turned or left out.

Knows text, whole numbers, true and false, None, enumerations, dataclasses, tuples of them and dicts by text; no
other types are needed. What a value must be besides its type is looked at by `training.saved`.
"""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from training.errors import UnreadablePack

MOST_PARTS, MOST_CHARACTERS = 2000, 10_000
"""Of a list, and of a text: many times what is made here, and so few that no file keeps the computer busy for long."""
_NAME_SHOWN = 40
_NAMES: dict[type, str] = {str: "文字列", int: "整数", bool: "true か false"}


def read_value(declared: Any, value: object, place: str) -> Any:  # noqa: ANN401 - the type is known only when it runs
    """Return a parsed value as the declared type; UnreadablePack, which says where and what, for any other."""
    origin = get_origin(declared)
    if origin in (Union, types.UnionType):
        (inner,) = (each for each in get_args(declared) if each is not types.NoneType)
        return None if value is None else read_value(inner, value, place)
    if origin is dict:
        if not isinstance(value, dict):
            raise wrong(place, "項目の組（{ } で囲んだもの）で書いてください")
        return {name: read_value(get_args(declared)[1], each, inside(place, name)) for name, each in value.items()}
    if origin is tuple:
        return _tuple(get_args(declared)[0], value, place)
    if is_dataclass(declared) and isinstance(declared, type):
        return _object(declared, value, place)
    if issubclass(declared, Enum):
        return _enumerated(declared, value, place)
    # By `type`, for True is an int to Python and no number to anybody else.
    if type(value) is not declared:
        raise wrong(place, f"{_NAMES[declared]}で書いてください")
    if isinstance(value, str):
        _check_text(value, place)
    return value


def wrong(place: str, what: str) -> UnreadablePack:
    """The error that says what is wrong where."""
    return UnreadablePack(f"教材の「{place}」が正しくありません。{what}。")


def inside(place: str, name: str | int) -> str:
    """The place of a part: a field by its name, a member of a list by its number from 1."""
    if isinstance(name, int):
        return f"{place} {name}番目"
    return f"{place} → {shown_name(name)}" if place else shown_name(name)


def shown_name(name: str) -> str:
    """A name that stands in a file, fit to be shown: short, and without what no screen can show."""
    short = name if len(name) <= _NAME_SHOWN else f"{name[:_NAME_SHOWN]}…"
    return "".join(letter if letter.isprintable() else "�" for letter in short)


def _check_text(text: str, place: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise wrong(place, f"長すぎます（{MOST_CHARACTERS:,}文字まで）。短くしてください")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise wrong(place, "文字として読めないものがあります")


def _tuple(inner: Any, value: object, place: str) -> tuple[Any, ...]:  # noqa: ANN401
    if not isinstance(value, list):
        raise wrong(place, "一覧（[ ] で囲んだもの）で書いてください")
    if len(value) > MOST_PARTS:
        raise wrong(place, f"多すぎます（{MOST_PARTS:,}個まで）。減らしてください")
    return tuple(read_value(inner, each, inside(place, number)) for number, each in enumerate(value, start=1))


def _object(declared: type, value: object, place: str) -> Any:  # noqa: ANN401
    if not isinstance(value, dict):
        raise wrong(place, "項目の組（{ } で囲んだもの）で書いてください")
    hints = _hints(declared)
    if unknown := sorted(str(name) for name in value.keys() - hints.keys()):
        raise wrong(inside(place, unknown[0]), "この名前の項目はありません。つづりを確かめるか、消してください")
    needed = [each.name for each in fields(declared) if each.default is MISSING and each.name not in value]
    if needed:
        raise wrong(inside(place, needed[0]), "この項目がありません。書き足してください")
    return declared(**{name: read_value(hints[name], each, inside(place, name)) for name, each in value.items()})


def _enumerated(declared: type[Enum], value: object, place: str) -> Enum:
    for member in declared:
        if isinstance(value, str) and member.value == value:
            return member
    raise wrong(place, f"{'、'.join(str(each.value) for each in declared)} のどれかにしてください")


@lru_cache(maxsize=32)
def _hints(declared: type) -> dict[str, Any]:
    return get_type_hints(declared)
