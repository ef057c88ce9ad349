"""Runs a question set through a system: a folder that grows answer by answer, scored and closed at the end.

A run can be broken off at any time: what was answered stays, `resume` goes on with the rest. A run without texts keeps
the full answers while it lasts, since scoring needs them, and takes the texts out before it becomes complete: a
complete run without texts holds none, and one that was broken off while they were taken out is asked anew.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.contract import error_object
from eval.errors import RunError
from eval.files import write_whole
from eval.models import Question, QuestionSet
from eval.runs import (
    ANSWERS,
    QUESTIONS,
    SUMMARY,
    IndexInfo,
    Run,
    RunInfo,
    append_answer,
    create,
    read_info,
    read_run,
    run_folders,
    strip_texts,
    write_scores,
)
from eval.sources import Sources
from eval.systems import System
from index.errors import reason
from index.lock import Busy, only_one

Progress = Callable[[str, int, int], None]
"""Called with the stage ("question", "score"), how much of it is done, and how much there is."""
_GIT_SECONDS = 5
_LOCK = "running.lock"


@dataclass(frozen=True, slots=True)
class Job:
    """A question set, the system to be asked, and what its answers are judged by.

    `missing` are the ids of questions that the system is known to have no answer to: they are not asked and have no
    result. `retrieval_only` leaves the measures of answers out, `texts` False takes the texts out in the end. `model`
    is the language model that writes the system's answers, `reranker` what its search is set to use.
    """

    questions: QuestionSet
    system: System
    sources: Sources
    index: IndexInfo
    retrieval_only: bool = False
    texts: bool = True
    missing: frozenset[str] = frozenset()
    model: str | None = None
    reranker: str | None = None

    @property
    def asked(self) -> int:
        """How many questions are put to the system."""
        return len(self.questions.questions) - len(self.missing)


def start(job: Job, parent: Path) -> Path:
    """Make the folder of a new run under `parent` and return it; RunError where it cannot be written."""
    info = RunInfo(
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        commit=code_commit(),
        set_name=job.questions.name,
        set_sha256=job.questions.sha256,
        questions=len(job.questions.questions),
        system=job.system.name,
        index=job.index,
        texts=job.texts,
        generated=job.model is not None,
        model=job.model,
        reranker=job.reranker,
    )
    return create(parent, info, job.questions.questions)


def resume(job: Job, parent: Path) -> Path:
    """Return the newest run under `parent` of the same set, system and index that is not complete.

    Raises RunError where there is none.
    """
    for folder in run_folders(parent):
        if not (folder / SUMMARY).is_file() and _is_same(job, folder):
            return folder
    raise RunError(
        f"「{parent}」に、続きから始められる実行がありません（質問セット {job.questions.name}、"
        f"システム {job.system.name}、いまの索引、--no-texts の有無が同じもの）。"
        "--resume を外して、最初から実行してください。"
    )


def run_job(job: Job, folder: Path, progress: Progress) -> Run:
    """Ask what has not been asked, score everything, and return the run, complete.

    A question on which the system fails becomes a row with status "error". RunError where something cannot be written
    (what is done stays) and where another process is at the same run.
    """
    with _alone(folder):
        _mend(folder)
        _ask(job, folder, progress)
        return _score(job, folder, progress)


def asked_so_far(folder: Path) -> int:
    """Return how many questions of a run have been asked; a line that was cut off is not counted."""
    path = folder / ANSWERS
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def code_commit() -> str | None:
    """Return the commit that this code is of, with "+" behind it where the tree has changes; None outside git."""
    folder = Path(__file__).resolve().parent
    # Installed into somebody else's repository, this file is not one of its own.
    if _git(folder, "ls-files", "--error-unmatch", "--", "__init__.py") is None:
        return None
    head, changes = _git(folder, "rev-parse", "HEAD"), _git(folder, "status", "--porcelain")
    return head + ("+" if changes else "") if head else None


def _git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "--no-optional-locks", *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_GIT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", errors="replace").strip()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a run against other processes: a run that is still going looks like one that was broken off."""
    with ExitStack() as held:
        try:
            held.enter_context(only_one(folder / _LOCK))
        except Busy:
            raise RunError(f"「{folder.name}」はほかのプログラムが実行中です。終わるのを待ってください。") from None
        except OSError as error:
            raise RunError(
                f"「{folder}」に書けません（{reason(error)}）。空き容量と権限を確かめてください。"
            ) from error
        try:
            yield
        finally:
            held.close()
            with suppress(OSError):
                (folder / _LOCK).unlink()


def _ask(job: Job, folder: Path, progress: Progress) -> None:
    answered = read_run(folder).answers
    for done, question in enumerate(_left(job, answered), start=len(answered) + 1):
        try:
            row = {**job.system.answer(question), "id": question.id}
        except Exception as error:  # a fault on one question must not lose the answers to the others
            row = error_object(question.id, f"{type(error).__name__}: {error}")
        append_answer(folder, row)
        progress("question", done, job.asked)


def _left(job: Job, answered: Mapping[str, object]) -> list[Question]:
    return [one for one in job.questions.questions if one.id not in answered and one.id not in job.missing]


def _score(job: Job, folder: Path, progress: Progress) -> Run:
    from eval.scoring import score_all, summarise

    progress("score", 0, 1)
    run = read_run(folder)
    scores = score_all(job.questions.questions, run.answers, job.sources, retrieval_only=job.retrieval_only)
    summary = summarise(scores)
    if not run.info.texts:
        _rewrite(folder, [strip_texts(row) for row in run.answers.values()])
        (folder / QUESTIONS).unlink(missing_ok=True)
    write_scores(folder, scores, summary)
    progress("score", 1, 1)
    return read_run(folder)


def _is_same(job: Job, folder: Path) -> bool:
    try:
        info = read_info(folder)
    except RunError:  # of another version, or damaged: not one to go on with
        return False
    wanted = (job.questions.sha256, job.system.name, job.index, job.texts, job.reranker)
    return (info.set_sha256, info.system, info.index, info.texts, info.reranker) == wanted


def _mend(folder: Path) -> None:
    """Drop a last line that was cut off, and rows whose texts are gone already; the others stay as they are."""
    path = folder / ANSWERS
    if not path.is_file():
        return
    data = path.read_bytes()
    if not data.endswith(b"\n"):
        write_whole(path, data[: data.rfind(b"\n") + 1], RunError)
    rows = list(read_run(folder).answers.values())
    kept = [row for row in rows if row.get("status") == "error" or "answer" in row]
    if len(kept) < len(rows):
        _rewrite(folder, kept)


def _rewrite(folder: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    write_whole(folder / ANSWERS, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), RunError)
