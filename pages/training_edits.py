"""What a trainer may do to the quiz of a pack: edit texts, drop, move and exchange items. Pure: packs in, packs out.

Items that were edited say so, as nobody but the trainer stands for them. Nothing here knows Streamlit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from assistant.models import Citation
from training.labels import LETTERS
from training.models import Line, Option, Pack, Quiz, QuizItem, QuizKind, Source
from training.seen import seen

MOST_CHARACTERS = 400
_EMPTY = "空にはできないので、前の文のままにしました。問題ごと外すには「外す」を押してください。"
_TWICE = "同じ文がほかにもあるので、前の文のままにしました。違う文にしてください。"
_T = TypeVar("_T")


class EditRefused(Exception):
    """A text that would break an item; the message says why it stays as it was."""


@dataclass(frozen=True, slots=True)
class EditableText:
    """A text of an item that may be edited: `key` for the program, `label` for people. Texts of a `group` differ."""

    key: str
    label: str
    text: str
    group: str = ""


def texts_of(item: QuizItem) -> tuple[EditableText, ...]:
    """Return what may be edited of an item, in the order in which it is read."""
    return tuple(_texts(item))


def own_reasons(item: QuizItem) -> tuple[int, ...]:
    """Return which options have a reason that says something of its own, as indices: only those are read and edited.

    Not one that says what the explanation says; nor, where there are only 正しい and 誤り, what the one before says.
    """
    own: list[int] = []
    for at, option in enumerate(item.options):
        before = [item.options[one].reason for one in own] if item.kind is QuizKind.TRUE_FALSE else []
        said = (item.explanation, *before)
        if option.reason.text and not any(_says_as_much(line, option.reason) for line in said):
            own.append(at)
    return tuple(own)


def _says_as_much(line: Line, other: Line) -> bool:
    return line.text == other.text and set(line.markers) >= set(other.markers)


def with_text(item: QuizItem, key: str, text: str) -> QuizItem:
    """Return an item with one of its texts changed and marked as edited; the same where it says what it said.

    White space is drawn together. Raises EditRefused for an empty text, and for one that stands beside itself.
    """
    found = {one.key: one for one in _texts(item)}
    wanted = " ".join(text.split())[: max(MOST_CHARACTERS, len(found[key].text))]
    if wanted == " ".join(found[key].text.split()):
        return item
    if not seen(wanted):
        raise EditRefused(_EMPTY)
    others = (one.text for one in found.values() if one.group and one.group == found[key].group and one.key != key)
    if seen(wanted) in map(seen, others):
        raise EditRefused(_TWICE)
    return replace(_changed(item, key, wanted), edited=True)


def edited(pack: Pack, item_id: str, key: str, text: str) -> Pack:
    """Return the pack with a text of an item changed; see `with_text`."""
    return replace(pack, quiz=tuple(with_text(i, key, text) if i.item_id == item_id else i for i in pack.quiz))


def dropped(pack: Pack, item_id: str) -> Pack:
    """Return the pack without an item; where the facilitator's notes count the items, they count one less."""
    left = tuple(item for item in pack.quiz if item.item_id != item_id)
    count = re.compile(rf"(?<![0-9]){len(pack.quiz)}問")
    agenda = (
        replace(step, notes=tuple(replace(note, text=count.sub(f"{len(left)}問", note.text)) for note in step.notes))
        for step in pack.agenda
    )
    return replace(pack, quiz=left, agenda=tuple(agenda))


def moved(pack: Pack, item_id: str, by: int) -> Pack:
    """Return the pack with an item further down by so many places (up where negative), as far as there are any."""
    items = list(pack.quiz)
    at = next(place for place, item in enumerate(items) if item.item_id == item_id)
    items.insert(max(0, at + by), items.pop(at))
    return replace(pack, quiz=tuple(items))


def exchanged(pack: Pack, item_id: str, other: Quiz) -> Pack:
    """Return the pack with the first item of a quiz in the place of one of its own, and what it cites added."""
    citations, numbers = list(pack.citations), {}
    places = {(one.chunk_id, one.quote): one.marker for one in citations}
    new = other.items[0]
    for marker in sorted(set(_markers(new))):
        found = other.citations[marker - 1]
        if (found.chunk_id, found.quote) not in places:
            places[found.chunk_id, found.quote] = len(citations) + 1
            citations.append(replace(found, marker=len(citations) + 1))
        numbers[marker] = places[found.chunk_id, found.quote]
    # By the edition, too: the pack may be older than the index.
    known = {(source.doc_id, source.edition, source.published) for source in pack.sources}
    quiz = tuple(_renumbered(new, numbers) if item.item_id == item_id else item for item in pack.quiz)
    new_sources = (one for one in other.sources if (one.doc_id, one.edition, one.published) not in known)
    sources = (*pack.sources, *new_sources)
    return tidied(replace(pack, quiz=quiz, citations=tuple(citations), sources=sources))


def tidied(pack: Pack) -> Pack:
    """Return the pack without the citations and sources that nothing in it cites any more, numbered anew."""
    used = sorted(set(_markers(replace(pack, citations=()))))
    numbers = {old: new for new, old in enumerate(used, start=1)}
    kept = tuple(replace(_of(pack.citations, old), marker=new) for old, new in numbers.items())
    cited = {citation.doc_id for citation in kept}
    sources: tuple[Source, ...] = tuple(source for source in pack.sources if source.doc_id in cited)
    return replace(_renumbered(replace(pack, citations=()), numbers), citations=kept, sources=sources)


def _of(citations: Sequence[Citation], marker: int) -> Citation:
    return next(citation for citation in citations if citation.marker == marker)


def _texts(item: QuizItem) -> Iterator[EditableText]:
    if item.story is not None:
        yield EditableText("story", "事例", item.story.text)
    yield EditableText("stem", "問題文", item.stem)
    own = own_reasons(item)
    for at, option in enumerate(item.options):
        name = "正解" if option.is_right else "誤り"
        if item.kind is not QuizKind.TRUE_FALSE:
            yield EditableText(f"option.{at}", f"選択肢{LETTERS[at]}（{name}）", option.text, "option")
        if at in own:
            yield EditableText(f"reason.{at}", f"選択肢{LETTERS[at]}の説明", option.reason.text)
    for at, pair in enumerate(item.pairs):
        yield EditableText(f"left.{at}", f"組{at + 1}の左", pair.left, "left")
        yield EditableText(f"right.{at}", f"組{at + 1}の右", pair.right, "right")
    for at, line in enumerate(item.sequence):
        yield EditableText(f"step.{at}", f"{at + 1}番目", line.text, "step")
    yield EditableText("explanation", "解説", item.explanation.text)


def _changed(item: QuizItem, key: str, text: str) -> QuizItem:
    name, _, number = key.partition(".")
    at = int(number or 0)
    if name == "stem":
        return replace(item, stem=text)
    if name == "story" and item.story is not None:
        return replace(item, story=_line(item.story, text))
    if name == "option":
        return replace(item, options=_at(item.options, at, lambda option: replace(option, text=text)))
    if name == "reason":
        changed = _with_followers(item, item.options[at].reason.text, text)
        return replace(
            item, options=_at(changed, at, lambda option: replace(option, reason=_line(option.reason, text)))
        )
    if name == "left":
        return replace(item, pairs=_at(item.pairs, at, lambda pair: replace(pair, left=text)))
    if name == "right":
        return replace(item, pairs=_at(item.pairs, at, lambda pair: replace(pair, right=text)))
    if name == "step":
        return replace(item, sequence=_at(item.sequence, at, lambda line: _line(line, text)))
    options = _with_followers(item, item.explanation.text, text)
    return replace(item, explanation=_line(item.explanation, text), options=options)


def _with_followers(item: QuizItem, old: str, text: str) -> tuple[Option, ...]:
    """The options with a new text for the reasons that nobody sees because they say what was changed."""
    own = own_reasons(item)
    return tuple(
        replace(option, reason=_line(option.reason, text)) if at not in own and option.reason.text == old else option
        for at, option in enumerate(item.options)
    )


def _line(line: Line, text: str) -> Line:
    """The trainer's words in place of the line's, or of a language model's."""
    return replace(line, text=text, reworded=False)


def _at(values: tuple[_T, ...], place: int, change: Callable[[_T], _T]) -> tuple[_T, ...]:
    return tuple(change(value) if at == place else value for at, value in enumerate(values))


def _markers(value: object) -> Iterator[int]:
    """Every marker in a pack or a part of one."""
    if isinstance(value, tuple):
        for one in value:
            yield from _markers(one)
    elif is_dataclass(value) and not isinstance(value, (type, Citation)):
        for field in fields(value):
            inner = getattr(value, field.name)
            yield from inner if field.name == "markers" else _markers(inner)


def _renumbered(value: _T, numbers: Mapping[int, int]) -> _T:
    """A pack or a part of one with other markers in place of its own; a marker without another goes."""
    if not is_dataclass(value) or isinstance(value, (type, Citation)):
        return value
    changes: dict[str, Any] = {}
    for field in fields(value):
        inner: Any = getattr(value, field.name)
        if field.name == "markers":
            changes[field.name] = tuple(numbers[marker] for marker in inner if marker in numbers)
        elif isinstance(inner, tuple):
            changes[field.name] = tuple(_renumbered(one, numbers) for one in inner)
        elif is_dataclass(inner):
            changes[field.name] = _renumbered(inner, numbers)
    return cast(_T, replace(value, **changes))
