"""Tests of what is counted of a language model's answers in a run."""

from __future__ import annotations

from typing import Any

from assistant.models import Support
from eval.generated import generated_counts
from eval.runs import strip_texts

SENTENCES = [
    {"text": "一。", "markers": [1], "status": "verbatim"},
    {"text": "二。", "markers": [1], "status": "weak"},
    {"text": "三。", "markers": [2], "status": "verbatim"},
]


def row(**fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """An answer for which a model was asked, in its words unless said otherwise."""
    return {"id": "q", "status": "answered", "model": "openai:m", "generated": True, "sentences": SENTENCES, **fields}


ROWS = [
    row(removed_markers=2, removed_links=1, dropped_facts=SENTENCES[2:]),
    row(fault="cut_off"),
    row(fault="unsupported", generated=False, removed_markers=9),
    row(model=None, generated=False),
    {"id": "e", "status": "error", "error": "x"},
]


def test_sentences_are_counted_by_status() -> None:
    """This test ensures that only the model's own sentences count: not what was listed below, nor extractive ones."""
    counts = generated_counts(ROWS)
    assert counts.sentences == {
        Support.VERBATIM: 3,
        Support.SUPPORTED: 0,
        Support.WEAK: 2,
        Support.UNSUPPORTED: 0,
    }
    assert counts.stated == 5


def test_answers_and_faults_are_counted() -> None:
    """This test ensures that answers that fell back, and why, do not hide among the others."""
    counts = generated_counts(ROWS)
    assert (counts.asked, counts.generated) == (3, 2)
    assert counts.faults == {"cut_off": 1, "unsupported": 1}
    assert (counts.removed_markers, counts.removed_links, counts.dropped_facts) == (2, 1, 1)


def test_a_run_without_texts_counts_the_same() -> None:
    """This test ensures that nothing but texts is lost where texts are not kept, and none is added else."""
    stripped = [strip_texts(one) for one in ROWS]
    assert generated_counts(stripped) == generated_counts(ROWS)
    assert "一。" not in repr(stripped)
    assert stripped[3].keys() == {"id", "status", "citations", "passages"}


def test_nothing_counted_is_zero() -> None:
    """This test ensures that a run of which nothing was asked of a model divides by nothing."""
    assert generated_counts([]).stated == 0
