"""A quiz that stands alone: from the documents of an index to numbered items with their citations."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citations import CitationBook
from training.catalogue import theme_named, themes
from training.errors import NothingForTheme, TrainingError, UnknownChoice
from training.labels import DIFFICULTIES
from training.material import Material
from training.models import Quiz
from training.quiz.candidate import Candidate
from training.quiz.choose import choose, is_about
from training.quiz.number import as_items
from training.quiz.pool import build_pool
from training.sources import sources_of

MOST_ITEMS = 200
_NOTHING = (
    "資料から、答えの決まる問題を作れませんでした。対策やチェックリストの書いてある資料を「資料」に加えてください。"
)


def build_quiz(
    material: Material,
    count: int,
    seed: int,
    theme: str | None = None,
    difficulty: int | None = None,
    *,
    pool: Sequence[Candidate] | None = None,
) -> Quiz:
    """A quiz of `count` items, fewer where the documents have no more; the same seed gives the same quiz.

    `theme` is a name of the catalogue or any words that stand in headings; `difficulty` is 1, 2 or 3; `pool` is that
    of the same material where the caller has made it already. Raises
    UnknownChoice for a count or a difficulty that cannot be, NothingForTheme where no item is about the theme, and
    TrainingError where the documents give no item at all.
    """
    _check(count, difficulty)
    subjects = subjects_of(theme) if theme else ()
    pool = build_pool(material) if pool is None else pool
    if not pool:
        raise TrainingError(_NOTHING)
    chosen = choose(pool, count, seed, subjects=subjects, difficulty=difficulty)
    if not chosen:
        raise _nothing(pool, theme, subjects, difficulty)
    return quiz_of(chosen, material, f"{theme_named(theme).title}：確認クイズ" if theme else "確認クイズ", seed)


def quiz_of(chosen: Sequence[Candidate], material: Material, title: str, seed: int) -> Quiz:
    """These candidates as a quiz with citations and sources of its own."""
    book = CitationBook(material.documents)
    items = as_items(chosen, book, seed)
    citations = book.citations()
    return Quiz(title, items, citations, sources_of(citations, material.documents), seed)


def subjects_of(theme: str) -> tuple[str, ...]:
    """The words by which items are about a theme: what `Candidate.subjects` are compared with."""
    known = theme_named(theme)
    own = (known.guidance,) if known.guidance else known.headings
    return tuple(dict.fromkeys((*own, *known.words))) if own else (known.name,)


def _check(count: int, difficulty: int | None) -> None:
    if not 1 <= count <= MOST_ITEMS:
        raise UnknownChoice(f"問題の数は1～{MOST_ITEMS}で指定してください（指定された数：{count}）。")
    if difficulty is not None and difficulty not in DIFFICULTIES:
        offered = "、".join(f"{number}（{name}）" for number, name in DIFFICULTIES.items())
        raise UnknownChoice(f"難しさ {difficulty} はありません。{offered} から選んでください。")


def _nothing(
    pool: Sequence[Candidate], theme: str | None, subjects: Sequence[str], difficulty: int | None
) -> TrainingError:
    """What to say where nothing fits: another difficulty if that is the reason, else the themes that have items."""
    if difficulty is not None and any(is_about(candidate, subjects) for candidate in pool if subjects):
        return UnknownChoice(f"「{theme}」には、難しさ {difficulty} の問題がありません。別の難しさを選んでください。")
    if theme is None:
        return UnknownChoice(f"難しさ {difficulty} の問題がありません。別の難しさを選んでください。")
    others = [t.name for t in themes() if any(is_about(candidate, subjects_of(t.name)) for candidate in pool)]
    return NothingForTheme(theme, others)
