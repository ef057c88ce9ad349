"""Where a pack is made into files: each when it is asked for, kept until the pack changes, and all of them as a ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from pages.render import literal
from pages.training_edits import tidied
from pages.training_lines import EDITED_LINES
from pages.training_lost import warn_of_lost
from pages.training_state import QUIZ, go_to
from pages.training_undo import named
from training.errors import TrainingError
from training.export.formats import Format, export, formats_for
from training.export.names import file_name
from training.models import Pack

MADE = "mamori_training_made"
PREPARE, ALL = "用意する", "すべてをZIPにまとめる"
KEEP = "この画面を閉じると、資料は消えます。続きを直すときは、編集用の保存ファイルを残してください。"
_ZIP = "zip"
_ABOUT = {
    "pptx": "投影するスライド。ノートに進め方と出典があります。",
    "docx": "配布用。目次と、別ページの解答があります。",
    "pdf": "印刷して配る資料。解答は別ページです。",
    "md": "文章のまま、ほかの道具で使えます。",
    "gift": "Moodleの問題バンクに取り込めます（テキスト）。",
    "xml": "Moodleの問題バンクに取り込めます（解説と難しさも入ります）。",
    "csv": "Excelで開けます。問題、正解、解説、出典が1行ずつ並びます。",
    "apkg": "暗記カードのアプリ「Anki」に取り込めます。",
    "json": "あとで続きを直すための保存です。「作る」で開けます。",
}


@dataclass(slots=True)
class Made:
    """The files that were made of one pack, by key, and why others could not be."""

    pack: Pack
    files: dict[str, bytes] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def show(pack: Pack) -> None:
    """Draw a line for each format, and one for all of them."""
    st.caption(KEEP)
    warn_of_lost(pack)
    st.caption("形式ごとに「用意する」を押すと、ファイルができます。できたら「保存する」で手元に残せます。")
    if any(item.edited for item in pack.quiz) or EDITED_LINES in pack.notes:
        st.caption("講師が編集したことは、書き出したファイルにも書かれます。")
    made = _made(pack)
    for one in formats_for(made.pack):
        with st.container(border=True):
            _line(made, one.key, one.name, _ABOUT.get(one.key, ""), one.suffix, one.mime)
    with st.container(border=True):
        _line(made, _ZIP, ALL, "上の形式のファイルをすべて、ひとつにまとめます。", ".zip", "application/zip")
    st.button("クイズの編集に戻る", key="mamori_training_files_to_quiz", on_click=go_to, args=(QUIZ,))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of files by their names; the same files give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=zipfile.ZIP_DEFLATED)
    return held.getvalue()


def size_in_words(size: int) -> str:
    """Return a size in bytes in words."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size // 1000, 1):,} KB"


def _made(pack: Pack) -> Made:
    """What was made of this pack so far; nothing of one that has changed since."""
    shown, made = tidied(pack), st.session_state.get(MADE)
    if not isinstance(made, Made) or made.pack != shown:
        made = st.session_state[MADE] = Made(shown)
    return made


def _line(made: Made, key: str, name: str, about: str, suffix: str, mime: str) -> None:
    """A format: what it is, and the button that makes its file or, once there is one, saves it."""
    left, right = st.columns((3, 2), vertical_alignment="center")
    with left:
        st.markdown(f"**{literal(name)}**")
        st.caption(literal(about))
    with right:
        place = st.empty()
        if key not in made.files and place.button(
            named(f"{name}を", PREPARE),
            key=f"mamori_training_prepare_{key}",
            help=f"{name}：ファイルを用意する",
            width="stretch",
        ):
            with place, st.spinner("ファイルを作っています…"):
                _prepare(made, key)
        if (data := made.files.get(key)) is not None:
            saved_as = file_name(made.pack.title, suffix)
            place.download_button(
                named(f"{name}を", f"保存する（{size_in_words(len(data))}）"),
                data,
                file_name=saved_as,
                mime=mime,
                key=f"mamori_training_save_{key}",
                icon=":material/download:",
                help=literal(saved_as),
                on_click="ignore",
                type="primary",
                width="stretch",
            )
    if problem := made.problems.get(key):
        st.error(literal(problem))


def _prepare(made: Made, key: str) -> None:
    """Make one file, or all of them; what goes wrong is kept as a sentence."""
    made.problems.pop(key, None)
    if key != _ZIP:
        _prepare_one(made, key)
        return
    formats = formats_for(made.pack)
    for one in formats:
        if one.key not in made.files:
            _prepare_one(made, one.key)
    there = _named(made, formats)
    if there:
        made.files[_ZIP] = zipped(there)
    missing = "、".join(one.name for one in formats if one.key not in made.files)
    if missing:
        made.problems[_ZIP] = f"作れなかったので、ZIPに入っていません：{missing}"


def _prepare_one(made: Made, key: str) -> None:
    made.problems.pop(key, None)
    try:
        made.files[key] = export(made.pack, key)
    except TrainingError as error:
        made.problems[key] = str(error)


def _named(made: Made, formats: tuple[Format, ...]) -> dict[str, bytes]:
    return {file_name(made.pack.title, one.suffix): made.files[one.key] for one in formats if one.key in made.files}
