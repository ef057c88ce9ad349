"""The pack as a trainer reads it: from the goals to the sources, with what to say and when."""

from __future__ import annotations

import streamlit as st

from pages import training_material, training_reword, training_wording
from pages.training_html import (
    Marks,
    about_html,
    agenda_html,
    case_html,
    checklist_html,
    countermeasures_html,
    documents_html,
    heading_html,
    lines_html,
    quiz_kinds,
)
from pages.training_lost import warn_of_lost
from pages.training_state import FILES, QUIZ, go_to
from training.models import Pack


def show(pack: Pack) -> None:
    """Draw the pack."""
    marks = Marks.of(pack.citations)
    st.html(about_html(pack))
    with st.container(horizontal=True):
        st.button("クイズを直す", key="mamori_training_to_quiz", icon=":material/edit:", on_click=go_to, args=(QUIZ,))
        st.button(
            "書き出す",
            key="mamori_training_to_files",
            icon=":material/download:",
            type="primary",
            on_click=go_to,
            args=(FILES,),
        )
    warn_of_lost(pack)
    training_reword.show(pack)
    training_wording.show(pack)
    _part("学習の目標", lines_html(pack.goals, marks, numbered=True))
    _part("進め方と時間", agenda_html(pack.agenda, marks))
    _part("事例", "".join(case_html(case, marks) for case in pack.cases))
    _part("対策", countermeasures_html(pack.countermeasures, pack.audience, marks))
    _part("チェックリスト", checklist_html(pack.checklist, pack.audience, marks))
    if pack.quiz:
        _part(
            f"クイズ（{len(pack.quiz)}問）", f"<p>{quiz_kinds(pack.quiz)}。問題と答えは「クイズの編集」にあります。</p>"
        )
    _part("相談先", lines_html(pack.contacts, marks))
    _part("出典の資料", documents_html(pack.sources))
    st.html(marks.cards(training_material.passages(pack.citations)))


def _part(name: str, body: str) -> None:
    """A part of the pack under its heading; nothing where it is empty."""
    if body:
        st.html(f'{heading_html(name)}<div class="mm">{body}</div>')
