"""`mamori eval gate`: does a run hold what was promised; for continuous integration, exit status 1 where not."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.eval.columns import columns, range_text, with_unit
from cli.eval.options import (
    DEFAULT_SYSTEM,
    DEFAULT_TOP_K,
    SET_HELP,
    Answers,
    Index,
    Label,
    Llm,
    NoLlm,
    SystemName,
    TopK,
    check_answers_options,
    check_llm_options,
    with_llm,
    wrong_usage,
)
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from assistant.settings import Settings
    from eval.gate import Check, Floor
    from eval.models import Summary
    from eval.plan import Request


def gate(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="確かめる記録。省くときは --set で実行します。")
    ] = None,
    set_name: Annotated[str | None, typer.Option("--set", metavar="S", help=SET_HELP)] = None,
    index: Index = None,
    system: SystemName = DEFAULT_SYSTEM,
    answers: Answers = None,
    label: Label = None,
    llm: Llm = None,
    no_llm: NoLlm = False,
    minimum: Annotated[
        list[str] | None, typer.Option("--min", metavar="指標=値", help="平均がこの値以上であること。割合は0～1。")
    ] = None,
    maximum: Annotated[
        list[str] | None, typer.Option("--max", metavar="指標=値", help="平均がこの値以下であること。割合は0～1。")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="この種類（scenario など）か言語（en など）だけを見ます。"),
    ] = None,
    top_k: TopK = DEFAULT_TOP_K,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """記録が基準を満たすか確かめます。満たさない基準があれば、終了コード1で終わります。

    例: mamori eval gate --set readme --min key_facts=0.9 --max false_answers=0.1
    """
    check_answers_options("gate", system, answers, label)
    check_llm_options("gate", system, answers, llm, no_llm)
    if (run is None) == (set_name is None):
        raise wrong_usage("gate", "記録の名前か --set のどちらか1つを指定してください。")
    if run is not None and (index or answers):
        raise wrong_usage("gate", "--index と --answers は --set と一緒に指定してください。")
    floors, group = _floors(minimum or [], maximum or []), _group(kind)
    from assistant.settings import Settings
    from eval.gate import broken, check
    from eval.plan import Request, find_complete_run, runs_folder

    settings = with_llm(Settings.from_environment(data_dir), llm, no_llm)
    if set_name is None:
        summary = find_complete_run(str(run), runs_folder(settings.data_dir)).summary
    else:
        summary = _measured(Request(set_name, index, system, answers, label, top_k=top_k), settings)
    assert summary is not None, "a complete run has a summary"
    checks = check(summary, floors, group)
    print("\n".join(columns([("指標", "基準", "平均", "95％区間", "質問数", ""), *map(_row, checks)])))
    if failed := broken(checks):
        print(f"mamori: {len(failed)} 件の基準を満たしていません。×の行を確かめてください。", file=sys.stderr)
        raise typer.Exit(1)


def _floors(minimum: list[str], maximum: list[str]) -> list[Floor]:
    from eval.errors import EvaluationError
    from eval.gate import Bound, parse_floor

    if not minimum and not maximum:
        raise wrong_usage("gate", "基準を --min か --max で指定してください（例: --min key_facts=0.9）。")
    try:
        return [parse_floor(text, Bound.MIN) for text in minimum] + [parse_floor(text, Bound.MAX) for text in maximum]
    except EvaluationError as error:
        raise wrong_usage("gate", str(error)) from error


def _group(kind: str | None) -> str:
    from eval.labels import EVERYTHING, LANGUAGES
    from eval.models import Kind

    known = [*(one.value for one in Kind), *LANGUAGES]
    if kind is not None and kind not in known:
        raise wrong_usage("gate", f"--kind の「{kind}」は使えません。{'、'.join(known)} のどれかを指定してください。")
    return kind or EVERYTHING


def _measured(request: Request, settings: Settings) -> Summary | None:
    """The summary of a run that leaves no folder behind."""
    from cli.progress import progress_bar
    from eval.plan import plan
    from eval.runner import run_job, start

    with tempfile.TemporaryDirectory() as folder, progress_bar() as progress:
        job = plan(request, settings, progress)
        return run_job(job, start(job, Path(folder)), progress).summary


def _row(check: Check) -> tuple[str, ...]:
    from eval.gate import Bound

    floor = check.floor
    side = "以上" if floor.bound is Bound.MIN else "以下"
    return (
        floor.measure.label,
        with_unit(floor.value, floor.measure) + side,
        with_unit(check.interval.mean, floor.measure),
        range_text(check.interval, floor.measure),
        str(check.interval.n),
        _mark(check),
    )


def _mark(check: Check) -> str:
    if check.interval.mean is None:
        return "×（測れる質問がありません）"
    return "○" if check.holds else "×"
