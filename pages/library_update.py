"""Where the index is brought up to date, made anew, or set back to one that is still kept."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.catalogue import BUNDLED
from assistant.changes import LibraryOptions, LibraryReport
from assistant.errors import LibraryError
from assistant.library import Library, Progress
from assistant.settings import Settings
from assistant.wiring import build_store
from index.errors import IndexingError, NoIndex
from index.store import GenerationInfo
from pages.evaluation_state import remember
from pages.library_contents import Contents, when
from pages.library_html import heading_html
from pages.library_options import OCR, draw_ocr
from pages.library_work import Outcome, Wait, begin, is_busy, show_outcome
from pages.render import literal

RETRY, PRUNE, BACK_TO = "mamori_library_retry", "mamori_library_prune", "mamori_library_back_to"
UPDATE, REBUILD = "変わったものだけ取り込む", "すべて作り直す"
GO_BACK = "この索引に戻す"


def show(settings: Settings, contents: Contents | None) -> None:
    """Draw the ways to update, and the older indexes."""
    st.html(heading_html("更新"))
    st.caption("元のファイルを見直し、増えたもの、変わったものを取り込みます。終わるまで、いままでの索引で回答します。")
    draw_ocr()
    remember(RETRY, False)
    st.checkbox("前に読み取りの途中で止まったファイルも、もう一度読む", key=RETRY)
    remember(PRUNE, False)
    st.checkbox(
        "元のファイルがなくなった文書は、索引から取り除く",
        key=PRUNE,
        help="外付けのディスクなどをつないでいないだけのときは、選ばないでください。",
    )
    _buttons(settings, contents)
    if contents:
        _roots(contents.holding.catalogue.roots)
    _generations(settings)


def _buttons(settings: Settings, contents: Contents | None) -> None:
    disabled = contents is None or is_busy()
    with st.container(horizontal=True):
        st.button(
            UPDATE,
            key="mamori_library_update",
            type="primary",
            disabled=disabled,
            on_click=update,
            args=(settings, False),
        )
        st.button(
            REBUILD,
            key="mamori_library_rebuild",
            disabled=disabled,
            on_click=update,
            args=(settings, True),
            help="変わっていないファイルも読み直します。文書が多いと、数分かかります。",
        )


def update(settings: Settings, everything: bool) -> None:
    """Begin to look at all files again; with `everything` the unchanged ones are read again too."""
    state = st.session_state
    ocr, retry, prune = (bool(state.get(key)) for key in (OCR, RETRY, PRUNE))

    def change(progress: Progress, wait: Wait) -> tuple[LibraryReport, tuple[str, ...]]:
        options = LibraryOptions(ocr=ocr, retry=retry, where="page", on_wait=wait)
        return Library(settings, progress, options).update(prune=prune, reread=everything), ()

    title = "すべて作り直しています" if everything else "変わったものを取り込んでいます"
    begin(title, "作り直しました" if everything else "更新が終わりました", change)


def _roots(roots: Sequence[str]) -> None:
    with st.expander(f"見直すファイルとフォルダー（{len(roots)}件）"):
        for root in roots:
            st.text("Mamoriに同梱の要約" if root == BUNDLED else root)


def _generations(settings: Settings) -> None:
    st.html(heading_html("前の索引に戻す"))
    st.caption("新しい索引を作っても、前の2つは残っています。取り消したいときは、戻せます。")
    try:
        found = build_store(settings).generations()
    except NoIndex:
        st.info("索引はまだありません。")
        return
    except IndexingError as error:
        st.error(literal(str(error)))
        return
    for one in found:
        _generation(settings, one)


def _generation(settings: Settings, one: GenerationInfo) -> None:
    with st.container(border=True):
        left, right = st.columns((4, 1), vertical_alignment="center")
        with left:
            made = when(one.created_at) if one.created_at else "作成日時は分かりません"
            counts = (
                f"文書 {one.counts.get('documents', 0):,}、断片 {one.counts.get('chunks', 0):,}" if one.counts else ""
            )
            st.markdown(f"**{literal(made)}**" + ("（いま使っている索引）" if one.is_current else ""))
            st.caption(literal("、".join(text for text in (counts, f"世代 {one.generation_id}") if text)))
            if one.problem:
                st.error(literal(f"壊れているので使えません（{one.problem}）。"))
        if not one.is_current and not one.problem:
            with right:
                st.button(
                    f"{GO_BACK}…",
                    key=f"mamori_library_back_{one.generation_id}",
                    type="tertiary",
                    icon=":material/undo:",
                    disabled=is_busy(),
                    on_click=_ask,
                    args=(one.generation_id,),
                )
        if st.session_state.get(BACK_TO) == one.generation_id and not is_busy():
            st.warning(literal(f"{made} の索引に戻しますか？ そのあとの変更は、回答に使われなくなります。"))
            with st.container(horizontal=True):
                args = (settings, one.generation_id)
                st.button("戻す", key="mamori_library_go_back", type="primary", on_click=go_back, args=args)
                st.button("やめる", key="mamori_library_stay", on_click=_ask, args=(None,))


def go_back(settings: Settings, generation_id: str) -> None:
    """Make an older index the one in use, and note who did so."""
    _ask(None)
    try:
        Library(settings, options=LibraryOptions(where="page")).rollback(generation_id)
    except (IndexingError, LibraryError) as error:
        show_outcome(Outcome("前の索引に戻す", error=str(error)))
        return
    show_outcome(Outcome("前の索引に戻しました"))


def _ask(generation_id: str | None) -> None:
    st.session_state[BACK_TO] = generation_id
