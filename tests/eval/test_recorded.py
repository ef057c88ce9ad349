"""Files of answers that other systems wrote: what is taken, what is refused and how it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.errors import AnswersError
from eval.recorded import read_answers
from tests.eval.fake_systems import QUESTION, answered

IDS = {"q1", "q2", "q3"}


def written(path: Path, *rows: object) -> Path:
    """A file of rows, each as JSON unless it is text already."""
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_whole_row_comes_back(tmp_path: Path) -> None:
    """This test ensures that an answer of the contract is taken as it is, fields of its own included."""
    row = answered("q1", notes=["x"], own={"model": "m"})
    recorded = read_answers(written(tmp_path / "a.jsonl", row), IDS, "theirs")
    assert recorded.name == "theirs"
    read = recorded.answer(QUESTION)
    assert {name: read[name] for name in row} == row


def test_what_is_not_there_is_empty(tmp_path: Path) -> None:
    """This test ensures that id and status are enough, a number as id, and a byte-order mark is let through."""
    path = written(
        tmp_path / "a.jsonl", '\ufeff{"id": "q1", "status": "not_in_corpus"}', {"id": 7, "status": "answered"}
    )
    rows = read_answers(path, {"q1", "7"}, "x").rows
    assert rows["q1"]["citations"] == rows["q1"]["passages"] == rows["q1"]["sentences"] == []
    assert rows["7"]["answer"] == ""


def test_passages_come_by_rank(tmp_path: Path) -> None:
    """This test ensures that ranks decide where every passage has one, and the order of the file where not."""

    def passages(*ranks: int | None) -> list[dict[str, object]]:
        return [{"doc_id": f"d{n}", "text": "", "rank": rank} for n, rank in enumerate(ranks)]

    path = written(
        tmp_path / "a.jsonl",
        answered("q1", passages=passages(3, 1, 2)),
        answered("q2", passages=passages(3, None, 2)),
    )
    rows = read_answers(path, IDS, "x").rows
    assert [(one["doc_id"], one["rank"]) for one in rows["q1"]["passages"]] == [("d1", 1), ("d2", 2), ("d0", 3)]
    assert [one["doc_id"] for one in rows["q2"]["passages"]] == ["d0", "d1", "d2"]


def test_an_error_row_is_an_error_row(tmp_path: Path) -> None:
    """This test ensures that a question on which the other system failed has no result."""
    path = written(tmp_path / "a.jsonl", {"id": "q1", "status": "error", "error": "timeout"})
    assert read_answers(path, IDS, "x").rows["q1"] == {"id": "q1", "status": "error", "error": "timeout"}


BAD = {
    "not JSON": (["{"], "1行目が正しくありません：JSONとして読めません"),
    "a list": (["[]"], "1行目が正しくありません：{ } の形"),
    "no id": ([{"status": "answered"}], "1行目の id が正しくありません：この項目がありません"),
    "a list as id": ([{"id": [], "status": "answered"}], "1行目の id が"),
    "no status": ([answered("q1"), {"id": "q2"}], "2行目の status が正しくありません：この項目がありません"),
    "an unknown status": ([answered("q1", status="maybe")], "status.*「maybe」は使えません.*not_in_corpus"),
    "an answer that is no text": ([answered("q1", answer=3)], "answer が正しくありません：文字列"),
    "a marker that is no number": (
        [answered("q1", sentences=[{"text": "", "markers": ["1"]}])],
        r"sentences\[0\].markers\[0\] が正しくありません：整数",
    ),
    "a citation without a quote": (
        [answered("q1", citations=[{"marker": 1, "doc_id": "d"}])],
        r"citations\[0\].quote が正しくありません：この項目がありません",
    ),
    "a page that is no number": (
        [answered("q1", passages=[{"doc_id": "d", "text": "", "start_page": "3"}])],
        r"passages\[0\].start_page が正しくありません：整数",
    ),
    "passages that are no list": ([answered("q1", passages={})], "passages が正しくありません：配列"),
    "a time that is no number": (
        [answered("q1", timing_ms={"total": "1"})],
        "timing_ms.total が正しくありません：数で",
    ),
    "a time without end": (['{"id": "q1", "status": "answered", "timing_ms": {"total": NaN}}'], "有限"),
    "an id twice": ([answered("q1"), answered("q2"), answered("q1")], "3行目の id .*「q1」は前の行にも"),
    "unknown ids": ([answered(f"z{n}") for n in range(5)], "5 件あります（z0、z1、z2 など）"),
    "nothing": ([""], "空です"),
}


@pytest.mark.parametrize(("rows", "expected"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_scored_is_named(tmp_path: Path, rows: list[object], expected: str) -> None:
    """This test ensures that a bad file is one line with the line and the field, and what to do."""
    with pytest.raises(AnswersError, match=expected) as caught:
        read_answers(written(tmp_path / "a.jsonl", *rows), IDS, "x")
    assert "\n" not in str(caught.value)
    assert "ください" in str(caught.value) or "書いて" in str(caught.value)


def test_another_encoding_is_named(tmp_path: Path) -> None:
    """This test ensures that a file saved as CP932 is refused with the line where that shows, and a missing one too."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(('{"id": "q1"}\n' + json.dumps({"id": "答"}, ensure_ascii=False)).encode("cp932"))
    with pytest.raises(AnswersError, match=r"2行目がUTF-8ではありません.*ください"):
        read_answers(path, IDS, "x")
    with pytest.raises(AnswersError, match="読めません"):
        read_answers(tmp_path / "none.jsonl", IDS, "x")
