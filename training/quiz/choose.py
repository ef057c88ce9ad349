"""A balanced quiz out of a pool, by seed: the same seed over the same pool gives the same one, in any process.

What is asked first: items wholly about the subject, then rules and countermeasures before figures and definitions, then
what was not asked for yet, the kinds in turn, in other words than before.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from random import Random

from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown

# How often a kind comes for one of the others.
_SHARES = {QuizKind.CHOICE: 2}
# What a learner needs least, by what keys begin with, and which of these teach the same: one of a group for each
# `_PER_LIGHT` items, more only where nothing else is left.
_LIGHT = {
    **dict.fromkeys(("figure", "figures", "event", "dates"), "figures"),
    **dict.fromkeys(("term", "terms"), "terms"),
    **dict.fromkeys(("case-title", "case-order"), "reading"),
}
_PER_LIGHT = 8
# Headings of what a chapter says beside its subject.
_ASIDE = re.compile(r"^[（(]?(?:コラム|参考)")
_QUOTED = re.compile(r"「[^」]*」")


def choose(
    pool: Sequence[Candidate],
    count: int,
    seed: int,
    *,
    subjects: Sequence[str] = (),
    kinds: Collection[QuizKind] = (),
    difficulty: int | None = None,
) -> tuple[Candidate, ...]:
    """Up to `count` candidates, the easy ones first; fewer where the pool has no more.

    `subjects` keeps those about any of them (part of a theme's name or of a heading), those wholly about them first;
    `kinds` and `difficulty` keep those of that kind and difficulty. No fact is asked twice, and a countermeasure or
    case is asked for again only when there is none left that was not.
    """
    fitting = [
        candidate
        for candidate in pool
        if (not kinds or candidate.kind in kinds)
        and (difficulty is None or candidate.difficulty == difficulty)
        and (not subjects or is_about(candidate, subjects))
    ]
    Random(f"mamori quiz {seed}").shuffle(fitting)
    wholly = {candidate.item_id for candidate in fitting if not subjects or is_wholly_about(candidate, subjects)}
    chosen = _best_first(fitting, count, wholly)
    return tuple(sorted(chosen, key=lambda candidate: candidate.difficulty))


def is_about(candidate: Candidate, subjects: Sequence[str]) -> bool:
    """Whether a candidate is about one of the subjects, as its theme or the headings above it name them."""
    return _names_any("\n".join(candidate.subjects), subjects)


def is_wholly_about(candidate: Candidate, subjects: Sequence[str]) -> bool:
    """Whether every pair or step is about the subjects, and a single question is no aside of their chapter."""
    parts = [(left, shown) for left, shown in candidate.pairs] + [("", shown) for shown in candidate.sequence]
    if parts:
        return all(_names_any("\n".join((left, *_texts(shown))), subjects) for left, shown in parts)
    asides = [heading for heading in candidate.explanation.evidence.chunk.section if _ASIDE.match(heading)]
    asked = "\n".join((candidate.stem, *asides, *(_texts(candidate.right)[:1] if candidate.right else ())))
    return is_about(candidate, subjects) and (not asides or _names_any(asked, subjects))


def _texts(shown: Shown) -> tuple[str, ...]:
    return shown.text, *shown.evidence.chunk.section


def _names_any(text: str, subjects: Sequence[str]) -> bool:
    folded = _folded(text)
    return any(_folded(subject) in folded for subject in subjects if subject.strip())


def _best_first(candidates: Sequence[Candidate], count: int, wholly: Collection[str]) -> list[Candidate]:
    """One after the other the best of those left; among equals the order given decides."""
    left = list(candidates)
    chosen: list[Candidate] = []
    asked: Counter[str] = Counter()
    light: Counter[str] = Counter()
    used: Counter[QuizKind] = Counter()
    forms: Counter[str] = Counter()
    allowed = -(-count // _PER_LIGHT)

    def cost(candidate: Candidate) -> tuple[float, ...]:
        group = _light(candidate)
        return (
            candidate.item_id not in wholly,
            max(0, light[group] + 1 - allowed) if group else 0,
            sum(asked[name] for name in candidate.about),
            used[candidate.kind] / _SHARES.get(candidate.kind, 1),
            forms[_form(candidate)],
            bool(group),
        )

    while left and len(chosen) < count:
        best = min(left, key=cost)
        chosen.append(best)
        left = [candidate for candidate in left if candidate.key != best.key]
        asked.update(best.about)
        used[best.kind] += 1
        forms[_form(best)] += 1
        if group := _light(best):
            light[group] += 1
    return chosen


def _light(candidate: Candidate) -> str | None:
    """The group of what is learnt least from; None for what a session is held for."""
    return _LIGHT.get(candidate.key.partition(":")[0])


def _form(candidate: Candidate) -> str:
    """The way of asking: two questions that differ by what they quote alone look alike."""
    return _QUOTED.sub("", candidate.stem)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
