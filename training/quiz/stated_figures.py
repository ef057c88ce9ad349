"""Questions on labelled figures: amounts, rates and terms of support, each of its programme, condition and time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.facts import Base, Labelled, amounts, shape, subjects_of
from training.quiz.likeness import key

# What one should know of support: money, shares, how long. Counts of replies, firms and parts are not asked for.
_FORMS = re.compile(r"0円|0/0|0%|0割|0年以内|0か月|0日以内|0回$")
_NOT_FORMS = re.compile(r"0[社者人件名部問]|0品目|n=0|予算|補正")
_MOST_WRONG = 6
_SIBLING = 3


def figure_candidates(base: Base) -> list[Candidate]:
    """A choice for each figure with three others of its form, and matchings of conditions and figures."""
    figures = find_figures(base)
    choices = [made for figure in figures if (made := _choice(base, figure, figures)) is not None]
    return choices + _matchings(base, figures)


def find_figures(base: Base) -> list[Labelled]:
    """The labelled values that are figures worth knowing and that no newer edition states, in document order."""
    found = [entry for entry in base.labelled if _is_figure(entry.value)]
    return [entry for entry in found if not any(_replaces(base, other, entry) for other in found)]


def other_values(base: Base, figure: Labelled, figures: Sequence[Labelled]) -> list[Labelled]:
    """Figures of the same form that are wrong for this one, the most easily confused first, one for each value."""
    right = {key(entry.value) for entry in figures if _same_thing(entry, figure)}
    found: dict[str, Labelled] = {}
    for other in sorted(figures, key=lambda other: -_kinship(figure, other)):
        value = key(other.value)
        if shape(other.value) == shape(figure.value) and value not in right:
            found.setdefault(value, other)
    return list(found.values())


def lead(base: Base, figure: Labelled) -> str:
    """As of when a figure is asked for: its own date, else its edition where that has been replaced."""
    if re.search(r"時点$|資料$", figure.as_of):
        return f"{figure.as_of}で、"
    if figure.as_of:
        return f"{figure.as_of}の"
    return f"{base.edition(figure.chunk)}で、" if base.is_replaced(figure.chunk) else ""


def where_it_belongs(figure: Labelled, other: Labelled) -> str:
    """What a wrong figure is: 「これは従業員6～20人の場合の値です。」"""
    same = other.label == figure.label
    if same and other.condition != figure.condition and other.condition:
        return f"これは、{other.condition}の場合です。"
    if other.as_of and other.as_of != figure.as_of:
        return f"これは、「{other.name}」です（{other.as_of}のもの）。"
    return f"これは、「{other.name}」です。"


def _is_figure(value: str) -> bool:
    form = shape(value)
    return bool(_FORMS.search(form)) and not _NOT_FORMS.search(form) and len(value) <= 45 and not value.endswith("。")


def _replaces(base: Base, other: Labelled, entry: Labelled) -> bool:
    newer = base.document(other.chunk)
    return entry.chunk.doc_id in newer.replaces and _same_thing(other, entry)


def _same_thing(first: Labelled, second: Labelled) -> bool:
    """Whether two lines speak of the same thing, whatever the time."""
    return key(first.name) == key(second.name)


def _kinship(figure: Labelled, other: Labelled) -> float:
    """How easily another figure is taken for this one: same label, same kind of figure, same programme."""
    same_label = _SIBLING * (figure.label == other.label)
    attribute = 1.5 * (figure.label.rpartition("の")[2] == other.label.rpartition("の")[2])
    programme = 1.0 * (re.split(r"[ のは]", figure.label)[0] == re.split(r"[ のは]", other.label)[0])
    return same_label + attribute + programme + 0.5 * (figure.condition == other.condition != "")


def _choice(base: Base, figure: Labelled, figures: Sequence[Labelled]) -> Candidate | None:
    others = other_values(base, figure, figures)[:_MOST_WRONG]
    if len(others) < 3:
        return None
    has_sibling = any(other.label == figure.label for other in others)
    return Candidate(
        key=f"figure:{figure.name}:{figure.as_of}",
        kind=QuizKind.CHOICE,
        difficulty=3 if has_sibling else 2,
        stem=f"{lead(base, figure)}{figure.name}は、次のうちどれですか。",
        explanation=Shown(f"{lead(base, figure)}{figure.name}は、{figure.value}です。", figure.line.evidence),
        subjects=(figure.label, *subjects_of(figure.chunk)),
        right=Shown(figure.value, figure.line.evidence, f"「{figure.name}」です。"),
        wrong=tuple(Shown(o.value, o.line.evidence, where_it_belongs(figure, o)) for o in others),
    )


def _matchings(base: Base, figures: Sequence[Labelled]) -> list[Candidate]:
    groups: dict[tuple[str, str, str], list[Labelled]] = defaultdict(list)
    for figure in figures:
        if figure.condition:
            groups[figure.chunk.doc_id, figure.label, figure.as_of].append(figure)
    return [_matching(base, group[:5]) for group in groups.values() if _is_matching(group[:5])]


def _is_matching(group: Sequence[Labelled]) -> bool:
    values = [amounts(figure.value) for figure in group]
    return len(group) >= 3 and len(set(values)) == len(values)


def _matching(base: Base, group: Sequence[Labelled]) -> Candidate:
    first = group[0]
    return Candidate(
        key=f"figures:{first.label}:{first.as_of}",
        kind=QuizKind.MATCHING,
        difficulty=3 if len(group) >= 4 else 2,
        stem=f"{lead(base, first)}{first.label}について、当てはまる条件と値を組み合わせてください。",
        explanation=Shown(
            f"{lead(base, first)}{first.label}は、条件によってこのように決まっています。", first.line.evidence
        ),
        subjects=(first.label, *subjects_of(first.chunk)),
        pairs=tuple((f.condition, Shown(f.value, f.line.evidence, f"{f.condition}の場合です。")) for f in group),
    )
