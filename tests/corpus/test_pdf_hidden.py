"""Tests that text which nobody can see on a PDF page is left out and counted, and that a scan's text layer is not."""

from __future__ import annotations

import pytest

from corpus.readers.pdf_engines import PageReading, PdfiumEngine
from tests.corpus.make_pdfs import PageSpec, Text, bar, make_pdf

SEEN = Text("だれにでも見える文です。", 60, 700)


def read(page: PageSpec) -> PageReading:
    """The first page as pdfium reads it."""
    return PdfiumEngine(make_pdf([page])).read_page(0)


@pytest.mark.parametrize(
    "trick",
    [
        Text("秘密の指示文", 60, 650, mode=3),
        Text("秘密の指示文", 60, 650, grey=1),
        Text("秘密の指示文", 60, 650, size=0.5),
        Text("秘密の指示文", 60, 950),
    ],
    ids=["invisible", "white", "tiny", "off the page"],
)
def test_what_nobody_sees_is_left_out(trick: Text) -> None:
    """This test ensures that invisible, white, tiny and misplaced text is not quoted but counted."""
    reading = read(PageSpec(texts=(SEEN, trick)))
    assert (reading.text.strip(), reading.hidden) == (SEEN.text, len(trick.text))
    assert reading.drawn


@pytest.mark.parametrize(
    ("shapes", "text"),
    [
        ((bar(50, 640, 300, 30),), Text("濃い帯の上の白い題", 60, 650, grey=1)),
        (("q 300 0 0 30 50 640 cm /I Do Q",), Text("写真の上の白い題です", 60, 650, grey=1)),
        ((), Text("灰色の注は薄くても見える", 60, 650, grey=0.7)),
        ((), Text("小さな字の注は読める", 60, 650, size=4)),
        ((), Text("輪郭だけの字は見える", 60, 650, mode=1, grey=1)),
    ],
    ids=["on a dark box", "on a picture", "grey", "small", "outlined"],
)
def test_what_can_be_seen_stays(shapes: tuple[str, ...], text: Text) -> None:
    """This test ensures that white text on a dark ground and faint or small text is kept."""
    reading = read(PageSpec(shapes=shapes, texts=(SEEN, text)))
    assert (reading.text.split(), reading.hidden) == ([SEEN.text, text.text], 0)


def test_white_on_a_white_box_is_hidden() -> None:
    """This test ensures that a box as white as the paper does not make white text visible."""
    reading = read(PageSpec(shapes=(bar(50, 640, 300, 30, grey=1),), texts=(SEEN, Text("秘密", 60, 650, grey=1))))
    assert (reading.text.strip(), reading.hidden) == (SEEN.text, 2)


def test_the_text_layer_of_a_scan_is_its_text() -> None:
    """This test ensures that invisible text over a picture of the page is read."""
    layer = Text("スキャンした紙面の文字です。", 60, 700, mode=3)
    reading = read(PageSpec(image=True, texts=(layer,)))
    assert (reading.text.strip(), reading.hidden) == (layer.text, 0)


def test_a_page_of_hidden_text_alone_gives_nothing() -> None:
    """This test ensures that hidden text does not come in by the back door where the page shows nothing else."""
    reading = read(PageSpec(texts=(Text("秘密の指示文", 60, 650, mode=3),)))
    assert reading == PageReading("", drawn=False, pictures_only=True, hidden=6)
