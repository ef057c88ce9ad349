"""Tables and lists of the evaluation page as safe HTML: every text is escaped here. Nothing here knows Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from eval.labels import NOTHING, figure, unit
from eval.models import Grade, Measure, Question, QuestionScore, Target

_ROLES = {"user": "質問", "assistant": "回答"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that an answer should have: whether it was there, None where that is no fault either way."""

    good: bool | None
    text: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, a hint on it, a number (aligned right), and whether it stands out."""

    text: str
    hint: str = ""
    number: bool = False
    strong: bool = False


def table_html(head: Sequence[str], rows: Iterable[Sequence[Cell | str]]) -> str:
    """A table; the first cell of each row is its heading."""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(f"<tr>{''.join(_cell(cell, first=not at) for at, cell in enumerate(row))}</tr>" for row in rows)
    return (
        f'<div class="mm mm-table-wrap"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
        if body
        else ""
    )


def checks_html(title: str, checks: Sequence[Check]) -> str:
    """A titled list of what was there and what was not; nothing where there is nothing to list."""
    if not checks:
        return ""
    items = "".join(
        f'<li class="{_mark(check.good)}">{escape(check.text)}'
        + (f' <span class="mm-small">{escape(check.remark)}</span>' if check.remark else "")
        + "</li>"
        for check in checks
    )
    return f'<div class="mm"><p class="mm-label">{escape(title)}</p><ul class="mm-checks">{items}</ul></div>'


def asked_html(question: Question) -> str:
    """A question under the turns before it."""
    turns = "".join(f"<p>{_ROLES[role]}：{_breaks(text)}</p>" for role, text in question.history)
    before = f'<div class="mm-turns">{turns}</div>' if turns else ""
    return f'<div class="mm">{before}<p class="mm-asked">{_breaks(question.question)}</p></div>'


def text_block_html(title: str, text: str) -> str:
    """A titled text, line breaks kept."""
    return f'<div class="mm"><p class="mm-label">{escape(title)}</p><p>{_breaks(text)}</p></div>'


def fact_checks(question: Question, score: QuestionScore) -> list[Check]:
    """Which key facts the answer has; wordings of one fact are set apart by strokes."""
    found = zip(question.key_facts, score.facts_found, strict=False)
    return [Check(there, " ／ ".join(group), "" if there else "回答にありません") for group, there in found]


def gold_checks(question: Question, score: QuestionScore) -> list[Check]:
    """Which passages the search found and the answer cites; those of documents that are not indexed are left out."""
    items = zip(question.gold, score.gold_indexed, score.gold_ranks, score.gold_cited, strict=False)
    checks = []
    for gold, indexed, rank, cited in items:
        if indexed:
            needed = gold.grade is Grade.NEEDED
            remark = "・".join(("必要" if needed else "関連", _rank(rank), "引用あり" if cited else "引用なし"))
            good = True if cited else (False if needed else None)
            checks.append(Check(good, " ＝ ".join(map(_target, gold.targets)), remark))
    return checks


def citation_checks(row: Mapping[str, Any], score: QuestionScore) -> list[Check]:
    """Which citations do not stand where they say, and that the others do."""
    citations = row.get("citations") or ()
    bad = [one for one in citations if one.get("marker") in score.invalid_citations]
    good = len(citations) - len(bad)
    found = [Check(True, f"{good}件の引用が、示された場所にありました。")] if good else []
    return [*(Check(False, _citation(one), "示された場所に見つかりません") for one in bad), *found]


def figures_rows(score: QuestionScore, measures: Sequence[Measure]) -> list[list[Cell | str]]:
    """A row for each figure of one question."""
    return [
        [Cell(measure.label, measure.explanation), Cell(figure(value, measure) + unit(measure), number=True)]
        for measure in measures
        if (value := score.scores.get(measure.name)) is not None
    ]


def _citation(citation: Mapping[str, Any]) -> str:
    where = "、".join(filter(None, (str(citation.get("doc_id")), citation.get("section"), _page(citation))))
    return f"[{citation.get('marker')}] {where}"


def _target(target: Target) -> str:
    phrase = f"「{target.phrase}」" if target.phrase else NOTHING
    return f"{target.doc_id}（{target.section}）{phrase}" if target.section else f"{target.doc_id} {phrase}"


def _rank(rank: int | None) -> str:
    return f"検索{rank}位" if rank else "検索で見つからず"


def _page(place: Mapping[str, Any]) -> str:
    if place.get("page_label"):
        return f"{place['page_label']}ページ"
    return f"ファイルの{place['start_page']}ページ目" if place.get("start_page") else ""


def _mark(good: bool | None) -> str:
    return {True: "mm-good", False: "mm-bad", None: "mm-neutral"}[good]


def _cell(cell: Cell | str, first: bool) -> str:
    cell = Cell(cell) if isinstance(cell, str) else cell
    names = " ".join(name for name, wanted in (("mm-number-cell", cell.number), ("mm-strong", cell.strong)) if wanted)
    attributes = (f' class="{names}"' if names else "") + (f' title="{escape(cell.hint)}"' if cell.hint else "")
    tag = 'th scope="row"' if first else "td"
    return f"<{tag}{attributes}>{escape(cell.text)}</{tag[:2]}>"


def _breaks(text: str) -> str:
    return escape(text).replace("\n", "<br>")
