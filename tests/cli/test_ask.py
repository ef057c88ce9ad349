"""Tests of `mamori ask` with one question."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SAMPLE = "海外の顧客からサンプルを求められた"
ELSEWHERE = "来週の大阪の天気を教えて"
KEYS = {
    *("id", "question", "standalone_question", "status", "answer", "sentences"),
    *("citations", "passages", "notes", "timing_ms"),
}
SENTENCE_KEYS = {"text", "markers", "status"}
CITATION_KEYS = {
    *("marker", "doc_id", "document_title", "edition", "published", "section", "start_page", "end_page"),
    *("page_label", "quote", "source_url", "status"),
}
PASSAGE_KEYS = {"rank", "doc_id", "section", "start_page", "end_page", "text", "score"}


def test_prints_the_answer_and_its_numbered_sources(mamori: Run, digest: Path) -> None:
    """This test ensures that an answer comes with the list of its sources, and nothing on standard error."""
    result = mamori("ask", SAMPLE, "--data-dir", digest)
    answer, sources = result.out.split("\n出典\n")
    assert "[1]" in answer
    assert sources.startswith("[1] ")
    assert "「" in sources
    assert (result.status, result.err) == (0, "")


def test_json_is_one_object_with_the_promised_fields(mamori: Run, digest: Path) -> None:
    """This test ensures that `--json` prints one object and nothing else, with every field of the contract."""
    result = mamori("ask", "--json", SAMPLE, "--data-dir", digest)
    answer = json.loads(result.out)
    assert answer.keys() >= KEYS
    assert answer["timing_ms"].keys() == {"retrieve", "answer", "total"}
    for rows, keys in (("sentences", SENTENCE_KEYS), ("citations", CITATION_KEYS), ("passages", PASSAGE_KEYS)):
        assert answer[rows]
        assert all(row.keys() >= keys for row in answer[rows])
    assert answer["status"] == "answered"
    assert answer["question"] == SAMPLE
    assert "出典" not in answer["answer"].splitlines()
    assert all(8 <= len(citation["quote"]) <= 300 for citation in answer["citations"])
    assert [passage["rank"] for passage in answer["passages"]] == list(range(1, 21))
    assert (result.status, result.err) == (0, "")


def test_what_the_documents_do_not_hold_is_no_failure(mamori: Run, digest: Path) -> None:
    """This test ensures that "not in the corpus" exits 0, cites nothing and still lists the passages looked at."""
    result = mamori("ask", "--json", ELSEWHERE, "--data-dir", digest)
    answer = json.loads(result.out)
    assert (result.status, answer["status"], answer["citations"]) == (0, "not_in_corpus", [])
    assert answer["passages"]


@pytest.mark.parametrize("top_k", [1, 3, 30])
def test_top_k_is_the_number_of_passages(mamori: Run, digest: Path, top_k: int) -> None:
    """This test ensures that `--top-k` gives that many passages, more than the default too."""
    answer = json.loads(mamori("ask", "--json", "--top-k", str(top_k), SAMPLE, "--data-dir", digest).out)
    assert len(answer["passages"]) == top_k


def test_more_passages_than_there_are_is_all_of_them(mamori: Run, data: Path) -> None:
    """This test ensures that a `--top-k` above the size of the index is no error."""
    answer = json.loads(mamori("ask", "--json", "--top-k", "100000", "試作品の返却", "--data-dir", data).out)
    assert 1 <= len(answer["passages"]) < 20


def test_doc_limits_answer_and_passages(mamori: Run, tmp_path: Path, document: Path) -> None:
    """This test ensures that with `--doc` nothing comes from another document, and that it may be given twice."""
    other = tmp_path / "other.txt"
    other.write_text("試作品の返却は総務課が受け付けます。\n", encoding="utf-8")
    data = tmp_path / "both"
    mamori("index", "build", document, other, "--data-dir", data)

    def documents(*options: str) -> set[str]:
        out = mamori("ask", "--json", "試作品の返却", *options, "--data-dir", data).out
        return {passage["doc_id"] for passage in json.loads(out)["passages"]}

    assert documents("--doc", "other") == {"other"}
    assert documents("--doc", "other", "--doc", "kitei") == documents() == {"other", "kitei"}


def test_builds_the_digest_where_there_is_no_index_and_it_is_asked_to(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that `--build` makes the index once, says so on standard error, and keeps an existing one."""
    first = mamori("ask", "--build", SAMPLE, "--data-dir", tmp_path / "new")
    second = mamori("ask", "--build", SAMPLE, "--data-dir", tmp_path / "new")
    assert (first.status, first.err.count("\n")) == (0, 1)
    assert (second.out, second.err) == (first.out, "")


def test_a_document_cannot_steer_the_terminal(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that escape sequences of a document, in its text or its title, are not printed."""
    folder = tmp_path / "evil"
    folder.mkdir()
    (folder / "a.txt").write_text("試作品の返却は\x1b[2J\x1b]0;x\x07総務課が受け付けます。\n", encoding="utf-8")
    sources = '[[document]]\nfile = "a.txt"\nid = "a"\ntitle = "規程\\u001b[2J\\u0007"\n'
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    mamori("index", "build", folder, "--data-dir", tmp_path / "data")
    out = mamori("ask", "試作品の返却は誰が受け付けますか", "--data-dir", tmp_path / "data").out
    out += mamori("index", "status", "--data-dir", tmp_path / "data").out
    assert "総務課" in out
    assert out.count("規程") >= 2
    assert not set(out) & {"\x1b", "\x07"}


def test_a_question_may_begin_with_a_hyphen(mamori: Run, digest: Path) -> None:
    """This test ensures that after `--` everything is the question."""
    answer = json.loads(mamori("ask", "--json", "--data-dir", digest, "--", "--doc とは").out)
    assert answer["question"] == "--doc とは"
