"""Tests of self-study: marking, what to read again, and results that are kept and deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.sample import CITATIONS, MATCHING, ORDERING, QUIZ, SOURCES, TRUE_FALSE, choice
from training.models import Line, Quiz, QuizItem
from training.study import (
    Record,
    Study,
    StudyError,
    again,
    answer,
    cut,
    forget,
    is_right,
    read_results,
    record,
    result,
    results_file,
    right_answer,
)


def study_of(*items: QuizItem) -> Study:
    """A study of these items."""
    return Study(Quiz("クイズ", items, CITATIONS, SOURCES, 1), "猫車の点検")


def wrong_answer(item: QuizItem) -> tuple[int, ...]:
    """A wrong answer to an item: the first wrong option, or everything the other way round."""
    if item.options:
        return (next(at for at, option in enumerate(item.options) if not option.is_right),)
    return tuple(reversed(right_answer(item)))


@pytest.mark.parametrize("item", QUIZ, ids=lambda item: item.item_id)
def test_each_kind_is_marked(item: QuizItem) -> None:
    """This test ensures that of every kind the right answer counts as right and another as wrong."""
    assert is_right(item, right_answer(item))
    assert not is_right(item, wrong_answer(item))


@pytest.mark.parametrize(
    ("item", "given"),
    [
        (choice(1), (4,)),
        (choice(1), (-1,)),
        (choice(1), ()),
        (TRUE_FALSE, (0, 1)),
        (MATCHING, (0, 1)),
        (ORDERING, (4, 0, 1, 2)),
    ],
)
def test_what_is_no_answer_is_refused(item: QuizItem, given: tuple[int, ...]) -> None:
    """This test ensures that an answer that does not fit its item is not taken for a wrong one."""
    with pytest.raises(ValueError, match="is no answer"):
        is_right(item, given)


def test_things_that_read_the_same_are_the_same() -> None:
    """This test ensures that nobody is marked wrong for choosing the twin of a text that reads the same."""
    twins = replace(ORDERING, sequence=(Line("計画"), Line("計画"), Line("撤退")), shown=(0, 1, 2))
    assert is_right(twins, (1, 0, 2))
    assert not is_right(twins, (2, 0, 1))


def test_from_the_first_item_to_the_result() -> None:
    """This test ensures that items come in order, and that the result counts what was right and names what was not."""
    study = study_of(*QUIZ)
    for item in QUIZ:
        assert study.current is item
        study = answer(study, wrong_answer(item) if item in (TRUE_FALSE, MATCHING) else right_answer(item))
    assert study.current is None
    found = result(study)
    assert (found.right, found.total) == (4, 6)
    assert found.missed == (TRUE_FALSE, MATCHING)
    with pytest.raises(ValueError, match="every item"):
        answer(study, (0,))


def test_what_to_read_again_is_grouped_most_often_first() -> None:
    """This test ensures that the place behind most of what was missed comes first, once, with how many lead there."""
    night = replace(TRUE_FALSE, item_id="d" * 12, explanation=Line("夜です。", (2,)))
    study = study_of(night, choice(1), TRUE_FALSE)
    for item in study.quiz.items:
        study = answer(study, wrong_answer(item))
    reread = result(study).reread
    assert [(one.citation.section, one.missed) for one in reread] == [("点検 > 朝の点検", 2), ("点検 > 夜の点検", 1)]


def test_of_pairs_only_those_that_were_missed_are_to_be_read_again() -> None:
    """This test ensures that a pair that was matched rightly sends nobody back to its source."""
    study = answer(study_of(MATCHING), (0, 2, 1))
    assert [one.citation.marker for one in result(study).reread] == [2, 3]


def test_of_steps_every_one_is_to_be_read_again() -> None:
    """This test ensures that a wrong order names the source of each step, in their order, and not only of the first."""
    item = replace(ORDERING, sequence=(Line("計画", (3,)), Line("契約", (1,)), Line("撤退", (2,))), shown=(0, 1, 2))
    study = answer(study_of(item), (1, 0, 2))
    assert [one.citation.marker for one in result(study).reread] == [3, 1, 2]


def test_pairs_that_cite_nothing_lead_to_the_others() -> None:
    """This test ensures that what was matched wrongly leads to the item's sources where it has none itself."""
    bare = tuple(replace(pair, markers=()) if at else pair for at, pair in enumerate(MATCHING.pairs))
    study = answer(study_of(replace(MATCHING, pairs=bare)), (0, 2, 1))
    assert [one.citation.marker for one in result(study).reread] == [1]


def test_an_explanation_without_a_source_leads_to_that_of_the_right_option() -> None:
    """This test ensures that what was missed always leads somewhere where anything is cited at all."""
    item = replace(choice(1), explanation=Line("朝です。"))
    study = answer(study_of(item), wrong_answer(item))
    assert [one.citation.marker for one in result(study).reread] == [1]


def test_only_what_was_missed_is_asked_again() -> None:
    """This test ensures that a second round has the missed items and says that it is one."""
    study = answer(answer(study_of(choice(1), TRUE_FALSE), (1,)), (0,))
    second = again(study)
    assert second.quiz.items == (TRUE_FALSE,)
    assert second.again
    assert second.responses == ()


def test_ending_early_leaves_out_what_was_not_asked() -> None:
    """This test ensures that items without an answer count neither as right nor as wrong."""
    study = cut(answer(study_of(choice(1), TRUE_FALSE), (1,)))
    assert study.current is None
    assert (result(study).right, result(study).total) == (1, 1)


def test_results_are_kept_without_names(tmp_path: Path) -> None:
    """This test ensures that a result is read again as it was, and that nothing but date, theme and items is kept."""
    path = results_file(tmp_path)
    assert read_results(path).entries == ()
    study = answer(answer(study_of(choice(1), TRUE_FALSE), (1,)), (0,))
    kept = record(path, study)
    record(path, answer(again(study), (1,)))
    entries = read_results(path).entries
    assert entries[0] == kept
    assert [(one.right, len(one.items), one.again) for one in entries] == [(1, 2, False), (1, 1, True)]
    row = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert set(row) == {"date", "theme", "items", "again"}
    assert [set(item) for item in row["items"]] == [{"item_id", "is_right"}] * 2


def test_a_damaged_line_costs_itself_only(tmp_path: Path) -> None:
    """This test ensures that a line cut off by a crash is counted, and the others are read."""
    path = results_file(tmp_path)
    record(path, answer(study_of(TRUE_FALSE), (1,)))
    with path.open("a", encoding="utf-8") as handle:
        handle.write('{"date": "2026-')
    record(path, answer(study_of(TRUE_FALSE), (0,)))
    kept = read_results(path)
    assert kept.unreadable == (2,)
    assert [one.right for one in kept.entries] == [1, 0]


def test_results_can_be_deleted(tmp_path: Path) -> None:
    """This test ensures that nothing is left of the results, and that there being none is no fault."""
    path = results_file(tmp_path)
    forget(path)
    record(path, answer(study_of(TRUE_FALSE), (1,)))
    forget(path)
    assert not path.exists()
    assert read_results(path).entries == ()


def test_what_cannot_be_kept_read_or_deleted_is_a_sentence(tmp_path: Path) -> None:
    """This test ensures that a place that cannot be written to gives a sentence of ours in each case."""
    study = answer(study_of(TRUE_FALSE), (1,))
    (tmp_path / "training").write_text("", encoding="utf-8")
    with pytest.raises(StudyError, match="保存できません"):
        record(results_file(tmp_path), study)
    folder = tmp_path / "other" / "results.jsonl"
    folder.mkdir(parents=True)
    with pytest.raises(StudyError, match="読めません"):
        read_results(folder)
    with pytest.raises(StudyError, match="消せません"):
        forget(folder)


def test_a_record_counts_what_was_right() -> None:
    """This test ensures that a record without items counts none."""
    assert Record("2026-01-05T09:30:00+09:00", "猫車", ()).right == 0
