"""What all views for editing share: the way back, what the last press came to, buttons that say what they are for."""

from __future__ import annotations

import streamlit as st

from pages.render import literal
from pages.training_state import can_undo, last_change, told, undo

UNDO = "元に戻す"


def named(what: str, action: str) -> str:
    """Return the label of a button that stands on the page many times: only those who hear the page are told of what.

    `training.css` takes what is emphasised in a button out of sight.
    """
    return f"*{literal(what)}*{literal(action)}"


def show_undo() -> None:
    """Draw the button that takes the last change back, and what that was."""
    change = last_change()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(UNDO, key="mamori_training_undo", icon=":material/undo:", disabled=not can_undo(), on_click=undo)
        if change and can_undo():
            st.caption(literal(f"直前の変更：{change}"), width="content")


def show_told(place: str) -> None:
    """Draw what the last press there came to, where something is to be said: at the place, for it may be far down."""
    said = told()
    if said is not None and said.place == place:
        (st.warning if said.is_refusal else st.info)(literal(said.text))
