"""The list of measures: its names, and what happens to a name that is not there."""

from __future__ import annotations

import pytest

from eval.errors import EvaluationError
from eval.measures import MEASURES, measure
from eval.models import Better

RETRIEVAL = "recall@1 recall@5 recall@10 recall@20 nDCG@10 MRR@10 recall_1500 recall_3000 facts_1500 facts_3000"
ANSWER = (
    "right key_facts key_facts_600 citation_validity citation_recall citation_precision supported correct_refusals "
    "false_refusals false_answers chrF length time_ms"
)


def test_the_names_are_stable() -> None:
    """This test ensures that every measure that files and options name is there, once, in its group."""
    assert [one.name for one in MEASURES if one.group == "retrieval"] == RETRIEVAL.split()
    assert [one.name for one in MEASURES if one.group == "answer"] == ANSWER.split()


def test_which_way_a_measure_improves() -> None:
    """This test ensures that wrong refusals, wrong answers and time count as better when lower, length as neither."""
    by_direction = {one.name for one in MEASURES if one.better is Better.LOWER}
    assert by_direction == {"false_refusals", "false_answers", "time_ms"}
    assert {one.name for one in MEASURES if one.better is Better.NEITHER} == {"length"}
    assert {one.name: one.unit for one in MEASURES if one.unit != "share"} == {"length": "characters", "time_ms": "ms"}


def test_every_measure_explains_itself() -> None:
    """This test ensures that the evaluator reads one short Japanese sentence about each measure."""
    assert all(one.explanation.count("。") == 1 and len(one.explanation) <= 60 for one in MEASURES)


def test_a_measure_is_found_by_its_name() -> None:
    """This test ensures that a name gives its measure, and that an unknown one is an error that lists the known."""
    assert measure("key_facts") is next(one for one in MEASURES if one.name == "key_facts")
    with pytest.raises(EvaluationError, match=r"「keyfacts」.*recall@1.*time_ms"):
        measure("keyfacts")
