"""Scores and their summary: over made-up questions, and over what the real assistant answers."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.contract import answer_object
from assistant.library import Library
from assistant.settings import Settings
from assistant.wiring import build_assistant, build_store
from corpus.models import Chunk
from eval.measures import MEASURES
from eval.models import Gold, Grade, Interval, Kind, Outcome, Question, Target
from eval.scoring import score_all, summarise
from eval.sources import Sources
from index.build import load_chunks
from tests.eval.samples import (
    CHUNKS,
    QUESTION,
    RECORD,
    RIGHT_ANSWER,
    SOURCES,
    UNANSWERABLE,
    VISITORS,
    answer,
    answers,
    citation,
    passages,
    question,
    refusal,
    score,
    sentence,
)

NAMES = [measure.name for measure in MEASURES]


def test_every_measure_has_an_entry() -> None:
    """This test ensures that a score lists every measure in order, None where it does not apply."""
    for one in score_all([QUESTION, UNANSWERABLE], {}, SOURCES):
        assert list(one.scores) == NAMES


def test_questions_keep_their_order_whatever_that_of_the_answers() -> None:
    """This test ensures that scores go by the question's id: neither order changes a question's scores."""
    asked = [question(id=f"q{number}") for number in range(6)]
    rows = [RIGHT_ANSWER | {"id": f"q{number}"} if number % 2 else refusal(id=f"q{number}") for number in range(5)]
    straight = score_all(asked, answers(rows), SOURCES)
    mixed = random.Random(3).sample(asked, len(asked))
    again = {one.id: one for one in score_all(mixed, answers(rows[::-1]), SOURCES)}
    assert [one.id for one in straight] == [one.id for one in asked]
    assert all(again[one.id] == one for one in straight)
    assert straight[5].outcome is Outcome.NO_RESULT


def test_retrieval_alone() -> None:
    """This test ensures that without answers only retrieval and time are scored, and that first place is right."""
    asked = [question(id=name, gold=(RECORD,)) for name in ("first", "second", "none")]
    rows = [answer(id="first", passages=passages(*CHUNKS)), answer(id="second", passages=passages(*CHUNKS[::-1]))]
    first, second, none = score_all(asked, answers(rows), SOURCES, retrieval_only=True)
    assert [one.outcome for one in (first, second, none)] == [Outcome.RIGHT, Outcome.INCOMPLETE, Outcome.NO_RESULT]
    assert (first.scores["MRR@10"], second.scores["MRR@10"], none.scores["MRR@10"]) == (1, 0.25, 0)
    assert (first.scores["time_ms"], first.gold_ranks, second.gold_ranks) == (3.5, (1,), (4,))
    others = [measure.name for measure in MEASURES if measure.group == "answer" and measure.name != "time_ms"]
    assert all(one.scores[name] is None for one in (first, second, none) for name in others)


def test_a_summary_worked_out_by_hand() -> None:
    """This test ensures that means are over the questions that a measure applies to, by kind and language as well."""
    rows = [
        score("a", {"key_facts": 1.0}),
        score("b", {"key_facts": 0.0}, language="en", outcome=Outcome.INCOMPLETE),
        score("c", {"key_facts": None}, kind=Kind.UNANSWERABLE),
    ]
    summary = summarise(rows)
    assert list(summary.groups) == ["all", "fact", "ja", "en", "unanswerable"]
    means = {name: group["key_facts"].mean for name, group in summary.groups.items()}
    assert means == {"all": 0.5, "fact": 0.5, "ja": 1.0, "en": 0.0, "unanswerable": None}
    assert summary.groups["all"]["key_facts"].n == 2
    assert summary.groups["all"]["chrF"] == Interval(None, None, None, 0)
    assert summary.outcomes["all"] == {Outcome.RIGHT: 2, Outcome.INCOMPLETE: 1}
    assert summary.outcomes["en"] == {Outcome.INCOMPLETE: 1}
    assert list(summary.groups["all"]) == NAMES


ROWS = st.builds(
    answer,
    st.text(alphabet="台帳5日内線1200、。[]1 *", max_size=30),
    status=st.sampled_from(["answered", "not_in_corpus", "error"]),
    passages=st.lists(st.sampled_from(CHUNKS), max_size=5).map(lambda chunks: passages(*chunks)),
    citations=st.lists(st.sampled_from([*CHUNKS, VISITORS]), max_size=4).map(
        lambda chunks: [citation(chunk, marker) for marker, chunk in enumerate(chunks, start=1)]
    ),
    sentences=st.lists(st.builds(sentence, st.text(max_size=10), st.integers(1, 5)), max_size=3),
)


@given(ROWS, st.sampled_from([QUESTION, UNANSWERABLE]))
@settings(max_examples=60, deadline=None)
def test_no_answer_is_worse_than_none(row: dict[str, object], asked: Question) -> None:
    """This test ensures that shares stay within 0 and 1 and that a missing result has the worst of each."""
    one, lost = score_all([asked], {asked.id: row}, SOURCES)[0], score_all([asked], {}, SOURCES)[0]
    for measure in MEASURES:
        value, worst = one.scores[measure.name], lost.scores[measure.name]
        if measure.unit == "share" and value is not None:
            assert 0 <= value <= 1
            assert worst == (1.0 if measure.better.value == "lower" else 0.0)


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> tuple[Assistant, tuple[Chunk, ...]]:
    """The real assistant over the bundled digest, and the chunks of its index."""
    settings = Settings(tmp_path_factory.mktemp("digest"))
    Library(settings).build([])
    return build_assistant(settings), load_chunks(build_store(settings).open())


def _asked(name: str, text: str, facts: tuple[tuple[str, ...], ...], *gold: Gold, answerable: bool = True) -> Question:
    kind = Kind.FACT if answerable else Kind.UNANSWERABLE
    return Question(name, text, "ja", kind, (), answerable, "", facts, gold, "")


def _gold(doc_id: str, section: str, phrase: str) -> Gold:
    return Gold(Grade.NEEDED, (Target(doc_id, section, phrase),))


HANDBOOK = "digest-handbook-2026-04"
REAL = (
    _asked(
        "page", "アクセスコントロールの徹底は、ガイダンスの何ページですか", (("P85",),), _gold(HANDBOOK, "", "(P85)")
    ),
    _asked("tics", "TICSとは何ですか", (("技術情報管理認証制度",),), _gold("digest-meti-slides-2026-03", "", "TICS")),
    _asked(
        "sample",
        "海外の取引先に試作品を渡す前に何を確認しますか",
        (("P164",), ("P165",)),
        _gold(HANDBOOK, "", "(P164)"),
        _gold(HANDBOOK, "", "(P165)"),
    ),
    _asked("leaver", "退職する技術者に何をすればよいですか", (("P100",),), _gold(HANDBOOK, "", "(P100)")),
    _asked("weather", "明日の東京の天気を教えてください", (), answerable=False),
)


def test_the_real_assistant_is_scored(digest: tuple[Assistant, tuple[Chunk, ...]]) -> None:
    """This test ensures that real answers go through every measure: all right, every citation real, all supported."""
    assistant, chunks = digest
    rows = answers([answer_object(assistant.ask(one.question), one.id) for one in REAL])
    found = score_all(REAL, rows, Sources(chunks))
    assert [one.outcome for one in found] == [Outcome.RIGHT] * 5
    answered = found[:-1]
    assert all(one.gold_indexed and all(one.gold_indexed) for one in answered)
    for name in ("citation_validity", "citation_recall", "key_facts"):
        assert [one.scores[name] for one in answered] == [1.0] * 4, name
    # What is cited need not be among the passages: the measures of a scenario come from the check list.
    assert [one.scores["recall@20"] for one in answered[:3]] == [1.0] * 3
    assert all(0 < (one.scores["citation_precision"] or 0) <= 1 for one in answered)
    assert [one.scores["supported"] for one in answered] == [1.0] * 4
    assert all((one.scores["time_ms"] or 0) > 0 for one in found)
    assert found[-1].scores["correct_refusals"] == 1


def test_a_quote_that_was_tampered_with_is_noticed(digest: tuple[Assistant, tuple[Chunk, ...]]) -> None:
    """This test ensures that one changed character in a real citation costs its validity and its sentence's support."""
    assistant, chunks = digest
    row = answer_object(assistant.ask(REAL[1].question), "tics")
    for one in row["citations"]:
        middle = len(one["quote"]) // 2
        one["quote"] = f"{one['quote'][:middle]}慶{one['quote'][middle + 1 :]}"
    found = score_all(REAL[1:2], {"tics": row}, Sources(chunks))[0]
    assert (found.scores["citation_validity"], found.scores["supported"]) == (0, 0)
    assert found.invalid_citations == tuple(one["marker"] for one in row["citations"])
