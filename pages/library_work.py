"""A change of the library while it is made: in a thread of its own, looked at until it is over.

It goes on when the page is left or drawn anew, and others are not kept waiting. What a crash leaves behind is the
store's concern: the index in use stays until the next one is there whole.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from assistant.changes import LibraryReport
from assistant.library import Progress
from index.errors import WAITING
from index.lock import Holder
from pages.render import literal
from pages.service import EXPECTED_ERRORS

WORK, OUTCOME = "mamori_library_work", "mamori_library_outcome"
FAILED = (
    "思わぬ問題が起きました。索引は前のまま使えます。もう一度お試しください。"
    "続くようなら、`mamori doctor` で確かめてください。"
)
STAGES = {
    "read": "読み込み",
    "tokenize": "単語に分ける",
    "adapt": "検索のモデルの調整",
    "encode": "検索用の数値の計算",
    "write": "索引の書き込み",
}
_STEPS = len(STAGES)
_LOOK_SECONDS = 0.5
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a change ended: with a report, or with an error in words. `notes` tell what was done besides.

    `title` says what was done, or was to be done.
    """

    title: str
    report: LibraryReport | None = None
    error: str | None = None
    notes: tuple[str, ...] = ()


Wait = Callable[[Holder | None], None]
Change = Callable[[Progress, Wait], tuple[LibraryReport, tuple[str, ...]]]
"""Makes a change, given whom to tell of progress and of having to wait; returns the report, and notes."""


@dataclass(slots=True)
class Work:
    """One change that has been begun; `title` says what is being done, `done` that it is done."""

    title: str
    done: str
    change: Change
    outcome: Outcome | None = None
    is_waiting: bool = False
    stage: tuple[str, int, int] = ("read", 0, 0)
    began: float = field(default_factory=time.monotonic)
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, name="library", daemon=True)
        self.thread.start()

    @property
    def seconds(self) -> int:
        """Whole seconds since it began."""
        return int(time.monotonic() - self.began)

    def _run(self) -> None:
        try:
            report, notes = self.change(self._progress, self._wait)
            self.outcome = Outcome(self.done, report, notes=notes)
        except EXPECTED_ERRORS as error:
            self.outcome = Outcome(self.title, error=str(error))
        except Exception:
            _logger.exception("a change of the library failed")
            self.outcome = Outcome(self.title, error=FAILED)

    def _progress(self, stage: str, done: int, total: int) -> None:
        self.is_waiting, self.stage = False, (stage, done, total)

    def _wait(self, _holder: Holder | None) -> None:
        self.is_waiting = True


def begin(title: str, done: str, change: Change) -> None:
    """Begin a change, unless one of this person's is under way."""
    if not is_busy():
        st.session_state.pop(OUTCOME, None)
        st.session_state[WORK] = Work(title, done, change)


def is_busy() -> bool:
    """Whether a change of this person's is under way."""
    work: Work | None = st.session_state.get(WORK)
    return work is not None and work.outcome is None


def settle() -> Outcome | None:
    """Return how the last change ended, until it has been dismissed."""
    work: Work | None = st.session_state.get(WORK)
    if work and work.outcome:
        st.session_state[OUTCOME] = work.outcome
        del st.session_state[WORK]
    outcome: Outcome | None = st.session_state.get(OUTCOME)
    return outcome


def dismiss() -> None:
    """Have the last outcome shown no longer."""
    st.session_state.pop(OUTCOME, None)


def show_outcome(outcome: Outcome) -> None:
    """Have something that was done at once shown as an outcome."""
    st.session_state[OUTCOME] = outcome


@st.fragment(run_every=_LOOK_SECONDS)
def draw() -> None:
    """How far a change is; the whole page once it is over."""
    work: Work | None = st.session_state.get(WORK)
    if work is None:
        return
    if work.outcome:
        st.rerun()
    share, words = _share_and_words(work)
    st.progress(share, text=literal(f"{work.title}：{words}（{work.seconds}秒）"))
    st.caption("終わるまで、いままでの索引で回答します。このページを離れても続きます。")


def _share_and_words(work: Work) -> tuple[float, str]:
    """How much is done, from 0 to 1, and what is being done."""
    if work.is_waiting:
        return 0.0, WAITING.rstrip("。")
    stage, done, total = work.stage
    words = STAGES.get(stage, stage)
    step = list(STAGES).index(stage) if stage in STAGES else 0
    share = (step + (done / total if total else 0)) / _STEPS
    return min(share, 1.0), f"{words} {done}/{total}" if total > 1 else words
