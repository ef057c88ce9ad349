"""An answer that is being written, on a terminal: its text grows in place, and is gone when the answer is whole.

What is printed in the end is `cli.printed`'s business: only then is the text verified and its sources numbered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from cli.messages import without_controls

if TYPE_CHECKING:
    from assistant.generate import Event
    from assistant.models import Answer


def watched(events: Iterator[Event]) -> Answer:
    """Show the events on standard output while they come; return the answer."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text as Plain

    from assistant.generate import Done, Sources

    console = Console(highlight=False)
    with closing(events), Live(console=console, transient=True, auto_refresh=False) as live:  # type: ignore[type-var]
        for event in events:
            if isinstance(event, Done):
                return event.answer
            text = _waiting(event) if isinstance(event, Sources) else event.text.replace("**", "")
            # The end of it: what does not fit on the screen could not be taken away again.
            lines = Plain(without_controls(text)).wrap(console, console.width)[-max(1, console.height - 1) :]
            live.update(Plain("\n").join(lines), refresh=True)
    raise AssertionError("the last event is an answer")


def _waiting(sources: object) -> str:
    from assistant.generate import Sources

    assert isinstance(sources, Sources)
    return f"{len(sources.sources)} 件の抜粋を {sources.model} に渡しました。返事を待っています…"
