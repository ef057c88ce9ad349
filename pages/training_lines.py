"""What a trainer may do to the rest of a pack: word goals, questions and notes, leave out countermeasures and checks.

Pure: packs in, packs out. Lines that were edited say so, and so does the pack. Nothing here knows Streamlit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pages.training_edits import MOST_CHARACTERS, EditableText, EditRefused
from training.models import CaseStudy, Line, Pack, Step
from training.pack.sentences import within_quotes
from training.seen import seen

EDITED_LINES: Final = (
    "目標、問い、進行メモの一部を講師が書き換えています。出典どおりかどうかは、プログラムでは確かめていません。"
)
_EMPTY = "空にはできないので、前の文のままにしました。"


def lines_of(pack: Pack) -> tuple[EditableText, ...]:
    """Return the goals, the questions to discuss and the facilitator's notes, in the order in which they are read."""
    return tuple(EditableText(key, label, line.text) for key, label, line in _lines(pack))


def with_line(pack: Pack, key: str, text: str) -> Pack:
    """Return the pack with a line changed, marked, its citations kept; the same where it says what it said.

    Notes that read the question out read it out as it is asked now. Raises EditRefused for an empty text.
    """
    old = next(line for name, _, line in _lines(pack) if name == key)
    wanted = " ".join(text.split())[: max(MOST_CHARACTERS, len(old.text))]
    if wanted == " ".join(old.text.split()):
        return pack
    if not seen(wanted):
        raise EditRefused(_EMPTY)
    new = replace(old, text=wanted, reworded=False, edited=True)
    changed = _with(pack, key, new)
    if key.startswith("question"):
        changed = replace(changed, agenda=tuple(_read_out(step, old, new) for step in changed.agenda))
    notes = changed.notes if EDITED_LINES in changed.notes else (*changed.notes, EDITED_LINES)
    return replace(changed, notes=notes)


def without_measure(pack: Pack, at: int) -> Pack:
    """Return the pack without a row of the table; goals that count the rows count one less."""
    rows = pack.countermeasures[:at] + pack.countermeasures[at + 1 :]
    count = re.compile(rf"(?<![0-9]){len(pack.countermeasures)}個の対策")
    goals = tuple(replace(goal, text=count.sub(f"{len(rows)}個の対策", goal.text)) for goal in pack.goals)
    return replace(pack, countermeasures=rows, goals=goals)


def without_check(pack: Pack, at: int) -> Pack:
    """Return the pack without an item of the check list."""
    return replace(pack, checklist=pack.checklist[:at] + pack.checklist[at + 1 :])


def mentions(pack: Pack, title: str) -> tuple[str, ...]:
    """Return the labels of the lines that name something by its title."""
    quoted = f"「{within_quotes(title)}」"
    return tuple(one.label for one in lines_of(pack) if quoted in one.text)


def _lines(pack: Pack) -> Iterator[tuple[str, str, Line]]:
    for at, line in enumerate(pack.goals):
        yield f"goal.{at}", f"目標{at + 1}", line
    for place, case in enumerate(pack.cases):
        for at, line in enumerate(case.questions):
            yield f"question.{place}.{at}", f"事例{place + 1}の問い{at + 1}", line
    for place, step in enumerate(pack.agenda):
        for at, line in enumerate(step.notes):
            yield f"note.{place}.{at}", f"進行メモ「{step.title}」の{at + 1}", line


def _with(pack: Pack, key: str, line: Line) -> Pack:
    name, *numbers = key.split(".")
    place, *rest = map(int, numbers)
    if name == "goal":
        return replace(pack, goals=_at(pack.goals, place, line))
    if name == "question":
        return replace(
            pack, cases=tuple(_asking(c, rest[0], line) if n == place else c for n, c in enumerate(pack.cases))
        )
    return replace(
        pack, agenda=tuple(_saying(s, rest[0], line) if n == place else s for n, s in enumerate(pack.agenda))
    )


def _asking(case: CaseStudy, at: int, line: Line) -> CaseStudy:
    return replace(case, questions=_at(case.questions, at, line))


def _saying(step: Step, at: int, line: Line) -> Step:
    return replace(step, notes=_at(step.notes, at, line))


def _at(lines: tuple[Line, ...], place: int, line: Line) -> tuple[Line, ...]:
    return (*lines[:place], line, *lines[place + 1 :])


def _read_out(step: Step, old: Line, new: Line) -> Step:
    before, after = (f"「{within_quotes(line.text)}」" for line in (old, new))
    notes = (
        replace(note, text=note.text.replace(before, after), edited=True) if before in note.text else note
        for note in step.notes
    )
    return replace(step, notes=tuple(notes))
