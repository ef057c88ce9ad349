"""`mamori encoder …`: compare embedding models on questions of one's own."""

from __future__ import annotations

import json
import sys
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.messages import on_one_line
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from eval.compare_encoders import Comparison, Line
    from eval.prepared import Means

encoder_app = typer.Typer(help="埋め込みモデルを比べる。", no_args_is_help=True, rich_markup_mode=None)

_METHODS = {"bm25": "BM25だけ", "alone": "モデルだけ", "fused": "BM25＋", "shipped": "BM25＋（既定）"}
_MODEL = "モデルのフォルダーか名前。同梱のモデルは bundled、文章に合わせて調整したものは bundled+adapted。"


@encoder_app.command()
def compare(
    a: Annotated[str, typer.Argument(metavar="A", help=_MODEL)],
    b: Annotated[str, typer.Argument(metavar="B", help="比べるもう1つのモデル。")],
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="corpus.jsonl、queries.jsonl、qrels.tsv のあるフォルダー。")
    ] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="結果をJSONで表示します。")] = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """2つの埋め込みモデルを、手元の質問（BEIR形式）で比べます。FOLDER を省くと、いまのフォルダーを使います。"""
    from assistant.settings import Settings
    from cli.progress import progress_bar
    from eval.beir import read_beir
    from eval.compare_encoders import compare as run

    allow_remote = Settings.from_environment(data_dir).allow_remote
    data = read_beir(folder)
    with progress_bar() as progress:
        comparison = run([a, b], data, progress, allow_remote=allow_remote)
    if as_json:
        print(json.dumps(asdict(comparison), ensure_ascii=False, indent=2))
        return
    if comparison.unjudged:
        print(f"※ 答えの文章がわからない質問 {comparison.unjudged} 件は除きました。", file=sys.stderr)
    print("\n".join(_table(comparison)))


def _table(comparison: Comparison) -> list[str]:
    """The figures as lines of columns: all questions, then the tenth that shares the fewest words with its answer."""
    head = ("モデル", "検索", *(f"{part} {name}" for part in ("全体", "難問") for name in ("R@1", "R@10", "MRR@10")))
    rows = [head, *map(_row, comparison.lines)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        f"文章 {comparison.paragraphs}、質問 {comparison.questions}。単位は％。"
        "「難問」は、答えの文章と共通する語が最も少ない1割の質問です。",
        *("  ".join(map(_padded, row, widths)).rstrip() for row in rows),
    ]


def _row(line: Line) -> tuple[str, ...]:
    method = _METHODS[line.method] + (f"{line.weight}×モデル" if line.weight is not None else "")
    return (on_one_line(line.encoder or "－"), method, *_figures(line.overall), *_figures(line.hard))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: a full-width character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _figures(means: Means) -> list[str]:
    return [f"{value:.1f}" for value in (means.recall_at_1, means.recall_at_10, means.mrr_at_10)]
