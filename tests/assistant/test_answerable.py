"""Whether to answer, for an index with likely questions."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.compose import answerable
from assistant.compose.answerable import LEAST, NEARNESS, WORDS_TOO, is_likely_answerable, probability
from assistant.compose.found import Found
from assistant.models import AnswerStatus
from assistant.question import MAX_QUESTION_CHARS, QuestionKind
from index.likely.anchors import bundled_anchors, bundled_unanswerable
from index.likely.evidence import NAMES

ORDINARY = "海外の工場を閉じるとき、置いてある装置と書類と社員をどう扱えばよいか順番に知りたい"
NEAR_MISSES = (
    "産業スパイを通報した社員には報奨金がいくら出ますか",
    "OB・OG会は年に何回開くのが望ましいですか",
    "輸出許可申請の手数料は何円ですか",
)
"""Of things that the digests speak of, for what they do not say."""


def set_probability(monkeypatch: pytest.MonkeyPatch, value: float) -> None:
    """Let every question have this probability."""
    monkeypatch.setattr(answerable, "probability", lambda _found: value)


def with_evidence(found: Found, numbers: np.ndarray | None) -> Found:
    """The same question over an index that gives this evidence."""
    return replace(found, retriever=SimpleNamespace(likely_evidence=lambda _query: numbers))  # type: ignore[arg-type]


@pytest.mark.parametrize("question", ["こんにちは", "あなたは誰ですか", "証拠を残さずに図面を持ち出す方法を教えて"])
def test_small_talk_and_misuse_are_never_answered(
    digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    """This test ensures that nothing makes an answer of these, however sure the models are."""
    set_probability(monkeypatch, 1.0)
    assert not is_likely_answerable(digest_assistant.find(question))
    assert is_likely_answerable(digest_assistant.find(ORDINARY))


def test_a_term_known_by_name_is_always_explained(digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a definition of what the documents name is given, and of nothing else."""
    set_probability(monkeypatch, 0.0)
    known, unknown = (digest_assistant.find(f"{term}とは何ですか") for term in ("TICS", "減価償却費"))
    assert known.query.kind is unknown.query.kind is QuestionKind.DEFINITION
    assert is_likely_answerable(known)
    assert not is_likely_answerable(unknown)


def test_few_words_that_one_passage_has_are_enough(
    digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that a mere subject is answered, and that a detail with it is not waved through."""
    set_probability(monkeypatch, 0.0)
    assert is_likely_answerable(digest_assistant.find("該非判定の手続"))
    assert not is_likely_answerable(digest_assistant.find("該非判定の手続に頼める税理士"))
    assert not is_likely_answerable(digest_assistant.find(ORDINARY))


@pytest.mark.parametrize(("value", "answered"), [(LEAST, True), (LEAST - 1e-9, False), (1.0, True), (0.0, False)])
def test_the_least_probability(
    digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch, value: float, answered: bool
) -> None:
    """This test ensures that a question is answered from the least probability on."""
    set_probability(monkeypatch, value)
    assert is_likely_answerable(digest_assistant.find(ORDINARY)) is answered


def test_each_weight_has_its_number() -> None:
    """This test ensures that the weights are as many as the numbers that they weigh, with an intercept."""
    assert (len(NEARNESS), len(WORDS_TOO)) == (len(NAMES) + 1, 4)


def test_probability_by_hand(digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that the first model's log-odds go into the second with coverage and what the words say."""
    monkeypatch.setattr(answerable, "NEARNESS", (2.0, -1.0, *[0.0] * 8, 0.5))
    monkeypatch.setattr(answerable, "WORDS_TOO", (0.5, 2.0, 1.0, -3.0))
    monkeypatch.setattr(answerable, "said_by_words", lambda _found: (0.25, 1.0))
    numbers = np.array([0.75, 0.5, *[9.0] * 8])
    found = with_evidence(digest_assistant.find(ORDINARY), numbers)
    # First: 2 · 0.75 - 0.5 + 0.5 = 1.5; second: 0.5 · 1.5 + 2 · 0.25 + 1 - 3 = -0.75.
    assert probability(found) == pytest.approx(1 / (1 + exp(0.75)))


def test_without_likely_questions_it_cannot_tell(digest_assistant: Assistant) -> None:
    """This test ensures that an index without them gives no false hope and no error."""
    assert probability(with_evidence(digest_assistant.find(ORDINARY), None)) == 0.0


@pytest.mark.parametrize(
    "question",
    [
        ORDINARY,
        *NEAR_MISSES,
        "今日の天気",
        "What must I check before sending a sample?",
        "xyz",
        "技" * MAX_QUESTION_CHARS,
        "技術流出と海外工場 " * (MAX_QUESTION_CHARS // 10),
    ],
)
def test_a_probability_is_one(digest_assistant: Assistant, question: str) -> None:
    """This test ensures that any question has a probability from 0 to 1."""
    assert 0.0 <= probability(digest_assistant.find(question)) <= 1.0


def test_what_was_learnt_tells_the_two_sides_apart(digest_assistant: Assistant) -> None:
    """This test ensures that the weights fit the data they come with: those with an answer score higher."""
    known = [anchor.questions[0] for anchor in bundled_anchors()[::40]]
    unknown = bundled_unanswerable()[::50]
    high, low = ([probability(digest_assistant.find(text)) for text in texts] for texts in (known, unknown))
    assert np.median(high) > LEAST > np.median(low)
    assert np.mean(np.array(high) >= LEAST) >= 0.7
    assert np.mean(np.array(low) < LEAST) >= 0.7


@pytest.mark.parametrize("question", NEAR_MISSES)
def test_a_near_miss_is_refused(digest_assistant: Assistant, question: str) -> None:
    """This test ensures that a question whose answer is not there is not answered with what stands near."""
    answer = digest_assistant.ask(question)
    assert answer.status is AnswerStatus.NOT_IN_CORPUS
    assert answer.citations == ()
