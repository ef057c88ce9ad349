"""BM25 against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from index.lexical import FILES, LexicalIndex, inverse_document_frequency

TEXTS = [
    {"words": ["技術", "流出", "技術"], "bigrams": ["技術"]},
    {"words": ["流出"], "bigrams": []},
    {"words": ["契約", "書"], "bigrams": ["契約"]},
]


def by_hand(frequency: int, length: int, containing: int, *, k1: float, b: float) -> float:
    """BM25 of one term in one of the three texts, whose mean length is 2."""
    idf = math.log(1 + (3 - containing + 0.5) / (containing + 0.5))
    return idf * frequency / (frequency + k1 * (1 - b + b * length / 2))


@pytest.mark.parametrize(("k1", "b"), [(0.4, 0.75), (1.2, 0.0), (0.9, 1.0)])
def test_scores_by_hand(k1: float, b: float) -> None:
    """This test ensures that a score is the sum of the terms' shares, worked out by hand."""
    scores = LexicalIndex.build(TEXTS, k1=k1, b=b).score({"words": {"技術": 1.0, "流出": 2.0}})["words"]
    first = by_hand(2, 3, 1, k1=k1, b=b) + 2 * by_hand(1, 3, 2, k1=k1, b=b)
    second = 2 * by_hand(1, 1, 2, k1=k1, b=b)
    assert scores == pytest.approx([first, second, 0.0], rel=1e-6)
    assert scores.dtype == np.float32


def test_one_number_written_out() -> None:
    """This test ensures that the formula itself is right: idf ln(8/3), tf 2, length 3 of 2, k1 0.4, b 0.75."""
    scores = LexicalIndex.build(TEXTS).score({"words": {"技術": 1.0}})["words"]
    assert float(scores[0]) == pytest.approx(0.980829 * 2 / (2 + 0.4 * 1.375), rel=1e-5)


def test_fields_stay_apart() -> None:
    """This test ensures that a token counts only in the field it is asked for."""
    index = LexicalIndex.build(TEXTS)
    scores = index.score({"words": {"契約": 1.0}, "bigrams": {"契約": 1.0, "書": 1.0}})
    assert scores.keys() == {"words", "bigrams"}
    assert scores["words"].argmax() == scores["bigrams"].argmax() == 2
    assert index.contains("words", "書")
    assert not index.contains("bigrams", "書")


def test_unknown_tokens_and_fields_score_nothing() -> None:
    """This test ensures that what the index does not know gives zeros, not an error."""
    scores = LexicalIndex.build(TEXTS).score({"words": {"未知": 1.0}, "nosuchfield": {"技術": 1.0}})
    assert scores["words"].tolist() == scores["nosuchfield"].tolist() == [0.0, 0.0, 0.0]


def test_idf_and_document_frequency() -> None:
    """This test ensures that a rarer token tells more, and one that is nowhere most."""
    index = LexicalIndex.build(TEXTS)
    assert index.document_frequency("words", "流出") == 2
    assert index.chunks_with("words", "流出").tolist() == [0, 1]
    assert index.idf("words", "流出") == pytest.approx(math.log(1 + 1.5 / 2.5))
    assert index.idf("words", "未知") == pytest.approx(math.log(8))
    assert inverse_document_frequency(3, 3) > 0


@pytest.mark.parametrize("token", ["技", "技術者", "\U00020000", "", "\ud800"])
def test_terms_are_found_exactly(token: str) -> None:
    """This test ensures that a token is not taken for its beginning, its continuation or another one."""
    assert not LexicalIndex.build(TEXTS).contains("words", token)


def test_files_give_the_same_index() -> None:
    """This test ensures that an index read from its files scores as it did, and that its files do not change."""
    index = LexicalIndex.build(TEXTS)
    files = index.to_files()
    read = LexicalIndex.from_files(files.__getitem__)
    query = {"words": {"技術": 1.0, "書": 0.5}, "bigrams": {"技術": 1.0}}
    for name, scores in index.score(query).items():
        assert scores.tolist() == read.score(query)[name].tolist()
    assert set(files) == set(FILES)
    assert LexicalIndex.build(TEXTS).to_files() == read.to_files() == files


@pytest.mark.parametrize("texts", [[], [{}], [{"words": []}]])
def test_nothing_to_index(texts: list[dict[str, list[str]]]) -> None:
    """This test ensures that an index of nothing can be built, kept and asked."""
    index = LexicalIndex.build(texts)
    read = LexicalIndex.from_files(index.to_files().__getitem__)
    assert read.score({"words": {"技術": 1.0}})["words"].tolist() == [0.0] * len(texts)


def test_a_line_break_in_a_token_breaks_no_line() -> None:
    """This test ensures that the file of terms stays one term a line whatever a token holds."""
    index = LexicalIndex.build([{"words": ["a\nb", "c"]}])
    assert index.contains("words", "a\nb")
    assert index.contains("words", "c")


@pytest.mark.parametrize("name", FILES)
def test_foreign_bytes(name: str) -> None:
    """This test ensures that a file of something else is refused with ValueError, or makes all terms unknown."""
    files = LexicalIndex.build(TEXTS).to_files()
    files[name] = b"\x80not this"
    if name == "lexical.terms.txt":
        assert LexicalIndex.from_files(files.__getitem__).score({"words": {"技術": 1.0}})["words"].tolist() == [0, 0, 0]
    else:
        with pytest.raises(ValueError, match=r"."):
            LexicalIndex.from_files(files.__getitem__)
