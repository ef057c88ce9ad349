"""Folders in BEIR layout: read, written, and refused where they are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.beir import BeirError, as_documents, read_beir, write_beir

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


def test_each_paragraph_is_a_document(folder: Path) -> None:
    """This test ensures that a paragraph is one document of one chunk, both under its id and with its title."""
    documents, chunks = as_documents(read_beir(folder).paragraphs)
    assert [(document.doc_id, document.title) for document in documents] == [(p[0], p[1]) for p in PARAGRAPHS]
    assert [(chunk.chunk_id, chunk.doc_id, chunk.text) for chunk in chunks] == [(p[0], p[0], p[2]) for p in PARAGRAPHS]
