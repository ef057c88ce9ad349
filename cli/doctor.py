"""`mamori doctor`: what is wrong with this installation, a line a check."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.messages import on_one_line
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.doctor import Check

_MARKS: Final = {"ok": "✓", "advice": "△", "problem": "✗"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="結果を1つのJSONで出力します。")] = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """パッケージ、フォント、OCR、索引、モデルなどを1つずつ調べ、直し方を示します。

    ✗ は問題（終了コード1）、△ はよりよく使うための助言です。言語モデル（MAMORI_LLM）を設定していれば、
    短い質問を1つ送ります。ほかに通信することはありません。
    """
    from assistant.doctor import examine
    from assistant.settings import Settings

    checks = examine(Settings.from_environment(data_dir))
    wrong = _print_json(checks) if as_json else _print_lines(checks)
    if wrong:
        print(f"mamori: {wrong} 件の問題があります。書いてあるとおりに直してください。", file=sys.stderr)
        raise typer.Exit(1)


def _print_lines(checks: Iterable[Check]) -> int:
    """Print the checks as they are done, since asking a model may take a minute; return how many went wrong."""
    wrong = 0
    for check in checks:
        print(on_one_line(f"{_MARKS[check.state]} {check.name}: {check.text}"), flush=True)
        wrong += not check.is_fine
    return wrong


def _print_json(checks: Iterable[Check]) -> int:
    import json

    done = list(checks)
    wrong = sum(not check.is_fine for check in done)
    listed = [{"name": check.name, "state": check.state, "text": on_one_line(check.text)} for check in done]
    print(json.dumps({"checks": listed, "problems": wrong}, ensure_ascii=False))
    return wrong
