"""The learning goals: what can be seen or heard afterwards, each about something in the pack and cited from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from training.models import CaseStudy, CheckItem, Countermeasure, Line
from training.pack.phrases import phrases
from training.pack.sentences import plain_heading, within_quotes


def goals(
    count: int,
    cases: Sequence[CaseStudy],
    rows: Sequence[Countermeasure],
    checks: Sequence[CheckItem],
    consult: Line | None,
) -> tuple[Line, ...]:
    """So many goals at most: a case, countermeasures of the audience, whom to ask, a reason, a stage, a check."""
    made = [_case(cases), _names(rows), _consult(consult), _reason(rows), _stage(rows), _check(checks)]
    return tuple(goal for goal in made if goal)[:count]


def _case(cases: Sequence[CaseStudy]) -> Line | None:
    if not cases:
        return None
    first = cases[0]
    title = plain_heading(first.title)
    is_case = title != first.title
    text = phrases("goals")["case" if is_case else "opening"].format(
        case=within_quotes(title.partition("：")[2] or title)
    )
    return Line(text, first.story[0].markers)


def _names(rows: Sequence[Countermeasure]) -> Line | None:
    chosen = sorted(rows, key=lambda row: not row.is_for_audience)[:2]
    if not chosen:
        return None
    markers = tuple(dict.fromkeys(marker for row in chosen for marker in row.what.markers))
    form = "names" if all(row.pages for row in chosen) else "points"
    titles = "」と「".join(_short(row.title) for row in chosen)
    return Line(phrases("goals")[form].format(titles=titles), markers)


def _consult(consult: Line | None) -> Line | None:
    return Line(phrases("goals")["consult"], consult.markers) if consult else None


def _short(title: str) -> str:
    """A title to be named in a sentence: without a second title between waves."""
    return within_quotes(title.partition("～")[0].strip() if title.endswith("～") else title)


def _reason(rows: Sequence[Countermeasure]) -> Line | None:
    reasoned = sorted((row for row in rows if row.why), key=lambda row: not row.is_for_audience)
    if not reasoned or not reasoned[0].why:
        return None
    first = reasoned[0]
    form = "reason" if first.pages else "reason_passage"
    return Line(phrases("goals")[form].format(title=_short(first.title)), reasoned[0].why.markers)


def _stage(rows: Sequence[Countermeasure]) -> Line | None:
    stages = Counter(row.stage for row in rows if row.stage)
    if len(stages) < 2:
        return None
    stage, _ = stages.most_common(1)[0]
    markers = tuple(dict.fromkeys(marker for row in rows if row.stage == stage for marker in row.what.markers))
    return Line(phrases("goals")["stage"].format(stage=within_quotes(stage), count=len(rows)), markers)


def _check(checks: Sequence[CheckItem]) -> Line | None:
    if not checks:
        return None
    form = "check" if checks[0].pages else "check_passage"
    return Line(phrases("goals")[form].format(title=_short(checks[0].title)), checks[0].markers)
