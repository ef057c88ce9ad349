"""Mutants of documents through the readers, each in its child process: nothing may hang, crash or confuse the parent.

`python -m tests.torture.fuzz [COUNT [FIRST]]` prints what became of COUNT mutants (10,000) from seed FIRST (0) on.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from corpus import sandbox
from corpus.files import FoundFile
from corpus.gather import Gatherer
from corpus.limits import Limits
from corpus.loaded import LoadedFile, LoadOptions
from corpus.models import Verdict
from corpus.one_file import read_found
from tests.torture.children import ChildEnd, watched, watching
from tests.torture.mutants import Mutant, make_mutant, pick

SEEDS: Final = Path(__file__).parent / "seeds" / "seeds.json"
LIMITS: Final = Limits()
_GRACE_SECONDS = 10
_AT_ONCE = 2
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
_NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONGEST_WARNING = 300
_READABLE = (Verdict.READ, Verdict.PARTLY_READ)

Seed = tuple[str, int]
_TAKEN_BACK: Final = {"slow": sandbox._SLOW, "memory": sandbox._HUNGRY, "deep": sandbox._DEEP}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant: verdicts of the files in it, how its children ended, and what must never be.

    `losses` are the ways in which a child was lost: "signal 11", "slow", "memory", "deep", "exception" with the place.
    """

    mutant: Mutant
    verdicts: tuple[Verdict, ...]
    ends: tuple[ChildEnd, ...]
    losses: tuple[str, ...]
    faults: tuple[str, ...]
    seconds: float


@dataclass
class FuzzReport:
    """The sum of many outcomes; `lost` and `faulty` have the mutants that cost a child or broke a rule."""

    mutants: int = 0
    files: int = 0
    seconds: float = 0.0
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    lost: list[Outcome] = field(default_factory=list)
    faulty: list[Outcome] = field(default_factory=list)
    slowest: float = 0.0
    peak_bytes: int = 0

    def take(self, outcome: Outcome) -> None:
        """Count one more."""
        self.mutants += 1
        self.files += len(outcome.verdicts)
        self.verdicts.update((outcome.mutant.kind, verdict.value) for verdict in outcome.verdicts)
        self.losses.update(outcome.losses)
        if outcome.losses:
            self.lost.append(outcome)
        if outcome.faults:
            self.faulty.append(outcome)
        self.slowest = max([self.slowest, *(end.seconds for end in outcome.ends)])
        self.peak_bytes = max([self.peak_bytes, *(end.peak_bytes for end in outcome.ends)])

    @property
    def exceptions(self) -> int:
        """How many children ended with an error of Python's own: a reader raised, which it must not."""
        return sum(count for loss, count in self.losses.items() if loss.startswith("exception"))


def mixed(count: int, first: int = 0) -> list[Seed]:
    """The seeds of a run over all kinds."""
    return [pick(number) for number in range(first, first + count)]


def kept_seeds(path: Path = SEEDS) -> list[Seed]:
    """The mutants that once cost a child or broke a rule, to be tried first."""
    return [(str(kind), int(seed)) for kind, seed in json.loads(path.read_text(encoding="utf-8"))]


def keep_seeds(report: FuzzReport, path: Path = SEEDS) -> int:
    """Add the mutants that were lost or faulty to those kept; how many are new."""
    before = kept_seeds(path) if path.exists() else []
    new = {(outcome.mutant.kind, outcome.mutant.seed) for outcome in (*report.lost, *report.faulty)} - set(before)
    rows = ",\n".join(f"  {json.dumps(seed)}" for seed in sorted([*before, *new]))
    path.write_text(f"[\n{rows}\n]\n" if rows else "[]\n", encoding="utf-8")
    return len(new)


def fuzz(seeds: Sequence[Seed], limits: Limits = LIMITS, *, narrate: bool = False) -> FuzzReport:
    """Read the mutants, two at a time."""
    report, start = FuzzReport(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, watching(), ThreadPoolExecutor(_AT_ONCE) as pool:
        for outcome in pool.map(lambda seed: try_mutant(make_mutant(*seed), Path(folder), limits), seeds):
            report.take(outcome)
            if narrate and (outcome.losses or outcome.faults):
                print(told(outcome), flush=True)
    report.seconds = time.perf_counter() - start
    return report


def try_mutant(mutant: Mutant, folder: Path, limits: Limits = LIMITS) -> Outcome:
    """Read one mutant the way that every file is read, down to the chunks. Raises nothing."""
    path = folder / f"{mutant.kind}-{mutant.name}"
    path.write_bytes(mutant.data)
    start, loaded, faults = time.perf_counter(), [], []
    with watched() as ends:
        try:
            loaded = _load(path, limits)
        # Whatever the parent raises is what is looked for.
        except BaseException as error:
            faults.append(f"the parent raised {_place(traceback.format_exception(error))}")
    seconds = time.perf_counter() - start
    path.unlink()
    faults += [fault for file in loaded for fault in _faults(file)]
    faults += [f"a child ran {end.seconds:.0f} s" for end in ends if end.seconds > limits.seconds + _GRACE_SECONDS]
    faults += [f"a child held {end.peak_bytes:,} bytes" for end in ends if end.peak_bytes > limits.memory_bytes]
    if not loaded and not faults:
        faults.append("no verdict")
    verdicts = tuple(file.report.verdict for file in loaded)
    return Outcome(mutant, verdicts, tuple(ends), tuple(_losses(loaded, ends, limits)), tuple(faults), seconds)


def _load(path: Path, limits: Limits) -> list[LoadedFile]:
    gathered = Gatherer(LoadOptions(limits=limits), reserved=set())
    gathered.take_all(read_found(FoundFile(path), gathered.options))
    for file in gathered.loaded:
        # What a generation is written with.
        json.dumps([asdict(chunk) for chunk in file.chunks], ensure_ascii=False).encode(errors="surrogatepass")
    return gathered.loaded


def _faults(file: LoadedFile) -> Iterator[str]:
    report = file.report
    if not isinstance(report.verdict, Verdict):
        yield f"the verdict is {report.verdict!r}"
    if report.verdict is not Verdict.READ and not report.warnings:
        yield f"{report.verdict} without a reason"
    if (report.verdict in _READABLE) != bool(file.document and file.chunks) and not _is_copy(report.warnings):
        yield f"{report.verdict} with {len(file.chunks)} chunks"
    for warning in report.warnings:
        if _NOT_ONE_LINE.search(warning) or not _JAPANESE.search(warning) or len(warning) > _LONGEST_WARNING:
            yield f"warning {warning[:_LONGEST_WARNING]!r}"


def _is_copy(warnings: Iterable[str]) -> bool:
    return any("同じ内容" in warning for warning in warnings)


def _losses(loaded: Iterable[LoadedFile], ends: Iterable[ChildEnd], limits: Limits) -> Iterator[str]:
    told = {warning for file in loaded for warning in file.report.warnings}
    for name, words in _TAKEN_BACK.items():
        if words.format(seconds=limits.seconds, megabytes=limits.memory_bytes // 1_000_000) in told:
            yield name
    for end in ends:
        if end.code > 0:
            yield f"exception {_place(end.errors.splitlines())}"
        elif end.code < 0 and end.seconds < limits.seconds:
            yield f"signal {-end.code}"


def _place(lines: Sequence[str]) -> str:
    """The error of a traceback with the last place of our own that it went through."""
    text = "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
    places = re.findall(r'File "[^"]*?((?:corpus|index)/[\w/]+\.py)", line (\d+)', text)
    last = next((line for line in reversed(text.splitlines()) if line.strip()), "")
    return f"{':'.join(places[-1]) if places else '?'} {last[:160]}"


def told(outcome: Outcome) -> str:
    """One mutant and what it did, in a line."""
    mutant = outcome.mutant
    what = "; ".join((*outcome.losses, *outcome.faults))
    return f"{mutant.kind} {mutant.seed} ({mutant.name}, {len(mutant.data)} bytes, {'+'.join(mutant.steps)}): {what}"


def figures(report: FuzzReport) -> str:
    """The report in a few lines."""
    kinds = sorted({kind for kind, _ in report.verdicts})
    rows = [
        f"  {kind}: "
        + ", ".join(
            f"{report.verdicts[kind, verdict]} {verdict}" for verdict in Verdict if report.verdicts[kind, verdict]
        )
        for kind in kinds
    ]
    losses = ", ".join(f"{count} {loss}" for loss, count in report.losses.most_common()) or "none"
    head = (
        f"{report.mutants} mutants, {report.files} files in {report.seconds:.0f} s; "
        f"slowest child {report.slowest:.1f} s, largest {report.peak_bytes / 1e6:.0f} MB; "
        f"{len(report.faulty)} rules broken; lost: {losses}"
    )
    return "\n".join([head, *rows])


def main(arguments: Sequence[str]) -> int:
    """Run and print; 1 where a rule was broken or a reader raised."""
    count, first = ([int(number) for number in arguments] + [10_000, 0][len(arguments) :])[:2]
    report = fuzz(mixed(count, first), narrate=True)
    print(figures(report))
    print(f"{keep_seeds(report)} seeds kept anew")
    return 1 if report.faulty or report.exceptions else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
