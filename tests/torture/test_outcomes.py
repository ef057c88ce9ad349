"""What becomes of every real PDF in ../shared/pdfs: what each file is for stands in the index.tsv there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from corpus.limits import Limits
from tests.torture.fresh import in_fresh_process
from tests.torture.outcomes import Outcome, all_outcomes, outcome_of, table_lines

PDFS: Final = Path(__file__).parents[2] / ".." / "shared" / "pdfs"
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs wait4"),
    pytest.mark.skipif(not PDFS.is_dir(), reason="the collection of real PDFs is not there"),
]
_BY_VERDICT: Final = {
    "needs_ocr": (
        "corrupt/enormous.pdf",
        "corrupt/pdfjs_cidfont_cmap_overflow.pdf",
        "japanese/derived_scan_yokogaki2026-04-24-103617.pdf",
        "other/cardinal.pdf",
        "other/ocr_test_rotated_90.pdf",
        "other/truetype_font_nomapping.pdf",
        "other/vector.pdf",
    ),
    "needs_password": (
        "encrypted/password.pdf",
        "encrypted/pdfjs_bug1782186.pdf",
        "encrypted/pdfjs_issue6010_1.pdf",
        "encrypted/pdfjs_saslprep-r6.pdf",
        "encrypted/pypdf_r2-user-password.pdf",
        "encrypted/pypdf_r4-aes-user-password.pdf",
        "encrypted/pypdf_r5-user-password.pdf",
        "encrypted/pypdf_r6-both-passwords.pdf",
        "encrypted/pypdf_r6-user-password.pdf",
    ),
    # No reader that we have opens these, or opens them to a page without an object.
    "damaged": (
        "corrupt/invalid.pdf",
        "corrupt/pdfjs_Brotli-Prototype-FileA.pdf",
        "corrupt/pdfjs_PDFBOX-4352-0.pdf",
        "corrupt/pdfjs_REDHAT-1531897-0.pdf",
        "corrupt/pdfjs_bug1250079.pdf",
        "corrupt/pdfjs_bug1980958.pdf",
        "corrupt/pdfjs_issue9105_other.pdf",
        "corrupt/pdfjs_poppler-85140-0.pdf",
        "corrupt/pdfjs_poppler-937-0-fuzzed.pdf",
        "corrupt/symlink_text_named.pdf",
        "encrypted/pdfjs_issue19484_1.pdf",
    ),
    # White pages, and forms with nothing but fields.
    "empty": (
        "corrupt/pdfjs_GHOSTSCRIPT-698804-1-fuzzed.pdf",
        "corrupt/pdfjs_empty.pdf",
        "encrypted/pdfjs_secHandler.pdf",
        "other/pdfjs_evaljs.pdf",
    ),
}
VERDICTS: Final = {name: verdict for verdict, names in _BY_VERDICT.items() for name in names}
"""All others are read."""
NOT_YET_RIGHT: Final = {
    "corrupt/malformed-from-issue-932.pdf": ("partly_read", "needs_ocr"),
    "corrupt/pdfjs_issue19800.pdf": ("partly_read",),
}
"""Files that come out otherwise at present, with what would be right."""


@pytest.fixture(scope="module")
def rows() -> Sequence[Outcome]:
    """One reading of all files, in a small process, so that its memory does not count for that of its children."""
    return in_fresh_process(all_outcomes, PDFS.resolve())


@pytest.mark.slow
def test_every_file_has_its_verdict(rows: Sequence[Outcome]) -> None:
    """This test ensures that each file comes out as what it is; an improvement, too, is written down here."""
    assert len(rows) >= 60
    found = {row.name: row.verdict.value for row in rows}
    expected = {name: VERDICTS.get(name, "read") for name in found}
    right = {name: NOT_YET_RIGHT[name] for name in found.keys() & NOT_YET_RIGHT.keys()}
    wrong = {
        name: (found[name], expected[name])
        for name in found
        if found[name] not in (expected[name], *right.get(name, ()))
    }
    assert wrong == {}


@pytest.mark.slow
def test_no_file_costs_too_much(rows: Sequence[Outcome]) -> None:
    """This test ensures that no file takes over 60 s or 1.5 GB."""
    limits = Limits()
    assert [row.name for row in rows if row.seconds > limits.seconds] == []
    assert [row.name for row in rows if row.peak_bytes > limits.memory_bytes] == []


@pytest.mark.slow
def test_whoever_is_refused_is_told_why(rows: Sequence[Outcome]) -> None:
    """This test ensures that text comes with "read" and a reason with everything else."""
    for row in rows:
        assert (row.characters > 0) == (row.verdict.value in ("read", "partly_read")), row
        assert row.warnings or row.verdict.value == "read", row


@pytest.mark.slow
def test_pages_are_counted(rows: Sequence[Outcome]) -> None:
    """This test ensures that a file that is read has as many pages as index.tsv says."""
    listed = [line.split("\t") for line in (PDFS / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    pages = {columns[0]: columns[6] for columns in listed}
    assert [(row.name, row.pages) for row in rows if row.pages and str(row.pages) != pages[row.name]] == []


def test_the_table_tells_what_was_found() -> None:
    """This test ensures that verdict, pages and the reason stand in the table."""
    name = "encrypted/password.pdf"
    head, row, _, sums = table_lines([outcome_of(PDFS / name, name)])
    assert head.startswith("| File | Verdict |")
    assert row.startswith(f"| {name} | needs_password | 0 | 0 |")
    assert "パスワード" in row
    assert sums.startswith("1 files: 0 read, 0 partly_read, 0 needs_ocr, 1 needs_password")
