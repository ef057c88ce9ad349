"""Where files are handed over: checked before anything is kept, then taken in, and what gave nothing deleted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from assistant.changes import LibraryOptions, LibraryReport
from assistant.errors import LibraryError
from assistant.library import Library, Progress
from assistant.settings import Settings
from assistant.uploads import MOST_MEGABYTES, checked_name, discard_upload, kept_content, save_upload
from corpus.files import SUPPORTED
from corpus.loaded import archive_key
from corpus.one_file import file_path_key
from pages.library_options import OCR, draw_ocr
from pages.library_work import Outcome, Wait, begin, is_busy, show_outcome
from pages.render import literal

FILES, ROUND, KEEP = "mamori_library_files", "mamori_library_round", "mamori_library_keep_unread"
DROPPING = "mamori_library_dropping"
TAKE = "取り込む"
_TWICE = "同じ名前のファイルを、もう一つ選んでいます。名前を変えるか、別に取り込んでください。"
_WHY_LEFT = "取り込みの途中か、途中で止まったか、前の索引に戻したためです。"
_DELETED = "文書にならなかったファイルは消しました：{names}"
_PUT_BACK = "新しい内容を読めなかったので、前のファイルに戻しました：{names}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file that somebody chose: its safe name, its content, and that of the file of the same name, if any."""

    name: str
    data: bytes
    before: bytes | None = None

    @property
    def replaces(self) -> bool:
        """Whether keeping it would put it in the place of another."""
        return self.before is not None and self.before != self.data


def show(settings: Settings) -> None:
    """Draw the choice of files, what is wrong with any of them, and the button that takes them in."""
    st.caption(literal(f"{SUPPORTED}を取り込めます。1ファイル {MOST_MEGABYTES} MB までです。"))
    st.caption("ファイルはこのパソコンの中だけに保存し、外へは送りません。")
    turn = st.session_state.get(ROUND, 0)
    found = st.file_uploader("取り込むファイル（いくつでも）", accept_multiple_files=True, key=f"{FILES}_{turn}")
    good, problems = checked(settings, [(file.name, file.getvalue()) for file in found or ()])
    for problem in problems:
        st.error(literal(problem))
    wanted = [one for number, one in enumerate(good) if not one.replaces or _may_replace(one, turn, number)]
    draw_ocr()
    keep = st.checkbox(
        "読めなかったファイルも残す",
        key=KEEP,
        help="残さないときは、文書にならなかったファイルを取り込みのあとで消します。手元の元のファイルは、そのままです。",
    )
    pressed = st.button(
        f"{TAKE}（{len(wanted)}件）" if wanted else TAKE,
        key="mamori_library_take",
        type="primary",
        disabled=not wanted or is_busy(),
    )
    if pressed:
        take_in(settings, wanted, keep=keep, ocr=bool(st.session_state.get(OCR)))
        st.session_state[ROUND] = turn + 1
        st.rerun()


def checked(settings: Settings, files: Sequence[tuple[str, bytes]]) -> tuple[list[Chosen], list[str]]:
    """Return the files that may be kept, and a line for each that may not."""
    good: dict[str, Chosen] = {}
    problems = []
    for given, data in files:
        try:
            name = checked_name(given, data)
        except LibraryError as error:
            problems.append(str(error))
            continue
        if name.casefold() in good:
            problems.append(f"「{name}」：{_TWICE}")
        else:
            good[name.casefold()] = Chosen(name, data, kept_content(settings, name))
    return list(good.values()), problems


def take_in(settings: Settings, files: Sequence[Chosen], *, keep: bool, ocr: bool) -> None:
    """Keep files and begin to take them in; where one cannot be kept, what could be is taken in all the same."""
    paths: dict[Path, bytes | None] = {}
    problems = []
    for file in files:
        try:
            paths[save_upload(settings, file.name, file.data, replace=file.replaces)] = file.before
        except LibraryError as error:
            problems.append(str(error))
    if paths:
        add(settings, paths, keep=keep, ocr=ocr, notes=tuple(problems))
    else:
        show_outcome(Outcome("取り込み", error=" ".join(problems)))


def add(
    settings: Settings,
    paths: Mapping[Path, bytes | None],
    *,
    keep: bool = False,
    ocr: bool = False,
    notes: tuple[str, ...] = (),
) -> None:
    """Begin to take kept files in; each with what had its name before, None where nothing had."""

    def change(progress: Progress, wait: Wait) -> tuple[LibraryReport, tuple[str, ...]]:
        options = LibraryOptions(ocr=ocr, where="page", on_wait=wait)
        report = Library(settings, progress, options).add(list(paths))
        return report, (*notes, *(() if keep else drop_unread(settings, report, paths)))

    begin("取り込んでいます", "取り込みが終わりました", change)


def drop_unread(settings: Settings, report: LibraryReport, paths: Mapping[Path, bytes | None]) -> list[str]:
    """Delete the files that gave no document, or put back what had their name before; return what was done in words."""
    deleted, put_back, notes = [], [], []
    useful = {archive_key(file.key) for file in report.files if file.doc_id}
    for path, before in paths.items():
        if file_path_key(path) in useful:
            continue
        try:
            if before is None:
                discard_upload(settings, path)
                deleted.append(f"「{path.name}」")
            elif before != kept_content(settings, path.name):
                save_upload(settings, path.name, before, replace=True)
                put_back.append(f"「{path.name}」")
        except LibraryError as error:
            notes.append(str(error))
    told = ((_DELETED, deleted), (_PUT_BACK, put_back))
    return [text.format(names="、".join(names)) for text, names in told if names] + notes


def show_left_over(settings: Settings, paths: Sequence[Path]) -> None:
    """Draw the files that are kept but not in the index, and what can be done with them."""
    if not paths or is_busy():
        return
    names = "、".join(f"「{path.name}」" for path in paths)
    st.warning(literal(f"索引に入っていないファイルが{len(paths)}件あります：{names}。{_WHY_LEFT}"))
    with st.container(horizontal=True):
        st.button(
            "もう一度取り込む",
            key="mamori_library_left_take",
            on_click=add,
            args=(settings, dict.fromkeys(paths)),
            kwargs={"keep": True},
        )
        if st.session_state.get(DROPPING):
            st.button(
                "本当に消す", key="mamori_library_left_drop", type="primary", on_click=_drop, args=(settings, paths)
            )
            st.button("やめる", key="mamori_library_left_keep", on_click=_ask_drop, args=(False,))
        else:
            st.button("ファイルを消す…", key="mamori_library_left_ask", on_click=_ask_drop, args=(True,))


def _ask_drop(asking: bool) -> None:
    st.session_state[DROPPING] = asking


def _drop(settings: Settings, paths: Sequence[Path]) -> None:
    _ask_drop(False)
    try:
        for path in paths:
            discard_upload(settings, path)
    except LibraryError as error:
        show_outcome(Outcome("ファイルの削除", error=str(error)))


def _may_replace(file: Chosen, turn: int, number: int) -> bool:
    question = f"「{file.name}」は、同じ名前で別の内容のファイルがあります。置き換えますか？"
    st.warning(literal(question))
    return st.checkbox("置き換える", key=f"mamori_library_replace_{turn}_{number}")
