"""Where a trainer makes the quiz their own: edit, drop, move and exchange items, and take it all back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages import training_material
from pages.service import EXPECTED_ERRORS
from pages.training_edits import MOST_CHARACTERS, EditableText, dropped, edited, exchanged, moved, texts_of
from pages.training_html import Marks
from pages.training_lost import warn_of_lost
from pages.training_quiz_html import item_html, paper_html
from pages.training_state import FILES, apply, current, go_to, tell
from pages.training_undo import named, show_told, show_undo
from training.errors import TrainingError
from training.labels import KINDS
from training.models import Pack, QuizItem

OPEN, PASSED, AS_ASKED = (f"mamori_training_{name}" for name in ("open_item", "passed_items", "as_asked"))
EDIT, CLOSE, DROP, UP, DOWN, EXCHANGE = "直す", "直し終える", "外す", "上へ", "下へ", "差し替える"
HIDE_ANSWERS = "受講者に見せる形で見る（答えを隠す）"
_NOTHING_LEFT = "「{kind}」の問題は、これで全部です。もう一度押すと、先に外した問題から順に戻ります。"
_OTHER_INDEX = (
    "差し替えられる「{kind}」の問題が、いまの索引にありません。資料が入れ替わったか、別の索引で作った資料です。"
    "「作る」で作り直すと、いまの索引の問題になります。"
)
_OFF_THEME = (
    "「{theme}」の「{kind}」の問題はほかにないので、別のテーマの問題に差し替えました。"
    "使わないときは、「元に戻す」か「外す」を押してください。"
)


def show(pack: Pack) -> None:
    """Draw every item with its buttons, and the fields of the one that is being edited."""
    st.caption(
        "問題を直す、外す、並べ替える、別の問題に差し替えることができます。"
        "直した問題には「講師が編集」と付きます。直したところは、その場で反映します。"
    )
    warn_of_lost(pack)
    show_undo()
    show_told("")
    if st.toggle(HIDE_ANSWERS, key=AS_ASKED, disabled=not pack.quiz) and pack.quiz:
        for number, item in enumerate(pack.quiz, start=1):
            with st.container(border=True):
                st.html(paper_html(item, number))
        return
    if not pack.quiz:
        st.info("問題がありません。「元に戻す」で戻すか、「作る」で作り直してください。")
    marks = Marks.of(pack.citations)
    for number, item in enumerate(pack.quiz, start=1):
        with st.container(border=True, key=f"mamori_training_item_{number}"):
            st.html(item_html(item, marks, number))
            _buttons(pack, item, number)
            show_told(item.item_id)
            if st.session_state.get(OPEN) == item.item_id:
                _fields(item, number)
    if pack.quiz:
        cited = [citation for citation in pack.citations if citation.marker in marks.seen]
        st.html(marks.cards(training_material.passages(cited)))
        st.button("書き出しへ進む", key="mamori_training_quiz_to_files", on_click=go_to, args=(FILES,))


def _buttons(pack: Pack, item: QuizItem, number: int) -> None:
    """What can be done with an item. Every button names its item for those who hear the page."""
    is_open = st.session_state.get(OPEN) == item.item_id
    with st.container(horizontal=True, key=f"mamori_training_tools_{number}"):
        draw = partial(_button, item.item_id, number)
        draw(CLOSE if is_open else EDIT, "edit", partial(_toggle, item.item_id))
        draw(UP, "arrow_upward", partial(_move, item, number, -1), disabled=number == 1)
        draw(DOWN, "arrow_downward", partial(_move, item, number, 1), disabled=number == len(pack.quiz))
        draw(EXCHANGE, "swap_horiz", partial(_exchange, item, number))
        draw(DROP, "delete", partial(_drop, item, number))


def _button(item_id: str, number: int, name: str, icon: str, pressed: partial[None], disabled: bool = False) -> None:
    st.button(
        named(f"問{number}を", name),
        # Not by its place: the second click of two would meet the next item there.
        key=f"mamori_training_{icon}_{item_id}",
        icon=f":material/{icon}:",
        type="tertiary",
        help=f"問{number}を{name}",
        disabled=disabled,
        on_click=pressed,
    )


def _fields(item: QuizItem, number: int) -> None:
    """The texts of an item to edit; each is taken over as soon as its field is left."""
    st.caption("文を直したら、欄の外を押してください。正解の位置は変わりません。")
    for text in texts_of(item):
        key = f"mamori_training_text_{item.item_id}_{text.key}"
        # Only where it differs: what is being typed would be overwritten otherwise.
        if st.session_state.get(key) != text.text:
            st.session_state[key] = text.text
        st.text_area(
            f"問{number}の{text.label}",
            key=key,
            height="content",
            max_chars=max(MOST_CHARACTERS, len(text.text)),
            on_change=_edit,
            args=(item.item_id, number, text, key),
        )


def _toggle(item_id: str) -> None:
    st.session_state[OPEN] = None if st.session_state.get(OPEN) == item_id else item_id


def _edit(item_id: str, number: int, text: EditableText, key: str) -> None:
    wanted: str = st.session_state[key]
    apply(lambda pack: edited(pack, item_id, text.key, wanted), f"問{number}の{text.label}を直す", item_id)


def _move(item: QuizItem, number: int, by: int) -> None:
    apply(lambda pack: moved(pack, item.item_id, by), f"問{number}を{UP if by < 0 else DOWN}")


def _drop(item: QuizItem, number: int) -> None:
    apply(lambda pack: dropped(pack, item.item_id), f"問{number}を外す")


def _exchange(item: QuizItem, number: int) -> None:
    """Put the next item of the same kind in its place; those that had their turn come back when all have had it."""
    passed: frozenset[str] = st.session_state.get(PASSED, frozenset())
    found: list[training_material.Another | None] = []

    def change(pack: Pack) -> Pack:
        other = training_material.another(item, pack, passed)
        found.append(other)
        return exchanged(pack, item.item_id, other.quiz) if other else pack

    try:
        apply(change, f"問{number}を差し替える")
    except (TrainingError, *EXPECTED_ERRORS) as error:
        tell(str(error), item.item_id, is_refusal=True)
        return
    if found:
        _tell_exchange(item, found[0], passed)


def _tell_exchange(item: QuizItem, other: training_material.Another | None, passed: frozenset[str]) -> None:
    pack, kind = current(), KINDS[item.kind]
    if other is None:
        st.session_state[PASSED] = frozenset()
        is_lost = pack is not None and training_material.lost(pack.citations) > 0
        tell((_OTHER_INDEX if is_lost else _NOTHING_LEFT).format(kind=kind), item.item_id, is_refusal=True)
        return
    st.session_state[PASSED] = passed | {item.item_id}
    if not other.is_about_theme and pack is not None:
        tell(_OFF_THEME.format(theme=pack.theme, kind=kind), other.quiz.items[0].item_id)
