"""Questions on definitions: what a term means, which term is meant, which belongs to which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.facts import Base, subjects_of
from training.quiz.facts_terms import Definition, find_definitions
from training.quiz.likeness import contained, share_in

# Above this share of common letter pairs, one explanation might pass for the other.
_ALIKE = 0.3
_MOST_WRONG = 4
# Above this share of a term's letter pairs in its explanation more than in others, the question answers itself.
_GIVES_AWAY = 0.3
_PAIRS = 4
_IN_A_WORD = re.compile(r"[一-龥]{2}|[ァ-ヺー]{2}|[A-Z]{2}")


def term_candidates(base: Base) -> list[Candidate]:
    """A choice for each definition, by turns for its meaning and for its term, and matchings of four terms."""
    definitions = find_definitions(base)
    made = []
    for number, definition in enumerate(definitions):
        others = _others(definition, definitions)
        if len(others) >= 3 and not _tells(definition, others):
            ask = _term if number % 3 == 2 and not _is_long(definition, others) else _meaning
            made.append(ask(base, definition, others))
    return made + _matchings(base, definitions)


def _others(one: Definition, definitions: Sequence[Definition]) -> list[Definition]:
    """Definitions that cannot be taken for this one, first those with words of its term, then those of like length."""
    apart = [other for other in definitions if _are_apart(one, other)]
    ranked = sorted(apart, key=lambda other: (-share_in(one.term, other.text), abs(len(other.text) - len(one.text))))
    return ranked[:_MOST_WRONG]


def _is_long(one: Definition, others: Sequence[Definition]) -> bool:
    """Whether a term would be told by its length."""
    return len(one.term) > 1.5 * max(len(other.term) for other in others)


def _tells(one: Definition, others: Sequence[Definition]) -> bool:
    """Whether words of the term stand in its own explanation and in few of the wrong ones: no need to know it."""
    own = share_in(one.term, one.text)
    third = sorted((share_in(one.term, other.text) for other in others), reverse=True)[2]
    return own - third >= _GIVES_AWAY or _has_own_word(one, others)


def _has_own_word(one: Definition, others: Iterable[Definition]) -> bool:
    """Whether two letters of a word of the term stand in its own explanation alone: 「…契約」 is 「…する契約」."""
    pairs = {one.term[at : at + 2] for at in range(len(one.term) - 1)}
    own = {pair for pair in pairs if _IN_A_WORD.fullmatch(pair) and pair in one.text}
    return any(all(pair not in other.text for other in others if other is not one) for pair in own)


def _are_apart(one: Definition, other: Definition) -> bool:
    if one is other or contained(one.text, other.text) >= _ALIKE or contained(one.term, other.term) >= 0.6:
        return False
    return one.term not in other.line.text and other.term not in one.line.text


def _meaning(base: Base, one: Definition, others: Sequence[Definition]) -> Candidate:
    return Candidate(
        key=f"term:{one.term}",
        kind=QuizKind.CHOICE,
        difficulty=1,
        stem=f"{_where(base, one)}「{one.term}」の説明として正しいものは、次のうちどれですか。",
        explanation=_explanation(one),
        subjects=(one.term, *subjects_of(one.chunk)),
        right=Shown(one.text, one.line.evidence, f"「{one.term}」の説明です。"),
        wrong=tuple(Shown(o.text, o.line.evidence, f"これは「{o.term}」の説明です。") for o in others),
    )


def _term(base: Base, one: Definition, others: Sequence[Definition]) -> Candidate:
    return Candidate(
        key=f"term:{one.term}",
        kind=QuizKind.CHOICE,
        difficulty=1,
        stem=f"{_where(base, one)}「{one.text}」を何といいますか。",
        explanation=_explanation(one),
        subjects=(one.term, *subjects_of(one.chunk)),
        right=Shown(one.term, one.line.evidence, "説明のとおりです。"),
        wrong=tuple(Shown(o.term, o.line.evidence, f"「{o.term}」は、「{o.text}」です。") for o in others),
    )


def _matchings(base: Base, definitions: Sequence[Definition]) -> list[Candidate]:
    """Groups of four in document order, every two of them apart; a definition is in one group only."""
    made, left = [], [one for one in definitions if not _has_own_word(one, definitions)]
    while left:
        group: list[Definition] = []
        for definition in left:
            if len(group) < _PAIRS and all(_are_apart(definition, member) for member in group):
                group.append(definition)
        left = [definition for definition in left if definition not in group]
        if len(group) == _PAIRS:
            made.append(_matching(group))
    return made


def _matching(group: Sequence[Definition]) -> Candidate:
    terms = "、".join(f"「{definition.term}」" for definition in group)
    return Candidate(
        key="terms:" + "|".join(definition.term for definition in group),
        kind=QuizKind.MATCHING,
        difficulty=2,
        stem="次の言葉と、その説明を組み合わせてください。",
        explanation=Shown(f"資料は、{terms}をこのように説明しています。", group[0].line.evidence),
        subjects=(*(definition.term for definition in group), *subjects_of(*(d.chunk for d in group))),
        pairs=tuple((d.term, Shown(d.text, d.line.evidence, f"「{d.term}」の説明です。")) for d in group),
    )


def _where(base: Base, one: Definition) -> str:
    return f"{base.edition(one.chunk)}で、" if base.is_replaced(one.chunk) else ""


def _explanation(one: Definition) -> Shown:
    return Shown(f"「{one.term}」は、「{one.text}」です。", one.line.evidence)
