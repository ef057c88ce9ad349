"""`mamori corpus …`: fetch, the only command that connects to another computer, and only when it is called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.messages import on_one_line
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.originals import Original

corpus_app = typer.Typer(help="公表されている原典を取得する。", no_args_is_help=True, rich_markup_mode=None)


@corpus_app.callback()
def _corpus() -> None:
    """公表されている原典を取得する。"""


@corpus_app.command()
def fetch(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="取得する原典のID。省くと、すべて取得します。")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="DIR", help="保存するフォルダ。省くと、データフォルダの originals。", file_okay=False
        ),
    ] = None,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """公表されている原典のPDFを、公開元（経済産業省）から取得します。インターネットにつなぐのは、このコマンドだけです。

    変わっていないものは、取得し直しません。できたフォルダは、そのまま `mamori index build` に渡せます。
    """
    from assistant.settings import Settings
    from cli.progress import progress_bar
    from corpus.fetch import Outcome, fetch
    from corpus.originals import read_originals

    originals = _chosen(read_originals(), ids or [])
    folder = to or Settings.from_environment(data_dir).data_dir / "originals"
    outcomes: list[Outcome] = []
    with progress_bar() as progress:
        for fetched in fetch(originals, folder, progress=progress):
            title = fetched.original.description.get("title", "")
            columns = (fetched.outcome.value, fetched.original.doc_id, title, fetched.text, str(fetched.path or ""))
            print("\t".join(map(on_one_line, columns)).rstrip("\t"), flush=True)
            outcomes.append(fetched.outcome)
    if Outcome.FAILED in outcomes:
        _end(f"{outcomes.count(Outcome.FAILED)} 件を取得できませんでした。上の行のとおりにしてください。")
    if all(outcome is Outcome.BY_HAND for outcome in outcomes):
        _end("取得できるファイルがありません。上の行のページを開いて、保存してください。")
    print(f"mamori: `mamori index build {folder}` で索引にできます。", file=sys.stderr)


def _chosen(originals: Sequence[Original], ids: Sequence[str]) -> list[Original]:
    """The originals of these ids, in the order of the list; all where none is given."""
    known = [original.doc_id for original in originals]
    if unknown := [doc_id for doc_id in ids if doc_id not in known]:
        listed = "、".join(known)
        raise typer.BadParameter(f"{'、'.join(unknown)} という原典はありません。使える ID: {listed}", param_hint="ID")
    return [original for original in originals if not ids or original.doc_id in ids]


def _end(message: str) -> None:
    print(f"mamori: {message}", file=sys.stderr)
    raise typer.Exit(1)
