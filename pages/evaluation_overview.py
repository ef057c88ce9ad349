"""The overview of one or two runs: every figure with its interval as table and picture, by kind, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from eval.labels import EVERYTHING, LANGUAGES, NOTHING, OUTCOMES, group_label, interval_text, unit
from eval.measures import MEASURES
from eval.models import Better, Interval, Kind, Measure, Outcome, Summary
from eval.runs import Run
from pages.evaluation_chart import bar_chart
from pages.evaluation_html import Cell, table_html
from pages.evaluation_questions import open_question
from pages.evaluation_runs import short_names, stamp, when
from pages.evaluation_state import remember
from pages.render import literal

if TYPE_CHECKING:
    from eval.compare import Comparison
    from eval.statistics import Difference

MEASURE = "mamori_eval_measure"
SIGNIFICANT = 0.05
_GROUPS = {"answer": "回答", "retrieval": "検索"}
_NEW_LINE_AFTER = 5


def show(runs: Sequence[Run]) -> None:
    """Draw the overview of complete runs, the one looked at first."""
    names = short_names(runs)
    _about(runs, names)
    if len(runs) == 2:
        _comparison(runs, names)
    for group, title in _GROUPS.items():
        _measures([one for one in MEASURES if one.group == group], runs, names, title)
    _by_group(runs, names)
    _outcomes(runs, names)


def _about(runs: Sequence[Run], names: Sequence[str]) -> None:
    """What was run on what."""
    rows = [
        [
            name,
            when(run.info.created),
            f"{run.info.set_name}（{run.info.questions}問）",
            "、".join(run.info.index.documents) or NOTHING,
            run.info.index.encoder or NOTHING,
            (run.info.commit or NOTHING)[:8],
        ]
        for name, run in zip(names, runs, strict=True)
    ]
    with st.expander("記録の詳細"):
        st.html(table_html(("記録", "日時", "質問セット", "文書", "エンコーダー", "コミット"), rows))
        for run in runs:
            st.caption(literal(run.name))
    for name, run in zip(names, runs, strict=True):
        if not run.info.texts:
            st.info(literal(f"「{name}」は文章を残していない記録です。数値、出典の位置、結果だけを表示します。"))


def _measures(measures: Sequence[Measure], runs: Sequence[Run], names: Sequence[str], title: str) -> None:
    """One group of measures over all questions: the table, and for shares the picture."""
    rows = [(measure, [_interval(run.summary, EVERYTHING, measure) for run in runs]) for measure in measures]
    rows = [(measure, found) for measure, found in rows if any(one.n for one in found)]
    if not rows:
        return
    st.subheader(title)
    left, right = st.columns([3, 2], gap="large")
    with left:
        head = ("指標", *(f"{name}（95％区間）" for name in names), "質問数")
        st.html(table_html(head, [_measure_row(measure, found) for measure, found in rows]))
        with st.expander("指標の説明"):
            st.html(table_html(("指標", "意味"), [[one.label, _explained(one)] for one, _ in rows]))
    shares = [(measure.label, found) for measure, found in rows if measure.unit == "share"]
    if shares:
        with right:
            st.altair_chart(bar_chart(shares, names), width="stretch")


def _measure_row(measure: Measure, found: Sequence[Interval]) -> list[Cell | str]:
    label = f"{measure.label}（{unit(measure)}）" + ("↓" if measure.better is Better.LOWER else "")
    counts = " / ".join(dict.fromkeys(str(one.n) for one in found))
    figures = [Cell(interval_text(one, measure), number=True) for one in found]
    return [Cell(label, measure.explanation), *figures, Cell(counts, number=True)]


def _explained(measure: Measure) -> str:
    return measure.explanation + ("（小さいほどよい）" if measure.better is Better.LOWER else "")


def _by_group(runs: Sequence[Run], names: Sequence[str]) -> None:
    """One measure for each kind and language of question."""
    known = [one.name for one in MEASURES if any(_interval(run.summary, EVERYTHING, one).n for run in runs)]
    labels = {one.name: one.label for one in MEASURES}
    if not known:
        return
    st.subheader("種類ごと")
    remember(MEASURE, known[0] if "right" not in known else "right", known)
    st.selectbox("指標", known, key=MEASURE, format_func=lambda name: labels[name])
    measure = next(one for one in MEASURES if one.name == st.session_state[MEASURE])
    st.caption(literal(measure.explanation))
    groups = [name for name in (EVERYTHING, *Kind, *LANGUAGES) if any(_has(run.summary, name) for run in runs)]
    rows = [(group_label(name), [_interval(run.summary, name, measure) for run in runs]) for name in groups]
    rows = [(label, found) for label, found in rows if any(one.n for one in found)]
    left, right = st.columns([3, 2], gap="large")
    with left:
        head = ("種類", *(f"{name}（95％区間、{unit(measure)}）" for name in names), "質問数")
        st.html(table_html(head, [[label, *_figures(found, measure)] for label, found in rows]))
    if measure.unit == "share":
        with right:
            st.altair_chart(bar_chart(rows, names), width="stretch")


def _figures(found: Sequence[Interval], measure: Measure) -> list[Cell | str]:
    counts = " / ".join(dict.fromkeys(str(one.n) for one in found))
    return [*(Cell(interval_text(one, measure), number=True) for one in found), Cell(counts, number=True)]


def _outcomes(runs: Sequence[Run], names: Sequence[str]) -> None:
    """How many questions ended how."""
    st.subheader("結果の内訳")
    rows: list[list[Cell | str]] = [
        [name, *(Cell(str(_count(run.summary, outcome)), number=True) for outcome in Outcome)]
        for name, run in zip(names, runs, strict=True)
    ]
    st.html(table_html(("記録", *OUTCOMES.values()), rows))


def _comparison(runs: Sequence[Run], names: Sequence[str]) -> None:
    """How the run looked at differs from the other: figures with their intervals, and the questions that turned."""
    comparison = _compared(tuple((run.folder, stamp(run.folder)) for run in runs), runs[1], runs[0])
    st.subheader("比較")
    st.caption(literal(f"差は「{names[0]}」−「{names[1]}」です。"))
    st.caption(literal(f"太字は、偶然とは考えにくい差（p < {SIGNIFICANT}）です。"))
    for note in comparison.notes:
        st.caption(literal(f"※ {note}"))
    head = ("指標", names[1], names[0], "差（95％区間）", "p", "質問数")
    st.html(table_html(head, _difference_rows(comparison)))
    texts = {question.id: question.question for run in runs for question in run.questions}
    left, right = st.columns(2)
    with left:
        _turned(f"「{names[0]}」だけが正しい質問", comparison.turned_right, texts, "right")
    with right:
        _turned(f"「{names[1]}」だけが正しい質問", comparison.turned_wrong, texts, "wrong")


# About a second for 170 questions: not to be spent each time that something on the page is pressed.
@st.cache_resource(show_spinner="比べています…", max_entries=8)
def _compared(key: tuple[tuple[Path, tuple[int, ...]], ...], _a: Run, _b: Run) -> Comparison:
    from eval.compare import compare

    return compare(_a, _b)


def _difference_rows(comparison: Comparison) -> Iterator[list[Cell | str]]:
    for measure in MEASURES:
        if (found := comparison.differences.get(measure.name)) is not None:
            strong = found.p_value < SIGNIFICANT
            yield [
                Cell(f"{measure.label}（{unit(measure)}）", measure.explanation, strong=strong),
                *(Cell(_scaled(value, measure), number=True) for value in (found.mean_a, found.mean_b)),
                Cell(_difference_text(found, measure), number=True, strong=strong),
                Cell("<0.001" if found.p_value < 0.001 else f"{found.p_value:.3f}", number=True),
                Cell(str(found.n), number=True),
            ]


def _difference_text(found: Difference, measure: Measure) -> str:
    middle, low, high = (_scaled(value, measure, "+") for value in (found.difference, found.low, found.high))
    return f"{middle}（{low} ～ {high}）"


def _scaled(value: float, measure: Measure, sign: str = "") -> str:
    """A figure with one decimal, shares in per cent; zero has no sign."""
    rounded = round(value * (100 if measure.unit == "share" else 1), 1)
    return f"{rounded:{sign}.1f}" if rounded else "0.0"


def _turned(title: str, ids: Sequence[str], texts: Mapping[str, str], key: str) -> None:
    """The questions that only one run has right; a press opens one."""
    with st.expander(literal(f"{title}（{len(ids)}件）"), expanded=0 < len(ids) <= _NEW_LINE_AFTER):
        for one in ids:
            label = literal(f"{one}　{texts.get(one, '')}")
            st.button(label, key=f"mamori_eval_{key}_{one}", type="tertiary", on_click=open_question, args=(one,))
        if not ids:
            st.caption("ありません。")


def _interval(summary: Summary | None, group: str, measure: Measure) -> Interval:
    found = summary.groups.get(group, {}).get(measure.name) if summary else None
    return found or Interval(None, None, None, 0)


def _has(summary: Summary | None, group: str) -> bool:
    return summary is not None and group in summary.groups


def _count(summary: Summary | None, outcome: Outcome) -> int:
    return summary.outcomes.get(EVERYTHING, {}).get(outcome, 0) if summary else 0
