"""`mamori training …`: themes, packs, quizzes and their files. Commands only; the work is in `training`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.messages import on_one_line
from cli.options import DataDir, Debug
from cli.training_given import (
    MOST_ITEMS,
    check_count,
    check_difficulty,
    check_folder,
    format_keys,
    known,
    saved_text,
)

if TYPE_CHECKING:
    from assistant.settings import Settings
    from training.material import Material
    from training.models import Pack, Quiz

_PACK_FORMATS = "pptx,docx,json"

training_app = typer.Typer(
    help="研修の教材とクイズを、資料から出典つきで作る。", no_args_is_help=True, rich_markup_mode=None
)

Theme = Annotated[
    str,
    typer.Option("--theme", metavar="THEME", help="テーマ。`mamori training themes` で分かります。自由な言葉でも。"),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="クイズの番号。同じ番号なら同じ問題です。")]
Formats = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="KEY,…", help="形式：pptx、docx、pdf、md、gift、xml、csv、apkg、json、all。"),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="同じ名前のファイルがあれば上書きします。")]
To = Annotated[Path, typer.Option("--to", metavar="DIR", help="書き出すフォルダー。省くと、いまのフォルダー。")]


@training_app.callback()
def _training() -> None:
    """研修の教材とクイズを、資料から出典つきで作る。"""


@training_app.command()
def themes(
    as_json: Annotated[bool, typer.Option("--json", help="JSONで表示します。")] = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """選べるテーマ、対象者、長さ（分）を表示します。テーマは、ほかの言葉でも指定できます。"""
    from training.catalogue import LENGTHS, audiences
    from training.catalogue import themes as all_themes

    choices: dict[str, list[str] | list[int]] = {
        "themes": [theme.name for theme in all_themes()],
        "audiences": [audience.name for audience in audiences()],
        "minutes": list(LENGTHS),
    }
    if as_json:
        print(json.dumps(choices, ensure_ascii=False, indent=2))
        return
    for label, names in zip(("テーマ", "対象者", "長さ（分）"), choices.values(), strict=True):
        print(f"{label}: {'、'.join(map(str, names))}")


@training_app.command()
def pack(
    theme: Theme,
    audience: Annotated[str, typer.Option("--audience", metavar="WHO", help="対象者。営業、技術者など。")],
    minutes: Annotated[int, typer.Option("--minutes", metavar="N", help="長さ（分）：15、30、60。")] = 30,
    seed: Seed = 1,
    to: To = Path(),
    formats: Formats = None,
    overwrite: Overwrite = False,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="MAMORI_LLM の言語モデルで言い換えません。")] = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """研修1回分の教材を作ります：目標、事例、対策の表、チェックリスト、クイズ、進行メモ、相談先、出典。

    言語モデルを設定していれば、目標、問い、進行メモを対象者向けに言い換え、資料で確かめて印をつけます。

    例: mamori training pack --theme すり合わせ --audience 営業 --minutes 30 --to 研修
    """
    from assistant.settings import Settings
    from training.catalogue import audience_named, extent, theme_named
    from training.seen import seen

    keys = format_keys(formats or [_PACK_FORMATS])
    known(lambda: theme_named(seen(theme)), "--theme")
    known(lambda: audience_named(audience), "--audience")
    known(lambda: extent(minutes), "--minutes")
    check_folder(to)
    settings = Settings.from_environment(data_dir)
    material = _material(settings)
    from training.pack.builder import build_pack

    made = build_pack(material, seen(theme), audience, minutes, seed)
    if settings.llm is not None and not no_llm:
        made = _reworded(made, settings)
    _write(made, to, keys, overwrite=overwrite)
    _tell_pack(made)


@training_app.command()
def quiz(
    theme: Annotated[
        str | None, typer.Option("--theme", metavar="THEME", help="テーマ。省くと、すべての資料から。")
    ] = None,
    count: Annotated[int, typer.Option("--count", metavar="N", help=f"問題の数（1～{MOST_ITEMS}）。")] = 10,
    difficulty: Annotated[
        int | None,
        typer.Option("--difficulty", metavar="1-3", help="難しさ：1やさしい、2ふつう、3むずかしい。"),
    ] = None,
    seed: Seed = 1,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="書き出すフォルダー。省くと、答えつきで表示します。"),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="KEY,…", help="形式：md、gift、xml、csv、apkg、json、all。--to と使います。"),
    ] = None,
    overwrite: Overwrite = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """クイズだけを作ります。どの問題にも、解説と出典がつきます。

    例: mamori training quiz --theme 共同研究 --count 5
    """
    from assistant.settings import Settings
    from training.catalogue import theme_named
    from training.seen import seen

    check_count(count)
    check_difficulty(difficulty)
    if theme is not None:
        theme = known(lambda: theme_named(seen(theme or "")), "--theme").name
    if formats and to is None:
        raise typer.BadParameter(
            "書き出すフォルダーを --to で指定するか、--format を外してください", param_hint="--format"
        )
    keys = format_keys(formats or ["gift,csv"], for_quiz=True)
    if to is not None:
        check_folder(to)
    material = _material(Settings.from_environment(data_dir))
    from training.quiz.build import build_quiz

    made = build_quiz(material, count, seed, theme=theme, difficulty=difficulty)
    if to is None:
        from cli.printed_quiz import printed_quiz

        print(printed_quiz(made))
    else:
        _write(made, to, keys, overwrite=overwrite)
    less = f"（{count} 問はありませんでした）" if len(made.items) < count else ""
    print(f"「{on_one_line(made.title)}」 {len(made.items)} 問{less}、出典 {len(made.citations)}", file=sys.stderr)


@training_app.command("export")
def export_saved(
    saved: Annotated[
        Path, typer.Argument(metavar="PACK.json", help="保存した教材かクイズ（--format json、または画面の保存）。")
    ],
    formats: Formats = None,
    to: To = Path(),
    overwrite: Overwrite = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """保存した教材を、ほかの形式で書き出します。手で直した教材も書き出せます。資料は読みません。

    例: mamori training export PACK.json --format pptx,pdf --to 配布
    """
    from training.models import Quiz
    from training.saved import from_json

    check_folder(to)
    made = from_json(saved_text(saved))
    default = "gift,csv" if isinstance(made, Quiz) else "pptx,docx"
    _write(made, to, format_keys(formats or [default], for_quiz=isinstance(made, Quiz)), overwrite=overwrite)


def _material(settings: Settings) -> Material:
    """The material of the index; who waits for it is told that it takes a moment."""
    from assistant.wiring import build_assistant
    from training.material import Material

    material = Material.of(build_assistant(settings))
    if sys.stderr.isatty():
        print("資料から作っています…", file=sys.stderr, flush=True)
    return material


def _reworded(made: Pack, settings: Settings) -> Pack:
    """The pack in the words of the language model that is set; where it is on another machine, that is said first."""
    from assistant.chat_model import remote_host
    from assistant.wiring import build_chat_model, build_options
    from training.reword import reword

    assert settings.llm is not None
    model = build_chat_model(settings)
    host = remote_host(settings.llm, settings.llm_base_url, model)
    place = (
        f"別のコンピューター {host} へ、目標、問い、進行メモと、その出典の文を送ります"
        if host
        else "このパソコンのモデル"
    )
    print(on_one_line(f"言語モデル {settings.llm} が言い換えています（{place}）…"), file=sys.stderr, flush=True)
    return reword(made, model, settings.llm, build_options(settings))


def _write(made: Pack | Quiz, folder: Path, keys: Sequence[str], *, overwrite: bool) -> None:
    from training.export.files import write_files

    for path in write_files(made, folder, keys, overwrite=overwrite):
        print(on_one_line(str(path)))


def _tell_pack(made: Pack) -> None:
    parts = (
        f"目標 {len(made.goals)}",
        f"事例 {len(made.cases)}",
        f"対策 {len(made.countermeasures)}",
        f"チェック {len(made.checklist)}",
        f"クイズ {len(made.quiz)}",
        f"出典 {len(made.citations)}",
    )
    print(f"「{on_one_line(made.title)}」 {'、'.join(parts)}", file=sys.stderr)
    for note in made.notes:
        print(f"※ {on_one_line(note)}", file=sys.stderr)
