"""Web front door: page set-up and navigation only. Start it with `mamori chat`."""

from __future__ import annotations

import streamlit as st

from pages import chat


def main() -> None:
    """Set the page up and run the page that is asked for; one line in the list adds a page."""
    st.set_page_config(page_title="Mamori（守り）", page_icon="🛡️", layout="centered")
    st.navigation([st.Page(chat.show, title="チャット", url_path="chat", default=True)]).run()


if __name__ == "__main__":
    main()
