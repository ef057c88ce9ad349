"""Where a trainer makes the rest of a pack their own: goals, questions, notes, and what to leave out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from pages.render import literal
from pages.training_edits import MOST_CHARACTERS, EditableText
from pages.training_lines import lines_of, mentions, with_line, without_check, without_measure
from pages.training_state import apply, current, tell
from pages.training_undo import show_told, show_undo
from training.models import Pack

EDIT_LINES = "目標・問い・進行メモを直す、対策を外す"
DROP_MEASURE, DROP_CHECK = "対策を外す", "チェック項目を外す"
OPEN = "mamori_training_wording"
PLACE = "wording"
_STILL = "外した「{title}」は、{places}にも出てきます。合わないところは、下の欄で直してください。"


def show(pack: Pack) -> None:
    """Draw the switch and, where it is on, a field for each line and two lists to leave something out of."""
    if not st.toggle(EDIT_LINES, key=OPEN):
        return
    with st.container(border=True):
        st.caption("文を直したら、欄の外を押してください。直した文には「講師が編集」と付き、出典はそのまま残ります。")
        show_undo()
        show_told(PLACE)
        left, right = st.columns(2)
        with left:
            _leave_out(DROP_MEASURE, "measure", [row.title for row in pack.countermeasures], without_measure)
        with right:
            _leave_out(DROP_CHECK, "check", [item.title for item in pack.checklist], without_check)
        for text in lines_of(pack):
            _field(text)


def _leave_out(label: str, name: str, titles: Sequence[str], leave: Callable[[Pack, int], Pack]) -> None:
    key = f"mamori_training_drop_{name}"
    if not titles:
        return
    st.selectbox(
        label,
        range(len(titles)),
        index=None,
        key=key,
        format_func=lambda at: titles[at],
        placeholder="選ぶと、すぐに外します",
        on_change=partial(_drop, key, tuple(titles), label, leave),
    )


def _drop(key: str, titles: Sequence[str], label: str, leave: Callable[[Pack, int], Pack]) -> None:
    at: int | None = st.session_state[key]
    st.session_state[key] = None
    if at is None:
        return
    apply(lambda pack: leave(pack, at), f"{label}（{titles[at]}）")
    pack = current()
    if pack is not None and (places := mentions(pack, titles[at])):
        tell(_STILL.format(title=titles[at], places="、".join(places)), PLACE)


def _field(text: EditableText) -> None:
    key = f"mamori_training_line_{text.key}"
    # Only where it differs: what is being typed would be overwritten otherwise.
    if st.session_state.get(key) != text.text:
        st.session_state[key] = text.text
    st.text_area(
        literal(text.label),
        key=key,
        height="content",
        max_chars=max(MOST_CHARACTERS, len(text.text)),
        on_change=_edit,
        args=(text, key),
    )
    show_told(text.key)


def _edit(text: EditableText, key: str) -> None:
    wanted: str = st.session_state[key]
    apply(lambda pack: with_line(pack, text.key, wanted), f"{text.label}を直す", text.key)
