"""The parts of a pack that are tables: agenda, countermeasures, check list, sources. Draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.citations import page_name
from training.export.credit import credit_lines
from training.export.pptx_fit import best_columns
from training.export.pptx_models import TABLE_LEAST, Column, Layout, Look, Para, Row, Slide, Table
from training.export.pptx_pages import para, table_slides
from training.labels import edition_name, guidance_page, marked, with_digest_mark
from training.models import CheckItem, Countermeasure, Pack, Source, Step

STAR = "★"
BOX = "☐"
# Stages and sources are looked up, not read aloud: smaller, they leave room for one more row on many slides.
_SMALL = TABLE_LEAST
_AGENDA = (Column("時間", 150), Column("長さ", 90), Column("内容", 624))
_MEASURES = (Column("対策（何を）", 358), Column("いつ", 88), Column("なぜ", 230), Column("出典", 188))
_CHECKS = (Column("確認", 52), Column("項目", 624), Column("出典", 188))
_SOURCES = (Column("資料", 250), Column("版", 120), Column("発行", 134), Column("出典の表示", 360))
# Some documents name neither stage nor reason: what is done then has the room.
_MEASURES_WIDTHS = ((358, 88, 230, 188), (400, 88, 206, 170), (450, 60, 186, 168), (480, 76, 144, 164))
# A reason in a narrower column would be a strip of a few letters a line.
_WHY_LEAST = 180
# Columns that a table leaves out where no row fills them, each with the one that has its room then.
_OPTIONAL = (("いつ", "なぜ"), ("なぜ", "対策（何を）"))
_NOTHING = "―"


def agenda_slides(pack: Pack) -> list[Slide]:
    """When what is done; its notes hold the plan of the whole session."""
    rows = tuple(
        Row((_cell(f"{_minutes(step)}", 18), _cell(f"{step.minutes}分", 18), _strong(step.title, 18)))
        for step in pack.agenda
    )
    say = ["全体の流れを伝えます。"]
    for step in pack.agenda:
        say.append(f"■ {_minutes(step)} {step.title}")
        say += [f"・{marked(note.text, note.markers)}" for note in step.notes]
    more = tuple(marker for step in pack.agenda for note in step.notes for marker in note.markers)
    slide = Slide(Layout.TABLE, "agenda", f"今日の進め方（{pack.minutes}分）", say=tuple(say), more=more)
    return table_slides(slide, Table(_AGENDA, rows, f"進め方の表。全体で{pack.minutes}分。", size=18))


def measure_slides(pack: Pack) -> list[Slide]:
    """The countermeasures, those of the audience tinted and with a star."""
    rows = tuple(_measure(measure, pack) for measure in pack.countermeasures)
    first = f"{STAR} の行に時間をかけて説明します。" if any(row.is_marked for row in rows) else "上から順に説明します。"
    prompt = f"{first}自社でもう行っている対策があるか、尋ねます。"
    slide = Slide(Layout.TABLE, "measures", "対策の一覧", prompt)
    slides = table_slides(slide, _measure_table(rows)) if rows else []
    # Of a column that has something in the whole table, a slide may still have nothing.
    slides = [replace(each, table=_without_empty(each.table)) if each.table else each for each in slides]
    kicker = f"{STAR} は{pack.audience}に関わる対策"
    return [replace(each, kicker=kicker) if _has_star(each) else each for each in slides]


def check_slides(pack: Pack) -> list[Slide]:
    """What to tick, the audience's under a heading of its own."""
    own = [item for item in pack.checklist if item.is_for_audience]
    others = [item for item in pack.checklist if not item.is_for_audience]
    return [
        *_checks(f"チェックリスト：{pack.audience}に関わる項目", own, pack),
        *_checks("チェックリスト：そのほかの項目" if own else "チェックリスト", others, pack),
    ]


def source_slides(pack: Pack) -> list[Slide]:
    """The documents with their editions and credit lines; the notes hold every citation."""
    rows = tuple(
        Row((_source_name(each), _cell(edition_name(each)), _cell(each.publisher or _NOTHING), _credit(each)))
        for each in pack.sources
    )
    more = tuple(each.marker for each in pack.citations)
    slide = Slide(Layout.TABLE, "sources", "資料の一覧", say=("引用した文は、次のとおりです。",), more=more)
    return table_slides(slide, Table(_SOURCES, rows, "資料の表。題名、版、発行者、出典の表示。"))


def _measure_table(rows: tuple[Row, ...]) -> Table:
    """The table with the columns that it needs, these as wide as takes the fewest slides."""
    lean = [
        _without_empty(
            Table(tuple(Column(old.heading, width) for old, width in zip(_MEASURES, widths, strict=True)), rows, "")
        )
        for widths in _MEASURES_WIDTHS
    ]
    readable = [[column.width for column in each.columns] for each in lean if _why_width(each) >= _WHY_LEAST]
    return best_columns(lean[0], readable)


def _why_width(table: Table) -> float:
    return next((column.width for column in table.columns if column.heading == "なぜ"), _WHY_LEAST)


def _without_empty(table: Table) -> Table:
    """The table without the optional columns that no row fills. Others become wider, so no row becomes taller."""
    widths = {column.heading: column.width for column in table.columns}
    at = {column.heading: place for place, column in enumerate(table.columns)}
    for heading, heir in _OPTIONAL:
        if heading in at and not any(_says(row.cells[at[heading]]) for row in table.rows):
            widths[heir if heir in widths else _MEASURES[0].heading] += widths.pop(heading)
    rows = tuple(replace(row, cells=tuple(row.cells[at[heading]] for heading in widths)) for row in table.rows)
    columns = tuple(Column(heading, width) for heading, width in widths.items())
    return replace(table, columns=columns, rows=rows, description=f"対策の表。{'、'.join(widths)}。")


def _says(cell: Sequence[Para]) -> bool:
    return any(each.text != _NOTHING for each in cell)


def _measure(measure: Countermeasure, pack: Pack) -> Row:
    title = f"{STAR} {measure.title}" if measure.is_for_audience else measure.title
    what = () if measure.what.text == measure.title else (para(measure.what, size=14, before=2),)
    why = (para(measure.why, size=14, before=0),) if measure.why else _cell(_NOTHING)
    markers = (*measure.what.markers, *(measure.why.markers if measure.why else ()))
    source = _source_cell(measure.pages, markers, pack)
    return Row(
        ((*_strong(title), *what), _cell(measure.stage or _NOTHING, _SMALL), why, source), measure.is_for_audience
    )


def _checks(title: str, items: Sequence[CheckItem], pack: Pack) -> list[Slide]:
    rows = tuple(
        Row((_cell(BOX, 18), _check(item), _source_cell(item.pages, item.markers, pack)), item.is_for_audience)
        for item in items
    )
    prompt = (
        "できている項目に印を付けてもらいます。付かなかった項目を一つ選び、いつまでに誰が行うかを書いてもらいます。"
    )
    slide = Slide(Layout.TABLE, "checks", title, prompt)
    return table_slides(slide, Table(_CHECKS, rows, "チェックリスト。できている項目に印を付ける表。"))


def _check(item: CheckItem) -> tuple[Para, ...]:
    title = _strong(item.title)
    if item.text == item.title:
        return (replace(title[0], markers=item.markers),)
    return (*title, Para(item.text, item.markers, size=14, before=2))


def _has_star(slide: Slide) -> bool:
    return slide.table is not None and any(row.is_marked for row in slide.table.rows)


def _source_name(source: Source) -> tuple[Para, ...]:
    name = _strong(with_digest_mark(source.title, source.is_digest))
    if source.replaced_by is None:
        return name
    return (*name, Para(f"新しい版があります：{source.replaced_by}", size=14, before=2))


def _credit(source: Source) -> tuple[Para, ...]:
    return tuple(Para(text, size=14, before=0) for text in credit_lines(source)) or _cell(_NOTHING)


def _source_cell(pages: str | None, markers: Sequence[int], pack: Pack) -> tuple[Para, ...]:
    """Where a row comes from: the page of each citation, and the page that the documents name for it."""
    places: dict[str, list[int]] = {}
    for marker in dict.fromkeys(markers):
        places.setdefault(_place(marker, pack), []).append(marker)
    cited = [Para(place, tuple(at), size=_SMALL, before=0) for place, at in places.items()]
    return (*cited, Para(guidance_page(pages), size=_SMALL, before=0)) if pages else tuple(cited)


def _place(marker: int, pack: Pack) -> str:
    citation = next((each for each in pack.citations if each.marker == marker), None)
    return (page_name(citation) or citation.section.rpartition(" > ")[2] or "冒頭") if citation else ""


def _minutes(step: Step) -> str:
    return f"{step.start}～{step.start + step.minutes}分"


def _cell(text: str, size: int = 14) -> tuple[Para, ...]:
    return (Para(text, size=size, before=0),)


def _strong(text: str, size: int = 14) -> tuple[Para, ...]:
    return (Para(text, size=size, before=0, is_bold=True, look=Look.STRONG),)
