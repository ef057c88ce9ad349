"""Rows, outcomes and pages of the library as safe HTML: every text is escaped here. Nothing here knows Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from corpus.loaded import FileReport
from corpus.models import Chunk, Document
from pages.labels import JAPANESE, edition_and_date, page_in_words
from pages.library_contents import Contents, Row, State, Totals, file_name, numbers_in_words, state_of, when
from pages.library_parts import Part, Table, pieces_of
from pages.sources import digest_badge, joined, ocr_badge

NO_TEXT = "このページには、取り出せる文字がありません。"
NO_CHUNK = "このページから取り込んだ文章はありません（見出しや目次だけのページなど）。"
NOTHING = "—"
_LOOKS = {
    State.READ: ("good", "✓"),
    State.PARTLY_READ: ("warn", "△"),
    State.NEEDS_OCR: ("warn", "！"),
    State.NEEDS_PASSWORD: ("bad", "✗"),
    State.DAMAGED: ("bad", "✗"),
    State.EMPTY: ("plain", "○"),
    State.UNSUPPORTED: ("bad", "✗"),
    State.COPY: ("plain", "＝"),
}
_ADVICE = {
    State.NEEDS_OCR: "文字が画像になっています。「更新と復元」で「OCRを使う」を選び、取り込み直してください。",
    State.NEEDS_PASSWORD: "パスワードを外して保存し直し、もう一度取り込んでください。",
    State.DAMAGED: "ファイルを開けるか確かめ、保存し直してから、もう一度取り込んでください。",
    State.EMPTY: "本文のあるファイルに置き換えてください。",
    State.UNSUPPORTED: "PDFやWord（.docx）などで保存し直し、もう一度取り込んでください。",
    State.COPY: "同じ内容の文書が、すでに入っています。",
}


def heading_html(text: str) -> str:
    """The heading of a part of a view."""
    return f'<h2 class="mm-part">{escape(text)}</h2>'


def totals_html(totals: Totals, contents: Contents) -> str:
    """How much there is, and since when."""
    figures = (("文書", totals.documents), ("ページ", totals.pages), ("断片", totals.chunks))
    items = "".join(f"<div><dt>{name}</dt><dd>{count:,}</dd></div>" for name, count in figures)
    unread = f"<div><dt>読めなかったファイル</dt><dd>{totals.unread:,}</dd></div>" if totals.unread else ""
    return (
        f'<div class="mm"><dl class="mm-totals">{items}{unread}</dl>'
        f'<p class="mm-small">断片は、検索と引用の単位になる文章のまとまりです。<br>'
        f"索引の作成：{escape(when(contents.created_at))}（世代 {escape(contents.generation)}）</p></div>"
    )


def state_html(state: State) -> str:
    """A state as a sign, a word and a colour."""
    look, sign = _LOOKS[state]
    return f'<span class="mm-state mm-state-{look}"><span aria-hidden="true">{sign}</span> {escape(state)}</span>'


def document_html(row: Row) -> str:
    """One document: what it is, its state, how much it holds, when it last changed."""
    report, document = row.file.report, row.file.document
    facts = (
        ("ページ", f"{report.pages:,}" if report.pages else NOTHING),
        ("断片", f"{len(row.file.chunks):,}"),
        ("最終変更", when(row.last.at) if row.last else NOTHING),
    )
    items = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    return (
        f'<div class="mm mm-row"><div class="mm-what"><strong>{escape(row.name)}</strong>'
        f"{_badges(row)}{_about_html(document)}{_file_html(report)}"
        f"{_without_text_html(report)}{_notes_html(report.warnings)}</div>"
        f'<div class="mm-facts">{state_html(row.state)}<dl>{items}</dl></div></div>'
    )


def unread_html(row: Row) -> str:
    """One file that gave no document: why, and what to do."""
    report = row.file.report
    notes = report.warnings or (_ADVICE.get(row.state, ""),)
    return (
        f'<div class="mm mm-row"><div class="mm-what"><strong>{escape(row.name)}</strong>'
        f'{_file_html(report)}{_notes_html(notes)}</div><div class="mm-facts">{state_html(row.state)}</div></div>'
    )


def became_html(reports: Iterable[FileReport]) -> str:
    """What became of each file of a change, a line each."""
    return f'<ul class="mm mm-became">{"".join(map(_became, reports))}</ul>'


def part_html(part: Part, without_text: bool) -> str:
    """A page or a section as it was extracted: headings, and each chunk with its number, tinted in turn."""
    if not part.chunks:
        text = NO_TEXT if without_text else NO_CHUNK
        return f'<div class="mm"><p class="mm-empty">{escape(text)}</p></div>'
    shown: list[str] = []
    above: tuple[str, ...] = ()
    for number, chunk in part.chunks:
        shown.append(_headings_html(chunk.section, above) + _chunk_html(number, chunk))
        above = chunk.section
    return f'<div class="mm mm-page">{"".join(shown)}</div>'


def _became(report: FileReport) -> str:
    state = state_of(report.verdict, is_document=report.doc_id is not None)
    counts = (
        joined(f"{report.pages:,}ページ" if report.pages else "", f"断片 {report.chunks:,}") if report.doc_id else ""
    )
    unchanged = "変わっていないので、読み直していません。" if report.unchanged else ""
    notes = report.warnings or ((_ADVICE[state],) if state in _ADVICE else ())
    return (
        f"<li>{state_html(state)} <strong>{escape(file_name(report.path))}</strong> "
        f'<span class="mm-small">{escape(joined(counts, unchanged))}</span>'
        f"{_without_text_html(report)}{_notes_html(notes)}</li>"
    )


def _badges(row: Row) -> str:
    is_digest = row.file.document is not None and row.file.document.is_digest
    return digest_badge(is_digest, JAPANESE) + ocr_badge(row.is_ocr, JAPANESE)


def _about_html(document: Document | None) -> str:
    if document is None:
        return ""
    about = joined(edition_and_date(document.edition, document.published, JAPANESE), document.publisher)
    return f'<span class="mm-small">{escape(about or "版・日付の記載なし")}</span>'


def _file_html(report: FileReport) -> str:
    """The file's name; where it lies on pointing at it."""
    size = f"（{_size_in_words(report.size)}）" if report.size else ""
    name = file_name(report.path)
    return f'<span class="mm-small" title="{escape(report.key or report.path)}">ファイル：{escape(name)}{size}</span>'


def _size_in_words(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size // 1000, 1):,} KB"


def _without_text_html(report: FileReport) -> str:
    if not report.pages_without_text:
        return ""
    numbers = numbers_in_words(report.pages_without_text)
    return f'<span class="mm-small mm-warned">文字のないページ：{escape(numbers)}</span>'


def _notes_html(notes: Iterable[str]) -> str:
    return "".join(f'<span class="mm-small mm-told">{escape(note)}</span>' for note in notes if note)


def _headings_html(section: Sequence[str], above: Sequence[str]) -> str:
    """The headings that are new since the chunk above, the deeper the smaller."""
    same = 0
    while same < min(len(section), len(above)) and section[same] == above[same]:
        same += 1
    levels = enumerate(section[same:], start=same)
    return "".join(f'<p class="mm-level-{min(level, 3)}">{escape(heading)}</p>' for level, heading in levels)


def _chunk_html(number: int, chunk: Chunk) -> str:
    pieces = "".join(
        _table_html(piece) if isinstance(piece, Table) else f"<p>{escape(piece)}</p>" for piece in pieces_of(chunk)
    )
    label = page_in_words(None, None, chunk.page_label, False, JAPANESE) if chunk.page_label else ""
    tint = "mm-odd" if number % 2 else "mm-even"
    return (
        f'<section class="mm-chunk {tint}" aria-label="断片 {number}"><p class="mm-small mm-chunk-name">断片 {number}'
        f"{ocr_badge(chunk.is_ocr, JAPANESE)} {escape(label)}</p>{pieces}</section>"
    )


def _table_html(table: Table) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f'<div class="mm-table-wrap"><table><tbody>{rows}</tbody></table></div>'


def place_of(report: FileReport) -> str:
    """Where a file lies, for people."""
    return str(Path(report.key or report.path))
