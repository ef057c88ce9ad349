"""A quiz as Moodle XML, as `question/format/xml` of Moodle reads it.

Items to put in order become a matching of places (「1番目」 → …): Moodle has a type of its own for them since 4.4 only,
and a Moodle without it leaves such items out. Texts are HTML in which nothing of ours acts as markup; what Moodle shows
in lists to choose from is plain text.
"""

from __future__ import annotations

from html import escape

from lxml.etree import Element, SubElement, indent, tostring  # type: ignore[import-untyped]

from training.export.lms_text import (
    as_pairs,
    category_path,
    explanation,
    feedback,
    one_line,
    plain,
    question,
    tags,
    title,
)
from training.labels import TRUE
from training.models import Option, Quiz, QuizItem, QuizKind

_THIRD = "0.3333333"


def write_moodle_xml(quiz: Quiz) -> bytes:
    """Return the quiz as an XML file in UTF-8: a category of its name, then its questions in their order."""
    root = Element("quiz")
    category = SubElement(root, "question", type="category")
    _text(category, "category", category_path(quiz))
    for number, item in enumerate(quiz.items, start=1):
        _question(root, number, item, quiz)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _question(root: Element, number: int, item: QuizItem, quiz: Quiz) -> None:
    pairs = as_pairs(item)
    kind = "matching" if pairs else "truefalse" if item.kind is QuizKind.TRUE_FALSE else "multichoice"
    element = SubElement(root, "question", type=kind)
    _text(element, "name", title(number, item))
    _html(element, "questiontext", question(item))
    _html(element, "generalfeedback", explanation(item, quiz))
    # A wrong answer of two settles the question, so another try is worth nothing.
    penalty = "1.0000000" if kind == "truefalse" else _THIRD
    for tag, value in (
        ("defaultgrade", "1.0000000"),
        ("penalty", penalty),
        ("hidden", "0"),
        ("idnumber", item.item_id),
    ):
        SubElement(element, tag).text = value
    if pairs:
        _matching(element, pairs)
    elif kind == "truefalse":
        _true_false(element, item)
    else:
        _choice(element, item)
    _tags(element, item, quiz)


def _choice(element: Element, item: QuizItem) -> None:
    for tag, value in (("single", "true"), ("shuffleanswers", "true"), ("answernumbering", "abc")):
        SubElement(element, tag).text = value
    for option in item.options:
        _answer(element, option, item, escaped(option.text), "html")


def _true_false(element: Element, item: QuizItem) -> None:
    for option in item.options:
        _answer(element, option, item, "true" if option.text == TRUE else "false", "moodle_auto_format")


def _answer(element: Element, option: Option, item: QuizItem, text: str, text_format: str) -> None:
    answer = SubElement(element, "answer", fraction="100" if option.is_right else "0", format=text_format)
    SubElement(answer, "text").text = text
    _html(answer, "feedback", feedback(option, item))


def _matching(element: Element, pairs: list[tuple[str, str]]) -> None:
    SubElement(element, "shuffleanswers").text = "true"
    for left, right in pairs:
        pair = SubElement(element, "subquestion", format="html")
        SubElement(pair, "text").text = escaped(left)
        _text(pair, "answer", right)


def _tags(element: Element, item: QuizItem, quiz: Quiz) -> None:
    all_tags = SubElement(element, "tags")
    for tag in [*tags(item), quiz.title]:
        # A comma would part a tag in two where it is edited in Moodle; a tag has 50 characters.
        _text(all_tags, "tag", one_line(tag).replace(",", "，")[:50])


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(SubElement(parent, tag), "text").text = one_line(text)


def _html(parent: Element, tag: str, text: str) -> None:
    SubElement(SubElement(parent, tag, format="html"), "text").text = escaped(text)


def escaped(text: str) -> str:
    """A text as HTML that shows it as it is: paragraphs and line ends kept, nothing else acts."""
    paragraphs = [part.replace("\n", "<br>") for part in escape(plain(text)).split("\n\n")]
    return paragraphs[0] if len(paragraphs) == 1 else "".join(f"<p>{part}</p>" for part in paragraphs)
