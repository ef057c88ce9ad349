"""Tests of training/export/gift.py and moodle_xml.py, read again by what knows nothing of how they are written.

GIFT by pygiftparser, and by a reader made after Moodle's own rules; Moodle XML by the standard library's parser.
"""

import html
import io
import re
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

import pytest

from tests.training.sample import HOSTILE, ORDERING, TRUE_FALSE, choice, sample_pack
from training.export.gift import write_gift
from training.export.lms_text import as_pairs, plain
from training.export.moodle_xml import write_moodle_xml
from training.models import Line, Option, Pair, Quiz, QuizItem, QuizKind


def load_parser() -> Any:  # noqa: ANN401
    """pygiftparser, which imports an old `markdown` for showing questions, and we show none; skips where absent."""
    stub = {"markdown": ModuleType("markdown")}
    with warnings.catch_warnings(), patch.dict(sys.modules, stub):
        warnings.simplefilter("ignore")
        return pytest.importorskip("pygiftparser.parser", reason="pygiftparser is a tool of the developers")


gift = load_parser()

NASTY = (
    HOSTILE,
    "[html]<b>太字</b>",
    "%100%満点",
    "// 注釈ではない",
    "a -> b => c",
    "改行\n\n空行\r\nの後",
    "末尾の逆斜線\\",
    "\\n は改行ではない",
    "####反省",
    "制御\x00\x08\x1b\x7f文字\ud800と\ufffe",
    "]]> <![CDATA[ &lt; &#x41;",
    "$CATEGORY: 横取り",
    "{ } ~ = # : ::",
    "右から\u202e左",
)


# What pygiftparser takes for a sign where Moodle does not: an escaped }, an escaped backslash before n, -> in a choice,
# and two formats in a row.
LESS_NASTY = tuple(re.sub(r"}|\\n|->|\[html]", "", text) for text in NASTY)


def hostile_quiz(texts: Sequence[str] = NASTY) -> Quiz:
    """A quiz whose every text is one that some format takes for its own."""
    items: list[QuizItem] = []
    for number, text in enumerate(texts):
        base = choice(number + 10)
        options = tuple(
            Option(f"{text}{letter}", option.is_right, Line(f"{text}理由", (1,)))
            for letter, option in zip("abcd", base.options, strict=True)
        )
        items.append(replace(base, stem=text, options=options, explanation=Line(text, (1,))))
        pairs = tuple(Pair(f"{text}左{at}", f"{text}右{at}", (1,)) for at in range(3))
        items.append(
            QuizItem(f"{number:011x}b", QuizKind.MATCHING, 2, text, Line(text, (2,)), pairs=pairs, shown=(1, 2, 0))
        )
        sides = tuple(replace(option, reason=Line(text, (1,))) for option in TRUE_FALSE.options)
        items.append(replace(TRUE_FALSE, item_id=f"{number:011x}c", stem=text, options=sides))
    return replace(sample_pack().as_quiz(), title=f"意地悪 {HOSTILE} a/b", items=tuple(items))


SIMPLER = pytest.mark.parametrize(
    "quiz", [sample_pack().as_quiz(), hostile_quiz(LESS_NASTY)], ids=["sample", "hostile"]
)
QUIZZES = pytest.mark.parametrize("quiz", [sample_pack().as_quiz(), hostile_quiz()], ids=["sample", "hostile"])


def questions_of(quiz: Quiz) -> list[Any]:
    """What pygiftparser makes of a quiz."""
    return list(gift.parseFile(io.StringIO(write_gift(quiz).decode())))


def unescaped(text: str) -> str:
    """What a text of GIFT says."""
    text = text.strip().removeprefix("[plain]")
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


def right_answer(item: QuizItem) -> str:
    """The text of the option that is right."""
    return next(option.text for option in item.options if option.is_right)


@SIMPLER
def test_gift_is_parsed_into_the_same_questions(quiz: Quiz) -> None:
    """This test ensures that another's parser finds as many questions as there are items, all of them whole."""
    found = questions_of(quiz)
    assert len(found) == len(quiz.items)
    assert all(question.valid for question in found)
    for question in found:
        assert question.markup == "plain"
        assert question.tail == ""
        assert question.title.startswith("問")


@SIMPLER
def test_gift_has_the_right_answers(quiz: Quiz) -> None:
    """This test ensures that each choice has one answer of 100 percent, the quiz's, and the others none."""
    for item, question in zip(quiz.items, questions_of(quiz), strict=True):
        if item.kind is QuizKind.TRUE_FALSE:
            assert question.answers.answer is (right_answer(item) == "正しい")
        elif item.options:
            weights = {unescaped(answer.answer): answer.fraction for answer in question.answers.answers}
            assert weights == {plain(option.text): 100 if option.is_right else 0 for option in item.options}


@SIMPLER
def test_gift_has_the_pairs(quiz: Quiz) -> None:
    """This test ensures that things to match, and places of things to put in order, come out as they went in."""
    for item, question in zip(quiz.items, questions_of(quiz), strict=True):
        if expected := as_pairs(item):
            pairs = [(unescaped(answer.question), unescaped(answer.answer)) for answer in question.answers.answers]
            assert pairs == [(left.replace("->", "→"), right.replace("->", "→")) for left, right in expected]


def test_gift_makes_places_of_an_order() -> None:
    """This test ensures that an item to put in order asks for the thing at each place."""
    quiz = replace(sample_pack().as_quiz(), items=(ORDERING,))
    text = write_gift(quiz).decode()
    assert "=[plain]1番目 -> 計画\n" in text
    assert "=[plain]4番目 -> 撤退\n" in text


# Moodle takes the escapes out first and puts the signs back last.
HELD = {sign: chr(0xE000 + ord(sign)) for sign in "\\:#={}~n"}


def put_back(text: str) -> str:
    """A text of Moodle's reader with its signs where they were."""
    for sign, held in HELD.items():
        text = text.replace(held, "\n" if sign == "n" else sign)
    return text.strip().removeprefix("[plain]").strip()


def as_moodle_reads(block: str) -> tuple[str, list[tuple[str, str, str]], str]:
    """The question, its answers as (sign, text, feedback) and its general feedback, parted as Moodle parts them."""
    held = re.sub(r"\\([\\:#={}~n])", lambda found: HELD[found[1]], block.strip())
    rest = held[held.index("::", 2) + 2 :]
    start, end = rest.index("{"), rest.index("}")
    assert end == len(rest) - 1
    inner, _, feedback = rest[start + 1 : end].rpartition("####")
    answers = [
        (sign, put_back(text.partition("#")[0]), put_back(text.partition("#")[2]))
        for sign, text in re.findall(r"([=~])([^=~]*)", inner)
    ]
    return put_back(rest[:start]), answers or [("", inner.strip(), "")], put_back(feedback)


@QUIZZES
def test_gift_keeps_to_the_rules_of_moodle(quiz: Quiz) -> None:
    """This test ensures that by the rules of Moodle's own reader every text comes out as it went in."""
    category, *blocks = [block for block in write_gift(quiz).decode().split("\n\n") if block.strip()]
    assert category.startswith("$CATEGORY: $course$/top/")
    assert "\\" not in category
    assert len(blocks) == len(quiz.items)
    for item, block in zip(quiz.items, blocks, strict=True):
        assert block.startswith("::")
        assert not any(line.lstrip().startswith("//") for line in block.splitlines())
        question, answers, feedback = as_moodle_reads(block)
        assert question.endswith(plain(item.stem))
        assert feedback.startswith(plain(item.explanation.text))
        if item.kind is QuizKind.TRUE_FALSE:
            value, wrong, right = answers[0][1].split("#")
            assert value == ("TRUE" if right_answer(item) == "正しい" else "FALSE")
            reasons = {option.is_right: plain(option.reason.text) for option in item.options}
            assert put_back(wrong).startswith(reasons[False])
            assert put_back(right).startswith(reasons[True])
        elif item.options:
            assert [(sign == "=", text) for sign, text, _ in answers] == [
                (option.is_right, plain(option.text)) for option in item.options
            ]
        else:
            sides = [tuple(map(str.strip, text.split("->"))) for _, text, _ in answers]
            assert sides == [(left.replace("->", "→"), right.replace("->", "→")) for left, right in as_pairs(item)]


@SIMPLER
def test_gift_explains_with_sources(quiz: Quiz) -> None:
    """This test ensures that the general feedback holds the explanation, its sources, their editions and words."""
    for item, question in zip(quiz.items, questions_of(quiz), strict=True):
        said = unescaped(question.generalFeedback)
        assert said.startswith(plain(item.explanation.text))
        for marker in item.explanation.markers:
            source = quiz.citations[marker - 1]
            assert f"[{marker}] {source.document_title}（" in said
            assert source.quote in said


def xml_questions(quiz: Quiz) -> list[ElementTree.Element]:
    """The questions of the XML file, without its category."""
    root = ElementTree.fromstring(write_moodle_xml(quiz))
    assert root.tag == "quiz"
    return [element for element in root if element.get("type") != "category"]


def text_at(element: ElementTree.Element, path: str) -> str:
    """The text that Moodle keeps in an element of its own."""
    found = element.find(f"{path}/text")
    assert found is not None
    return found.text or ""


def as_shown(text: str) -> str:
    """What a browser shows of the HTML that Moodle holds."""
    text = re.sub(r"</p><p>", "\n\n", text.removeprefix("<p>").removesuffix("</p>"))
    return html.unescape(text.replace("<br>", "\n"))


@QUIZZES
def test_xml_holds_the_same_questions(quiz: Quiz) -> None:
    """This test ensures that the XML is whole, has a category and every item under its own id, and shows its text."""
    root = ElementTree.fromstring(write_moodle_xml(quiz))
    assert text_at(root[0], "category").startswith("$course$/top/")
    questions = xml_questions(quiz)
    assert [question.findtext("idnumber") for question in questions] == [item.item_id for item in quiz.items]
    for item, question in zip(quiz.items, questions, strict=True):
        assert as_shown(text_at(question, "questiontext")).endswith(plain(item.stem))
        assert question.findtext("defaultgrade") == "1.0000000"
        assert as_shown(text_at(question, "generalfeedback")).startswith(plain(item.explanation.text))


@QUIZZES
def test_xml_has_one_right_answer(quiz: Quiz) -> None:
    """This test ensures that exactly one answer has 100 percent, and that it is the quiz's."""
    for item, question in zip(quiz.items, xml_questions(quiz), strict=True):
        answers = question.findall("answer")
        assert len(answers) == len(item.options)
        right = [as_shown(answer.findtext("text") or "") for answer in answers if answer.get("fraction") == "100"]
        assert all(answer.get("fraction") in {"0", "100"} for answer in answers)
        if item.kind is QuizKind.TRUE_FALSE:
            assert question.get("type") == "truefalse"
            assert right == ["true" if right_answer(item) == "正しい" else "false"]
        elif item.options:
            assert question.get("type") == "multichoice"
            assert question.findtext("single") == "true"
            assert right == [plain(right_answer(item))]


@QUIZZES
def test_xml_has_the_pairs(quiz: Quiz) -> None:
    """This test ensures that matching and ordering items hold their pairs, in a type that every Moodle has."""
    for item, question in zip(quiz.items, xml_questions(quiz), strict=True):
        pairs = [
            (as_shown(pair.findtext("text") or ""), text_at(pair, "answer")) for pair in question.findall("subquestion")
        ]
        assert pairs == as_pairs(item)
        assert (question.get("type") == "matching") is bool(pairs)


def test_xml_lets_nothing_act_as_markup() -> None:
    """This test ensures that no tag but our own paragraphs and line ends is in any HTML of a hostile quiz."""
    for question in xml_questions(hostile_quiz()):
        for element in question.iter():
            if element.get("format") == "html":
                tags = set(re.findall(r"<[^>]*>?", element.findtext("text") or ""))
                assert tags <= {"<br>", "<p>", "</p>"}


def test_xml_lists_hold_no_angle_brackets() -> None:
    """This test ensures that what Moodle puts into lists, which swallow tags, has none."""
    for question in xml_questions(hostile_quiz()):
        for pair in question.findall("subquestion"):
            assert not set("<>") & set(text_at(pair, "answer"))


def test_xml_tags_kind_and_difficulty() -> None:
    """This test ensures that items can be found by their kind, difficulty and quiz."""
    quiz = sample_pack().as_quiz()
    tags = [tag.findtext("text") for tag in xml_questions(quiz)[0].findall("tags/tag")]
    assert tags == ["選択", "難しさ：ふつう", quiz.title]


def test_an_edited_item_says_so() -> None:
    """This test ensures that an item that a trainer changed is marked in both formats."""
    item = replace(TRUE_FALSE, edited=True)
    quiz = replace(sample_pack().as_quiz(), items=(item,))
    assert "講師が編集" in write_gift(quiz).decode()
    assert "講師が編集" in write_moodle_xml(quiz).decode()


@pytest.mark.parametrize("write", [write_gift, write_moodle_xml])
def test_the_same_quiz_gives_the_same_bytes(write) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """This test ensures that nothing of the moment enters the file."""
    assert write(sample_pack().as_quiz()) == write(sample_pack().as_quiz())


SAME = Line("手引きでは、毎朝、確かめるとしています。", (1,))
ALIKE = replace(TRUE_FALSE, options=tuple(replace(option, reason=SAME) for option in TRUE_FALSE.options))


def test_what_the_explanation_says_is_said_once() -> None:
    """This test ensures that an option whose reason is the explanation has no feedback of its own in both formats."""
    quiz = replace(sample_pack().as_quiz(), items=(ALIKE,))
    assert write_gift(quiz).decode().count(SAME.text) == 1
    assert "\tFALSE\n\t####[plain]" in write_gift(quiz).decode()
    (question,) = questions_of(quiz)
    assert question.valid
    assert question.answers.answer is False
    assert write_moodle_xml(quiz).decode().count(SAME.text) == 1


def test_gift_gives_feedback_to_its_answer() -> None:
    """This test ensures that a reason of the right answer alone is not said to the wrong one, and the other way."""
    wrong, right = TRUE_FALSE.options
    quiz = sample_pack().as_quiz()
    for options, expected in (
        ((replace(wrong, reason=SAME), right), "\tFALSE##[plain]「毎朝」です。 [1]\n"),
        ((wrong, replace(right, reason=SAME)), "\tFALSE#[plain]「毎年1回」ではなく「毎朝」です。 [1]\n"),
    ):
        one = replace(quiz, items=(replace(TRUE_FALSE, options=options),))
        assert expected in write_gift(one).decode()
        assert questions_of(one)[0].valid
