"""A pack as a Word document: first what participants get, then, on pages of their own, what the trainer keeps.

What is said and in which order; how it looks is in `docx_styles`, how it is written in `docx_parts`. This module alone
can be imported without python-docx.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from training.export.docx_names import STORY
from training.models import CaseStudy, CheckItem, Line, Pack

if TYPE_CHECKING:
    from training.export.docx_parts import Strong, Writer

_TITLE_LINE = 23
"""Full-width letters on a line of the title."""


def write_docx(pack: Pack) -> bytes:
    """Return the pack as a .docx file, the same bytes for the same pack. Parts of which there is nothing are left out.

    Markers lead to the source list; headings are in the table of contents; boxes can be ticked in Word.
    """
    from training.export.docx_parts import Writer
    from training.export.docx_quiz import write_answers, write_quiz
    from training.export.docx_sources import write_more_sources, write_sources

    participants = (_goals, _cases, _countermeasures, _checklist, write_quiz, _contacts, write_sources)
    writer = Writer(pack.title, len(pack.citations))
    _title(writer, pack)
    after_contents = writer.paragraph("")
    for part in (*participants, write_answers, _agenda, write_more_sources):
        part(writer, pack)
    writer.contents_before(after_contents)
    return writer.content()


def _title(writer: Writer, pack: Pack) -> None:
    # A long title is broken where it changes from the theme to the audience, not before its last letter.
    writer.paragraph(pack.title.replace(" ― ", "\n― ") if len(pack.title) > _TITLE_LINE else pack.title, "Title")
    writer.paragraph(f"テーマ：{pack.theme}　／　対象：{pack.audience}　／　時間：{pack.minutes}分", "Subtitle")
    about = list(pack.notes)
    if pack.model:
        about.append(f"言語モデル（{pack.model}）で言い換えた文には、そのことを文の後ろに書いています。")
    if pack.quiz or pack.agenda:
        chapter = "解答と解説" if pack.quiz else "進行の手引き"
        about.append(f"参加者に配るときは、「{chapter}（講師用）」より前を印刷します。")
    if pack.citations:
        about.append("文の後ろの[1]などは、「出典」の番号です。")
    writer.bullets(about)


def _goals(writer: Writer, pack: Pack) -> None:
    if pack.goals:
        writer.heading("学習目標", 1)
        writer.numbered(pack.goals, is_together=True)


def _cases(writer: Writer, pack: Pack) -> None:
    if pack.cases:
        writer.heading("事例と話し合い", 1)
    for case in pack.cases:
        _case(writer, case)


def _case(writer: Writer, case: CaseStudy) -> None:
    writer.heading(case.title, 2)
    for line in case.story:
        writer.paragraph(line, STORY, is_kept=True)
    if case.questions:
        writer.heading("話し合うこと", 3)
        writer.numbered(case.questions)
        writer.room_to_write("メモ", 28)
    if case.learnings:
        writer.heading("この事例から学べること", 3)
        writer.bullets(case.learnings)


def _countermeasures(writer: Writer, pack: Pack) -> None:
    from training.export.docx_parts import Column

    if not pack.countermeasures:
        return
    writer.heading("対策の一覧", 1)
    own = [row.is_for_audience for row in pack.countermeasures]
    if any(own):
        writer.paragraph(f"★と色の付いた行は、{pack.audience}の方の仕事にかかわりの深い対策です。", is_kept=True)
    writer.caption("対策の一覧")
    told: tuple[tuple[Column, list[Line | str | None]], ...] = (
        (Column("理由", 37), [row.why for row in pack.countermeasures]),
        (Column("いつ", 23), [row.stage for row in pack.countermeasures]),
        (Column("ガイダンス\nのページ", 21, is_centred=True), [row.pages for row in pack.countermeasures]),
    )
    # A column that would be empty leaves its room to what is to be done.
    shown = [(column, cells) for column, cells in told if any(cells)]
    wide = 136 - sum(column.width for column, _ in shown)
    columns = (Column("対策", 34, is_bold=True), Column("すること", wide), *(column for column, _ in shown))
    rows: list[Sequence[Line | str]] = []
    for at, row in enumerate(pack.countermeasures):
        title = f"{'★ ' if row.is_for_audience else ''}{row.title}"
        rows.append((title, row.what, *(cells[at] or "―" for _, cells in shown)))
    writer.table(columns, rows, own)


def _checklist(writer: Writer, pack: Pack) -> None:
    if not pack.checklist:
        return
    writer.heading("チェックリスト", 1)
    writer.paragraph("できているものに印を付け、できていないものは担当と期限を決めます。", is_kept=True)
    own = [item for item in pack.checklist if item.is_for_audience]
    others = [item for item in pack.checklist if not item.is_for_audience]
    for title, items in ((f"{pack.audience}の方", own), ("ほかの項目" if own else "", others)):
        if items:
            if title:
                writer.heading(title, 2)
            _boxes(writer, items)


def _boxes(writer: Writer, items: Sequence[CheckItem]) -> None:
    from training.export.docx_parts import Box, Column

    pages = (Column("ガイダンス\nのページ", 21, is_centred=True),) if any(item.pages for item in items) else ()
    checked = Column("確かめること", 109 if pages else 130)
    columns = (Column("", 9, is_centred=True), checked, *pages, Column("担当・期限", 31))
    rows: list[Sequence[Line | str | Box | Sequence[Line | Strong | str]]] = [
        (Box(item.title), _check(item), *[item.pages or "―" for _ in pages], "") for item in items
    ]
    writer.table(columns, rows)


def _check(item: CheckItem) -> list[Line | Strong | str]:
    from training.export.docx_parts import Strong

    if not item.text or item.text == item.title:
        return [Line(item.title, item.markers)]
    return [Strong(item.title), Line(item.text, item.markers)]


def _contacts(writer: Writer, pack: Pack) -> None:
    if pack.contacts:
        writer.heading("相談先", 1)
        writer.bullets(pack.contacts)


def _agenda(writer: Writer, pack: Pack) -> None:
    from training.export.docx_parts import Column

    if not pack.agenda:
        return
    writer.heading("進行の手引き（講師用）", 1, on_new_page=True)
    writer.caption(f"時間配分（{pack.minutes}分）")
    columns = (Column("時刻", 30, is_centred=True), Column("長さ", 20, is_centred=True), Column("すること", 120))
    rows = [(f"{step.start}–{step.start + step.minutes}分", f"{step.minutes}分", step.title) for step in pack.agenda]
    writer.table(columns, rows)
    for step in pack.agenda:
        if step.notes:
            writer.heading(f"{step.title}（{step.minutes}分）", 2)
            writer.bullets(step.notes)
