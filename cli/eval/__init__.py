"""`mamori eval …`: run question sets, compare runs, hold them to floors. A file a command; the work is in `eval`."""

from __future__ import annotations

import typer

from cli.eval.compare import compare
from cli.eval.gate import gate
from cli.eval.judge import judge
from cli.eval.run import run
from cli.eval.runs import runs
from cli.eval.tables import export_set, import_set, template
from cli.eval.validate import validate

eval_app = typer.Typer(
    help="質問セットで答えの質を測る、比べる、基準を確かめる。", no_args_is_help=True, rich_markup_mode=None
)
eval_app.command()(run)
eval_app.command()(runs)
eval_app.command()(compare)
eval_app.command()(gate)
eval_app.command()(validate)
eval_app.command()(judge)
eval_app.command("export")(export_set)
eval_app.command("import")(import_set)
eval_app.command()(template)
