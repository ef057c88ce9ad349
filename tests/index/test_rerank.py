"""Putting the first results of a search in another order; no model is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.settings import Settings
from assistant.wiring import build_reranker
from index.build import build_index
from index.likely.anchors import Anchor, Target
from index.manifest import Manifest
from index.models import SearchMode, SearchResult
from index.rerank import DEPTH, LinearReranker, RerankerError
from index.rerank.features import FEATURES, Asked
from index.rerank.linear import LEAST_WORDS, WEIGHTS, combine
from index.rerank.order import reorder
from index.retriever import Retriever
from index.store import IndexStore
from index.tokenize import Tokenizer
from tests.fakes import FakeEncoder
from tests.index.samples import CHUNKS, DOCUMENTS, chunk, document, retriever_in, store_in

QUESTION = "緑茶は何度の湯で淹れますか"


@dataclass
class FakeReranker:
    """A reranker that likes texts with `liked` in them; `asked` collects what it was given."""

    liked: str
    name: str = "fake"
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return 1 for a text with `liked`, else 0."""
        self.asked.append((query, tuple(texts)))
        return np.array([self.liked in text for text in texts], dtype=np.float32)


def signs(question: str, heading: str, body: str) -> dict[str, float]:
    """Return the features by name, each word and bigram counting the same."""
    asked = Asked.of(question, Tokenizer().words(question), lambda _: 1.0, lambda _: 1.0)
    return dict(zip(FEATURES, asked.features(heading, body).tolist(), strict=True))


def result(number: int, score: float) -> SearchResult:
    """Return a result of this rank whose chunk is called after it."""
    return SearchResult(chunk(f"c{number}", "tea", f"第{number}"), score, number, {"words": score})


def test_words_of_one_sentence_count_more_than_scattered_ones() -> None:
    """This test ensures that a sentence with all words of the question beats two that share them."""
    together = signs("緑茶の保管場所", "", "湯を沸かします。緑茶の保管場所は冷蔵庫です。")
    scattered = signs("緑茶の保管場所", "", "緑茶を淹れます。湯を沸かします。保管場所は冷蔵庫です。")
    assert together["words_in_sentence"] == 1.0
    assert scattered["words_in_sentence"] < 1.0
    assert together["word_pairs"] > scattered["word_pairs"]


def test_the_heading_counts_for_each_sentence() -> None:
    """This test ensures that a word of the heading need not be said again."""
    assert signs("緑茶の温度", "緑茶", "温度は八十度です。")["words_in_sentence"] == 1.0
    assert signs("緑茶の温度", "紅茶", "温度は八十度です。")["words_in_sentence"] == 0.5


def test_a_missing_number_is_counted() -> None:
    """This test ensures that numbers are told apart, full-width or not, and each missing one counts."""
    assert signs("2024年と１９９８年の版", "", "1998年の版です。")["numbers_missing"] == 1.0
    assert signs("2024年と１９９８年の版", "", "二つの版です。")["numbers_missing"] == 2.0


def test_a_date_counts_where_the_question_asks_when() -> None:
    """This test ensures that a date answers "when" and nothing else."""
    body = "この手引きは2024年5月に出ました。"
    assert signs("手引きはいつ出ましたか", "", body)["date_asked"] == 1.0
    assert signs("手引きはどこで出ましたか", "", body)["date_asked"] == 0.0
    assert signs("手引きはいつ出ましたか", "", "この手引きは役所が出しました。")["date_asked"] == 0.0


def test_names_are_looked_for() -> None:
    """This test ensures that katakana and quoted names of the question are found in a passage, or not."""
    assert signs("ダージリンと「白い箱」", "", "ダージリンは白い箱に入れます。")["names_found"] == 1.0
    assert signs("ダージリンと「白い箱」", "", "ダージリンは缶に入れます。")["names_found"] == 0.5


@pytest.mark.parametrize(
    ("question", "heading", "body"), [("", "", ""), ("？", "見出し", "\n\n"), ("a", "", " 。\n。 ")]
)
def test_nothing_makes_features_fail(question: str, heading: str, body: str) -> None:
    """This test ensures that empty questions and passages give finite numbers."""
    assert np.isfinite(list(signs(question, heading, body).values())).all()


def test_signs_are_added_to_the_share_of_the_best() -> None:
    """This test ensures that scores are shares of the greatest plus weighted signs."""
    given = np.array([[1.0, 0.0], [0.5, 1.0]])
    assert combine(given, np.array([4.0, 2.0]), np.array([0.4, -0.2])) == pytest.approx([1.4, 0.5])


def test_a_question_in_words_of_its_own_is_left_alone() -> None:
    """This test ensures that without a sentence that has enough of its words the search's order stays."""
    given = np.array([[LEAST_WORDS - 0.01, 0.0], [0.1, 9.0]])
    assert combine(given, np.array([4.0, 2.0]), np.array([0.4, 0.9])) == pytest.approx([1.0, 0.5])


def test_weights_survive_the_manifest() -> None:
    """This test ensures that an index tells the weights that its search uses, one for each feature."""
    assert len(WEIGHTS) == len(FEATURES)
    flat = LinearReranker().to_flat()
    assert LinearReranker.from_flat(flat).weights == pytest.approx(WEIGHTS)


def test_chunks_move_and_scores_stay() -> None:
    """This test ensures that ranks and scores stay in order, ties keep theirs, and what is behind stays behind."""
    results = [result(1, 0.9), result(2, 0.8), result(3, 0.7), result(4, 0.6)]
    moved = reorder(results, np.array([0.0, 5.0, 0.0]))
    assert [one.chunk.chunk_id for one in moved] == ["c2", "c1", "c3", "c4"]
    assert [one.rank for one in moved] == [1, 2, 3, 4]
    assert [one.score for one in moved] == [0.9, 0.8, 0.7, 0.6]
    assert moved[0].scores_by_field == {"words": 0.8}


def test_a_reranker_decides_the_first_place(tmp_path: Path) -> None:
    """This test ensures that a reranker gets the question and headed texts, and that its choice comes first."""
    reranker = FakeReranker("網の上")
    retriever = Retriever.open(store_in(tmp_path), FakeEncoder(), reranker=reranker)
    found = retriever.search(QUESTION, top_k=2)
    assert found[0].chunk.chunk_id == "b2"
    assert len(found) == 2
    query, texts = reranker.asked[0]
    assert query == QUESTION
    assert "お茶の手引き\n淹れ方 > 緑茶\n緑茶は八十度の湯で淹れると渋くなりません。" in texts


def test_only_the_first_results_are_read_again(tmp_path: Path) -> None:
    """This test ensures that a reranker is given `DEPTH` texts of many, however many results are asked for."""
    chunks = [chunk(f"n{number}", "tea", f"緑茶の話、その{number}です。") for number in range(DEPTH + 15)]
    store = IndexStore(tmp_path)
    build_index([document("tea", "お茶")], chunks, store, FakeEncoder())
    reranker = FakeReranker("話")
    found = Retriever.open(store, FakeEncoder(), reranker=reranker).search("緑茶の話", top_k=DEPTH + 10)
    assert len(reranker.asked[0][1]) == DEPTH
    assert len(found) == DEPTH + 10
    assert [one.rank for one in found] == list(range(1, DEPTH + 11))


@pytest.mark.parametrize("mode", [SearchMode.LEXICAL, SearchMode.DENSE])
def test_one_kind_of_score_alone_is_not_reranked(tmp_path: Path, mode: SearchMode) -> None:
    """This test ensures that a search by words alone or by vectors alone gives the order of these."""
    reranker = FakeReranker("網の上")
    retriever = Retriever.open(store_in(tmp_path), FakeEncoder(), reranker=reranker)
    assert retriever.search(QUESTION, mode=mode)
    assert not reranker.asked


def test_an_index_of_plain_documents_names_the_linear_reranker(tmp_path: Path) -> None:
    """This test ensures that a build records the weights, that the manifest is read back, and taken up."""
    retriever = retriever_in(tmp_path)
    manifest = retriever.generation.manifest
    assert Manifest.from_bytes(manifest.to_bytes()).recipe.reranking == LinearReranker().to_flat()
    assert retriever.linear is not None
    assert retriever.linear.weights == pytest.approx(WEIGHTS)


def test_the_linear_reranker_prefers_the_sentence_that_says_it(tmp_path: Path) -> None:
    """This test ensures that the passage with the asked date comes before a shorter one without."""
    chunks = [
        chunk("when", "tea", "役所ではいろいろ検討しました。改訂版の手引きが出たのは2021年3月のことでした。"),
        chunk("often", "tea", "改訂版の手引きが出たのは喜ばしい。"),
    ]
    store = IndexStore(tmp_path)
    build_index([document("tea", "お茶")], chunks, store, FakeEncoder(dimension=512))
    retriever = Retriever.open(store, FakeEncoder(dimension=512))
    assert retriever.search("改訂版の手引きが出たのはいつですか")[0].chunk.chunk_id == "when"
    retriever.linear = None
    assert retriever.search("改訂版の手引きが出たのはいつですか")[0].chunk.chunk_id == "often"


def test_likely_questions_keep_their_order(tmp_path: Path) -> None:
    """This test ensures that an index with likely questions names no linear reranker, and that none is used."""
    store = IndexStore(tmp_path)
    anchors = [Anchor((Target("tea", "緑茶", "八十度"),), ("渋いのは苦手です",))]
    build_index(DOCUMENTS, CHUNKS, store, FakeEncoder(), anchors=anchors)
    retriever = Retriever.open(store, FakeEncoder())
    assert retriever.generation.manifest.recipe.reranking == {}
    assert retriever.linear is None
    assert retriever.search(QUESTION)


def test_the_setting_is_off_unless_given(tmp_path: Path) -> None:
    """This test ensures that MAMORI_RERANKER is read, and that nothing is loaded without it."""
    assert Settings.from_environment(tmp_path, {"MAMORI_RERANKER": " "}).reranker is None
    assert Settings.from_environment(tmp_path, {"MAMORI_RERANKER": " folder "}).reranker == "folder"
    assert build_reranker(Settings(tmp_path)) is None


def test_the_error_is_one_of_the_index() -> None:
    """This test ensures that whoever shows the errors of the index shows this one too."""
    from index.errors import IndexingError

    assert issubclass(RerankerError, IndexingError)
