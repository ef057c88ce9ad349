"""What people, and models that judge, made of the chosen runs, and how far they agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import streamlit as st

from eval.labels import NOTHING
from eval.marks import (
    Agreement,
    CitationVerdict,
    Mark,
    MarkedShare,
    MarkVerdict,
    agreement,
    marks_file,
    read_marks,
    shares,
)
from eval.models import Interval
from eval.runs import Run
from pages.evaluation_html import Cell, table_html
from pages.evaluation_marking import CITATIONS, VERDICTS
from pages.evaluation_runs import short_names

HOW_TO_READ = (
    "κ（カッパ）は、偶然の一致を差し引いた一致度です。1が完全な一致、0が偶然と同じで、"
    "0.6以上ならおおむね一致、0.4未満なら評価の基準を話し合う目安です。"
)
NO_MARKS = "選んだ記録には、まだ評価が付いていません。「人による評価」で付けられます。"
_SHOWN_COMMENTS = 200


def show(runs: Sequence[Run], data_dir: Path) -> None:
    """Draw the results by run and marker, the agreement between markers, and the comments."""
    kept = read_marks(marks_file(data_dir))
    if kept.unreadable:
        shown = "、".join(map(str, kept.unreadable))
        st.warning(f"評価の保存ファイルの{shown}行目を読めないため、その評価を除いて表示しています。")
    names = dict(zip((run.name for run in runs), short_names(runs), strict=True))
    marks = [mark for mark in kept.entries if mark.run in names]
    if not marks:
        st.info(NO_MARKS)
        return
    st.subheader("記録ごとの結果")
    st.html(table_html(_RESULTS_HEAD, _results(marks, names)))
    _agreement(marks, names)
    _comments(marks, names)


_RESULTS_HEAD = (
    "記録",
    "評価した人",
    "正しい（95％区間、％）",
    *(f"{label}（件）" for label in VERDICTS.values()),
    *(
        f"出典が{label}（件）" if value is not CitationVerdict.NONE else "出典の判定なし（件）"
        for value, label in CITATIONS.items()
    ),
)


def _results(marks: Sequence[Mark], names: dict[str, str]) -> Iterator[list[Cell | str]]:
    for run, name in names.items():
        for share in shares(marks, run):
            yield [name, share.marker, Cell(_interval_text(share.correct), number=True), *_counts(share)]


def _counts(share: MarkedShare) -> list[Cell | str]:
    counts = (*(share.verdicts[one] for one in MarkVerdict), *(share.citations[one] for one in CitationVerdict))
    return [Cell(str(count), number=True) for count in counts]


def _interval_text(interval: Interval) -> str:
    if interval.mean is None or interval.low is None or interval.high is None:
        return NOTHING
    return f"{100 * interval.mean:.1f}（{100 * interval.low:.1f}–{100 * interval.high:.1f}）"


def _agreement(marks: Sequence[Mark], names: dict[str, str]) -> None:
    st.subheader("評価する人どうしの一致度")
    pairs = [(name, pair) for run, name in names.items() for pair in agreement(marks, run)]
    if not pairs:
        st.info("同じ記録の同じ質問に2人以上が評価を付けると、一致度を表示します。")
        return
    st.caption(HOW_TO_READ)
    head = ("記録", "評価した人", "回答の内容のκ", "件数", "出典のκ", "件数")
    st.html(table_html(head, [_pair_row(name, pair) for name, pair in pairs]))
    if any(None in (pair.verdict_kappa, pair.citation_kappa) for _, pair in pairs):
        st.caption(f"「{NOTHING}」は、件数が足りないか、全員が同じ評価だけを付けたため、計算できないことを示します。")


def _pair_row(name: str, pair: Agreement) -> list[Cell | str]:
    return [
        name,
        f"{pair.marker_a} と {pair.marker_b}",
        Cell(_kappa(pair.verdict_kappa), number=True),
        Cell(str(pair.n), number=True),
        Cell(_kappa(pair.citation_kappa), number=True),
        Cell(str(pair.citation_n), number=True),
    ]


def _kappa(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def _comments(marks: Sequence[Mark], names: dict[str, str]) -> None:
    """What was written beside the marks, newest first."""
    said = [mark for mark in reversed(marks) if mark.comment][:_SHOWN_COMMENTS]
    if not said:
        return
    with st.expander(f"コメント（{len(said)}件）"):
        rows = [[mark.question_id, names[mark.run], mark.marker, VERDICTS[mark.verdict], mark.comment] for mark in said]
        st.html(table_html(("質問", "記録", "評価した人", "回答の内容", "コメント"), rows))
