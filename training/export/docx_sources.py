"""The sources of a pack in the Word document: documents with their editions, and every quote where a marker leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.models import Citation
from training.export.credit import credit_lines
from training.export.docx_names import SMALL_INDENTED
from training.export.docx_parts import Column, Writer
from training.export.quiz_text import place_name, source_name
from training.labels import DIGEST, edition_name, with_digest_mark
from training.models import Pack, Source

_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What documents are called by; those beyond are called by their titles."""


def write_sources(writer: Writer, pack: Pack) -> None:
    """The documents, and the quotes behind everything that participants get."""
    if not pack.sources and not pack.citations:
        return
    writer.heading("出典", 1)
    names = _source_names(pack)
    for source in pack.sources:
        title = f"{with_digest_mark(source.title, source.is_digest)}（{edition_name(source)}）"
        name = names.get(source.doc_id)
        writer.bullets([f"{name}：{title}" if name else title], is_kept=True)
        for text in _about(source):
            writer.paragraph(text, SMALL_INDENTED)
    handed_out = _markers_handed_out(pack)
    _quotes(writer, pack, [marker for marker in range(1, len(pack.citations) + 1) if marker in handed_out], names)


def write_more_sources(writer: Writer, pack: Pack) -> None:
    """What the trainer's part alone cites. Among the participants' sources it would give answers away."""
    handed_out = _markers_handed_out(pack)
    others = [marker for marker in range(1, len(pack.citations) + 1) if marker not in handed_out]
    if others:
        writer.heading("出典の続き（講師用）", 1)
        _quotes(writer, pack, others, _source_names(pack))


def _markers_handed_out(pack: Pack) -> set[int]:
    """The citations of everything that participants get."""
    lines = [*pack.goals, *pack.contacts]
    lines += [line for case in pack.cases for line in (*case.story, *case.questions, *case.learnings)]
    lines += [line for row in pack.countermeasures for line in (row.what, row.why) if line]
    found = [line.markers for line in lines] + [item.markers for item in pack.checklist]
    return {marker for markers in found for marker in markers}


def _source_names(pack: Pack) -> dict[str, str]:
    """What the list of sources calls each document: 資料A, 資料B, …"""
    return {source.doc_id: f"資料{latin}" for source, latin in zip(pack.sources, _LATIN, strict=False)}


def _quotes(writer: Writer, pack: Pack, markers: Sequence[int], names: Mapping[str, str]) -> None:
    if not markers:
        return
    writer.caption("引用した箇所")
    columns = (Column("番号", 13, is_centred=True), Column("資料と箇所", 62), Column("引用", 95))
    cited = [(marker, pack.citations[marker - 1]) for marker in markers]
    rows = [(f"[{marker}]", f"{_document(one, names)}　{_place(one)}", f"「{one.quote}」") for marker, one in cited]
    table = writer.table(columns, rows)
    for row, marker in enumerate(markers, start=1):
        writer.source_row(table, row, marker)


def _document(citation: Citation, names: Mapping[str, str]) -> str:
    """The document of a citation by the name that the list above gives it; in full where the list has it not."""
    name = names.get(citation.doc_id)
    if name is None:
        return f"{source_name(citation)}（{edition_name(citation)}）"
    return f"{name}（{DIGEST}）" if citation.is_digest else name


def _place(citation: Citation) -> str:
    """Page and section; of a long path of headings the last two, which are those that a reader looks for."""
    return place_name(replace(citation, section=" > ".join(citation.section.split(" > ")[-2:])))


def _about(source: Source) -> list[str]:
    """Who publishes a document, which newer edition there is, and the credit line that its licence asks for."""
    newer = f"後の版があります（{source.replaced_by}）。" if source.replaced_by else None
    return [text for text in (source.publisher, newer, *credit_lines(source)) if text]
