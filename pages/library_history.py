"""Who changed what in the library, and when: newest first, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from assistant.history import Change
from pages.library_contents import Row, when
from pages.render import literal

SHOWN = "mamori_library_history_shown"
AT_ONCE = 20
_NAMED_AT_ONCE = 5
_ACTIONS = {
    "build": "索引を作り直しました",
    "add": "文書を加えました",
    "remove": "文書を取り除きました",
    "update": "変わった文書を取り込みました",
    "rollback": "前の索引に戻しました",
}
_WHERE = {"page": "画面から", "terminal": "コマンドから"}


def show(changes: Sequence[Change], problem: str | None, rows: Sequence[Row]) -> None:
    """Draw the changes, newest first."""
    if problem:
        st.warning(literal(problem))
    if not changes:
        st.info("変更の記録はまだありません。文書を加えたり取り除いたりすると、ここに残ります。")
        return
    names = {str(row.file.report.doc_id): row.name for row in rows if row.file.document}
    shown = st.session_state.get(SHOWN, AT_ONCE)
    st.html(f'<ol class="mm mm-history">{"".join(change_html(change, names) for change in changes[:shown])}</ol>')
    if shown < len(changes):
        st.button(f"続きを見る（残り{len(changes) - shown}件）", on_click=_more, key="mamori_library_history_more")


def change_html(change: Change, names: Mapping[str, str]) -> str:
    """One change: when, who, where, what, and which documents; one that is gone by its id."""
    lists = (("加えた文書", change.added), ("変わった文書", change.changed), ("取り除いた文書", change.removed))
    items = "".join(_documents_html(name, doc_ids, names) for name, doc_ids in lists if doc_ids)
    who = change.who or "名前のないアカウント"
    about = f"{when(change.at)}・{who}（{_WHERE.get(change.where, change.where)}）"
    return (
        f'<li><span class="mm-small">{escape(about)}</span><strong>{escape(_ACTIONS.get(change.action, change.action))}'
        f'</strong>{items}<span class="mm-small">世代 {escape(change.generation)}</span></li>'
    )


def _documents_html(name: str, doc_ids: Sequence[str], names: Mapping[str, str]) -> str:
    called = [names.get(doc_id, doc_id) for doc_id in doc_ids]
    more = f" ほか{len(called) - _NAMED_AT_ONCE}件" if len(called) > _NAMED_AT_ONCE else ""
    listed = "、".join(f"「{one}」" for one in called[:_NAMED_AT_ONCE])
    return f"<span>{name}：{escape(listed + more)}</span>"


def _more() -> None:
    st.session_state[SHOWN] = st.session_state.get(SHOWN, AT_ONCE) + AT_ONCE
