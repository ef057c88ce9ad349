"""Footers with the sources of a slide, and the speaker's notes: timing, what to say, citations with their quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.citations import page_name
from assistant.models import Citation
from training.export.pptx_fit import fit_title
from training.export.pptx_geometry import COVER_SIZES, COVER_TITLE, FOOTER
from training.export.pptx_models import FOOTER_SIZE, Layout, Slide
from training.export.pptx_pages import unique
from training.export.text_fit import cut, line_count, line_height
from training.labels import marked, marks, short_name
from training.models import Pack, Step

_FOOTER_LINES = int(FOOTER.height // line_height(FOOTER_SIZE))
# What a part of the deck is called in an agenda; the first word that a step's title has decides.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "cover": ("はじめ", "導入", "目標"),
    "goals": ("目標", "はじめ", "導入"),
    "agenda": ("はじめ", "導入", "目標", "進め方"),
    "case": ("話し合", "事例", "ケース"),
    "measures": ("対策",),
    "checks": ("チェック", "点検", "対策"),
    "quiz": ("クイズ", "テスト"),
    "contacts": ("相談", "まとめ", "おわり", "終わり"),
    "sources": ("まとめ", "おわり", "終わり", "相談"),
}


def finished(slides: Sequence[Slide], pack: Pack) -> list[Slide]:
    """The slides with their footers, notes and, in the small line above the title, the time of their step."""
    citations = {citation.marker: citation for citation in pack.citations}
    steps = [_step(slide.part, pack.agenda) for slide in slides]
    counts = Counter(step.start for step in steps if step)
    told: set[int] = set()
    made = []
    for slide, step in zip(slides, steps, strict=True):
        first = step is not None and step.start not in told and slide.part not in ("cover", "agenda")
        told |= {step.start} if step and first else set()
        timing = _timing(step, counts[step.start], first) if step else []
        made.append(
            replace(
                slide,
                kicker=_kicker(slide, step),
                footer=slide.footer or footer(slide.markers, citations),
                notes=_notes(slide, timing, step if first else None, citations),
            )
        )
    return made


def footer(markers: Sequence[int], citations: Mapping[int, Citation]) -> str:
    """The sources of a slide on at most three lines; the last, where there is no room, are said to be in the notes."""
    places: dict[str, list[int]] = {}
    for marker in markers:
        if marker in citations:
            places.setdefault(short_name(citations[marker]), []).append(marker)
    groups = [sorted(group) for group in places.values()]
    for kept in range(len(groups), 0, -1):
        left = sorted(marker for group in groups[kept:] for marker in group)
        rest = f"　ほか {marks(left)} はノートにあります" if left else ""
        if _fits(text := "出典 " + "　".join(_texts(sorted(groups[:kept]), citations)) + rest):
            return text
    if not groups:
        return ""
    rest = "…　続きはノートにあります"
    text = "出典 " + _texts(groups[:1], citations)[0]
    return cut(text, rest, FOOTER_SIZE, FOOTER.width, _FOOTER_LINES)[0] + rest


def _texts(groups: Sequence[Sequence[int]], citations: Mapping[int, Citation]) -> list[str]:
    """Each place with its markers; of a document that was just named, page or section alone."""
    texts, previous = [], ""
    for group in groups:
        citation = citations[group[0]]
        place = page_name(citation) or f"「{citation.section.rpartition(' > ')[2] or '冒頭'}」"
        name = f"同 {place}" if citation.doc_id == previous else short_name(citation)
        texts.append(f"{marks(group)} {name}")
        previous = citation.doc_id
    return texts


def _fits(text: str) -> bool:
    return line_count(text, FOOTER_SIZE, FOOTER.width) <= _FOOTER_LINES


def _step(part: str, agenda: Sequence[Step]) -> Step | None:
    """The step of the session that a part belongs to; the second case to the second step about cases, if any."""
    name, number = ("case", int(part[4:])) if part.startswith("case") else (part, 0)
    for word in _WORDS.get(name, ()):
        # Behind the colon stands the title of a case, which may have any word in it.
        if steps := [step for step in agenda if word in step.title.partition("：")[0]]:
            return steps[min(number, len(steps) - 1)]
    return None


def _kicker(slide: Slide, step: Step | None) -> str:
    name = step.title.partition("：")[0] if step else ""
    time = f"{name}（{step.start}～{step.start + step.minutes}分）" if step and slide.part != "agenda" else ""
    return "　｜　".join(text for text in (time, slide.kicker) if text) if slide.layout is not Layout.COVER else ""


def _timing(step: Step, slides: int, is_first: bool) -> list[str]:
    halves = max(1, round(step.minutes * 2 / slides))
    each = f"{halves // 2}分" * (halves > 1) + ("半" if halves > 1 else "30秒") * (halves % 2)
    many = f"この部分のスライドは{slides}枚。" if slides > 1 and is_first else ""
    # Below that, the nearest half minute would be a promise that the slides cannot keep.
    many += f"1枚の目安は{each}。" if many and step.minutes * 60 >= slides * 25 else ""
    return [f"【時間】{step.start}～{step.start + step.minutes}分「{step.title}」（{step.minutes}分）　{many}".strip()]


def _notes(slide: Slide, timing: list[str], step: Step | None, citations: Mapping[int, Citation]) -> str:
    """The speaker's notes; `step` is the agenda's where this is the first slide of it."""
    said = [f"・{marked(note.text, note.markers)}" for note in step.notes] if step else []
    prompt = [slide.prompt] if slide.prompt and not said else []
    noted = [marker for note in (step.notes if step else ()) for marker in note.markers]
    markers = unique([*slide.markers, *slide.more, *noted])
    quotes = [_quoted(citations[marker]) for marker in markers if marker in citations]
    cited = ["【出典と引用】", *quotes] if quotes else []
    return "\n".join([*timing, "【進め方】", *_cut_title(slide), *prompt, *said, *slide.say, *cited])


def _cut_title(slide: Slide) -> Iterable[str]:
    is_cover = slide.layout is Layout.COVER
    shown = fit_title(slide.title, COVER_TITLE, COVER_SIZES)[1] if is_cover else fit_title(slide.title)[1]
    return [f"見出しの全文：{slide.title}"] if shown != slide.title else []


def _quoted(citation: Citation) -> str:
    section = f"　{citation.section}" if citation.section else ""
    return f"[{citation.marker}] {short_name(citation)}{section}「{citation.quote}」"
