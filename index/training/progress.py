"""Progress on standard error, the same for every step of the training."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track

Item = TypeVar("Item")


def progress(items: Sequence[Item], label: str) -> Iterable[Item]:
    """Yield `items` while a bar named `label` moves on standard error."""
    return track(items, label, console=Console(stderr=True))


def say(message: str) -> None:
    """Print one line on standard error."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(message, markup=False)
