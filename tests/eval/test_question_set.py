"""Tests of reading, finding and writing question sets: what is refused, where the mistake is, what comes back."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from eval.errors import QuestionSetError
from eval.models import MAX_PHRASE, Gold, Grade, Kind, Question, Target
from eval.question_set import find_set, parse_question, question_line, read_set, set_names, write_set
from tests.eval.fake_systems import ENGLISH, OTHER, QUESTION

GOOD: dict[str, Any] = json.loads(question_line(QUESTION))
REFUSAL: dict[str, Any] = json.loads(question_line(OTHER))
TARGET = {"doc_id": "kitei", "section": "", "phrase": "承認番号"}


def written(folder: Path, *rows: object, name: str = "set") -> Path:
    """A set of rows, each as JSON unless it is text already."""
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path = folder / f"{name}.jsonl"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return path


def refused(path: Path) -> str:
    """The one line that says why a set is not read, and what to do."""
    with pytest.raises(QuestionSetError) as caught:
        read_set(path)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    assert message.endswith("ください。")
    return message


def with_target(**changes: object) -> dict[str, Any]:
    """A change that gives a question one target, itself changed."""
    return {"gold": [{"grade": "needed", "targets": [{**TARGET, **changes}]}]}


def test_a_set_is_read_in_order(tmp_path: Path) -> None:
    """This test ensures that questions come as written, with the file's name and the hash of its bytes."""
    path = written(tmp_path, GOOD, "", REFUSAL, json.loads(question_line(ENGLISH)), name="mine")
    questions = read_set(path)
    assert questions.questions == (QUESTION, OTHER, ENGLISH)
    assert (questions.name, questions.sha256) == ("mine", sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize("field", GOOD)
def test_every_field_must_be_there(field: str, tmp_path: Path) -> None:
    """This test ensures that each of the ten fields, left out, is named with its line."""
    row = {name: value for name, value in GOOD.items() if name != field}
    assert f"2行目の {field} が正しくありません：この項目がありません" in refused(written(tmp_path, REFUSAL, row))


WRONG_TYPES = {
    "id": (7, "id", "文字列"),
    "question": (None, "question", "文字列"),
    "language": (1, "language", "使えるのは 'ja' or 'en'"),
    "kind": (None, "kind", "使えるのは 'fact'"),
    "history": ({}, "history", "配列"),
    "answerable": ("true", "answerable", "true か false"),
    "reference_answer": (["x"], "reference_answer", "文字列"),
    "key_facts": ("承認番号", "key_facts", "配列"),
    "gold": ({}, "gold", "配列"),
    "note": (None, "note", "文字列"),
}


@pytest.mark.parametrize(("name", "expected"), WRONG_TYPES.items(), ids=WRONG_TYPES.keys())
def test_every_field_has_its_type(name: str, expected: tuple[object, str, str], tmp_path: Path) -> None:
    """This test ensures that each of the ten fields with a value of another type is named, with what to write."""
    value, field, problem = expected
    message = refused(written(tmp_path, REFUSAL, {**GOOD, name: value}))
    assert f"2行目の {field} が正しくありません" in message
    assert problem in message


BAD = {
    "an unknown field": ({"memo": ""}, "memo", "知らない項目"),
    "an unknown kind": ({"kind": "facts"}, "kind", "「facts」は使えません。使えるのは 'fact', 'definition'"),
    "an unknown language": ({"language": "fr"}, "language", "「fr」は使えません"),
    "1 for true": ({"answerable": 1}, "answerable", "true か false"),
    "a blank id": ({"id": " "}, "id", "空です"),
    "a blank question": ({"question": "\u3000\n"}, "question", "空です"),
    "an unknown role": ({"history": [["user", "a"], ["system", "b"]]}, "history[1][0]", "「system」は使えません"),
    "a turn without a text": ({"history": [["user"]]}, "history[0][1]", "この項目がありません"),
    "a turn that is text": ({"history": ["user: a"]}, "history[0]", "配列"),
    "a turn of an object": ({"history": [["user", {}]]}, "history[0][1]", "文字列"),
    "facts without groups": ({"key_facts": ["承認番号"]}, "key_facts[0]", "配列"),
    "a number as a wording": ({"key_facts": [["a"], ["b", 5]]}, "key_facts[1][1]", "文字列"),
    "an empty wording": ({"key_facts": [["a"], ["b", ""]]}, "key_facts[1]", "空の言い方"),
    "a blank wording": ({"key_facts": [["\u3000"]]}, "key_facts[0]", "空の言い方"),
    "a group of no wordings": ({"key_facts": [[]]}, "key_facts[0]", "空の言い方"),
    "gold that is text": ({"gold": ["承認番号"]}, "gold[0]", "{ } の形"),
    "gold without a grade": ({"gold": [{"targets": [TARGET]}]}, "gold[0].grade", "この項目がありません"),
    "an unknown grade": ({"gold": [{"grade": "must", "targets": [TARGET]}]}, "gold[0].grade", "「must」は使えません"),
    "gold of one target only": ({"gold": [{"grade": "needed", "targets": TARGET}]}, "gold[0].targets", "配列"),
    "gold without targets": ({"gold": [{"grade": "needed", "targets": []}]}, "gold[0].targets", "1つ以上"),
    "a target without a document": (with_target(doc_id=" "), "gold[0].targets[0].doc_id", "空です"),
    "a target with a page": (with_target(page=3), "gold[0].targets[0].page", "知らない項目"),
    "a phrase of 31": (with_target(phrase="長" * 31), "gold[0].targets[0].phrase", "30文字までです（いまは31文字）"),
    "unanswerable, said to be": ({"kind": "unanswerable"}, "answerable", "kind が unanswerable のとき、false"),
    "not unanswerable, said not to be": ({"answerable": False}, "answerable", "kind が fact のとき、true"),
    "a follow-up to nothing": ({"kind": "follow_up"}, "history", "前のやりとり"),
}


@pytest.mark.parametrize(("change", "field", "problem"), BAD.values(), ids=BAD.keys())
def test_a_mistake_is_named_with_line_and_field(
    change: dict[str, Any], field: str, problem: str, tmp_path: Path
) -> None:
    """This test ensures that whatever is wrong with a question is one line with its line and its field."""
    message = refused(written(tmp_path, REFUSAL, "", {**GOOD, **change}))
    assert f"3行目の {field} が正しくありません" in message
    assert problem in message


@pytest.mark.parametrize("field", ["key_facts", "gold"])
def test_an_unanswerable_question_has_nothing_to_find(field: str, tmp_path: Path) -> None:
    """This test ensures that key facts or gold of a question that the documents do not answer are refused."""
    assert f"1行目の {field} が正しくありません" in refused(written(tmp_path, {**REFUSAL, field: GOOD[field]}))


def test_the_longest_phrase(tmp_path: Path) -> None:
    """This test ensures that thirty characters are allowed, and that a phrase or a section may be empty."""
    for target in ({"phrase": "長" * MAX_PHRASE}, {"phrase": ""}, {"phrase": "", "section": ""}):
        assert read_set(written(tmp_path, {**GOOD, **with_target(**target)})).questions


def test_an_id_that_comes_twice(tmp_path: Path) -> None:
    """This test ensures that a second question of the same id is refused at its own line."""
    message = refused(written(tmp_path, GOOD, REFUSAL, "", {**GOOD, "question": "別の質問"}))
    assert "4行目の id が正しくありません：「q1」は前の行にもあります" in message


NO_OBJECTS = {
    "no JSON": ("{", "JSONとして"),
    "text": ("質問", "JSONとして"),
    "two on a line": ("{} {}", "JSONとして"),
    "half a character": (json.dumps({**GOOD, "note": "\ud800"}), "JSONとして"),
    "nesting without end": ("[" * 100_000, "JSONとして"),
    "an array": (json.dumps([GOOD]), "{ } の形"),
    "a string": ('"q1"', "{ } の形"),
    "null": ("null", "{ } の形"),
}


@pytest.mark.parametrize(("line", "problem"), NO_OBJECTS.values(), ids=NO_OBJECTS.keys())
def test_a_line_that_is_no_question(line: str, problem: str, tmp_path: Path) -> None:
    """This test ensures that what is not one JSON object is refused at its line, which has no field then."""
    assert f"2行目が正しくありません：{problem}" in refused(written(tmp_path, GOOD, line))


def test_a_whole_file_as_one_array(tmp_path: Path) -> None:
    """This test ensures that a set saved as ordinary JSON, over several lines, is refused and not half read."""
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps([GOOD, REFUSAL], indent=2), encoding="utf-8")
    assert "1行目が正しくありません" in refused(path)


def test_files_of_windows(tmp_path: Path) -> None:
    """This test ensures that a byte-order mark and Windows line ends change nothing but the hash."""
    plain = written(tmp_path, GOOD, REFUSAL, name="plain")
    windows = tmp_path / "windows.jsonl"
    windows.write_bytes(b"\xef\xbb\xbf" + plain.read_bytes().replace(b"\n", b"\r\n"))
    assert read_set(windows).questions == read_set(plain).questions
    assert read_set(windows).sha256 != read_set(plain).sha256


def test_another_encoding_and_an_empty_file(tmp_path: Path) -> None:
    """This test ensures that CP932 is named with the line where it shows, and that empty files are said to be."""
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"\n" + json.dumps(GOOD, ensure_ascii=False).encode("cp932"))
    assert "の2行目がUTF-8ではありません" in refused(path)
    for content in (b"", b"\xef\xbb\xbf", b"\n \r\n"):
        path.write_bytes(content)
        assert "空です" in refused(path)


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_only_a_newline_ends_a_question(separator: str, tmp_path: Path) -> None:
    """This test ensures that line separators inside a question are read and written as they are."""
    question = replace(QUESTION, question=f"持ち出し{separator}返却")
    write_set(tmp_path / "set.jsonl", [question, OTHER])
    assert separator.encode() in (tmp_path / "set.jsonl").read_bytes()
    assert read_set(tmp_path / "set.jsonl").questions == (question, OTHER)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """This test ensures that a set loses nothing on the way to its file and back, and is the same bytes each time."""
    whole = Question(
        id="会議 1/2",
        question='"引用"と\\と\n改行',
        language="ja",
        kind=Kind.FOLLOW_UP,
        history=(("user", "前の\t質問"), ("assistant", ""), ("user", "😀")),
        answerable=True,
        reference_answer="",
        key_facts=(("5日", "五日"), ("A|B",)),
        gold=(
            Gold(Grade.NEEDED, (Target("a", "章", "句"), Target("b", "", ""))),
            Gold(Grade.RELEVANT, (Target("a", "", "…"),)),
        ),
        note="\x85\u2028",
    )
    first, second = tmp_path / "new" / "first.jsonl", tmp_path / "second.jsonl"
    write_set(first, (whole, OTHER, ENGLISH))
    assert read_set(first).questions == (whole, OTHER, ENGLISH)
    write_set(second, read_set(first).questions)
    assert first.read_bytes() == second.read_bytes()


def test_a_line_has_the_fields_of_the_schema_in_order() -> None:
    """This test ensures that a question is written as one line with the schema's ten fields."""
    line = question_line(replace(QUESTION, note="a\nb"))
    assert line.count("\n") == 1
    assert list(json.loads(line)) == list(asdict(QUESTION))
    assert "持ち出す" in line


def test_a_set_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a full disk costs neither the set there was nor leaves half of the new one."""
    path = written(tmp_path, GOOD)
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(QuestionSetError, match=r"書けません.*空き容量"):
            write_set(path, [QUESTION, OTHER])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_object_that_was_read_already() -> None:
    """This test ensures that a question of a table is held to the same schema as a line, half characters included."""
    assert parse_question(GOOD, "table.csv", 3) == QUESTION
    with pytest.raises(QuestionSetError, match=r"「table.csv」の3行目の kind が正しくありません"):
        parse_question({**GOOD, "kind": "x"}, "table.csv", 3)
    with pytest.raises(QuestionSetError, match=r"3行目が正しくありません"):
        parse_question({**GOOD, "note": "\ud800"}, "table.csv", 3)


def test_messages_are_japanese() -> None:
    """This test ensures that a turn with one part too many is said in the reader's language like any other mistake."""
    with pytest.raises(QuestionSetError, match=r"history\[0\] が正しくありません") as caught:
        parse_question({**GOOD, "history": [["user", "a", "b"]]}, "set", 1)
    assert "Tuple" not in str(caught.value)


def test_a_message_is_one_line() -> None:
    """This test ensures that a line end in a wrong value does not get into the message."""
    with pytest.raises(QuestionSetError) as caught:
        parse_question({**GOOD, "kind": "fa\nct"}, "set", 1)
    assert "\n" not in str(caught.value)


def test_a_set_is_found_by_name_and_by_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that paths are taken as they are, and names are looked up in the own folder first."""
    assert find_set("dev").is_file()
    assert find_set("dev", tmp_path / "nowhere") == find_set("dev")
    own = written(tmp_path, GOOD, name="dev")
    assert find_set("dev", tmp_path) == own
    assert find_set(str(own)) == own
    (tmp_path / "elsewhere").write_text("{}", encoding="utf-8")
    assert find_set(str(tmp_path / "elsewhere")) == tmp_path / "elsewhere"
    monkeypatch.chdir(tmp_path)
    assert find_set("dev.jsonl") == Path("dev.jsonl")


def test_a_name_with_dots(tmp_path: Path) -> None:
    """This test ensures that a set called like a version is found by its name."""
    own = written(tmp_path, GOOD, name="v1.2")
    assert find_set("v1.2", tmp_path) == own


def test_an_unknown_name_lists_the_names(tmp_path: Path) -> None:
    """This test ensures that a wrong name is answered with the names there are, own ones included, and a wrong path."""
    written(tmp_path, GOOD, name="mine")
    with pytest.raises(QuestionSetError, match="質問セット「dve」がありません") as caught:
        find_set("dve", tmp_path)
    assert {"dev", "test", "readme", "mine"} <= set(set_names(tmp_path))
    assert "、".join(set_names(tmp_path)) in str(caught.value)
    assert "mine" not in set_names()
    with pytest.raises(QuestionSetError, match=r"「nowhere/set.jsonl」がありません"):
        find_set("nowhere/set.jsonl", tmp_path)


@pytest.mark.parametrize("name", ["", "a\0b", "長" * 300, "../dev", "."])
def test_a_name_that_no_file_can_have(name: str, tmp_path: Path) -> None:
    """This test ensures that whatever is typed for a name ends in one of our errors."""
    with pytest.raises(QuestionSetError, match="がありません"):
        find_set(name, tmp_path / "questions")
