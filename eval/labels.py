"""What the evaluator reads for the codes of this room; reports, pages and tables use the same words."""

from __future__ import annotations

from eval.models import Interval, Kind, Measure, Outcome

KINDS = {
    Kind.FACT: "事実",
    Kind.DEFINITION: "定義",
    Kind.LIST: "一覧",
    Kind.SCENARIO: "場面と対策",
    Kind.PARAPHRASE: "言い換え",
    Kind.WHY: "理由",
    Kind.CONTACT: "相談先",
    Kind.EDITION: "版の違い",
    Kind.FOLLOW_UP: "続きの質問",
    Kind.UNANSWERABLE: "資料にない",
}
OUTCOMES = {
    Outcome.RIGHT: "正しい",
    Outcome.INCOMPLETE: "足りない",
    Outcome.REFUSED: "誤って断った",
    Outcome.ANSWERED_ANYWAY: "断るべきなのに答えた",
    Outcome.NO_RESULT: "結果なし",
}
LANGUAGES = {"ja": "日本語", "en": "英語"}
EVERYTHING = "all"
NOTHING = "－"


def group_label(name: str) -> str:
    """Return the label of a row of a summary: everything, a kind, or a language."""
    if name == EVERYTHING:
        return "全体"
    return LANGUAGES.get(name) or KINDS[Kind(name)]


def figure(value: float | None, measure: Measure) -> str:
    """Return a figure as it is written for people: a share in per cent, characters and milliseconds as they are."""
    if value is None:
        return NOTHING
    if measure.unit == "share":
        return f"{value * 100:.1f}"
    return f"{value:.0f}" if measure.unit == "characters" else f"{value:.1f}"


def unit(measure: Measure) -> str:
    """Return the unit that `figure` leaves out."""
    return {"share": "％", "characters": "字", "ms": "ミリ秒"}[measure.unit]


def interval_text(interval: Interval, measure: Measure) -> str:
    """Return a mean with its interval, «85.2（80.1–89.9）», or a dash where no question counts."""
    if interval.mean is None:
        return NOTHING
    low, high = figure(interval.low, measure), figure(interval.high, measure)
    return f"{figure(interval.mean, measure)}（{low}–{high}）"
