"""A balanced quiz out of a pool, by seed: the same seed over the same pool gives the same one, in any process."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from random import Random

from training.models import QuizKind
from training.quiz.candidate import Candidate

_TURNS = (QuizKind.CHOICE, QuizKind.CASE, QuizKind.TRUE_FALSE, QuizKind.MATCHING, QuizKind.CHOICE, QuizKind.ORDERING)


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

    `subjects` keeps those about any of them (part of a theme's name or of a heading), `kinds` and `difficulty` those
    of that kind and difficulty. The kinds take turns, no fact is asked twice, and a countermeasure or case is asked for
    again only when there is none left that was not.
    """
    fitting = [
        candidate
        for candidate in pool
        if (not kinds or candidate.kind in kinds)
        and (difficulty is None or candidate.difficulty == difficulty)
        and (not subjects or is_about(candidate, subjects))
    ]
    random = Random(f"mamori quiz {seed}")
    random.shuffle(fitting)
    chosen = _take_turns(fitting, count)
    return tuple(sorted(chosen, key=lambda candidate: candidate.difficulty))


def is_about(candidate: Candidate, subjects: Sequence[str]) -> bool:
    """Whether a candidate is about one of the subjects, as its theme or the headings above it name them."""
    own = [_folded(subject) for subject in candidate.subjects]
    return any(_folded(asked) in subject for asked in subjects if asked.strip() for subject in own)


def _take_turns(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    left = {kind: [candidate for candidate in candidates if candidate.kind is kind] for kind in QuizKind}
    chosen: list[Candidate] = []
    keys: set[str] = set()
    asked: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    stems: Counter[str] = Counter()
    turn = 0
    while len(chosen) < count and any(left.values()):
        kind = _TURNS[turn % len(_TURNS)]
        turn += 1
        left[kind] = [candidate for candidate in left[kind] if candidate.key not in keys]
        if not left[kind]:
            continue
        # Least what was asked for before, then least in the same words or way; among equals the order is the seed's.
        best = min(left[kind], key=lambda c: (sum(asked[name] for name in c.about), stems[_stem(c)], forms[_form(c)]))
        left[kind].remove(best)
        chosen.append(best)
        keys.add(best.key)
        asked.update(best.about)
        forms[_form(best)] += 1
        stems[_stem(best)] += 1
    return chosen


def _stem(candidate: Candidate) -> str:
    """What is read first: two questions that begin alike look alike."""
    return candidate.stem + (candidate.story.text if candidate.story else "")


def _form(candidate: Candidate) -> str:
    """The way of asking: what a key begins with."""
    return candidate.key.partition(":")[0]


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
