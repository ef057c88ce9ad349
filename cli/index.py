"""`mamori index …`: build, status, verify."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.messages import on_one_line
from cli.options import DataDir, Debug

index_app = typer.Typer(
    help="索引を作る、状態を見る、壊れていないか調べる。", no_args_is_help=True, rich_markup_mode=None
)


@index_app.command()
def build(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="索引にするファイルやフォルダ。省くと、同梱の要約を索引にします。"),
    ] = None,
    adapt: Annotated[
        bool, typer.Option("--adapt/--no-adapt", help="同梱の埋め込みモデルを、資料の文章に合わせて調整します。")
    ] = True,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """資料から索引を作り直します。できあがるまで、いままでの索引が使われます。"""
    from assistant.building import build_index_from
    from assistant.settings import Settings
    from cli.progress import progress_bar

    with progress_bar() as progress:
        report = build_index_from(paths or [], Settings.from_environment(data_dir), progress, adapt=adapt)
    for file in report.files:
        print(_file_line(file))
    if report.generation is None:
        print(
            "mamori: 読める資料がなかったので、索引は変えていません。"
            "上の行の理由を確かめて、読めるファイルを指定してください。",
            file=sys.stderr,
        )
        raise typer.Exit(1)
    print(f"索引 {report.generation}：文書 {report.documents}、断片 {report.chunks}（{report.seconds:.1f} 秒）")


@index_app.command()
def status(data_dir: DataDir = None, debug: Debug = False) -> None:
    """いまの索引の世代、文書、件数、埋め込みモデルと、設定したリランカーを表示します。"""
    from assistant.settings import Settings
    from assistant.wiring import build_store
    from index.build import load_chunks, load_documents

    settings = Settings.from_environment(data_dir)
    generation = build_store(settings).open()
    recipe = generation.manifest.recipe
    documents, chunks = load_documents(generation), load_chunks(generation)
    print(f"世代: {generation.generation_id}")
    print(f"作成: {generation.manifest.created_at}")
    adapted = "、資料に合わせて調整済み" if recipe.adaptation else ""
    print(f"埋め込みモデル: {recipe.encoder.name}（{recipe.encoder.dimension} 次元{adapted}）")
    if settings.reranker:
        print(f"リランカー: {on_one_line(settings.reranker)}（MAMORI_RERANKER）")
    print(f"文書: {len(documents)}　断片: {len(chunks)}")
    for document in documents:
        count = sum(chunk.doc_id == document.doc_id for chunk in chunks)
        edition = "、".join(part for part in (document.edition, document.published) if part)
        print(_columns(document.doc_id, document.title, edition or "版・日付なし", f"断片 {count}"))


@index_app.command()
def verify(data_dir: DataDir = None, debug: Debug = False) -> None:
    """索引のすべてのファイルのチェックサムを調べます。壊れていれば名前を挙げ、終了コード1で終わります。"""
    from assistant.settings import Settings
    from assistant.wiring import build_store

    problems = build_store(Settings.from_environment(data_dir)).verify()
    for problem in problems:
        print(problem)
    if problems:
        print("mamori: 索引が壊れています。`mamori index build` を実行して作り直してください。", file=sys.stderr)
        raise typer.Exit(1)
    print("索引は正常です。")


def _file_line(file: object) -> str:
    from corpus.load import FileReport

    assert isinstance(file, FileReport)
    pages = f"{file.pages}ページ" if file.pages else "ページなし"
    warnings = " ".join(file.warnings)
    return _columns(file.path, file.verdict.value, pages, f"断片 {file.chunks}", warnings).rstrip("\t")


def _columns(*texts: str) -> str:
    """One line of columns; nothing in a path or a title ends the line or steers the terminal."""
    return "\t".join(on_one_line(text) for text in texts)
