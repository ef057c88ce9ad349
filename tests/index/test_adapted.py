"""Adaptation through building, opening and writing again, on a toy encoder of single characters."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.build import build_index
from index.encoder import EncoderError, StaticEncoder
from index.encoder.adapted import OVERLAY_FILES, Adaptation, generation_encoder
from index.errors import DamagedIndex, IncompatibleIndex
from index.manifest import Manifest
from index.retriever import Retriever
from index.store import IndexStore
from tests.fakes import FakeEncoder
from tests.index.samples import CHUNKS, DOCUMENTS, chunk

ROOT = Path(__file__).resolve().parents[2]
NEW = chunk("t9", "tea", "焙じ茶は香ばしい。熱い湯で淹れます。", "淹れ方")


def toy(fingerprint: str = "00") -> StaticEncoder:
    """An encoder with a random row for each hiragana and two shared rows."""
    names = [*(chr(code) for code in range(0x3041, 0x3097)), "[bucket-0]", "[bucket-1]"]
    weights = np.random.default_rng(0).standard_normal((len(names), 8)).astype(np.float16)
    return StaticEncoder("toy", fingerprint, {name: row for row, name in enumerate(names)}, weights, 2, list)


def store_in(folder: Path) -> IndexStore:
    """A store with an adapted index of the samples."""
    store = IndexStore(folder)
    build_index(DOCUMENTS, CHUNKS, store, toy(), adaptation=Adaptation.FIT)
    return store


def test_the_generation_holds_what_was_learnt(tmp_path: Path) -> None:
    """This test ensures that files and manifest of an adapted index tell the rows, the base and the settings."""
    generation = store_in(tmp_path).open()
    recipe = Manifest.from_bytes(generation.manifest.to_bytes()).recipe
    assert set(OVERLAY_FILES) <= generation.manifest.files.keys()
    assert recipe.adaptation is not None
    assert (recipe.adaptation.base, recipe.adaptation.texts) == ("00", 6)
    assert recipe.adaptation.settings["seed"] == 0
    assert recipe.encoder.fingerprint == generation_encoder(generation, toy()).fingerprint != "00"


def test_only_rows_that_changed_are_kept(tmp_path: Path) -> None:
    """This test ensures that rows of tokens that the text does not have stay out of the generation."""
    tokens = json.loads(store_in(tmp_path).open().read("encoder.json"))["tokens"]
    assert "は" in tokens
    assert "ゑ" not in tokens


def test_same_input_gives_same_bytes(tmp_path: Path) -> None:
    """This test ensures that two adapted builds differ in no file."""
    first, second = (store_in(tmp_path / name).open().manifest for name in ("one", "two"))
    assert (first.files, first.recipe) == (second.files, second.recipe)


def test_questions_are_encoded_as_the_text_was(tmp_path: Path) -> None:
    """This test ensures that a retriever takes the adapted encoder from the generation, given the one before it."""
    store = store_in(tmp_path)
    retriever = Retriever.open(store, toy())
    text = CHUNKS[0].text
    assert retriever.encoder.fingerprint == store.status().manifest.recipe.encoder.fingerprint
    assert not np.array_equal(retriever.encoder.encode([text]), toy().encode([text]))
    assert Retriever.open(store, retriever.encoder).encoder is retriever.encoder


def test_another_base_is_refused(tmp_path: Path) -> None:
    """This test ensures that rows learnt over one model are never laid over another, static or not."""
    store = store_in(tmp_path)
    for other in (toy("11"), FakeEncoder(), FakeEncoder(fingerprint="00")):
        with pytest.raises(IncompatibleIndex, match=r"埋め込みモデル.*mamori index build"):
            Retriever.open(store, other)


def test_a_damaged_row_stops_the_search(tmp_path: Path) -> None:
    """This test ensures that the encoder's files are checked like all others."""
    store = store_in(tmp_path)
    path = store.status().folder / "encoder.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"\x7f")
    with pytest.raises(DamagedIndex, match=r"encoder\.safetensors"):
        Retriever.open(store, toy())


def test_rows_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """This test ensures that files with a right checksum and wrong content are one line, not a trace."""
    generation = store_in(tmp_path).open()
    record = json.loads(generation.read("encoder.json"))
    record["tokens"] = record["tokens"][1:]
    contents = {**generation.contents, "encoder.json": json.dumps(record).encode()}
    with pytest.raises(EncoderError, match="mamori index build"):
        generation_encoder(replace(generation, contents=contents), toy())


@pytest.mark.parametrize("adaptation", [Adaptation.FIT, Adaptation.KEEP])
def test_a_writer_may_keep_the_adapted_encoder(tmp_path: Path, adaptation: Adaptation) -> None:
    """This test ensures that KEEP carries rows and record over where FIT learns anew, whatever the text has become."""
    store = store_in(tmp_path)
    before = store.open()
    after = build_index(DOCUMENTS, [*CHUNKS[:3], NEW], store, toy(), adaptation=adaptation)
    kept = adaptation is Adaptation.KEEP
    assert (after.manifest.recipe.encoder == before.manifest.recipe.encoder) is kept
    assert (after.manifest.recipe.adaptation == before.manifest.recipe.adaptation) is kept
    assert all((after.read(name) == before.read(name)) is kept for name in OVERLAY_FILES)
    assert len(Retriever.open(store, toy()).search("焙じ茶")) == 4


def test_keeping_where_there_is_nothing_to_keep(tmp_path: Path) -> None:
    """This test ensures that KEEP makes a first index, and one over an index without adaptation, with the base."""
    store = IndexStore(tmp_path)
    for _ in range(2):
        recipe = build_index(DOCUMENTS, CHUNKS, store, toy(), adaptation=Adaptation.KEEP).manifest.recipe
        assert (recipe.adaptation, recipe.encoder.fingerprint) == (None, "00")


def test_keeping_over_another_encoder_is_refused(tmp_path: Path) -> None:
    """This test ensures that KEEP does not mix vectors of two encoders, and leaves the index as it was."""
    store = store_in(tmp_path)
    before = store.status().generation_id
    with pytest.raises(IncompatibleIndex):
        build_index(DOCUMENTS, CHUNKS, store, toy("11"), adaptation=Adaptation.KEEP)
    assert store.status().generation_id == before


@pytest.mark.parametrize(
    ("encoder", "chunks"), [(FakeEncoder(), CHUNKS), (toy(), [chunk("x", "tea", "茶")])], ids=["other", "too little"]
)
def test_what_cannot_be_adapted_stays_as_it_is(
    tmp_path: Path, encoder: FakeEncoder | StaticEncoder, chunks: list[object]
) -> None:
    """This test ensures that another kind of encoder, or too little text, gives a plain index and no error."""
    generation = build_index(DOCUMENTS, chunks, IndexStore(tmp_path), encoder, adaptation=Adaptation.FIT)  # type: ignore[arg-type]
    assert generation.manifest.recipe.adaptation is None
    assert not set(OVERLAY_FILES) & generation.manifest.files.keys()


def test_progress_tells_of_the_adaptation(tmp_path: Path) -> None:
    """This test ensures that the seconds of fitting are reported up to their end, before the encoding."""
    seen: list[tuple[str, int, int]] = []
    store = IndexStore(tmp_path)
    build_index(DOCUMENTS, CHUNKS, store, toy(), adaptation=Adaptation.FIT, progress=lambda *now: seen.append(now))
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == ["tokenize", "adapt", "encode", "write"]
    epochs = [(done, total) for stage, done, total in seen if stage == "adapt"]
    assert epochs[-1][0] == epochs[-1][1] == len(epochs)


def test_an_index_from_before_adaptation_still_opens(tmp_path: Path) -> None:
    """This test ensures that a manifest without the key, as written by older versions, is read as not adapted."""
    store = IndexStore(tmp_path)
    values = json.loads(build_index(DOCUMENTS, CHUNKS, store, toy()).manifest.to_bytes())
    del values["recipe"]["adaptation"]
    assert Manifest.from_bytes(json.dumps(values).encode()).recipe.adaptation is None


def test_a_question_needs_neither_scipy_nor_torch() -> None:
    """This test ensures that only a build that adapts pays for its imports, and that torch is never among them."""
    code = (
        "import sys, assistant.wiring, assistant.building; print('scipy' in sys.modules, 'torch' in sys.modules)\n"
        "import index.training.adapt; print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "False"]
