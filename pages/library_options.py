"""The choices that several changes of the library share."""

from __future__ import annotations

import streamlit as st

from corpus.readers.ocr import ocr_problem
from pages.evaluation_state import remember
from pages.render import literal

OCR = "mamori_library_ocr"
_ASK_AGAIN_SECONDS = 60


def draw_ocr() -> None:
    """Draw whether pages without text are recognised; where that cannot be done, why."""
    problem = _problem()
    remember(OCR, False)
    if problem:
        st.session_state[OCR] = False
    st.checkbox(
        "OCRを使う（文字のないページを、1ページ数秒かけて読みます）",
        key=OCR,
        disabled=problem is not None,
        help="画像になっている文字を認識します。読み誤りがあるので、回答の出典には「OCR」と表示します。",
    )
    if problem:
        st.caption(literal(problem))


@st.cache_data(ttl=_ASK_AGAIN_SECONDS, show_spinner=False)
def _problem() -> str | None:
    return ocr_problem()
