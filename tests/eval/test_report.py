"""Tests of the report: what it shows, where its marks go, and that it loads nothing from anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.errors import RunError
from eval.labels import KINDS, OUTCOMES, figure, group_label, interval_text
from eval.measures import MEASURES, measure
from eval.models import (
    Gold,
    Grade,
    Interval,
    Kind,
    Outcome,
    Question,
    QuestionScore,
    Summary,
    Target,
)
from eval.report import charts, render_report, write_report
from eval.runs import REPORT, IndexInfo, Run, RunInfo

QUESTION = Question(
    id="q1",
    question="工場の見学で写真を撮られそうです",
    language="ja",
    kind=Kind.SCENARIO,
    history=(("user", "前の質問"), ("assistant", "前の答え")),
    answerable=True,
    reference_answer="撮影を断ります。",
    key_facts=(("撮影禁止",), ("P99", "99ページ")),
    gold=(
        Gold(Grade.NEEDED, (Target("doc-a", "見学", "撮影を認めない"),)),
        Gold(Grade.NEEDED, (Target("doc-b", "", "索引にない文書"),)),
        Gold(Grade.RELEVANT, (Target("doc-a", "受付", "名簿に書く"),)),
    ),
    note="",
)
SCORE = QuestionScore(
    id="q1",
    kind=Kind.SCENARIO,
    language="ja",
    answerable=True,
    outcome=Outcome.INCOMPLETE,
    scores={"right": 0.0, "key_facts": 0.5, "recall@1": None, "length": 12.0},
    facts_found=(True, False),
    gold_indexed=(True, False, True),
    gold_ranks=(3, None, None),
    gold_cited=(True, False, False),
    invalid_citations=(2,),
)
ROW: Mapping[str, Any] = {
    "id": "q1",
    "status": "answered",
    "answer": "**撮影禁止**にします。<script>alert(1)</script> [1]",
    "citations": [
        {"marker": 1, "doc_id": "doc-a", "section": "見学", "quote": "撮影を認めない", "start_page": 4},
        {"marker": 2, "doc_id": "doc-a", "section": "見学", "quote": "どこにもない文", "page_label": "13–14"},
    ],
    "passages": [{"rank": 1, "doc_id": "doc-a", "section": "見学", "text": "長" * 500, "start_page": None}],
}


def interval(mean: float | None, low: float | None = None, high: float | None = None, n: int = 1) -> Interval:
    """An interval that is a point unless its ends are given."""
    return Interval(mean, low if low is not None else mean, high if high is not None else mean, n)


def made_run(
    folder: Path, *, texts: bool = True, complete: bool = True, system: str = "mamori", right: float = 0.25
) -> Run:
    """A run of one question with made-up figures."""
    info = RunInfo("2026-11-21T10:00:00", "abcdef1", "sample", "0" * 64, 1, system, IndexInfo(("doc-a",)), texts)
    figures = {one.name: interval(None, n=0) for one in MEASURES}
    figures |= {"right": interval(right, 0.1, 0.5), "time_ms": interval(8.0, 4.0, 16.0)}
    groups = {"all": figures, "scenario": figures, "ja": figures}
    outcomes = {name: {Outcome.INCOMPLETE: 1} for name in groups}
    questions = (QUESTION,) if texts else ()
    answers = {"q1": ROW if texts else {"id": "q1", "status": "answered", "citations": [], "passages": []}}
    run = Run(folder, info, questions, answers)
    return replace(run, scores=(SCORE,), summary=Summary(groups, outcomes)) if complete else run


def test_report_is_written_into_the_run_folder(tmp_path: Path) -> None:
    """This test ensures that the report lands beside what it reports on, and nothing else is left there."""
    path = write_report(made_run(tmp_path))
    assert path == tmp_path / REPORT
    assert [entry.name for entry in tmp_path.iterdir()] == [REPORT]


def test_report_loads_nothing(tmp_path: Path) -> None:
    """This test ensures that the page names no address to load from and forbids itself to load any."""
    page = render_report(made_run(tmp_path))
    assert "default-src 'none'" in page
    assert not re.search(r"""(?:src|href|action)\s*=|@import|url\(|fetch\(|XMLHttpRequest""", page)


def test_texts_cannot_become_markup(tmp_path: Path) -> None:
    """This test ensures that an answer with markup is shown as text."""
    page = render_report(made_run(tmp_path))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_question_shows_what_was_found_and_missed(tmp_path: Path) -> None:
    """This test ensures that facts, gold, citations and passages of a question stand there with what became of them."""
    page = render_report(made_run(tmp_path))
    for piece in (
        "工場の見学で写真を撮られそうです",
        "前の答え",
        "撮影を断ります。",
        OUTCOMES[Outcome.INCOMPLETE],
        "必要・検索3位・引用あり",
        "関連・検索で見つからず・引用なし",
        "4ページ",
        "13–14ページ",
        "その場所にない",
        "50.0％",
        "長" * 400 + "…",
    ):
        assert piece in page
    assert re.search(r'<li class="good">撮影禁止 .*あり', page)
    assert re.search(r'<li class="bad">P99 / 99ページ .*なし', page)
    assert "索引にない文書" not in page
    assert "長" * 401 not in page


def test_figures_stand_with_their_intervals_beside_the_other_system(tmp_path: Path) -> None:
    """This test ensures that both systems' means and intervals are in the table."""
    page = render_report(made_run(tmp_path), [made_run(tmp_path, system="bm25", right=0.125)])
    assert ">25.0<small>10.0–50.0</small>" in page
    assert ">12.5<small>10.0–50.0</small>" in page
    assert page.count('<span class="s1">bm25</span>') == 1


def test_run_without_texts_says_so(tmp_path: Path) -> None:
    """This test ensures that a report without texts explains why there are none, and still lists the questions."""
    page = render_report(made_run(tmp_path, texts=False))
    assert "本文を残していません" in page
    assert ">q1</summary>" in page
    assert QUESTION.question not in page


def test_report_of_what_is_not_complete_or_not_comparable_is_refused(tmp_path: Path) -> None:
    """This test ensures that an incomplete run, and a run of another set beside, end in one clear line."""
    whole = made_run(tmp_path)
    with pytest.raises(RunError, match="まだ終わっていません"):
        write_report(made_run(tmp_path, complete=False))
    other = replace(whole, info=replace(whole.info, set_sha256="1" * 64))
    with pytest.raises(RunError, match="別の質問セット"):
        write_report(whole, [other])
    assert list(tmp_path.iterdir()) == []


def test_marks_lie_on_the_axis() -> None:
    """This test ensures that a share of a quarter lies at a quarter of the width, and a missing figure nowhere."""
    placed = charts.marks([interval(0.25, 0.0, 1.0), None, interval(None, n=0)], ["a", "b", "c"])
    assert placed == [charts.Mark(0, 105.0, 0.0, 420.0, "a")]


def test_axis_of_times_ends_at_the_largest() -> None:
    """This test ensures that shares keep 0 to 1 and other figures use the whole width."""
    assert charts.largest_of([interval(0.1)], measure("right")) == 1.0
    assert charts.largest_of([interval(8.0, 4.0, 16.0), None], measure("time_ms")) == 16.0
    assert charts.largest_of([None], measure("time_ms")) == 1.0


def test_stacked_bar_fills_the_width() -> None:
    """This test ensures that the pieces follow each other in the order of outcomes and add up to the whole."""
    pieces = charts.segments({Outcome.REFUSED: 1, Outcome.RIGHT: 3})
    assert [(piece.outcome, piece.start, piece.length) for piece in pieces] == [
        (Outcome.RIGHT, 0.0, 315.0),
        (Outcome.REFUSED, 315.0, 105.0),
    ]
    assert charts.segments({}) == []


def test_ranks_count_needed_and_indexed_gold_only() -> None:
    """This test ensures that relevant gold and gold of documents that are not indexed do not enter the histogram."""
    score = replace(SCORE, gold_indexed=(True, False, True, True, True), gold_ranks=(1, None, 2, 20, None))
    bars = charts.rank_bars([score], {"q1": (True, True, False, True, True)})
    assert [(bar.label, bar.count) for bar in bars if bar.count] == [("1位", 1), ("11–20位", 1), ("なし", 1)]
    assert charts.rank_bars([score], {}) == []


def test_every_code_has_a_label() -> None:
    """This test ensures that no evaluator meets a bare code, and that figures are written in their unit."""
    assert set(KINDS) == set(Kind)
    assert set(OUTCOMES) == set(Outcome)
    assert [group_label(name) for name in ("all", "why", "en")] == ["全体", "理由", "英語"]
    assert figure(0.123, measure("right")) == "12.3"
    assert figure(123.4, measure("length")) == "123"
    assert interval_text(interval(0.5, 0.25, 0.75), measure("right")) == "50.0（25.0–75.0）"
    assert interval_text(interval(None, n=0), measure("right")) == "－"
