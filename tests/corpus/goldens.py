"""Golden files: what the made-up documents under data/ become, one block a line, beside their inputs.

Run `python -m tests.corpus.goldens` to write them anew, and read the diff.
"""

from __future__ import annotations

from pathlib import Path

from corpus.models import Page
from corpus.readers.text import read_text
from corpus.structure import structure_document

DATA = Path(__file__).parent / "data"
NAMES = ("guide.txt", "slides.txt", "report.md")


def structured(name: str) -> tuple[Page, ...]:
    """The pages of one of the made-up documents."""
    return structure_document(read_text((DATA / name).read_bytes()), title="")


def golden_path(name: str) -> Path:
    """Where the golden file of a document lies."""
    return DATA / f"{name}.blocks"


def render(pages: tuple[Page, ...]) -> str:
    """One block a line: page label, kind, section path, text."""
    rows = [
        f"{page.label or '-'} | {block.kind} | {' > '.join(block.section) or '-'} | {block.text}"
        for page in pages
        for block in page.blocks
    ]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    for golden in NAMES:
        golden_path(golden).write_text(render(structured(golden)), encoding="utf-8")
