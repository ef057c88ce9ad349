"""`mamori eval compare`: two runs of the same set, measure by measure and question by question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from cli.eval.columns import columns, with_unit
from cli.eval.options import AsJson
from cli.messages import on_one_line
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from eval.compare import Comparison
    from eval.models import Measure
    from eval.runs import Run
    from eval.statistics import Difference

_RUN = "記録のフォルダー、または `mamori eval runs` にある名前。"
_SIGNIFICANT = 0.05


def compare(
    run_a: Annotated[str, typer.Argument(metavar="RUN_A", help=_RUN)],
    run_b: Annotated[str, typer.Argument(metavar="RUN_B", help="比べるもう1つの記録。")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """同じ質問セットの2つの記録を比べます。差は B−A、* は偶然とは考えにくい差（p < 0.05）です。

    例: mamori eval compare 2026-01-05T093000-1f2e3d4c-readme-mamori 2026-01-06T101500-5a6b7c8d-readme-mamori
    """
    from assistant.settings import Settings
    from eval.compare import compare as compared
    from eval.plan import find_complete_run, runs_folder

    parent = runs_folder(Settings.from_environment(data_dir).data_dir)
    a, b = find_complete_run(run_a, parent), find_complete_run(run_b, parent)
    comparison = compared(a, b)
    if as_json:
        print(json.dumps(asdict(comparison), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(comparison, a, b)))


def _lines(comparison: Comparison, a: Run, b: Run) -> Iterator[str]:
    from eval.measures import MEASURES

    yield on_one_line(f"A: {a.name}")
    yield on_one_line(f"B: {b.name}")
    yield from (f"※ {on_one_line(note)}" for note in comparison.notes)
    yield ""
    found = [(one, comparison.differences[one.name]) for one in MEASURES if one.name in comparison.differences]
    head = ("指標", "A", "B", "差", "95％区間", "p", "", "質問数")
    yield from columns([head, *(_row(measure, difference) for measure, difference in found)])
    texts = {question.id: question.question for question in (*a.questions, *b.questions)}
    yield from _questions("正しくなった質問", comparison.turned_right, texts)
    yield from _questions("誤りになった質問", comparison.turned_wrong, texts)


def _row(measure: Measure, difference: Difference) -> tuple[str, ...]:
    return (
        measure.label,
        with_unit(difference.mean_a, measure),
        with_unit(difference.mean_b, measure),
        _signed(difference.difference, measure),
        f"{_signed(difference.low, measure)}～{_signed(difference.high, measure)}",
        f"{difference.p_value:.3f}",
        "*" if difference.p_value < _SIGNIFICANT else "",
        str(difference.n),
    )


def _signed(value: float, measure: Measure) -> str:
    """A difference with its sign, in the measure's unit; shares in points of per cent."""
    return f"{value * 100:+.1f}" if measure.unit == "share" else f"{value:+.1f}"


def _questions(title: str, ids: Iterable[str], texts: Mapping[str, str]) -> Iterator[str]:
    ids = list(ids)
    yield ""
    yield f"{title}（{len(ids)} 件）"
    yield from columns([(f"  {name}", texts.get(name, "")) for name in ids]) if ids else ()
