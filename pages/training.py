"""The training page: material for a session that a trainer can look through, edit and take along, and self-study."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.evaluation_state import keep_chat

_STYLES = tuple(
    Path(__file__).with_name(name) for name in ("chat.css", "evaluation.css", "library.css", "training.css")
)


def show() -> None:
    """Draw the page for this run."""
    for style in _STYLES:
        st.html(style)
    st.html('<h1 class="mm-heading">研修</h1>')
    keep_chat()
    # Imported here: it brings in the search, which the chat page should be on the screen before.
    from pages import training_views

    training_views.show()


if __name__ == "__main__":
    # An address opened before the app has run once: Streamlit takes this file for a page of its own kind.
    from app import main

    main()
