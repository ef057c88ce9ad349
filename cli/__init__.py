"""The terminal front door: `mamori …`. Commands only; the work is done in the other rooms.

Results go to standard output, progress and messages to standard error. What goes wrong is one line that says what to
do; `--debug` adds the traceback. Heavy imports stand inside the commands, so that `mamori ask` starts in a second.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO

import typer

from cli.ask import ask
from cli.chat import chat
from cli.corpus import corpus_app
from cli.doctor import doctor
from cli.encoder import encoder_app
from cli.eval import eval_app
from cli.index import index_app
from cli.messages import is_usage_error, one_line, usage_line
from cli.training import training_app

_INTERRUPTED = 130

app = typer.Typer(
    name="mamori",
    help="守り：資料に出典つきで答えるアシスタント。すべてこのパソコンの中で動きます。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(index_app, name="index")
app.add_typer(corpus_app, name="corpus")
app.add_typer(encoder_app, name="encoder")
app.add_typer(eval_app, name="eval")
app.add_typer(training_app, name="training")
app.command()(ask)
app.command()(chat)
app.command()(doctor)


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        print(f"mamori {version('mamori')}")
    except PackageNotFoundError:
        print("mamori（インストールしていない版）")
    raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_print_version, help="版を表示して終わります。"),
) -> None:
    """守り：資料に出典つきで答えるアシスタント。すべてこのパソコンの中で動きます。"""


def main() -> None:
    """Run the command line and end the process with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        _write_anything(stream)
    raise SystemExit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status: 0 done, 1 it went wrong, 2 wrong usage, 130 interrupted.

    Whatever goes wrong is one line on standard error, and with `--debug` the traceback before it.
    """
    try:
        status = app(args=list(arguments), prog_name="mamori", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away, as `head` does; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        return _explain(error, debug="--debug" in arguments)
    if status == _INTERRUPTED:
        print("mamori: 中断しました。", file=sys.stderr)
    return int(status or 0)


def _explain(error: Exception, *, debug: bool) -> int:
    if is_usage_error(error):
        print(usage_line(error), file=sys.stderr)
        return 2
    if debug:
        import traceback

        traceback.print_exception(error)
    print(f"mamori: {one_line(error)}", file=sys.stderr)
    return 1


def _write_anything(stream: TextIO) -> None:
    """Let a stream take every character: what it cannot show is escaped; other programs always get UTF-8."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None:
        return
    if stream.isatty():
        reconfigure(errors="backslashreplace")
    else:
        reconfigure(encoding="utf-8", errors="backslashreplace")
