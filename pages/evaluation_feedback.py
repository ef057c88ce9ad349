"""What people said about answers in the chat, newest first, and the form that makes a question of it for a set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from eval.errors import EvaluationError
from eval.feedback import Entry, Feedback, Thumb, feedback_file, mark_handled, read_feedback
from pages import evaluation_candidate
from pages.evaluation_answer import LABELS, answer_of
from pages.evaluation_html import text_block_html
from pages.evaluation_runs import when
from pages.evaluation_state import notify, remember
from pages.render import exchange_html, literal, passages_html

OPEN_ONLY, EDITING, PAGE = "mamori_eval_feedback_open", "mamori_eval_feedback_editing", "mamori_eval_feedback_page"
NOTHING_YET = "感想はまだありません。チャットの回答の下にある「はい」「いいえ」で送られた感想が、ここに表示されます。"
MAKE, HANDLED = "質問の候補にする", "対応済みにする"
PAGE_SIZE = 20
_ICONS = {Thumb.UP: ":material/thumb_up:", Thumb.DOWN: ":material/thumb_down:"}
_THUMBS = {Thumb.UP: "役に立った", Thumb.DOWN: "役に立たなかった"}


def show(data_dir: Path, sets: Path) -> None:
    """Draw the list, or the form for the entry that is being made a question."""
    path = feedback_file(data_dir)
    kept = read_feedback(path)
    if kept.unreadable:
        shown = "、".join(map(str, kept.unreadable))
        st.warning(f"感想の保存ファイルの{shown}行目を読めないため、その感想を除いて表示しています。")
    editing = next((one for one in kept.entries if one.feedback.id == st.session_state.get(EDITING)), None)
    if editing is not None:
        _edit(editing.feedback, path, sets)
        return
    if not kept.entries:
        st.info(NOTHING_YET)
        return
    st.caption("感想は、このパソコンの中だけに保存されています。")
    remember(OPEN_ONLY, True)
    st.checkbox("対応していない感想だけ", key=OPEN_ONLY)
    _list([one for one in kept.entries if not (st.session_state[OPEN_ONLY] and one.handled)], len(kept.entries), path)


def _list(entries: Sequence[Entry], total: int, path: Path) -> None:
    st.caption(f"{len(entries)}件（全{total}件）")
    shown = st.session_state.get(PAGE, 1) * PAGE_SIZE
    for turn, entry in enumerate(entries[:shown]):
        _entry(entry, path, turn)
    if len(entries) > shown:
        st.button("さらに表示する", key="mamori_eval_feedback_more", on_click=_more)


def _more() -> None:
    st.session_state[PAGE] = st.session_state.get(PAGE, 1) + 1


def _entry(entry: Entry, path: Path, turn: int) -> None:
    """One answer and what was said about it."""
    said = entry.feedback
    with st.container(border=True):
        st.markdown(f"{_ICONS[said.verdict]} {literal(_summary(entry))}")
        st.html(text_block_html("質問", said.question))
        if said.comment:
            st.html(text_block_html("コメント", said.comment))
        with st.expander("そのときの回答と出典"):
            _answer(said, turn)
        with st.container(horizontal=True):
            st.button(MAKE, key=f"mamori_make_{said.id}", on_click=_start, args=(said.id,))
            if not entry.handled:
                st.button(HANDLED, key=f"mamori_handled_{said.id}", on_click=_handle, args=(path, said.id))


def _summary(entry: Entry) -> str:
    """What was said and when, on one line."""
    said = entry.feedback
    why = LABELS.feedback_reason(said.reason) if said.reason else ""
    parts = (_THUMBS[said.verdict], why, when(said.created), "対応済み" if entry.handled else "")
    return " ・ ".join(part for part in parts if part)


def _answer(said: Feedback, turn: int = 0) -> None:
    """The answer as it was, with the turns before it and the passages looked at."""
    if said.history:
        turns = "\n".join(f"{'質問' if role == 'user' else '回答'}：{text}" for role, text in said.history)
        st.html(text_block_html("前のやりとり", turns))
    answer = answer_of(said.answer)
    if answer is None:
        st.info("回答は残っていません。")
        return
    st.html(exchange_html(answer, LABELS, turn))
    if answer.passages:
        titles = {one.doc_id: one.document_title for one in answer.citations}
        st.caption(LABELS.passages.format(count=len(answer.passages)))
        st.html(passages_html(answer.passages, titles, LABELS))
    if said.generation:
        st.caption(literal(f"索引：{said.generation}"))


def _start(feedback_id: str) -> None:
    st.session_state[EDITING] = feedback_id


def _handle(path: Path, feedback_id: str) -> None:
    try:
        mark_handled(path, feedback_id)
    except EvaluationError as error:
        st.error(literal(str(error)))


def _edit(said: Feedback, path: Path, sets: Path) -> None:
    """The form under the answer; what was added closes the form and counts as dealt with."""
    st.button("← 感想の一覧に戻る", key="mamori_eval_feedback_close", on_click=_stop)
    with st.expander("そのときの回答と出典"):
        if said.comment:
            st.html(text_block_html("コメント", said.comment))
        _answer(said)
    added = evaluation_candidate.form(said, sets)
    if added is not None:
        _stop()
        mark_handled(path, said.id)
        notify(f"質問「{added.question.id}」を質問セット「{added.set_name}」に追加しました。")
        st.rerun()


def _stop() -> None:
    st.session_state.pop(EDITING, None)
