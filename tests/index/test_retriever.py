"""Searching an index of a few made-up chunks."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import build_index
from index.errors import DamagedIndex, IncompatibleIndex, NoIndex, UnknownDocument
from index.lexical import LexicalIndex, inverse_document_frequency
from index.likely.anchors import Anchor, Target
from index.likely.evidence import NAMES
from index.likely.field import FILES
from index.manifest import Manifest
from index.models import SearchMode, SearchResult
from index.retriever import LIKELY, LIKELY_DENSE, Retriever, uncovered_share
from index.store import MANIFEST, IndexStore
from index.tokenize import Tokenizer
from tests.fakes import FakeEncoder
from tests.index.samples import CHUNKS, DOCUMENTS, chunk, retriever_in, store_in

ABOUT_TEA = (
    Anchor((Target("tea", "緑茶", "八十度"),), ("渋いのは苦手です", "グラグラのやかんでも平気？")),
    Anchor((Target("tea", "保管", "湿気"),), ("ブリキの箱にしまうべき？",)),
)
WITHOUT = ("おいくらですか", "どこの店で買えますか")


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """A retriever over the samples."""
    return retriever_in(tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """A retriever over the samples, with likely questions about tea and none about bread."""
    # Many dimensions: cosines of texts that differ are near zero.
    return Retriever.open(likely_store(tmp_path_factory.mktemp("asked")), FakeEncoder(dimension=512))


def likely_store(folder: Path) -> IndexStore:
    """Return a store in `folder` with the samples and the likely questions about tea."""
    store = IndexStore(folder)
    build_index(DOCUMENTS, CHUNKS, store, FakeEncoder(dimension=512), anchors=ABOUT_TEA, unanswerable=WITHOUT)
    return store


def ids(results: list[SearchResult]) -> list[str]:
    """Return the chunks' ids in their order."""
    return [result.chunk.chunk_id for result in results]


def test_the_right_chunk_comes_first(retriever: Retriever) -> None:
    """This test ensures that a question finds its chunk, with ranks from 1 and falling scores."""
    results = retriever.search("パンの生地は何度で発酵させますか？", mode=SearchMode.LEXICAL)
    assert results[0].chunk == CHUNKS[3]
    assert [result.rank for result in results] == list(range(1, len(results) + 1))
    scores = [result.score for result in results]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(1.0)


def test_a_heading_finds_its_chunk(retriever: Retriever) -> None:
    """This test ensures that a word that stands only in the section path is searched too."""
    assert ids(retriever.search("焼成", mode=SearchMode.LEXICAL))[0] == "b2"


def test_the_question_is_cleaned_as_the_text_is(retriever: Retriever) -> None:
    """This test ensures that width and spaces inside words make no difference in a question."""
    plain, spaced = (retriever.scores(query, mode=SearchMode.LEXICAL) for query in ("紅茶のパン", "紅 茶 の ﾊﾟﾝ"))
    assert {name: values.tolist() for name, values in plain.items()} == {
        name: values.tolist() for name, values in spaced.items()
    }
    assert plain["words"][1] > 0


def test_a_word_said_twice_counts_twice(retriever: Retriever) -> None:
    """This test ensures that what a question repeats weighs more."""
    once, twice = (retriever.scores(query, mode=SearchMode.LEXICAL)["words"] for query in ("紅茶", "紅茶、紅茶"))
    assert twice == pytest.approx(2 * once)


def test_equal_texts_come_once(retriever: Retriever) -> None:
    """This test ensures that a text standing in two documents fills one place, the better one."""
    found = ids(retriever.search("茶葉の保管", top_k=10, mode=SearchMode.LEXICAL))
    assert found[0] == "t3"
    assert "b3" not in found
    assert len(found) == 5
    assert "b3" in ids(retriever.search("茶葉の保管", doc_ids=["bread"]))


def test_ties_keep_the_order_of_the_chunks(retriever: Retriever) -> None:
    """This test ensures that chunks that nothing tells apart come in the order of the documents."""
    assert ids(retriever.search("xyz", mode=SearchMode.LEXICAL)) == ["t1", "t2", "t3", "b1", "b2"]


def test_many_ties_keep_their_order(tmp_path: Path) -> None:
    """This test ensures that the order of equal chunks does not depend on how numpy sorts a long array."""
    chunks = [chunk(f"c{number}", "tea", f"{number:03}番の{'茶葉' if number % 3 else '緑茶'}") for number in range(200)]
    store = IndexStore(tmp_path)
    build_index(DOCUMENTS, chunks, store, FakeEncoder())
    found = Retriever.open(store, FakeEncoder()).search("緑茶", top_k=200, mode=SearchMode.LEXICAL)
    groups: dict[float, list[str]] = {}
    for result in found:
        groups.setdefault(result.score, []).append(result.chunk.text)
    assert max(map(len, groups.values())) > 50
    assert all(texts == sorted(texts) for texts in groups.values())


@pytest.mark.parametrize("query", ["", "？", "\x00\ud800", "😀", "技" * 60_000])
@pytest.mark.parametrize("mode", list(SearchMode))
def test_any_question_has_passages(retriever: Retriever, query: str, mode: SearchMode) -> None:
    """This test ensures that a question without words, or far too long, gives a list and no error."""
    assert len(retriever.search(query, mode=mode)) == 5


@pytest.mark.parametrize(("top_k", "expected"), [(1, 1), (3, 3), (100, 5), (0, 0)])
def test_top_k(retriever: Retriever, top_k: int, expected: int) -> None:
    """This test ensures that no more are given than asked for or there are."""
    assert len(retriever.search("茶", top_k=top_k)) == expected


def test_documents_limit_the_search(retriever: Retriever) -> None:
    """This test ensures that only chunks of the documents asked for come back."""
    found = ids(retriever.search("緑茶の湯", doc_ids={"bread"}))
    assert sorted(found) == ["b1", "b2", "b3"]
    assert retriever.search("緑茶の湯", doc_ids=[]) == []


def test_an_unknown_document_is_an_error_with_the_known_ones(retriever: Retriever) -> None:
    """This test ensures that a wrong id is named beside those that exist."""
    with pytest.raises(UnknownDocument, match=r"coffee.*tea、bread") as caught:
        retriever.search("湯", doc_ids=["tea", "coffee"])
    assert caught.value.unknown == ("coffee",)


def test_scores_by_field(retriever: Retriever) -> None:
    """This test ensures that a result tells each field's own score, and that modes leave out what they say."""
    fields = {"words", "compounds", "bigrams", "word_bigrams"}
    for mode, names in (
        (SearchMode.HYBRID, fields | {"dense"}),
        (SearchMode.LEXICAL, fields),
        (SearchMode.DENSE, {"dense"}),
    ):
        assert set(retriever.search("緑茶", mode=mode)[0].scores_by_field) == names


def test_hybrid_adds_the_cosine(retriever: Retriever) -> None:
    """This test ensures that the fused score is BM25 over its greatest plus the weighted cosine."""
    result = retriever.search("緑茶は八十度の湯で淹れる", doc_ids=["tea"])[0]
    shares = result.scores_by_field
    weights = retriever.weights
    lexical = sum(weights.fields[name] * share for name, share in shares.items() if name != "dense")
    assert result.chunk.chunk_id == "t1"
    assert result.score == pytest.approx(lexical / lexical + weights.dense * shares["dense"], rel=1e-5)


def test_dense_ranks_by_the_cosine(retriever: Retriever) -> None:
    """This test ensures that a chunk's own searched text is its nearest by meaning."""
    text = "お茶の手引き\n保管\n茶葉は湿気を避けて保管します。"
    best = retriever.search(text, mode=SearchMode.DENSE)[0]
    assert (best.chunk.chunk_id, best.score) == ("t3", pytest.approx(1.0, rel=1e-5))


def test_expansions_add_with_their_weight(retriever: Retriever) -> None:
    """This test ensures that an expansion finds what the question does not name, more so with more weight."""
    scores = [
        retriever.scores("飲み物", mode=SearchMode.LEXICAL, expansions={"紅茶": weight})["words"][1]
        for weight in (0.0, 0.5, 1.0)
    ]
    assert scores[0] == 0
    assert scores[2] == pytest.approx(2 * scores[1])
    assert retriever.search("飲み物", mode=SearchMode.LEXICAL, expansions={"紅茶": 0.5})[0].chunk.chunk_id == "t2"


def test_idf(retriever: Retriever) -> None:
    """This test ensures that the idf of a word counts the chunks that have it, title included."""
    assert retriever.idf("手引き") == pytest.approx(inverse_document_frequency(6, 6))
    assert retriever.idf("未知") == pytest.approx(inverse_document_frequency(6, 0))


def test_uncovered_share_by_hand() -> None:
    """This test ensures that what a chunk lacks is weighed by idf, each word once, an unheard one with the highest."""
    index = LexicalIndex.build([{"words": ["tea", "hot"]}, {"words": ["tea"]}, {"words": ["bread"]}])
    tea, hot, unheard = (inverse_document_frequency(3, count) for count in (2, 1, 0))
    words = ["tea", "hot", "hot", "unheard"]
    assert uncovered_share(index, words, 0) == pytest.approx(unheard / (tea + hot + unheard))
    assert uncovered_share(index, words, 1) == pytest.approx((hot + unheard) / (tea + hot + unheard))
    assert uncovered_share(index, ["tea"], 1) == 0.0
    assert uncovered_share(index, [], 0) == 1.0


def test_meaning_counts_where_words_are_missing(retriever: Retriever) -> None:
    """This test ensures that a question in a chunk's own words is ranked by these, one in others also by meaning."""
    covered, foreign = ("緑茶の湯", "紅茶の温度と時間と道具と器")
    for query, moved in ((covered, False), (foreign, True)):
        best = retriever.search(query)[0]
        lexical = retriever.search(query, mode=SearchMode.LEXICAL)[0]
        assert (best.score != pytest.approx(lexical.score)) is moved


def test_a_likely_question_finds_its_chunk(asked: Retriever, retriever: Retriever) -> None:
    """This test ensures that a question that shares no word with a chunk finds it by a likely question."""
    for query, chunk_id in (("グラグラのやかんでも平気？", "t1"), ("ブリキの箱にしまうべき？", "t3")):
        assert retriever.scores(query, mode=SearchMode.LEXICAL)["words"].max() == 0
        assert ids(asked.search(query))[0] == chunk_id


def test_likely_scores_are_fields_of_their_own(asked: Retriever) -> None:
    """This test ensures that a result tells what its likely questions gave, and that one mode alone leaves them out."""
    shares = asked.search("渋いのは苦手です")[0].scores_by_field
    assert (shares[LIKELY], shares[LIKELY_DENSE]) == (pytest.approx(1.0), pytest.approx(1.0, abs=2e-3))
    for mode in (SearchMode.LEXICAL, SearchMode.DENSE):
        assert not {LIKELY, LIKELY_DENSE} & asked.scores("渋いのは苦手です", mode=mode).keys()


def test_an_unanswerable_question_leads_nowhere(asked: Retriever) -> None:
    """This test ensures that a question without an answer takes nothing from those with one: the best is still 1."""
    scores = asked.scores("おいくらですか、渋いのは苦手です")[LIKELY]
    assert scores.max() == pytest.approx(1.0)
    assert scores.argmax() == 0


def test_a_chunk_without_questions_keeps_its_own_scores(asked: Retriever) -> None:
    """This test ensures that both scores of a chunk that nobody wrote questions for are those of its own text."""
    scores = asked.scores("生地を発酵させるブリキ")
    lexical = asked.weights.lexical({name: scores[name] for name in asked.weights.fields})
    for number in (1, 3, 4, 5):
        assert scores[LIKELY][number] == pytest.approx(lexical[number] / lexical.max())
        assert scores[LIKELY_DENSE][number] == scores["dense"][number]
    assert scores[LIKELY][2] == pytest.approx(1.0)


@pytest.mark.parametrize("number", [1, 3, 4])
def test_documents_without_questions_are_not_pushed_aside(asked: Retriever, number: int) -> None:
    """This test ensures that a chunk is found first by its own words, whatever is asked of its neighbours."""
    assert ids(asked.search(CHUNKS[number].text))[0] == CHUNKS[number].chunk_id
    assert ids(asked.search(f"{CHUNKS[number].text}そのときブリキの箱にしまうべき？"))[0] == CHUNKS[number].chunk_id


def test_questions_that_lead_nowhere_change_no_search(tmp_path: Path, retriever: Retriever) -> None:
    """This test ensures that documents without likely questions are searched as before, score by score."""
    store = IndexStore(tmp_path)
    nowhere = [Anchor((Target("elsewhere", "", "湿気"),), ("ブリキの箱にしまうべき？",))]
    build_index(DOCUMENTS, CHUNKS, store, FakeEncoder(), anchors=nowhere, unanswerable=WITHOUT)
    same = Retriever.open(store, FakeEncoder())
    assert (same.likely, same.likely_evidence("缶は？")) == (None, None)
    for query in ("緑茶の湯", "ブリキの箱にしまうべき？", "紅茶の温度と時間と道具と器", "", "xyz"):
        assert same.search(query) == retriever.search(query)


def test_an_index_from_before_still_opens(tmp_path: Path, retriever: Retriever) -> None:
    """This test ensures that a generation without these files, weights, count and fingerprint is searched as it was."""
    store = store_in(tmp_path)
    built = store.open()
    recipe = built.manifest.recipe
    before = replace(
        recipe,
        fusion={name: weight for name, weight in recipe.fusion.items() if "likely" not in name},
        counts={name: count for name, count in recipe.counts.items() if name != "likely_questions"},
    )
    assert not set(FILES) & built.manifest.files.keys()
    store.write({name: built.read(name) for name in built.manifest.files}, before)
    manifest = store.status().folder / MANIFEST
    values = json.loads(manifest.read_bytes())
    assert values["recipe"].pop("likely") is None
    assert Manifest.from_bytes(json.dumps(values).encode()).recipe == before
    assert Retriever.open(store, FakeEncoder()).search("緑茶の湯") == retriever.search("緑茶の湯")


def test_likely_evidence(asked: Retriever) -> None:
    """This test ensures that a question is nearest to the side on which it stands."""
    told = dict(zip(NAMES, asked.likely_evidence("渋いのは苦手です").tolist(), strict=True))
    untold = dict(zip(NAMES, asked.likely_evidence("おいくらですか").tolist(), strict=True))
    known, other = NAMES[:2]
    assert told[known] == pytest.approx(1.0, abs=2e-3)
    assert untold[other] == pytest.approx(1.0, abs=2e-3)
    assert told[other] < 0.5 > untold[known]
    best = "BM25 of the best with an answer, as a share of the best"
    assert (told[best], untold[best] < 1) == (1.0, True)


def test_no_index(tmp_path: Path) -> None:
    """This test ensures that searching before building says what to run."""
    with pytest.raises(NoIndex, match="mamori index build"):
        Retriever.open(IndexStore(tmp_path), FakeEncoder())


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    """This test ensures that an index of another encoder is refused, with both named and what to run."""
    with pytest.raises(IncompatibleIndex, match=r"埋め込みモデル.*fake 01234567.*new ffff.*mamori index build"):
        Retriever.open(store_in(tmp_path), FakeEncoder(name="new", fingerprint="ffff"))


def test_another_tokenizer_is_refused(tmp_path: Path) -> None:
    """This test ensures that an index of another dictionary is refused."""

    class Newer(Tokenizer):
        def settings(self) -> dict[str, str]:
            return {**super().settings(), "sudachidict-core": "20990101"}

    with pytest.raises(IncompatibleIndex, match=r"単語分割.*20990101"):
        Retriever.open(store_in(tmp_path), FakeEncoder(), Newer())


def test_every_damaged_file_stops_the_search(tmp_path: Path) -> None:
    """This test ensures that a flipped byte in any file that a build writes is found before a search uses it."""
    store = likely_store(tmp_path)
    for path in sorted(store.status().folder.iterdir()):
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 0x40]))
        with pytest.raises(DamagedIndex, match=path.name):
            Retriever.open(store, FakeEncoder(dimension=512))
        path.write_bytes(content)
    assert store.verify() == []


def test_a_retriever_outlives_its_generation(tmp_path: Path) -> None:
    """This test ensures that a retriever answers as before while new indexes are built and its own is removed."""
    store = store_in(tmp_path)
    retriever = Retriever.open(store, FakeEncoder())
    before = retriever.search("緑茶の湯")
    for number in range(3):
        build_index(DOCUMENTS, [chunk(f"n{number}", "tea", "別の文章です。")], store, FakeEncoder())
    assert retriever.search("緑茶の湯") == before
    assert ids(Retriever.open(store, FakeEncoder()).search("緑茶の湯")) == ["n2"]


def test_importing_costs_little() -> None:
    """This test ensures that importing the search loads none of the slow libraries."""
    code = (
        "import sys, index.retriever; "
        "print([name for name in ('faiss', 'sudachipy', 'torch', 'scipy', 'filelock') if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
