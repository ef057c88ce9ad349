"""Where a pack is chosen and made, or one that was saved is opened again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from pages import training_material
from pages.evaluation_state import choose, notify, remember
from pages.render import literal
from pages.service import EXPECTED_ERRORS
from pages.training_state import READ, current, go_to, put
from training.catalogue import LENGTHS, MAX_THEME, audiences, extent, themes
from training.errors import NothingForTheme, TrainingError
from training.models import Pack
from training.saved import MOST_BYTES, from_json
from training.seen import seen

THEME, FREE, AUDIENCE, MINUTES, SEED, WANTED, FAILED, SAVED, ROUND = (
    f"mamori_training_{name}"
    for name in ("theme", "free", "audience", "minutes", "seed", "wanted", "failed", "saved", "round")
)
OTHER_THEME = "ほかのテーマ（自分で入力する）"
MAKE_IT, OTHER_ITEMS = "資料を作る", "別の問題にする"
WORKING = "資料から、目標・事例・対策・クイズを集めています…"
MADE = "資料ができました。内容を確かめてから、書き出してください。"
MOST_SEED = 9999
FREE_EXAMPLE = "退職者"
FREE_HINT = "一覧にないテーマでも作れます。「ほかのテーマ」を選んで、言葉を入力してください。"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a pack is to be made of."""

    theme: str
    audience: str
    minutes: int
    seed: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a pack could not be made, for which choice, and the themes to make it of instead."""

    choice: Choice
    message: str
    nearest: tuple[str, ...] = ()


def show() -> None:
    """Draw what there is to choose, and make what was asked for."""
    st.caption("取り込んだ資料から、研修の教材を作ります。どの文にも出典が付きます。")
    choice = _choice()
    # Looked at here and not in a callback: what was typed last is known only now.
    pressed = st.button(MAKE_IT, key="mamori_training_make", type="primary")
    wanted: Choice | None = st.session_state.pop(WANTED, None) or (choice if pressed else None)
    if wanted is not None:
        _forget_failure()
        _make(wanted)
    if failure := st.session_state.get(FAILED):
        _failed(failure)
    if (pack := current()) is not None:
        _at_work(pack)
    _saved()


def _choice() -> Choice:
    left, right = st.columns(2)
    with left:
        names = [theme.name for theme in themes()]
        remember(THEME, names[0], (*names, OTHER_THEME))
        st.selectbox("テーマ", (*names, OTHER_THEME), key=THEME, on_change=_forget_failure)
        if st.session_state[THEME] != OTHER_THEME:
            st.caption(FREE_HINT)
        theme: str = st.session_state[THEME]
        if theme == OTHER_THEME:
            remember(FREE, "")
            st.text_input("テーマを入力", key=FREE, max_chars=MAX_THEME, placeholder=f"例：{FREE_EXAMPLE}")
            theme = seen(st.session_state[FREE])
    with right:
        people = [audience.name for audience in audiences()]
        remember(AUDIENCE, people[0], people)
        st.selectbox("対象者", people, key=AUDIENCE)
    remember(MINUTES, 30, LENGTHS)
    st.radio(
        "時間",
        LENGTHS,
        key=MINUTES,
        horizontal=True,
        format_func=lambda minutes: f"{minutes}分（クイズ{extent(minutes).quiz_items}問）",
    )
    with st.expander("くわしい設定"):
        remember(SEED, 1)
        st.number_input(
            "クイズの番号",
            min_value=1,
            max_value=MOST_SEED,
            step=1,
            key=SEED,
            help="同じ資料で同じ番号なら、同じクイズになります。",
        )
        st.caption("同じ番号なら、同じクイズになります。番号を変えると、別の問題になります。")
    return Choice(theme, st.session_state[AUDIENCE], st.session_state[MINUTES], int(st.session_state[SEED]))


def _make(choice: Choice) -> None:
    """Make the pack and go on to it, or keep why there is none."""
    try:
        with st.spinner(WORKING):
            pack = training_material.build(choice.theme, choice.audience, choice.minutes, choice.seed)
    except NothingForTheme as error:
        st.session_state[FAILED] = Failure(choice, str(error), error.nearest)
        return
    except (TrainingError, *EXPECTED_ERRORS) as error:
        st.session_state[FAILED] = Failure(choice, str(error))
        return
    put(pack, "新しい資料")
    notify(MADE)
    go_to(READ)
    st.rerun()


def _failed(failure: Failure) -> None:
    st.warning(literal(failure.message))
    if failure.nearest:
        st.caption("次のテーマなら作れます。押すと、すぐに作ります。")
    with st.container(horizontal=True):
        for number, theme in enumerate(failure.nearest):
            st.button(
                literal(theme),
                key=f"mamori_training_near_{number}",
                on_click=_want_theme,
                args=(replace(failure.choice, theme=theme),),
            )


def _at_work(pack: Pack) -> None:
    """The pack that is worked on, and the way to it or to other questions."""
    with st.container(border=True):
        st.markdown(f"いまの資料：**{literal(pack.title)}**")
        with st.container(horizontal=True):
            st.button("内容を見る", key="mamori_training_to_read", on_click=go_to, args=(READ,))
            seed = pack.seed % MOST_SEED + 1
            st.button(
                OTHER_ITEMS,
                key="mamori_training_other",
                help=f"クイズの番号を{seed}に変えて、作り直します。直したところは「元に戻す」で戻せます。",
                on_click=_want_other,
                args=(Choice(pack.theme, pack.audience, pack.minutes, seed),),
            )


def _saved() -> None:
    """The way to a pack that was saved for editing."""
    with st.expander("保存した資料の続きから始める"):
        turn = st.session_state.get(ROUND, 0)
        found = st.file_uploader("保存した資料（.json）", type="json", key=f"{SAVED}_{turn}")
        if found is None:
            st.caption("「書き出す」で保存した編集用のファイルを選んでください。")
        elif pack := _read(found.getvalue()):
            st.session_state[ROUND] = turn + 1
            put(pack, "保存した資料")
            notify(f"「{pack.title}」を開きました。")
            go_to(READ)
            st.rerun()


def _read(data: bytes) -> Pack | None:
    """The saved pack, or None after saying what is wrong with it."""
    try:
        # One that is too large is refused there, wherever it was cut.
        errors = "strict" if len(data) <= MOST_BYTES else "replace"
        material = from_json(data[: MOST_BYTES + 1].decode("utf-8-sig", errors))
    except UnicodeDecodeError:
        st.error("文字として読めないファイルです。「書き出す」で保存した .json ファイルを選んでください。")
        return None
    except TrainingError as error:
        st.error(literal(str(error)))
        return None
    if not isinstance(material, Pack):
        st.error("クイズだけのファイルなので、ここでは開けません。研修資料を保存したファイルを選んでください。")
        return None
    return material


def _want(choice: Choice) -> None:
    st.session_state[WANTED] = choice
    _forget_failure()


def _want_theme(choice: Choice) -> None:
    """Make a pack of a theme that was offered; it is chosen from then on."""
    is_known = choice.theme in {theme.name for theme in themes()}
    choose(THEME, choice.theme if is_known else OTHER_THEME)
    if not is_known:
        choose(FREE, choice.theme)
    _want(choice)


def _want_other(choice: Choice) -> None:
    choose(SEED, choice.seed)
    _want(choice)


def _forget_failure() -> None:
    st.session_state.pop(FAILED, None)
