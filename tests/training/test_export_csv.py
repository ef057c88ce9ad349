"""A quiz as CSV: read back by the csv module, cell by cell."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from tests.training.sample import MATCHING, QUIZ, choice, sample_pack
from training.export.csv import COLUMNS, write_csv
from training.models import Line, Option, Quiz, QuizItem


def rows_of(*items: QuizItem) -> list[dict[str, str]]:
    """The rows of a quiz with these items, by column."""
    content = write_csv(replace(sample_pack().as_quiz(), items=items))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_excel_can_tell_the_encoding_and_the_rows() -> None:
    """This test ensures that the file has a byte order mark, CRLF, the columns and one row an item."""
    content = write_csv(sample_pack().as_quiz())
    assert content.startswith(b"\xef\xbb\xbf" + "番号,種類,難しさ,問題,選択肢1".encode())
    assert content.endswith(b"\r\n")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert tuple(read[0]) == COLUMNS
    assert [len(row) for row in read] == [len(COLUMNS)] * (len(QUIZ) + 1)


def test_a_choice_is_spelled_out() -> None:
    """This test ensures that options, answer, explanation and source of a choice stand in their columns."""
    (row,) = rows_of(choice(1))
    assert (row["番号"], row["種類"], row["難しさ"]) == ("1", "選択", "ふつう")
    assert row["選択肢2"] == row["正解"] == "イ．選択肢1のイ：毎朝、車輪を確かめる"
    assert (row["選択肢5"], row["選択肢6"]) == ("", "")
    assert row["解説"].splitlines()[:2] == ["朝は車輪を確かめます。", "ア：これは夜の点検です。"]
    assert row["出典"].splitlines() == ["猫車の手引き 小さな工房編（要約）"] * 2
    assert row["版"].splitlines() == ["2026年4月発行"] * 2
    assert row["ページ"].splitlines() == [
        "原典の3–4ページ、「点検 ＞ 朝の点検」",
        "原典の5ページ、「点検 ＞ 夜の点検」",
    ]


def test_true_false_has_its_two_words() -> None:
    """This test ensures that the answer of a true or false item is the word itself."""
    (row,) = rows_of(QUIZ[1])
    assert (row["選択肢1"], row["選択肢2"], row["選択肢3"], row["正解"]) == ("正しい", "誤り", "", "誤り")
    assert row["ID"] == "a" * 12


def test_matching_and_ordering_can_be_read() -> None:
    """This test ensures that what belongs together, and in which order, is written by letters and in words."""
    matching, ordering = rows_of(MATCHING, QUIZ[3])
    assert matching["問題"].splitlines()[1:] == ["1．朝の点検", "2．夜の点検", "3．月の点検"]
    assert matching["選択肢1"] == "ア．台帳を見直す"
    assert matching["正解"].startswith("1＝イ、2＝ウ、3＝ア（朝の点検 → 車輪を確かめる／")
    assert [ordering[f"選択肢{number}"] for number in (1, 2, 3, 4)] == ["ア．撤退", "イ．契約", "ウ．計画", "エ．実施"]
    assert ordering["正解"] == "ウ → イ → エ → ア（計画 → 契約 → 実施 → 撤退）"


def test_a_story_stands_before_the_question() -> None:
    """This test ensures that the case of a case question is in the file."""
    (row,) = rows_of(QUIZ[4])
    assert row["問題"].splitlines()[0].startswith("ある工房で、猫車の車輪が外れました。")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "\x00=1", "\r=1"])
def test_no_text_is_a_formula(text: str) -> None:
    """This test ensures that a text that a spreadsheet would run is made text."""
    (row,) = rows_of(replace(choice(1), stem=text))
    assert row["問題"].startswith("'")
    assert "\x00" not in row["問題"]


def test_an_id_is_no_number() -> None:
    """This test ensures that an id of digits is not shown as another number, and that other ids stay as they are."""
    digits, power, plain = rows_of(*(replace(choice(1), item_id=name) for name in ("0" * 12, "12345678e901", "0a")))
    assert (digits["ID"], power["ID"], plain["ID"]) == ("'" + "0" * 12, "'12345678e901", "0a")


def test_more_options_than_columns() -> None:
    """This test ensures that the last column holds what there is no column for, so that nothing is lost."""
    options = tuple(Option(f"案{number}", number == 7, Line("")) for number in range(1, 9))
    (row,) = rows_of(replace(choice(1), options=options))
    assert row["選択肢6"].splitlines() == ["カ．案6", "キ．案7", "ク．案8"]
    assert row["正解"] == "キ．案7"


def test_an_edited_item_says_so() -> None:
    """This test ensures that an item that a trainer changed is marked."""
    assert [row["備考"] for row in rows_of(choice(1), replace(choice(2), edited=True))] == ["", "講師が編集"]


def test_a_cell_too_long_for_excel_is_cut_with_a_mark() -> None:
    """This test ensures that a text longer than a cell of Excel ends in a mark that it was cut."""
    (row,) = rows_of(replace(choice(1), stem="あ" * 40_000))
    assert len(row["問題"]) == 32_000
    assert row["問題"].endswith("…")


def test_the_same_quiz_gives_the_same_file() -> None:
    """This test ensures that the bytes depend on the quiz alone."""
    quiz: Quiz = sample_pack().as_quiz()
    assert write_csv(quiz) == write_csv(quiz)
