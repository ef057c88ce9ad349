"""A pack as slides: cover, goals, agenda, cases, countermeasures, check list, quiz, where to ask, sources.

Says what stands on which slide, in Japanese; a part that the pack does not have gives no slide. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from training.export.pptx_geometry import COVER_META
from training.export.pptx_models import Layout, Look, Para, Slide
from training.export.pptx_pages import Blocks, block_slide, body_slides, para
from training.export.pptx_quiz import quiz_slides
from training.export.pptx_tables import agenda_slides, check_slides, measure_slides, source_slides
from training.labels import REWORDED, edition_name, with_digest_mark
from training.models import CaseStudy, Line, Pack

_MOST_ON_COVER = 3


def slides_of(pack: Pack) -> list[Slide]:
    """Every slide of a pack, without footers and notes."""
    return [
        _cover(pack),
        *_goals(pack.goals),
        *agenda_slides(pack),
        *(slide for at, case in enumerate(pack.cases) for slide in _case(case, f"case{at}")),
        *measure_slides(pack),
        *check_slides(pack),
        *quiz_slides(pack.quiz),
        *_contacts(pack.contacts),
        *source_slides(pack),
        *_about(pack),
    ]


def _cover(pack: Pack) -> Slide:
    names = [f"{with_digest_mark(each.title, each.is_digest)}（{edition_name(each)}）" for each in pack.sources]
    shown = names
    if len(names) > _MOST_ON_COVER:
        shown = [*names[: _MOST_ON_COVER - 1], f"ほか{len(names) - _MOST_ON_COVER + 1}件（「資料の一覧」にあります）"]
    editions = [Para(f"資料：{name}", size=14, before=4) for name in shown]
    while sum(each.height(COVER_META.width) for each in editions) > COVER_META.height:
        editions.pop()
    about = f"対象：{pack.audience}　　時間：{pack.minutes}分"
    say = (f"テーマ：{pack.theme}　{about}", *(f"資料：{name}" for name in names), *pack.notes)
    return Slide(
        Layout.COVER,
        "cover",
        pack.title,
        "開始前に、この画面を映しておきます。",
        body=(Para(about, before=0),),
        right=tuple(editions),
        say=say,
    )


def _goals(goals: Sequence[Line]) -> list[Slide]:
    prompt = "目標を読み上げます。終わったあとに、自分の言葉で言えることを目指します。"
    paras = [para(goal, lead=f"{at}.", before=14) for at, goal in enumerate(goals, start=1)]
    return body_slides(Slide(Layout.BODY, "goals", "今日の目標", prompt), paras)


def _case(case: CaseStudy, part: str) -> list[Slide]:
    learnings = [para(line, lead="•", before=12) for line in case.learnings]
    prompt = "話し合いで出た意見と比べながら、資料が示す点を確かめます。"
    return [
        *_story(case, part),
        *body_slides(Slide(Layout.BODY, part, f"学べること：{case.title}", prompt), learnings),
    ]


def _story(case: CaseStudy, part: str) -> list[Slide]:
    """The story with its questions below it, or, where that is too much for one slide, each on its own."""
    prompt = "2、3人で話し合い、終わったら何人かに発表してもらいます。"
    slide = Slide(Layout.PANEL, part, case.title, f"事例を読み上げます。{prompt}")
    story = tuple(para(line, size=18, before=4 if at else 0) for at, line in enumerate(case.story))
    head = Para("話し合いましょう", size=18, before=4, is_bold=True, look=Look.STRONG)
    questions = tuple(para(line, lead=f"{at}.", before=10) for at, line in enumerate(case.questions, start=1))
    if story and questions and (both := block_slide(slide, [Blocks(story, (head, *questions))], (-2, 0, 2))):
        return [both]
    alone = replace(slide, prompt="事例を読み上げます。原因や対策は、まだ話しません。")
    discussion = replace(slide, title=f"話し合い：{case.title}", prompt=prompt)
    return [*body_slides(alone, [para(line) for line in case.story]), *body_slides(discussion, questions)]


def _contacts(contacts: Sequence[Line]) -> list[Slide]:
    paras = [para(line, lead="•", size=18, before=10) for line in contacts]
    prompt = "迷ったときは一人で抱えず、相談するように伝えます。"
    return body_slides(Slide(Layout.BODY, "contacts", "困ったときの相談先", prompt), paras)


def _about(pack: Pack) -> list[Slide]:
    paras = [Para(note, lead="•", size=18, before=12) for note in pack.notes]
    if pack.model:
        model = f"一部の文は、言語モデル（{pack.model}）が言い換えました。その文には〔{REWORDED}〕とあります。"
        paras.append(Para(model, lead="•", size=18, before=12))
    prompt = "講師のためのスライドです。映さないときは削除してください。"
    return body_slides(Slide(Layout.BODY, "about", "この資料について（講師の方へ）", prompt), paras)
