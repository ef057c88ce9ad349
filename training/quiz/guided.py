"""Quiz items from the check list: what a countermeasure says, which one says it, and all others gathered with them.

Over an index without a check list there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citations import Evidence
from training.material import Material
from training.models import QuizKind
from training.quiz.arranged import arranged_candidates
from training.quiz.candidate import Candidate, Shown
from training.quiz.cases import case_candidates
from training.quiz.meaning import Meaning
from training.quiz.scenes import scene_candidates
from training.quiz.stages import stage_candidates
from training.quiz.topics import WRONG_KEPT, WRONG_NEEDED, Topic, topics_of

# Above this share of its words a sentence hints at the title that it is offered with.
_HINTS = 0.25
_LONGEST_QUOTED = 80


@dataclass(frozen=True, slots=True)
class Offer:
    """A wrong answer with the countermeasure that it belongs to."""

    text: str
    topic: Topic
    evidence: Evidence


def guided_candidates(material: Material) -> list[Candidate]:
    """All items from countermeasures, stages, scenes and cases that can be made over an index, not yet checked."""
    topics, meaning = topics_of(material), Meaning(material)
    kin = Kin(topics, meaning)
    return [
        *stage_candidates(topics, meaning),
        *(candidate for topic in topics for candidate in _content_candidates(topic, kin, meaning)),
        *_chapter_candidates(topics, kin, meaning),
        *arranged_candidates(material, topics, kin.are_alike, meaning),
        *scene_candidates(material, meaning),
        *case_candidates(material, topics, meaning),
    ]


class Kin:
    """Which countermeasures say so much of the same that one is no wrong answer to the other."""

    def __init__(self, topics: Sequence[Topic], meaning: Meaning) -> None:
        self._topics = topics
        self._alike = {
            frozenset((first.title, second.title))
            for first in topics
            for second in topics
            if first is not second
            and (
                meaning.are_of_one_matter(first.title, second.title)
                or meaning.are_titles_alike(first.title, second.title)
                or any(meaning.is_said(sentence, second.known) for sentence in first.sentences)
            )
        }

    def are_alike(self, first: Topic, second: Topic) -> bool:
        """Whether two countermeasures may be taken for one another."""
        return frozenset((first.title, second.title)) in self._alike

    def strangers(self, topic: Topic) -> list[Topic]:
        """The countermeasures of another stage or theme that are not alike, those of its own theme first."""
        others = [
            other
            for other in self._topics
            if other is not topic
            and not self.are_alike(topic, other)
            and (other.theme != topic.theme or other.stage is None or other.stage != topic.stage)
        ]
        return sorted(others, key=lambda other: other.theme != topic.theme)


def where(topic: Topic, theme: str) -> str:
    """Where a sentence belongs, as a reason: the stage for another stage of the theme asked for, else the chapter.

    「これは「製造設備の管理・処分」（撤退段階）の内容です。」
    """
    place = topic.stage if topic.stage and topic.theme == theme else topic.chapter
    return f"これは「{topic.title}」（{place}）の内容です。"


def nearest_length(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Wrong answers by length, nearest to the right one first, so that the longest does not give itself away."""
    return sorted(offers, key=lambda offer: abs(len(offer.text) - len(text)))[:WRONG_KEPT]


def _content_candidates(topic: Topic, kin: Kin, meaning: Meaning) -> list[Candidate]:
    """One item a sentence: in turn, what the countermeasure says and which one says it.

    Sentences with a telling word of the title are left out: it would stand in the right answer alone.
    """
    fair = [s for s in topic.sentences if not meaning.tells(topic.title, s)]
    strangers = kin.strangers(topic)
    candidates = []
    for number, sentence in enumerate(fair):
        made = (_what_it_says, _which_says)[number % 2](topic, sentence, strangers, meaning)
        candidates += [made] if made else []
    return candidates


def _what_it_says(topic: Topic, sentence: str, strangers: Sequence[Topic], meaning: Meaning) -> Candidate | None:
    offers = [
        Offer(text, other, Evidence(other.item, text))
        for other in strangers
        for text in other.sentences[:1]
        if not meaning.is_said(text, topic.known) and not meaning.tells(topic.title, text)
    ]
    chosen, difficulty = _tier(offers, topic, sentence)
    if len(chosen) < WRONG_NEEDED:
        return None
    return Candidate(
        key=f"says:{topic.title}:{sentence}",
        kind=QuizKind.CHOICE,
        difficulty=difficulty,
        stem=f"「{topic.title}」として、チェックリストに書かれていることはどれですか。",
        explanation=Shown(f"「{topic.title}」の項目に書かれています。{topic.hint}", topic.named),
        subjects=topic.subjects,
        right=Shown(sentence, Evidence(topic.item, sentence), f"「{topic.title}」の内容です。"),
        wrong=tuple(Shown(offer.text, offer.evidence, where(offer.topic, topic.theme)) for offer in chosen),
        about=(topic.title,),
    )


def _which_says(topic: Topic, sentence: str, strangers: Sequence[Topic], meaning: Meaning) -> Candidate | None:
    if len(sentence) > _LONGEST_QUOTED:
        return None
    offers = [
        Offer(other.title, other, other.named)
        for other in strangers
        if not meaning.is_said(sentence, other.known) and not meaning.tells(other.title, sentence)
    ]
    chosen, difficulty = _tier(offers, topic, topic.title)
    if len(chosen) < WRONG_NEEDED:
        return None
    return Candidate(
        key=f"says:{topic.title}:{sentence}",
        kind=QuizKind.CHOICE,
        difficulty=difficulty,
        stem=f"「{sentence.rstrip('。')}」は、チェックリストのどの項目に書かれていますか。",
        explanation=Shown(f"「{topic.title}」の項目に書かれています。{topic.hint}", topic.named),
        subjects=topic.subjects,
        right=Shown(topic.title, topic.named, f"「{topic.title}」の内容です。"),
        wrong=tuple(Shown(offer.text, offer.evidence, _other_content(offer.topic)) for offer in chosen),
        about=(topic.title,),
    )


def _other_content(topic: Topic) -> str:
    if not topic.sentences:
        return f"「{topic.title}」は「{topic.chapter}」の別の項目です。"
    return f"「{topic.title}」の内容は「{topic.sentences[0].rstrip('。')}」です。"


def _tier(offers: Sequence[Offer], topic: Topic, text: str) -> tuple[list[Offer], int]:
    """Wrong answers of the same theme alone where there are enough, else those before others, and how hard that is."""
    near = [offer for offer in offers if offer.topic.theme == topic.theme]
    if len(near) >= WRONG_NEEDED:
        return nearest_length(near, text), 2
    far = [offer for offer in offers if offer.topic.theme != topic.theme]
    return [*near, *nearest_length(far, text)][:WRONG_KEPT], 1


def _chapter_candidates(topics: Sequence[Topic], kin: Kin, meaning: Meaning) -> list[Candidate]:
    """What a chapter without stages advises, among advice for situations of other chapters."""
    candidates = []
    for topic in topics:
        fair = [s for s in topic.sentences if meaning.names(topic.chapter, s) <= _HINTS]
        if topic.stage or not fair:
            continue
        members = [other for other in topics if other.theme == topic.theme]
        offers = [offer for other in topics if (offer := _of_a_situation(other, members, kin, meaning))]
        chosen = nearest_length(offers, fair[0])
        if len(chosen) >= WRONG_NEEDED:
            candidates.append(_what_the_chapter_says(topic, fair[0], chosen))
    return candidates


def _of_a_situation(topic: Topic, members: Sequence[Topic], kin: Kin, meaning: Meaning) -> Offer | None:
    """What a countermeasure of a stage says, where it names its situation and the chapter says nothing like it."""
    if not topic.stage or any(kin.are_alike(topic, member) for member in members):
        return None
    text = next(iter(topic.sentences), "")
    own = f"{topic.chapter}{topic.stage}{topic.title}"
    known = "\n".join(member.known for member in members)
    names_it = bool(text) and meaning.tells(own, text) and not meaning.is_said(text, known)
    return Offer(text, topic, Evidence(topic.item, text)) if names_it else None


def _what_the_chapter_says(topic: Topic, sentence: str, chosen: Sequence[Offer]) -> Candidate:
    return Candidate(
        key=f"says:{topic.title}:{sentence}",
        kind=QuizKind.CHOICE,
        difficulty=1,
        stem=f"「{topic.chapter}」として、チェックリストに書かれていることはどれですか。",
        explanation=Shown(f"「{topic.title}」の項目に書かれています。{topic.hint}", topic.named),
        subjects=topic.subjects,
        right=Shown(sentence, Evidence(topic.item, sentence), f"「{topic.chapter}」の「{topic.title}」の内容です。"),
        wrong=tuple(Shown(offer.text, offer.evidence, where(offer.topic, topic.theme)) for offer in chosen),
        about=(topic.title,),
    )
