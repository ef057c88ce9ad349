"""Retrieval figures by hand, and the whole run on a folder of a few paragraphs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import beir
from eval.beir import BeirError, as_documents, figures, first_rank, read_beir, run, write_beir
from index.build import build_index
from index.models import SearchMode
from index.retriever import Retriever
from index.store import IndexStore
from tests.fakes import FakeEncoder

PARAGRAPHS = [
    ("p1", "お茶", "緑茶は八十度の湯で淹れます。"),
    ("p2", "お茶", "紅茶は三分蒸らします。"),
    ("p3", "パン", "生地を発酵させます。"),
]
QUESTIONS = [("q1", "緑茶は何度の湯で淹れますか"), ("q2", "パンの生地はどうしますか"), ("q3", "誰も答えない質問")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in BEIR layout; nothing answers the third question."""
    rows = [{"_id": name, "title": title, "text": text} for name, title, text in PARAGRAPHS]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    rows = [{"_id": name, "text": text} for name, text in QUESTIONS]
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\tp1\t1\nq1\tp2\t0\nq2\tp3\t1\n", encoding="utf-8"
    )
    return tmp_path


def test_reading(folder: Path) -> None:
    """This test ensures that paragraphs, questions and judgements are read, and a judgement of 0 is none."""
    data = read_beir(folder)
    assert [paragraph.paragraph_id for paragraph in data.paragraphs] == ["p1", "p2", "p3"]
    assert data.questions == dict(QUESTIONS)
    assert data.relevant == {"q1": frozenset({"p1"}), "q2": frozenset({"p3"})}


def test_writing_and_reading(folder: Path, tmp_path: Path) -> None:
    """This test ensures that a set comes back as it was written, but for questions' judgements of 0."""
    data = read_beir(folder)
    write_beir(data, tmp_path / "copy")
    assert read_beir(tmp_path / "copy") == data


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("corpus.jsonl", '{"_id": "p1", "text": "a"}\n\n{"_id": "p2"\n', "corpus.jsonl」の3行目.*JSON"),
        ("corpus.jsonl", '{"_id": 1, "text": "a"}\n', "1行目.*_id と text"),
        ("corpus.jsonl", '{"_id": "p1", "text": "a", "title": null}\n', "1行目.*title"),
        ("corpus.jsonl", "[]\n", "1行目.*_id と text"),
        ("queries.jsonl", '{"_id": "q", "text": "a"}\n{"_id": "q", "text": "b"}\n', "queries.jsonl」の2行目.*2度"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\tp1\t1\nq1 p1 1\n", "qrels.tsv」の3行目.*タブ"),
        ("qrels.tsv", "head\nq1\tp1\tyes\n", "2行目.*整数"),
        ("qrels.tsv", "head\nq9\tp1\t1\n", "2行目.*q9.*queries.jsonl"),
        ("qrels.tsv", "head\nq1\tp9\t1\n", "2行目.*p9.*corpus.jsonl"),
        ("qrels.tsv", None, "qrels.tsv」がありません"),
        ("queries.jsonl", b"\xff\xfe", "UTF-8"),
    ],
)
def test_a_bad_line_is_named(folder: Path, name: str, content: str | bytes | None, expected: str) -> None:
    """This test ensures that a missing file or a bad line is one line of message with file, number and what to do."""
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BeirError, match=expected) as caught:
        read_beir(folder)
    assert "\n" not in str(caught.value)
    assert "ください" in str(caught.value)


def test_no_such_folder(tmp_path: Path) -> None:
    """This test ensures that a folder that is not there is named."""
    with pytest.raises(BeirError, match="nowhere」がありません"):
        read_beir(tmp_path / "nowhere")


def test_paragraphs_of_a_title_make_a_document(folder: Path) -> None:
    """This test ensures that each paragraph is one chunk of the document of its title."""
    documents, chunks = as_documents(read_beir(folder).paragraphs)
    assert [document.title for document in documents] == ["お茶", "パン"]
    assert [chunk.doc_id for chunk in chunks] == ["d0", "d0", "d1"]


def test_first_rank() -> None:
    """This test ensures that places count from 1 and a miss is none."""
    assert first_rank(["a", "b", "c"], frozenset({"c", "b"})) == 2
    assert first_rank(["a"], frozenset({"c"})) is None


def test_figures_by_hand() -> None:
    """This test ensures that a miss, and a find beyond the tenth place, count as zero rather than not at all."""
    made = figures([1, 2, None, 11], [0.001, 0.002, 0.003, 0.004])
    assert (made.questions, made.recall_at_1, made.recall_at_10, made.mrr_at_10) == (4, 25.0, 50.0, 37.5)
    assert made.median_ms == pytest.approx(2.5)


def test_a_run(folder: Path, tmp_path: Path) -> None:
    """This test ensures that a run asks every question, also the one without an answer."""
    data = read_beir(folder)
    store = IndexStore(tmp_path / "index")
    build_index(*as_documents(data.paragraphs), store, FakeEncoder())
    made = run(Retriever.open(store, FakeEncoder()), data, SearchMode.LEXICAL)
    assert made.questions == 3
    assert made.recall_at_1 == pytest.approx(200 / 3)


def test_the_command(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """This test ensures that the command prints a line of figures for each mode."""
    monkeypatch.setattr(beir, "load_encoder", lambda _: FakeEncoder())
    beir.main([str(folder)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("3 paragraphs indexed")
    assert [line.split()[0] for line in lines[1:]] == ["hybrid", "lexical", "dense"]
    assert "R@1 66.7" in lines[2]
