"""All that can be asked over an index: made, checked, and no two alike. Callers keep the pool; nothing here does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.citations import MIN_QUOTE, Evidence, fit_quote, stands
from corpus.bigrams import bigrams, jaccard
from training.material import Material
from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.check import faults
from training.quiz.guided import guided_candidates
from training.quiz.stated import stated_candidates

# From this share of common character bigrams on, two questions of a kind are the same one asked again.
SAME_QUESTION = 0.8
_UNCITED = "引用できない箇所"


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates to choose from, and how many were left out for which fault; `alike` ask what another one asks."""

    candidates: tuple[Candidate, ...]
    faulty: Mapping[str, int]
    alike: int


def build_pool(material: Material) -> tuple[Candidate, ...]:
    """Every question that the documents decide, in the order of what it asks about."""
    return sifted_pool(material).candidates


def sifted_pool(material: Material) -> Pool:
    """The pool with the account of what was left out."""
    return sift([*guided_candidates(material), *stated_candidates(material)], material)


def sift(candidates: Iterable[Candidate], material: Material) -> Pool:
    """The candidates without fault, of those alike the first."""
    sound: list[Candidate] = []
    faulty: Counter[str] = Counter()
    for candidate in candidates:
        found = faults(candidate, material) or ([] if is_citable(candidate) else [_UNCITED])
        faulty.update(found[:1])
        if not found:
            sound.append(candidate)
    apart = _no_two_alike(sound)
    return Pool(tuple(apart), dict(faulty), len(sound) - len(apart))


def shown_of(candidate: Candidate) -> list[Shown]:
    """Every text of a candidate that stands with evidence."""
    single = [shown for shown in (candidate.explanation, candidate.right, candidate.story) if shown]
    return [*single, *candidate.wrong, *(right for _, right in candidate.pairs), *candidate.sequence]


def is_citable(candidate: Candidate) -> bool:
    """Whether every text of a candidate can be given a marker."""
    return all(_has_quote(shown.evidence) for shown in shown_of(candidate))


def _has_quote(evidence: Evidence) -> bool:
    quote = fit_quote(evidence.quote, evidence.chunk)
    return len(quote) >= MIN_QUOTE and stands(quote, evidence.chunk)


def _no_two_alike(candidates: Sequence[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    keys: set[tuple[QuizKind, str]] = set()
    asked: dict[QuizKind, list[frozenset[str]]] = {}
    for candidate in candidates:
        question = question_of(candidate)
        others = asked.setdefault(candidate.kind, [])
        if (candidate.kind, candidate.key) in keys or any(are_same(question, other) for other in others):
            continue
        keys.add((candidate.kind, candidate.key))
        others.append(question)
        kept.append(candidate)
    return kept


def question_of(candidate: Candidate) -> frozenset[str]:
    """What tells a question from others, as bigrams: its stem, story and right answer."""
    story = candidate.story.text if candidate.story else ""
    right = candidate.right.text if candidate.right else ""
    pairs = "".join(left + shown.text for left, shown in candidate.pairs)
    return bigrams(f"{candidate.stem}{story}{right}{pairs}{''.join(shown.text for shown in candidate.sequence)}")


def are_same(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two questions, as `question_of` gives them, ask the same."""
    shorter, longer = sorted((len(first), len(second)))
    # Sets of unlike size cannot be that alike; most pairs end here.
    return shorter >= SAME_QUESTION * longer and jaccard(first, second) >= SAME_QUESTION
