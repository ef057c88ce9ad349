"""Passages taken apart: the sentences that likely questions lead to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.citations import sentences_of
from assistant.compose.reader import Reader
from corpus.clean import quote_key, search_text
from corpus.models import Chunk
from index.build import build_index
from index.likely.anchors import STATEMENTS, Anchor, Target, anchors_of
from index.retriever import Retriever
from index.store import IndexStore
from tests.fakes import FakeEncoder
from tests.index.samples import CHUNKS, DOCUMENTS, chunk, retriever_in

BREWING = chunk(
    "t9",
    "tea",
    "番茶は百度の湯で淹れます。蒸らすのは三十秒です。\n急須は先に\n温めておきます。茶葉は湿気を嫌います。",
    "淹れ方",
    "番茶",
)
FIRST, SECOND, BROKEN, REST, LAST = range(5)
"""The sentences of `BREWING`: a line end closes one as a full stop does."""


def anchor(question: str, *phrases: str) -> Anchor:
    """A question that these phrases of `BREWING` answer."""
    return Anchor(tuple(Target("tea", "番茶", phrase) for phrase in phrases), (question,))


def retriever(folder: Path, anchors: Sequence[Anchor], chunks: Sequence[Chunk] = (*CHUNKS, BREWING)) -> Retriever:
    """A retriever over the samples and `BREWING`, with the anchors written to the disk and read back."""
    store = IndexStore(folder)
    build_index(DOCUMENTS, chunks, store, FakeEncoder(), anchors=anchors, unanswerable=["いくらですか"])
    return Retriever.open(store, FakeEncoder())


def asked(source: Retriever, passage: Chunk = BREWING) -> dict[int, list[str]]:
    """The likely questions that lead to each sentence of a passage, by number; those that some lead to only."""
    read = Reader(source).read(passage)
    assert len(read.asked) == len(read.sentences)
    if source.likely is None:
        return {number: numbers.tolist() for number, numbers in enumerate(read.asked) if len(numbers)}
    texts = source.likely.texts
    return {n: [texts[one] for one in numbers.tolist()] for n, numbers in enumerate(read.asked) if len(numbers)}


@pytest.mark.parametrize(
    ("phrase", "sentence"),
    [
        ("番茶は", FIRST),
        ("百度の湯で淹れます。", FIRST),
        ("蒸らすのは", SECOND),
        ("三十秒です", SECOND),
        ("先に温めて", BROKEN),
        ("急須は先に\n温めておきます", BROKEN),
        ("温めて", REST),
        ("淹れます。蒸らす", FIRST),
        ("三十秒です。急須", SECOND),
        ("茶葉は湿気", LAST),
        ("茶 葉は　湿気を", LAST),
    ],
)
def test_a_phrase_leads_to_the_sentence_that_it_begins_in(tmp_path: Path, phrase: str, sentence: int) -> None:
    """This test ensures that a phrase finds its sentence after the disk, over a line end or a full stop too."""
    assert asked(retriever(tmp_path, [anchor("どう淹れる？", phrase)])) == {sentence: ["どう淹れる？"]}


def test_two_phrases_lead_to_two_sentences(tmp_path: Path) -> None:
    """This test ensures that a question with two phrases in a chunk leads to both sentences, once each."""
    source = retriever(tmp_path, [anchor("どう淹れる？", "三十秒", "百度", "蒸らす"), anchor("温度は？", "百度")])
    found = asked(source)
    assert found.keys() == {FIRST, SECOND}
    assert sorted(found[FIRST]) == ["どう淹れる？", "温度は？"]
    assert set(found[SECOND]) == {"どう淹れる？"}


def test_a_question_for_the_whole_section_leads_to_no_sentence(tmp_path: Path) -> None:
    """This test ensures that an empty phrase finds the chunk, but none of its sentences."""
    source = retriever(tmp_path, [anchor("番茶のことなら？", ""), anchor("温度は？", "百度")])
    assert source.likely is not None
    assert source.likely.answerable == 2
    assert asked(source) == {FIRST: ["温度は？"]}


def test_a_question_leads_to_its_own_chunks_only(tmp_path: Path) -> None:
    """This test ensures that the same words in other chunks are not taken for what the question is about."""
    source = retriever(tmp_path, [Anchor((Target("tea", "保管", "茶葉は湿気"),), ("缶に？",))])
    assert asked(source, CHUNKS[2]) == {0: ["缶に？"]}
    assert [asked(source, other) for other in (BREWING, CHUNKS[5])] == [{}, {}]


def test_without_likely_questions_nothing_leads_anywhere(tmp_path: Path) -> None:
    """This test ensures that an index without them is read too, with no question for any sentence."""
    source = retriever_in(tmp_path)
    assert source.likely is None
    assert [asked(source, passage) for passage in source.chunks] == [{}] * len(CHUNKS)


def test_vectors_are_those_of_the_sentences(tmp_path: Path) -> None:
    """This test ensures that there is a vector for each sentence by itself, and one for it under its heading."""
    source = retriever(tmp_path, [])
    read = Reader(source).read(BREWING)
    texts = [search_text(sentence) for sentence in sentences_of(BREWING.text)]
    encode = FakeEncoder().encode
    assert list(read.sentences) == sentences_of(BREWING.text)
    assert len(read.sentences) == LAST + 1
    assert np.array_equal(read.alone, encode(texts))
    assert np.array_equal(read.headed, encode([f"番茶\n{text}" for text in texts]))


def test_a_chunk_without_a_heading_is_read(tmp_path: Path) -> None:
    """This test ensures that no heading is no error."""
    bare = chunk("x", "tea", "蓋をします。")
    read = Reader(retriever(tmp_path, [], [bare])).read(bare)
    assert read.headed.shape == read.alone.shape == (1, FakeEncoder().dimension)


def test_a_passage_is_taken_apart_once(tmp_path: Path) -> None:
    """This test ensures that a passage that is found again costs nothing."""
    source, encoder = retriever(tmp_path, [anchor("温度は？", "百度")]), FakeEncoder()
    source.encoder = encoder
    reader = Reader(source)
    first = reader.read(BREWING)
    count = len(encoder.encoded)
    assert reader.read(BREWING) is first
    assert len(encoder.encoded) == count > 0


def test_chunks_that_questions_lead_to(tmp_path: Path) -> None:
    """This test ensures that a chunk with questions is told from one without, and that an index without has none."""
    reader = Reader(retriever(tmp_path / "some", [anchor("温度は？", "百度")]))
    assert [reader.has_questions(one) for one in (BREWING, CHUNKS[0], CHUNKS[3])] == [True, False, False]
    assert not any(Reader(retriever_in(tmp_path / "none")).has_questions(one) for one in CHUNKS)


@pytest.mark.parametrize("name", ["digest_assistant", "seeds_assistant"])
def test_every_phrase_of_a_statement_is_in_its_sentence(name: str, request: pytest.FixtureRequest) -> None:
    """This test ensures that each phrase of `statements.jsonl` leads to a sentence that has its first characters."""
    assistant: Assistant = request.getfixturevalue(name)
    source, reader = assistant.retriever, Reader(assistant.retriever)
    likely = source.likely
    assert likely is not None
    statements = {question for one in anchors_of(STATEMENTS) for question in one.questions}
    looked_at = 0
    for number, place, phrases in zip(likely.pairs[0].tolist(), likely.pairs[1].tolist(), likely.phrases, strict=True):
        if likely.texts[number] not in statements:
            continue
        read = reader.read(source.chunks[place])
        leading = [quote_key(read.sentences[n]) for n, numbers in enumerate(read.asked) if number in numbers]
        for phrase in phrases:
            looked_at += 1
            key = quote_key(phrase)
            assert any(key in one or _ends_with_start(one, key) for one in leading), (likely.texts[number], phrase)
    assert looked_at > len(statements) / 2


def _ends_with_start(sentence: str, phrase: str) -> bool:
    """Whether a phrase begins at the end of a sentence and goes on in the next."""
    return any(sentence.endswith(phrase[:size]) for size in range(1, len(phrase)))
