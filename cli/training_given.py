"""What was given to `mamori training …`, looked at before anything is read or made: wrong usage costs no time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import typer

MOST_ITEMS = 200
_Known = TypeVar("_Known")


def check_count(count: int) -> None:
    """Refuse a number of items that no quiz has."""
    if not 1 <= count <= MOST_ITEMS:
        raise typer.BadParameter(f"1から{MOST_ITEMS}までの数を書いてください", param_hint="--count")


def check_difficulty(difficulty: int | None) -> None:
    """Refuse a difficulty that there is not."""
    from training.labels import DIFFICULTIES

    if difficulty is not None and difficulty not in DIFFICULTIES:
        levels = "、".join(f"{number}（{name}）" for number, name in DIFFICULTIES.items())
        raise typer.BadParameter(f"{levels} から選んでください", param_hint="--difficulty")


def known(look_up: Callable[[], _Known], option: str) -> _Known:
    """What an option names; a name that there is not is wrong usage, told with those that there are."""
    from training.errors import UnknownChoice

    try:
        return look_up()
    except UnknownChoice as error:
        raise typer.BadParameter(str(error).removesuffix("。"), param_hint=option) from error


def format_keys(texts: Sequence[str], *, for_quiz: bool = False) -> tuple[str, ...]:
    """The formats that were asked for, in the order of their table."""
    from training.export.formats import FORMATS, ordered_keys

    asked = [key for text in texts for key in text.replace("、", ",").split(",") if key.strip()]
    if not asked:
        raise typer.BadParameter("形式を1つ以上書いてください", param_hint="--format")
    keys = known(lambda: ordered_keys(asked), "--format")
    if for_quiz:
        fitting = [key for key in keys if FORMATS[key].is_quiz or FORMATS[key].fits_both]
        if (left := [key for key in keys if key not in fitting]) and "all" not in {
            key.strip().lower() for key in asked
        }:
            raise typer.BadParameter(f"クイズだけでは {'、'.join(left)} を作れません", param_hint="--format")
        return tuple(fitting)
    return keys


def saved_text(path: Path) -> str:
    """The text of a saved file, no more of it than is ever read; UnreadablePack."""
    from index.errors import reason
    from training.errors import UnreadablePack
    from training.saved import MOST_BYTES

    try:
        with path.open("rb") as handle:
            content = handle.read(MOST_BYTES + 1)
        # One that is too large is told as such, and not as cut in the middle of a letter.
        return content.decode("utf-8", errors="strict" if len(content) <= MOST_BYTES else "replace")
    except FileNotFoundError as error:
        raise UnreadablePack(f"「{path}」がありません。ファイルの名前とフォルダーを確かめてください。") from error
    except OSError as error:
        raise UnreadablePack(
            f"「{path}」を読めません（{reason(error)}）。ファイルの名前を確かめてください。"
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadablePack(f"「{path}」は保存した教材ではありません。.json のファイルを指定してください。") from error


def check_folder(path: Path) -> None:
    """Refuse a file where a folder is wanted, before anything is made."""
    if os.path.exists(path) and not os.path.isdir(path):
        raise typer.BadParameter(f"「{path}」はファイルです。フォルダーを指定してください", param_hint="--to")
