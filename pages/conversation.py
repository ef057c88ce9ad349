"""The conversation of one browser tab, kept in Streamlit's session state; nothing of it is written to disk."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from assistant.models import Answer, Turn
from pages.reply import Reply

_EXCHANGES, _PENDING, _REPLY = "mamori_exchanges", "mamori_pending", "mamori_reply"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, or with the line that says why there is none."""

    question: str
    answer: Answer | None = None
    error: str | None = None


def exchanges() -> list[Exchange]:
    """What was asked and answered so far, oldest first."""
    found: list[Exchange] = st.session_state.setdefault(_EXCHANGES, [])
    return found


def history() -> tuple[Turn, ...]:
    """The answered part of the conversation, as the assistant takes it."""
    return tuple(
        turn
        for exchange in exchanges()
        if exchange.answer is not None
        for turn in (Turn("user", exchange.question), Turn("assistant", exchange.answer.text))
    )


def ask_next(question: str) -> None:
    """Put a question up to be answered in this or a later run of the page; it ends what is being written."""
    if question.strip():
        st.session_state[_PENDING] = question.strip()
        stop_writing()


def pending() -> str | None:
    """The question still to be answered; it stays until `record`, so that an interrupted run asks it again."""
    question: str | None = st.session_state.get(_PENDING)
    return question


def record(exchange: Exchange) -> None:
    """Add an exchange and take its question off the list."""
    exchanges().append(exchange)
    st.session_state.pop(_PENDING, None)


def writing() -> Reply | None:
    """The answer that is being written."""
    reply: Reply | None = st.session_state.get(_REPLY)
    return reply


def write(reply: Reply) -> None:
    """Take the question that waits off the list: its answer is being written."""
    st.session_state[_REPLY] = reply
    st.session_state.pop(_PENDING, None)


def written(exchange: Exchange) -> None:
    """Add the exchange whose answer has been written."""
    exchanges().append(exchange)
    st.session_state.pop(_REPLY, None)


def stop_writing() -> None:
    """End what is being written; its answer, with what came, still follows."""
    if reply := writing():
        reply.stop()


def start_again() -> None:
    """Forget the conversation."""
    stop_writing()
    st.session_state[_EXCHANGES] = []
    for key in (_PENDING, _REPLY):
        st.session_state.pop(key, None)
