"""Running text, tables and tinted blocks as slides that fit, numbered in their titles where they take several.

Each function takes a slide that has its title, kicker and notes, and fills it as often as it takes. Knows no part of a
pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from training.export.pptx_fit import body_pages, shrunk, table_pages, total
from training.export.pptx_geometry import BODY, GAP, HALF, INNER, PANEL_INSET
from training.export.pptx_models import Layout, Look, Para, Slide, Table
from training.labels import worded_by
from training.models import Line


@dataclass(frozen=True, slots=True)
class Blocks:
    """What a slide shows: a tinted block, and one or two columns below it."""

    panel: tuple[Para, ...]
    body: tuple[Para, ...]
    right: tuple[Para, ...] = ()


def para(
    line: Line, *, size: int = 20, before: int = 8, lead: str = "", look: Look = Look.PLAIN, inset: int = 0
) -> Para:
    """A line of the pack as a paragraph."""
    return Para(
        line.text, line.markers, size=size, before=before, lead=lead, look=look, inset=inset, worded_by=worded_by(line)
    )


def body_slides(slide: Slide, paras: Sequence[Para]) -> list[Slide]:
    """Slides of running text; none for no paragraphs."""
    pages = body_pages(paras)
    titles = _numbered(slide.title, len(pages))
    return [
        replace(slide, layout=Layout.BODY, title=title, body=page, markers=cited(page))
        for title, page in zip(titles, pages, strict=True)
    ]


def table_slides(slide: Slide, table: Table) -> list[Slide]:
    """Slides of a table, its header on each; none for a table without rows."""
    pages = table_pages(table) if table.rows else []
    titles = _numbered(slide.title, len(pages))
    return [
        replace(
            slide,
            layout=Layout.TABLE,
            title=title,
            table=page,
            markers=unique(marker for row in page.rows for marker in row.markers),
        )
        for title, page in zip(titles, pages, strict=True)
    ]


def block_slide(slide: Slide, ways: Sequence[Blocks], steps: Sequence[int] = (0, 2, 4, 6)) -> Slide | None:
    """The first of several ways to show it that fits on one slide, its texts smaller by one of the steps in points."""
    for blocks, by in ((blocks, by) for blocks in ways for by in steps):
        panel, body, right = (shrunk(paras, by) for paras in (blocks.panel, blocks.body, blocks.right))
        height = total(panel, INNER - 2 * PANEL_INSET) + 2 * PANEL_INSET
        width = HALF if right else INNER
        if height + GAP + max(total(body, width), total(right, width)) <= BODY.height:
            return replace(
                slide,
                layout=Layout.PANEL_COLUMNS if right else Layout.PANEL,
                panel=panel,
                panel_height=height,
                body=body,
                right=right,
                markers=cited((*panel, *body, *right)),
            )
    return None


def cited(paras: Iterable[Para]) -> tuple[int, ...]:
    """The citations that paragraphs name, each once."""
    return unique(marker for each in paras for marker in each.markers)


def unique(markers: Iterable[int]) -> tuple[int, ...]:
    """Markers in ascending order, each once."""
    return tuple(sorted(set(markers)))


def _numbered(title: str, count: int) -> list[str]:
    return [f"{title}（{at}/{count}）" for at in range(1, count + 1)] if count > 1 else [title] * count
