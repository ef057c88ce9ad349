"""What the texts of an index state and what can be asked for: lines, labelled values, and sentences that stand alone.

Nothing here knows any one document, and nothing here decides what is asked: `training.quiz.stated` does. Lists, dated
events and definitions are read by `facts_lists`, `facts_dates` and `facts_terms`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.citations import Evidence, sentences_of
from assistant.situations import theme_of
from corpus.models import BlockKind, Chunk, Document
from training.material import Material
from training.quiz.facts_sentences import as_sentence, is_one_column, speaks_of_itself, stands_alone, without_opening
from training.quiz.likeness import contained, key

# Headings under which stands what nobody needs to know for work: surveys, lists of people, one company's history,
# what other countries say, where a document's own parts are.
_TRIVIA = re.compile(
    r"調査|アンケート|サーベイ|ヒアリング|委員|オブザーバー|企業概要|株式会社|取組事例|企業からの声|企業の声|事業者の声|業種"
    r"|再掲|目次|構成$|アドレス|発行$|公表時期|体系図|諸外国|紙面|指数|関係図|本日の|概要演説|このハンドブック|相談窓口|連絡先|連携例"
    r"|利用実績|ご紹介$|大統領|通商|取組内容|管内|地域の特性"
)
# Labels of counts that say how much something was used or answered.
_TRIVIAL_LABEL = re.compile(r"実績|回答率|回答数|件数|社数|者数|予算")
# Support whose amounts and conditions are set anew each year.
_SUPPORT = re.compile(r"補助金|融資|資金|派遣|Tech事業|助成")
_OVERTAKEN = 0.5
_LABELLED = re.compile(r"^(?P<label>[^：。、「」※]{1,24}[^：。※]{0,60}?)：(?P<value>[^：]+)$")
_BRACKETS = re.compile(r"^(?P<base>.+?)[（(](?P<inner>[^（）()]+)[）)]$")
_TAIL_NUMBER = re.compile(r"\s*(?:[①-⑳㉑-㉟]|[（(]\d{1,2}[)）]|(?<=[一-龥ァ-ヺ])\d{1,2})$")
_AS_OF = re.compile(r"(?:(?:19|20)\d\d年|令和|平成).*(?:時点|資料|年度|版)")
_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?(?:[兆億万千百](?:\d[\d,]*)?)*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a passage, as it stands there."""

    text: str
    chunk: Chunk

    @property
    def evidence(self) -> Evidence:
        """The line as a quote."""
        return Evidence(self.chunk, self.text)

    @property
    def said(self) -> str:
        """The line as a sentence to read: without the spaces of a page's line breaks, and with its full stop."""
        return as_sentence(self.text)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line 「X（…）：Y」: what it is of, for whom, as of when, and what it says.

    `label` has neither brackets nor a number behind it; `number` is that number as it stands (①, (1), 1).
    """

    label: str
    value: str
    condition: str
    as_of: str
    number: str
    line: Line

    @property
    def chunk(self) -> Chunk:
        """The passage that the line stands in."""
        return self.line.chunk

    @property
    def name(self) -> str:
        """Label and condition, as one would say them."""
        return f"{self.label}（{self.condition}）" if self.condition else self.label


@dataclass(frozen=True, slots=True)
class Base:
    """Everything that facts are read from: the material, and its lines worth asking about, in document order.

    `headed` are the sentences that need the heading above them to be understood; `support` the headings about support,
    each with when its document was published.
    """

    material: Material
    lines: tuple[Line, ...]
    labelled: tuple[Labelled, ...]
    sentences: tuple[Line, ...]
    headed: tuple[Line, ...] = ()
    support: tuple[tuple[str, str], ...] = ()

    def document(self, chunk: Chunk) -> Document:
        """The document of a passage."""
        return self.material.documents[chunk.doc_id]

    def is_replaced(self, chunk: Chunk) -> bool:
        """Whether a newer edition in the index replaces the document of a passage."""
        return self.material.is_replaced(chunk)

    def edition(self, chunk: Chunk) -> str:
        """What to call the document of a passage in a question: 「2025年10月版の資料」."""
        return edition_name(self.document(chunk), self.material.documents)


def read_base(material: Material) -> Base:
    """Read the lines, labelled values and sentences of the passages that are worth asking about."""
    lines = tuple(line for chunk in material.chunks if is_worth_asking(chunk) for line in lines_of(chunk))
    labelled = tuple(found for line in lines if (found := read_label(line)) is not None)
    sentences = tuple(sentence for line in lines for sentence in _sentences(line))
    support = dict.fromkeys(
        (heading, material.documents[chunk.doc_id].published or "")
        for chunk in material.chunks
        for heading in chunk.section
        if _SUPPORT.search(heading)
    )
    whole = {line.text for line in sentences}
    headed = tuple(one for line in lines for one in _sentences(line, is_headed=True) if one.text not in whole)
    return Base(material, lines, labelled, sentences, headed, tuple(support))


def is_worth_asking(chunk: Chunk) -> bool:
    """Whether a passage says what people who are trained should know; cases and check lists are asked elsewhere."""
    if chunk.is_ocr or not chunk.section or chunk.kind in (BlockKind.CASE, BlockKind.CHECKLIST_ITEM):
        return False
    return not any(_TRIVIA.search(heading) or heading.startswith("Case") for heading in chunk.section)


def lines_of(chunk: Chunk) -> Iterator[Line]:
    """The lines of a passage that are not empty, verbatim."""
    for text in chunk.text.split("\n"):
        if text.strip():
            yield Line(text.strip(), chunk)


def read_label(line: Line) -> Labelled | None:
    """A line as label and value, or None where it has no label or talks about its own document."""
    match = _LABELLED.match(line.text)
    if not match or speaks_of_itself(line.text) or _TRIVIAL_LABEL.search(match["label"]):
        return None
    label, condition, as_of, number = match["label"].strip(), "", "", ""
    if bracketed := _BRACKETS.match(label):
        parts = [part.strip() for part in bracketed["inner"].split("、")]
        as_of = next((part for part in parts if _AS_OF.search(part)), "")
        condition = "、".join(part for part in parts if part != as_of)
        if as_of or re.search(r"\d|企業|事業者|資金", condition):
            label = bracketed["base"]
        else:
            condition = ""
    if tail := _TAIL_NUMBER.search(label):
        label, number = label[: tail.start()], tail[0].strip()
    return Labelled(label.strip(), match["value"].strip(), condition, as_of, number, line)


def is_overtaken(base: Base, chunk: Chunk) -> bool:
    """Whether a passage is on support that a later document has a passage on: its amounts are no longer the ones."""
    own = [heading for heading in chunk.section if _SUPPORT.search(heading)]
    return any(contained(heading, later) >= _OVERTAKEN for heading in own for later in _later_support(base, chunk))


def _later_support(base: Base, chunk: Chunk) -> Iterator[str]:
    published = base.document(chunk).published or ""
    for heading, when in base.support:
        if when > published:
            yield heading


def subjects_of(*chunks: Chunk) -> tuple[str, ...]:
    """What passages are about: the themes of the guidance that their headings name, then the headings."""
    headings = tuple(dict.fromkeys(heading for chunk in chunks for heading in chunk.section))
    themes = tuple(dict.fromkeys(theme for heading in headings if (theme := theme_of(heading))))
    return themes + headings


def edition_name(document: Document, documents: Mapping[str, Document]) -> str:
    """A document in few words: by its edition where that tells it from the others, else by its title."""
    edition = document.edition or ""
    same = sum(other.edition == edition for other in documents.values())
    if same == 1 and re.fullmatch(r"(?:19|20)\d\d年.{0,4}(?:版|発行)", edition):
        return f"{edition}の資料"
    title = re.sub(r"[（〔(\[].*$", "", document.title).strip()
    return f"「{title}」（{edition}）" if edition and len(edition) <= 10 else f"「{title}」"


def amounts(text: str) -> tuple[str, ...]:
    """The numbers of a text as they stand, each with its 億 and 万."""
    return tuple(match[0] for match in _AMOUNT.finditer(text))


@lru_cache(maxsize=4096)
def shape(value: str) -> str:
    """The form of a value: its text with every number as 0. Values of one form can be taken for one another."""
    return _AMOUNT.sub("0", key(value))


def _sentences(line: Line, *, is_headed: bool = False) -> Iterator[Line]:
    if read_label(line) is not None:
        return
    for sentence in sentences_of(line.text):
        found = Line(without_opening(sentence), line.chunk)
        if is_one_column(found.text) and stands_alone(found.said, is_headed=is_headed):
            yield found
