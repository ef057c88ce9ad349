"""Countermeasures as a quiz asks for them: chapter, stage, sentences that stand alone, and all that is said of each."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from assistant.citations import Evidence, sentences_of
from assistant.guidance import Measure, item_parts
from corpus.clean import quote_key
from corpus.models import Chunk
from training.material import Material
from training.quiz.meaning import Meaning

_COUNTED = re.compile(r"\s*[（(][^（()）]*[)）]$")
_LEANING = re.compile(
    r"^(これ|この|その|それ|あの|同じ|同様|また|なお|ただし|上記|以下|次の|※|特に|たとえば|例えば|しかし|さらに|一方)"
)
_OF_THE_TEXT = re.compile(r"ページ|参照|詳しい|詳細|https?:|www\.|@|次のような|ハンドブック|レポート|ポイントは")
# Sentences that only lead in, or name a state of mind that fits any countermeasure.
_LEAD_IN = re.compile(r"(?:ケース|場合|こと)[もが]あります。$|(?:含まれ|つながり)ます。$|意識し(?:ます|ましょう)。$")
# A title that says before or after what it is done could be put in the stage of that, whatever its heading is.
_MOMENT = re.compile(r"[前後][のに]")
_SENTENCE_LENGTH = (12, 110)
_LONGEST_TITLE = 60
WRONG_NEEDED, WRONG_KEPT = 3, 6
"""How many wrong answers a candidate must have, and has at most."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A countermeasure.

    `chapter` is the heading of the chapter that it belongs to, `stage` the heading of its stage of work, None where
    the chapter has none; `placed` shows both. `sentences` are those of its check-list item that stand alone, `known`
    is all that the document says of it: its check-list item and the section that explains it.
    """

    title: str
    theme: str
    chapter: str
    stage: str | None
    pages: str
    item: Chunk
    section: Chunk | None
    placed: Evidence
    sentences: tuple[str, ...]
    known: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """What an item about it is about: theme, chapter, stage, title."""
        return tuple(dict.fromkeys(s for s in (self.theme, self.chapter, self.stage, self.title) if s))

    @property
    def named(self) -> Evidence:
        """The check-list item, from its title on."""
        return Evidence(self.item, self.item.text)

    @property
    def hint(self) -> str:
        """Where to read more, as the check list names the pages."""
        return f"くわしくは、ガイダンスの{listed(self.pages)}にあります。"


def topics_of(material: Material) -> list[Topic]:
    """The countermeasures of the index, in the order of their document; none over an index without a check list."""
    measures = [m for m in material.guidance.measures() if m.theme and len(m.title) <= _LONGEST_TITLE]
    chapters = {m.theme: m.section.section[0] for m in reversed(measures) if m.section}
    topics = []
    for measure in measures:
        parts = item_parts(measure.item.text)
        if not parts or not measure.theme or not measure.item.section:
            continue
        chapter = chapters.get(measure.theme) or measure.item.section[-1]
        topics.append(_topic(measure, measure.theme, plain(chapter), parts["text"], material.chunks))
    return topics


def plain(heading: str) -> str:
    """A heading without what stands behind it in brackets, such as a number of items or pages."""
    return _COUNTED.sub("", heading)


def stands_alone(sentence: str) -> bool:
    """Whether a sentence can be read by itself, is about the matter and not about the text, and has a fit length."""
    shortest, longest = _SENTENCE_LENGTH
    return (
        shortest <= len(sentence) <= longest
        and sentence.endswith("。")
        and not _LEANING.match(sentence)
        and not _OF_THE_TEXT.search(sentence)
    )


def stages_of(topics: Sequence[Topic]) -> dict[str, list[Topic]]:
    """The countermeasures of one theme by stage, in document order; those without a stage are left out."""
    stages: dict[str, list[Topic]] = {}
    for topic in topics:
        if topic.stage:
            stages.setdefault(topic.stage, []).append(topic)
    return stages


def by_theme(topics: Sequence[Topic]) -> dict[str, list[Topic]]:
    """Countermeasures by theme, in document order."""
    themes: dict[str, list[Topic]] = {}
    for topic in topics:
        themes.setdefault(topic.theme, []).append(topic)
    return themes


def gives_away(meaning: Meaning, stage: str, title: str) -> bool:
    """Whether a title names the stage, as 「撤退計画時の情報管理」 does 「撤退段階」."""
    return bool(_telling(meaning, stage) & meaning.words(title))


def clear_stages(topics: Sequence[Topic], meaning: Meaning) -> dict[str, list[Topic]]:
    """The countermeasures of one theme by stage, without those whose title may be taken for another stage.

    「撤退計画時の情報管理」 of 「撤退段階」 names 「計画段階」 too; 「契約終了後の情報返還・廃棄」 is of 「契約段階」.
    """
    stages = stages_of(topics)
    clear: dict[str, list[Topic]] = {}
    for stage, members in stages.items():
        others = {word for other in stages if other != stage for word in _telling(meaning, other)}
        others -= _telling(meaning, stage)
        clear[stage] = [t for t in members if not _MOMENT.search(t.title) and not others & meaning.words(t.title)]
    return {stage: members for stage, members in clear.items() if members}


def listed(pages: str) -> str:
    """Pages as a sentence lists them: 「P120、121」."""
    return pages.replace(",", "、")


def _telling(meaning: Meaning, stage: str) -> Set[str]:
    return meaning.words(stage) - meaning.words("段階 対策 時 前 後")


def _topic(measure: Measure, theme: str, chapter: str, text: str, chunks: Sequence[Chunk]) -> Topic:
    section, item = measure.section, measure.item
    explaining = [c for c in chunks if section and c.doc_id == section.doc_id and c.section == section.section]
    stage, placed = _stage(measure)
    return Topic(
        title=measure.title,
        theme=theme,
        chapter=chapter,
        stage=stage,
        pages=measure.pages,
        item=item,
        section=section,
        placed=placed or Evidence(item, item.text),
        sentences=tuple(s for s in sentences_of(text) if stands_alone(s) and not _LEAD_IN.search(s)),
        known="\n".join([measure.title, text, *(chunk.text for chunk in explaining)]),
    )


def _stage(measure: Measure) -> tuple[str | None, Evidence | None]:
    """The stage with the passage that stands under both headings, the stage's and the countermeasure's own."""
    section, stage = measure.section, measure.stage
    if not section or not stage:
        return None, None
    title = quote_key(measure.title)
    # A heading that holds the title itself is no stage: the section is then one part of what it explains.
    if quote_key(section.section[-1]) != title or title in quote_key(stage):
        return None, None
    sentence = next((s for s in sentences_of(section.text) if stands_alone(s)), None)
    return (stage, Evidence(section, sentence)) if sentence else (None, None)
