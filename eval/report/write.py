"""Renders the report and puts it into the run's folder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from eval.errors import RunError
from eval.files import write_whole
from eval.report.view import report_view
from eval.runs import REPORT, Run

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE, STYLE, SCRIPT = "report.html.j2", "report.css", "report.js"


def write_report(run: Run, beside: Sequence[Run] = ()) -> Path:
    """Write `report.html` into the folder of a complete run and return its path.

    `beside` are runs of the same set to be shown next to it, baselines for example. Raises RunError where one of them
    is not complete or of another set, or where the file cannot be written.
    """
    path = run.folder / REPORT
    write_whole(path, render_report(run, beside), RunError)
    return path


def render_report(run: Run, beside: Sequence[Run] = ()) -> str:
    """Return the report as HTML that loads nothing from anywhere; errors as for `write_report`."""
    for one in (run, *beside):
        if not one.complete:
            raise RunError(f"「{one.name}」はまだ終わっていません。--resume をつけて続きを実行してください。")
        if one.info.set_sha256 != run.info.set_sha256:
            raise RunError(f"「{one.name}」は別の質問セットの記録です。同じ質問セットの記録を指定してください。")
    template = _template()
    return template.render(view=report_view(run, beside), style=_asset(STYLE), script=_asset(SCRIPT))


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_asset(TEMPLATE))


def _asset(name: str) -> str:
    return resources.files("eval.report").joinpath(name).read_text(encoding="utf-8")
