"""Web front door: page set-up and navigation only. Start it with `mamori chat`."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from pages import chat, evaluation, library, training


def main() -> None:
    """Set the page up and run the page that is asked for; a page more is a line in the list and an icon."""
    pages = [
        st.Page(chat.show, title="チャット", url_path="chat", default=True),
        st.Page(training.show, title="研修", url_path="training"),
        st.Page(library.show, title="資料", url_path="library"),
        st.Page(evaluation.show, title="評価", url_path="evaluation"),
    ]
    # Streamlit's own menu is off: `mamori chat` hides it, or the files of pages/ would be listed in it for a moment.
    chosen = st.navigation(pages, position="hidden")
    is_wide = chosen.url_path in ("training", "library", "evaluation")
    layout: Literal["centered", "wide"] = "wide" if is_wide else "centered"
    st.set_page_config(page_title="Mamori（守り）", page_icon="🛡️", layout=layout)
    with st.sidebar:
        # An icon of the page itself would become the tab's, which browsers then fetch from another machine.
        for page, icon in zip(pages, ("chat", "school", "library_books", "fact_check"), strict=True):
            st.page_link(page, icon=f":material/{icon}:")
    chosen.run()


if __name__ == "__main__":
    main()
