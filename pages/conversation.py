"""The conversation of one browser tab, kept in Streamlit's session state; nothing of it is written to disk."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from assistant.models import Answer, Turn

_EXCHANGES, _PENDING = "mamori_exchanges", "mamori_pending"


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
    """Put a question up to be answered in this or the next run of the page."""
    if question.strip():
        st.session_state[_PENDING] = question.strip()


def pending() -> str | None:
    """The question still to be answered; it stays until `record`, so that an interrupted run asks it again."""
    question: str | None = st.session_state.get(_PENDING)
    return question


def record(exchange: Exchange) -> None:
    """Add an exchange and take its question off the list."""
    exchanges().append(exchange)
    st.session_state.pop(_PENDING, None)


def start_again() -> None:
    """Forget the conversation."""
    st.session_state[_EXCHANGES] = []
    st.session_state.pop(_PENDING, None)
