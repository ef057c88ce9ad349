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
    from assistant.models import Answer, Citation
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
    from assistant.settings import Settings

    settings = Settings.from_environment(data_dir)
    if build:
        build_if_missing(settings)
    if question is not None:
        _ask_one(question, settings, top_k=top_k, doc=doc, as_json=as_json)
    elif questions is not None and output is not None:
        _ask_many(questions, output, settings, top_k=top_k, doc=doc)


def build_if_missing(settings: Settings) -> None:
    """Index the bundled digests where there is no index yet, or where an update has left theirs behind; say so."""
    from assistant.building import Due, build_index_from, bundled_index_due
    from cli.progress import progress_bar

    due = bundled_index_due(settings)
    if due is None:
        return
    reason = "索引がないので" if due is Due.MISSING else "同梱の要約が新しくなったので"
    print(f"{reason}、同梱の要約から索引を作ります。", file=sys.stderr)
    with progress_bar() as progress:
        build_index_from([], settings, progress)


def _ask_one(question: str, settings: Settings, *, top_k: int, doc: list[str] | None, as_json: bool) -> None:
    from assistant.contract import answer_object
    from assistant.wiring import build_assistant

    answer = build_assistant(settings).ask(question, doc_ids=doc or None, top_k=top_k)
    if as_json:
        print(json.dumps(answer_object(answer), ensure_ascii=False, indent=2))
    else:
        print(without_controls(_printed(answer)))


def _ask_many(questions: Path, output: Path, settings: Settings, *, top_k: int, doc: list[str] | None) -> None:
    from assistant.batch import run_batch
    from assistant.wiring import build_assistant
    from cli.progress import progress_bar

    with progress_bar() as progress:
        report = run_batch(
            build_assistant(settings),
            questions,
            output,
            top_k=top_k,
            doc_ids=doc or None,
            progress=lambda done, total: progress("質問", done, total),
        )
    print(f"{output}：回答 {report.answered}、エラー {report.failed}", file=sys.stderr)
    if report.failed:
        raise typer.Exit(1)


def _printed(answer: Answer) -> str:
    """An answer for the terminal: its text without Markdown's bold marks, notes, suggestions, numbered sources."""
    parts = [answer.text.replace("**", "")]
    if answer.suggestions:
        parts.append("\n".join(["資料で答えられる質問の例：", *(f"- {text}" for text in answer.suggestions)]))
    parts.extend(f"※ {note}" for note in answer.notes)
    if answer.citations:
        parts.append("\n".join(["出典", *(_source(citation) for citation in answer.citations)]))
    return "\n\n".join(parts)


def _source(citation: Citation) -> str:
    where = [
        f"{citation.document_title}（{citation.edition or citation.published or '版・日付なし'}）",
        citation.section or "冒頭",
        page_text(citation),
    ]
    lines = [f"[{citation.marker}] {'、'.join(part for part in where if part)}", f"    「{citation.quote}」"]
    if citation.source_url:
        lines.append(f"    {citation.source_url}")
    return "\n".join(lines)


def page_text(citation: Citation) -> str:
    """The page of a citation for a reader: the printed one, the one in the file, or nothing."""
    if citation.page_label and citation.start_page:
        return f"{citation.page_label}ページ（ファイルの{citation.start_page}ページ目）"
    if citation.page_label:
        return f"{'原典の' if citation.is_digest else ''}{citation.page_label}ページ"
    return f"{citation.start_page}ページ" if citation.start_page else ""
