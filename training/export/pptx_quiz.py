"""The quiz as slides: each item asked on one slide and answered on the next.

What is asked stands in a tinted block, what there is to choose from below it; where that does not fit on one slide at a
readable size, both run on over several. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from training.export.pptx_models import Layout, Look, Para, Slide
from training.export.pptx_pages import Blocks, block_slide, body_slides, para
from training.export.quiz_text import letter, markers, reasons, right_letters, right_text, shown_texts
from training.labels import DIFFICULTIES, EDITED, KINDS, marked
from training.models import Line, Option, QuizItem, QuizKind

# The agenda has people answer on paper; without paper the slides do it one by one.
_ASK = (
    "クイズを紙で配ったときは、全員が解き終えてから、このスライドで答え合わせをします。"
    "配らないときは、1問ずつ考える時間を取り、手を挙げて答えてもらいます。答えは次のスライドにあります。"
)
_ASKED = "出典は、答えのスライドに示します。"


def quiz_slides(items: Sequence[QuizItem]) -> list[Slide]:
    """A slide that asks and one that answers for each item, or more where the texts are long."""
    return [
        slide
        for number, item in enumerate(items, start=1)
        for slide in (
            *_question_slides(f"クイズ {number}／{len(items)}", item),
            *_answer_slides(f"クイズ {number}／{len(items)} の答え", item),
        )
    ]


def _question_slides(title: str, item: QuizItem) -> list[Slide]:
    story = (Para(item.story.text, size=18, before=0),) if item.story else ()
    stem = Para(item.stem, size=22, is_bold=True, look=Look.STRONG, before=8 if story else 0)
    slides = _slides(_slide(title, item, (_ASK,)), [Blocks((*story, stem), *_choices(item))])
    return [slide if slide.markers else replace(slide, footer=_ASKED) for slide in slides]


def _answer_slides(title: str, item: QuizItem) -> list[Slide]:
    stem = (Para(item.stem, size=18, look=Look.STRONG, before=0),)
    explanation = para(item.explanation, lead="解説", size=18, before=14)
    ways = [Blocks(stem, (*_answers(item, has_reasons=shown), explanation)) for shown in (True, False)]
    slides = _slides(_slide(title, item, ()), ways)
    return [replace(each, markers=_answer_first(item, each.markers)) for each in slides]


def _answer_first(item: QuizItem, cited: tuple[int, ...]) -> tuple[int, ...]:
    """Citations with those of the right answer first, for a footer that has no room for all."""
    right = {marker for option in item.options if option.is_right for marker in option.reason.markers}
    return tuple(sorted(cited, key=lambda marker: marker not in right | set(item.explanation.markers)))


def _slide(title: str, item: QuizItem, say: tuple[str, ...]) -> Slide:
    """A slide about an item, with the answer in its notes."""
    edited = f"（{EDITED}）" if item.edited else ""
    kicker = f"{KINDS[item.kind]}　難しさ：{DIFFICULTIES[item.difficulty]}{edited}"
    letters, words = right_letters(item), right_text(item)
    answer = words if letters == words else f"{letters}（{words}）"
    explained = f"解説：{marked(item.explanation.text, item.explanation.markers)}"
    told = [f"・{name}：{marked(reason.text, reason.markers)}" for name, reason in reasons(item)]
    notes = (*say, f"答え：{answer}", explained, *told)
    return Slide(Layout.PANEL, "quiz", title, kicker=kicker, say=notes, more=markers(item))


def _slides(slide: Slide, ways: Sequence[Blocks]) -> list[Slide]:
    """One slide if it can be, or else the first of the ways as running text."""
    if one := block_slide(slide, ways):
        return [one]
    return body_slides(slide, (*ways[0].panel, *ways[0].body, *ways[0].right))


def _choices(item: QuizItem) -> tuple[tuple[Para, ...], tuple[Para, ...]]:
    """What there is to choose from: one column, or two for a matching item."""
    if item.kind is QuizKind.TRUE_FALSE:
        return tuple(Para(text, lead="•", size=22) for text in shown_texts(item)), ()
    shown = tuple(Para(text, lead=letter(at)) for at, text in enumerate(shown_texts(item)))
    if item.kind is not QuizKind.MATCHING:
        return shown, ()
    return tuple(Para(pair.left, lead=f"{at}.") for at, pair in enumerate(item.pairs, start=1)), shown


def _answers(item: QuizItem, *, has_reasons: bool) -> tuple[Para, ...]:
    """The choices again, the right one marked; with the reason of each where that is wanted."""
    if item.kind is QuizKind.MATCHING:
        return tuple(
            Para(f"{pair.left} ― {_shown(item, at)} {pair.right}", pair.markers, lead=f"{at + 1}.")
            for at, pair in enumerate(item.pairs)
        )
    if item.kind is QuizKind.ORDERING:
        return tuple(para(line, lead=f"{at + 1}. {_shown(item, at)}") for at, line in enumerate(item.sequence))
    if item.kind is QuizKind.TRUE_FALSE:
        # 「× 正しい」 would be a riddle.
        return (Para(right_text(item), size=24, look=Look.RIGHT, is_bold=True, lead="答え"),)
    told = {reason for _, reason in reasons(item)} if has_reasons else set()
    return tuple(each for at, option in enumerate(item.options) for each in _option(at, option, told))


def _option(at: int, option: Option, told: set[Line]) -> tuple[Para, ...]:
    is_told = option.reason in told
    shown = Para(
        f"{letter(at)} {option.text}",
        look=Look.RIGHT if option.is_right else Look.PLAIN,
        is_bold=option.is_right,
        lead="○" if option.is_right else "×",
        keeps=is_told,
    )
    reason = para(option.reason, size=16, look=Look.MUTED, inset=32, before=0)
    return (shown, reason) if is_told else (shown,)


def _shown(item: QuizItem, at: int) -> str:
    """The letter under which a thing is shown; `at` counts from 0 in the right order."""
    return letter(item.shown.index(at))
