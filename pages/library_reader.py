"""A document as it was extracted, a page or a section at a time, with the chunks that searches find marked."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.evaluation_state import choose, remember
from pages.library_contents import Row, numbers_in_words
from pages.library_html import document_html, part_html
from pages.library_parts import Part, parts_of

VIEW, ADD, READER = "mamori_library_view", "文書を加える", "中身を見る"
DOCUMENT, PART = "mamori_library_document", "mamori_library_part"
_LOOSE = "mamori_library_part_of"
_HINT = "色の変わり目が断片の境目です。回答の引用は、断片の中の文です。表は、行と列を保って表示します。"


def open_document(doc_id: str) -> None:
    """Have a document's text shown when the page is drawn next."""
    choose(DOCUMENT, doc_id)
    choose(VIEW, READER)


def show(rows: Sequence[Row]) -> None:
    """Draw the choice of document and part, and the part."""
    documents = {str(row.file.report.doc_id): row for row in rows if row.file.document}
    if not documents:
        st.info("まだ文書がありません。「文書を加える」でファイルを取り込んでください。")
        return
    remember(DOCUMENT, next(iter(documents)), documents)
    st.selectbox("文書", list(documents), key=DOCUMENT, format_func=lambda doc_id: documents[doc_id].name)
    row = documents[st.session_state[DOCUMENT]]
    st.html(document_html(row))
    parts = parts_of(row.file)
    number = _chosen(parts, row)
    st.caption(_HINT)
    if parts:
        part = parts[number]
        st.html(part_html(part, part.page in row.file.report.pages_without_text))


def _chosen(parts: Sequence[Part], row: Row) -> int:
    """Draw the way through the parts; return the number of the one to be shown, from 0."""
    whose = row.file.report.doc_id
    if st.session_state.get(_LOOSE) != whose:
        st.session_state[PART], st.session_state[_LOOSE] = 0, whose
    remember(PART, 0, range(len(parts)))
    number: int = st.session_state[PART]
    kind = "ページ" if parts and parts[0].page else "見出し"
    with st.container(horizontal=True, vertical_alignment="bottom", key="mamori_library_way"):
        st.button("前へ", key="mamori_library_before", disabled=not number, on_click=_go_to, args=(number - 1,))
        st.selectbox(kind, range(len(parts)), key=PART, format_func=lambda at: _name(parts[at], row))
        last = number + 1 >= len(parts)
        st.button("次へ", key="mamori_library_after", disabled=last, on_click=_go_to, args=(number + 1,))
        st.caption(f"{number + 1} / {len(parts)}", width="content")
    if row.file.report.pages_without_text:
        st.caption(f"文字のないページ：{numbers_in_words(row.file.report.pages_without_text)}")
    return number


def _name(part: Part, row: Row) -> str:
    return f"{part.name}（文字なし）" if part.page in row.file.report.pages_without_text else part.name


def _go_to(number: int) -> None:
    st.session_state[PART] = number
