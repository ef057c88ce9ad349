"""What the evaluation page remembers between its views and across a visit to the chat: choices, filters, a notice.

Streamlit forgets a widget's value as soon as a run of the page does not draw it; here it is kept beside.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

import streamlit as st

from pages.render import literal

_MEMORY, _NOTICE = "mamori_eval_memory", "mamori_eval_notice"
_CHAT = ("mamori_english", "mamori_documents")
_T = TypeVar("_T")


def remember(key: str, default: _T, options: Collection[_T] | None = None) -> None:
    """Give the widget of that key, drawn next, the value it had last; `default` where that is no option any more."""
    memory: dict[str, object] = st.session_state.setdefault(_MEMORY, {})
    value = st.session_state.get(key, memory.get(key, default))
    if options is not None and value not in options:
        value = default
    st.session_state[key] = memory[key] = value


def choose(key: str, value: object) -> None:
    """Set the value of a widget that is not drawn in this run."""
    st.session_state.setdefault(_MEMORY, {})[key] = value
    st.session_state.pop(key, None)


def keep_chat() -> None:
    """Keep the chat's language and choice of documents, whose widgets are not drawn here."""
    for key in _CHAT:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def notify(text: str) -> None:
    """Have a line shown at the top of the page when it is drawn next."""
    st.session_state[_NOTICE] = text


def show_notice() -> None:
    """Draw the line that `notify` left, once."""
    if text := st.session_state.pop(_NOTICE, None):
        st.success(literal(text))
