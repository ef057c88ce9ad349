"""Items of a quiz as safe HTML: with the answer for trainers, or marked by what was answered. It knows no Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from assistant.citations import page_name
from assistant.models import Citation
from pages.labels import JAPANESE
from pages.sources import digest_badge, joined
from pages.training_edits import own_reasons
from pages.training_html import Marks
from training.labels import DIFFICULTIES, EDITED, KINDS, LETTERS, edition_name
from training.models import QuizItem, QuizKind
from training.study import Reread, Response, Result

RIGHT, WRONG = "正解です", "不正解です"
_NOBODY_STANDS = "講師が書き換えた問題です。出典どおりかどうかは、プログラムでは確かめていません。"


def kind_html(item: QuizItem, number: int | None = None) -> str:
    """How an item is asked, how hard it is, and whether a trainer edited it."""
    name = f"<strong>問{number}</strong> " if number else ""
    edited = (
        f' <span class="mm-badge mm-edited" title="{_NOBODY_STANDS}"><span aria-hidden="true">✎</span> {EDITED}</span>'
        if item.edited
        else ""
    )
    return (
        f'<p class="mm-item-kind">{name}<span class="mm-badge">{KINDS[item.kind]}</span>'
        f'<span class="mm-badge">{DIFFICULTIES.get(item.difficulty, "")}</span>{edited}</p>'
    )


def asked_html(item: QuizItem, marks: Marks, number: int | None = None) -> str:
    """An item as it is asked, without what there is to choose from."""
    story = f'<p class="mm-story">{marks.line(item.story)}</p>' if item.story else ""
    return f'<div class="mm">{kind_html(item, number)}{story}<p class="mm-asked">{escape(item.stem)}</p></div>'


def offered_html(texts: Sequence[str]) -> str:
    """What is to choose from, to match or to put in order, in full: a list to choose from cuts long texts off."""
    lines = "".join(f"<li>{LETTERS[at]}　{escape(text)}</li>" for at, text in enumerate(texts))
    return f'<ul class="mm mm-offered">{lines}</ul>'


def paper_html(item: QuizItem, number: int) -> str:
    """An item as those who are trained see it: without answer, sources, difficulty or the trainer's mark."""
    story = f'<p class="mm-story">{escape(item.story.text)}</p>' if item.story else ""
    head = f'<p class="mm-item-kind"><strong>問{number}</strong></p>{story}<p class="mm-asked">{escape(item.stem)}</p>'
    choices = offered_html(_offered(item)) if _is_lettered(item) else _tick_html(item)
    return f'<div class="mm">{head}{_left_html(item)}</div>{choices}'


def _tick_html(item: QuizItem) -> str:
    """What to tick of a statement, on one line."""
    return f'<p class="mm mm-offered">{"　".join(f"（　）{escape(option.text)}" for option in item.options)}</p>'


def _left_html(item: QuizItem) -> str:
    """The left-hand sides of a matching item."""
    lines = "".join(f"<li>{escape(pair.left)}</li>" for pair in item.pairs)
    return f"<ol>{lines}</ol>" if lines else ""


def _offered(item: QuizItem) -> list[str]:
    if item.pairs:
        return [item.pairs[at].right for at in item.shown]
    if item.sequence:
        return [item.sequence[at].text for at in item.shown]
    return [option.text for option in item.options]


def _is_lettered(item: QuizItem) -> bool:
    return item.kind is not QuizKind.TRUE_FALSE


def item_html(item: QuizItem, marks: Marks, number: int) -> str:
    """An item with its answer and explanation, as a trainer reads it."""
    note = f'<p class="mm-small mm-warned">{_NOBODY_STANDS}</p>' if item.edited else ""
    return f"{asked_html(item, marks, number)}<div class='mm'>{answer_html(item, marks)}{note}</div>"


def answer_html(item: QuizItem, marks: Marks, response: Response | None = None) -> str:
    """The right answer with its reasons and the explanation; what was answered is marked where it is given."""
    if item.kind is QuizKind.MATCHING:
        answer = _pairs_html(item, marks, response)
    elif item.kind is QuizKind.ORDERING:
        answer = _sequence_html(item, marks, response)
    else:
        answer = _options_html(item, marks, response)
    return f'{answer}<p class="mm-explained"><strong>解説：</strong>{marks.line(item.explanation)}</p>'


def verdict_html(response: Response) -> str:
    """Whether an answer was right, in a word, a sign and a colour."""
    look, sign, word = ("good", "✓", RIGHT) if response.is_right else ("bad", "✗", WRONG)
    return (
        f'<p class="mm mm-verdict mm-verdict-{look}" role="status"><span aria-hidden="true">{sign}</span> {word}。</p>'
    )


def result_html(result: Result) -> str:
    """How a quiz went."""
    share = round(100 * result.right / result.total) if result.total else 0
    return (
        f'<div class="mm"><p class="mm-score"><strong>{result.right}</strong> / {result.total} 問正解'
        f'<span class="mm-small">（{share}％）</span></p></div>'
    )


def reread_html(reread: Sequence[Reread], passages: Mapping[str, str]) -> str:
    """What to read again, most often missed first: document, section and page, and the text itself when opened."""
    return f'<ol class="mm mm-reread">{"".join(_reread(one, passages) for one in reread)}</ol>'


def _reread(one: Reread, passages: Mapping[str, str]) -> str:
    citation = one.citation
    text = passages.get(citation.chunk_id) or citation.quote
    about = joined(edition_name(citation), page_name(citation), f"間違い {one.missed}問")
    return (
        f"<li><details class='mm-card'><summary><span class='mm-title'>{escape(_heading(citation))}</span>"
        f"<span class='mm-small'>{escape(citation.document_title)}{digest_badge(citation.is_digest, JAPANESE)}</span>"
        f"<span class='mm-small'>{escape(about)}</span></summary>"
        f"<blockquote class='mm-passage'>{escape(text).replace(chr(10), '<br>')}</blockquote></details></li>"
    )


def _heading(citation: Citation) -> str:
    return citation.section or "冒頭"


def _options_html(item: QuizItem, marks: Marks, response: Response | None) -> str:
    chosen = response.given[0] if response else None
    lines, own = [], own_reasons(item)
    for at, option in enumerate(item.options):
        letter = f"{LETTERS[at]}　" if _is_lettered(item) else ""
        reason = f'<span class="mm-reason">{marks.line(option.reason)}</span>' if at in own else ""
        yours = ' <span class="mm-badge">あなたの答え</span>' if at == chosen else ""
        lines.append(
            (
                option.is_right,
                f"{letter}{escape(option.text)}{_right_badge(option.is_right)}{yours}{reason}",
            )
        )
    return _marked_list(lines, "ul")


def _right_badge(is_right: bool) -> str:
    return ' <span class="mm-badge mm-right">正解</span>' if is_right else ""


def _pairs_html(item: QuizItem, marks: Marks, response: Response | None) -> str:
    lines = []
    for at, pair in enumerate(item.pairs):
        given = item.pairs[response.given[at]].right if response else pair.right
        yours = f'<span class="mm-reason">あなたの答え：{escape(given)}</span>' if given != pair.right else ""
        text = f"{escape(pair.left)} → {escape(pair.right)}{marks.html(pair.markers)}{yours}"
        lines.append((given == pair.right, text))
    return _marked_list(lines, "ul")


def _sequence_html(item: QuizItem, marks: Marks, response: Response | None) -> str:
    lines = []
    for at, line in enumerate(item.sequence):
        given = item.sequence[response.given[at]].text if response else line.text
        yours = f'<span class="mm-reason">あなたの答え：{escape(given)}</span>' if given != line.text else ""
        lines.append((given == line.text, f"{marks.line(line)}{yours}"))
    return _marked_list(lines, "ol")


def _marked_list(lines: Iterable[tuple[bool, str]], tag: str) -> str:
    items = "".join(f'<li class="{"mm-good" if is_good else "mm-bad"}">{html}</li>' for is_good, html in lines)
    return f'<{tag} class="mm-checks mm-answers">{items}</{tag}>'
