"""Quiz items from cases: what the document draws from a story, which case it is, in which order things happened."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.citations import MAX_QUOTE, Evidence, sentences_of
from assistant.guidance import Case
from assistant.situations import theme_hits
from training.material import Material
from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.meaning import Meaning
from training.quiz.topics import WRONG_KEPT, WRONG_NEEDED, Topic, plain

_NUMBER = re.compile(r"^Case\s*[0-9０-９]+[\s　:：]*", re.IGNORECASE)
_EVENT = re.compile(r"(?:した|った|いた|えた|れた|めた|けた|ました|ません|ませんでした|決意|なかった)。$")
_STATE = re.compile(r"(?:ていました|ていた|ありました|でした|あった|いる|だった|状態)。$")
_NEVER = re.compile(r"ませんでした。$")
_STEPS = range(3, 7)
_LEANS = re.compile(r"^(?:また|さらに|なお|しかし|その|それ|これ|よく)")
# Passages among which the countermeasure that fits a case best is looked for.
_SEARCHED = 60


def case_candidates(material: Material, topics: Sequence[Topic], meaning: Meaning) -> list[Candidate]:
    """All items over the cases of the index, without those of replaced editions."""
    cases = [case for case in material.guidance.cases() if not material.is_replaced(case.chunk)]
    candidates: list[Candidate] = []
    for case in cases:
        made = (
            _which_measure(case, cases, topics, material, meaning),
            _which_case(case, cases, meaning),
            _which_chapter(case, topics),
            _in_order(case),
        )
        candidates += [candidate for candidate in made if candidate]
    return candidates


def name_of(case: Case) -> str:
    """The title of a case without its number."""
    return _NUMBER.sub("", case.title)


def _chapter(case: Case) -> str:
    return plain(case.chunk.section[0])


def _story(case: Case) -> Shown:
    """What happened, as far as a quote may be long."""
    told = ""
    for sentence in sentences_of(case.chunk.text):
        at = case.chunk.text.find(sentence) + len(sentence)
        if at > MAX_QUOTE:
            break
        told = case.chunk.text[:at]
    quote = told or case.chunk.text[:MAX_QUOTE]
    return Shown("".join(quote.split("\n")), Evidence(case.chunk, quote))


def _subjects(case: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for s in (case.theme, *map(plain, case.chunk.section)) if s))


def _which_measure(
    case: Case, cases: Sequence[Case], topics: Sequence[Topic], material: Material, meaning: Meaning
) -> Candidate | None:
    """Which of these is listed against such leaks: the fittest of the chapter, with others of other chapters."""
    own = [topic for topic in topics if topic.theme == case.theme]
    if not own:
        return None
    right = _fittest(f"{name_of(case)} {case.chunk.text}", own, material)
    # What is listed against leaks of any kind, or of a kind that the story points to as much, may be right as well.
    hits = theme_hits(case.chunk.text)
    strange = {other.theme for other in cases if hits.get(other.theme or "", 0) < max(1, hits.get(right.theme, 0))}
    others = [t for t in topics if t.theme in strange and t.theme != case.theme and _is_apart(t, own, meaning)]
    others = sorted(others, key=lambda topic: abs(len(topic.title) - len(right.title)))[:WRONG_KEPT]
    if len(others) < WRONG_NEEDED:
        return None
    return Candidate(
        key=f"case-measure:{case.chunk.doc_id}:{case.title}",
        kind=QuizKind.CASE,
        difficulty=2,
        stem=f"このような技術流出に備えるため、「{right.chapter}」で挙げている対策はどれですか。",
        explanation=Shown(f"「{right.title}」は「{right.chapter}」に挙がっています。{right.hint}", right.named),
        subjects=_subjects(case),
        right=Shown(right.title, right.named, _advice(right, case.chunk.text, meaning)),
        wrong=tuple(
            Shown(topic.title, topic.named, f"これは「{topic.chapter}」に挙がっています。") for topic in others
        ),
        story=_story(case),
        about=(case.title, right.title),
    )


def _fittest(told: str, own: Sequence[Topic], material: Material) -> Topic:
    """The countermeasure of a chapter that the search finds first for a story."""
    places = {chunk.chunk_id: place for place, chunk in enumerate(material.search(told, _SEARCHED))}
    return min(own, key=lambda t: min(places.get(chunk.chunk_id, _SEARCHED) for chunk in (t.item, t.section) if chunk))


def _advice(topic: Topic, told: str, meaning: Meaning) -> str:
    """What a countermeasure says that comes nearest to a story, as a reason."""
    if not topic.sentences:
        return f"「{topic.chapter}」に挙がっています。"
    nearest = max(topic.sentences, key=lambda sentence: meaning.names(sentence, told))
    return f"この対策の項目に「{nearest.rstrip('。')}」とあります。"


def _is_apart(topic: Topic, own: Sequence[Topic], meaning: Meaning) -> bool:
    """Whether a countermeasure is like none of a chapter: by no telling word of its title, nor by what either says."""
    return not any(
        meaning.are_titles_alike(topic.title, member.title)
        or meaning.tells(topic.title, member.title)
        or any(meaning.is_said(sentence, member.known) for sentence in topic.sentences)
        or any(meaning.is_said(sentence, topic.known) for sentence in member.sentences)
        for member in own
    )


def _which_case(case: Case, cases: Sequence[Case], meaning: Meaning) -> Candidate | None:
    """By which title does the document tell this story; none where the story has a telling word of it."""
    right = name_of(case)
    if meaning.tells(right, case.chunk.text):
        return None
    others = [other for other in cases if other is not case and not meaning.are_titles_alike(name_of(other), right)]
    others = sorted(others, key=lambda other: other.theme != case.theme)[:WRONG_KEPT]
    near = [other for other in others if other.theme == case.theme]
    others = near if len(near) >= WRONG_NEEDED else others
    if len(others) < WRONG_NEEDED:
        return None
    story = _story(case)
    return Candidate(
        key=f"case-title:{case.chunk.doc_id}:{case.title}",
        kind=QuizKind.CASE,
        difficulty=2 if len(near) >= WRONG_NEEDED else 1,
        stem="資料は、この事例をどのようなケースとして紹介していますか。",
        explanation=Shown(f"「{_chapter(case)}」の「{case.title}」です。", Evidence(case.chunk, case.title)),
        subjects=_subjects(case),
        right=Shown(right, Evidence(case.chunk, case.title), "この事例の題名です。"),
        wrong=tuple(
            Shown(
                name_of(other),
                Evidence(other.chunk, other.title),
                f"これは「{_chapter(other)}」の別の事例です。",
            )
            for other in others
        ),
        story=story,
        about=(case.title,),
    )


def _which_chapter(case: Case, topics: Sequence[Topic]) -> Candidate | None:
    """Where to read what to do: the chapter of the case's theme, where the story points to that theme most."""
    chapters = {topic.theme: topic for topic in reversed(topics)}
    own = chapters.get(case.theme or "")
    told = {topic.theme for topic in topics}
    hits = {theme: count for theme, count in theme_hits(case.chunk.text).items() if theme in told}
    names_it = case.theme and case.theme.removesuffix("を通じた") in case.chunk.text
    if not own or names_it or hits.get(own.theme, 0) <= max((n for t, n in hits.items() if t != own.theme), default=0):
        return None
    about_cases = [topic for theme, topic in chapters.items() if theme != own.theme and "最初" not in theme]
    if len(about_cases) < WRONG_NEEDED:
        return None
    return Candidate(
        key=f"case-chapter:{case.chunk.doc_id}:{case.title}",
        kind=QuizKind.CASE,
        difficulty=1,
        stem="このような技術流出への対策は、資料のどの章に書かれていますか。",
        explanation=Shown(
            f"この事例は「{_chapter(case)}」にあり、対策は「{own.chapter}」にあります。",
            Evidence(case.chunk, case.title),
        ),
        subjects=_subjects(case),
        right=Shown(own.chapter, own.named, f"「{own.title}」などが挙げられています。"),
        wrong=tuple(
            Shown(topic.chapter, topic.named, f"この章には「{topic.title}」などが挙げられています。")
            for topic in about_cases[:WRONG_KEPT]
        ),
        story=_story(case),
        about=(case.title,),
    )


def _in_order(case: Case) -> Candidate | None:
    """In which order it happened, where every sentence tells an event."""
    steps = sentences_of(case.chunk.text)
    if len(steps) not in _STEPS or not all(_is_event(step) for step in steps):
        return None
    if any(_LEANS.match(step) for step in steps):
        return None
    return Candidate(
        key=f"case-order:{case.chunk.doc_id}:{case.title}",
        kind=QuizKind.ORDERING,
        difficulty=3 if len(steps) > 3 else 2,
        stem=f"事例「{name_of(case)}」で起きたことを、順に並べてください。",
        explanation=Shown(f"資料の「{case.title}」に書かれている順です。", Evidence(case.chunk, case.title)),
        subjects=_subjects(case),
        sequence=tuple(Shown(step, Evidence(case.chunk, step)) for step in steps),
        about=(case.title,),
    )


def _is_event(step: str) -> bool:
    """Whether a sentence tells what happened, not how things were: only events have an order."""
    if len(step) > 110:
        return False
    return bool(_NEVER.search(step) or (_EVENT.search(step) and not _STATE.search(step)))
