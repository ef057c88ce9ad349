"""`python -m tests.torture.speed [FOLDER]`: times and peak memory of reading and indexing real PDFs. Linux only.

FOLDER (../shared/pdfs) has the PDFs named below. An index of 1,000 pages is built, added to and updated by `mamori` in
a process of its own, whose memory and whose children's is looked at as it runs. The clock depends on what else the
machine does: the seconds of the processor are printed beside it.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.torture.outcomes import outcome_of

LARGE: Final = "other/DA-619p.pdf"
RULES: Final = "japanese/mhlw_model_rules_001018385.pdf"
# 619 + 93 + 22 + 17 pages of four files, 249 of copies.
THOUSAND: Final = (
    (LARGE, 1),
    (RULES, 3),
    ("japanese/cao_ai_siryo2.pdf", 3),
    ("japanese/cao_ai_ronten_honbun.pdf", 2),
)
_EVERY_SECONDS = 0.02
_RUNS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """One command: seconds by the clock and of the processor, its own peak and that of its largest child in bytes.

    `reading_seconds` is how long there was any child.
    """

    seconds: float
    cpu_seconds: float
    reading_seconds: float
    peak_bytes: int
    child_peak_bytes: int
    output: str


def run(arguments: Sequence[str]) -> Run:
    """Run `mamori` with these arguments to its end. Raises RuntimeError where it fails."""
    start = time.perf_counter()
    command = [sys.executable, "-c", "import sys; from cli import main; sys.exit(main())", *arguments]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        peaks = _Peaks(process.pid)
        peaks.start()
        assert sys.platform == "linux"
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        peaks.join()
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(text)
    return Run(seconds, usage.ru_utime + usage.ru_stime, peaks.reading_seconds, peaks.own, peaks.largest_child, text)


class _Peaks(threading.Thread):
    """Looks at the most memory that a process and its children have held, until it is gone.

    `ru_maxrss` will not do: it takes a child to have held what its parent held when it was started.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.own, self.largest_child, self.reading_seconds = pid, 0, 0, 0.0

    def run(self) -> None:
        first = last = 0.0
        while own := _peak(self.pid):
            self.own = max(self.own, own)
            children = [peak for child in _children(self.pid) if (peak := _peak(child))]
            if children:
                self.largest_child = max(self.largest_child, *children)
                last = time.perf_counter()
                first = first or last
            time.sleep(_EVERY_SECONDS)
        self.reading_seconds = last - first


def _peak(pid: int) -> int:
    """The most bytes that a process has held since it became the program that it is; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def thousand_pages(pdfs: Path, folder: Path) -> int:
    """Fill `folder` with PDFs of about 1,000 pages, copies under other bytes; how many pages."""
    import pypdfium2

    pages = 0
    for name, copies in THOUSAND:
        document = pypdfium2.PdfDocument(pdfs / name)
        pages += copies * len(document)
        document.close()
        for number in range(copies):
            # What stands behind the end of a PDF is not looked at, but changes its hash.
            content = (pdfs / name).read_bytes() + b"\n%% %d\n" % number * bool(number)
            (folder / f"{Path(name).stem}-{number}.pdf").write_bytes(content)
    return pages


def without_last_page(source: Path, target: Path) -> None:
    """Write a PDF without its last page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    document.del_page(len(document) - 1)
    document.save(target)
    document.close()


def reading_lines(pdfs: Path) -> Iterator[str]:
    """Each of the two long files read alone: medians of three."""
    for name in (RULES, LARGE):
        rows = [outcome_of(pdfs / name, name) for _ in range(_RUNS)]
        seconds = statistics.median(row.seconds for row in rows)
        cpu = statistics.median(row.cpu_seconds for row in rows)
        peak = max(row.peak_bytes for row in rows)
        yield f"read {name} ({rows[0].pages} pages): {seconds:.1f} s ({cpu:.1f} s of processor), {peak / 1e6:.0f} MB"


def index_lines(pdfs: Path, folder: Path) -> Iterator[str]:
    """An index of 1,000 pages: built, added to, updated unchanged and updated with one page fewer."""
    source, data = folder / "pdfs", folder / "data"
    source.mkdir()
    pages = thousand_pages(pdfs, source)
    more = folder / "more.pdf"
    shutil.copy(pdfs / "japanese/issue-463-example.pdf", more)
    changed = source / f"{Path(RULES).stem}-0.pdf"

    def change() -> None:
        without_last_page(pdfs / RULES, changed)

    steps: list[tuple[str, list[str], Callable[[], None] | None]] = [
        (f"build of {pages} pages", ["index", "build", str(source)], None),
        ("update, nothing changed", ["index", "update"], None),
        ("add of one PDF of 3 pages", ["index", "add", str(more)], None),
        (f"update, {changed.name} without its last page", ["index", "update"], change),
    ]
    for what, arguments, before in steps:
        if before:
            before()
        yield f"{what}: {_told(run([*arguments, '--data-dir', str(data)]))}"


def _told(done: Run) -> str:
    return (
        f"{done.seconds:.1f} s, of which reading {done.reading_seconds:.1f} s ({done.cpu_seconds:.1f} s of processor), "
        f"{done.peak_bytes / 1e6:.0f} MB, largest child {done.child_peak_bytes / 1e6:.0f} MB; "
        f"{done.output.strip().splitlines()[-1]}"
    )


def main(arguments: Sequence[str]) -> int:
    """Print the figures."""
    pdfs = Path(arguments[0]) if arguments else Path(__file__).parents[3] / "shared" / "pdfs"
    if sys.platform != "linux" or not (pdfs / LARGE).is_file():
        print("usage: python -m tests.torture.speed FOLDER, on Linux; FOLDER as ../shared/pdfs", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        for lines in (reading_lines(pdfs), index_lines(pdfs, Path(folder))):
            for line in lines:
                print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
