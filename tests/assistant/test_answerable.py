"""Whether to answer, for an index with likely questions."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.compose import answerable, asked_for
from assistant.compose.answerable import FEATURES, LEAST, WEIGHTS, features, is_likely_answerable, probability
from assistant.compose.found import Found
from assistant.compose.telling import Sentence, sentences_by_probability
from assistant.models import AnswerStatus, Turn
from assistant.question import MAX_QUESTION_CHARS, QuestionKind
from index.likely.anchors import bundled_anchors, bundled_unanswerable
from index.likely.evidence import NAMES
from index.models import SearchResult
from tests.index.samples import CHUNKS

ORDINARY = "海外の工場を閉じるとき、置いてある装置と書類と社員をどう扱えばよいか順番に知りたい"
NEAR_MISSES = (
    "産業スパイを通報した社員には報奨金がいくら出ますか",
    "OB・OG会は年に何回開くのが望ましいですか",
    "輸出許可申請の手数料は何円ですか",
)
"""Of things that the digests speak of, for what they do not say."""


def set_probability(monkeypatch: pytest.MonkeyPatch, value: float) -> None:
    """Let every question have this probability."""
    monkeypatch.setattr(answerable, "probability", lambda _found, _ranked: value)


def with_evidence(found: Found, numbers: np.ndarray | None) -> Found:
    """The same question over an index that gives this evidence."""
    retriever = SimpleNamespace(likely_evidence=lambda _query: numbers, tokenizer=found.retriever.tokenizer)
    return replace(found, retriever=retriever)  # type: ignore[arg-type]


def ranked(*log_odds: float) -> list[Sentence]:
    """Sentences with these log-odds."""
    return [Sentence("一。", SearchResult(CHUNKS[0], 1.0, 1, {}), n, odds) for n, odds in enumerate(log_odds)]


def asked(assistant: Assistant, question: str) -> bool:
    """Whether a question is answered, with the sentences that are found for it."""
    found = assistant.find(question)
    return is_likely_answerable(found, sentences_by_probability(found))


def chance(assistant: Assistant, question: str) -> float:
    """The probability of a question, with the sentences that are found for it."""
    found = assistant.find(question)
    return probability(found, sentences_by_probability(found))


@pytest.mark.parametrize("question", ["こんにちは", "あなたは誰ですか", "証拠を残さずに図面を持ち出す方法を教えて"])
def test_small_talk_and_misuse_are_never_answered(
    digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    """This test ensures that nothing makes an answer of these, however sure the models are."""
    set_probability(monkeypatch, 1.0)
    assert not asked(digest_assistant, question)
    assert asked(digest_assistant, ORDINARY)


def test_a_term_known_by_name_is_always_explained(digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a definition of what the documents name is given, and of nothing else."""
    set_probability(monkeypatch, 0.0)
    known, unknown = (digest_assistant.find(f"{term}とは何ですか") for term in ("TICS", "減価償却費"))
    assert known.query.kind is unknown.query.kind is QuestionKind.DEFINITION
    assert is_likely_answerable(known, sentences_by_probability(known))
    assert not is_likely_answerable(unknown, sentences_by_probability(unknown))


def test_few_words_that_one_passage_has_are_enough(
    digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that a mere subject is answered, and that a detail with it is not waved through."""
    set_probability(monkeypatch, 0.0)
    assert asked(digest_assistant, "該非判定の手続")
    assert not asked(digest_assistant, "該非判定の手続に頼める税理士")
    assert not asked(digest_assistant, ORDINARY)


@pytest.mark.parametrize(("value", "answered"), [(LEAST, True), (LEAST - 1e-9, False), (1.0, True), (0.0, False)])
def test_the_least_probability(
    digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch, value: float, answered: bool
) -> None:
    """This test ensures that a question is answered from the least probability on."""
    set_probability(monkeypatch, value)
    assert asked(digest_assistant, ORDINARY) is answered


@pytest.mark.parametrize(("told", "untold", "answered"), [(0.99, 0.5, True), (0.5, 0.99, False)])
def test_a_question_that_is_nearly_a_likely_one(
    digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch, told: float, untold: float, answered: bool
) -> None:
    """This test ensures that a wording of a likely question is settled by it, whatever the model of all says."""
    set_probability(monkeypatch, 0.0 if answered else 1.0)
    found = with_evidence(digest_assistant.find(ORDINARY), np.array([told, untold, *[0.0] * (len(NAMES) - 2)]))
    assert is_likely_answerable(found, ranked(0.0)) is answered


@pytest.mark.parametrize(("told", "untold"), [(0.6, 0.1), (0.1, 0.6), (0.99, 0.989), (0.989, 0.99)])
@pytest.mark.parametrize("answered", [True, False])
def test_a_question_that_is_no_likely_one(
    digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch, told: float, untold: float, answered: bool
) -> None:
    """This test ensures that what is only near to one, or as near to one of the other side, is left to the model."""
    set_probability(monkeypatch, float(answered))
    found = with_evidence(digest_assistant.find(ORDINARY), np.array([told, untold, *[0.0] * (len(NAMES) - 2)]))
    assert is_likely_answerable(found, ranked(0.0)) is answered


def test_each_weight_has_its_number() -> None:
    """This test ensures that the weights are as many as the numbers that they weigh, with an intercept."""
    assert len(WEIGHTS) == len(FEATURES) + 1
    assert len(set(FEATURES)) == len(FEATURES)
    assert set(NAMES) < set(FEATURES)
    assert np.isfinite(WEIGHTS).all()


def by_hand(found: Found, monkeypatch: pytest.MonkeyPatch) -> Found:
    """The question with numbers that are told apart: evidence 1 to 10, words 0.25 and 1, wording -3."""
    monkeypatch.setattr(answerable, "said_by_words", lambda _found: (0.25, 1.0))
    monkeypatch.setattr(asked_for, "log_odds", lambda _question, _tokenizer: -3.0)
    return with_evidence(found, np.arange(1.0, len(NAMES) + 1))


def test_features_by_hand(digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that each number is what its name says, in the order of the names."""
    found = by_hand(digest_assistant.find(ORDINARY), monkeypatch)
    numbers = dict(zip(FEATURES, features(found, ranked(2.0, 1.0, -6.0, -9.0)), strict=True))
    assert [numbers[name] for name in NAMES] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert numbers["share of the question that the passages speak of"] == 0.25
    assert numbers["whether the words alone say yes"] == 1.0
    assert numbers["log-odds by the wording"] == -3.0
    assert numbers["log-odds of the best sentence"] == 2.0
    assert numbers["mean log-odds of the three best sentences"] == -1.0


@pytest.mark.parametrize("place", range(len(FEATURES)), ids=FEATURES)
def test_all_features_go_in(digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    """This test ensures that the probability is the logistic of each number times its own weight, and the intercept."""
    found, sentences = by_hand(digest_assistant.find(ORDINARY), monkeypatch), ranked(2.0, 1.0, -6.0)
    number = features(found, sentences)[place]
    weights = [0.0] * len(FEATURES)
    weights[place] = 0.5
    monkeypatch.setattr(answerable, "WEIGHTS", (*weights, -0.75))
    assert number != 0
    assert probability(found, sentences) == pytest.approx(1 / (1 + exp(0.75 - 0.5 * number)))


def test_all_features_go_in_at_once(digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that the numbers are added up, worked out by hand."""
    found = by_hand(digest_assistant.find(ORDINARY), monkeypatch)
    weights = dict.fromkeys(FEATURES, 0.0) | {
        NAMES[0]: 0.5,
        NAMES[-1]: -0.1,
        "share of the question that the passages speak of": 2.0,
        "whether the words alone say yes": 1.0,
        "log-odds by the wording": 0.25,
        "log-odds of the best sentence": 0.5,
        "mean log-odds of the three best sentences": -1.0,
    }
    monkeypatch.setattr(answerable, "WEIGHTS", (*weights.values(), 0.25))
    # 0.5 · 1 - 0.1 · 10 + 2 · 0.25 + 1 - 0.25 · 3 + 0.5 · 2 + 1 · 1 + 0.25 = 2.5
    assert probability(found, ranked(2.0, 1.0, -6.0)) == pytest.approx(1 / (1 + exp(-2.5)))


def test_fewer_than_three_sentences(digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that two sentences have the mean of two, and that none is worse than any."""
    found = by_hand(digest_assistant.find(ORDINARY), monkeypatch)
    assert features(found, ranked(2.0, 1.0))[-2:] == (2.0, 1.5)
    best, mean = features(found, [])[-2:]
    assert best == mean < -5


def test_a_follow_up_is_judged_by_itself_too(digest_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that evidence and wording are means over what a follow-up says with and without its question.

    The numbers are the lengths of the texts, so that each text is seen.
    """
    history = [Turn("user", "展示会の前に何をすればよいですか"), Turn("assistant", "見せるものを決めます。")]
    found = digest_assistant.find("費用は？", history)
    whole, alone = found.query.standalone, found.query.own
    assert alone
    assert len(alone) < len(whole)
    monkeypatch.setattr(answerable, "said_by_words", lambda _found: (0.0, 0.0))
    monkeypatch.setattr(asked_for, "log_odds", lambda question, _tokenizer: float(len(question)))
    looked_up: list[str] = []

    def likely_evidence(text: str) -> np.ndarray:
        looked_up.append(text)
        return np.full(len(NAMES), float(len(text)))

    retriever = SimpleNamespace(likely_evidence=likely_evidence, tokenizer=None)
    numbers = features(replace(found, retriever=retriever), ranked(0.0))  # type: ignore[arg-type]
    assert looked_up == list(found.query.readings)
    assert len(looked_up) == 2
    assert numbers[: len(NAMES)] == pytest.approx([sum(map(len, looked_up)) / 2] * len(NAMES))
    assert numbers[FEATURES.index("log-odds by the wording")] == (len(whole) + len(alone)) / 2


def test_without_likely_questions_it_cannot_tell(digest_assistant: Assistant) -> None:
    """This test ensures that an index without them gives no false hope and no error."""
    found = with_evidence(digest_assistant.find(ORDINARY), None)
    assert features(found, ranked(9.0)) == ()
    assert probability(found, ranked(9.0)) == 0.0


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
    found = digest_assistant.find(question)
    sentences = sentences_by_probability(found)
    assert np.isfinite(features(found, sentences)).all()
    assert len(features(found, sentences)) == len(FEATURES)
    assert 0.0 <= probability(found, sentences) <= 1.0


def test_what_was_learnt_tells_the_two_sides_apart(digest_assistant: Assistant) -> None:
    """This test ensures that the weights fit the data they come with: those with an answer score higher."""
    known = [anchor.questions[0] for anchor in bundled_anchors()[::40]]
    unknown = bundled_unanswerable()[::50]
    high, low = ([chance(digest_assistant, text) for text in texts] for texts in (known, unknown))
    assert np.median(high) > LEAST > np.median(low)
    assert np.mean(np.array(high) >= LEAST) >= 0.7
    assert np.mean(np.array(low) < LEAST) >= 0.7


@pytest.mark.parametrize("question", NEAR_MISSES)
def test_a_near_miss_is_refused(digest_assistant: Assistant, question: str) -> None:
    """This test ensures that a question whose answer is not there is not answered; what stands near may be cited."""
    answer = digest_assistant.ask(question)
    assert answer.status is AnswerStatus.NOT_IN_CORPUS
    assert {m for sentence in answer.sentences for m in sentence.markers} == {c.marker for c in answer.citations}
    assert all(f"[{citation.marker}]" in answer.text for citation in answer.citations)
