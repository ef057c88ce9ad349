"""👍 and 👎 under an answer of the chat: what is said is stored on this machine with the answer as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from assistant.contract import answer_object
from assistant.settings import Settings
from eval.errors import MarkError
from eval.feedback import Feedback, Reason, Thumb, feedback_file, new_id, now, store
from eval.models import Role
from index.errors import IndexingError
from index.store import IndexStore
from pages import conversation
from pages.conversation import Exchange
from pages.labels import Labels
from pages.render import literal
from pages.service import EXPECTED_ERRORS

MAX_COMMENT_CHARACTERS = 1000
_SLIPS = "mamori_feedback_slips"


@dataclass(slots=True)
class _Slip:
    """What was said about one exchange; `generation` is the index that answered."""

    exchange: Exchange
    id: str
    generation: str | None
    is_open: bool = False
    is_stored: bool = False
    error: str | None = None


def controls(exchange: Exchange, labels: Labels, turn: int) -> None:
    """Draw the two thumbs under an answer and, after 👎, what may be wrong with it."""
    slip = _slip(exchange)
    with st.container(horizontal=True, vertical_alignment="center", key=f"mamori_feedback_{turn}"):
        st.caption(labels.feedback_question, width="content")
        _button(labels.feedback_up, "thumb_up", f"mamori_up_{turn}", partial(_store, slip, Thumb.UP))
        _button(labels.feedback_down, "thumb_down", f"mamori_down_{turn}", partial(_open, slip))
    if slip.is_open:
        _form(slip, labels, turn)
    if slip.error:
        st.error(literal(slip.error))
    elif slip.is_stored:
        st.caption(labels.feedback_thanks)


def _button(label: str, icon: str, key: str, pressed: Callable[[], None]) -> None:
    """One thumb. The icons come with Streamlit: not every machine has a font with emoji."""
    st.button(label, key=key, icon=f":material/{icon}:", type="tertiary", on_click=pressed)


def _form(slip: _Slip, labels: Labels, turn: int) -> None:
    """What was wrong: a reason, a free text, and the button that stores both."""
    with st.form(f"mamori_feedback_form_{turn}"):
        st.radio(
            labels.feedback_reason_question,
            list(Reason),
            index=None,
            format_func=labels.feedback_reason,
            key=f"mamori_reason_{turn}",
        )
        st.text_area(
            labels.feedback_comment,
            key=f"mamori_comment_{turn}",
            max_chars=MAX_COMMENT_CHARACTERS,
            help=labels.feedback_kept,
        )
        st.form_submit_button(labels.feedback_send, on_click=_send, args=(slip, turn))


def _open(slip: _Slip) -> None:
    slip.is_open, slip.is_stored, slip.error = True, False, None


def _send(slip: _Slip, turn: int) -> None:
    reason: Reason | None = st.session_state.get(f"mamori_reason_{turn}")
    comment: str = st.session_state.get(f"mamori_comment_{turn}") or ""
    _store(slip, Thumb.DOWN, reason, comment.strip())


def _store(slip: _Slip, thumb: Thumb, reason: Reason | None = None, comment: str = "") -> None:
    """Store what was said; where that fails the form stays as it is and says why."""
    answer = slip.exchange.answer
    if answer is None:
        return
    try:
        path = feedback_file(Settings.from_environment().data_dir)
        question, turns = slip.exchange.question, _turns_before(slip.exchange)
        said = Feedback(slip.id, now(), thumb, reason, comment, question, turns, answer_object(answer), slip.generation)
        store(path, said)
    except (MarkError, *EXPECTED_ERRORS) as error:
        slip.error = str(error)
        return
    slip.is_open, slip.is_stored, slip.error = False, True, None


def _slip(exchange: Exchange) -> _Slip:
    """The slip of an exchange, made when its answer is first drawn; those of forgotten exchanges are let go."""
    kept = [one for one in st.session_state.get(_SLIPS, ()) if any(one.exchange is e for e in conversation.exchanges())]
    found = next((one for one in kept if one.exchange is exchange), None)
    if found is None:
        found = _Slip(exchange, new_id(), _generation())
        kept.append(found)
    st.session_state[_SLIPS] = kept
    return found


def _generation() -> str | None:
    """The name of the index in use, None where it cannot be told."""
    try:
        return IndexStore(Settings.from_environment().index_dir).status().generation_id
    except (IndexingError, *EXPECTED_ERRORS):
        return None


def _turns_before(exchange: Exchange) -> tuple[tuple[Role, str], ...]:
    """The answered turns before an exchange, as the assistant got them."""
    turns: list[tuple[Role, str]] = []
    for one in conversation.exchanges():
        if one is exchange:
            break
        if one.answer is not None:
            turns += [("user", one.question), ("assistant", one.answer.text)]
    return tuple(turns)
