"""Scores: every measure for every question, and their means with intervals. Asks nothing, writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eval.labels import EVERYTHING
from eval.measures import MEASURES
from eval.measures import answers as of_answers
from eval.measures.answers import Result, Scores
from eval.measures.facts import facts_found, share_found
from eval.measures.retrieval import LENGTHS, Retrieved, cut_texts, retrieval_scores, retrieved
from eval.measures.support import SupportJudge
from eval.models import Grade, Outcome, Question, QuestionScore, Summary
from eval.sources import Sources
from eval.statistics import interval


def score_all(
    questions: Sequence[Question],
    answers: Mapping[str, Mapping[str, Any]],
    sources: Sources,
    retrieval_only: bool = False,
) -> list[QuestionScore]:
    """Return the scores of every question, in order; a question without a result counts as the worst value.

    `answers` has objects of the terminal contract by question id. With `retrieval_only` (no answer was composed) the
    answer measures are None but for the time, and the outcome says whether a needed passage came first.
    """
    results = [of_answers.result_of(answers.get(question.id)) for question in questions]
    looked = [retrieved(question, result, sources) for question, result in zip(questions, results, strict=True)]
    judge = SupportJudge(sources)
    return [
        _score_retrieval(one, result, found) if retrieval_only else _score(one, result, found, judge)
        for one, result, found in zip(looked, results, retrieval_scores(looked), strict=True)
    ]


def summarise(scores: Sequence[QuestionScore]) -> Summary:
    """Return mean and interval of every measure, and the outcomes, over all questions and by kind and language."""
    groups: dict[str, list[QuestionScore]] = {EVERYTHING: list(scores)}
    for score in scores:
        for name in (score.kind.value, score.language):
            groups.setdefault(name, []).append(score)
    return Summary(
        {
            name: {measure.name: interval(_values(group, measure.name)) for measure in MEASURES}
            for name, group in groups.items()
        },
        {name: _outcomes(group) for name, group in groups.items()},
    )


def _values(scores: Iterable[QuestionScore], measure: str) -> list[float]:
    return [value for score in scores if (value := score.scores.get(measure)) is not None]


def _outcomes(scores: Iterable[QuestionScore]) -> dict[Outcome, int]:
    counts = Counter(score.outcome for score in scores)
    return {outcome: counts[outcome] for outcome in Outcome if counts[outcome]}


def _score(one: Retrieved, result: Result | None, found: Mapping[str, float], judge: SupportJudge) -> QuestionScore:
    question, counted = one.question, one.counted
    stated = of_answers.stated_facts(question, result)
    citations = of_answers.judge_citations(question, result, judge.sources, counted)
    scores: Scores = {
        **found,
        **_facts_retrieved(one),
        **of_answers.text_scores(question, result, stated),
        **of_answers.refusal_scores(question, result),
        **of_answers.citation_scores(question, result, citations, counted),
        "supported": of_answers.supported_score(result, citations, judge),
        "time_ms": of_answers.time_ms(result),
    }
    return QuestionScore(
        id=question.id,
        kind=question.kind,
        language=question.language,
        answerable=question.answerable,
        outcome=of_answers.outcome(question, result, stated),
        scores=_in_order(scores),
        facts_found=stated,
        gold_indexed=counted,
        gold_ranks=one.ranks,
        gold_cited=tuple(number in citations.items for number in range(len(counted))),
        invalid_citations=citations.invalid_markers,
    )


def _score_retrieval(one: Retrieved, result: Result | None, found: Mapping[str, float]) -> QuestionScore:
    question = one.question
    first = one.held[0] if one.held else []
    right = any(one.grades[number] is Grade.NEEDED for number in first)
    scored = Outcome.RIGHT if right else Outcome.INCOMPLETE
    return QuestionScore(
        id=question.id,
        kind=question.kind,
        language=question.language,
        answerable=question.answerable,
        outcome=Outcome.NO_RESULT if result is None else scored,
        scores=_in_order({**found, **_facts_retrieved(one), "time_ms": of_answers.time_ms(result)}),
        gold_indexed=one.counted,
        gold_ranks=one.ranks,
        gold_cited=(False,) * len(one.counted),
    )


def _facts_retrieved(one: Retrieved) -> Scores:
    """Return facts_1500 and facts_3000: the share of key facts in the first characters of what was retrieved."""
    facts = one.question.key_facts
    return {f"facts_{n}": share_found(facts_found(facts, list(cut_texts(one.texts, n)))) for n in LENGTHS}


def _in_order(scores: Mapping[str, float | None]) -> Scores:
    """Return the scores in the order of `MEASURES`, None for a measure that does not apply."""
    return {measure.name: scores.get(measure.name) for measure in MEASURES}
