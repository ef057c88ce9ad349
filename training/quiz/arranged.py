"""Matching and ordering items from the check list: stages, their countermeasures, what is done, numbered steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.citations import Evidence
from assistant.situations import theme_of
from corpus.models import Chunk
from training.material import Material
from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.meaning import Meaning
from training.quiz.topics import Topic, by_theme, clear_stages, gives_away, listed, stages_of

Alike = Callable[[Topic, Topic], bool]
LEAST, MOST = 3, 4
# Further lists of one theme would ask the same again with one title changed.
ROWS = 2
_HINTS = 0.3
_STEP = re.compile(r"^(?:STEP|Step|ステップ|手順)\s*([0-9０-９]+)[\s　.．:：]*(?P<what>.{4,})$")


def arranged_candidates(
    material: Material, topics: Sequence[Topic], are_alike: Alike, meaning: Meaning
) -> list[Candidate]:
    """All matching and ordering items over countermeasures and steps."""
    candidates: list[Candidate] = []
    for of_theme in by_theme(topics).values():
        stages = clear_stages(of_theme, meaning)
        candidates += _stages_in_order(stages_of(of_theme))
        candidates += _measures_in_order(stages)
        candidates += _stage_pairs(stages, meaning)
        candidates += _content_pairs(of_theme, are_alike, meaning)
    return [*candidates, *_steps_in_order(material)]


def _stages_in_order(stages: dict[str, list[Topic]]) -> list[Candidate]:
    if len(stages) < LEAST:
        return []
    first = [members[0] for members in stages.values()]
    return [
        Candidate(
            key=f"order:{first[0].chapter}",
            kind=QuizKind.ORDERING,
            difficulty=3 if len(first) > LEAST else 2,
            stem=f"次の段階を、「{first[0].chapter}」で進める順に並べてください。",
            explanation=Shown(f"{'→'.join(f'「{topic.stage}」' for topic in first)}の順です。", first[0].placed),
            subjects=(first[0].theme, first[0].chapter),
            sequence=tuple(
                Shown(topic.stage or "", topic.placed, f"「{topic.title}」などを行います。") for topic in first
            ),
        )
    ]


def _measures_in_order(stages: dict[str, list[Topic]]) -> list[Candidate]:
    """Countermeasures one of each stage; several such lists where the stages have several."""
    if len(stages) < LEAST:
        return []
    return [
        Candidate(
            key=f"order:{'|'.join(topic.title for topic in row)}",
            kind=QuizKind.ORDERING,
            difficulty=3,
            stem=f"次の対策を、「{row[0].chapter}」で行う段階の順に並べてください。",
            explanation=Shown(f"{'→'.join(f'「{topic.stage}」' for topic in row)}の順です。", row[0].placed),
            subjects=(row[0].theme, row[0].chapter),
            sequence=tuple(Shown(topic.title, topic.placed, f"「{topic.stage}」に入ります。") for topic in row),
            about=tuple(topic.title for topic in row),
        )
        for row in _rows(list(stages.values()))
    ]


def _stage_pairs(stages: dict[str, list[Topic]], meaning: Meaning) -> list[Candidate]:
    """Stage and countermeasure; titles that name their stage are left out."""
    fair = {
        stage: rest
        for stage, members in stages.items()
        if (rest := [topic for topic in members if not gives_away(meaning, stage, topic.title)])
    }
    if len(fair) < LEAST:
        return []
    return [
        Candidate(
            key=f"pairs:{'|'.join(topic.title for topic in row)}",
            kind=QuizKind.MATCHING,
            difficulty=3 if len(row) >= MOST else 2,
            stem=f"「{row[0].chapter}」の段階と、そこに入る対策を組み合わせてください。",
            explanation=Shown("どの対策も、資料ではその段階の見出しの下に書かれています。", row[0].placed),
            subjects=(row[0].theme, row[0].chapter),
            pairs=tuple((topic.stage or "", Shown(topic.title, topic.placed)) for topic in row),
            about=tuple(topic.title for topic in row),
        )
        for row in _rows([members[::-1] for members in fair.values()])
    ]


def _rows(columns: Sequence[Sequence[Topic]]) -> Iterator[list[Topic]]:
    """Two rows at most, one of each column; none of a column comes twice, or the rows would ask much the same."""
    for at in range(min(ROWS, *(len(column) for column in columns))):
        yield [column[at] for column in columns][:MOST]


def _content_pairs(topics: Sequence[Topic], are_alike: Alike, meaning: Meaning) -> list[Candidate]:
    """Countermeasure and what is done; no sentence fits two of those shown together."""
    told = {topic.title: (topic, sentence) for topic in topics if (sentence := _untelling(topic, meaning))}
    candidates = []
    left = list(told.values())
    while group := _apart(left, are_alike, meaning):
        left = [entry for entry in left if entry not in group]
        candidates.append(_content_matching(group, meaning))
    return candidates


def _untelling(topic: Topic, meaning: Meaning) -> str | None:
    """The last sentence that says what is done without naming the countermeasure."""
    fair = [sentence for sentence in topic.sentences if meaning.names(topic.title, sentence) <= _HINTS]
    return fair[-1] if fair else None


def _apart(entries: Sequence[tuple[Topic, str]], are_alike: Alike, meaning: Meaning) -> list[tuple[Topic, str]]:
    """Three or four entries of which no two are alike and no sentence is said by another; none where there are less."""
    group: list[tuple[Topic, str]] = []
    for topic, sentence in entries:
        fits = all(
            not are_alike(topic, other)
            and not meaning.is_said(sentence, other.known)
            and not meaning.is_said(said, topic.known)
            for other, said in group
        )
        if fits and len(group) < MOST:
            group.append((topic, sentence))
    return group if len(group) >= LEAST else []


def _content_matching(group: Sequence[tuple[Topic, str]], meaning: Meaning) -> Candidate:
    """Easier where a word of the title finds half of the pairs."""
    first = group[0][0]
    told = sum(meaning.tells(topic.title, sentence) for topic, sentence in group)
    return Candidate(
        key=f"contents:{'|'.join(topic.title for topic, _ in group)}",
        kind=QuizKind.MATCHING,
        difficulty=(3 if len(group) >= MOST else 2) - (1 if 2 * told >= len(group) else 0),
        stem=f"「{first.chapter}」の対策と、チェックリストに書かれている内容を組み合わせてください。",
        explanation=Shown(
            f"くわしくは、ガイダンスの{'、'.join(listed(topic.pages) for topic, _ in group)}にあります。",
            first.named,
        ),
        subjects=(first.theme, first.chapter),
        pairs=tuple((topic.title, Shown(sentence, Evidence(topic.item, topic.item.text))) for topic, sentence in group),
        about=tuple(topic.title for topic, _ in group),
    )


def _steps_in_order(material: Material) -> list[Candidate]:
    """Headings that are numbered as steps, one after the other under one heading."""
    families: dict[tuple[str, tuple[str, ...]], dict[int, tuple[str, Chunk, str]]] = {}
    for chunk in material.chunks:
        if material.is_replaced(chunk):
            continue
        for level, heading in enumerate(chunk.section):
            if found := _STEP.match(heading):
                family = families.setdefault((chunk.doc_id, chunk.section[:level]), {})
                family.setdefault(int(found[1]), (found["what"].strip(), chunk, heading))
    return [
        _steps(parents, [steps[n] for n in sorted(steps)])
        for (_, parents), steps in families.items()
        if parents and LEAST <= len(steps) <= 6 and sorted(steps) == list(range(1, len(steps) + 1))
    ]


def _steps(parents: tuple[str, ...], steps: Sequence[tuple[str, Chunk, str]]) -> Candidate:
    names = "→".join(f"「{what}」" for what, _, _ in steps)
    return Candidate(
        key=f"steps:{parents[-1]}",
        kind=QuizKind.ORDERING,
        difficulty=3 if len(steps) > LEAST else 2,
        stem=f"「{parents[-1]}」の進め方を、最初に行うものから順に並べてください。",
        explanation=Shown(f"{names}の順です。", Evidence(steps[0][1], steps[0][2])),
        subjects=tuple(dict.fromkeys([*(t for h in parents if (t := theme_of(h))), *parents])),
        sequence=tuple(
            Shown(what, Evidence(chunk, heading), f"資料の見出しは「{heading}」です。")
            for what, chunk, heading in steps
        ),
    )
