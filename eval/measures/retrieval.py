"""Retrieval measures: what the search found, whatever was answered.

Gold items are the unit of relevance, not chunks, so that systems that cut the documents differently can be compared.
Which items a passage holds is `eval.sources`' affair; the arithmetic is `ir_measures`'. Only items that count (one of
their documents is indexed) take part, and a question without a needed one among them is left out.

The run that `ir_measures` is given: passage by passage, each item that it holds for the first time takes a place,
needed before relevant, and a passage that holds nothing new takes one place under an id of its own. In the qrels a
needed item has relevance 2, a relevant one 1. A relevant item ahead of the first needed one thus costs MRR a place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eval.models import Gold, Grade, Question
from eval.sources import Sources

DEPTHS = (1, 5, 10, 20)
LENGTHS = (1_500, 3_000)
"""Characters of passage text; headings are not counted."""
RELEVANCE = {Grade.NEEDED: 2, Grade.RELEVANT: 1}
_RECALL = "SetR(rel=2)"

Held = Sequence[Sequence[int]]
"""The numbers of the gold items that each passage holds, in rank order."""
Run = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Retrieved:
    """What was retrieved for one question; `texts` are the passages' in rank order, `counted` has one entry an item."""

    question: Question
    passages: tuple[Mapping[str, Any], ...]
    counted: tuple[bool, ...]
    sources: Sources

    @property
    def texts(self) -> list[str]:
        """The passages' texts, best first."""
        return [str(passage.get("text") or "") for passage in self.passages]

    @cached_property
    def held(self) -> list[list[int]]:
        """The items in each passage."""
        return [self._held(passage, text) for passage, text in zip(self.passages, self.texts, strict=True)]

    @property
    def has_needed(self) -> bool:
        """Whether the question takes part in the retrieval measures."""
        return any(self.grades[number] is Grade.NEEDED for number in self.items)

    @property
    def items(self) -> list[int]:
        """The numbers of the items that count."""
        return [number for number, counts in enumerate(self.counted) if counts]

    @property
    def grades(self) -> list[Grade]:
        """The grade of each item."""
        return [gold.grade for gold in self.question.gold]

    @property
    def ranks(self) -> tuple[int | None, ...]:
        """For each item the rank, from 1, of the first passage that holds it."""
        return tuple(
            next((rank for rank, held in enumerate(self.held, start=1) if number in held), None)
            for number in range(len(self.question.gold))
        )

    def held_within(self, length: int) -> list[list[int]]:
        """Return the items in the first `length` characters; a passage that these end in is looked at anew."""
        cut = list(cut_texts(self.texts, length))
        return [
            self.held[at] if len(text) == len(self.texts[at]) else self._held(self.passages[at], text)
            for at, text in enumerate(cut)
        ]

    def _held(self, passage: Mapping[str, Any], text: str) -> list[int]:
        gold, doc_id = self.question.gold, passage.get("doc_id")
        # Normalising a text is what costs here: not where no item can stand in this document anyway.
        if not any(target.doc_id == doc_id for item in gold for target in item.targets):
            return []
        return [number for number in self.sources.gold_in_passage(passage, text, gold) if self.counted[number]]


def retrieved(question: Question, row: Mapping[str, Any] | None, sources: Sources) -> Retrieved:
    """Return what an answer's passages hold; without a result they hold nothing.

    Passages are put in the order of `rank` where each has one, else they stay as they are.
    """
    passages = list((row or {}).get("passages") or ())
    if all(isinstance(passage.get("rank"), int) for passage in passages):
        passages.sort(key=lambda passage: int(passage["rank"]))
    counted = tuple(map(sources.counts, question.gold))
    return Retrieved(question, tuple(passages), counted, sources)


def cut_texts(texts: Sequence[str], length: int) -> Iterator[str]:
    """Yield the texts until they hold `length` characters in all, the last one cut."""
    for text in texts:
        if length <= 0:
            return
        yield text[:length]
        length -= len(text)


def retrieval_scores(looked: Sequence[Retrieved]) -> list[dict[str, float]]:
    """Return for each question its recall@k, nDCG@10, MRR@10 and recall_N, each 0 to 1; nothing where it has no gold.

    recall@k is `ir_measures`' SetR(rel=2) over the run of the first k passages, recall_N the same over the first N
    characters; nDCG@10 and MRR@10 (RR(rel=2)@10) are over the places of the whole run.
    """
    asked = {str(number): one for number, one in enumerate(looked) if one.has_needed}
    scores: list[dict[str, float]] = [{} for _ in looked]
    if not asked:
        return scores
    qrels = {name: qrels_of(one) for name, one in asked.items()}
    for name, (formula, run) in _runs(asked).items():
        for question, value in _calculated(formula, qrels, run).items():
            scores[int(question)][name] = value
    return scores


def qrels_of(one: Retrieved) -> dict[str, int]:
    """Return the relevance of each item that counts, by its id in the run."""
    return {_item(number): RELEVANCE[one.grades[number]] for number in one.items}


def run_of(held: Held, gold: Sequence[Gold]) -> dict[str, float]:
    """Return the places of a run, best first, as scores that fall by one from place to place."""
    places: dict[str, None] = {}
    for rank, numbers in enumerate(held, start=1):
        by_grade = sorted(numbers, key=lambda number: -RELEVANCE[gold[number].grade])
        new = [name for number in by_grade if (name := _item(number)) not in places]
        places.update(dict.fromkeys(new or [f"passage {rank}"]))
    return {name: float(len(places) - place) for place, name in enumerate(places)}


def _runs(asked: Mapping[str, Retrieved]) -> dict[str, tuple[str, Run]]:
    """Return for each measure its name in `ir_measures` and the run that it is worked out on."""
    held = {name: one.held for name, one in asked.items()}
    runs = {"nDCG@10": ("nDCG@10", _run(asked, held)), "MRR@10": ("RR(rel=2)@10", _run(asked, held))}
    for depth in DEPTHS:
        runs[f"recall@{depth}"] = (_RECALL, _run(asked, {name: found[:depth] for name, found in held.items()}))
    for length in LENGTHS:
        within = {name: one.held_within(length) for name, one in asked.items()}
        runs[f"recall_{length}"] = (_RECALL, _run(asked, within))
    return runs


def _run(asked: Mapping[str, Retrieved], held: Mapping[str, Held]) -> Run:
    return {name: run_of(held[name], one.question.gold) for name, one in asked.items()}


def _calculated(formula: str, qrels: Mapping[str, Mapping[str, int]], run: Run) -> dict[str, float]:
    """Return a measure's value by question; one that the run says nothing about has 0."""
    import ir_measures

    found = ir_measures.iter_calc([ir_measures.parse_measure(formula)], qrels, run)
    return {metric.query_id: float(metric.value) for metric in found}


def _item(number: int) -> str:
    return f"gold {number}"
