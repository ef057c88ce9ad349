"""`mamori ask`: one question, or a file of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.messages import without_controls
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from assistant.responder import Responder
    from assistant.settings import Settings

_DEFAULT_TOP_K = 20


def ask(
    question: Annotated[str | None, typer.Argument(metavar="[QUESTION]", help="質問。文で書いてください。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="答えをJSONで表示します。")] = False,
    top_k: Annotated[
        int, typer.Option("--top-k", metavar="N", min=1, help="答えに添える検索結果の数。")
    ] = _DEFAULT_TOP_K,
    doc: Annotated[list[str] | None, typer.Option("--doc", metavar="ID", help="この文書だけから答えます。")] = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", metavar="IN.jsonl", help="1行1質問のファイル。")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", metavar="OUT.jsonl", help="答えを書くファイル。")] = None,
    no_llm: Annotated[
        bool, typer.Option("--no-llm", help="MAMORI_LLM の言語モデルを使わず、資料からの抜き書きで答えます。")
    ] = False,
    show_prompt: Annotated[
        bool, typer.Option("--show-prompt", help="言語モデルに送る文章を表示します。何も送りません。")
    ] = False,
    build: Annotated[bool, typer.Option("--build", help="索引がなければ、同梱の要約から作ってから答えます。")] = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """資料をもとに質問に答えます。答えには出典がつきます。"""
    if (question is None) == (questions is None) or (questions is None) != (output is None):
        print(
            "mamori: 質問を1つ書くか、--questions と --output を両方指定してください"
            "（例: mamori ask 'TICSとは何ですか'）。",
            file=sys.stderr,
        )
        raise typer.Exit(2)
    if show_prompt and (question is None or as_json):
        print(
            "mamori: --show-prompt は質問1つと一緒に指定し、--json と --questions は外してください。", file=sys.stderr
        )
        raise typer.Exit(2)
    from dataclasses import replace

    from assistant.settings import Settings

    settings = Settings.from_environment(data_dir)
    if no_llm or show_prompt:
        settings = replace(settings, llm=None)
    if build:
        build_if_missing(settings)
    if question is not None and show_prompt:
        _show_prompt(question, settings, top_k=top_k, doc=doc)
    elif question is not None:
        _ask_one(question, settings, top_k=top_k, doc=doc, as_json=as_json)
    elif questions is not None and output is not None:
        _ask_many(questions, output, settings, top_k=top_k, doc=doc)


def build_if_missing(settings: Settings) -> None:
    """Index the bundled digests where there is no index yet, or where an update has left theirs behind; say so."""
    from assistant.building import Due, bundled_index_due
    from assistant.library import Library
    from cli.progress import progress_bar

    due = bundled_index_due(settings)
    if due is None:
        return
    reason = "索引がないので" if due is Due.MISSING else "同梱の要約が新しくなったので"
    print(f"{reason}、同梱の要約から索引を作ります。", file=sys.stderr)
    with progress_bar() as progress:
        Library(settings, progress).build([])


def _ask_one(question: str, settings: Settings, *, top_k: int, doc: list[str] | None, as_json: bool) -> None:
    from assistant.contract import answer_object
    from assistant.wiring import build_responder
    from cli.printed import printed

    responder = build_responder(settings)
    if as_json:
        answer = responder.ask(question, doc_ids=doc or None, top_k=top_k)
        print(json.dumps(answer_object(answer), ensure_ascii=False, indent=2))
        return
    if responder.model and sys.stdout.isatty():
        from cli.live import watched

        answer = watched(responder.stream(question, doc_ids=doc or None, top_k=top_k))
    else:
        answer = responder.ask(question, doc_ids=doc or None, top_k=top_k)
    print(printed(answer, responder.remote_host))


def _show_prompt(question: str, settings: Settings, *, top_k: int, doc: list[str] | None) -> None:
    from assistant.generate import shown
    from assistant.wiring import build_options, build_responder

    prompt = build_responder(settings).prompt(question, build_options(settings), doc_ids=doc or None, top_k=top_k)
    if prompt is None:
        print("この質問は、資料に答えが見つからないので、言語モデルには送りません。", file=sys.stderr)
        return
    print(without_controls(shown(prompt)), end="")


def _ask_many(questions: Path, output: Path, settings: Settings, *, top_k: int, doc: list[str] | None) -> None:
    from assistant.batch import run_batch
    from assistant.wiring import build_responder
    from cli.progress import progress_bar

    responder = build_responder(settings)
    with progress_bar() as progress:
        report = run_batch(
            responder,
            questions,
            output,
            top_k=top_k,
            doc_ids=doc or None,
            progress=lambda done, total: progress("質問", done, total),
        )
    print(f"{output}：回答 {report.answered}、エラー {report.failed}{_where(responder)}", file=sys.stderr)
    if report.without_model:
        print(
            f"※ {report.without_model} 件は言語モデルの答えが使えず、抜き書きで答えました。"
            "わけは各行の notes にあります。モデルの設定は `mamori doctor` で確かめられます。",
            file=sys.stderr,
        )
    if report.failed:
        raise typer.Exit(1)


def _where(responder: Responder) -> str:
    """Which language model was asked, and where; nothing where none was."""
    if responder.model is None:
        return ""
    place = f"別のコンピューター {responder.remote_host} へ質問と資料の一部を送りました"
    return f"　言語モデル：{responder.model}（{place if responder.remote_host else 'このパソコンのモデル'}）"
