"""The tables behind the weights, by hand and on a few paragraphs."""

from __future__ import annotations

import numpy as np
import pytest

from eval.beir import BeirSet, Paragraph
from eval.prepared import Means, Prepared, adapted, prepare, rank
from eval.tune_fusion import articles, hybrid_lines, is_held_back, lexical_lines
from index.encoder import EncoderError
from index.tokenize import Tokenizer
from tests.fakes import FakeEncoder

DATA = BeirSet(
    (Paragraph("p1", "お茶", "緑茶は八十度の湯で淹れます。"), Paragraph("p2", "パン", "生地を発酵させます。")),
    {"q1": "緑茶は何度の湯で淹れますか", "q2": "生地はどうしますか", "q3": "答えのない質問"},
    {"q1": frozenset({"p1"}), "q2": frozenset({"p2"})},
)


@pytest.fixture
def prepared() -> Prepared:
    """All of the data."""
    return prepare(DATA, Tokenizer())


def test_about_a_tenth_is_held_back() -> None:
    """This test ensures that the split is the same on every machine and takes about one title in ten."""
    assert [number for number in range(60) if is_held_back(f"title {number}")] == [6, 13, 22, 25, 42, 43, 49, 51]


def test_the_parts_make_the_whole() -> None:
    """This test ensures that each title is held back in one part and no other."""
    titles = [f"title {number}" for number in range(50)]
    assert [sum(is_held_back(title, 5, part) for part in range(5)) for title in titles] == [1] * 50


def test_only_wanted_articles_are_used() -> None:
    """This test ensures that articles of the training part, and questions about them, stay out."""
    data = articles(DATA, lambda title: title == "パン")
    assert [one.paragraph_id for one in data.paragraphs] == ["p2"]
    assert (list(data.questions), data.relevant) == (["q2"], {"q2": frozenset({"p2"})})


def test_figures_by_hand(prepared: Prepared) -> None:
    """This test ensures that ranks, ties included, give the figures of first and second place."""
    scores = [np.array([2, 1], dtype=np.float32), np.array([1, 1], dtype=np.float32)]
    assert prepared.figures(scores).startswith("R@1 50.00  R@10 100.00  MRR@10 75.00")


def test_overlap(prepared: Prepared) -> None:
    """This test ensures that a question in its paragraph's own words has overlap 1, and one with other words less."""
    overlaps = prepared.overlaps()
    assert overlaps[1] == pytest.approx(1.0)
    assert 0 < overlaps[0] <= 1.0


def test_every_setting_has_a_line(prepared: Prepared) -> None:
    """This test ensures that the tables are complete and that the shipped setting finds both paragraphs."""
    lexical = dict(lexical_lines(prepared))
    assert lexical["as shipped"].startswith("R@1 100.00")
    assert len(lexical) == 1 + 4 + 4 * 6 + 5 * 4
    assert len(dict(hybrid_lines(prepared, FakeEncoder()))) == 3 + 4 * 6 + 5 * 3


def test_questions_without_a_paragraph_are_counted(prepared: Prepared) -> None:
    """This test ensures that a question that nothing is known to answer is left out and said to be."""
    assert (len(prepared.questions), prepared.unjudged) == (2, 1)


def test_the_best_of_several_paragraphs_counts() -> None:
    """This test ensures that a question with two right paragraphs has the rank of the better one."""
    assert rank(np.array([3, 1, 2], dtype=np.float32), np.array([1, 2])) == 2


def test_means_by_hand() -> None:
    """This test ensures that a place beyond the tenth counts as zero."""
    assert Means.of(np.array([1, 2, 11, 4])) == Means(25.0, 75.0, 43.75)


def test_another_kind_of_encoder_is_not_adapted() -> None:
    """This test ensures that asking for the impossible is one line that says what to do."""
    with pytest.raises(EncoderError, match=r"fake.*調整できません.*ください"):
        adapted(FakeEncoder(), ["一", "二"])
