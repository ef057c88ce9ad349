"""Tests of training and adaptation, on made-up sentences and toy sizes."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from index.encoder import StaticEncoder, load_encoder
from index.encoder.overlay import from_files, to_files
from index.training.__main__ import main
from index.training.adapt import AdaptSettings, _gradient, adapt
from index.training.bags import PassageBags, choose_vocabulary, join, tokenise
from index.training.batches import batches, cloze, count_batches
from index.training.data import Passage, held_back_titles, read_set, sentences
from index.training.evaluate import figures
from index.training.save import write_folder
from index.training.settings import FitSettings
from index.training.sparse import Counts

ROOT = Path(__file__).resolve().parents[2]
SUBJECTS = ["りんご", "電車", "裁判", "台風", "将棋", "温泉", "火山", "俳句"]
TOY_OPTIONS = ["--dim", "16", "--vocabulary", "200", "--buckets", "8", "--epochs", "3", "--threads", "1"]


def passage_of(subject: str) -> str:
    """A paragraph of three sentences that share one word."""
    return f"{subject}は古くから知られている。{subject}を調べる人は多い。私たちは{subject}の本を読んだ。"


def write_set(folder: Path, subjects: Iterable[str] = SUBJECTS) -> Path:
    """Write a toy retrieval set: one paragraph and one question a subject, two paragraphs an article."""
    folder.mkdir()
    corpus, queries, qrels = [], [], ["query-id\tcorpus-id\tscore"]
    for number, subject in enumerate(subjects):
        corpus.append({"_id": f"p{number}", "title": f"記事{number // 2}", "text": passage_of(subject)})
        queries.append({"_id": f"q{number}", "text": f"{subject}の本を読んだのは誰ですか。"})
        qrels.append(f"q{number}\tp{number}\t1")
    for name, rows in (("corpus", corpus), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    (folder / "qrels.tsv").write_text("\n".join(qrels), encoding="utf-8")
    return folder


def words_encoder(words: str, dimension: int = 8) -> StaticEncoder:
    """An encoder of random rows for these words, parted by spaces."""
    names = words.split()
    weights = np.random.default_rng(0).standard_normal((len(names), dimension)).astype(np.float16)
    return StaticEncoder("toy", "00", {name: row for row, name in enumerate(names)}, weights, 0, str.split)


def ids(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """An array of token numbers."""
    return np.array(numbers, dtype=np.int64)


def test_script_trains_a_model_that_loads(tmp_path: Path) -> None:
    """This test ensures that the script runs end to end and that its model finds what it was trained on."""
    data = write_set(tmp_path / "data")
    options = ["--data", str(data), "--output", str(tmp_path / "model"), "--report", str(data), *TOY_OPTIONS]
    assert main(options) == 0
    encoder = load_encoder(str(tmp_path / "model"))
    assert encoder.dimension == 16
    own, other, question = encoder.encode([passage_of("火山"), passage_of("将棋"), "火山の本"])
    assert question @ own > question @ other
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert "| data, adapted | 8 |" in card
    assert "JaQuAD" in card
    assert not list(tmp_path.glob(".model*"))


def test_same_seed_same_model(tmp_path: Path) -> None:
    """This test ensures that training is repeatable: the same seed gives the same fingerprint, another one does not."""
    data = write_set(tmp_path / "data")
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        options = ["--data", str(data), "--output", str(tmp_path / name), "--no-check", "--seed", seed, *TOY_OPTIONS]
        assert main(options) == 0
    prints = [load_encoder(str(tmp_path / name)).fingerprint for name in "abc"]
    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [("queries.jsonl", None, "読めません"), ("corpus.jsonl", "{", "形式"), ("qrels.tsv", "a\nb\tc", "形式")],
)
def test_bad_data_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, content: str | None, expected: str
) -> None:
    """This test ensures that missing or malformed data ends in one line and status 1, with no model written."""
    data = write_set(tmp_path / "data")
    if content is None:
        (data / file).unlink()
    else:
        (data / file).write_text(content, encoding="utf-8")
    assert main(["--data", str(data), "--output", str(tmp_path / "model")]) == 1
    message = capsys.readouterr().err
    assert expected in message
    assert message.count("\n") == 1
    assert not (tmp_path / "model").exists()


def test_failed_write_leaves_the_old_model(tmp_path: Path) -> None:
    """This test ensures that a model that cannot be written whole leaves the one before as it was."""
    folder = tmp_path / "model"
    write_folder(folder, {"a": b"old"})
    with pytest.raises(OSError, match="name"):
        write_folder(folder, {"a": b"new", "x" * 300: b""})
    assert (folder / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_articles_stay_on_one_side(tmp_path: Path) -> None:
    """This test ensures that whole articles are held back, the same ones for the same seed."""
    passages = read_set(write_set(tmp_path / "data"))
    held_back = held_back_titles(passages, 0.25, seed=3)
    assert len(held_back) == 1
    assert held_back == held_back_titles(passages, 0.25, seed=3)
    assert passages[0].questions == ("りんごの本を読んだのは誰ですか。",)


def test_sentences_keep_every_character() -> None:
    """This test ensures that splitting loses no text but the white space between sentences."""
    assert sentences("一つ。二つ?\n\n三つ") == ["一つ。", "二つ?", "三つ"]


def test_vocabulary_is_frequent_and_ordered() -> None:
    """This test ensures that rare tokens and tokens with a space get no row, and that ties are alphabetical."""
    counts = {"b": 2, "a": 2, "c": 5, "rare": 1, "two words": 9}
    assert choose_vocabulary(counts, size=2, min_count=2) == ["c", "a"]


def test_join_gives_offsets() -> None:
    """This test ensures that bags are laid end to end with the offset of each, empty ones included."""
    flat, offsets = join([ids(1, 2), ids(), ids(3)])
    assert (flat.tolist(), offsets.tolist()) == ([1, 2, 3], [0, 2, 2])


def test_batches_hold_whole_articles_and_every_passage() -> None:
    """This test ensures that an epoch shows every passage once and keeps an article together."""
    passages = [PassageBags(str(number // 3), ids(number), [ids(90)], [ids(number)]) for number in range(12)]
    settings = FitSettings(batch_size=6, cloze_share=0.0, title_dropped=0.0)
    shown = [[int(bag[0]) for bag in batch.passages] for batch in batches(passages, settings, random.Random(0))]
    assert count_batches(12, 6) == len(shown) == 2
    assert sorted(number for batch in shown for number in batch) == list(range(12))
    assert all(len({number // 3 for number in batch}) == 2 for batch in shown)


def test_a_group_comes_before_the_article() -> None:
    """This test ensures that what has a group is batched by it, keeps its title, and else goes by its article."""
    passages = [Passage("記事", "一。", ("問",), "組"), Passage("記事", "二。", ("問",))]
    tokenised = tokenise(passages, str.split)
    assert [passage.article for passage in tokenised] == ["組", "記事"]
    assert [passage.title for passage in tokenised] == [["記事"], ["記事"]]


def test_cloze_hides_the_sentence_that_asks() -> None:
    """This test ensures that the sentence that asks is not in the passage that answers."""
    passage = PassageBags("a", ids(0), [ids(1), ids(2), ids(3)], [])
    batch = cloze([passage] * 20, random.Random(0))
    assert all(query[0] not in bag for query, bag in zip(batch.queries, batch.passages, strict=True))
    assert {int(query[0]) for query in batch.queries} == {1, 2, 3}


def test_figures_by_hand() -> None:
    """This test ensures that recall and reciprocal rank are what a pencil gives, ties counted against the encoder."""
    passages = np.eye(3, dtype=np.float32)
    queries = np.array([[1, 0, 0], [0.5, 0.1, 0], [0, 0.5, 0.5]], dtype=np.float32)
    found = figures(queries, passages, [0, 1, 2])
    assert (found.recall_at_1, found.recall_at_10) == (pytest.approx(1 / 3), 1.0)
    assert found.mrr_at_10 == pytest.approx((1 + 1 / 2 + 1 / 2) / 3)


def test_gradient_is_the_slope_of_the_loss() -> None:
    """This test ensures that the gradient written by hand agrees with finite differences."""
    random_numbers = np.random.default_rng(0)
    weights = random_numbers.standard_normal((5, 3)).astype(np.float32)
    queries, passages = Counts.of([[0, 1], [2]], 5), Counts.of([[1, 3, 3], [2, 4]], 5)

    def loss(at: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
        sums = [counts.matrix.toarray().astype(np.float64) @ at for counts in (queries, passages)]
        query, passage = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in sums)
        scores = query @ passage.T / 0.5
        return float(np.mean(np.log(np.exp(scores).sum(axis=1)) - np.diag(scores)))

    expected = np.zeros((5, 3))
    for place in np.ndindex(5, 3):
        step = np.zeros((5, 3))
        step[place] = 1e-5
        expected[place] = (loss(weights + step) - loss(weights - step)) / 2e-5
    assert _gradient(queries, passages, weights, 0.5) == pytest.approx(expected, abs=1e-4)


def test_adaptation_learns_what_stands_together() -> None:
    """This test ensures that words of one text come nearer, that a new word gets a row, and that the base stays."""
    encoder = words_encoder("a b c d e f")
    before = encoder.encode(["a", "b", "c"])
    texts = ["a new\na b new\nb new", "c d\nd\nc", "e f\nf\ne"] * 2
    adapted = adapt(encoder, texts, settings=AdaptSettings(epochs=20))
    after = adapted.encode(["a", "b", "c", "new"])
    assert after[0] @ after[1] > before[0] @ before[1] + 0.2
    assert after[3] @ after[0] > after[3] @ after[2]
    assert np.array_equal(encoder.encode(["a", "b", "c"]), before)


def test_adaptation_is_repeatable_and_survives_the_disk() -> None:
    """This test ensures that the same texts give the same encoder, and that its files give it back."""
    encoder = words_encoder("a b c d")
    texts = ["a b\nb a", "c d\nd c", "a x\nx a", "x c\nd x"]
    seen: list[tuple[int, int]] = []
    settings = AdaptSettings(epochs=2)
    adapted = adapt(encoder, texts, settings=settings, progress=lambda done, total: seen.append((done, total)))
    again = from_files(to_files(adapted, encoder), encoder)
    assert adapted.fingerprint == adapt(encoder, texts, settings=settings).fingerprint == again.fingerprint
    assert np.array_equal(adapted.encode(texts), again.encode(texts))
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize("texts", [[], ["a b\nb"], ["a", "b"], ["", "\n"]])
def test_nothing_to_learn_from(texts: list[str]) -> None:
    """This test ensures that too little text leaves the encoder as it is instead of failing."""
    encoder = words_encoder("a b")
    assert adapt(encoder, texts) is encoder


def test_adaptation_needs_no_torch() -> None:
    """This test ensures that building an index with adaptation does not import torch."""
    code = "import sys; import index.training.adapt; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
