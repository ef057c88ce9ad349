"""Answers from the passages that likely questions lead to: which are taken, in which order, and what is quoted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.building import build_index_from
from assistant.citations import MAX_QUOTE, MIN_QUOTE, sentences_of
from assistant.compose.draft import Draft
from assistant.compose.found import Found
from assistant.compose.nearest import (
    LEAST_SHARE,
    MAX_CHARACTERS,
    MAX_PASSAGES,
    add_nearest,
    compose_nearest,
    knows_likely_questions,
    near,
)
from assistant.compose.phrases import phrases
from assistant.models import AnswerStatus
from assistant.question import Language
from assistant.settings import Settings
from assistant.wiring import build_assistant
from corpus.clean import quote_key, search_text
from corpus.load import bundled_documents
from corpus.models import BlockKind, Chunk
from index.models import SearchResult
from index.retriever import LIKELY

QUESTION = "持ち場ごとの心がけ"
OWN_RULES = """# 自転車置き場の決まり

## 置き場の使い方

自転車は青い線の内側に並べます。鍵は二つかけてください。

## 登録

自転車を置く人は、四月の末までに総務課で登録のシールを受け取ります。登録の料金は一年で五百円です。
"""
FAR = (
    ("頼んだ町工場が、うちに黙ってよそへ丸投げしていました", "無断で再委託し技術流出したケース"),
    ("飲み友達がお小遣いをくれる代わりに、職場の内緒話を聞きたがるようになった", "産業スパイの接触"),
    ("口約束で材料屋さんに来年の構想をしゃべったら、ライバルの新作に化けた", "原料メーカー（仕入先）から"),
)
"""Questions in words that the passage does not have, and a piece of the heading of the passage that answers them."""


def results(chunks: Iterable[Chunk], *scores: float) -> tuple[SearchResult, ...]:
    """Search results of these chunks, all as good as the first where no scores are given."""
    chunks = list(chunks)
    given = scores or [1.0] * len(chunks)
    return tuple(
        SearchResult(chunk, score, rank, {LIKELY: score})
        for rank, (chunk, score) in enumerate(zip(chunks, given, strict=True), start=1)
    )


def drafted(found: Found, *chunks: Chunk) -> Draft:
    """The draft of an answer from these chunks."""
    draft = Draft(found.documents)
    compose_nearest(replace(found, results=results(chunks)), draft)
    return draft


@pytest.fixture(scope="module")
def found(digest_assistant: Assistant) -> Found:
    """What an answer over the digests is put together from."""
    return digest_assistant.find(QUESTION)


def texts(found: Found, count: int) -> list[Chunk]:
    """The first chunks, each under a heading of its own, that are neither a case nor part of a countermeasure."""
    plain = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
    measures = found.guidance.measures()
    told = {chunk.chunk_id for measure in measures for chunk in (measure.item, measure.section) if chunk}
    chunks = [c for c in found.retriever.chunks if c.kind in plain and c.section and c.chunk_id not in told]
    return list({chunk.section[-1]: chunk for chunk in chunks[::-1]}.values())[::-1][:count]


def on_one_line(quote: str, chunk: Chunk) -> bool:
    """Whether a quote stands in a chunk without going over a line end."""
    return any(quote_key(quote) in quote_key(line) for line in chunk.text.split("\n"))


def test_passages_below_the_share_are_left_out(found: Found) -> None:
    """This test ensures that what is much worse than the first is not told, however much room there is."""
    chunks = texts(found, 4)
    given = results(chunks, 2.0, 2.0 * LEAST_SHARE + 0.01, 2.0 * LEAST_SHARE - 0.01, 0.0)
    assert [result.chunk for result in near(given)] == chunks[:2]
    draft = Draft(found.documents)
    compose_nearest(replace(found, results=given), draft)
    assert {citation.chunk_id for citation in draft.citations()} == {chunk.chunk_id for chunk in chunks[:2]}


def test_no_more_passages_than_a_reader_takes_in(found: Found) -> None:
    """This test ensures that equally good passages are cut at the most there may be, and that none is no error."""
    assert len(near(results(texts(found, MAX_PASSAGES + 3)))) == MAX_PASSAGES
    assert near(()) == []


def test_the_ranking_is_only_followed_where_there_are_questions(found: Found) -> None:
    """This test ensures that an index without likely questions, or without results, is told from one with them."""
    without = replace(found, results=tuple(replace(result, scores_by_field={}) for result in found.results))
    assert [knows_likely_questions(one) for one in (found, without, replace(found, results=()))] == [True, False, False]


def test_the_first_found_is_told_first(found: Found) -> None:
    """This test ensures that passages are told in the order of the search, each under its heading."""
    chunks = texts(found, 3)
    for order in (chunks, chunks[::-1]):
        draft = drafted(found, *order)
        assert list(dict.fromkeys(c.chunk_id for c in draft.citations())) == [chunk.chunk_id for chunk in order]
        places = [draft.text().index(chunk.section[-1]) for chunk in order]
        assert places == sorted(places)


def test_measures_come_in_the_order_of_work_with_their_pages(found: Found) -> None:
    """This test ensures that countermeasures are steps in the document's order, whichever was found first."""
    chosen = [measure for measure in found.guidance.measures() if measure.section][:3]
    sections = [measure.section for measure in chosen if measure.section]
    draft = drafted(found, sections[2], chosen[0].item, sections[1])
    steps = [line for line in draft.text().splitlines() if line[:3] in ("1. ", "2. ", "3. ", "4. ")]
    assert len(steps) == 3
    for measure, step in zip(chosen, steps, strict=True):
        assert measure.title in step
        assert f"ガイダンス {measure.pages}" in step
    assert phrases(Language.JAPANESE).measures in draft.text()
    cited = {citation.chunk_id for citation in draft.citations()}
    assert {measure.item.chunk_id for measure in chosen} <= cited


def test_one_measure_is_a_passage_like_any_other(found: Found) -> None:
    """This test ensures that a single countermeasure among passages does not turn the answer into a list of work."""
    item = found.guidance.measures()[0].item
    draft = drafted(found, *texts(found, 1), item)
    assert phrases(Language.JAPANESE).measures not in draft.text()
    assert draft.citations()[-1].chunk_id == item.chunk_id


def test_a_case_beside_measures_is_told_once(found: Found) -> None:
    """This test ensures that a case comes before the countermeasures, as a case, and not again among the rest."""
    case = found.guidance.cases()[0]
    items = [measure.item for measure in found.guidance.measures()[:2]]
    draft = drafted(found, *items, case.chunk)
    assert [citation.chunk_id for citation in draft.citations()].count(case.chunk.chunk_id) == 1
    assert draft.citations()[0].chunk_id == case.chunk.chunk_id


def test_nothing_is_quoted_twice(found: Found) -> None:
    """This test ensures that item, section and case of what is told are not told once more as passages."""
    first, second = [measure for measure in found.guidance.measures() if measure.section][:2]
    assert first.section
    assert second.section
    case = found.guidance.cases()[0].chunk
    draft = drafted(found, first.section, second.item, case, first.item, second.section)
    quotes = [(citation.chunk_id, quote_key(citation.quote)) for citation in draft.citations()]
    said = [sentence.text.rpartition("：")[2] for sentence in draft.sentences()]
    assert len(quotes) == len(set(quotes)) == 5
    assert len(said) == len(set(said))


def test_what_is_cited_already_is_not_added(found: Found) -> None:
    """This test ensures that an answer put together otherwise gets the best passages that it lacks, and only these."""
    told, new, beyond = texts(found, 5)[0], texts(found, 5)[1:3], texts(found, 5)[3:]
    draft = drafted(found, told)
    before = draft.citations()
    add_nearest(replace(found, results=results([told])), draft)
    assert draft.citations() == before
    assert phrases(Language.JAPANESE).related not in draft.text()
    add_nearest(replace(found, results=results([told, *new, *beyond])), draft)
    added = draft.citations()[len(before) :]
    assert {citation.chunk_id for citation in added} == {chunk.chunk_id for chunk in new}
    assert phrases(Language.JAPANESE).related in draft.text()


def test_every_passage_of_the_digests_can_be_quoted(found: Found) -> None:
    """This test ensures that any chunk gives an answer whose quotes stand on one line of it and are of a fit length."""
    for chunk in found.retriever.chunks:
        citations = drafted(found, chunk).citations()
        assert citations, chunk.chunk_id
        for citation in citations:
            assert citation.chunk_id == chunk.chunk_id
            assert MIN_QUOTE <= len(citation.quote) <= MAX_QUOTE
            assert on_one_line(citation.quote, chunk), citation.quote


def test_a_long_passage_is_told_as_far_as_a_quote_holds(found: Found) -> None:
    """This test ensures that of a long chunk whole sentences are kept, in its order, within the limit."""
    long = [chunk for chunk in found.retriever.chunks if len(chunk.text) > 2 * MAX_CHARACTERS]
    assert long
    for chunk in long[:20]:
        quotes = [citation.quote for citation in drafted(found, chunk).citations()]
        starts = [chunk.text.index(quote) for quote in quotes]
        kept = [sentence for sentence in sentences_of(chunk.text) if any(sentence in quote for quote in quotes)]
        assert starts == sorted(starts)
        assert 0 < sum(map(len, quotes)) <= MAX_CHARACTERS
        assert sum(map(len, kept)) >= sum(map(len, quotes))


def test_every_quote_of_the_originals_stands(seeds_assistant: Assistant) -> None:
    """This test ensures that a quote of an original is a piece of its chunk, over line ends only if one is short."""
    found = seeds_assistant.find(QUESTION)
    for chunk in found.retriever.chunks:
        for citation in drafted(found, chunk).citations():
            assert MIN_QUOTE <= len(citation.quote) <= MAX_QUOTE
            short = any(len(line.strip()) < MIN_QUOTE for line in citation.quote.split("\n"))
            assert citation.quote in chunk.text
            assert on_one_line(citation.quote, chunk) or short, citation.quote


@pytest.mark.parametrize(("question", "heading"), FAR)
def test_far_away_words_find_their_passage(digest_assistant: Assistant, question: str, heading: str) -> None:
    """This test ensures that a question that has no content word of a passage is answered with that passage first."""
    words = digest_assistant.retriever.tokenizer.words
    answer = digest_assistant.ask(question)
    best = answer.passages[0].chunk
    assert heading in best.section_path
    assert not set(words(search_text(question))) & set(words(search_text(f"{best.section_path}\n{best.text}")))
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.citations[0].chunk_id == best.chunk_id


@pytest.mark.parametrize(
    ("question", "fact"),
    [("自転車の鍵はいくつかけますか", "二つ"), ("登録のシールはどこで受け取りますか", "総務課")],
)
def test_own_documents_beside_the_digests_are_not_pushed_aside(
    mixed_assistant: Assistant, question: str, fact: str
) -> None:
    """This test ensures that a document without likely questions answers for itself among five that have thousands."""
    answer = mixed_assistant.ask(question)
    assert answer.passages[0].chunk.doc_id == "rules"
    assert answer.status is AnswerStatus.ANSWERED
    assert fact in answer.text
    assert answer.citations[0].doc_id == "rules"


@pytest.fixture(scope="module")
def mixed_assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant over the digests and a document of one's own."""
    folder = tmp_path_factory.mktemp("mixed")
    own = folder / "rules.md"
    own.write_text(OWN_RULES, encoding="utf-8")
    return assistant_over([bundled_documents(), own], folder / "data")


def assistant_over(paths: list[Path], folder: Path) -> Assistant:
    """An assistant over these documents."""
    settings = Settings(folder)
    build_index_from(paths, settings)
    return build_assistant(settings)
