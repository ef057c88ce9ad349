"""The list of documents with their state, and the way to take one out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from assistant.changes import LibraryOptions, LibraryReport
from assistant.history import is_uploaded
from assistant.library import Library, Progress
from assistant.settings import Settings
from corpus.loaded import MEMBER_SEPARATOR
from pages import library_work
from pages.evaluation_state import choose, remember
from pages.library_contents import Contents, Row, State, filtered, totals_of
from pages.library_html import document_html, heading_html, place_of, totals_html, unread_html
from pages.library_reader import ADD, VIEW, open_document
from pages.library_work import begin, is_busy
from pages.render import literal

SEARCH, STATES, PAGE, LEAVING = (f"mamori_library_{name}" for name in ("search", "states", "list_page", "leaving"))
PAGE_SIZE = 20
MANY = 8
"""With more files than this there is a filter."""
UPLOADED_GOES = "取り込んだファイル「{name}」も消します。"
ZIP_STAYS = "ZIPファイル「{name}」の中の、この文書だけを取り除きます。"
ORIGINAL_STAYS = "元のファイル（{place}）は消しません。更新しても、この文書は取り込み直しません。"
REMOVE, CANCEL = "取り除く", "やめる"
_WIDTHS = (5, 1)


def show(settings: Settings, contents: Contents, rows: Sequence[Row]) -> None:
    """Draw the totals, the filter where there are many files, and the list."""
    st.html(totals_html(totals_of(rows), contents))
    st.button(
        "文書を加える", icon=":material/upload_file:", key="mamori_library_to_add", on_click=choose, args=(VIEW, ADD)
    )
    if len(rows) > MANY:
        _filter(rows)
        shown = filtered(rows, st.session_state.get(SEARCH) or "", st.session_state.get(STATES) or ())
        st.caption(f"{len(shown)}件（全{len(rows)}件）")
        if not shown:
            st.info("条件に合うファイルがありません。条件を減らしてください。")
    else:
        shown = list(rows)
    documents = [row for row in shown if row.file.document]
    unread = [row for row in shown if not row.file.document]
    number, pages = _page_of(len(documents))
    for row in documents[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]:
        _document(settings, row)
    if pages > 1:
        _pager(number, pages)
    if unread:
        st.html(heading_html(f"文書にならなかったファイル（{len(unread)}件）"))
        for number, row in enumerate(unread):
            _unread(settings, row, number)


def _unread(settings: Settings, row: Row, number: int) -> None:
    """One file that gave no document, and the way off the list: nothing is lost by it, so nothing is asked."""
    with st.container(border=True):
        left, right = st.columns(_WIDTHS, vertical_alignment="center")
        with left:
            st.html(unread_html(row))
        with right:
            st.button(
                "一覧から外す",
                key=f"mamori_library_forget_{number}",
                icon=":material/playlist_remove:",
                type="tertiary",
                help="次の更新からも読みません。もう一度読むには、文書を加えるところから加えてください。",
                disabled=is_busy(),
                on_click=remove,
                args=(settings, row.name, row.file.report.path),
            )


def _filter(rows: Sequence[Row]) -> None:
    states = [state for state in State if any(row.state is state for row in rows)]
    remember(SEARCH, "")
    remember(STATES, [])
    st.session_state[STATES] = [state for state in st.session_state[STATES] if state in states]
    left, right = st.columns(2)
    with left:
        st.text_input("題名やファイル名から探す", key=SEARCH, on_change=_turn_to, args=(0,))
    with right:
        st.multiselect("状態", states, key=STATES, placeholder="すべて", on_change=_turn_to, args=(0,))


def _document(settings: Settings, row: Row) -> None:
    """One document with its buttons, and the question before it goes."""
    doc_id = row.file.report.doc_id or ""
    with st.container(border=True):
        left, right = st.columns(_WIDTHS, vertical_alignment="center")
        with left:
            st.html(document_html(row))
        with right:
            st.button(
                "中身を見る",
                key=f"mamori_library_open_{doc_id}",
                icon=":material/visibility:",
                type="tertiary",
                on_click=open_document,
                args=(doc_id,),
            )
            st.button(
                f"{REMOVE}…",
                key=f"mamori_library_leave_{doc_id}",
                icon=":material/delete:",
                type="tertiary",
                disabled=is_busy(),
                on_click=_ask,
                args=(doc_id,),
            )
        if st.session_state.get(LEAVING) == doc_id and not is_busy():
            _confirm(settings, row, doc_id)


def _confirm(settings: Settings, row: Row, doc_id: str) -> None:
    st.warning(literal(f"「{row.name}」を索引から取り除きますか？ {what_happens(settings, row)}"))
    with st.container(horizontal=True):
        st.button(
            REMOVE, key="mamori_library_remove", type="primary", on_click=remove, args=(settings, row.name, doc_id)
        )
        st.button(CANCEL, key="mamori_library_keep", on_click=_ask, args=(None,))


def what_happens(settings: Settings, row: Row) -> str:
    """Say what becomes of the file when its document is taken out."""
    report = row.file.report
    archive, _, member = report.key.partition(MEMBER_SEPARATOR)
    path = Path(archive)
    if member:
        return ZIP_STAYS.format(name=path.name)
    if is_uploaded(settings, path):
        return UPLOADED_GOES.format(name=path.name)
    return ORIGINAL_STAYS.format(place=place_of(report))


def remove(settings: Settings, name: str, doc_id: str) -> None:
    """Begin to take a document out."""

    def change(progress: Progress, wait: library_work.Wait) -> tuple[LibraryReport, tuple[str, ...]]:
        options = LibraryOptions(where="page", on_wait=wait)
        return Library(settings, progress, options).remove([doc_id]), ()

    _ask(None)
    begin(f"「{name}」を取り除いています", f"「{name}」を取り除きました", change)


def _ask(doc_id: str | None) -> None:
    st.session_state[LEAVING] = doc_id


def _page_of(count: int) -> tuple[int, int]:
    pages = -(-count // PAGE_SIZE)
    return max(min(st.session_state.get(PAGE, 0), pages - 1), 0), pages


def _pager(number: int, pages: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("前へ", key="mamori_library_page_back", disabled=not number, on_click=_turn_to, args=(number - 1,))
        st.caption(f"{number + 1} / {pages}", width="content")
        last = number + 1 >= pages
        st.button("次へ", key="mamori_library_page_next", disabled=last, on_click=_turn_to, args=(number + 1,))


def _turn_to(number: int) -> None:
    st.session_state[PAGE] = number
