"""Web front door: page set-up and navigation only. Start it with `mamori chat`."""

from __future__ import annotations

import streamlit as st

from pages import chat, evaluation


def main() -> None:
    """Set the page up and run the page that is asked for; one line in the list adds a page."""
    st.set_page_config(page_title="Mamori（守り）", page_icon="🛡️", layout="centered")
    pages = [
        st.Page(chat.show, title="チャット", icon=":material/chat:", url_path="chat", default=True),
        st.Page(evaluation.show, title="評価", icon=":material/fact_check:", url_path="evaluation"),
    ]
    # Streamlit's own menu is off: `mamori chat` hides it, or the files of pages/ would be listed in it for a moment.
    chosen = st.navigation(pages, position="hidden")
    with st.sidebar:
        for page in pages:
            st.page_link(page)
    chosen.run()


if __name__ == "__main__":
    main()
