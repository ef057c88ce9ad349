"""A progress bar on standard error, gone when the work is done; nothing where nobody is watching."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
_STAGES = {
    "read": "読み込み",
    "adapt": "モデルの調整",
    "tokenize": "単語分割",
    "encode": "ベクトル化",
    "write": "書き込み",
    "question": "質問",
    "score": "採点",
    "fetch": "ダウンロード（KB）",
}


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A callback (stage, done, total) that moves a bar on the terminal."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def move(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(_STAGES.get(stage, stage), total=total)
            bar.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield move
