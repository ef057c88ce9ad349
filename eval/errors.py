"""What can go wrong in an evaluation. The message is one line for the person at the screen: what is wrong, what to do.

EvaluationError
├── QuestionSetError   a question set is missing, not in its format, or does not fit the documents
├── AnswersError       a file of answers is not in the terminal contract's format, or belongs to other questions
├── RunError           a run folder is missing, damaged, or cannot be compared, resumed or written
├── SystemUnavailable  a system to be evaluated lacks a package or an index
└── MarkError          a human mark or a piece of feedback cannot be stored or read
"""

from __future__ import annotations

from pathlib import Path


class EvaluationError(Exception):
    """Base of this room's errors; `str()` of it may be shown to anyone."""


class QuestionSetError(EvaluationError):
    """A question set that cannot be used; where a line is at fault the message names it and the field."""

    @classmethod
    def at(cls, path: Path | str, line: int, field: str, problem: str) -> QuestionSetError:
        """The error of one field of one line, counted from 1; `field` may be empty."""
        where = f"{line}行目" + (f"の {field} " if field else "")
        return cls(f"「{path}」の{where}が正しくありません：{problem}。直してから実行し直してください。")


class AnswersError(EvaluationError):
    """A file of answers that cannot be scored."""


class RunError(EvaluationError):
    """A run folder that cannot be read, written, resumed or compared."""


class SystemUnavailable(EvaluationError):
    """A system to be evaluated cannot be had here; the message says what to install or to build."""


class MarkError(EvaluationError):
    """Marks or feedback that cannot be stored or read."""
