"""Self-study on the page: what to be asked about, and which of question, explanation and result comes next."""

from __future__ import annotations

import random
from pathlib import Path

import streamlit as st

from assistant.settings import Settings
from pages import training_material, training_question, training_results
from pages.evaluation_state import remember
from pages.render import literal
from training.catalogue import themes
from training.errors import StudyError, TrainingError
from training.labels import DIFFICULTIES
from training.study import Study, again, answer, cut, record, results_file

STUDYING, EXPLAINING, NOT_KEPT, FAILED, FEWER = (
    f"mamori_training_{name}" for name in ("studying", "explaining", "not_kept", "study_failed", "fewer")
)
THEME, COUNT, DIFFICULTY = (f"mamori_training_study_{name}" for name in ("theme", "count", "difficulty"))
ALL_THEMES, ANY_DIFFICULTY = "すべてのテーマ", 0
COUNTS = (5, 10, 20)
START, STOP = "クイズを始める", "ここで終える"
_WORKING = "資料から問題を選んでいます…"
_NONE = "この条件の問題がありません。テーマか難しさを変えてください。"
_FEWER = "この条件の問題は{count}問だけです。"
_MOST_SEED = 9999


def show(settings: Settings) -> None:
    """Draw the way in, the item that is asked or explained, or the result."""
    path = results_file(settings.data_dir)
    study: Study | None = st.session_state.get(STUDYING)
    if study is None:
        _start(path)
    elif st.session_state.get(EXPLAINING):
        if training_question.explain(study):
            st.session_state[EXPLAINING] = False
            st.rerun()
        _stop_button(path)
    elif study.current is not None:
        if fewer := st.session_state.get(FEWER):
            st.caption(fewer)
        given = training_question.ask(study)
        if given is not None:
            _take(study, given, path)
            st.rerun()
        _stop_button(path)
    else:
        _result(study)


def _start(path: Path) -> None:
    st.caption(
        "一問ずつ答えて、すぐに解説を読めます。名前は聞きません。結果はこのパソコンの中だけに残り、いつでも消せます。"
    )
    left, right = st.columns(2)
    with left:
        names = (ALL_THEMES, *(theme.name for theme in themes()))
        remember(THEME, ALL_THEMES, names)
        st.selectbox("学ぶテーマ", names, key=THEME)
    with right:
        levels = (ANY_DIFFICULTY, *DIFFICULTIES)
        remember(DIFFICULTY, ANY_DIFFICULTY, levels)
        st.selectbox(
            "難しさ", levels, key=DIFFICULTY, format_func=lambda level: DIFFICULTIES.get(level, "やさしい順にすべて")
        )
    remember(COUNT, COUNTS[0], COUNTS)
    st.radio("問題の数", COUNTS, key=COUNT, horizontal=True, format_func=lambda count: f"{count}問")
    if st.button(START, key="mamori_training_study_start", type="primary"):
        _begin()
    if message := st.session_state.get(FAILED):
        st.warning(literal(message))
    training_results.show_history(path)


def _begin() -> None:
    """Choose items, others each time, and ask the first."""
    st.session_state.pop(FAILED, None)
    theme: str = st.session_state[THEME]
    wanted = None if theme == ALL_THEMES else theme
    level: int | None = st.session_state[DIFFICULTY] or None
    # Nothing depends on who could guess it.
    seed = random.randint(1, _MOST_SEED)
    try:
        with st.spinner(_WORKING):
            quiz = training_material.quiz(st.session_state[COUNT], seed, wanted, level)
    except TrainingError as error:
        st.session_state[FAILED] = str(error)
        return
    if not quiz.items:
        st.session_state[FAILED] = _NONE
        return
    _go_on(Study(quiz, theme))
    if len(quiz.items) < st.session_state[COUNT]:
        st.session_state[FEWER] = _FEWER.format(count=len(quiz.items))
    st.rerun()


def _take(study: Study, given: tuple[int, ...], path: Path) -> None:
    """Mark an answer; the last one of a quiz keeps the result."""
    study = answer(study, given)
    st.session_state[STUDYING], st.session_state[EXPLAINING] = study, True
    if study.current is None:
        _keep(study, path)


def _keep(study: Study, path: Path) -> None:
    try:
        record(path, study)
    except StudyError as error:
        st.session_state[NOT_KEPT] = f"結果を残せませんでした。{error}"


def _stop_button(path: Path) -> None:
    study: Study = st.session_state[STUDYING]
    if study.current is not None:
        st.button(STOP, key="mamori_training_study_stop", type="tertiary", on_click=_stop, args=(study, path))


def _stop(study: Study, path: Path) -> None:
    """End here: with the result of what was answered or, where nothing was, at the beginning."""
    if not study.responses:
        _leave()
        return
    _keep(cut(study), path)
    st.session_state[STUDYING], st.session_state[EXPLAINING] = cut(study), False


def _result(study: Study) -> None:
    if message := st.session_state.get(NOT_KEPT):
        st.warning(literal(message))
    missed = training_results.show_result(study)
    with st.container(horizontal=True):
        if missed:
            st.button(
                f"間違えた問題だけもう一度（{missed}問）",
                key="mamori_training_study_again",
                type="primary",
                on_click=_go_on,
                args=(again(study),),
            )
        st.button("ほかのクイズにする", key="mamori_training_study_leave", on_click=_leave)


def _go_on(study: Study) -> None:
    training_question.clear()
    for key in (NOT_KEPT, FEWER):
        st.session_state.pop(key, None)
    st.session_state[STUDYING], st.session_state[EXPLAINING] = study, False


def _leave() -> None:
    training_question.clear()
    for key in (STUDYING, EXPLAINING, NOT_KEPT, FEWER):
        st.session_state.pop(key, None)
