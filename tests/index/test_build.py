"""From chunks to a generation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.models import Page
from index import dense
from index.build import DOCUMENTS as DOCUMENTS_FILE
from index.build import LEAST_UNKNOWN, build_index, chunk_search_text, load_chunks, load_documents, with_questions
from index.dense import DenseIndex
from index.encoder.adapted import Adaptation
from index.errors import NothingToIndex
from index.likely.anchors import Anchor, LocatedQuestion, Target, fingerprint
from index.likely.field import FILES, TEXTS
from index.store import CURRENT, IndexStore
from tests.fakes import FakeEncoder
from tests.index.samples import CHUNKS, DOCUMENTS, chunk, store_in
from tests.index.test_adapted import toy

BITTER = Anchor((Target("tea", "緑茶", "八十度"),), ("渋いのは苦手", "熱すぎる？"))
ELSEWHERE = Anchor((Target("elsewhere", "", "湿気"),), ("缶に？",))


def test_documents_and_chunks_come_back(tmp_path: Path) -> None:
    """This test ensures that every field survives the disk, and that pages are left out."""
    with_page = replace(DOCUMENTS[0], pages=(Page(1, None, ()),))
    generation = build_index([with_page, DOCUMENTS[1]], CHUNKS, IndexStore(tmp_path), FakeEncoder())
    assert load_documents(generation) == tuple(DOCUMENTS)
    assert load_chunks(generation) == tuple(CHUNKS)
    assert generation.read(DOCUMENTS_FILE).count(b'"pages": []') == 2


def test_odd_characters_come_back(tmp_path: Path) -> None:
    """This test ensures that line separators, quotes and stray surrogates in a text are kept as they are."""
    odd = chunk("x", "tea", 'a\u2028b\u0085c\r\n"d"\ud800\x00', "見\n出し")
    generation = build_index(DOCUMENTS, [odd], IndexStore(tmp_path), FakeEncoder())
    assert load_chunks(generation) == (odd,)


def test_same_input_gives_same_bytes(tmp_path: Path) -> None:
    """This test ensures that two builds differ in no file, so that a difference means a change."""
    first = store_in(tmp_path / "one").open().manifest.files
    second = store_in(tmp_path / "two").open().manifest.files
    assert first == second
    assert len(first) == 9


def test_the_recipe_is_recorded(tmp_path: Path) -> None:
    """This test ensures that the manifest tells encoder, tokenizer, weights and counts."""
    recipe = store_in(tmp_path).open().manifest.recipe
    assert (recipe.encoder.name, recipe.encoder.fingerprint, recipe.encoder.dimension) == (
        "fake",
        FakeEncoder().fingerprint,
        8,
    )
    assert recipe.tokenizer["sudachidict-core"]
    assert recipe.fusion["words"] == 1.0
    assert recipe.counts == {"documents": 2, "chunks": 6, "texts": 6, "likely_questions": 0}
    assert recipe.likely is None


def test_likely_questions_are_part_of_a_generation(tmp_path: Path) -> None:
    """This test ensures that questions with and without an answer are in it, with their number and fingerprint."""
    plain = store_in(tmp_path / "plain").open().manifest
    store = IndexStore(tmp_path / "likely")
    made = build_index(
        DOCUMENTS, CHUNKS, store, FakeEncoder(), anchors=iter([BITTER, ELSEWHERE]), unanswerable=["何円ですか"]
    )
    recipe = store.open().manifest.recipe
    assert made.manifest.files.keys() - plain.files.keys() == set(FILES)
    assert made.read(TEXTS).decode().splitlines() == [*BITTER.questions, "何円ですか"]
    assert recipe.counts["likely_questions"] == 2
    assert recipe.likely == fingerprint([BITTER, ELSEWHERE], ["何円ですか"])


def test_questions_that_lead_nowhere_leave_no_trace(tmp_path: Path) -> None:
    """This test ensures that documents that nobody wrote questions for are indexed to the byte as without any."""
    plain = store_in(tmp_path / "plain").open().manifest
    store = IndexStore(tmp_path / "nowhere")
    made = build_index(DOCUMENTS, CHUNKS, store, FakeEncoder(), anchors=[ELSEWHERE], unanswerable=["何円ですか"])
    assert (made.manifest.files, made.manifest.recipe) == (plain.files, plain.recipe)


def test_same_likely_questions_give_same_bytes(tmp_path: Path) -> None:
    """This test ensures that two builds with likely questions differ in no file."""
    first, second = (
        build_index(
            DOCUMENTS, CHUNKS, IndexStore(tmp_path / name), FakeEncoder(), anchors=[BITTER], unanswerable=["何円？"]
        )
        for name in ("one", "two")
    )
    assert first.manifest.files == second.manifest.files


def test_a_chunk_is_encoded_with_its_questions() -> None:
    """This test ensures that questions stand behind the text they lead to, cleaned, and leave other texts alone."""
    likely = [LocatedQuestion("ｶﾝに？", (0, 2)), LocatedQuestion("箱に？", (2,))]
    assert with_questions(["a", "b\nc", "d"], likely) == ["a\nカンに?", "b\nc", "d\nカンに?\n箱に?"]
    assert with_questions(["a"], []) == ["a"]


def test_a_text_with_new_questions_is_encoded_again(tmp_path: Path) -> None:
    """This test ensures that only the chunk that questions were written for, and these, cost anything."""
    store, encoder = store_in(tmp_path), FakeEncoder()
    build_index(DOCUMENTS, CHUNKS, store, encoder, anchors=[BITTER])
    own = chunk_search_text(DOCUMENTS)(CHUNKS[0])
    assert encoder.encoded == ["\n".join([own, "渋いのは苦手", "熱すぎる?"]), "渋いのは苦手", "熱すぎる?"]


@pytest.mark.parametrize(("known", "learnt_from"), [(0, 20), (1, 19), (16, 4), (17, 0), (20, 0)])
def test_the_encoder_is_fitted_to_what_it_does_not_know(tmp_path: Path, known: int, learnt_from: int) -> None:
    """This test ensures that from a fifth of chunks without questions on it learns from these, and from no other."""
    texts = [f"第{number:02}番の茶葉はよく乾かします。茶葉の缶に{number}番と書いておきます。" for number in range(20)]
    chunks = [chunk(f"c{number}", "tea", text) for number, text in enumerate(texts)]
    anchors = [Anchor((Target("tea", "", f"第{number:02}番の"),), (f"缶の{number}は？",)) for number in range(known)]
    generation = build_index(DOCUMENTS, chunks, IndexStore(tmp_path), toy(), adaptation=Adaptation.FIT, anchors=anchors)
    record = generation.manifest.recipe.adaptation
    assert pytest.approx(0.2) == LEAST_UNKNOWN
    assert (record.texts if record else 0) == learnt_from


def test_a_known_text_is_not_encoded_again(tmp_path: Path) -> None:
    """This test ensures that after a change of one chunk only that one is encoded, and vectors stay with their text."""
    store = store_in(tmp_path)
    before = DenseIndex.from_bytes(store.open().read(dense.FILE)).vectors()
    changed = [chunk("t9", "tea", "新しい段落です。", "淹れ方"), *reversed(CHUNKS)]
    encoder = FakeEncoder()
    after = DenseIndex.from_bytes(build_index(DOCUMENTS, changed, store, encoder).read(dense.FILE)).vectors()
    assert encoder.encoded == [chunk_search_text(DOCUMENTS)(changed[0])]
    assert after[1:].tolist() == before[::-1].tolist()


def test_another_encoder_encodes_everything(tmp_path: Path) -> None:
    """This test ensures that vectors of another encoder are never mixed in."""
    encoder = FakeEncoder(fingerprint="other")
    build_index(DOCUMENTS, CHUNKS, store_in(tmp_path), encoder)
    assert len(encoder.encoded) == len(CHUNKS)


def test_a_damaged_index_is_no_source(tmp_path: Path) -> None:
    """This test ensures that a build over a damaged index works and takes nothing from it."""
    store = store_in(tmp_path)
    (store.status().folder / dense.FILE).write_bytes(b"damaged")
    encoder = FakeEncoder()
    build_index(DOCUMENTS, CHUNKS, store, encoder)
    assert len(encoder.encoded) == len(CHUNKS)
    assert store.verify() == []


def test_equal_texts_are_encoded_once(tmp_path: Path) -> None:
    """This test ensures that a text standing twice costs one vector."""
    encoder = FakeEncoder()
    build_index(DOCUMENTS, CHUNKS, IndexStore(tmp_path), encoder, search_text=lambda one: one.text)
    assert len(encoder.encoded) == len(CHUNKS) - 1


def test_search_text_has_title_and_section() -> None:
    """This test ensures that a chunk is found by the title and headings above it, in cleaned form."""
    text = chunk_search_text(DOCUMENTS)(chunk("x", "tea", "ﾃｷｽﾄ", "淹れ方", "緑茶"))
    assert text == "お茶の手引き\n淹れ方 > 緑茶\nテキスト"


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    """This test ensures that every stage is reported up to its end, in order."""
    seen: list[tuple[str, int, int]] = []
    build_index(DOCUMENTS, CHUNKS, IndexStore(tmp_path), FakeEncoder(), progress=lambda *now: seen.append(now))
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == ["tokenize", "encode", "write"]
    assert {("tokenize", 6, 6), ("encode", 6, 6), ("write", 1, 1)} <= set(seen)


def test_nothing_to_index(tmp_path: Path) -> None:
    """This test ensures that an index of nothing does not replace a good one."""
    store = store_in(tmp_path)
    pointer = (store.root / CURRENT).read_bytes()
    with pytest.raises(NothingToIndex, match="文書"):
        build_index(DOCUMENTS, [], store, FakeEncoder())
    assert (store.root / CURRENT).read_bytes() == pointer


def test_an_encoder_that_fails_changes_nothing(tmp_path: Path) -> None:
    """This test ensures that an error while encoding leaves the old generation in use."""

    class Broken(FakeEncoder):
        def encode(self, texts: list[str]) -> NDArray[np.float32]:  # type: ignore[override]
            raise RuntimeError("broken")

    store = store_in(tmp_path)
    before = store.open().generation_id
    with pytest.raises(RuntimeError, match="broken"):
        build_index(DOCUMENTS, CHUNKS, store, Broken(fingerprint="broken"))
    assert store.open().generation_id == before
