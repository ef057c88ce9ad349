"""Tables of figures as lines of columns, and the figures of a run as such a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cli.messages import on_one_line

if TYPE_CHECKING:
    from eval.generated import Generated
    from eval.models import Interval, Measure, Summary

KEY_MEASURES = ("right", "key_facts", "citation_recall", "citation_precision", "recall_3000")
"""What the table by kind shows; the report has them all."""


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of equal length as lines; nothing in a cell ends a line or steers the terminal."""
    cells = [[on_one_line(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in cells]


def summary_lines(summary: Summary) -> Iterator[str]:
    """Yield the table of every measure over all questions, then that of the key measures by kind."""
    from eval.labels import EVERYTHING
    from eval.measures import MEASURES

    figures = summary.groups[EVERYTHING]
    shown = [measure for measure in MEASURES if (one := figures.get(measure.name)) is not None and one.n]
    head = ("指標", "平均", "95％区間", "質問数")
    yield from columns([head, *(_figure_row(measure, figures[measure.name]) for measure in shown)])
    key = sorted((one for one in shown if one.name in KEY_MEASURES), key=lambda one: KEY_MEASURES.index(one.name))
    if kinds := _kinds(summary) if key else []:
        yield ""
        yield from columns([("種類", "質問数", *(measure.label for measure in key)), *_kind_rows(summary, kinds, key)])


def generated_lines(counts: Generated) -> Iterator[str]:
    """Yield how the sentences of a language model are supported, and how often its answer was not used."""
    from assistant.models import Support

    labels = {
        Support.VERBATIM: "資料の文のまま",
        Support.SUPPORTED: "資料が裏づけている",
        Support.WEAK: "一部しか確かめられない",
        Support.UNSUPPORTED: "資料で確かめられない",
    }
    yield ""
    rows = ((labels[status], str(n), _share(n, counts.stated)) for status, n in counts.sentences.items())
    yield from columns([("言語モデルの文", "文", "割合"), *rows])
    faults = "、".join(f"{name} {n}" for name, n in counts.faults.items())
    yield (
        f"言語モデルに尋ねた質問 {counts.asked}、その文章を答えにしたもの {counts.generated}"
        + (f"（問題のあったもの：{faults}）" if faults else "")
        + f"。取り除いた出典番号 {counts.removed_markers}、リンク {counts.removed_links}、"
        f"答えの下に補った記述 {counts.dropped_facts}。"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}％" if whole else "－"


def with_unit(value: float | None, measure: Measure) -> str:
    """Return a figure with its unit, or a dash where there is none."""
    from eval.labels import figure, unit

    return figure(value, measure) + (unit(measure) if value is not None else "")


def range_text(interval: Interval, measure: Measure) -> str:
    """Return the ends of an interval, or a dash where there is none."""
    from eval.labels import NOTHING, figure

    if interval.mean is None:
        return NOTHING
    return f"{figure(interval.low, measure)}–{figure(interval.high, measure)}"


def _figure_row(measure: Measure, interval: Interval) -> tuple[str, ...]:
    return (measure.label, with_unit(interval.mean, measure), range_text(interval, measure), str(interval.n))


def _kinds(summary: Summary) -> list[str]:
    """Return the kinds and languages of a summary in their order; none where there is only one kind."""
    from eval.labels import LANGUAGES
    from eval.models import Kind

    kinds = [kind.value for kind in Kind if kind.value in summary.groups]
    return [*kinds, *(name for name in LANGUAGES if name in summary.groups)] if len(kinds) > 1 else []


def _kind_rows(summary: Summary, names: Sequence[str], measures: Sequence[Measure]) -> Iterator[tuple[str, ...]]:
    from eval.labels import group_label
    from eval.models import Interval

    nothing = Interval(None, None, None, 0)
    for name in names:
        found = summary.groups[name]
        figures = (with_unit(found.get(measure.name, nothing).mean, measure) for measure in measures)
        yield (group_label(name), str(sum(summary.outcomes.get(name, {}).values())), *figures)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: a full-width character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
