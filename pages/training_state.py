"""What the training page remembers: the pack that is worked on, what it was before each change, and a notice.

A new pack is a change like any other, so that nothing is lost by making one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.evaluation_state import choose
from pages.training_edits import EditRefused
from training.models import Pack

VIEW = "mamori_training_view"
MAKE, READ, QUIZ, FILES, STUDY = VIEWS = ("作る", "内容を見る", "クイズの編集", "書き出す", "自分で学ぶ")
PACK, PAST, TOLD = (f"mamori_training_{name}" for name in ("pack", "past", "told"))
MOST_STEPS = 100
"""That many changes can be taken back."""


@dataclass(frozen=True, slots=True)
class Before:
    """The pack before a change, None where there was none, and what was changed, in words."""

    pack: Pack | None
    change: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the last press came to, where that needs words: `place` is where it was pressed."""

    text: str
    place: str
    is_refusal: bool = False


def current() -> Pack | None:
    """The pack that is worked on."""
    found: Pack | None = st.session_state.get(PACK)
    return found


def put(pack: Pack, change: str) -> None:
    """Have this pack worked on from now on; one that is the same is no change."""
    before = current()
    if pack != before:
        past: tuple[Before, ...] = st.session_state.get(PAST, ())
        st.session_state[PAST] = (*past, Before(before, change))[-MOST_STEPS:]
        st.session_state[PACK] = pack


def apply(change: Callable[[Pack], Pack], name: str, place: str = "") -> None:
    """Change the pack, or remember why that was refused, to be said at that place."""
    pack = current()
    st.session_state.pop(TOLD, None)
    if pack is None:
        return
    try:
        put(change(pack), name)
    except EditRefused as error:
        tell(str(error), place, is_refusal=True)


def tell(text: str, place: str, *, is_refusal: bool = False) -> None:
    """Have something said at a place, until the next change."""
    st.session_state[TOLD] = Told(text, place, is_refusal)


def told() -> Told | None:
    """What the last press came to."""
    found: Told | None = st.session_state.get(TOLD)
    return found


def last_change() -> str | None:
    """What can be taken back next, in words."""
    past: tuple[Before, ...] = st.session_state.get(PAST, ())
    return past[-1].change if past else None


def undo() -> None:
    """Take the last change back; the first pack that was made stays."""
    past: tuple[Before, ...] = st.session_state.get(PAST, ())
    st.session_state.pop(TOLD, None)
    if past and past[-1].pack is not None:
        st.session_state[PACK] = past[-1].pack
        st.session_state[PAST] = past[:-1]


def can_undo() -> bool:
    """Whether there is a pack to go back to."""
    past: tuple[Before, ...] = st.session_state.get(PAST, ())
    return bool(past) and past[-1].pack is not None


def go_to(view: str) -> None:
    """Have a view drawn next."""
    choose(VIEW, view)
