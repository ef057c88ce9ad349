"""`mamori eval runs`: the runs there are, newest first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.eval.columns import columns
from cli.messages import on_one_line
from cli.options import DataDir, Debug

_SHOWN = ("right", "key_facts")
_HEAD = ("名前", "質問セット", "システム", "文書", "質問", "状態")


def runs(
    folder: Annotated[
        Path | None,
        typer.Option("--output", metavar="DIR", help="記録のあるフォルダー。既定はデータフォルダーの eval/runs。"),
    ] = None,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """評価の記録を新しい順に並べます。"""
    from assistant.settings import Settings
    from eval.measures import measure
    from eval.plan import runs_folder
    from eval.runs import run_folders

    parent = folder or runs_folder(Settings.from_environment(data_dir).data_dir)
    found = run_folders(parent)
    if not found:
        print(f"「{on_one_line(str(parent))}」に記録はありません。`mamori eval run --set readme` で作れます。")
        return
    head = (*_HEAD, *(measure(name).label for name in _SHOWN))
    print("\n".join(columns([head, *map(_row, found)])))


def _row(folder: Path) -> tuple[str, ...]:
    from eval.errors import RunError
    from eval.runner import asked_so_far
    from eval.runs import read_info

    nothing = ("",) * len(_SHOWN)
    try:
        info = read_info(folder)
        figures = _figures(folder)
    except RunError as error:
        return (folder.name, "", "", "", "", str(error), *nothing)
    about = (folder.name, info.set_name, info.system, str(len(info.index.documents)), str(info.questions))
    if figures is None:
        return (*about, f"途中（{asked_so_far(folder)} 問）", *nothing)
    return (*about, "完了", *figures)


def _figures(folder: Path) -> tuple[str, ...] | None:
    """The means of a complete run as its row shows them, None where it is not complete; its answers are not read."""
    from cli.eval.columns import with_unit
    from eval.errors import RunError
    from eval.labels import EVERYTHING
    from eval.measures import measure
    from eval.runs import SUMMARY

    path = folder / SUMMARY
    if not path.is_file():
        return None
    try:
        means = json.loads(path.read_text(encoding="utf-8"))["groups"][EVERYTHING]
        return tuple(with_unit(means.get(name, {}).get("mean"), measure(name)) for name in _SHOWN)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise RunError(f"{SUMMARY} が壊れています。実行し直してください。") from error
