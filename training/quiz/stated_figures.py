"""Questions on labelled figures: amounts, rates and terms of support, each of its programme, condition and time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from training.labels import FALSE, TRUE
from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.facts import Base, Labelled, amounts, is_overtaken, shape, subjects_of
from training.quiz.likeness import key

# What one should know of support: money, shares, how long. Counts of replies, firms and parts are not asked for.
_FORMS = re.compile(r"0円|0/0|0%|0割|0年以内|0か月|0日以内|0回$")
_NOT_FORMS = re.compile(r"0[社者人件名部問]|0品目|n=0|予算|補正")
_MOST_WRONG = 4
_SIBLING = 3
# A value that says much besides its figures is a rule, not a figure.
_MOST_WORDS = 28


def figure_candidates(base: Base) -> list[Candidate]:
    """For each label a statement and a choice, of different conditions where it has several, and a matching of all.

    Figures that a later document has overtaken are wrong answers only.
    """
    figures = find_figures(base)
    groups: dict[tuple[str, str], list[Labelled]] = defaultdict(list)
    for figure in figures:
        if not is_overtaken(base, figure.chunk):
            groups[figure.label, figure.as_of].append(figure)
    made: list[Candidate | None] = []
    for number, group in enumerate(groups.values()):
        made.append(_choice(base, group[number % len(group)], figures))
        made.append(_statement(base, group[(number + 1) % len(group)], figures, is_altered=number % 2 == 0))
    return [candidate for candidate in made if candidate is not None] + _matchings(
        base, [figure for group in groups.values() for figure in group]
    )


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


def when(base: Base, figure: Labelled) -> str:
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
    if not _FORMS.search(form) or _NOT_FORMS.search(form) or value.endswith(("。", "など", "等")):
        return False
    return len(form) <= _MOST_WORDS and "、" not in value


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
        stem=f"{when(base, figure)}{_asked(figure)}は、次のうちどれですか。",
        explanation=Shown(f"{when(base, figure)}{_asked(figure)}は、{figure.value}です。", figure.line.evidence),
        subjects=(figure.label, *subjects_of(figure.chunk)),
        right=Shown(figure.value, figure.line.evidence, f"「{_asked(figure)}」です。"),
        wrong=tuple(Shown(o.value, o.line.evidence, where_it_belongs(figure, o)) for o in others),
    )


def _asked(figure: Labelled) -> str:
    """What a figure is of, without a condition that says that there is none."""
    return figure.label if figure.condition.endswith("なし") else figure.name


def _statement(base: Base, figure: Labelled, figures: Sequence[Labelled], *, is_altered: bool) -> Candidate | None:
    """A figure as a sentence to judge, as it stands or with another one of its form; None where there is none."""
    label = figure.line.text.partition("：")[0]
    others = other_values(base, figure, figures)
    if not others or figure.condition.endswith("なし"):
        return None
    is_undated = base.is_replaced(figure.chunk) and not figure.as_of
    lead = f"{base.edition(figure.chunk)}によると、" if is_undated else ""
    other, why = others[0], f"資料には「{figure.line.text}」とあります。"
    if is_altered:
        why = where_it_belongs(figure, other).replace("これは", f"「{other.value}」は", 1)
        why += f"正しくは「{figure.value}」です。"
    return Candidate(
        key=f"figure:{figure.name}:{figure.as_of}",
        kind=QuizKind.TRUE_FALSE,
        difficulty=2,
        stem=f"{lead}{label}は、{other.value if is_altered else figure.value}です。",
        explanation=Shown(why, figure.line.evidence),
        subjects=(figure.label, *subjects_of(figure.chunk)),
        right=Shown(FALSE if is_altered else TRUE, figure.line.evidence, why),
        altered=other.value if is_altered else "",
        original=figure.value if is_altered else "",
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
        stem=f"{when(base, first)}{first.label}について、当てはまる条件と値を組み合わせてください。",
        explanation=Shown(
            f"{when(base, first)}{first.label}は、条件によってこのように決まっています。", first.line.evidence
        ),
        subjects=(first.label, *subjects_of(first.chunk)),
        pairs=tuple((f.condition, Shown(f.value, f.line.evidence, f"{f.condition}の場合です。")) for f in group),
    )
