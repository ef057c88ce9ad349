"""`mamori index …`: build, add, remove, update, status, verify; the rest is in `cli.index_store`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.index_store import generations, rollback
from cli.messages import on_one_line
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from assistant.changes import LibraryReport
    from assistant.library import Library
    from corpus.loaded import FileReport, LoadedFile


index_app = typer.Typer(
    help="索引を作る、文書を加える・取り除く、状態を見る、壊れていないか調べる。",
    no_args_is_help=True,
    rich_markup_mode=None,
)


Adapt = Annotated[
    bool | None, typer.Option("--adapt/--no-adapt", help="同梱の埋め込みモデルを、資料の文章に合わせて調整します。")
]
Ocr = Annotated[
    bool, typer.Option("--ocr", help="文字を取り出せないPDFのページを、OCR（文字認識）で読みます。時間がかかります。")
]
Retry = Annotated[bool, typer.Option("--retry", help="前に読み取りの途中で止まったファイルも、もう一度読みます。")]


@index_app.command()
def build(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH]...", help="索引にするファイルやフォルダ。省くと、同梱の要約を索引にします。"),
    ] = None,
    adapt: Adapt = None,
    ocr: Ocr = False,
    retry: Retry = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """資料から索引を作り直します。できあがるまで、いままでの索引が使われます。"""
    with _library(data_dir, adapt, ocr, retry) as library:
        report = library.build(_named(paths or []))
    _print_files(report.files)
    if report.generation is None:
        print(
            "mamori: 読める資料がなかったので、索引は変えていません。"
            "上の行の理由を確かめて、読めるファイルを指定してください。",
            file=sys.stderr,
        )
        raise typer.Exit(1)
    _print_totals(report)


@index_app.command()
def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="索引に加えるファイルやフォルダ。")],
    adapt: Adapt = None,
    ocr: Ocr = False,
    retry: Retry = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """いまの索引に、ファイルやフォルダを加えます。前と同じ内容のファイルは読み直しません。"""
    with _library(data_dir, adapt, ocr, retry) as library:
        report = library.add(_named(paths))
    _print_files(report.files)
    _print_change(report)
    if not any(file.verdict.is_readable for file in report.files):
        print("mamori: 加えられる資料がありませんでした。上の行の理由を確かめてください。", file=sys.stderr)
        raise typer.Exit(1)


@index_app.command()
def remove(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="DOC...",
            help="取り除く文書のID（`mamori index status` で分かります）か、読めなかったファイルのパス。",
        ),
    ],
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """文書を索引から取り除きます。元のファイルは消しません。画面から取り込んだファイルは消します。"""
    with _library(data_dir, None, False, False) as library:
        report = library.remove(names)
    _print_change(report)


@index_app.command()
def update(
    prune: Annotated[bool, typer.Option("--prune", help="ファイルがなくなった文書を、索引から取り除きます。")] = False,
    every: Annotated[bool, typer.Option("--all", help="変わっていないファイルも、すべて読み直します。")] = False,
    adapt: Adapt = None,
    ocr: Ocr = False,
    retry: Retry = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """索引の元のファイルとフォルダを見直し、変わったもの、増えたものだけを取り込みます。"""
    with _library(data_dir, adapt, ocr, retry) as library:
        report = library.update(prune=prune, reread=every)
    _print_files([file for file in report.files if not file.unchanged])
    _print_change(report)


@contextmanager
def _library(data_dir: Path | None, adapt: bool | None, ocr: bool, retry: bool) -> Iterator[Library]:
    """The library of a data folder, with a progress bar for as long as the block runs."""
    from assistant.changes import LibraryOptions
    from assistant.library import Library
    from assistant.settings import Settings
    from cli.progress import progress_bar

    def wait(_holder: object) -> None:
        print("mamori: ほかの処理が索引を作っています。終わるのを待ちます。", file=sys.stderr)

    with progress_bar() as progress:
        options = LibraryOptions(adapt=adapt, ocr=ocr, retry=retry, on_wait=wait)
        yield Library(Settings.from_environment(data_dir), progress, options)


@index_app.command()
def status(data_dir: DataDir = None, debug: Debug = False) -> None:
    """いまの索引の世代、文書、件数、埋め込みモデル、設定したリランカーと、読めなかったファイルを表示します。"""
    from assistant.catalogue import holding_of
    from assistant.settings import Settings
    from assistant.wiring import build_store

    settings = Settings.from_environment(data_dir)
    generation = build_store(settings).open()
    recipe, files = generation.manifest.recipe, holding_of(generation).files
    print(f"世代: {generation.generation_id}")
    print(f"作成: {generation.manifest.created_at}")
    adapted = "、資料に合わせて調整済み" if recipe.adaptation else ""
    print(f"埋め込みモデル: {recipe.encoder.name}（{recipe.encoder.dimension} 次元{adapted}）")
    if settings.reranker:
        print(f"リランカー: {on_one_line(settings.reranker)}（MAMORI_RERANKER）")
    documents = [file for file in files if file.document]
    print(f"文書: {len(documents)}　断片: {sum(len(file.chunks) for file in files)}")
    for file in documents:
        _print_document(file)
    rest = [file.report for file in files if not file.document]
    if rest:
        print(f"文書にならなかったファイル: {len(rest)}")
        _print_files(rest)


index_app.command()(generations)
index_app.command()(rollback)


@index_app.command()
def verify(data_dir: DataDir = None, debug: Debug = False) -> None:
    """索引のすべてのファイルのチェックサムを調べます。壊れていれば名前を挙げ、終了コード1で終わります。"""
    from assistant.settings import Settings
    from assistant.wiring import build_store

    problems = build_store(Settings.from_environment(data_dir)).verify()
    for problem in problems:
        print(problem)
    if problems:
        print(
            "mamori: 索引が壊れています。`mamori index rollback` で前の索引に戻すか、"
            "`mamori index build` で作り直してください。",
            file=sys.stderr,
        )
        raise typer.Exit(1)
    print("索引は正常です。")


def _named(paths: Sequence[str]) -> list[Path]:
    """The paths given; a blank one, which an unset variable of a shell leaves, would be the working folder."""
    if not all(path.strip() for path in paths):
        raise typer.BadParameter("空のパスがあります。ファイルかフォルダを指定してください", param_hint="PATH")
    return [Path(path) for path in paths]


def _print_document(file: LoadedFile) -> None:
    document, without_text = file.document, file.report.pages_without_text
    assert document is not None, "files without a document are listed apart"
    edition = "、".join(part for part in (document.edition, document.published) if part)
    lost = f"文字のないページ {'、'.join(map(str, without_text))}" if without_text else ""
    notes = " ".join(filter(None, (lost, *file.report.warnings)))
    columns = (document.doc_id, document.title, edition or "版・日付なし", f"断片 {len(file.chunks)}", notes)
    print(_columns(*columns).rstrip("\t"))


def _print_files(files: Sequence[FileReport]) -> None:
    for file in files:
        pages = f"{file.pages}ページ" if file.pages else "ページなし"
        warnings = " ".join([*file.warnings, *(["変更がないので、読み直していません。"] if file.unchanged else [])])
        print(_columns(file.path, file.verdict.value, pages, f"断片 {file.chunks}", warnings).rstrip("\t"))


def _print_change(report: LibraryReport) -> None:
    for word, doc_ids in (("追加", report.added), ("更新", report.changed), ("削除", report.removed)):
        for doc_id in doc_ids:
            print(_columns(word, doc_id))
    if report.generation is None:
        print("変更はありません。")
    else:
        _print_totals(report)


def _print_totals(report: LibraryReport) -> None:
    print(f"索引 {report.generation}：文書 {report.documents}、断片 {report.chunks}（{report.seconds:.1f} 秒）")
    if report.problem:
        print(f"mamori: 変更の記録を残せませんでした。{report.problem}", file=sys.stderr)


def _columns(*texts: str) -> str:
    """One line of columns; nothing in a path or a title ends the line or steers the terminal."""
    return "\t".join(on_one_line(text) for text in texts)
