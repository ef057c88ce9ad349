"""Tests of whether a set fits its documents: what is not found, and the share of common bigrams, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corpus.models import BlockKind, Chunk
from eval.check_set import OWN_WORDS, Finding, Overlap, bigram_share, bigrams, findings, overlaps
from eval.models import Gold, Grade, Kind, Question, QuestionSet, Target
from eval.sources import Sources
from tests.eval.fake_systems import OTHER

TEXT = "貸出台帳に記録する。返却は5日。"
SOURCES = Sources(
    [
        Chunk("c1", "guide", ("貸し出し",), TEXT, BlockKind.PARAGRAPH),
        Chunk("c2", "guide", ("廃棄",), "記録を消去。", BlockKind.PARAGRAPH),
    ]
)
NEEDED = Gold(Grade.NEEDED, (Target("guide", "貸し出し", "台帳に記録"),))
ERASURE = Gold(Grade.NEEDED, (Target("guide", "廃棄", "消去"),))


def question(text: str, *gold: Gold, **changes: Any) -> Question:  # noqa: ANN401
    """A paraphrase with this gold, changed."""
    made = Question("q", text, "ja", Kind.PARAPHRASE, (), True, "", (), gold or (NEEDED,), "")
    return replace(made, **changes)


def question_set(*questions: Question) -> QuestionSet:
    """A set of these questions."""
    return QuestionSet("small", "", questions)


def test_bigrams_are_pairs_of_letters_and_digits() -> None:
    """This test ensures that pairs are distinct, after the search's normalisation, and reach over no punctuation."""
    assert bigrams("台帳台帳") == {"台帳", "帳台"}
    assert bigrams("ａｂ、5日") == {"ab", "5日"}
    assert bigrams("台 帳") == {"台帳"}
    assert bigrams("字、字_字") == bigrams("") == set()


SHARES = {
    # 台帳, 帳に, に書, 書く: the first two of four stand in the passage.
    "half of it": (question("台帳に書く"), 1 / 2),
    "all of it": (question("貸出台帳"), 1.0),
    "none of it": (question("借り物"), 0.0),
    # 記録 is counted once; 録記 does not stand there.
    "a pair that comes twice": (question("記録記録"), 1 / 2),
    "over punctuation": (question("返却、は5日"), 1.0),
    "other widths": (question("返却は５日"), 1.0),
    # 消去 stands in the second passage only: two of two, then one of two.
    "two needed passages": (question("記録、消去", NEEDED, ERASURE), 1.0),
    "the other is only relevant": (question("記録、消去", NEEDED, replace(ERASURE, grade=Grade.RELEVANT)), 1 / 2),
}


@pytest.mark.parametrize(("asked", "share"), SHARES.values(), ids=SHARES.keys())
def test_the_share_by_hand(asked: Question, share: float) -> None:
    """This test ensures that the share is that of the question's distinct bigrams in the passages that it needs."""
    assert bigram_share(asked, SOURCES) == pytest.approx(share)


@pytest.mark.parametrize(
    "asked",
    [
        question("台帳", replace(NEEDED, grade=Grade.RELEVANT)),
        question("台帳", gold=()),
        question("台帳", Gold(Grade.NEEDED, (Target("elsewhere", "", "台帳"),))),
        question("台帳", Gold(Grade.NEEDED, (Target("guide", "", "ありません"),))),
        question("字？"),
    ],
    ids=["nothing needed", "no gold", "not indexed", "not found", "no bigram"],
)
def test_no_share_where_nothing_can_be_compared(asked: Question) -> None:
    """This test ensures that a question without a bigram or a needed passage has no share, rather than 0."""
    assert bigram_share(asked, SOURCES) is None


def test_overlaps_are_over_japanese_questions_of_a_kind() -> None:
    """This test ensures that each kind has its own shares, without English questions and those with none."""
    questions = question_set(
        question("台帳に書く"),
        question("貸出台帳"),
        question("借り物"),
        question("What is 台帳", language="en"),
        question("字？"),
        question("貸出台帳", kind=Kind.SCENARIO),
        question("貸出台帳", kind=Kind.FACT),
        OTHER,
    )
    paraphrase, scenario = overlaps(questions, SOURCES, (Kind.PARAPHRASE, Kind.SCENARIO))
    assert (paraphrase.kind, scenario.kind) == (Kind.PARAPHRASE, Kind.SCENARIO)
    assert paraphrase.shares == pytest.approx((0.5, 1.0, 0.0))
    assert scenario.shares == (1.0,)
    assert paraphrase.median == pytest.approx(0.5)
    assert [one.kind for one in overlaps(questions, SOURCES)] == list(OWN_WORDS)
    assert set(OWN_WORDS) == {Kind.SCENARIO, Kind.PARAPHRASE}


def test_the_median() -> None:
    """This test ensures that the middle two are averaged, and that no question has no median."""
    assert Overlap(Kind.FACT, (0.1, 0.9, 0.2, 0.3)).median == pytest.approx(0.25)
    assert Overlap(Kind.FACT, ()).median is None


def test_a_target_that_is_not_found_is_named() -> None:
    """This test ensures that question, field and phrase are said for each target that an indexed document lacks."""
    mixed = Gold(
        Grade.RELEVANT,
        (Target("elsewhere", "", "台帳"), Target("guide", "廃棄", "台帳に記録"), Target("guide", "", "記録")),
    )
    missing = Gold(Grade.NEEDED, (Target("guide", "貸出", ""),))
    found = findings(question_set(question("一", NEEDED, mixed), question("二", missing, id="q2"), OTHER), SOURCES)
    assert found == [
        Finding("q", "gold[1].targets[1].phrase", "「台帳に記録」が見つかりません"),
        Finding("q2", "gold[0].targets[0].phrase", "「」が見つかりません"),
    ]


def test_nothing_is_found_wrong_with_what_fits() -> None:
    """This test ensures that a set whose targets all stand in the documents has no findings."""
    assert findings(question_set(question("一", NEEDED, ERASURE), OTHER), SOURCES) == []
