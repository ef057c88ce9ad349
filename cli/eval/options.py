"""Options and messages that the commands of `mamori eval` share."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.settings import Settings

DEFAULT_SYSTEM = "mamori"
DEFAULT_TOP_K = 20
SET_HELP = "質問セットの名前、JSON Linesのファイル、またはBEIR形式のフォルダー。"

Index = Annotated[
    Path | None,
    typer.Option("--index", metavar="DIR", help="使う索引のあるデータフォルダー。既定は --data-dir のもの。"),
]
SystemName = Annotated[
    str,
    typer.Option(
        "--system",
        metavar="NAME",
        help="測るもの：mamori、langchain-tutorial、bm25-whitespace、bm25-sudachi、bm25-bigrams。",
    ),
]
Answers = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        metavar="FILE.jsonl",
        help="ほかのシステムの答えを採点します。形式は `mamori ask --questions` の出力と同じです。",
    ),
]
Label = Annotated[
    str | None, typer.Option("--name", metavar="LABEL", help="--answers の答えを書いたシステムの呼び名。")
]
Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="PROVIDER:MODEL",
        help="mamori の答えを書く言語モデル。MAMORI_LLM より優先します。",
    ),
]
NoLlm = Annotated[bool, typer.Option("--no-llm", help="MAMORI_LLM があっても、言語モデルを使わずに測ります。")]
TopK = Annotated[int, typer.Option("--top-k", metavar="N", min=1, help="答えに添える検索結果の数。")]
AsJson = Annotated[bool, typer.Option("--json", help="結果をJSONで表示します。")]


def check_llm_options(command: str, system: str, answers: Path | None, llm: str | None, no_llm: bool) -> None:
    """End the command where the language model's options contradict each other, or are not about Mamori's answers."""
    if llm is not None and (system != DEFAULT_SYSTEM or answers is not None):
        raise wrong_usage(command, "--llm は、--system や --answers と一緒に使えません。どちらかを外してください。")
    if llm is not None and no_llm:
        raise wrong_usage(command, "--llm と --no-llm は一緒に使えません。どちらかを外してください。")


def with_llm(settings: Settings, llm: str | None, no_llm: bool) -> Settings:
    """Settings with the language model of the command line instead of the environment's."""
    return replace(settings, llm=None) if no_llm else replace(settings, llm=llm or settings.llm)


def wrong_usage(command: str, problem: str) -> typer.Exit:
    """Say in one line what is wrong with the command line, and return what ends the command with status 2."""
    print(f"mamori: {problem}`mamori eval {command} --help` で使い方を確かめてください。", file=sys.stderr)
    return typer.Exit(2)


def check_answers_options(command: str, system: str, answers: Path | None, label: str | None) -> None:
    """End the command where the options of other systems' answers contradict each other."""
    if answers is not None and system != DEFAULT_SYSTEM:
        raise wrong_usage(command, "--answers と --system は一緒に使えません。どちらかを外してください。")
    if label is not None and answers is None:
        raise wrong_usage(command, "--name は --answers と一緒に指定してください。")
    if label is not None and not label.strip():
        raise wrong_usage(command, "--name が空です。システムの呼び名を指定してください。")
