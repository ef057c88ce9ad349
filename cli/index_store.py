"""`mamori index rollback` and `mamori index generations`: the generations that are kept, and the way back to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.messages import on_one_line
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from index.store import GenerationInfo


def rollback(
    generation: Annotated[
        str | None, typer.Argument(metavar="[世代]", help="戻す世代。省くと、一つ前の世代に戻します。")
    ] = None,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """索引を前の世代に戻します。戻す前に、その世代のすべてのファイルのチェックサムを調べます。"""
    from assistant.library import Library
    from assistant.settings import Settings

    info = Library(Settings.from_environment(data_dir)).rollback(generation)
    print(f"索引を次の世代に戻しました。\n{_line(info)}")


def generations(data_dir: DataDir = None, debug: Debug = False) -> None:
    """残っている世代を新しい順に表示します。すべてのファイルのチェックサムを調べます。"""
    from assistant.settings import Settings
    from assistant.wiring import build_store

    for info in build_store(Settings.from_environment(data_dir)).generations():
        print(f"{_line(info)}\t{_state(info)}")


def _line(info: GenerationInfo) -> str:
    counts = f"文書 {info.counts.get('documents', 0)}、断片 {info.counts.get('chunks', 0)}" if info.created_at else ""
    return "\t".join(on_one_line(text) for text in (info.generation_id, info.created_at or "日時不明", counts))


def _state(info: GenerationInfo) -> str:
    state = "使用中" if info.is_current else "戻せます"
    if info.problem is None:
        return state
    return on_one_line(f"{'使用中、' if info.is_current else ''}壊れています（{info.problem}）")
