"""Goals, questions to discuss and the facilitator's notes in a language model's words, for those who are trained.

Only called where a model is set. Each line is checked by itself (`training.reword_check`) and marked; one that fails
stays as it was, and whatever the model does, the pack that comes back is whole. Cases, countermeasures, check list,
quiz, offices and citations are never sent to be reworded.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.generate.faults import ModelFault, model_fault
from assistant.generate.notes import fault_line
from assistant.generate.options import GenerateOptions
from assistant.generate.pieces import without_thoughts
from assistant.generate.stream import stream_text
from assistant.question import Language
from training.models import CaseStudy, Line, Pack
from training.pack.sentences import within_quotes
from training.reword_check import tidied, why_refused
from training.reword_prompt import NAMES, Asked, Part, messages, size

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_NUMBERED = re.compile(r"^\s*(?:[-*]\s*)?[(（]?(\d{1,3})(?:[.．)）:：、]|\s)\s*(\S.*?)\s*$", re.MULTILINE)
_REWORDED = (
    "言語モデル（{model}）が、{names}の{asked}行のうち{done}行を言い換えました。"
    "もとの文と出典に照らして確かめてあります。"
)
_LEFT = "そのほかの行は、もとの文のままです。"
_NONE = (
    "言語モデル（{model}）の言い換えは、もとの文と同じ内容だと確かめられなかったので、使っていません。"
    "どの行も、もとの文のままです。"
)
_SAME = "言語モデル（{model}）は、どの行にも言い換えを出しませんでした。どの行も、もとの文のままです。"
_BROKEN = "{happened}{rest}、言い換えずにもとの文のままにしました。"


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one part, in the order of the pack, each with what it may rest on."""

    part: Part
    lines: tuple[Line, ...]
    asked: tuple[Asked, ...]


def reword(
    pack: Pack,
    model: BaseChatModel,
    name: str,
    options: GenerateOptions | None = None,
    stop: threading.Event | None = None,
) -> Pack:
    """The pack with the lines that the model words better, and a note that says how many, or what went wrong.

    `name` is what the model is called ("ollama:qwen3"). One request for goals, one for questions, one for notes; all of
    them together take no longer than `options.total_seconds`. Never raises for what the model does.
    """
    options = options or GenerateOptions()
    deadline = time.monotonic() + options.total_seconds
    parts, fault, refused = groups(pack), None, 0
    worded: list[tuple[Line, ...]] = []
    for group in parts:
        lines = group.lines
        if fault is None and lines:
            try:
                lines, left = _reworded(group, pack, model, options, stop, deadline)
                refused += left
            except Exception as error:  # also ours on a model's text: the trainer still gets a pack
                fault = model_fault(error)
        worded.append(lines)
    done = sum(new is not old for group, lines in zip(parts, worded, strict=True) for old, new in _pairs(group, lines))
    goals, questions, notes = worded
    notes = _with_questions(notes, [(old.text, new.text) for old, new in _pairs(parts[1], questions) if new is not old])
    return replace(
        _with_lines(pack, goals, questions, notes),
        notes=(*pack.notes, *_notes(parts, done, refused, fault, name)),
        model=name if done else pack.model,
    )


def _pairs(group: Group, lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    return zip(group.lines, lines, strict=True)


def groups(pack: Pack) -> tuple[Group, ...]:
    """What may be reworded of a pack: its goals, its questions, its notes; one request each."""
    quotes = {citation.marker: citation.quote for citation in pack.citations}

    def grounds(line: Line, *more: str) -> Asked:
        return Asked(line.text, tuple(dict.fromkeys((*(quotes[m] for m in line.markers if m in quotes), *more))))

    def story(case: CaseStudy) -> str:
        return "".join(line.text for line in case.story)

    questions = [(line, grounds(line, story(case))) for case in pack.cases for line in case.questions]
    notes = tuple(line for step in pack.agenda for line in step.notes)
    return (
        Group(Part.GOAL, pack.goals, tuple(map(grounds, pack.goals))),
        Group(Part.QUESTION, tuple(line for line, _ in questions), tuple(asked for _, asked in questions)),
        Group(Part.NOTE, notes, tuple(map(grounds, notes))),
    )


def _reworded(
    group: Group,
    pack: Pack,
    model: BaseChatModel,
    options: GenerateOptions,
    stop: threading.Event | None,
    deadline: float,
) -> tuple[tuple[Line, ...], int]:
    """The lines of a group, those that the model worded well in its words, and how many were refused; ModelFault."""
    chosen = _fitting(group, options.passage_characters)
    if not chosen:
        return group.lines, 0
    sent = messages(group.part, pack.audience, [group.asked[at] for at in chosen])
    with closing(stream_text(model, sent, options, stop, deadline)) as pieces:
        said = without_thoughts("".join(pieces))
    known = "\n".join({pack.title, pack.theme, pack.audience, *(source.title for source in pack.sources)})
    lines, refused = list(group.lines), 0
    for number, text in _numbered(said).items():
        if 0 < number <= len(chosen):
            at = chosen[number - 1]
            before = lines[at]
            lines[at] = _checked(before, group.asked[at], text, group.part, known)
            refused += lines[at] is before and tidied(text) != before.text
    return tuple(lines), refused


def _fitting(group: Group, characters: int) -> list[int]:
    """Which lines are sent: those that no model has worded yet, as many as fit."""
    chosen = []
    for at, asked in enumerate(group.asked):
        if group.lines[at].reworded or not asked.text.strip():
            continue
        characters -= size(asked)
        if characters < 0:
            break
        chosen.append(at)
    return chosen


def _numbered(text: str) -> dict[int, str]:
    """The lines of a reply by their numbers; a number that comes twice counts for nothing."""
    found: dict[int, list[str]] = {}
    for match in _NUMBERED.finditer(text):
        found.setdefault(int(match[1]), []).append(match[2])
    return {number: texts[0] for number, texts in found.items() if len(texts) == 1}


def _checked(line: Line, asked: Asked, text: str, part: Part, known: str) -> Line:
    if tidied(text) == line.text or why_refused(asked, text, part, known):
        return line
    return replace(line, text=tidied(text), reworded=True)


def _with_questions(notes: Sequence[Line], changed: Sequence[tuple[str, str]]) -> tuple[Line, ...]:
    """The notes with the questions that they read out as these are asked now."""
    lines = list(notes)
    for at, line in enumerate(lines):
        text = line.text
        for old, new in changed:
            text = text.replace(f"「{within_quotes(old)}」", f"「{within_quotes(new)}」")
        if text != line.text:
            lines[at] = replace(line, text=text, reworded=True)
    return tuple(lines)


def _with_lines(pack: Pack, goals: Sequence[Line], questions: Sequence[Line], notes: Sequence[Line]) -> Pack:
    asked, said = iter(questions), iter(notes)
    return replace(
        pack,
        goals=tuple(goals),
        cases=tuple(replace(case, questions=tuple(next(asked) for _ in case.questions)) for case in pack.cases),
        agenda=tuple(replace(step, notes=tuple(next(said) for _ in step.notes)) for step in pack.agenda),
    )


def _notes(parts: Sequence[Group], done: int, refused: int, fault: ModelFault | None, name: str) -> Iterator[str]:
    asked = sum(not line.reworded for group in parts for line in group.lines)
    if done:
        names = "・".join(NAMES[group.part] for group in parts if group.lines)
        yield _REWORDED.format(model=name, names=names, asked=asked, done=done)
    if fault is not None:
        happened = fault_line(fault, Language.JAPANESE)
        yield _BROKEN.format(happened=happened, rest="残りの文は" if done else "研修資料の文は")
    elif done < asked:
        yield _LEFT if done else (_NONE if refused else _SAME).format(model=name)
