"""Reading a file in a process of its own: the parent's side, which trusts nothing that comes back.

A file that hangs, crashes or eats its reader costs that child only, and comes out as damaged with the reason. The child
is given the few variables of the environment that it needs; keys and settings stay here.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

from corpus import child
from corpus.errors import NoScratchSpace
from corpus.limits import OCR_SECONDS, Limits, end_group
from corpus.manifest import Source
from corpus.models import Block, BlockKind, Page, Verdict
from corpus.reading import ReadFile

_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TESSDATA_PREFIX", "HOME")
# More threads than cores make OCR seven times slower, and each reserves memory.
_SET: Final = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
_ERROR_CHARACTERS: Final = 2000
_SLOW = "読み取りが{seconds:.0f}秒たっても終わらないので、打ち切りました。ファイルを分けるか、作り直してください。"
_HUNGRY = "読み取りに使うメモリが上限（{megabytes} MB）を超えました。ファイルを分けて保存してください。"
_DEEP = "構造が深すぎて読めません。別の形式で保存し直してください。"
_CRASHED = "読み取りの途中でプログラムが止まりました。壊れているようなので、元のファイルから作り直してください。"
_CHANGED = "読み取りの間にファイルが変わりました。もう一度実行してください。"
_SLOWLY, _KILLED, _FAILED = "slow", "killed", "failed"
_WOULD_AGAIN = (_SLOWLY, _KILLED, child.OUT_OF_MEMORY, child.TOO_DEEP)
_PROBLEMS = {_SLOWLY: _SLOW, child.OUT_OF_MEMORY: _HUNGRY, child.TOO_DEEP: _DEEP, child.CHANGED: _CHANGED}

# What comes of an answer that is not as agreed on: a child that was taken over may answer anything.
_UNUSABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sandboxed:
    """What came back: the file as read, and its SHA-256.

    `gave_up` where the file ended the child, by its time, its memory or a crash, and would do so again.
    """

    file: ReadFile
    sha256: str | None = None
    gave_up: bool = False


@dataclass(frozen=True, slots=True)
class Unpacked:
    """One entry of an archive: its name inside, and where its content lies or why there is none."""

    name: str
    path: Path | None
    problem: str | None = None
    verdict: Verdict = Verdict.DAMAGED


def read_apart(
    path: Path, name: str, source: Source | None = None, *, ocr: bool = False, limits: Limits | None = None
) -> Sandboxed:
    """Read the file at `path`, called `name`, in a child process. Never raises for what a file does.

    Raises NoScratchSpace, for that is no fault of the file and would be taken for one with all the others.

    `ocr` lets pages without text be recognised and gives the child the time for it.
    """
    limits = limits or Limits()
    if ocr:
        limits = replace(limits, seconds=limits.seconds + OCR_SECONDS)
    with _answer(_request(path, limits, name=name, source=source, ocr=ocr), limits) as answer:
        try:
            return Sandboxed(_read_file(answer["read"]), str(answer["sha256"]))
        except _UNUSABLE:
            problem = answer.get("problem")
            file = ReadFile(Verdict.DAMAGED, warnings=(_told(problem, limits),))
            return Sandboxed(file, gave_up=problem in _WOULD_AGAIN)


@contextmanager
def unpack_apart(path: Path, limits: Limits | None = None) -> Iterator[tuple[list[Unpacked], str | None]]:
    """The entries of an archive, unpacked by a child process for as long as the block runs; or none, and why."""
    limits = limits or Limits()
    with _scratch() as folder:
        with _answer(_request(path, limits, unpack=folder), limits) as answer:
            try:
                members, problem = [_member(member, Path(folder)) for member in answer["members"]], None
            except _UNUSABLE:
                members, problem = [], _told(answer.get("problem"), limits)
        yield members, problem


def _request(path: Path, limits: Limits, **more: object) -> dict[str, object]:
    source = more.get("source")
    defaults = {"name": path.name, "unpack": None, "ocr": False}
    known = {"source": asdict(source) if isinstance(source, Source) else None}
    return {**defaults, **more, **known, "path": os.path.abspath(path), "limits": asdict(limits)}


@contextmanager
def _answer(request: dict[str, object], limits: Limits) -> Iterator[Mapping[str, Any]]:
    """What the child answers; {"problem": …} where it does not."""
    with _scratch() as scratch:
        result = Path(scratch) / "result.json"
        problem = _run({**request, "result": str(result)}, limits, scratch)
        yield {"problem": problem} if problem else _parsed(result, limits)


@contextmanager
def _scratch() -> Iterator[str]:
    """A folder for as long as the block runs; NoScratchSpace where there is no room for one."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="mamori-", ignore_cleanup_errors=True)
    except OSError as error:
        raise NoScratchSpace(tempfile.gettempdir()) from error
    with folder as name:
        yield name


def _run(request: Mapping[str, object], limits: Limits, scratch: str) -> str | None:
    """Run the child to its end; a word for what went wrong, or None."""
    errors = Path(scratch) / "errors.txt"
    try:
        with errors.open("wb") as stderr:
            process = _started(scratch, stderr)
    except OSError as error:
        raise NoScratchSpace(scratch) from error
    try:
        process.communicate(json.dumps(request).encode(), timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        return _SLOWLY
    except OSError:  # it ended before it had read the request
        return _FAILED
    finally:
        end_group(process.pid)
        process.wait()
    if process.returncode == child.NO_ROOM:
        raise NoScratchSpace(scratch)
    if process.returncode == 1:  # an error of Python's own: a fault of ours, told to whoever looks for it
        _logger.debug("%s", errors.read_text(encoding="utf-8", errors="replace")[-_ERROR_CHARACTERS:])
        return _FAILED
    return _KILLED if process.returncode else None


def _started(scratch: str, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", str(Path(child.__file__).resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        cwd=scratch,
        env={**{name: os.environ[name] for name in _PASSED_ON if name in os.environ}, **_SET, "TMPDIR": scratch},
        start_new_session=True,
    )


def _parsed(result: Path, limits: Limits) -> Mapping[str, Any]:
    try:
        if result.stat().st_size > limits.output_bytes:
            return {"problem": child.OUT_OF_MEMORY}
        answer = json.loads(result.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {"problem": _FAILED}
    return answer if isinstance(answer, dict) else {"problem": _FAILED}


def _told(problem: object, limits: Limits) -> str:
    words = _PROBLEMS.get(str(problem), _CRASHED)
    return words.format(seconds=limits.seconds, megabytes=limits.memory_bytes // 1_000_000)


def _read_file(values: dict[str, Any]) -> ReadFile:
    return ReadFile(
        verdict=Verdict(values["verdict"]),
        source=_source(values["source"]) if values["source"] else None,
        pages=tuple(_page(page) for page in values["pages"]),
        page_count=int(values["page_count"]),
        pages_without_text=tuple(map(int, values["pages_without_text"])),
        warnings=tuple(map(_text, values["warnings"])),
        is_archive=bool(values["is_archive"]),
    )


def _source(values: dict[str, Any]) -> Source:
    texts: dict[str, Any] = {
        name: None if value is None else _text(value) for name, value in values.items() if name != "replaces"
    }
    return Source(**{**texts, "replaces": tuple(map(_text, values["replaces"]))})


def _page(values: dict[str, Any]) -> Page:
    label = None if values["label"] is None else _text(values["label"])
    blocks = tuple(
        Block(
            BlockKind(block["kind"]),
            _text(block["text"]),
            tuple(map(_text, block["section"])),
            _number(block["page_number"]),
        )
        for block in values["blocks"]
    )
    return Page(_number(values["number"]), label, blocks, is_ocr=bool(values["is_ocr"]))


def _text(value: object) -> str:
    """A text that can be written as UTF-8: half a surrogate pair would stop whoever comes to it next."""
    return str(value).encode(errors="replace").decode()


def _number(value: int | None) -> int | None:
    return None if value is None else int(value)


def _member(values: dict[str, Any], folder: Path) -> Unpacked:
    path = values.get("path")
    problem = None if values["problem"] is None else _text(values["problem"])
    inside = Path(path) if isinstance(path, str) and Path(path).parent == folder else None
    return Unpacked(_text(values["name"]), inside, problem, Verdict(values["verdict"] or Verdict.DAMAGED))
