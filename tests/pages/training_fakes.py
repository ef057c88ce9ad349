"""A stand-in for what material is made from: the sample pack for every theme but one, and notes of what was asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from assistant.models import Citation
from pages.training_material import Another
from tests.pages.fakes import FakeWriter
from tests.training.sample import CITATIONS, QUIZ, SOURCES, choice, sample_pack
from training.catalogue import theme_named
from training.errors import NothingForTheme
from training.models import Pack, Quiz, QuizItem, QuizKind

UNKNOWN = "円周率"
NEAREST = ("すり合わせ", "共同研究")
SPARE = tuple(choice(number, kind) for number, kind in ((8, QuizKind.CHOICE), (9, QuizKind.CHOICE)))


@dataclass
class FakeMaterial:
    """Makes the sample pack of whatever is asked for; there is nothing about the circle."""

    asked: list[tuple[object, ...]] = field(default_factory=list)
    error: Exception | None = None
    items: tuple[QuizItem, ...] = QUIZ
    model: FakeWriter | None = None
    is_about_theme: bool = True
    lost_places: int = 0

    def build(self, theme: str, audience: str, minutes: int, seed: int) -> Pack:
        """Make a pack."""
        self.asked.append((theme, audience, minutes, seed))
        if self.error:
            raise self.error
        theme_named(theme)
        if theme == UNKNOWN:
            raise NothingForTheme(theme, NEAREST)
        title = f"{theme} ― {audience}向け（{minutes}分）"
        pack = replace(sample_pack(), title=title, theme=theme, audience=audience, minutes=minutes, seed=seed)
        return replace(pack, model=None) if self.model else pack

    def quiz(self, count: int, seed: int, theme: str | None, difficulty: int | None) -> Quiz:
        """Make a quiz of as many items as there are."""
        self.asked.append((count, theme, difficulty))
        if self.error:
            raise self.error
        return Quiz("クイズ", self.items[:count], CITATIONS, SOURCES, seed)

    def another(self, item: QuizItem, pack: Pack, passed: Collection[str]) -> Another | None:
        """Give the first spare item of the kind that is neither in the pack nor had its turn."""
        taken = {one.item_id for one in pack.quiz} | set(passed)
        left = [one for one in SPARE if one.kind is item.kind and one.item_id not in taken]
        quiz = Quiz(pack.title, tuple(left[:1]), CITATIONS, SOURCES, pack.seed)
        return Another(quiz, self.is_about_theme) if left else None

    def passages(self, citations: Iterable[Citation]) -> Mapping[str, str]:
        """Give a passage around each quote."""
        return {one.chunk_id: f"前の文です。{one.quote}後の文です。" for one in citations}

    def lost(self, citations: Iterable[Citation]) -> int:
        """Say how many places the index does not hold."""
        return self.lost_places

    def writer(self) -> FakeWriter | None:
        """Give the language model, where a test sets one."""
        return self.model

    def reworded(self, pack: Pack) -> Pack:
        """Reword the first goal."""
        goal = replace(pack.goals[0], text="言い換えた目標です。", reworded=True)
        return replace(pack, goals=(goal, *pack.goals[1:]), model="ollama:sample")
