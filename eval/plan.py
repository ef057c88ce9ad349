"""From what the evaluator asked for to a job: everything is read and checked here, nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.settings import Settings
from eval.benchmark import is_benchmark, open_search, read_benchmark
from eval.errors import EvaluationError, RunError
from eval.models import Question, QuestionSet
from eval.question_set import find_set, read_set
from eval.recorded import RecordedAnswers, read_answers
from eval.runner import Job
from eval.runs import Run, read_run, run_folders
from eval.sources import Sources
from eval.systems import MAMORI, Indexed, MamoriSystem, System, find_store, open_baseline, open_mamori
from index.retriever import DEFAULT_TOP_K

Progress = Callable[[str, int, int], None]
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What to run on what. `answers` is a file that another system wrote, called `label`; else `system` is asked."""

    set_name: str
    index: Path | None = None
    system: str = MAMORI
    answers: Path | None = None
    label: str | None = None
    texts: bool = True
    top_k: int = DEFAULT_TOP_K


def runs_folder(data_dir: Path) -> Path:
    """Return where the runs of a data folder lie."""
    return data_dir / "eval" / "runs"


def sets_folder(data_dir: Path) -> Path:
    """Return where a person's own question sets lie."""
    return data_dir / "eval" / "questions"


def plan(request: Request, settings: Settings, progress: Progress) -> Job:
    """Read the set, the index and the answers, and make the system ready.

    Raises EvaluationError, IndexingError (BeirError among them) or AssistantError: one line that says what is wrong.
    """
    if is_benchmark(request.set_name):
        return _benchmark_job(request, settings, progress)
    questions = read_set(find_set(request.set_name, sets_folder(settings.data_dir)))
    recorded = _recorded(request, questions)
    system, indexed = (recorded, _indexed(request, settings)) if recorded else _system(request, settings)
    missing = _missing(recorded, questions.questions)
    job = Job(questions, system, Sources(indexed.chunks), indexed.info, texts=request.texts, missing=missing)
    return replace(
        job, model=system.model if isinstance(system, MamoriSystem) else None, reranker=_reranker(request, settings)
    )


def find_run(name: str, parent: Path) -> Run:
    """Return a run by its folder, or by its name under `parent`; RunError where there is none or it is damaged."""
    for folder in (Path(name), parent / name):
        if folder.is_dir():
            return read_run(folder)
    known = [folder.name for folder in run_folders(parent)[:_NAMED]]
    there = f"新しいものは {'、'.join(known)} です。" if known else ""
    raise RunError(f"評価の記録「{name}」がありません。{there}`mamori eval runs` で一覧を確かめてください。")


def find_complete_run(name: str, parent: Path) -> Run:
    """Return a run as `find_run` does; RunError also where it is not complete."""
    run = find_run(name, parent)
    if not run.complete:
        raise RunError(f"「{run.name}」はまだ終わっていません。--resume をつけて続きを実行してください。")
    return run


def _benchmark_job(request: Request, settings: Settings, progress: Progress) -> Job:
    """The job of a folder in BEIR layout. Its texts are somebody else's, and many: they are never kept."""
    if request.index is not None:
        raise EvaluationError("BEIR形式のフォルダーは、その文章から索引を作ります。--index を外してください。")
    benchmark = read_benchmark(Path(request.set_name))
    recorded = _recorded(request, benchmark.questions)
    system, indexed = (
        (recorded, benchmark.indexed)
        if recorded
        else open_search(benchmark, request.system, settings, request.top_k, progress)
    )
    missing = _missing(recorded, benchmark.questions.questions)
    sources = Sources(indexed.chunks)
    job = Job(benchmark.questions, system, sources, indexed.info, retrieval_only=True, texts=False, missing=missing)
    return replace(job, reranker=_reranker(request, settings))


def _reranker(request: Request, settings: Settings) -> str | None:
    """The reranker that a run's search uses: only Mamori's own does."""
    return settings.reranker if request.system == MAMORI and request.answers is None else None


def _recorded(request: Request, questions: QuestionSet) -> RecordedAnswers | None:
    if request.answers is None:
        return None
    ids = {question.id for question in questions.questions}
    return read_answers(request.answers, ids, request.label or request.answers.stem)


def _indexed(request: Request, settings: Settings) -> Indexed:
    return Indexed.of(find_store(request.index, settings).open())


def _system(request: Request, settings: Settings) -> tuple[System, Indexed]:
    if request.system == MAMORI:
        return open_mamori(find_store(request.index, settings), settings, request.top_k)
    indexed = _indexed(request, settings)
    return open_baseline(request.system, indexed, resplit=True), indexed


def _missing(recorded: RecordedAnswers | None, questions: Sequence[Question]) -> frozenset[str]:
    if recorded is None:
        return frozenset()
    return frozenset(question.id for question in questions) - recorded.rows.keys()
