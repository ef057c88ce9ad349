"""The evaluation page: which runs are looked at, and the five views of them. Each view is a module of its own.

Only one view is drawn at a time, so that the one where answers are marked blind has nothing of the others in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from assistant.settings import Settings
from pages.evaluation_state import keep_chat, remember, show_notice
from pages.render import literal
from pages.service import EXPECTED_ERRORS

if TYPE_CHECKING:
    from eval.runs import Run

OVERVIEW, QUESTIONS, MARKING, AGREEMENT, FEEDBACK = VIEWS = (
    "概要",
    "質問ごと",
    "人による評価",
    "評価の結果と一致度",
    "チャットの感想",
)
VIEW = "mamori_eval_view"
NO_RUNS = "評価の記録がまだありません。`mamori eval run --set readme` を実行すると、ここに表示されます。"
_STYLES = (Path(__file__).with_name("chat.css"), Path(__file__).with_name("evaluation.css"))


def show() -> None:
    """Draw the page for this run."""
    # Imported here: question sets and runs bring in pydantic, which the chat page should not wait for.
    from eval.errors import EvaluationError

    for style in _STYLES:
        st.html(style)
    st.html('<h1 class="mm-heading">評価</h1>')
    keep_chat()
    show_notice()
    remember(VIEW, OVERVIEW, VIEWS)
    st.radio("表示", VIEWS, key=VIEW, horizontal=True, label_visibility="collapsed")
    try:
        _view(st.session_state[VIEW], Settings.from_environment().data_dir)
    except (EvaluationError, *EXPECTED_ERRORS) as error:
        st.error(literal(str(error)))


def _view(view: str, data_dir: Path) -> None:
    """Draw one view; those of runs need one."""
    from eval.plan import runs_folder, sets_folder
    from pages import evaluation_feedback, evaluation_marking, evaluation_runs

    if view == FEEDBACK:
        evaluation_feedback.show(data_dir, sets_folder(data_dir))
        return
    listing = evaluation_runs.list_runs(runs_folder(data_dir))
    if not listing.infos:
        st.info(NO_RUNS)
        _problems(listing.problems)
        return
    names = evaluation_runs.chosen_names(listing)
    runs, damaged = evaluation_runs.load(runs_folder(data_dir), names)
    if view == MARKING:
        # The lines about damaged runs name them, which this view must not.
        evaluation_marking.show([] if damaged else runs, data_dir)
        return
    evaluation_runs.draw_choice(listing)
    _problems((*damaged, *listing.problems) if view == OVERVIEW else damaged)
    if runs:
        _view_of_runs(view, runs, data_dir)


def _view_of_runs(view: str, runs: Sequence[Run], data_dir: Path) -> None:
    """Draw one of the views under the choice of runs."""
    from pages import evaluation_agreement, evaluation_overview, evaluation_questions

    if view == OVERVIEW:
        evaluation_overview.show(runs)
    elif view == QUESTIONS:
        evaluation_questions.show(runs)
    else:
        evaluation_agreement.show(runs, data_dir)


def _problems(problems: Sequence[str]) -> None:
    """Name the runs that cannot be looked at, a line each."""
    if problems:
        st.warning("\n\n".join(map(literal, problems)))


if __name__ == "__main__":
    # An address opened before the app has run once: Streamlit takes this file for a page of its own kind.
    from app import main

    main()
