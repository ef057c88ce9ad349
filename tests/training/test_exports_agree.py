"""Tests that the files of one pack say the same: who worded a line, the order of options, no answer before the key."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from docx import Document
from pptx import Presentation
from pypdf import PdfReader

from tests.training.sample import choice, sample_pack
from training.export.formats import export
from training.labels import LETTERS
from training.models import Line, Pack, QuizKind

STORY = "朝の点検をしない工房で、車輪が外れました。"


def text_of(pack: Pack, key: str) -> str:
    """All the text of a pack's file, without blanks, which PDFs put where lines break."""
    content = export(pack, key)
    if key == "docx":
        body = Document(io.BytesIO(content)).element.body
        text = "".join(str(piece) for piece in body.itertext())
    elif key == "pptx":
        text = "".join(
            shape.text_frame.text
            for slide in Presentation(io.BytesIO(content)).slides
            for shape in slide.shapes
            if shape.has_text_frame
        )
    elif key == "pdf":
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        text = content.decode("utf-8").replace("\\", "")
    return "".join(text.split())


@pytest.mark.parametrize("key", ["docx", "pptx", "pdf", "md"])
def test_a_line_that_a_trainer_worded_says_so(key: str) -> None:
    """This test ensures that nobody takes a trainer's sentence for the documents'."""
    plain = sample_pack()
    goals = (Line("自分の言葉で言えます。", (1,), edited=True),)
    assert "講師が編集" in text_of(replace(plain, goals=goals, quiz=()), key)
    assert "講師が編集" not in text_of(replace(plain, quiz=()), key)


@pytest.mark.parametrize("key", ["docx", "pptx", "pdf", "md"])
def test_a_story_is_asked_about_without_its_source(key: str) -> None:
    """This test ensures that a marker does not lead those who are asked to a heading that is the answer."""
    asked = replace(choice(1, QuizKind.CASE), story=Line(STORY, (3,)))
    text = text_of(replace(sample_pack(), quiz=(asked,)), key)
    assert STORY in text
    assert f"{STORY}[3]" not in text


@pytest.mark.parametrize("key", ["docx", "pptx", "pdf", "md", "csv"])
def test_options_stand_in_one_order(key: str) -> None:
    """This test ensures that the letter called out in the room is the one on everybody's paper."""
    item = choice(1)
    shuffled = replace(item, options=tuple(item.options[at] for at in (2, 0, 3, 1)))
    text = text_of(replace(sample_pack(), quiz=(shuffled,)), key)
    places = [text.index("".join(option.text.split())) for option in shuffled.options]
    assert places == sorted(places)
    if key != "csv":
        assert all(letter in text for letter in LETTERS[:4])
