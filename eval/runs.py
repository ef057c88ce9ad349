"""Run folders: what a run asked, what came back, how it scored; read by the commands, the report and the page.

A folder holds `run.json` (what was run on what), `questions.jsonl` (the set as it was), `answers.jsonl` (one object of
the terminal contract a line, written as they come), and once it is complete `scores.jsonl`, `summary.json` and
`report.html`. A run without texts has no `questions.jsonl` and keeps ids, scores, pages and sections only: it may be
published where the documents may not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from eval.errors import RunError
from eval.files import read_lines, write_whole
from eval.models import Question, QuestionScore, Summary
from eval.question_set import question_line, read_set
from index.errors import reason

INFO, QUESTIONS, ANSWERS = "run.json", "questions.jsonl", "answers.jsonl"
SCORES, SUMMARY, REPORT = "scores.jsonl", "summary.json", "report.html"
SCHEMA = 1
_LONGEST_PART = 25
_PLACE = ("rank", "marker", "doc_id", "section", "start_page", "end_page", "page_label", "status", "score")
_OF_SOURCE = ("document_title", "edition", "published", "source_url", "sha256", "is_digest")
_TIMES = ("retrieve", "answer", "total")
_OF_MODEL = ("generated", "model", "fault", "removed_markers", "removed_links", "dropped_passages")
_SENTENCES = ("sentences", "dropped_facts")
_OF_SENTENCE = ("markers", "status")
_UNSAFE = re.compile(r"[^\w.-]+")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """The index that a run was made on: its documents' ids, the encoder, the generation; None where there was none."""

    documents: tuple[str, ...]
    encoder: str | None = None
    generation: str | None = None


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What was run on what. `created` is local time in ISO 8601, `commit` None outside a repository.

    `system` is "mamori", with the language model behind a + where one writes the answers, the name of a baseline, or
    what the evaluator calls the answers of another system. `model` is that language model, `generated` says that there
    is one, and `reranker` is the one that is set for Mamori's search.
    """

    created: str
    commit: str | None
    set_name: str
    set_sha256: str
    questions: int
    system: str
    index: IndexInfo
    texts: bool = True
    schema: int = SCHEMA
    generated: bool = False
    model: str | None = None
    reranker: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run as read: `scores` and `summary` are empty and None while it is not complete.

    `answers` has the contract's object by question id; a question without a result has none, or one whose status is
    "error".
    """

    folder: Path
    info: RunInfo
    questions: tuple[Question, ...]
    answers: Mapping[str, Mapping[str, Any]]
    scores: tuple[QuestionScore, ...] = ()
    summary: Summary | None = None

    @property
    def name(self) -> str:
        """The folder's name, by which a run is known."""
        return self.folder.name

    @property
    def complete(self) -> bool:
        """Whether every question was asked and scored."""
        return self.summary is not None


def folder_name(info: RunInfo) -> str:
    """Return the name of a run's folder: date and time, commit, set and system."""
    stamp = datetime.fromisoformat(info.created).strftime("%Y-%m-%dT%H%M%S")
    parts = (stamp, (info.commit or "nocommit")[:8], info.set_name, info.system)
    # Names of folders have at most 255 bytes; a character may have four, and `create` may add a number.
    return "-".join(_UNSAFE.sub("_", part)[:_LONGEST_PART] for part in parts)


def create(parent: Path, info: RunInfo, questions: Sequence[Question]) -> Path:
    """Make the folder of a new run with what it is going to ask; return it.

    Raises RunError where it cannot be written. A second run within the same second gets a number behind its name.
    """
    name = folder_name(info)
    folder, number = parent / name, 2
    while folder.exists():
        folder, number = parent / f"{name}-{number}", number + 1
    if info.texts:
        write_whole(folder / QUESTIONS, "".join(map(question_line, questions)), RunError)
    write_whole(folder / INFO, _pretty(asdict(info)), RunError)
    return folder


def append_answer(folder: Path, row: Mapping[str, Any]) -> None:
    """Add one answer to a run; a line that was cut off by a crash is dropped when the run is read."""
    try:
        with (folder / ANSWERS).open("ab") as handle:
            handle.write((json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        raise RunError(f"「{folder}」に書けません（{reason(error)}）。空き容量と権限を確かめてください。") from error


def write_scores(folder: Path, scores: Iterable[QuestionScore], summary: Summary) -> None:
    """Write what makes a run complete: the scores, then the summary."""
    lines = (json.dumps(asdict(score), ensure_ascii=False) + "\n" for score in scores)
    write_whole(folder / SCORES, "".join(lines), RunError)
    write_whole(folder / SUMMARY, _pretty(asdict(summary)), RunError)


def strip_texts(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer without any text of a document or of the answer: ids, sections, pages, statuses, scores."""
    # What is kept is named, not what is left out: other systems' answers have fields of their own.
    bare = _only(row, ("id", "status", "error"))
    if "timing_ms" in row:
        bare["timing_ms"] = _only(row["timing_ms"], _TIMES)
    bare["citations"] = [_only(item, _PLACE + _OF_SOURCE) for item in row.get("citations") or ()]
    bare["passages"] = [_only(item, _PLACE) for item in row.get("passages") or ()]
    if row.get("model"):
        bare |= _only(row, _OF_MODEL)
        bare |= {name: [_only(item, _OF_SENTENCE) for item in row.get(name) or ()] for name in _SENTENCES}
    return bare


def _only(item: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: item[name] for name in names if name in item}


def read_run(folder: Path) -> Run:
    """Read a run, complete or not; RunError where it is missing or damaged, naming the file."""
    if not (folder / INFO).is_file():
        raise RunError(f"「{folder}」は評価の記録ではありません（{INFO} がありません）。フォルダーを確かめてください。")
    info = read_info(folder)
    questions = read_set(folder / QUESTIONS).questions if (folder / QUESTIONS).is_file() else ()
    answers = {str(row["id"]): row for row in _answer_rows(folder / ANSWERS) if "id" in row}
    run = Run(folder, info, questions, answers)
    if not (folder / SUMMARY).is_file():
        return run
    summary = _parse(Summary, folder / SUMMARY, _text(folder / SUMMARY))
    _, lines = read_lines(folder / SCORES, RunError)
    scores = tuple(_parse(QuestionScore, folder / SCORES, line) for _, line in lines)
    return replace(run, scores=scores, summary=summary)


def read_info(folder: Path) -> RunInfo:
    """Read what a run was run on, without the rest; RunError as for `read_run`."""
    info = _parse(RunInfo, folder / INFO, _text(folder / INFO))
    if info.schema != SCHEMA:
        raise RunError(f"「{folder}」は別の版の記録です（{info.schema}）。この版で実行し直してください。")
    return info


def run_folders(parent: Path) -> list[Path]:
    """Return the run folders under a folder, newest first; empty where there is none."""
    if not parent.is_dir():
        return []
    return sorted((path.parent for path in parent.glob(f"*/{INFO}")), key=lambda folder: folder.name, reverse=True)


def _answer_rows(path: Path) -> Iterable[dict[str, Any]]:
    """Return the answers so far; what stands behind the last line end was cut off by a crash, and is left out."""
    if not path.is_file():
        return
    try:
        whole, _, _ = path.read_bytes().rpartition(b"\n")
    except OSError as error:
        raise RunError(f"「{path}」を読めません（{reason(error)}）。実行し直してください。") from error
    for number, line in enumerate(whole.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise RunError(f"「{path}」の{number}行目が壊れています。実行し直してください。")
        yield row


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"「{path}」を読めません。実行し直してください。") from error


def _parse(kind: type[_T], path: Path, text: str) -> _T:
    try:
        return cast(_T, _adapters()[kind].validate_json(text))
    except ValidationError as error:
        raise RunError(f"「{path}」が壊れています（{error.error_count()}か所）。実行し直してください。") from error


@cache
def _adapters() -> dict[type, TypeAdapter[Any]]:
    return {kind: TypeAdapter(kind) for kind in (RunInfo, QuestionScore, Summary)}


def _pretty(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
