"""Which runs there are, which one or two are looked at, and what each is called on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import streamlit as st

from eval.errors import EvaluationError
from eval.runs import ANSWERS, INFO, QUESTIONS, SCORES, SUMMARY, Run, RunInfo, read_info, read_run
from pages.evaluation_state import remember

FIRST, SECOND = "mamori_eval_first", "mamori_eval_second"
NO_SECOND = ""
_FILES = (INFO, QUESTIONS, ANSWERS, SCORES, SUMMARY)


@dataclass(frozen=True, slots=True)
class Listing:
    """The complete runs by folder name, newest first, and a line for each folder that holds no complete run."""

    infos: dict[str, RunInfo]
    problems: tuple[str, ...]


def list_runs(parent: Path) -> Listing:
    """Look through the folder of runs; OSError becomes a line like any other problem."""
    infos, problems = {}, []
    try:
        folders = sorted((path for path in parent.iterdir() if path.is_dir()), key=lambda path: path.name, reverse=True)
    except FileNotFoundError:
        return Listing({}, ())
    except OSError:
        return Listing({}, (f"「{parent}」を読めません。場所と権限を確かめてください。",))
    for folder in folders:
        try:
            info = read_info(folder)
            if (folder / SUMMARY).is_file():
                infos[folder.name] = info
            else:
                problems.append(_unfinished(folder, info))
        except EvaluationError as error:
            problems.append(str(error))
    return Listing(infos, tuple(problems))


def chosen_names(listing: Listing) -> list[str]:
    """Return the names of the one or two runs that are chosen, without drawing anything."""
    names = list(listing.infos)
    remember(FIRST, names[0], names)
    remember(SECOND, NO_SECOND, [NO_SECOND, *_comparable(listing, st.session_state[FIRST])])
    return [name for name in (st.session_state[FIRST], st.session_state[SECOND]) if name]


def draw_choice(listing: Listing) -> None:
    """Draw the two boxes that choose the runs; `chosen_names` comes before, in the same run of the page."""
    names = list(listing.infos)
    left, right = st.columns(2)
    with left:
        st.selectbox("見る記録", names, key=FIRST, format_func=lambda name: run_label(listing.infos[name]))
    others = _comparable(listing, st.session_state[FIRST])
    with right:
        st.selectbox(
            "比べる相手（任意）",
            [NO_SECOND, *others],
            key=SECOND,
            format_func=lambda name: run_label(listing.infos[name]) if name else "比べない",
            help="同じ質問セットの記録だけを選べます。差は「見る記録」−「比べる相手」です。",
        )


def load(parent: Path, names: Sequence[str]) -> tuple[list[Run], list[str]]:
    """Return the runs of those names that can be read, and a line for each that cannot."""
    runs, problems = [], []
    for name in names:
        try:
            runs.append(_read(parent / name, stamp(parent / name)))
        except EvaluationError as error:
            problems.append(str(error))
    return runs, problems


def run_label(info: RunInfo) -> str:
    """Return what tells a run from the others: when, what, on which questions and documents."""
    parts = (
        when(info.created),
        info.system,
        f"{info.set_name}（{info.questions}問）",
        f"文書{len(info.index.documents)}件",
        (info.commit or "")[:8],
    )
    return " ・ ".join(part for part in parts if part)


def short_names(runs: Sequence[Run]) -> list[str]:
    """Return the systems' names, with the time behind them where two runs are of the same system."""
    systems = [run.info.system for run in runs]
    if len(set(systems)) == len(systems):
        return systems
    return [f"{run.info.system}（{when(run.info.created)}）" for run in runs]


def when(created: str) -> str:
    """Return an ISO date and time as people write it."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M:%S}"


def _comparable(listing: Listing, name: str) -> list[str]:
    wanted = listing.infos[name].set_sha256
    return [other for other, info in listing.infos.items() if other != name and info.set_sha256 == wanted]


def _unfinished(folder: Path, info: RunInfo) -> str:
    path = folder / ANSWERS
    done = path.read_bytes().count(b"\n") if path.is_file() else 0
    return (
        f"「{folder.name}」は途中です（{done}／{info.questions}問）。"
        "`mamori eval run` に `--resume` をつけると続きを実行できます。"
    )


def stamp(folder: Path) -> tuple[int, ...]:
    """Return what changes when a file of the run does."""
    files = [folder / name for name in _FILES]
    return tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)


@st.cache_resource(show_spinner=False, max_entries=4)
def _read(folder: Path, stamp: tuple[int, ...]) -> Run:
    return read_run(folder)
