"""The bundled digests as lines under headings, their lists of facts and their originals: shared by the digest tests.

Not the structure parser: sections are found here by their `#` marks alone.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "corpus" / "documents"
DATA = Path(__file__).parent / "data"
SEEDS = ROOT.parent / "shared" / "seeds"

HANDBOOK = "handbook-2026-04"
NEW_SLIDES, OLD_SLIDES = "meti-slides-2026-03", "meti-slides-2025-10"
REPORT, TRADE = "kizashi-2026-01", "trade-control-slides-2023"
DIGESTS = (HANDBOOK, NEW_SLIDES, OLD_SLIDES, REPORT, TRADE)
# What the conversion misread in the originals and the digests have right.
CORRECTIONS = {
    "ガイドンス": "ガイダンス",
    "ガイドス": "ガイダンス",
    "リスクリング": "リスキリング",
    "データー式": "データ一式",
    "船用工業": "舶用工業",
    "新工ネ": "新エネ",
}

HEADING = re.compile(r"(#+) (.+)")
CHECKBOX = re.compile(r"- \[ \] (?P<title>.+?) \((?P<pages>P[\d,-]+)\) (?P<text>.+)")
URL_OR_MAIL = re.compile(r"https?://[!-'*-~]+|[\w.+-]+@[\w.-]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a digest with the headings above it; a heading is the last of its own."""

    section: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a list of facts: any of `wordings` must be found under the headings of `section`."""

    fact_id: str
    kind: str
    wordings: tuple[str, ...]
    section: tuple[str, ...]


def squeeze(text: str) -> str:
    """Return the text after NFKC and without white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def letters(text: str) -> str:
    """Return the letters and digits of the text after NFKC."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


@cache
def manifest() -> dict[str, dict[str, Any]]:
    """Return the entries of the bundled sources.toml by the id of the original."""
    entries = tomllib.loads((DOCUMENTS / "sources.toml").read_text(encoding="utf-8"))["document"]
    return {entry["digest_of"]: entry for entry in entries}


@cache
def read_digest(name: str) -> str:
    """Return a bundled digest as it stands on disk."""
    return (DOCUMENTS / f"{name}.md").read_text(encoding="utf-8")


@cache
def original_entry(name: str) -> dict[str, Any]:
    """Return the entry of an original in the sources.toml beside it, or skip the test where it is not at hand."""
    sources = SEEDS / "sources.toml"
    if not sources.is_file():
        pytest.skip("../shared/seeds is not here: the digest cannot be compared with its original")
    entries = tomllib.loads(sources.read_text(encoding="utf-8"))["document"]
    return next(entry for entry in entries if entry["id"] == name)


@cache
def read_original(name: str) -> str:
    """Return an original's text with its misreadings corrected, or skip the test where it is not at hand."""
    file: str = original_entry(name)["file"]
    text = (SEEDS / file).read_text(encoding="utf-8")
    for wrong, right in CORRECTIONS.items():
        text = text.replace(wrong, right)
    return text


def parse(text: str) -> list[tuple[Line, bool]]:
    """Return every line that is not blank, and whether it is a heading."""
    path: list[str] = []
    lines: list[tuple[Line, bool]] = []
    for line in filter(str.strip, text.splitlines()):
        if match := HEADING.fullmatch(line):
            path = [*path[: len(match[1]) - 1], match[2]]
            lines.append((Line(tuple(path), match[2]), True))
        else:
            lines.append((Line(tuple(path), line), False))
    return lines


def body(text: str) -> list[Line]:
    """Return the lines that are no headings."""
    return [line for line, is_heading in parse(text) if not is_heading]


def items(name: str, heading: str) -> list[str]:
    """Return the list items that stand right under the one heading of this text, without their mark."""
    lines = [line for line in body(read_digest(name)) if line.section[-1] == heading]
    return [line.text.removeprefix("- ") for line in lines if line.text.startswith("- ")]


def sentences(line: Line) -> list[str]:
    """Return the sentences of a line without list mark, check box, item title and page."""
    match = CHECKBOX.fullmatch(line.text)
    text = match["text"] if match else line.text.removeprefix("- ")
    return re.findall(r"[^。]+。|[^。]+$", text)


@cache
def read_facts(name: str) -> tuple[Fact, ...]:
    """Return the rows of the list of facts of a digest."""
    with (DATA / f"{name}_facts.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(
        Fact(row["id"], row["kind"], tuple(row["wording"].split("|")), tuple(row["section"].split(" > ")))
        for row in rows
    )


@cache
def read_names(name: str) -> tuple[str, ...]:
    """Return the names and fixed terms that a digest may repeat; docs/decisions/0007-digest-own-words.md says why."""
    with (DATA / "digest_names.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(row["name"] for row in rows if row["digest"] == name)


def stands_under(path: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether the wanted headings occur in the path in that order; others may stand between them."""
    remaining = iter(squeeze(heading) for heading in path)
    return all(any(heading == squeeze(w) for heading in remaining) for w in wanted)


def missing_facts(text: str, facts: tuple[Fact, ...]) -> list[str]:
    """Return one message for each fact that the text does not state where it should."""
    lines = [(line.section, squeeze(line.text)) for line, _ in parse(text)]
    return [
        f"{fact.fact_id}: {'|'.join(fact.wordings)} not under {' > '.join(fact.section)}"
        for fact in facts
        if not any(
            squeeze(wording) in content and stands_under(section, fact.section)
            for section, content in lines
            for wording in fact.wordings
        )
    ]
