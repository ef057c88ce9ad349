"""How a self-study quiz went, what to read again, and the quizzes before, which can be deleted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages import training_material
from pages.evaluation_html import Cell, table_html
from pages.library_contents import when
from pages.render import literal
from pages.training_html import Marks, heading_html
from pages.training_quiz_html import answer_html, asked_html, reread_html, result_html
from training.errors import StudyError
from training.study import Record, Study, forget, read_results, result

if TYPE_CHECKING:
    import altair

FORGETTING, FORGET_FAILED = "mamori_training_forgetting", "mamori_training_forget_failed"
FORGET, REALLY, KEEP = "記録を消す…", "本当に消す", "やめる"
ALL_RIGHT = "全問正解です。"
SHOWN, CHARTED = 10, 100
_HEIGHT = 180


def show_result(study: Study) -> int:
    """Draw the result of a quiz; return how many items were missed."""
    found = result(study)
    cited = training_material.passages(study.quiz.citations)
    st.html(heading_html("結果"))
    st.html(result_html(found))
    if not found.missed:
        st.success(ALL_RIGHT)
        return 0
    st.html(heading_html("もう一度読むところ"))
    st.caption("間違いの多い順です。押すと、資料の文を読めます。")
    st.html(reread_html(found.reread, cited))
    with st.expander(f"間違えた問題（{len(found.missed)}問）"):
        marks = Marks.of(study.quiz.citations)
        for number, (item, response) in enumerate(zip(study.quiz.items, study.responses, strict=True), start=1):
            if not response.is_right:
                answer = answer_html(item, marks, response)
                st.html(f'{asked_html(item, marks, number)}<div class="mm">{answer}</div>')
        st.html(marks.cards(cited))
    return len(found.missed)


def show_history(path: Path) -> None:
    """Draw the quizzes so far: a picture of the shares right, the last ones in words, and the way to be rid of them."""
    kept = read_results(path)
    if kept.unreadable:
        lines = "、".join(map(str, kept.unreadable[:SHOWN]))
        more = f"など、{len(kept.unreadable)}行" if len(kept.unreadable) > SHOWN else ""
        st.warning(f"記録の{lines}行目{more}は、壊れていて読めません。ほかの行は表示しています。")
    if not kept.entries and not kept.unreadable:
        return
    st.html(heading_html("これまでの結果"))
    first = [one for one in kept.entries if not one.again and one.items][-CHARTED:]
    if len(first) > 1:
        st.altair_chart(share_chart(first), width="stretch")
        st.caption("はじめて答えたときの、正解の割合です（左が古い回）。")
    if kept.entries:
        st.html(table_html(("日時", "テーマ", "正解"), [_row(one) for one in reversed(kept.entries[-SHOWN:])]))
    if len(kept.entries) > SHOWN:
        st.caption(f"新しいほうから{SHOWN}回分です（全{len(kept.entries)}回）。")
    _forget(path)


def share_chart(records: Sequence[Record]) -> altair.LayerChart:
    """Return a line of the share right (0 to 100 %) over the quizzes, oldest first."""
    import altair as alt

    values = [
        {"number": number, "share": 100 * one.right / len(one.items), "theme": one.theme, "date": _moment(one)}
        for number, one in enumerate(records, start=1)
    ]
    base = alt.Chart({"values": values}).encode(
        x=alt.X("number:O", title="回", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("share:Q", scale=alt.Scale(domain=[0, 100]), title="正解（％）"),
        tooltip=[
            alt.Tooltip("date:N", title="日時"),
            alt.Tooltip("theme:N", title="テーマ"),
            alt.Tooltip("share:Q", title="正解（％）", format=".0f"),
        ],
    )
    layers = alt.LayerChart(layer=[base.mark_line(color="#2f7ed8"), base.mark_point(filled=True, size=60)])
    return layers.properties(height=_HEIGHT)


def _row(one: Record) -> list[Cell | str]:
    theme = f"{one.theme}（間違えた問題だけ）" if one.again else one.theme
    return [_moment(one), theme, Cell(f"{one.right} / {len(one.items)}", number=True)]


def _moment(one: Record) -> str:
    try:
        return when(one.date)
    except OverflowError:  # of a damaged file: beyond what a calendar holds
        return one.date


def _forget(path: Path) -> None:
    if message := st.session_state.get(FORGET_FAILED):
        st.error(literal(message))
    if not st.session_state.get(FORGETTING):
        st.button(FORGET, key="mamori_training_forget", type="tertiary", on_click=_ask, args=(True,))
        return
    st.warning("これまでの結果をすべて消しますか？ 元には戻せません。")
    with st.container(horizontal=True):
        st.button(REALLY, key="mamori_training_forget_really", type="primary", on_click=_do_forget, args=(path,))
        st.button(KEEP, key="mamori_training_forget_keep", on_click=_ask, args=(False,))


def _ask(asking: bool) -> None:
    st.session_state[FORGETTING] = asking
    st.session_state.pop(FORGET_FAILED, None)


def _do_forget(path: Path) -> None:
    _ask(False)
    try:
        forget(path)
    except StudyError as error:
        st.session_state[FORGET_FAILED] = str(error)
