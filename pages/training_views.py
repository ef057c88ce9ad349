"""The five views of the training page; each is a module of its own, and only one is drawn at a time."""

from __future__ import annotations

import streamlit as st

from assistant.settings import Settings
from pages import training_files, training_making, training_preview, training_quiz, training_study
from pages.evaluation_state import remember, show_notice
from pages.render import literal
from pages.service import EXPECTED_ERRORS
from pages.training_state import FILES, MAKE, QUIZ, READ, STUDY, VIEW, VIEWS, current, go_to
from training.errors import TrainingError

NO_PACK = "まだ資料がありません。「作る」で、テーマと対象者を選んで作ってください。"


def show() -> None:
    """Draw the choice of views and the one that is chosen."""
    show_notice()
    remember(VIEW, MAKE, VIEWS)
    st.radio("表示", VIEWS, key=VIEW, horizontal=True, label_visibility="collapsed")
    try:
        _view(st.session_state[VIEW], Settings.from_environment())
    except (TrainingError, *EXPECTED_ERRORS) as error:
        st.error(literal(str(error)))


def _view(view: str, settings: Settings) -> None:
    pack = current()
    if view == MAKE:
        training_making.show()
    elif view == STUDY:
        training_study.show(settings)
    elif pack is None:
        st.info(NO_PACK)
        st.button("資料を作りに行く", key="mamori_training_to_make", on_click=go_to, args=(MAKE,))
    elif view == READ:
        training_preview.show(pack)
    elif view == QUIZ:
        training_quiz.show(pack)
    elif view == FILES:
        training_files.show(pack)
