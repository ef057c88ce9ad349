"""A balanced quiz out of a pool, by seed: the same seed over the same pool gives the same one, in any process.

What is asked first: items wholly about the subject and not answered by its name, then rules and countermeasures before
figures and definitions, then what was not asked for yet, the kinds in turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from random import Random

from training.models import QuizKind
from training.quiz.candidate import Candidate
from training.quiz.traits import Traits, is_about

__all__ = ["choose", "is_about"]

# How often a kind comes for one of the others.
_SHARES = {QuizKind.CHOICE: 2}
# So many items are a short quiz: in each such span one question of a light group and two in the same words are enough.
_SPAN = 8


def choose(
    pool: Sequence[Candidate],
    count: int,
    seed: int,
    *,
    subjects: Sequence[str] = (),
    kinds: Collection[QuizKind] = (),
    difficulty: int | None = None,
) -> tuple[Candidate, ...]:
    """Up to `count` candidates, the easy ones first; fewer where the pool has no more that do not answer each other.

    `subjects` keeps those about any of them (part of a theme's name or of a heading), `kinds` and `difficulty` those
    of that kind and difficulty. No fact is asked twice, and a countermeasure or case is asked for again only when there
    is none left that was not.
    """
    fitting = [
        candidate
        for candidate in pool
        if (not kinds or candidate.kind in kinds)
        and (difficulty is None or candidate.difficulty == difficulty)
        and (not subjects or is_about(candidate, subjects))
    ]
    Random(f"mamori quiz {seed}").shuffle(fitting)
    chosen = _best_first([Traits.of(candidate, subjects) for candidate in fitting], count)
    return tuple(sorted(chosen, key=lambda candidate: candidate.difficulty))


def _best_first(left: Sequence[Traits], count: int) -> list[Candidate]:
    """One after the other the best of those left; among equals the order given decides."""
    chosen: list[Candidate] = []
    asked: Counter[str] = Counter()
    light: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    used: Counter[QuizKind] = Counter()
    truths: Counter[str] = Counter()
    spans = -(-count // _SPAN)

    def cost(item: Traits) -> tuple[float, ...]:
        kind = item.candidate.kind
        return (
            item.fit,
            max(0, light[item.light] + 1 - spans) if item.light else 0,
            forms[item.form] // (spans + 1),
            sum(asked[name] for name in item.asked),
            used[kind] / _SHARES.get(kind, 1),
            truths[_truth(item.candidate)],
            forms[item.form],
            item.light is not None,
        )

    while left and len(chosen) < count:
        best = min(left, key=cost)
        chosen.append(best.candidate)
        left = [other for other in left if not best.answers(other)]
        asked.update(best.asked)
        light.update([best.light] if best.light else [])
        forms[best.form] += 1
        used[best.candidate.kind] += 1
        truths.update([truth] if (truth := _truth(best.candidate)) else [])
    return chosen


def _truth(candidate: Candidate) -> str:
    """The answer to a statement, 「正しい」 or 「誤り」, so that both come about equally often; "" for other kinds."""
    return candidate.right.text if candidate.right and candidate.kind is QuizKind.TRUE_FALSE else ""
