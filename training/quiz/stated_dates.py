"""Questions on what happened when: the month of an event, events and their months, events in their order."""

from __future__ import annotations

from collections.abc import Sequence

from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.facts import Base, subjects_of
from training.quiz.facts_dates import Event, dates_told, find_events

_MOST_WRONG = 4
_STEPS = 4


def date_candidates(base: Base) -> list[Candidate]:
    """Choices, matchings and orderings of dated events; none where the documents give a thing several dates."""
    events = find_events(base)
    told = {event.text: dates_told(base, event.bare_name) for event in events}
    asked = [event for event in events if event.is_rule]
    made = [made for event in asked if (made := _choice(event, events, told[event.text])) is not None]
    sure = sorted((e for e in events if told[e.text] <= {e.date}), key=lambda event: event.date)
    apart = list({event.date: event for event in reversed(sure)}.values())[::-1]
    groups = _groups(apart)
    return made + [_ordering(group) for group in groups] + [_matching(group) for group in groups[:2]]


def _groups(events: Sequence[Event]) -> list[list[Event]]:
    """Events taken across the whole span of time, each in one group: the first, the fourth, the seventh and so on."""
    number = len(events) // _STEPS
    groups = [list(events[start::number][: _STEPS + 1]) for start in range(number)] if number else []
    return groups or ([list(events)] if len(events) >= 3 else [])


def _choice(event: Event, events: Sequence[Event], told: set[tuple[int, int]]) -> Candidate | None:
    others = {other.date: other for other in events if other.date != event.date and other.date not in told}
    nearest = sorted(others.values(), key=lambda other: abs(_months(other) - _months(event)))[:_MOST_WRONG]
    if len(nearest) < 3:
        return None
    return Candidate(
        key=f"event:{event.text}",
        kind=QuizKind.CHOICE,
        difficulty=2,
        stem=f"{event.happened}のは、いつですか。",
        explanation=Shown(f"{event.happened}のは、{event.month}です。", event.line.evidence),
        subjects=(event.name, *subjects_of(event.chunk)),
        right=Shown(event.month, event.line.evidence, f"{event.happened}のは、この時期です。"),
        wrong=tuple(Shown(o.month, o.line.evidence, f"これは、{o.happened}時期です。") for o in nearest),
    )


def _ordering(group: Sequence[Event]) -> Candidate:
    said = "、".join(event.month for event in group)
    return Candidate(
        key="order:" + "|".join(event.text for event in group),
        kind=QuizKind.ORDERING,
        difficulty=3,
        stem="次の出来事を、古いものから順に並べてください。",
        explanation=Shown(f"古い順に、{said}です。", group[0].line.evidence),
        subjects=subjects_of(*(event.chunk for event in group)),
        sequence=tuple(Shown(e.text, e.line.evidence, f"{e.month}です。") for e in group),
    )


def _matching(group: Sequence[Event]) -> Candidate:
    return Candidate(
        key="dates:" + "|".join(event.text for event in group),
        kind=QuizKind.MATCHING,
        difficulty=3,
        stem="次の出来事と、その時期を組み合わせてください。",
        explanation=Shown(
            "、".join(f"{event.text}は{event.month}" for event in group) + "です。", group[0].line.evidence
        ),
        subjects=subjects_of(*(event.chunk for event in group)),
        pairs=tuple((e.text, Shown(e.month, e.line.evidence, f"{e.month}です。")) for e in group),
    )


def _months(event: Event) -> int:
    return event.date[0] * 12 + event.date[1]
