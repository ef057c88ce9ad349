"""`mamori eval export`, `import` and `template`: question sets as tables for Excel, and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.options import DataDir, Debug

_TABLE_HELP = "表のファイル（.csv か .xlsx）。"

Table = Annotated[Path, typer.Argument(metavar="TABLE", help=_TABLE_HELP)]
Force = Annotated[bool, typer.Option("--force", help="出力先に同じ名前のファイルがあれば上書きします。")]


def export_set(
    set_name: Annotated[str, typer.Argument(metavar="SET", help="質問セットの名前、またはJSON Linesのファイル。")],
    out: Table,
    force: Force = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """質問セットを、Excelで開ける表に書き出します。

    例: mamori eval export readme readme.xlsx
    """
    from assistant.settings import Settings
    from eval.plan import sets_folder
    from eval.question_set import find_set, read_set
    from eval.tables import check_suffix, write_table

    check_suffix(out)
    _check_free(out, force=force)
    questions = read_set(find_set(set_name, sets_folder(Settings.from_environment(data_dir).data_dir))).questions
    write_table(out, questions)
    print(f"{out} に {len(questions)} 問を書き出しました。", file=sys.stderr)


def import_set(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help=_TABLE_HELP)],
    out: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="質問セットのファイル（.jsonl）。")],
    force: Force = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """Excelなどで書いた表を、質問セットにします。表に誤りがあれば、行と列を示して終わります。

    例: mamori eval import questions.xlsx questions.jsonl
    """
    from eval.errors import QuestionSetError
    from eval.question_set import SUFFIX, write_set
    from eval.tables import read_table

    if out.suffix != SUFFIX:
        raise QuestionSetError(f"「{out}」は質問セットの名前ではありません。{SUFFIX} で終わる名前を指定してください。")
    _check_free(out, force=force)
    imported = read_table(table)
    write_set(out, imported.questions)
    if imported.encoding == "cp932":
        print(f"※ {table} は CP932（シフトJIS）として読みました。文字化けがないか確かめてください。", file=sys.stderr)
    print(
        f"{out} に {len(imported.questions)} 問を書きました。"
        f"`mamori eval validate {out}` で資料と照らし合わせられます。",
        file=sys.stderr,
    )


def template(out: Table, force: Force = False, data_dir: DataDir = None, debug: Debug = False) -> None:
    """質問を書き込むための空の表を作ります。.xlsx には、書き方のシートがつきます。

    例: mamori eval template questions.xlsx
    """
    from eval.tables import check_suffix, write_template

    check_suffix(out)
    _check_free(out, force=force)
    write_template(out)
    print(f"{out} を作りました。1行に1問ずつ書き、`mamori eval import` で質問セットにしてください。", file=sys.stderr)


def _check_free(out: Path, *, force: bool) -> None:
    from eval.errors import QuestionSetError

    if out.exists() and not force:
        raise QuestionSetError(
            f"「{out}」はすでにあります。別の名前にするか、上書きするなら --force をつけて実行してください。"
        )
