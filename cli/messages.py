"""What the terminal says when something goes wrong: always one line, always with what to do next."""

from __future__ import annotations

import re

# C0 and C1 controls: a document or a file name must not steer the terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def without_controls(text: str) -> str:
    """Return `text` without the characters that steer a terminal; newlines and tabs stay."""
    return _CONTROLS.sub("", text)


def on_one_line(text: str) -> str:
    """Return `text` with every run of white space as one space, and without control characters."""
    return without_controls(" ".join(text.split()))


def one_line(error: Exception) -> str:
    """Return what went wrong and what to do; an error that is not ours is said to be unexpected."""
    from assistant.errors import AssistantError
    from corpus.errors import CorpusError
    from eval.errors import EvaluationError
    from index.errors import IndexingError
    from training.errors import TrainingError

    text = on_one_line(str(error))
    if isinstance(error, (AssistantError, CorpusError, EvaluationError, IndexingError, TrainingError)):
        return text
    return f"思わぬエラーです（{type(error).__name__}: {text}）。--debug をつけて実行すると、詳しい内容を表示します。"


def is_usage_error(error: Exception) -> bool:
    """Return whether the command line itself was wrong (click's UsageError, which typer carries in its own copy)."""
    return any(base.__name__ == "UsageError" for base in type(error).__mro__)


def usage_line(error: Exception) -> str:
    """Return what is wrong with the command line; asked for nothing at all, the help itself."""
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "mamori")
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(getattr(error, "message", ""))
    return f"mamori: {_what_is_wrong(error)}`{command} --help` で使い方を確かめてください。"


def _what_is_wrong(error: Exception) -> str:
    kind, message = type(error).__name__, on_one_line(str(getattr(error, "message", "")))
    option = on_one_line(str(getattr(error, "option_name", "")))
    if kind == "NoSuchOption":
        return f"{option} というオプションはありません。"
    if kind == "BadOptionUsage":
        return f"{option} の書き方が違います（{message}）。"
    if kind == "BadParameter":
        return f"{_parameter(error)}の値が正しくありません（{_in_japanese(message)}）。"
    if kind == "MissingParameter":
        return "必要な引数がありません。"
    return f"コマンドの書き方が違います（{message}）。" if message else "コマンドの書き方が違います。"


def _in_japanese(message: str) -> str:
    """What the library says of a value in English, where it is one of the two things that it says most."""
    known = {
        "Input should be a valid integer": "整数で書いてください",
        "Input should be a valid number": "数で書いてください",
    }
    return next((said for begins, said in known.items() if message.startswith(begins)), message)


def _parameter(error: Exception) -> str:
    names = getattr(getattr(error, "param", None), "opts", [])
    name = names[0] if names else getattr(error, "param_hint", None)
    return f"{on_one_line(str(name))} " if name else "引数"
