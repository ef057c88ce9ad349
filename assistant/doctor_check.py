"""One line of `mamori doctor`, and how a check that breaks becomes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.errors import AssistantError
from corpus.errors import CorpusError
from index.errors import IndexingError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what it is, whether it is as it should be, and what was found or is to be done.

    `is_advice`: Mamori works as it is, but something could be better; the text says what.
    """

    name: str
    is_fine: bool
    text: str
    is_advice: bool = False

    @property
    def state(self) -> str:
        """In one word: "problem", "advice" or "ok"."""
        if not self.is_fine:
            return "problem"
        return "advice" if self.is_advice else "ok"


def guarded(name: str, check: Callable[[], Check]) -> Check:
    """A check whose errors are lines: ours as they are worded, others by their kind, since a text may hold a key."""
    try:
        return check()
    except (AssistantError, CorpusError, IndexingError) as error:
        return Check(name, False, str(error))
    except Exception as error:  # whatever is broken, the other checks are still wanted
        kind = type(error).__name__
        return Check(name, False, f"思わぬエラーです（{kind}）。`mamori ask` に --debug をつけて確かめてください。")
