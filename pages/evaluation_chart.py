"""The picture of shares with their intervals: horizontal bars from 0 to 100 %, a colour for each run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eval.models import Interval

if TYPE_CHECKING:
    import altair

_COLOURS = ("#2f7ed8", "#e08a1e")
_ROW_HEIGHT, _ROW_HEIGHT_OF_TWO = 30, 40


def bar_chart(rows: Sequence[tuple[str, Sequence[Interval]]], names: Sequence[str]) -> altair.LayerChart:
    """Return bars for rows of (label, an interval for each run), the runs called `names`; no figure gives no bar."""
    import altair as alt

    domain, two = list(names), len(names) > 1
    base = alt.Chart({"values": _values(rows, names)}).encode(
        y=alt.Y("row:N", sort=[label for label, _ in rows], title=None, axis=alt.Axis(labelLimit=220)),
        yOffset=alt.YOffset("run:N", sort=domain),
        tooltip=[
            alt.Tooltip("row:N", title="項目"),
            alt.Tooltip("run:N", title="記録"),
            alt.Tooltip("mean:Q", title="平均", format=".1f"),
            alt.Tooltip("low:Q", title="下限", format=".1f"),
            alt.Tooltip("high:Q", title="上限", format=".1f"),
        ],
    )
    bars = base.mark_bar(opacity=0.75).encode(
        x=alt.X("mean:Q", scale=alt.Scale(domain=[0, 100]), title="％（線は95％区間）"),
        color=alt.Color(
            "run:N",
            sort=domain,
            scale=alt.Scale(domain=domain, range=list(_COLOURS[: len(names)])),
            legend=alt.Legend(orient="top", title=None, labelLimit=400) if two else None,
        ),
    )
    lines = base.mark_rule(strokeWidth=2, color="#777777").encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    layers = alt.LayerChart(layer=[bars, lines])
    return layers.properties(height=(_ROW_HEIGHT_OF_TWO if two else _ROW_HEIGHT) * len(rows) + 60)


def _values(rows: Sequence[tuple[str, Sequence[Interval]]], names: Sequence[str]) -> list[dict[str, str | float]]:
    return [
        {"row": label, "run": name, "mean": 100 * one.mean, "low": 100 * (one.low or 0), "high": 100 * (one.high or 0)}
        for label, found in rows
        for name, one in zip(names, found, strict=True)
        if one.mean is not None
    ]
