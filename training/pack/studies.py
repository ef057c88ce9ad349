"""The opening of a session: a case with questions for the room, or a situation from a passage where no case fits."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.citations import sentences_of
from assistant.guidance import Case
from corpus.models import BlockKind, Chunk
from training.catalogue import Audience, Extent
from training.material import Material
from training.models import CaseStudy, Countermeasure, Line
from training.pack.cited import Cited
from training.pack.phrases import phrases
from training.pack.sentences import (
    follows,
    label_of,
    likeness,
    plain_heading,
    reasons_of,
    rules_of,
    told_of,
    within_quotes,
)
from training.pack.subject import Subject

_STORY, _STORY_OF_PASSAGE, _LEARNINGS = 7, 6, 3
_LEARNING = re.compile(r"学び|教訓|ポイント")
_CASE = re.compile(r"^(?:Case|事例)\s*\d+", re.IGNORECASE)


def studies(
    material: Material, subject: Subject, audience: Audience, extent: Extent, cited: Cited
) -> tuple[CaseStudy, ...]:
    """The case or cases to talk about, the one nearest to the audience's work first, or a situation from a passage.

    Without questions yet: `with_questions` adds them.
    """
    ranked = list(subject.cases)
    if not subject.theme.is_free:
        ranked.sort(key=lambda case: -_nearness(case, audience))
    made = [_of_case(material, case, cited) for case in ranked[: extent.cases]]
    if not any(made) and subject.opening:
        made = [_of_passage(subject.opening, cited)]
    return tuple(study for study in made if study)


def is_situation(study: CaseStudy) -> bool:
    """Whether a study is a situation from a passage rather than a case."""
    return study.title.startswith(phrases()["opening_title"].partition("{")[0])


def with_questions(
    study: CaseStudy, audience: Audience, count: int, near: Countermeasure | None, *, is_first: bool = True
) -> CaseStudy:
    """A study with so many questions for the room: what happened, the audience's own, what could have been done …

    `near` is the countermeasure that one of them asks about. A second case is asked about in other words.
    """
    words, form = phrases("questions"), "_opening" if is_situation(study) else ""
    prevented = Line(words[f"any{form}"])
    if near:
        prevented = Line(words["measure"].format(title=within_quotes(near.title)), near.what.markers)
    if not is_first:
        again = Line(words["again"], study.story[0].markers)
        asked = (again, *([prevented] if near else []), Line(words["compare"]), Line(words["after"]))
        return replace(study, questions=asked[:count])
    where = Line(words[f"where{form}"], study.story[0].markers)
    asked = (where, Line(audience.question), prevented, Line(words[f"notice{form}"]))
    return replace(study, questions=asked[:count])


def _nearness(case: Case, audience: Audience) -> int:
    return sum(2 * (word in case.title) + (word in case.chunk.text) for word in audience.words)


def _of_case(material: Material, case: Case, cited: Cited) -> CaseStudy | None:
    told = [sentence for sentence in sentences_of(case.chunk.text) if sentence.endswith(("。", "！", "？"))][:_STORY]
    story = tuple(line for sentence in told if (line := cited.said(sentence, case.chunk)))
    return CaseStudy(case.title, story, (), _learnings(material, case, cited)) if story else None


def _of_passage(chunk: Chunk, cited: Cited) -> CaseStudy | None:
    told = _told_in_order(chunk)[:_STORY_OF_PASSAGE]
    story = tuple(line for sentence in told if (line := cited.said(sentence, chunk)))
    title = phrases()["opening_title"].format(heading=plain_heading(chunk.section[-1]))
    return CaseStudy(title, story, ()) if story else None


def _told_in_order(chunk: Chunk) -> list[str]:
    """The sentences of a passage from the first that stands alone, one for each label."""
    first = next(iter(told_of(chunk)), "")
    sentences = sentences_of(chunk.text)
    start = next((at for at, sentence in enumerate(sentences) if first and sentence.endswith(first)), len(sentences))
    labels = [label_of(sentence) for sentence in sentences]
    return [
        sentence if at > start else first
        for at, sentence in enumerate(sentences)
        if at >= start and follows(sentence) and (not labels[at] or labels[at] not in labels[:at])
    ]


def _learnings(material: Material, case: Case, cited: Cited) -> tuple[Line, ...]:
    """What the documents draw from a case: under a heading of its own, or for all cases of its chapter."""
    level = case.chunk.section.index(case.title) + 1
    own = [c for c in _beside(material, case, case.chunk.section[:level]) if _LEARNING.search(c.section[-1])]
    if own:
        drawn = [(s, c) for c in own for s in sentences_of(c.text) if s.endswith("。")]
    else:
        chapter = [c for c in _beside(material, case, case.chunk.section[: level - 1]) if _is_of_no_case(c)]
        drawn = [(s, c) for c in chapter for s in rules_of(c)] or [(s, c) for c in chapter for s in reasons_of(c)]
        drawn.sort(key=lambda pair: -likeness(pair[0], f"{case.title}{case.chunk.text}"))
    chosen = list(dict.fromkeys(drawn))[:_LEARNINGS]
    return tuple(line for sentence, chunk in chosen if (line := cited.said(sentence, chunk)))


def _beside(material: Material, case: Case, path: tuple[str, ...]) -> list[Chunk]:
    return [c for c in material.chunks if path and c.doc_id == case.chunk.doc_id and c.section[: len(path)] == path]


def _is_of_no_case(chunk: Chunk) -> bool:
    return chunk.kind is not BlockKind.CASE and not any(_CASE.match(heading) for heading in chunk.section)
