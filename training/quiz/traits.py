"""What candidates are chosen by: whether they are about a subject, what they ask for, what is learnt from them.

Looks at single candidates; `training.quiz.choose` decides between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training.quiz.candidate import Candidate, Shown

# What a learner needs least, by what keys begin with or by what is asked, and which of these teach the same.
_LIGHT = {
    **dict.fromkeys(("figure", "figures", "event", "dates"), "figures"),
    **dict.fromkeys(("term", "terms"), "terms"),
    **dict.fromkeys(("case-title", "case-order"), "reading"),
}
_TRIVIA = re.compile(r"出来事|補助|助成|融資|貸付|利率")
# Headings of what a chapter says beside its subject.
_ASIDE = re.compile(r"^[（(]?(?:コラム|参考)")
_QUOTED = re.compile(r"「[^」]*」")


@dataclass(frozen=True, slots=True)
class Traits:
    """A candidate with what it is chosen by.

    `fit`: 0 wholly about the subjects asked for, 1 in part, 2 answered by their name alone. `light`: the group of what
    is learnt least from, None for what a session is held for. `form`: its way of asking; `asked`: what it asks for.
    """

    candidate: Candidate
    fit: int
    light: str | None
    form: str
    asked: frozenset[str]

    @classmethod
    def of(cls, candidate: Candidate, subjects: Sequence[str]) -> Traits:
        """The traits of a candidate in a quiz on subjects, or on anything where there are none."""
        fit = _fit(candidate, subjects) if subjects else 0
        # Two questions that differ by what they quote alone look alike.
        return cls(candidate, fit, _light(candidate), _QUOTED.sub("", candidate.stem), _asked(candidate))

    def answers(self, other: Traits) -> bool:
        """Whether two show each other's answer: one fact, two questions on one list, a date and a matching of dates."""
        if self.candidate.key == other.candidate.key:
            return True
        if self.candidate.about or other.candidate.about:
            return False
        named = [(a, b) for a in _named(self.candidate) for b in _named(other.candidate)]
        return any(a.startswith(b) or b.startswith(a) for a, b in named)


def is_about(candidate: Candidate, subjects: Sequence[str]) -> bool:
    """Whether a candidate is about one of the subjects, as its theme or the headings above it name them."""
    return _names_any(candidate.subjects, subjects)


def is_wholly_about(candidate: Candidate, subjects: Sequence[str]) -> bool:
    """Whether every pair or step is about the subjects, and a single question is no aside of their chapter."""
    parts = [(left, *_texts(shown)) for left, shown in candidate.pairs] + [_texts(s) for s in candidate.sequence]
    if parts:
        return all(_names_any(part, subjects) for part in parts)
    asides = [heading for heading in candidate.explanation.evidence.chunk.section if _ASIDE.match(heading)]
    right = [candidate.right.text] if candidate.right else []
    return is_about(candidate, subjects) and (not asides or _names_any([candidate.stem, *asides, *right], subjects))


def is_given_away(candidate: Candidate, subjects: Sequence[str]) -> bool:
    """Whether the right answer alone names a subject: 「どの章に書かれていますか」 in a quiz on that chapter."""
    if candidate.right is None or not _names_any([candidate.right.text], subjects):
        return False
    return not _names_any([wrong.text for wrong in candidate.wrong], subjects)


def _fit(candidate: Candidate, subjects: Sequence[str]) -> int:
    if is_given_away(candidate, subjects):
        return 2
    return 0 if is_wholly_about(candidate, subjects) else 1


def _light(candidate: Candidate) -> str | None:
    asked = candidate.stem + (candidate.right.text if candidate.right else "")
    return _LIGHT.get(candidate.key.partition(":")[0], "figures" if _TRIVIA.search(asked) else None)


def _asked(candidate: Candidate) -> frozenset[str]:
    """Countermeasures and cases, or the facts that its key names and where they stand."""
    if candidate.about:
        return frozenset(candidate.about)
    return frozenset((*_named(candidate), " > ".join(candidate.explanation.evidence.chunk.section[:2])))


def _named(candidate: Candidate) -> list[str]:
    """The facts that a key names: 「terms:A|B」 and 「list:A:B」 give A and B, and A."""
    return [name for names in candidate.key.split(":")[1:2] for name in names.split("|") if name]


def _texts(shown: Shown) -> tuple[str, ...]:
    return shown.text, *shown.evidence.chunk.section


def _names_any(texts: Iterable[str], subjects: Sequence[str]) -> bool:
    folded = [_folded(text) for text in texts]
    return any(_folded(subject) in text for subject in subjects if subject.strip() for text in folded)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
