"""Where documents come from, as every export that lists them says it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from docx import Document
from pptx import Presentation
from pypdf import PdfReader

from tests.training.sample import SOURCES, sample_pack
from training.export.credit import credit_lines
from training.export.docx import write_docx
from training.export.markdown import write_markdown
from training.export.pdf import write_pdf
from training.export.pptx import write_pptx
from training.models import Pack

URL = "https://example.com/slides"
CREDIT = f"出典：見本省（{URL}）"


def in_docx(pack: Pack) -> str:
    """What the Word document says outside tables."""
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(write_docx(pack))).paragraphs)


def in_markdown(pack: Pack) -> str:
    """What the Markdown says, its escapes taken out."""
    return write_markdown(pack).decode().replace("\\", "")


def in_pdf(pack: Pack) -> str:
    """What the pages of the PDF say."""
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(write_pdf(pack))).pages)


def in_pptx(pack: Pack) -> str:
    """What the tables of the slides say."""
    slides = Presentation(io.BytesIO(write_pptx(pack))).slides
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    return "\n".join(cell.text_frame.text for table in tables for cell in table.iter_cells())


EXPORTS = pytest.mark.parametrize("said", [in_docx, in_markdown, in_pdf, in_pptx])


@EXPORTS
@pytest.mark.parametrize(
    ("credit", "expected"), [(CREDIT, CREDIT), (None, f"掲載場所：{URL}"), ("出典：見本省", f"掲載場所：{URL}")]
)
def test_every_source_has_its_credit_and_address(
    said: Callable[[Pack], str], credit: str | None, expected: str
) -> None:
    """This test ensures that a source shows its credit line and its address, and the address once."""
    source = replace(SOURCES[1], credit=credit, source_url=URL)
    text = said(replace(sample_pack(), sources=(SOURCES[0], source))).replace("\n", "")
    assert expected in text
    assert (credit or "") in text
    assert text.count(URL) == 1


def test_nothing_is_said_of_nothing() -> None:
    """This test ensures that a document without credit line and address gives no line at all."""
    assert credit_lines(replace(SOURCES[1], credit=None, source_url=None)) == []
