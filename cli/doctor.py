"""`mamori doctor`: what is wrong with this installation, a line a check."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from cli.messages import on_one_line
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from assistant.doctor import Check


def doctor(data_dir: DataDir = None, debug: Debug = False) -> None:
    """パッケージ、索引、モデルなどを1つずつ調べ、直し方を示します。問題があれば終了コード1で終わります。

    言語モデル（MAMORI_LLM）を設定していれば、短い質問を1つ送ります。ほかに通信することはありません。
    """
    from assistant.doctor import examine
    from assistant.settings import Settings

    wrong = 0
    for check in examine(Settings.from_environment(data_dir)):
        # At once: asking a model may take a minute.
        print(_line(check), flush=True)
        wrong += not check.is_fine
    if wrong:
        print(f"mamori: {wrong} 件の問題があります。✗ の行のとおりに直してください。", file=sys.stderr)
        raise typer.Exit(1)


def _line(check: Check) -> str:
    return on_one_line(f"{'✓' if check.is_fine else '✗'} {check.name}: {check.text}")
