"""What can go wrong while material is made.

TrainingError
├── UnknownChoice      an audience, a length or a format that there is not
├── NothingForTheme    the documents hold nothing for a theme; it carries the nearest themes
├── UnreadablePack     a saved pack that is damaged or of another version
└── ExportError        a file that cannot be made
"""

from __future__ import annotations

from collections.abc import Sequence

_NO_THEME = "対策の書いてある資料を「資料」に加えるか、資料にある言葉で試してください。"


class TrainingError(Exception):
    """Material cannot be made; the message is for the user and says what to do."""


class UnknownChoice(TrainingError):
    """An audience, a length or a format that there is not."""


class NothingForTheme(TrainingError):
    """The documents hold nothing for a theme. `nearest` are themes that they do hold something for, nearest first."""

    def __init__(self, theme: str, nearest: Sequence[str]) -> None:
        self.theme, self.nearest = theme, tuple(nearest)
        offered = "、".join(f"「{name}」" for name in nearest)
        instead = f"資料にあるテーマを選んでください（例：{offered}）。" if offered else _NO_THEME
        super().__init__(f"「{theme}」について教材にできる箇所が、資料に見つかりません。{instead}")


class UnreadablePack(TrainingError):
    """A saved pack that is damaged or was written by another version."""


class ExportError(TrainingError):
    """A file that cannot be made or written."""


class StudyError(TrainingError):
    """Results of self-study that cannot be kept, read or deleted."""
