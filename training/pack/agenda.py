"""The facilitator's agenda: steps whose minutes add up to the session, with what to do and what to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.models import CaseStudy, CheckItem, Countermeasure, Line, Step
from training.pack.phrases import phrases
from training.pack.sentences import plain_heading, within_quotes
from training.pack.studies import is_situation

# Of which a quiz with few items needs less: so many minutes an item, and some to explain.
_MINUTES_AN_ITEM, _TO_EXPLAIN = 1, 1
# Minutes of opening, first case, second case, countermeasures, check list, quiz and closing. What a pack lacks gives
# its minutes to the countermeasures.
_MINUTES = {15: (1, 4, 0, 4, 0, 4, 2), 30: (2, 8, 0, 8, 3, 6, 3), 60: (4, 11, 9, 11, 6, 13, 6)}
_SHARED_WITH_ROOM = 2
_MINE = 2


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a pack that an agenda goes through.

    `linked` is the countermeasure near to a case, by its title; `consult` says whom to ask and `why` why the
    theme matters, where the documents say so.
    """

    audience: str
    minutes: int
    cases: Sequence[CaseStudy]
    rows: Sequence[Countermeasure]
    linked: Mapping[str, Countermeasure | None]
    checks: Sequence[CheckItem]
    quiz_items: int
    consult: Sequence[Line]
    why: Line | None


def agenda(parts: Parts) -> tuple[Step, ...]:
    """The steps in order; their minutes add up to those of the session exactly."""
    words = phrases("agenda")
    opening, first, second, table, checks, quiz, closing = _MINUTES[parts.minutes]
    if parts.quiz_items:
        quiz = min(quiz, parts.quiz_items * _MINUTES_AN_ITEM + _TO_EXPLAIN)
    planned = [(opening, words["opening"], _opening(parts))]
    for minutes, case in zip((first, second), parts.cases, strict=False):
        if minutes:
            planned.append((minutes, _case_title(case), _case(case, minutes, parts)))
    planned.append((table, words["countermeasures"], _table(parts, table)))
    if checks:
        planned.append((checks, words["checklist"], _checklist(parts, checks)))
    planned.append((quiz, words["quiz"], _quiz(parts, quiz)))
    planned.append((closing, words["closing"], _closing(parts, has_checklist=bool(checks))))
    left = parts.minutes - sum(minutes for minutes, _, _ in planned)
    if left:
        at = next(n for n, (_, title, _) in enumerate(planned) if title == words["countermeasures"])
        planned[at] = (table + left, words["countermeasures"], _table(parts, table + left))
    return _timed(planned)


def _timed(planned: Sequence[tuple[int, str, list[Line]]]) -> tuple[Step, ...]:
    steps, start = [], 0
    for minutes, title, notes in planned:
        steps.append(Step(start, minutes, title, tuple(notes)))
        start += minutes
    return tuple(steps)


def _opening(parts: Parts) -> list[Line]:
    words = phrases("notes")
    notes = [Line(words["goals"].format(minutes=parts.minutes))]
    if parts.why:
        notes.append(Line(words["why"].format(text=within_quotes(parts.why.text)), parts.why.markers))
    if parts.cases:
        notes.append(Line(words["no_names"]))
    return notes


def _case_title(case: CaseStudy) -> str:
    form = "situation" if is_situation(case) else "case"
    title = plain_heading(case.title)
    return phrases("agenda")[form].format(case=title.partition("：")[2] or title)


def _case(case: CaseStudy, minutes: int, parts: Parts) -> list[Line]:
    words = phrases("notes")
    story = tuple(dict.fromkeys(marker for line in case.story for marker in line.markers))
    notes = [Line(words["read_opening" if is_situation(case) else "read"], story)]
    in_pairs, to_all = case.questions[:_SHARED_WITH_ROOM], case.questions[_SHARED_WITH_ROOM:]
    numbers = "と".join(str(number) for number in range(1, len(in_pairs) + 1))
    notes.append(Line(words["pairs"].format(numbers=numbers, minutes=_talking(minutes))))
    for number, question in enumerate(to_all, start=len(in_pairs) + 1):
        notes.append(Line(words["ask"].format(number=number, text=within_quotes(question.text)), question.markers))
    if case.learnings:
        learning = case.learnings[0]
        notes.append(Line(words["learning"].format(text=within_quotes(learning.text)), learning.markers))
    if row := parts.linked.get(case.title):
        notes.append(Line(words["link"].format(title=within_quotes(row.title)), row.what.markers))
    return notes


def _talking(minutes: int) -> int:
    """Minutes to talk in pairs: about half, the rest is for reading aloud and for what comes of it."""
    return max(2, minutes // 2 - 1)


def _in_words(seconds: int) -> str:
    """A time as one says it: seconds up to a minute, then to the half minute."""
    if seconds <= 60:
        return f"約{seconds}秒"
    minutes, half = divmod(round(seconds / 30), 2)
    return f"約{minutes}分{'半' if half else ''}"


def _table(parts: Parts, minutes: int) -> list[Line]:
    words = phrases("notes")
    mine = [row for row in parts.rows if row.is_for_audience][:_MINE]
    pauses = len(mine)
    seconds = max(10, (minutes - pauses) * 60 // max(1, len(parts.rows)) // 5 * 5)
    notes = [Line(words["table"].format(time=_in_words(seconds)))]
    for row in mine:
        notes.append(
            Line(words["mine"].format(title=within_quotes(row.title), audience=parts.audience), row.what.markers)
        )
    reasoned = next((row.why for row in (*mine, *parts.rows) if row.why), None)
    if reasoned:
        notes.append(Line(words["reason"].format(text=within_quotes(reasoned.text)), reasoned.markers))
    return notes


def _checklist(parts: Parts, minutes: int) -> list[Line]:
    words = phrases("notes")
    notes = [Line(words["tick"].format(minutes=minutes))]
    first = parts.checks[0] if parts.checks else None
    if first and first.is_for_audience:
        notes.append(
            Line(words["tick_mine"].format(audience=parts.audience, title=within_quotes(first.title)), first.markers)
        )
    notes.append(Line(words["tick_empty"]))
    return notes


def _quiz(parts: Parts, minutes: int) -> list[Line]:
    words = phrases("notes")
    if not parts.quiz_items:
        return [Line(words["quiz_none"])]
    alone = max(1, minutes * 3 // 5)
    return [Line(words["quiz"].format(count=parts.quiz_items, minutes=alone)), Line(words["explain"])]


def _closing(parts: Parts, *, has_checklist: bool) -> list[Line]:
    words = phrases("notes")
    notes = [] if has_checklist else [Line(words["tick_home"])]
    notes.append(Line(words["closing"]))
    if parts.consult:
        notes.append(Line(words["consult"].format(text=within_quotes(parts.consult[0].text)), parts.consult[0].markers))
    return [*notes, Line(words["next"])]
