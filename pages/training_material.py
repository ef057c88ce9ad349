"""What the training page makes material from: the index in use, read once, and all that can be asked about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

import streamlit as st

from assistant.assistant import Assistant
from assistant.models import Citation
from assistant.settings import Settings
from assistant.wiring import build_chat_model, build_options
from pages import service
from training.material import Material
from training.models import Pack, Quiz, QuizItem
from training.pack.builder import build_pack
from training.quiz.build import build_quiz, quiz_of, subjects_of
from training.quiz.candidate import Candidate
from training.quiz.choose import choose
from training.quiz.pool import build_pool


@dataclass(slots=True)
class _Held:
    """The material of one assistant, and its pool of questions once somebody has asked for it."""

    material: Material
    pool: tuple[Candidate, ...] | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Another:
    """A quiz of one item to stand in the place of another, and whether it is about the pack's theme."""

    quiz: Quiz
    is_about_theme: bool


def build(theme: str, audience: str, minutes: int, seed: int) -> Pack:
    """Make a pack; raises TrainingError, or one of `service.EXPECTED_ERRORS` where there is no index."""
    held = _held()
    return build_pack(held.material, theme, audience, minutes, seed, pool=_pool(held))


def quiz(count: int, seed: int, theme: str | None, difficulty: int | None) -> Quiz:
    """Make a quiz for self-study; raises as `build` does."""
    held = _held()
    return build_quiz(held.material, count, seed, theme, difficulty, pool=_pool(held))


def another(item: QuizItem, pack: Pack, passed: Collection[str]) -> Another | None:
    """Return an item to stand in the place of another: of its kind, about the theme where there are any.

    None of the pack's and none of the ids in `passed`; None where nothing is left. Raises as `build` does.
    """
    held = _held()
    pool = _pool(held)
    asked = {one.item_id for one in pack.quiz}
    keys = {candidate.key for candidate in pool if candidate.item_id in asked}
    left = tuple(
        one
        for one in pool
        if one.kind is item.kind and one.item_id not in asked and one.item_id not in passed and one.key not in keys
    )
    subjects = subjects_of(pack.theme)
    for wanted, difficulty in ((subjects, item.difficulty), (subjects, None), ((), item.difficulty), ((), None)):
        if found := choose(left, 1, pack.seed, subjects=wanted, difficulty=difficulty):
            return Another(quiz_of(found, held.material, pack.title, pack.seed), bool(wanted))
    return None


def passages(citations: Iterable[Citation]) -> Mapping[str, str]:
    """Return the texts of the passages that are cited, by id; nothing where there is no index to be had."""
    wanted = {citation.chunk_id for citation in citations}
    try:
        chunks = _held().material.chunks
    except service.EXPECTED_ERRORS:
        return {}
    return {chunk.chunk_id: chunk.text for chunk in chunks if chunk.chunk_id in wanted}


def lost(citations: Iterable[Citation]) -> int:
    """Return how many of the passages that are cited the index in use does not hold; 0 where there is no index."""
    wanted = {citation.chunk_id for citation in citations}
    try:
        return len(wanted - {chunk.chunk_id for chunk in _held().material.chunks})
    except service.EXPECTED_ERRORS:
        return 0


def writer() -> service.Writer | None:
    """Return the language model that is set, None for none; nothing is sent to it."""
    try:
        return service.load_service().writer
    except service.EXPECTED_ERRORS:
        return None


def reworded(pack: Pack) -> Pack:
    """Return the pack in the words of the language model that is set; ModelUnavailable where it cannot be reached."""
    # Imported here: most people have no model.
    from training.reword import reword

    settings = Settings.from_environment()
    assert settings.llm is not None
    return reword(pack, build_chat_model(settings), settings.llm, build_options(settings))


def _held() -> _Held:
    # What the pages call an answerer is in the app always this one.
    return _of(cast(Assistant, service.load_service().plain))


@st.cache_resource(show_spinner=False, max_entries=2, hash_funcs={Assistant: id})
def _of(assistant: Assistant) -> _Held:
    return _Held(Material.of(assistant))


def _pool(held: _Held) -> tuple[Candidate, ...]:
    if held.pool is None:
        held.pool = build_pool(held.material)
    return held.pool
