"""The five views of the library page, and how the last change went. Each view is a module of its own."""

from __future__ import annotations

import streamlit as st

from assistant.settings import Settings
from index.errors import NoIndex
from pages import library_history, library_list, library_reader, library_update, library_upload, library_work
from pages.evaluation_state import remember
from pages.library_contents import Contents, left_over, load_changes, load_contents, rows_of
from pages.library_html import became_html
from pages.library_reader import ADD, READER, VIEW
from pages.library_work import Outcome
from pages.render import literal
from pages.service import EXPECTED_ERRORS

LIST, UPDATE, HISTORY = "文書の一覧", "更新と復元", "変更の記録"
VIEWS = (LIST, ADD, READER, UPDATE, HISTORY)
NOTHING_YET = "まだ文書がありません。「文書を加える」で、ファイルを取り込んでください。"
UNCHANGED = "変わったものはありませんでした。"


def show() -> None:
    """Draw the change that is under way or how the last one went, and one of the views."""
    try:
        settings = Settings.from_environment()
    except EXPECTED_ERRORS as error:
        st.error(literal(str(error)))
        return
    outcome = library_work.settle()
    if library_work.is_busy():
        library_work.draw()
    elif outcome:
        _outcome(outcome)
    remember(VIEW, LIST, VIEWS)
    st.radio("表示", VIEWS, key=VIEW, horizontal=True, label_visibility="collapsed", on_change=library_work.dismiss)
    _view(settings, st.session_state[VIEW])


def _view(settings: Settings, view: str) -> None:
    contents, is_readable = _contents(settings)
    changes, problem = load_changes(settings)
    rows = rows_of(settings, contents, changes) if contents else []
    if is_readable and view in (LIST, ADD):
        library_upload.show_left_over(settings, left_over(settings, contents))
    if view == ADD:
        library_upload.show(settings)
    elif view == UPDATE:
        library_update.show(settings, contents)
    elif view == HISTORY:
        library_history.show(changes, problem, rows)
    elif contents and view == READER:
        library_reader.show(rows)
    elif contents:
        library_list.show(settings, contents, rows)


def _contents(settings: Settings) -> tuple[Contents | None, bool]:
    """What the index holds, None after saying why there is nothing; and whether that is certain."""
    try:
        return load_contents(settings), True
    except NoIndex:
        st.info(NOTHING_YET)
        return None, True
    except EXPECTED_ERRORS as error:
        st.error(literal(str(error)))
        return None, False


def _outcome(outcome: Outcome) -> None:
    """How the last change ended, until it is dismissed."""
    with st.container(border=True):
        report = outcome.report
        if outcome.error:
            st.error(literal(outcome.error))
        elif report is None:
            st.success(literal(f"{outcome.title}。"))
        else:
            _told(outcome)
        for note in (*outcome.notes, *((report.problem,) if report and report.problem else ())):
            st.warning(literal(note))
        st.button("閉じる", key="mamori_library_dismiss", on_click=library_work.dismiss)


def _told(outcome: Outcome) -> None:
    report = outcome.report
    assert report is not None
    counts = (("加えた文書", report.added), ("変わった文書", report.changed), ("取り除いた文書", report.removed))
    told = "、".join(f"{name} {len(doc_ids)}件" for name, doc_ids in counts if doc_ids)
    if told:
        text = f"{outcome.title}。{told}（{report.seconds:.1f}秒）。チャットは、もう新しい索引で答えます。"
        st.success(literal(text))
    else:
        st.info(UNCHANGED)
    shown = [file for file in report.files if not file.unchanged] or list(report.files)
    if shown:
        st.html(became_html(shown))
