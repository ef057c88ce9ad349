"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help="索引と履歴を置くフォルダ。既定は MAMORI_DATA_DIR か、OSのユーザーデータフォルダ。",
        file_okay=False,
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="エラーのとき、詳しい情報も表示します。")]
