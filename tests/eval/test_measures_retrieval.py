"""Retrieval measures against figures worked out by hand, and against ir_measures called plainly."""

from __future__ import annotations

from math import log2
from typing import Any

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Chunk
from eval.measures.retrieval import Retrieved, cut_texts, retrieval_scores, retrieved, run_of
from eval.models import Gold, Grade, Question, Target
from tests.eval.samples import (
    CHUNKS,
    CONTACT,
    DISPOSAL,
    ELSEWHERE,
    ERASURE,
    LENDING,
    OFFICE,
    QUESTION,
    RECORD,
    SOURCES,
    VISITORS,
    passage,
    passages,
    question,
)


def looked(rows: list[dict[str, Any]], asked: Question = QUESTION) -> Retrieved:
    """What these passages hold."""
    return retrieved(asked, {"passages": rows}, SOURCES)


def scores(rows: list[dict[str, Any]], asked: Question = QUESTION) -> dict[str, float]:
    """The measures of one question alone."""
    return retrieval_scores([looked(rows, asked)])[0]


def test_figures_worked_out_by_hand() -> None:
    """This test ensures that recall, nDCG and MRR are those of the places that the gold items take.

    Two needed items count (the third's document is not indexed) and one relevant. The passages hold: nothing, the
    relevant item, the first needed one; the second is not found.
    """
    found = scores(passages(VISITORS, DISPOSAL, LENDING))
    # Recall: of two needed items none in one passage, one in three.
    assert found["recall@1"] == 0
    assert found["recall@5"] == found["recall@10"] == found["recall@20"] == 0.5
    # The first needed item is in the third place.
    assert found["MRR@10"] == pytest.approx(1 / 3)
    # Gain 1 in place 2, gain 2 in place 3; ideal: 2, 2, 1.
    ideal = 2 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert found["nDCG@10"] == pytest.approx((1 / log2(3) + 2 / log2(4)) / ideal)


def test_a_passage_that_holds_two_items_gives_each_a_place() -> None:
    """This test ensures that a needed item goes ahead of a relevant one of the same passage, and comes only once."""
    both = passage(LENDING, section="", text=DISPOSAL.text + LENDING.text)
    found = scores([both, both, passage(CONTACT)])
    # Places: needed, relevant (passage 1); a place for passage 2, which has nothing new; needed (passage 3).
    dcg = 2 / log2(2) + 1 / log2(3) + 2 / log2(5)
    assert found["nDCG@10"] == pytest.approx(dcg / (2 / log2(2) + 2 / log2(3) + 1 / log2(4)))
    assert found["MRR@10"] == 1
    assert (found["recall@1"], found["recall@5"]) == (0.5, 1)


def test_nothing_counts_beyond_place_ten() -> None:
    """This test ensures that nDCG and MRR end at place 10 while recall@20 goes on."""
    found = scores([passage(VISITORS)] * 10 + [passage(LENDING)])
    assert (found["nDCG@10"], found["MRR@10"], found["recall@10"], found["recall@20"]) == (0, 0, 0, 0.5)


def test_text_beyond_the_cut_does_not_count() -> None:
    """This test ensures that an item counts up to the character where its phrase ends, and not when cut in it."""
    asked = question(gold=(RECORD,))
    phrase = "台帳に記録"
    whole = passage(LENDING, text="あ" * (1_500 - len(phrase)) + phrase)
    cut = passage(LENDING, text="あ" * (1_501 - len(phrase)) + phrase)
    assert scores([whole], asked)["recall_1500"] == 1
    assert (scores([cut], asked)["recall_1500"], scores([cut], asked)["recall_3000"]) == (0, 1)
    # The same across passages: 1,490 characters before, 10 are left of the next.
    late = passage(LENDING, text="機器は必ず" + phrase)
    before = passage(VISITORS, text="い" * 1_490)
    assert scores([before, late], asked)["recall_1500"] == 1
    assert scores([passage(VISITORS, text="い" * 1_491), late], asked)["recall_1500"] == 0


def test_a_question_without_needed_gold_is_left_out() -> None:
    """This test ensures that no figure is given where nothing needed is indexed, and that others keep their places."""
    one, two, three = retrieval_scores(
        [
            looked(passages(LENDING), question(gold=(ERASURE, ELSEWHERE))),
            looked(passages(LENDING), question(gold=(RECORD,))),
            looked(passages(LENDING), question(gold=())),
        ]
    )
    assert one == three == {}
    assert two["recall@1"] == 1
    assert retrieval_scores([]) == []


def test_an_item_that_does_not_count_takes_no_place() -> None:
    """This test ensures that a passage of a document that is not indexed finds nothing, whatever it claims to hold."""
    one = looked([passage(LENDING, doc_id="not-indexed")])
    assert (one.counted, one.ranks) == ((True, True, True, False), (None,) * 4)


def test_no_passages_count_as_nothing_found() -> None:
    """This test ensures that a question without a result, or with no passage, has zero in every measure."""
    lost, empty = retrieval_scores([retrieved(QUESTION, None, SOURCES), looked([])])
    assert set(lost.values()) == set(empty.values()) == {0.0}
    assert len(lost) == 8


def test_passages_are_taken_by_their_rank() -> None:
    """This test ensures that ranks decide where all are given, else the order of the list."""
    rows = [passage(VISITORS, rank=2), passage(LENDING, rank=1)]
    assert looked(rows).ranks == (1, None, None, None)
    assert looked([passage(VISITORS), passage(LENDING, rank=1)]).ranks == (2, None, None, None)


def test_a_passage_of_another_system_needs_no_section() -> None:
    """This test ensures that a target's section is not asked of a passage that names none, but is of one that does."""
    assert looked([passage(LENDING, section="")]).ranks[0] == 1
    assert looked([passage(LENDING, section="相談先")]).ranks[0] is None
    assert looked([passage(LENDING, doc_id="manual")]).ranks[0] is None


def test_a_whole_paragraph_may_be_gold() -> None:
    """This test ensures that a target without section and phrase, as for BEIR folders, is found by its document."""
    asked = question(gold=(Gold(Grade.NEEDED, (Target("manual", "", ""),)),))
    assert scores(passages(LENDING, VISITORS), asked)["MRR@10"] == 0.5


def test_texts_are_cut_by_characters() -> None:
    """This test ensures that the cut counts characters over all texts and drops what lies behind it."""
    assert list(cut_texts(["abc", "def", "ghi"], 5)) == ["abc", "de"]
    assert list(cut_texts(["abc", "def"], 3)) == ["abc"]


def test_the_run_agrees_with_ir_measures_called_plainly() -> None:
    """This test ensures that a small run scores as it does when ir_measures reads it in the TREC manner."""
    asked = question(gold=(RECORD, OFFICE, ERASURE))
    rows = [passages(VISITORS, DISPOSAL, LENDING), passages(CONTACT, LENDING, DISPOSAL), passages(VISITORS)]
    ours = retrieval_scores([looked(row, asked) for row in rows])
    qrels = [
        ir_measures.Qrel(str(number), name, grade)
        for number in range(3)
        for name, grade in (("record", 2), ("office", 2), ("erasure", 1))
    ]
    ranked = [["-", "erasure", "record"], ["office", "record", "erasure"], ["-"]]
    run = [
        ir_measures.ScoredDoc(str(number), name, 100 - place)
        for number, names in enumerate(ranked)
        for place, name in enumerate(names)
    ]
    names = {"nDCG@10": "nDCG@10", "RR(rel=2)@10": "MRR@10", "R(rel=2)@1": "recall@1", "R(rel=2)@5": "recall@5"}
    plain = ir_measures.iter_calc([ir_measures.parse_measure(name) for name in names], qrels, run)
    compared = [(metric.value, ours[int(metric.query_id)][names[str(metric.measure)]]) for metric in plain]
    assert len(compared) == 12
    assert [one for one, _ in compared] == pytest.approx([one for _, one in compared])


@given(st.lists(st.sampled_from(CHUNKS), max_size=12))
def test_figures_stay_between_nothing_and_all(chunks: list[Chunk]) -> None:
    """This test ensures that every figure is a share, and that recall grows with the depth."""
    found = scores(passages(*chunks))
    assert all(0 <= value <= 1 for value in found.values())
    assert found["recall@1"] <= found["recall@5"] <= found["recall@10"] <= found["recall@20"]
    assert found["recall_1500"] <= found["recall_3000"] <= found["recall@20"]


@given(st.lists(st.lists(st.integers(0, 2), max_size=3), max_size=8))
def test_the_scores_of_a_run_fall_from_place_to_place(held: list[list[int]]) -> None:
    """This test ensures that no two places have the same score, so that ir_measures keeps our order."""
    places = list(run_of(held, (RECORD, OFFICE, ERASURE)).values())
    assert places == sorted(set(places), reverse=True)
