"""`python -m tests.torture.outcomes FOLDER`: what becomes of every PDF in a folder, as a table in Markdown.

Each file is read as always, in its child process; the figures are of that child alone. Not for Windows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpus.models import Verdict
from corpus.sandbox import read_apart
from tests.torture.children import watched, watching

_LONGEST_WARNING = 48
_HEAD: Final = (
    "| File | Verdict | Pages | Characters | Without text | Seconds | MB | First warning |\n"
    "|---|---|--:|--:|--:|--:|--:|---|"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one file came to: `pages` and `without_text` are counts, `peak_bytes` the most memory that its child held.

    `seconds` are by the clock and depend on what else the machine does, `cpu_seconds` hardly.
    """

    name: str
    verdict: Verdict
    pages: int
    characters: int
    without_text: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    warnings: tuple[str, ...]


def outcomes(folder: Path) -> Iterator[Outcome]:
    """Read the PDFs under `folder`, one at a time, in the order of their names. Call it in a small process."""
    for path in sorted(folder.rglob("*.pdf")):
        yield outcome_of(path, path.relative_to(folder).as_posix())


def all_outcomes(folder: Path) -> list[Outcome]:
    """The same as a list, to be had from another process."""
    return list(outcomes(folder))


def outcome_of(path: Path, name: str) -> Outcome:
    """Read one file."""
    with watching(), watched() as ends:
        read = read_apart(path, path.name).file
    return Outcome(
        name=name,
        verdict=read.verdict,
        pages=read.page_count,
        characters=sum(len(block.text) for page in read.pages for block in page.blocks),
        without_text=len(read.pages_without_text),
        seconds=ends[0].seconds,
        cpu_seconds=ends[0].cpu_seconds,
        peak_bytes=ends[0].peak_bytes,
        warnings=read.warnings,
    )


def table_lines(rows: Iterable[Outcome]) -> Iterator[str]:
    """The table, line by line as the files are read, and a line of sums."""
    seen = []
    yield _HEAD
    for row in rows:
        seen.append(row)
        warning = row.warnings[0] if row.warnings else ""
        shown = warning if len(warning) <= _LONGEST_WARNING else f"{warning[:_LONGEST_WARNING]}…"
        yield (
            f"| {row.name} | {row.verdict} | {row.pages} | {row.characters:,} | {row.without_text or ''} "
            f"| {row.seconds:.1f} | {row.peak_bytes / 1e6:.0f} | {shown} |"
        )
    yield ""
    counts = (f"{sum(row.verdict is verdict for row in seen)} {verdict}" for verdict in Verdict)
    yield (
        f"{len(seen)} files: {', '.join(counts)}; slowest {max((row.seconds for row in seen), default=0):.1f} s, "
        f"largest {max((row.peak_bytes for row in seen), default=0) / 1e6:.0f} MB"
    )


def main(arguments: Sequence[str]) -> int:
    """Print the table of one folder."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m tests.torture.outcomes FOLDER", file=sys.stderr)
        return 2
    for line in table_lines(outcomes(Path(arguments[0]))):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
