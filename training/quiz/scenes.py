"""Matching items from advice for a situation: 「仕入先から原料を買うときは、…しましょう。」.

Each sentence says itself when it holds. They are matched and not chosen from, as good advice for one situation is
seldom wrong in another; which belongs to which is decided by the documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.citations import Evidence, sentences_of
from assistant.situations import theme_of
from corpus.models import BlockKind, Chunk
from training.material import Material
from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.meaning import Meaning
from training.quiz.topics import plain, stands_alone

_SCENE = re.compile(
    r"^(?P<scene>[^、]{5,55}?(?:とき|場合|際|前)(?:（[^（）]*）)?)(?:は|に|には)?、(?P<advice>[^「」]{12,}"
    r"(?:ましょう|てください|必要です|重要です|大切です|徹底します|相談します))。$"
)
_LEADING = re.compile(r"^(?:まず|最初に|特に)、?")
# Two situations that share this much of the shorter one may be the same.
_SAME_SCENE = 0.4
# Above this share of a situation the advice repeats it, so that nothing is left to match.
_GIVEN_AWAY = 0.3
LEAST, MOST = 3, 4


@dataclass(frozen=True, slots=True)
class Scene:
    """A situation, what the document advises in it, and all that is said around it."""

    scene: str
    advice: str
    evidence: Evidence
    known: str

    @property
    def theme(self) -> str | None:
        """The theme of the guidance that its chapter is about."""
        return theme_of(self.evidence.chunk.section[0])

    @property
    def heading(self) -> str:
        """The heading right above it."""
        return plain(self.evidence.chunk.section[-1])


def scene_candidates(material: Material, meaning: Meaning) -> list[Candidate]:
    """Situation and advice to be matched, three or four of one chapter at a time."""
    chapters: dict[tuple[str, str], list[Scene]] = {}
    for scene in _scenes(material, meaning):
        chapters.setdefault((scene.evidence.chunk.doc_id, scene.evidence.chunk.section[0]), []).append(scene)
    return [_candidate(group) for scenes in chapters.values() for group in _groups(scenes, meaning)]


def _scenes(material: Material, meaning: Meaning) -> Iterator[Scene]:
    for chunk in material.chunks:
        if material.is_replaced(chunk) or not chunk.section or chunk.kind in (BlockKind.CASE, BlockKind.CHECKLIST_ITEM):
            continue
        for sentence in sentences_of(chunk.text):
            scene = _scene(chunk, sentence)
            if scene and meaning.names(scene.scene, scene.advice) < _GIVEN_AWAY:
                yield scene


def _scene(chunk: Chunk, sentence: str) -> Scene | None:
    found = _SCENE.match(sentence)
    if not found or not stands_alone(sentence):
        return None
    advice = _LEADING.sub("", found["advice"]) + "。"
    return Scene(found["scene"], advice, Evidence(chunk, sentence), "\n".join((*chunk.section, chunk.text)))


def _groups(scenes: Sequence[Scene], meaning: Meaning) -> Iterator[list[Scene]]:
    left = list(scenes)
    while left:
        group: list[Scene] = []
        for scene in left:
            if len(group) < MOST and all(_are_apart(scene, other, meaning) for other in group):
                group.append(scene)
        left = [scene for scene in left if scene not in group]
        if len(group) >= LEAST:
            yield group


def _are_apart(first: Scene, second: Scene, meaning: Meaning) -> bool:
    """Whether neither advice answers the other situation, as far as the documents say."""
    if _is_within(first, second) or _is_within(second, first):
        return False
    shared = max(meaning.names(first.scene, second.scene), meaning.names(second.scene, first.scene))
    crossed = max(meaning.names(first.scene, second.advice), meaning.names(second.scene, first.advice))
    return (
        crossed < _GIVEN_AWAY
        and shared < _SAME_SCENE
        and not meaning.is_said(first.advice, f"{second.known}\n{second.scene}")
        and not meaning.is_said(second.advice, f"{first.known}\n{first.scene}")
    )


def _is_within(outer: Scene, inner: Scene) -> bool:
    """Whether the heading of one stands above the other, so that its advice holds there too."""
    above = outer.evidence.chunk.section
    return inner.evidence.chunk.section[: len(above)] == above


def _candidate(group: Sequence[Scene]) -> Candidate:
    chapters = [plain(heading) for scene in group for heading in scene.evidence.chunk.section]
    themes = [scene.theme for scene in group if scene.theme]
    headings = dict.fromkeys(f"「{scene.heading}」" for scene in group)
    return Candidate(
        key=f"scenes:{'|'.join(scene.scene for scene in group)}",
        kind=QuizKind.MATCHING,
        difficulty=3 if len(group) >= MOST else 2,
        stem="次の場面と、そのときに行うこととして資料に書かれていることを組み合わせてください。",
        explanation=Shown(f"資料の{'、'.join(headings)}に書かれています。", group[0].evidence),
        subjects=tuple(dict.fromkeys([*themes, *chapters])),
        pairs=tuple((_when(scene.scene), Shown(scene.advice, scene.evidence)) for scene in group),
        about=tuple(scene.heading for scene in group),
    )


def _when(scene: str) -> str:
    return f"{scene}に" if scene.endswith("前") else scene
