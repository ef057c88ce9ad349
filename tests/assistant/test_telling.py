"""Which sentences tell what was asked: what is known of a sentence, and the order that follows from it.

The weights are learnt: nothing here depends on what they are, but on what they are for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.citations import sentences_of
from assistant.compose import telling
from assistant.compose.found import Found
from assistant.compose.telling import FEATURES, PASSAGES, WEIGHTS, Sentence, features, sentences_by_probability
from assistant.question import QuestionKind
from corpus.clean import search_text
from corpus.models import BlockKind, Chunk
from index.build import build_index
from index.likely.anchors import STATEMENTS, Anchor, Target, anchors_of
from index.likely.field import LikelyField
from index.models import SearchResult
from index.retriever import Retriever
from index.store import IndexStore
from index.tokenize import Tokenizer
from tests.fakes import FakeEncoder
from tests.index.samples import DOCUMENTS, chunk

TEA = chunk("t1", "tea", "番茶は百度の湯で淹れます。\n三十秒で注ぎます。", "淹れ方", "番茶")
SHORT = chunk("t2", "tea", "緑茶は八十度です。", "淹れ方", "緑茶")
BREAD = chunk("b1", "bread", "生地は三十度で一時間ほど発酵させましょう。", "発酵")
CHUNKS = (TEA, SHORT, BREAD)
BOIL, POUR, GREEN, DOUGH = range(4)
"""The sentences of `CHUNKS` in order."""
ANCHORS = (
    Anchor((Target("tea", "番茶", "百度"),), ("煮立ててよい？", "やかんから直に注ぐ？")),
    Anchor((Target("tea", "緑茶", ""),), ("渋くなりませんか",)),
)
OVER_DIGESTS = (
    "退職する人から何を返してもらいますか",
    "技術流出を防ぐための対策を一覧で教えてください",
    "TICSとは何ですか",
    "ガイダンスはいつ出ましたか",
    "展示会で名刺を交換した外国の会社から、工場を見たいと言われました。どうすればよいですか",
    "What must I check before sending a sample?",
    "xyz",
    "今日の天気",
)
FIRST_SHARE = 0.95
"""How many of the likely questions must find their own sentence first; all of the sample did when it was written."""


def assistant(folder: Path, anchors: Sequence[Anchor] = ANCHORS, chunks: Sequence[Chunk] = CHUNKS) -> Assistant:
    """An assistant over made-up chunks."""
    store = IndexStore(folder)
    build_index(DOCUMENTS, chunks, store, FakeEncoder(), anchors=anchors, unanswerable=["いくらですか"])
    return Assistant(Retriever.open(store, FakeEncoder()), Tokenizer())


def results(chunks: Sequence[Chunk] = CHUNKS, scores: Sequence[float] = (2.0, 1.0, 0.5)) -> tuple[SearchResult, ...]:
    """Search results of these chunks."""
    ranked = enumerate(zip(chunks, scores, strict=False), start=1)
    return tuple(SearchResult(chunk, score, rank, {}) for rank, (chunk, score) in ranked)


def found(source: Assistant, question: str, given: tuple[SearchResult, ...] | None = None) -> Found:
    """What is found for a question: these results, or those of `CHUNKS`."""
    return replace(source.find(question), results=results() if given is None else given)


def column(given: Found, name: str) -> list[float]:
    """One number of each sentence of all results, by its name."""
    rows: list[float] = features(given, given.results)[:, FEATURES.index(name)].tolist()
    return rows


def cosine(first: str, second: str) -> float:
    """The cosine that the fake encoder gives two texts."""
    one, other = FakeEncoder().encode([search_text(first), search_text(second)])
    return float(one @ other)


def leading(given: Found, question: int) -> set[tuple[str, int]]:
    """The sentences of what was found, by chunk and number, that a likely question leads to."""
    chunks = [result.chunk for result in given.results[:PASSAGES]]
    return {
        (one.chunk_id, number)
        for one in chunks
        for number, asked in enumerate(given.reader.read(one).asked)
        if question in asked
    }


def statements(likely: LikelyField) -> list[int]:
    """The numbers of the likely questions of single statements."""
    texts = {question for anchor in anchors_of(STATEMENTS) for question in anchor.questions}
    return [number for number in range(likely.answerable) if likely.texts[number] in texts]


def test_each_weight_has_its_number() -> None:
    """This test ensures that there is a weight for each number and an intercept, and that no name comes twice."""
    assert len(WEIGHTS) == len(FEATURES) + 1
    assert len(set(FEATURES)) == len(FEATURES)
    assert np.isfinite(WEIGHTS).all()


@pytest.mark.parametrize("name", ["digest_assistant", "seeds_assistant"])
@pytest.mark.parametrize("question", OVER_DIGESTS)
def test_features_are_finite(name: str, question: str, request: pytest.FixtureRequest) -> None:
    """This test ensures that over both kinds of documents each sentence of any question has all numbers."""
    source: Assistant = request.getfixturevalue(name)
    given = source.find(question)
    numbers = features(given, given.results[:PASSAGES])
    count = sum(len(sentences_of(result.chunk.text)) for result in given.results[:PASSAGES])
    assert count > PASSAGES
    assert numbers.shape == (count, len(FEATURES))
    assert np.isfinite(numbers).all()


@pytest.mark.parametrize("name", ["digest_assistant", "seeds_assistant"])
def test_features_are_finite_without_likely_questions(name: str, request: pytest.FixtureRequest) -> None:
    """This test ensures that where nobody wrote questions the numbers about them are nought, and no other is lost."""
    source: Assistant = request.getfixturevalue(name)
    with_them = source.find(OVER_DIGESTS[0])
    bare = replace_likely(with_them)
    numbers, known = (features(one, one.results[:PASSAGES]) for one in (bare, with_them))
    assert np.isfinite(numbers).all()
    about = [place for place, feature in enumerate(FEATURES) if "likely question" in feature]
    others = [place for place in range(len(FEATURES)) if place not in about]
    assert (numbers[:, about] == 0).all()
    assert known[:, about].any()
    assert numbers[:, others] == pytest.approx(known[:, others])


def replace_likely(given: Found) -> Found:
    """The same over an index that has no likely questions."""
    retriever = object.__new__(Retriever)
    retriever.__dict__.update(given.retriever.__dict__)
    retriever.likely = None
    return replace(given, retriever=retriever, reader=type(given.reader)(retriever))


def test_nothing_found_is_no_error(tmp_path: Path) -> None:
    """This test ensures that no result gives no sentence, and numbers of no rows."""
    given = found(assistant(tmp_path), "番茶は？", ())
    assert features(given, ()).shape == (0, len(FEATURES))
    assert sentences_by_probability(given) == []


def test_scores_of_nought_are_no_error(tmp_path: Path) -> None:
    """This test ensures that a first result without a score does not divide by it."""
    given = found(assistant(tmp_path), "番茶は？", results(scores=(0.0, 0.0, 0.0)))
    assert column(given, "share of the first result's score") == [0.0] * 4


def test_rank_and_score_are_those_of_the_passage(tmp_path: Path) -> None:
    """This test ensures that each sentence has its passage's share of the first score, and one by its rank."""
    given = found(assistant(tmp_path), "番茶は？")
    assert column(given, "share of the first result's score") == [1.0, 1.0, 0.5, 0.25]
    assert column(given, "one by rank") == pytest.approx([1, 1, 1 / 2, 1 / 3])


def test_cosines_are_those_of_the_sentence(tmp_path: Path) -> None:
    """This test ensures that a sentence is compared by itself and under its innermost heading."""
    question = "三十秒で注ぎます。"
    given = found(assistant(tmp_path), question)
    asked = given.query.asked
    sentences = ["番茶は百度の湯で淹れます。", "三十秒で注ぎます。", "緑茶は八十度です。", BREAD.text]
    headings = ["番茶", "番茶", "緑茶", "発酵"]
    expected = [cosine(sentence, asked) for sentence in sentences]
    headed = FakeEncoder().encode([f"{h}\n{search_text(s)}" for h, s in zip(headings, sentences, strict=True)])
    assert column(given, "cosine with the question") == pytest.approx(expected, abs=1e-5)
    under = (headed @ FakeEncoder().encode([search_text(asked)])[0]).tolist()
    assert column(given, "cosine under its heading with the question") == pytest.approx(under, abs=1e-5)


def test_likely_questions_count_for_their_own_sentence(tmp_path: Path) -> None:
    """This test ensures that the nearest question that leads to a sentence counts, and for no other sentence."""
    given = found(assistant(tmp_path), "煮立ててよい？")
    boil, kettle, bitter = (cosine(one, given.query.asked) for anchor in ANCHORS for one in anchor.questions)
    greatest, own = max(boil, kettle, bitter, 0.0), max(boil, kettle)
    assert column(given, "whether likely questions lead to it") == [1, 0, 0, 0]
    nearest = column(given, "cosine of the nearest likely question that leads to it")
    assert nearest == pytest.approx([own, 0, 0, 0], abs=3e-3)
    less = column(given, "that likely question's cosine less the greatest of all")
    assert less == pytest.approx([own - greatest, 0, 0, 0], abs=3e-3)
    passage = column(given, "cosine of the nearest likely question of its passage less the greatest of all")
    assert passage == pytest.approx([own - greatest, own - greatest, -greatest, -greatest], abs=3e-3)


class LeftOut(LikelyField):
    """Likely questions that are all left out."""

    __slots__ = ()

    def cosines(self, vector: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        """-1 for each, which stands for a question that is left out."""
        return np.full(len(self.texts), -1.0, dtype=np.float32)


def test_questions_that_are_left_out_do_not_lead(tmp_path: Path) -> None:
    """This test ensures that -1, which stands for a question that is left out, is not taken for a cosine.

    A cosine of nought is one: that question leads to its sentence still.
    """
    far, left_out = (assistant(tmp_path / name) for name in ("far", "left out"))
    likely = far.retriever.likely
    assert likely is not None
    far.retriever.likely = replace(likely, vectors=np.zeros_like(likely.vectors))
    assert column(found(far, "煮立ててよい？"), "whether likely questions lead to it") == [1, 0, 0, 0]
    left_out.retriever.likely = LeftOut(likely.texts, likely.pairs, likely.phrases, likely.vectors, likely.index)
    given = found(left_out, "煮立ててよい？")
    assert column(given, "whether likely questions lead to it") == [0, 0, 0, 0]
    assert np.isfinite(features(given, given.results)).all()


def test_what_is_remembered_of_a_question_is_its_own(tmp_path: Path) -> None:
    """This test ensures that a question asked again, with others in between, is seen as it was the first time."""
    source = assistant(tmp_path)
    questions = ["煮立ててよい？", *(f"その{number}は？" for number in range(40)), "煮立ててよい？"]
    numbers = [features(given := found(source, question), given.results) for question in questions]
    assert np.array_equal(numbers[0], numbers[-1])
    assert not any(np.array_equal(numbers[0], other) for other in numbers[1:-1])


def test_refusals_are_not_what_is_nearest(tmp_path: Path) -> None:
    """This test ensures that a question without an answer does not push down those with one."""
    given = found(assistant(tmp_path), "いくらですか")
    known = [cosine(one, given.query.asked) for anchor in ANCHORS for one in anchor.questions]
    less = column(given, "that likely question's cosine less the greatest of all")
    assert less[BOIL] == pytest.approx(max(known[:2]) - max(*known, 0.0), abs=3e-3)


def test_form_and_place_of_a_sentence(tmp_path: Path) -> None:
    """This test ensures that length, place and kind of block are those of the sentence and its passage."""
    case = replace(SHORT, chunk_id="case", kind=BlockKind.CASE)
    item = replace(BREAD, chunk_id="item", kind=BlockKind.CHECKLIST_ITEM)
    chunks = (TEA, case, item)
    given = found(assistant(tmp_path, chunks=chunks), "番茶は？", results(chunks))
    assert column(given, "first of its passage") == [1, 0, 1, 1]
    assert column(given, "only one of its passage") == [0, 0, 1, 1]
    assert column(given, "in a case") == [0, 0, 1, 0]
    assert column(given, "in a check list") == [0, 0, 0, 1]
    assert column(given, "hundreds of characters") == pytest.approx([0.13, 0.09, 0.09, 0.21])
    assert column(given, "fewer than a dozen characters") == [0, 1, 1, 0]


def test_a_case_counts_where_a_situation_is_told(tmp_path: Path) -> None:
    """This test ensures that a case is marked for a story, and for no other question."""
    case = replace(SHORT, chunk_id="case", kind=BlockKind.CASE)
    chunks = (TEA, case, BREAD)
    source = assistant(tmp_path, chunks=chunks)
    plain = found(source, "緑茶は何度ですか", results(chunks))
    story = replace(plain, query=replace(plain.query, kind=QuestionKind.SCENARIO))
    assert (plain.query.is_story, story.query.is_story) == (False, True)
    name = "in a case, where a situation is told"
    assert (column(plain, name), column(story, name)) == ([0, 0, 0, 0], [0, 0, 1, 0])


def test_the_value_asked_for(tmp_path: Path) -> None:
    """This test ensures that having and lacking a value are told apart for a fact, and neither for another kind."""
    money = chunk("m", "tea", "番茶は500円です。急須は別です。", "値段")
    source = assistant(tmp_path, chunks=(*CHUNKS, money))
    fact = found(source, "番茶はいくらですか", results((money,)))
    assert fact.query.kind is QuestionKind.FACT
    has, lacks = "has the form of the value asked for", "has not the form of the value asked for"
    assert (column(fact, has), column(fact, lacks)) == ([1, 0], [0, 1])
    other = replace(fact, query=replace(fact.query, kind=QuestionKind.HOW_TO))
    assert (column(other, has), column(other, lacks)) == ([0, 0], [0, 0])


def test_an_edition_that_has_been_replaced(tmp_path: Path) -> None:
    """This test ensures that sentences of a document that a newer one replaces are marked, and no others."""
    old = replace(DOCUMENTS[0], doc_id="old", replaces=())
    chunks = (TEA, chunk("o", "old", "番茶は九十度で淹れます。", "番茶"))
    store = IndexStore(tmp_path)
    build_index([*DOCUMENTS, old], chunks, store, FakeEncoder(), anchors=(), unanswerable=())
    given = found(Assistant(Retriever.open(store, FakeEncoder()), Tokenizer()), "番茶は？", results(chunks))
    assert column(given, "in an edition that has been replaced") == [0, 0, 1]


def test_log_odds_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that log-odds are the numbers times their weights, with the intercept, the greatest first."""
    weights = dict.fromkeys(FEATURES, 0.0) | {"one by rank": 6.0, "first of its passage": -4.0}
    monkeypatch.setattr(telling, "WEIGHTS", (*weights.values(), 0.5))
    ranked = sentences_by_probability(found(assistant(tmp_path), "番茶は？"))
    assert [(one.chunk.chunk_id, one.number) for one in ranked] == [("t1", 1), ("t1", 0), ("t2", 0), ("b1", 0)]
    assert [one.log_odds for one in ranked] == pytest.approx([6.5, 2.5, -0.5, -1.5])
    assert [one.text for one in ranked] == ["三十秒で注ぎます。", "番茶は百度の湯で淹れます。", SHORT.text, BREAD.text]


def test_only_the_first_results_are_looked_at(tmp_path: Path) -> None:
    """This test ensures that no sentence is taken from a passage far down."""
    chunks = [chunk(f"c{number}", "tea", f"茶葉その{number}です。", "種類") for number in range(PASSAGES + 3)]
    source = assistant(tmp_path, chunks=chunks)
    given = found(source, "茶葉は？", results(chunks, [1.0] * len(chunks)))
    assert {one.chunk.chunk_id for one in sentences_by_probability(given)} == {f"c{n}" for n in range(PASSAGES)}


@pytest.mark.parametrize(("log_odds", "expected"), [(0.0, 0.5), (2.0, 1 / (1 + exp(-2))), (-40.0, 0.0), (40.0, 1.0)])
def test_probability(log_odds: float, expected: float) -> None:
    """This test ensures that log-odds become a probability, far out too."""
    assert Sentence("一。", results()[0], 0, log_odds).probability == pytest.approx(expected)


@pytest.mark.parametrize("name", ["digest_assistant", "seeds_assistant"])
def test_a_likely_question_finds_its_own_sentence(name: str, request: pytest.FixtureRequest) -> None:
    """This test ensures that what a question was written for comes first where it is asked word for word."""
    source: Assistant = request.getfixturevalue(name)
    likely = source.retriever.likely
    assert likely is not None
    sample = statements(likely)[::29]
    assert len(sample) > 100
    first = []
    for number in sample:
        given = source.find(likely.texts[number])
        best = sentences_by_probability(given)[0]
        first.append((best.chunk.chunk_id, best.number) in leading(given, number))
    assert np.mean(first) >= FIRST_SHARE
