"""Tests of feedback as it is stored and read, and of the question that is made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval import candidates
from eval.candidates import add_to_set, candidate
from eval.errors import MarkError, QuestionSetError
from eval.feedback import Feedback, Reason, Thumb, feedback_file, mark_handled, new_id, now, read_feedback, store
from eval.models import MAX_PHRASE, Gold, Grade, Kind, Target
from eval.question_set import read_set
from index import journal
from index.lock import only_one
from tests.eval.samples import CONTACT, LENDING, RIGHT_ANSWER, citation, refusal

SAID = Feedback(
    id="1",
    created="2026-01-05T09:30:00+09:00",
    verdict=Thumb.DOWN,
    reason=Reason.INCOMPLETE,
    comment="期限が書かれていません",
    question="機器はいつまでに返しますか",
    history=(("user", "機器を借りたい"), ("assistant", "台帳に記録します。[1]")),
    answer=RIGHT_ANSWER,
    generation="20260105T093000Z-1f2e3d4c",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where feedback of an empty data folder goes."""
    return feedback_file(tmp_path / "data")


def said(**changes: Any) -> Feedback:  # noqa: ANN401
    """The sample, changed."""
    return replace(SAID, **changes)


def texts(path: Path) -> list[str]:
    """The comments as they are read, newest first."""
    return [entry.feedback.comment for entry in read_feedback(path).entries]


def test_everything_comes_back(path: Path) -> None:
    """This test ensures that what was stored is read back equal, the answer with its passages included."""
    store(path, SAID)
    (entry,) = read_feedback(path).entries
    assert entry.feedback == SAID
    assert entry.feedback.answer["passages"] == RIGHT_ANSWER["passages"]
    assert not entry.handled


def test_nothing_yet(path: Path) -> None:
    """This test ensures that no file means no feedback and leaves none behind."""
    assert read_feedback(path) == journal.Kept()
    assert not path.parent.exists()


def test_newest_first_and_the_last_word_counts(path: Path) -> None:
    """This test ensures that the order is by time and that saying more about an answer replaces what was said."""
    store(path, said(id="1", comment="一"))
    store(path, said(id="2", comment="二"))
    store(path, said(id="1", comment="三", verdict=Thumb.UP, reason=None))
    assert texts(path) == ["三", "二"]
    assert read_feedback(path).entries[0].feedback.verdict is Thumb.UP


def test_handled_until_something_is_said_again(path: Path) -> None:
    """This test ensures that a dealt-with entry is marked, no other is, and that a new word opens it again."""
    store(path, said(id="1"))
    store(path, said(id="2"))
    mark_handled(path, "1")
    mark_handled(path, "unknown")
    assert {entry.feedback.id: entry.handled for entry in read_feedback(path).entries} == {"1": True, "2": False}
    store(path, said(id="1"))
    assert not any(entry.handled for entry in read_feedback(path).entries)


@pytest.mark.parametrize("torn", [b'{"id": "2", "comm', "{「途中".encode()[:-1], b"\x00\x00\x00"])
def test_a_torn_line_is_counted_and_never_glued(path: Path, torn: bytes) -> None:
    """This test ensures that a line that a crash cut off costs itself only, before and after the next is written."""
    store(path, said(id="1", comment="前"))
    with path.open("ab") as handle:
        handle.write(torn)
    assert (texts(path), read_feedback(path).unreadable) == (["前"], (2,))
    store(path, said(id="3", comment="後"))
    assert (texts(path), read_feedback(path).unreadable) == (["後", "前"], (2,))


def test_a_whole_line_without_its_end_counts(path: Path) -> None:
    """This test ensures that a last line that lacks only its line end is read, and stays apart from the next."""
    store(path, said(id="1", comment="前"))
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    store(path, said(id="2", comment="後"))
    assert (texts(path), read_feedback(path).unreadable) == (["後", "前"], ())


@pytest.mark.parametrize(
    "text", ["行\n替え\r\n", "\u2028\u2029\x85", "\ud800", '"}\\', "<script>", "", "𠮷野家👎"], ids=repr
)
def test_any_text_stays_on_its_line(path: Path, text: str) -> None:
    """This test ensures that no character of a comment breaks the file; half a surrogate pair becomes "?"."""
    store(path, said(comment=text))
    store(path, said(id="2", comment="次"))
    assert texts(path) == ["次", text.replace("\ud800", "?")]


def test_many_writers_at_once(path: Path) -> None:
    """This test ensures that lines written at the same time all arrive whole."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store(path, said(id=str(number), comment="長い" * 2000)), range(40)))
    assert read_feedback(path).unreadable == ()
    assert {entry.feedback.id for entry in read_feedback(path).entries} == set(map(str, range(40)))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """This test ensures that a path that cannot be made gives one line with its reason."""
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(MarkError, match="保存できません（フォルダーがあるべき場所に、ファイルがあります）") as caught:
        store(feedback_file(tmp_path / "data"), SAID)
    assert "\n" not in str(caught.value)


def test_a_full_disk_leaves_no_half_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that after a failed write the file is as it was, so that the next line is whole."""
    store(path, said(comment="前"))
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(journal.os, "fsync", full)
        with pytest.raises(MarkError, match="空き容量がありません"):
            store(path, said(id="2"))
    assert path.read_bytes() == before


def test_a_lock_that_is_held(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a writer that waits too long says so in one line."""
    store(path, SAID)
    monkeypatch.setattr(journal, "LOCK_SECONDS", 0.05)
    with (
        only_one(path.with_name(path.name + ".lock")),
        pytest.raises(MarkError, match="ほかのプログラムが使っています"),
    ):
        store(path, SAID)


def test_a_file_that_cannot_be_read(path: Path) -> None:
    """This test ensures that a folder in the file's place is an error of one line, not an empty list."""
    path.mkdir(parents=True)
    with pytest.raises(MarkError, match="読めません"):
        read_feedback(path)


def test_ids_differ_and_the_time_has_a_zone() -> None:
    """This test ensures that two answers never share an id and that a time can be placed anywhere."""
    assert new_id() != new_id()
    assert len(now()) == len("2026-01-05T09:30:00+09:00")


def test_a_candidate_of_a_useful_answer() -> None:
    """This test ensures that what was cited becomes needed gold: document, innermost heading, a piece of the quote."""
    question = candidate(said(verdict=Thumb.UP, reason=None, comment="", history=()))
    assert question.gold == (
        Gold(Grade.NEEDED, (Target("guide", "貸し出し", "貸し出す機器は、台帳に記録します。返却の期限は5日です。"),)),
        Gold(Grade.NEEDED, (Target("guide", "相談先", "困ったときは、内線1,200の情報係に相談します。"),)),
    )
    assert (question.language, question.answerable, question.key_facts) == ("ja", True, ())
    assert question.reference_answer == ""
    assert question.note == "feedback 2026-01-05: up"


def test_what_was_cited_in_a_poor_answer_is_relevant_at_most() -> None:
    """This test ensures that 👎 makes relevant gold, and none where the source was what was wrong."""
    assert {gold.grade for gold in candidate(SAID).gold} == {Grade.RELEVANT}
    assert candidate(said(reason=Reason.WRONG_SOURCE)).gold == ()
    assert candidate(SAID).note == "feedback 2026-01-05: down / incomplete / 期限が書かれていません"


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"quote": "短い行\n" + "長" * 40}, Target("guide", "貸し出し", "長" * MAX_PHRASE)),
        ({"quote": "貸し 出し"}, Target("guide", "貸し出し", "")),
        ({"section": "", "quote": "引用の文"}, Target("guide", "", "引用の文")),
        ({"section": None, "quote": ""}, None),
    ],
    ids=["the longest line, cut", "a heading", "no section", "nothing to find it by"],
)
def test_the_place_of_a_citation(changes: Mapping[str, object], target: Target | None) -> None:
    """This test ensures that a phrase is short and of one line, and that a heading is a place without a phrase."""
    answer = {**RIGHT_ANSWER, "citations": [citation(LENDING, **changes), citation(LENDING, **changes)]}
    gold = candidate(said(answer=answer)).gold
    assert gold == (() if target is None else (Gold(Grade.RELEVANT, (target,)),))


@pytest.mark.parametrize(
    ("question", "history", "language", "kind"),
    [
        ("営業秘密とは何ですか", (), "ja", Kind.DEFINITION),
        ("海外の顧客からサンプルを求められた", (), "ja", Kind.SCENARIO),
        ("相談窓口を教えてください", (), "ja", Kind.CONTACT),
        ("What is a trade secret?", (), "en", Kind.DEFINITION),
        ("それはなぜですか", (("user", "営業秘密とは"), ("assistant", "秘密です。")), "ja", Kind.FOLLOW_UP),
    ],
)
def test_language_and_kind_are_guessed(
    question: str, history: tuple[tuple[str, str], ...], language: str, kind: Kind
) -> None:
    """This test ensures that the draft starts from what the assistant itself takes the question for."""
    draft = candidate(said(question=question, history=history))
    assert (draft.language, draft.kind) == (language, kind)


@pytest.mark.parametrize(
    ("verdict", "reason", "answerable"),
    [(Thumb.UP, None, False), (Thumb.DOWN, Reason.WRONGLY_REFUSED, True)],
)
def test_a_refusal(verdict: Thumb, reason: Reason | None, answerable: bool) -> None:
    """This test ensures that a refusal is taken for right only where it was found of use."""
    question = said(verdict=verdict, reason=reason, history=(), answer=refusal(), question="営業秘密とは何ですか")
    draft = candidate(question)
    assert draft.answerable is answerable
    assert (draft.kind is Kind.UNANSWERABLE) is not answerable


def test_a_question_without_a_word_is_still_a_candidate() -> None:
    """This test ensures that what the assistant cannot take apart does not stop the evaluator."""
    assert candidate(said(question="？？")).kind is Kind.FACT


def test_a_candidate_is_added_and_numbered(tmp_path: Path) -> None:
    """This test ensures that a set is made, grows, and gives an id that it has already the next free number."""
    folder = tmp_path / "questions"
    added = [add_to_set(folder, "candidates", candidate(SAID)).id for _ in range(3)]
    assert added == ["feedback-20260105-1", "feedback-20260105-2", "feedback-20260105-3"]
    other = add_to_set(folder, "candidates", replace(candidate(SAID), id="own"))
    assert add_to_set(folder, "candidates", other).id == "own-2"
    kept = read_set(folder / "candidates.jsonl").questions
    assert [question.id for question in kept] == [*added, "own", "own-2"]
    assert kept[0] == candidate(SAID)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("readme", "同梱の質問セット"),
        ("", "使えません"),
        ("../evil", "使えません"),
        ("a/b", "使えません"),
        ("長" * 41, "使えません"),
    ],
)
def test_names_of_sets(tmp_path: Path, name: str, problem: str) -> None:
    """This test ensures that a set cannot hide a bundled one nor be written elsewhere."""
    with pytest.raises(QuestionSetError, match=problem):
        add_to_set(tmp_path, name, candidate(SAID))
    assert list(tmp_path.iterdir()) == []


def test_a_candidate_that_is_not_in_order(tmp_path: Path) -> None:
    """This test ensures that a question that contradicts itself names the field and leaves the set as it was."""
    add_to_set(tmp_path, "candidates", candidate(SAID))
    before = (tmp_path / "candidates.jsonl").read_bytes()
    with pytest.raises(QuestionSetError, match="2行目の gold"):
        add_to_set(tmp_path, "candidates", replace(candidate(SAID), kind=Kind.UNANSWERABLE, answerable=False))
    assert (tmp_path / "candidates.jsonl").read_bytes() == before


def test_a_damaged_set_is_not_written_over(tmp_path: Path) -> None:
    """This test ensures that a set that cannot be read is named and kept."""
    (tmp_path / "candidates.jsonl").write_text("{broken", encoding="utf-8")
    with pytest.raises(QuestionSetError, match="1行目"):
        add_to_set(tmp_path, "candidates", candidate(SAID))
    assert (tmp_path / "candidates.jsonl").read_text(encoding="utf-8") == "{broken"


def test_a_set_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a folder that cannot be made and a lock that is held are lines of their own."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(QuestionSetError, match="書けません"):
        add_to_set(tmp_path / "file" / "sets", "candidates", candidate(SAID))
    monkeypatch.setattr(candidates, "LOCK_SECONDS", 0.05)
    with only_one(tmp_path / "candidates.jsonl.lock"), pytest.raises(QuestionSetError, match="ほかのプログラム"):
        add_to_set(tmp_path, "candidates", candidate(SAID))


def test_the_line_is_plain_json(path: Path) -> None:
    """This test ensures that other tools can read the file: one object a line, Japanese as it is, no pickles."""
    store(path, SAID)
    row = json.loads(path.read_text(encoding="utf-8"))
    assert row["question"] == SAID.question
    assert row["answer"]["citations"][1]["quote"] == CONTACT.text
    assert "期限" in path.read_text(encoding="utf-8")
