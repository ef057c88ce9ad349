"""Figures of a claim against those of a quote: what is not there, what is there with another value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verify.figures import Figure, figures, plain

_UP, _DOWN = {">", ">=", "after"}, {"<", "<=", "before"}
_CONTENT = re.compile(r"[一-龥々ァ-ヺーA-Za-z]+")


def differing_figures(claim: str, quote: str, context: str, pages: frozenset[int]) -> tuple[str, ...]:
    """The kinds of figures in which a claim differs from its quote, none twice; empty where all agree.

    What the quote has no figure of may stand in the context: headings, and `pages` on which the passage stands.
    """
    found, around = figures(quote), None
    wrong: dict[str, None] = {}
    for figure in figures(claim):
        rivals = [other for other in found if _alike(figure, other)]
        if any(_agree(figure, other) for other in rivals or found):
            continue
        if not rivals:
            around = figures(context) if around is None else around
            if _on_pages(figure, pages) or any(_alike(figure, other) and _agree(figure, other) for other in around):
                continue
        wrong[figure.kind] = None
    if not wrong and _exchanged(claim, quote):
        wrong["number"] = None
    return tuple(wrong)


def _on_pages(figure: Figure, pages: frozenset[int]) -> bool:
    return figure.kind == "page" and all(number in pages for number in figure.value)


def holds_figures(claim: str, quote: str) -> float:
    """The share of a claim's figures that stand in a quote, 0 to 1; 0 where it has none."""
    asked, found = figures(claim), figures(quote)
    return sum(any(_agree(f, other) for other in found) for f in asked) / len(asked) if asked else 0.0


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two figures are about the same kind of thing, so that one could have been taken for the other."""
    return one.kind == other.kind and (one.kind != "number" or one.unit == other.unit)


def _agree(claimed: Figure, found: Figure) -> bool:
    """Whether what is claimed is what is found, or says less of the same."""
    if claimed.kind != found.kind:
        return False
    if claimed.kind == "date":
        return _same_date(claimed, found)
    if claimed.kind == "page":
        return claimed.value == found.value or (len(claimed.value) == 1 and _within(claimed, found))
    if claimed.value != found.value:
        return False
    if claimed.kind == "number" and claimed.unit and not _same_unit(claimed.unit, found.unit):
        return False
    return _same_bound(claimed.bound, found.bound)


def _within(claimed: Figure, found: Figure) -> bool:
    number, ends = int(str(claimed.value[0])), [int(str(end)) for end in found.value]
    return ends[0] <= number <= ends[-1]


def _same_unit(claimed: str, found: str) -> bool:
    if claimed == found:
        return True
    # 「4つの施策」 may stand for 「4施策」, but 「12件」 never for 「12人」.
    return (
        claimed == "つ" and not found.startswith(("第", "^")) and found not in ("年", "日", "円", "%", "人", "か月", "")
    )


def _same_date(claimed: Figure, found: Figure) -> bool:
    pairs = zip(claimed.value[:3], found.value[:3], strict=True)
    if any(said is not None and said != there for said, there in pairs):
        return False
    return claimed.value[3] == found.value[3] and _same_bound(claimed.bound, found.bound)


def _same_bound(claimed: str, found: str) -> bool:
    if claimed == found:
        return True
    # Japanese and English do not part 以内, まで and 以下 in the same way.
    return {claimed, found} <= {"<", "<="} and "<" not in (claimed, found)


def _exchanged(claim: str, quote: str) -> bool:
    """Whether a number of the claim stands where the quote has another one of the same kind."""
    said, there = figures(claim), figures(quote)
    return any(
        len(rivals := [f for f in there if _alike(figure, f)]) > 1
        and _is_elsewhere(figure, claim, rivals, quote, said, there)
        for figure in said
    )


def _is_elsewhere(
    figure: Figure, claim: str, rivals: Sequence[Figure], quote: str, said: Sequence[Figure], there: Sequence[Figure]
) -> bool:
    """Whether the words before a number lead, in the quote, to a number of another value."""
    words = _words_before(figure, claim, said)
    if not words:
        return False
    by_value = {True: 0.0, False: 0.0}
    for rival in rivals:
        overlap = len(words & _words_before(rival, quote, there)) / len(words)
        agrees = _agree(figure, rival)
        by_value[agrees] = max(by_value[agrees], overlap)
    return by_value[False] > by_value[True]


def _words_before(figure: Figure, text: str, all_figures: Sequence[Figure]) -> frozenset[str]:
    """The pairs of characters between the figure before and this one."""
    text = plain(text)
    start = max((other.end for other in all_figures if other.end <= figure.start), default=0)
    runs = _CONTENT.findall(text[start : figure.start])
    return frozenset(run[at : at + 2] for run in runs for at in range(max(1, len(run) - 1)))
