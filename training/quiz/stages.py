"""Quiz items on the stage of work that a countermeasure belongs to, as the headings of the document have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.meaning import Meaning
from training.quiz.topics import WRONG_KEPT, WRONG_NEEDED, Topic, by_theme, clear_stages, gives_away


def stage_candidates(topics: Sequence[Topic], meaning: Meaning) -> list[Candidate]:
    """Which of these is of a stage, for the first countermeasure of each; of which stage is it, for the others."""
    candidates = []
    for of_theme in by_theme(topics).values():
        stages = clear_stages(of_theme, meaning)
        for stage, members in stages.items():
            fair = [topic for topic in members if not gives_away(meaning, stage, topic.title)]
            others = [topic for name, rest in stages.items() if name != stage for topic in rest]
            if fair and len(others) >= WRONG_NEEDED:
                candidates.append(_which_of_stage(fair[0], others, list(stages)))
            if len(stages) > WRONG_NEEDED:
                candidates += [_stage_of_which(topic, stages) for topic in fair[1:]]
    return candidates


def _which_of_stage(topic: Topic, others: Sequence[Topic], order: Sequence[str]) -> Candidate:
    """Which of these is of the stage; the neighbouring stages first."""
    here = order.index(topic.stage or "")
    near = sorted(others, key=lambda other: abs(order.index(other.stage or "") - here))[:WRONG_KEPT]
    return Candidate(
        key=f"stage:{topic.title}",
        kind=QuizKind.CHOICE,
        difficulty=3,
        stem=f"「{topic.chapter}」のうち、「{topic.stage}」に入るのはどれですか。",
        explanation=_stage_explanation(topic),
        subjects=topic.subjects,
        right=_staged(topic, topic.title),
        wrong=tuple(_staged(other, other.title) for other in near),
        about=(topic.title,),
    )


def _stage_of_which(topic: Topic, stages: Mapping[str, Sequence[Topic]]) -> Candidate:
    wrong = tuple(
        Shown(name, members[0].placed, f"「{name}」に入るのは「{members[0].title}」などです。")
        for name, members in stages.items()
        if name != topic.stage
    )
    return Candidate(
        key=f"stage:{topic.title}",
        kind=QuizKind.CHOICE,
        difficulty=2,
        stem=f"「{topic.title}」は、「{topic.chapter}」のどの段階に入りますか。",
        explanation=_stage_explanation(topic),
        subjects=topic.subjects,
        right=_staged(topic, topic.stage or ""),
        wrong=wrong[:WRONG_KEPT],
        about=(topic.title,),
    )


def _staged(topic: Topic, text: str) -> Shown:
    return Shown(text, topic.placed, f"「{topic.title}」は「{topic.stage}」に入ります。")


def _stage_explanation(topic: Topic) -> Shown:
    return Shown(f"「{topic.title}」は「{topic.stage}」に入ります。{topic.hint}", topic.named)
