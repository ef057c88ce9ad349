"""The first check of answers."""

from __future__ import annotations

from pathlib import Path

from assistant.models import Answer, AnswerStatus
from eval.check import DEFAULT_SETS, Outcome, check, missing_facts, read_set, summary


class Parrot:
    """Answers a question with its own words, and refuses those that begin with "no"."""

    def ask(self, question: str) -> Answer:
        status = AnswerStatus.NOT_IN_CORPUS if question.startswith("no") else AnswerStatus.ANSWERED
        return Answer(question, question, question, (), (), (), status)


def test_facts_are_found_whatever_their_width_and_spacing() -> None:
    """This test ensures that a key fact counts as shown under NFKC, without spaces and bold marks."""
    answer = Parrot().ask("ページは **Ｐ 85** です")
    assert missing_facts(answer, [["P85", "85ページ"], ["P86"]]) == (("P86",),)


def test_counts_worked_out_by_hand() -> None:
    """This test ensures that a missing fact, a refusal and an answer too many are each counted once."""
    rows = [
        {"id": "1", "question": "P85", "answerable": True, "key_facts": [["P85"]]},
        {"id": "2", "question": "P85", "answerable": True, "key_facts": [["P1"]]},
        {"id": "3", "question": "no", "answerable": True, "key_facts": [["P1"]]},
        {"id": "4", "question": "no", "answerable": False},
        {"id": "5", "question": "yes", "answerable": False},
    ]
    outcomes = check(Parrot(), rows)  # type: ignore[arg-type]
    assert [outcome.right for outcome in outcomes] == [True, False, False, True, False]
    assert summary(outcomes) == ("answerable: 1 of 3 with every key fact, 1 refused; unanswerable: 1 of 2 answered")


def test_the_sets_that_ship_are_sound() -> None:
    """This test ensures that every set has unique ids and that each answerable question of most sets has key facts."""
    for name in DEFAULT_SETS:
        rows = read_set(name)
        assert len({row["id"] for row in rows}) == len(rows)
        if name != "answerability":
            assert all(row["key_facts"] for row in rows if row["answerable"])


def test_a_file_is_a_set_too(tmp_path: Path) -> None:
    """This test ensures that a set may be a file of one's own."""
    path = tmp_path / "own.jsonl"
    path.write_text('{"id": "1", "question": "no", "answerable": false}\n\n', encoding="utf-8")
    assert check(Parrot(), read_set(str(path))) == [Outcome("1", "no", False, False, ())]  # type: ignore[arg-type]
