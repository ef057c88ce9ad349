"""From a scan to an answer that says that its quote was recognised: the real OCR, where it is installed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from corpus.readers.ocr import ocr_problem
from tests.cli.conftest import Run

FONT = Path("/usr/share/fonts/opentype/ipafont-mincho/ipam.ttf")
LINES = ("見本の管理番号は、必ず台帳に書きます。", "台帳は、三年のあいだ金庫に保管します。")


def scan() -> bytes:
    """A PDF of one page that is a picture of text."""
    page = Image.new("L", (1240, 500), 255)
    canvas, font = ImageDraw.Draw(page), ImageFont.truetype(str(FONT), 44)
    for number, line in enumerate(LINES):
        canvas.text((80, 120 + 120 * number), line, font=font, fill=0)
    file = io.BytesIO()
    page.save(file, "PDF", resolution=150)
    return file.getvalue()


@pytest.mark.skipif(not FONT.exists(), reason="Debian's fonts-ipafont is not installed")
def test_a_scan_is_cited_as_recognised(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that --ocr reads a scan, that the answer says so, and that nothing is read without it."""
    if problem := ocr_problem():
        pytest.skip(f"no OCR here: {problem}")
    (tmp_path / "scan.pdf").write_bytes(scan())
    data = ("--data-dir", tmp_path / "data")
    without = mamori("index", "add", tmp_path / "scan.pdf", *data)
    assert (without.status, without.out.split("\t")[1]) == (1, "needs_ocr")
    assert "--ocr" in without.out
    assert mamori("index", "add", tmp_path / "scan.pdf", "--ocr", *data).out.split("\t")[1] == "read"
    answer = json.loads(mamori("ask", "台帳はどこに保管しますか", "--json", *data).out)
    assert [(citation["is_ocr"], citation["start_page"]) for citation in answer["citations"]] == [(True, 1)]
    assert any("OCR" in note for note in answer["notes"])
    assert "、1ページ、OCR" in mamori("ask", "台帳はどこに保管しますか", *data).out
