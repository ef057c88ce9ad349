"""Encoders side by side, on a set so small that every rank is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from eval import compare_encoders
from eval.beir import BeirError, BeirSet, Paragraph
from eval.compare_encoders import WEIGHTS, Comparison, compare
from eval.prepared import Means
from index.encoder import EncoderError
from tests.fakes import FakeEncoder

DATA = BeirSet(
    (Paragraph("p1", "お茶", "緑茶は八十度の湯で淹れます。"), Paragraph("p2", "パン", "生地を発酵させます。")),
    {"q1": "緑茶は何度の湯で淹れますか", "q2": "こねたもの", "q3": "答えのない質問"},
    {"q1": frozenset({"p1"}), "q2": frozenset({"p2"})},
)


class Knowing(FakeEncoder):
    """Knows that what is kneaded is dough: whatever speaks of either points the same way."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[1, 0] if "生地" in text or "こね" in text else [0, 1] for text in texts], dtype=np.float32)


@pytest.fixture
def comparison(monkeypatch: pytest.MonkeyPatch) -> Comparison:
    """An encoder that knows against one that does not."""
    known = {"good": Knowing(), "bad": FakeEncoder()}
    monkeypatch.setattr(compare_encoders, "load_encoder", lambda name, allow_remote: known[name])
    return compare(["good", "bad"], DATA, lambda *_: None)


def test_every_way_has_a_line(comparison: Comparison) -> None:
    """This test ensures that BM25 comes first, then for each model alone, each weight tried, and what ships."""
    ways = [(line.encoder, line.method, line.weight) for line in comparison.lines]
    of_one = [("alone", None), *(("fused", weight) for weight in WEIGHTS), ("shipped", None)]
    assert ways == [(None, "bm25", None), *((name, *way) for name in ("good", "bad") for way in of_one)]
    assert (comparison.paragraphs, comparison.questions, comparison.unjudged) == (2, 2, 1)


def test_figures_by_hand(comparison: Comparison) -> None:
    """This test ensures that the model that knows finds what words miss, overall and among the hard questions."""
    by_way = {(line.encoder, line.method): line for line in comparison.lines}
    words = by_way[None, "bm25"]
    assert (words.overall, words.hard) == (Means(50.0, 100.0, 75.0), Means(0.0, 100.0, 50.0))
    for method in ("alone", "fused", "shipped"):
        line = by_way["good", method]
        assert (line.overall, line.hard) == (Means(100.0, 100.0, 100.0), Means(100.0, 100.0, 100.0))


def test_progress_reaches_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that reading and each encoder report up to all there is."""
    monkeypatch.setattr(compare_encoders, "load_encoder", lambda name, allow_remote: FakeEncoder())
    seen: list[tuple[str, int, int]] = []
    compare(["a", "b"], DATA, lambda *now: seen.append(now))
    assert {("単語分割", 4, 4), ("a", 4, 4), ("b", 4, 4)} <= set(seen)


def test_a_set_without_judgements_is_refused() -> None:
    """This test ensures that nothing to measure is said, not shown as zeros."""
    with pytest.raises(BeirError, match="qrels"):
        compare([], BeirSet(DATA.paragraphs, DATA.questions, {}), lambda *_: None)


def test_only_a_static_encoder_is_adapted(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that "+adapted" after any other model is an error, with the model's own name loaded."""
    asked: list[str | None] = []

    def load(name: str | None, allow_remote: bool) -> FakeEncoder:
        asked.append(name)
        return FakeEncoder()

    monkeypatch.setattr(compare_encoders, "load_encoder", load)
    with pytest.raises(EncoderError, match="調整できません"):
        compare(["bundled", "model+adapted"], DATA, lambda *_: None)
    assert asked == [None, "model"]
