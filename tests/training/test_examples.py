"""Tests of the packs in `docs/examples`: up to date, and each file opened again by its own library and counted."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
import pptx
import pypdf
import pytest

from tests.repository import ROOT
from tests.training.test_export_moodle import gift
from training.examples import EXAMPLES, FOLDER, NOT_THE_SAME_EVERYWHERE, Example, contents, example_packs
from training.export.anki import FIELDS
from training.export.formats import FORMATS
from training.models import Line, Pack, QuizItem
from training.saved import from_json

MOST_BYTES = 2 * 1024 * 1024
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.folder)


@pytest.fixture(scope="module")
def made() -> dict[Example, Pack]:
    """The examples, made anew."""
    return dict(example_packs())


def path_of(example: Example, key: str) -> Path:
    """The one file of a format in the folder of an example."""
    suffix = FORMATS[key].suffix
    (path,) = [path for path in (FOLDER / example.folder).iterdir() if path.name.endswith(suffix)]
    return path


def saved(example: Example) -> Pack:
    """The pack of an example, as it lies in the repository."""
    pack = from_json(path_of(example, "json").read_text(encoding="utf-8"))
    assert isinstance(pack, Pack)
    return pack


def cited(item: QuizItem) -> list[tuple[int, ...]]:
    """The markers of everything in an item that states something."""
    reasons = [option.reason.markers for option in item.options if option.reason.text]
    story = [item.story.markers] if item.story else []
    rest = [*(pair.markers for pair in item.pairs), *(line.markers for line in item.sequence)]
    return [item.explanation.markers, *reasons, *story, *rest]


def test_the_folder_is_small_and_holds_nothing_else() -> None:
    """This test ensures that a clone does not grow by its examples, and that no old file stays behind."""
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES
    assert len(files) == 1 + len(EXAMPLES) * len(FORMATS)
    assert not [
        example.folder for example in EXAMPLES if example.folder not in (FOLDER / "README.md").read_text("utf-8")
    ]


@each_example
def test_the_examples_are_up_to_date(example: Example, made: dict[Example, Pack]) -> None:
    """This test ensures that what the program makes today is what lies in the repository; else `make examples`."""
    assert saved(example) == made[example]
    new = contents(made[example])
    old = {key: path_of(example, key).read_bytes() for key in FORMATS}
    assert [key for key in FORMATS if key not in NOT_THE_SAME_EVERYWHERE and new[key] != old[key]] == []


@each_example
def test_a_pack_is_whole_and_cited(example: Example) -> None:
    """This test ensures that every part is there, every stating text has a marker, and every marker a source."""
    pack = saved(example)
    assert (pack.theme, pack.audience, pack.minutes) == (example.theme, example.audience, example.minutes)
    assert all((pack.goals, pack.countermeasures, pack.checklist, pack.quiz, pack.contacts, pack.sources))
    assert sum(step.minutes for step in pack.agenda) == example.minutes
    stating: list[Line] = [*pack.goals, *pack.contacts, *(row.what for row in pack.countermeasures)]
    stating += [row.why for row in pack.countermeasures if row.why]
    stating += [line for case in pack.cases for line in (*case.story, *case.learnings)]
    assert [line.text for line in stating if not line.markers] == []
    assert [check.title for check in pack.checklist if not check.markers] == []
    assert [item.stem for item in pack.quiz if not all(cited(item))] == []
    documents = {source.doc_id for source in pack.sources}
    assert {citation.doc_id for citation in pack.citations} == documents
    assert all(source.credit for source in pack.sources)


@each_example
def test_slides(example: Example) -> None:
    """This test ensures that the deck opens, has a title on every slide, two slides an item, and sources in footers."""
    pack = saved(example)
    deck = pptx.Presentation(str(path_of(example, "pptx")))
    slides = list(deck.slides)
    titles = [slide.shapes.title.text_frame.text if slide.shapes.title else "" for slide in slides]
    assert all(title.strip() for title in titles)
    texts = ["\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in slides]
    assert len(slides) >= 2 * len(pack.quiz) + 6
    assert sum("出典" in text for text in texts) >= len(slides) / 2
    assert pack.title in texts[0] or pack.theme in texts[0]
    everything = "\n".join(texts)
    squeezed = re.sub(r"\s", "", everything)
    assert [item.stem for item in pack.quiz if re.sub(r"\s", "", item.stem) not in squeezed] == []


@each_example
def test_document(example: Example) -> None:
    """This test ensures that the Word file opens, with headings, every question and every quote in it."""
    pack = saved(example)
    document = docx.Document(str(path_of(example, "docx")))
    body = re.sub(
        r"\s", "", "".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))
    )
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    assert len(headings) >= 7
    assert len(document.tables) >= 1
    assert [item.stem for item in pack.quiz if re.sub(r"\s", "", item.stem) not in body] == []
    assert [c.marker for c in pack.citations if re.sub(r"\s", "", c.quote) not in body] == []


@each_example
def test_hand_out(example: Example) -> None:
    """This test ensures that the PDF opens, embeds no font, and gives its Japanese back as text."""
    pack = saved(example)
    reader = pypdf.PdfReader(str(path_of(example, "pdf")))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    assert len(reader.pages) >= 4
    assert reader.metadata is not None
    assert reader.metadata.title == pack.title
    assert re.sub(r"\s", "", pack.goals[0].text)[:20] in text
    assert b"FontFile" not in path_of(example, "pdf").read_bytes()


@each_example
def test_markdown(example: Example) -> None:
    """This test ensures that the Markdown has every citation it names, and no marker besides."""
    pack = saved(example)
    text = path_of(example, "md").read_text(encoding="utf-8")
    named = {int(number) for number in re.findall(r"\[\\?\[?(\d+)", text)}
    assert named <= {citation.marker for citation in pack.citations}
    assert text.count("\n## ") >= 8


@each_example
def test_gift(example: Example) -> None:
    """This test ensures that an independent parser reads every question and finds nothing wrong with any."""
    pack = saved(example)
    questions = list(gift.parseFile(io.StringIO(path_of(example, "gift").read_text(encoding="utf-8"))))
    assert len(questions) == len(pack.quiz)
    assert all(question.valid for question in questions)


@each_example
def test_moodle_xml(example: Example) -> None:
    """This test ensures that the XML holds every item by its id, with one right answer where there are options."""
    pack = saved(example)
    root = ElementTree.fromstring(path_of(example, "xml").read_bytes())
    questions = [question for question in root.iter("question") if question.get("type") != "category"]
    assert {question.findtext("idnumber") for question in questions} == {item.item_id for item in pack.quiz}
    for question in questions:
        if question.get("type") in ("multichoice", "truefalse"):
            assert [answer.get("fraction") for answer in question.findall("answer")].count("100") == 1
        assert question.findtext("generalfeedback/text")


@each_example
def test_csv(example: Example) -> None:
    """This test ensures that Excel's rows are the items, each with a source."""
    pack = saved(example)
    text = path_of(example, "csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["ID"] for row in rows] == [item.item_id for item in pack.quiz]
    assert all(row["出典"].strip() and row["正解"].strip() for row in rows)


@each_example
def test_anki(example: Example, tmp_path: Path) -> None:
    """This test ensures that the deck's database opens and has a note and a card for each item."""
    pack = saved(example)
    with zipfile.ZipFile(path_of(example, "apkg")) as archive:
        name = next(name for name in archive.namelist() if name.startswith("collection"))
        archive.extract(name, tmp_path)
    connection = sqlite3.connect(tmp_path / name)
    try:
        notes = connection.execute("select guid, flds from notes").fetchall()
        cards = connection.execute("select count(*) from cards").fetchone()[0]
    finally:
        connection.close()
    assert {guid for guid, _ in notes} == {item.item_id for item in pack.quiz}
    assert cards == len(pack.quiz)
    quoted = [dict(zip(FIELDS, fields.split("\x1f"), strict=True)) for _, fields in notes]
    assert all("「" in fields["出典"] and fields["正解"] for fields in quoted)


@each_example
def test_nothing_of_a_machine_is_in_them(example: Example) -> None:
    """This test ensures that no path and no author's name of the machine that made them is in the files."""
    for path in (FOLDER / example.folder).iterdir():
        parts = [path.read_bytes()]
        if path.suffix in (".pptx", ".docx"):
            with zipfile.ZipFile(path) as archive:
                parts = [archive.read(name) for name in archive.namelist()]
        assert not [part for part in parts if b"/home/" in part or b"/tmp/" in part or str(ROOT).encode() in part]


def test_the_saved_packs_are_json_to_read_and_edit() -> None:
    """This test ensures that what a trainer may open in an editor is plain text, Japanese as it is."""
    text = path_of(EXAMPLES[0], "json").read_text(encoding="utf-8")
    assert json.loads(text)["theme"] == "すり合わせ"
    assert "\\u" not in text
