"""What the report shows, gathered from runs: rows and cells ready for the template, no markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.labels import EVERYTHING, KINDS, LANGUAGES, NOTHING, OUTCOMES, figure, group_label, interval_text, unit
from eval.measures import MEASURES, measure
from eval.models import Grade, Interval, Kind, Measure, Outcome, Question, QuestionScore, Summary
from eval.report import charts
from eval.runs import Run

HEADLINE = ("right", "key_facts", "citation_validity", "citation_recall", "citation_precision", "recall_3000")
HEADLINE_RETRIEVAL = ("recall@1", "recall@10", "MRR@10", "nDCG@10")
BY_KIND = ("right", "key_facts", "citation_recall", "citation_precision", "recall_1500", "recall_3000", "MRR@10")
MAX_PASSAGE = 400
"""Characters of a retrieved passage that the report shows: it is to be recognised, not read."""
SHOWN_PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table: mean and interval as text, how many questions it is over, its value for the background."""

    mean: str
    range: str
    n: int
    shade: float | None


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure over everything, for each system: cells for the table, marks for the picture."""

    measure: Measure
    unit: str
    cells: tuple[Cell, ...]
    marks: tuple[charts.Mark, ...]


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind or language of question: figures, and what became of its questions."""

    label: str
    count: int
    cells: tuple[Cell, ...]
    segments: tuple[charts.Segment, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that an answer should have, or a citation: what it is, and whether it was there."""

    text: str
    good: bool
    remark: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question as the list shows it. Texts are empty in a run without texts."""

    id: str
    kind: str
    kind_code: str
    outcome: str
    outcome_code: str
    question: str
    history: tuple[tuple[str, str], ...]
    answer: str
    reference: str
    facts: tuple[Item, ...]
    gold: tuple[Item, ...]
    citations: tuple[Item, ...]
    passages: tuple[Item, ...]
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything on the report's page."""

    run: Run
    systems: tuple[str, ...]
    headline: tuple[tuple[Measure, str, str, int], ...]
    retrieval: tuple[MeasureRow, ...]
    answers: tuple[MeasureRow, ...]
    kind_measures: tuple[Measure, ...]
    kinds: tuple[KindRow, ...]
    ranks: tuple[charts.Bar, ...]
    questions: tuple[QuestionView, ...]
    kind_filters: tuple[tuple[str, str], ...]
    outcome_filters: tuple[tuple[str, str], ...]


def report_view(run: Run, beside: Sequence[Run] = ()) -> ReportView:
    """Gather what the report of a complete run shows, with the runs beside it in the order given."""
    summary = run.summary
    assert summary is not None, "only a complete run has a report"
    runs = (run, *beside)
    rows = [_measure_row(one, runs) for one in MEASURES]
    rows = [row for row in rows if any(cell.n for cell in row.cells)]
    retrieval_only = not any(row.measure.group == "answer" and row.measure.unit == "share" for row in rows)
    shown = [] if retrieval_only else list(run.scores)
    everything = summary.groups[EVERYTHING]
    asked = {question.id: question for question in run.questions}
    return ReportView(
        run=run,
        systems=tuple(f"{one.info.system}" for one in runs),
        headline=tuple(_headline(everything, HEADLINE_RETRIEVAL if retrieval_only else HEADLINE)),
        retrieval=tuple(row for row in rows if row.measure.group == "retrieval"),
        answers=tuple(row for row in rows if row.measure.group == "answer"),
        kind_measures=tuple(map(measure, BY_KIND)),
        kinds=() if retrieval_only else tuple(_kind_rows(summary)),
        ranks=tuple(charts.rank_bars(run.scores, {question.id: _needed(question) for question in run.questions})),
        questions=tuple(_question(asked.get(score.id), score, run.answers.get(score.id, {})) for score in shown),
        kind_filters=tuple((kind.value, KINDS[kind]) for kind in Kind if any(s.kind is kind for s in shown)),
        outcome_filters=tuple((one.value, OUTCOMES[one]) for one in Outcome if any(s.outcome is one for s in shown)),
    )


def _headline(groups: Mapping[str, Interval], names: Sequence[str]) -> list[tuple[Measure, str, str, int]]:
    return [
        (measure(name), figure(found.mean, measure(name)), _range(found, measure(name)), found.n)
        for name in names
        if (found := groups.get(name)) is not None and found.mean is not None
    ]


def _range(interval: Interval, shown: Measure) -> str:
    return f"{figure(interval.low, shown)}–{figure(interval.high, shown)}"


def _measure_row(row: Measure, runs: Sequence[Run]) -> MeasureRow:
    intervals = [one.summary.groups[EVERYTHING].get(row.name) if one.summary else None for one in runs]
    largest = charts.largest_of(intervals, row)
    labels = [interval_text(one, row) if one else NOTHING for one in intervals]
    cells = tuple(_cell(one, row) for one in intervals)
    return MeasureRow(row, unit(row), cells, tuple(charts.marks(intervals, labels, largest)))


def _cell(interval: Interval | None, shown: Measure) -> Cell:
    if interval is None or interval.mean is None:
        return Cell(NOTHING, "", 0, None)
    shade = interval.mean if shown.unit == "share" else None
    return Cell(figure(interval.mean, shown), _range(interval, shown), interval.n, shade)


def _kind_rows(summary: Summary) -> list[KindRow]:
    order = [EVERYTHING, *(kind.value for kind in Kind), *LANGUAGES]
    return [
        KindRow(
            group_label(name),
            sum(summary.outcomes.get(name, {}).values()),
            tuple(_cell(summary.groups[name].get(shown), measure(shown)) for shown in BY_KIND),
            tuple(charts.segments(summary.outcomes.get(name, {}))),
        )
        for name in order
        if name in summary.groups
    ]


def _needed(question: Question) -> list[bool]:
    return [gold.grade is Grade.NEEDED for gold in question.gold]


def _question(question: Question | None, score: QuestionScore, row: Mapping[str, Any]) -> QuestionView:
    citations, passages = row.get("citations") or (), row.get("passages") or ()
    return QuestionView(
        id=score.id,
        kind=KINDS[score.kind],
        kind_code=score.kind.value,
        outcome=OUTCOMES[score.outcome],
        outcome_code=score.outcome.value,
        question=question.question if question else "",
        history=question.history if question else (),
        answer=str(row.get("answer") or row.get("error") or "").replace("**", ""),
        reference=question.reference_answer if question else "",
        facts=tuple(_facts(question, score)),
        gold=tuple(_gold(question, score)),
        citations=tuple(_citation(one, score) for one in citations),
        passages=tuple(_passage(one) for one in passages[:SHOWN_PASSAGES]),
        figures=tuple(
            (one.label, figure(value, one) + unit(one))
            for one in MEASURES
            if (value := score.scores.get(one.name)) is not None
        ),
    )


def _facts(question: Question | None, score: QuestionScore) -> list[Item]:
    groups = question.key_facts if question else ()
    return [
        Item(" / ".join(group), found, "あり" if found else "なし")
        for group, found in zip(groups, score.facts_found, strict=False)
    ]


def _gold(question: Question | None, score: QuestionScore) -> list[Item]:
    items = []
    flags = zip(question.gold if question else (), score.gold_indexed, score.gold_ranks, score.gold_cited, strict=False)
    for gold, indexed, rank, cited in flags:
        if indexed:
            grade = "必要" if gold.grade is Grade.NEEDED else "関連"
            found = f"検索{rank}位" if rank else "検索で見つからず"
            text = " ＝ ".join(f"{one.doc_id}「{one.section}」…{one.phrase}…" for one in gold.targets)
            remark = f"{grade}・{found}・{'引用あり' if cited else '引用なし'}"
            items.append(Item(text, cited or gold.grade is Grade.RELEVANT, remark))
    return items


def _citation(citation: Mapping[str, Any], score: QuestionScore) -> Item:
    good = citation.get("marker") not in score.invalid_citations
    where = "、".join(filter(None, (str(citation.get("doc_id")), citation.get("section"), _pages(citation))))
    quote = citation.get("quote")
    text = f"[{citation.get('marker')}] {where}" + (f"「{quote}」" if quote else "")
    return Item(text, good, "確認できた" if good else "その場所にない")


def _passage(passage: Mapping[str, Any]) -> Item:
    where = "、".join(filter(None, (str(passage.get("doc_id")), passage.get("section"), _pages(passage))))
    text = str(passage.get("text") or "")
    return Item(text[:MAX_PASSAGE] + ("…" if len(text) > MAX_PASSAGE else ""), True, f"{passage.get('rank')}位 {where}")


def _pages(place: Mapping[str, Any]) -> str:
    if place.get("page_label"):
        return f"{place['page_label']}ページ"
    return f"{place['start_page']}ページ" if place.get("start_page") else ""
