"""The quiz of a pack: items about its theme, numbered in the pack's own citations."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citations import CitationBook
from training.material import Material
from training.models import QuizItem
from training.pack.subject import Subject
from training.quiz.candidate import Candidate
from training.quiz.choose import choose
from training.quiz.number import as_items
from training.quiz.pool import build_pool


def quiz_items(
    material: Material,
    subject: Subject,
    count: int,
    seed: int,
    book: CitationBook,
    pool: Sequence[Candidate] | None = None,
) -> tuple[QuizItem, ...]:
    """At most so many items about a subject; `pool` are all that could be asked, where the caller has them already."""
    candidates = build_pool(material) if pool is None else tuple(pool)
    return as_items(choose(candidates, count, seed, subjects=subject.names), book, seed)
