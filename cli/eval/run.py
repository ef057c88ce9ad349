"""`mamori eval run`: a question set through a system, or through a file of answers, into a run folder."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.eval.columns import generated_lines, summary_lines
from cli.eval.options import (
    DEFAULT_SYSTEM,
    DEFAULT_TOP_K,
    SET_HELP,
    Answers,
    AsJson,
    Index,
    Label,
    Llm,
    NoLlm,
    SystemName,
    TopK,
    check_answers_options,
    check_llm_options,
    with_llm,
)
from cli.messages import on_one_line
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from assistant.settings import Settings
    from eval.generated import Generated
    from eval.plan import Request
    from eval.runner import Job
    from eval.runs import Run


def run(
    set_name: Annotated[str, typer.Option("--set", metavar="S", help=SET_HELP)],
    index: Index = None,
    system: SystemName = DEFAULT_SYSTEM,
    answers: Answers = None,
    label: Label = None,
    llm: Llm = None,
    no_llm: NoLlm = False,
    resume: Annotated[bool, typer.Option("--resume", help="途中で止まった実行の続きをします。")] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="DIR", help="記録を置くフォルダー。既定はデータフォルダーの eval/runs。"),
    ] = None,
    beside: Annotated[
        list[str] | None, typer.Option("--beside", metavar="RUN", help="レポートに並べる、同じ質問セットの記録。")
    ] = None,
    no_texts: Annotated[
        bool, typer.Option("--no-texts", help="資料と答えの文章を記録に残しません（ID、点、ページは残ります）。")
    ] = False,
    top_k: TopK = DEFAULT_TOP_K,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """質問セットに答えさせて採点し、記録とレポート（report.html）を残します。

    例: mamori eval run --set readme
    """
    check_answers_options("run", system, answers, label)
    check_llm_options("run", system, answers, llm, no_llm)
    from assistant.settings import Settings
    from eval.plan import Request, find_complete_run, runs_folder

    settings = with_llm(Settings.from_environment(data_dir), llm, no_llm)
    request = Request(set_name, index, system, answers, label, texts=not no_texts, top_k=top_k)
    parent = output or runs_folder(settings.data_dir)
    neighbours = [find_complete_run(name, parent) for name in beside or []]
    job = _prepared(request, settings, neighbours)
    finished = _run(job, parent, resume=resume)
    from eval.report import write_report

    try:
        # First: whoever reads the table may stop reading, as `head` does.
        report = write_report(finished, neighbours)
    finally:
        _print(finished, job, as_json=as_json)
    print(f"記録: {finished.folder}\nレポート: {report}", file=sys.stderr)


def _prepared(request: Request, settings: Settings, neighbours: list[Run]) -> Job:
    """Everything read and checked; nothing is written before."""
    from cli.progress import progress_bar
    from eval.errors import RunError
    from eval.plan import plan

    with progress_bar() as progress:
        job = plan(request, settings, progress)
    for neighbour in neighbours:
        if neighbour.info.set_sha256 != job.questions.sha256:
            raise RunError(f"「{neighbour.name}」は別の質問セットの記録です。同じ質問セットの記録を指定してください。")
    if job.missing:
        print(f"※ 答えのない質問が {len(job.missing)} 件あります。0点として数えます。", file=sys.stderr)
    return job


def _run(job: Job, parent: Path, *, resume: bool) -> Run:
    from cli.progress import progress_bar
    from eval import runner

    folder = runner.resume(job, parent) if resume else runner.start(job, parent)
    if resume:
        _say_where_it_goes_on(folder, job)
    try:
        with progress_bar() as progress:
            return runner.run_job(job, folder, progress)
    except KeyboardInterrupt:
        print(
            f"{job.asked} 問のうち {runner.asked_so_far(folder)} 問まで終わりました。"
            "同じ指定に --resume をつけて実行すると、続きから始めます。",
            file=sys.stderr,
        )
        raise


def _say_where_it_goes_on(folder: Path, job: Job) -> None:
    from eval.runner import asked_so_far, code_commit
    from eval.runs import read_info

    print(
        f"{folder.name} の続きから始めます（{job.asked} 問のうち {asked_so_far(folder)} 問は済み）。", file=sys.stderr
    )
    if read_info(folder).commit != code_commit():
        print("※ 前回からプログラムが変わっています。前半と後半で答え方が違うことがあります。", file=sys.stderr)


def _counts(finished: Run) -> Generated | None:
    """What a language model made of a run; None where there is none."""
    from eval.generated import generated_counts

    return generated_counts(finished.answers.values()) if finished.info.generated else None


def _print(finished: Run, job: Job, *, as_json: bool) -> None:
    summary = finished.summary
    assert summary is not None, "a run that has ended is complete"
    counts = _counts(finished)
    if as_json:
        more = {"generated": asdict(counts)} if counts else {}
        print(json.dumps(asdict(summary) | more, ensure_ascii=False, indent=2))
    else:
        about = f"{job.questions.name}（{len(job.questions.questions)} 問）、{finished.info.system}"
        print("\n".join([on_one_line(about), *summary_lines(summary), *(generated_lines(counts) if counts else ())]))
    failed = [row for row in finished.answers.values() if row.get("status") == "error"]
    if failed:
        first = on_one_line(str(failed[0].get("error", "")))
        print(
            f"※ {len(failed)} 問はエラーで結果がなく、0点として数えました（最初は {failed[0]['id']}: {first}）。",
            file=sys.stderr,
        )
