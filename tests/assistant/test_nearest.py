"""Answers from the sentences that most probably tell: which are told, in which order, and what is quoted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.citations import MAX_QUOTE, MIN_QUOTE, sentences_of
from assistant.compose.draft import Draft, harmless
from assistant.compose.found import Found
from assistant.compose.nearest import (
    BUDGET,
    LEAST_PROBABILITY,
    LEAST_SHARE,
    MAX_LIST,
    MAX_PASSAGES,
    MAX_SENTENCES,
    by_passage,
    compose_nearest,
    knows_likely_questions,
    telling,
)
from assistant.compose.passages import alike
from assistant.compose.phrases import phrases
from assistant.compose.telling import Sentence, sentences_by_probability
from assistant.library import Library
from assistant.models import AnswerStatus
from assistant.question import Language, QuestionKind
from assistant.settings import Settings
from assistant.wiring import build_assistant
from corpus.clean import quote_key, search_text
from corpus.load import bundled_documents
from corpus.models import BlockKind, Chunk
from index.likely.anchors import bundled_anchors
from index.models import SearchResult
from index.retriever import LIKELY
from tests.index.samples import chunk

QUESTION = "持ち場ごとの心がけ"
ENGLISH = "What must I check before sending a sample abroad?"
SURE = 4.0
"""Log-odds of a sentence that is told whatever the weights are."""
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
SAMPLE = [anchor.questions[0] for anchor in bundled_anchors()[::25]]
"""Questions of all kinds that have an answer."""
FEW_LINES = 3


def log_odds(probability: float) -> float:
    """The log-odds of a probability."""
    return float(np.log(probability / (1 - probability)))


def result(passage: Chunk) -> SearchResult:
    """A search result of a chunk in an index with likely questions."""
    return SearchResult(passage, 1.0, 1, {LIKELY: 1.0})


def ranked(chunks: Iterable[Chunk], *given: float) -> list[Sentence]:
    """All sentences of these chunks, one about as probable as the next and the first the most; or with these odds."""
    read = [(result(passage), n, text) for passage in chunks for n, text in enumerate(sentences_of(passage.text))]
    odds = given or [SURE - number / 1000 for number in range(len(read))]
    sentences = [Sentence(text, one, n, odd) for (one, n, text), odd in zip(read, odds, strict=True)]
    return sorted(sentences, key=lambda sentence: -sentence.log_odds)


def made_up(count: int, size: int) -> list[Chunk]:
    """Chunks of one sentence of `size` characters each, none like another."""
    letters = [chr(ord("一") + number) for number in range(count * size)]
    texts = ["".join(letters[n * size : (n + 1) * size - 1]) + "。" for n in range(count)]
    return [chunk(f"c{number}", "tea", text, f"章{number}") for number, text in enumerate(texts)]


def asking(found: Found, kind: QuestionKind, language: Language = Language.JAPANESE) -> Found:
    """The same with a question of another kind."""
    return replace(found, query=replace(found.query, kind=kind, language=language))


def drafted(found: Found, *chunks: Chunk) -> Draft:
    """The draft of an answer from all of these chunks that there is room for."""
    draft = Draft(found.documents)
    compose_nearest(found, draft, ranked(chunks))
    return draft


@pytest.fixture(scope="module")
def found(digest_assistant: Assistant) -> Found:
    """What an answer over the digests is put together from, for a question that asks for no value and no list."""
    return asking(digest_assistant.find(QUESTION), QuestionKind.HOW_TO)


def texts(found: Found, count: int) -> list[Chunk]:
    """The first short chunks, each under a heading of its own, that are neither a case nor part of a countermeasure.

    No two sentences of theirs are alike, and `MAX_PASSAGES` of them fit into an answer.
    """
    plain = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
    measures = found.guidance.measures()
    told = {one.chunk_id for measure in measures for one in (measure.item, measure.section) if one}
    chosen: dict[str, Chunk] = {}
    for one in found.retriever.chunks:
        before = [text for other in chosen.values() for text in sentences_of(other.text)]
        new = not any(alike(text, other) for text in sentences_of(one.text) for other in before)
        short = MIN_QUOTE < len(one.text) <= BUDGET // MAX_PASSAGES and len(sentences_of(one.text)) <= 2
        if one.kind in plain and one.section and one.chunk_id not in told and short and new:
            chosen.setdefault(one.section[-1], one)
    assert len(chosen) >= count
    return list(chosen.values())[:count]


def a_list(lines: int, size: int = 12) -> Chunk:
    """A list of lines that are all alike but for their number."""
    text = "\n".join(f"項目{number:03}{'あ' * (size - 6)}。" for number in range(lines))
    return replace(chunk("list", "tea", text, "一覧"), kind=BlockKind.LIST_ITEM)


def on_one_line(quote: str, passage: Chunk) -> bool:
    """Whether a quote stands in a chunk without going over a line end."""
    return any(quote_key(quote) in quote_key(line) for line in passage.text.split("\n"))


def repeated(told: Sequence[Sentence]) -> list[tuple[str, str]]:
    """The pairs of sentences that say the same."""
    return [(one.text, other.text) for one, other in combinations(told, 2) if alike(one.text, other.text)]


def test_the_ranking_is_only_followed_where_there_are_questions(found: Found) -> None:
    """This test ensures that an index without likely questions, or without results, is told from one with them."""
    without = replace(found, results=tuple(replace(one, scores_by_field={}) for one in found.results))
    assert [knows_likely_questions(one) for one in (found, without, replace(found, results=()))] == [True, False, False]


def test_sentences_below_the_share_are_left_out(found: Found) -> None:
    """This test ensures that what is much less probable than the best is not told, however much room there is."""
    chunks = made_up(4, 20)
    shares = (1.0, LEAST_SHARE * 1.01, LEAST_SHARE * 0.99, 0.001)
    told = telling(found, ranked(chunks, *(log_odds(0.9 * share) for share in shares)))
    assert [one.chunk for one in told] == chunks[:2]


def test_improbable_sentences_are_left_out(found: Found) -> None:
    """This test ensures that where nothing is probable the best alone is told, not all that is as improbable."""
    chunks = made_up(3, 20)
    odds = [log_odds(LEAST_PROBABILITY * share) for share in (0.9, 0.89, 0.88)]
    assert [one.chunk for one in telling(found, ranked(chunks, *odds))] == chunks[:1]
    enough = [log_odds(LEAST_PROBABILITY * share) for share in (1.2, 1.1, 0.9)]
    assert [one.chunk for one in telling(found, ranked(chunks, *enough))] == chunks[:2]


def test_nothing_to_tell_is_no_error(found: Found) -> None:
    """This test ensures that no sentences give no answer."""
    assert telling(found, []) == []
    draft = Draft(found.documents)
    compose_nearest(found, draft, [])
    assert draft.is_empty()


@pytest.mark.parametrize(
    "size", [10, 50, 120, BUDGET // 2, BUDGET // 2 + 1, BUDGET - 1, BUDGET, BUDGET + 1, 2 * BUDGET]
)
def test_the_budget_holds(found: Found, size: int) -> None:
    """This test ensures that as much is told as fits, and the first sentence even where it alone does not."""
    told = telling(found, ranked(made_up(MAX_SENTENCES + 3, size)))
    assert len(told) == min(MAX_SENTENCES, max(1, BUDGET // size))


def test_a_shorter_sentence_takes_the_room_that_is_left(found: Found) -> None:
    """This test ensures that a sentence that is too long does not keep out a short one behind it."""
    (first,), (long,), (short,) = made_up(1, BUDGET - 50), made_up(2, 60)[1:], made_up(99, 12)[98:]
    assert [one.chunk for one in telling(found, ranked([first, long, short]))] == [first, short]


def test_no_two_sentences_say_the_same(found: Found) -> None:
    """This test ensures that of sentences that are alike the more probable one is told, wherever they stand."""
    first, other = made_up(2, 40)
    again = replace(first, chunk_id="again", text=first.text[:-3] + "。", section=("別の章",))
    assert [one.chunk for one in telling(found, ranked([first, again, other]))] == [first, other]
    assert [one.chunk for one in telling(found, ranked([again, first, other]))] == [again, other]


@pytest.mark.parametrize("name", ["digest_assistant", "seeds_assistant"])
def test_what_is_told_of_real_questions(name: str, request: pytest.FixtureRequest) -> None:
    """This test ensures that for questions of all kinds an answer is short and says nothing twice, lists excepted."""
    source: Assistant = request.getfixturevalue(name)
    for question in SAMPLE:
        given = source.find(question)
        sentences = sentences_by_probability(given)
        told = telling(given, sentences)
        assert told, question
        if given.query.kind is QuestionKind.LIST:
            continue
        assert told == sorted(told, key=lambda one: -one.log_odds)
        assert repeated(told) == [], question
        assert len(told) <= MAX_SENTENCES
        assert len(told) == 1 or sum(len(one.text) for one in told) <= BUDGET, question


def test_a_list_that_is_asked_for_stays_whole(found: Found) -> None:
    """This test ensures that a list is told to its end and in its order, with lines that are improbable and alike.

    Its last line is the most probable, and it is longer than an answer is otherwise.
    """
    whole, other = a_list(MAX_LIST, 40), made_up(1, 20)[0]
    count = MAX_LIST + 1
    odds = [log_odds(0.0001) + number / 1000 for number in range(MAX_LIST - 1)]
    sentences = ranked([whole, other], *odds, SURE, SURE - 1)
    assert len(sentences) == count
    assert len(whole.text) > 2 * BUDGET
    told = telling(asking(found, QuestionKind.LIST), sentences)
    assert [one.text for one in told] == sentences_of(whole.text)
    assert len(telling(asking(found, QuestionKind.HOW_TO), sentences)) == 2


def test_a_short_list_leaves_room(found: Found) -> None:
    """This test ensures that what else is probable stands behind a list that does not fill the answer."""
    whole, other = a_list(FEW_LINES), made_up(1, 20)[0]
    told = telling(asking(found, QuestionKind.LIST), ranked([whole, other]))
    assert [one.chunk for one in told] == [whole] * FEW_LINES + [other]


def test_an_endless_list_ends(found: Found) -> None:
    """This test ensures that a list is cut at the most lines there may be, from its beginning."""
    told = telling(asking(found, QuestionKind.LIST), ranked([a_list(MAX_LIST + 5)]))
    assert [one.number for one in told] == list(range(MAX_LIST))


@pytest.mark.parametrize(("lines", "kind"), [(FEW_LINES - 1, BlockKind.LIST_ITEM), (FEW_LINES, BlockKind.CASE)])
def test_what_is_no_list_is_not_told_as_one(found: Found, lines: int, kind: BlockKind) -> None:
    """This test ensures that two lines, or the paragraphs of a case, are chosen from like any other text."""
    passage = replace(a_list(lines), kind=kind)
    assert len(telling(asking(found, QuestionKind.LIST), ranked([passage]))) == 1


def test_where_to_turn_to_is_not_told(found: Found) -> None:
    """This test ensures that a line that only points to another page is not told, be it the most probable one."""
    passage = chunk("p", "tea", "対策は12ページへ▶\n番茶は百度の湯で淹れます。\n本編はこちら", "番茶")
    assert [one.text for one in telling(found, ranked([passage]))] == ["番茶は百度の湯で淹れます。"]


def test_sentences_stand_in_the_order_of_their_passage() -> None:
    """This test ensures that the passage of the best sentence comes first, and each is told in its own order."""
    first, second = chunk("a", "tea", "一。二。三。", "甲"), chunk("b", "tea", "四。五。", "乙")
    sentences = ranked([first, second], 1.0, 0.0, 3.0, 2.0, 4.0)
    told = [[one.text for one in passage] for passage in by_passage(sentences)]
    assert told == [["四。", "五。"], ["一。", "二。", "三。"]]


def test_no_more_passages_than_a_reader_takes_in() -> None:
    """This test ensures that equally good passages are cut at the most there may be, and that none is no error."""
    chunks = made_up(MAX_PASSAGES + 3, 10)
    assert [passage[0].chunk for passage in by_passage(ranked(chunks))] == chunks[:MAX_PASSAGES]
    assert by_passage([]) == []


def test_what_tells_most_is_told_first(found: Found) -> None:
    """This test ensures that passages are told in the order of their best sentences, each under its heading."""
    chunks = texts(found, 3)
    for order in (chunks, chunks[::-1]):
        draft = drafted(found, *order)
        assert list(dict.fromkeys(c.chunk_id for c in draft.citations())) == [one.chunk_id for one in order]
        places = [draft.text().index(f"**{harmless(one.section[-1])}**：") for one in order]
        assert places == sorted(places)


def test_measures_come_in_the_order_of_work_with_their_pages(found: Found) -> None:
    """This test ensures that countermeasures are steps in the document's order, whichever tells most."""
    chosen = [measure for measure in found.guidance.measures() if measure.section][:3]
    sections = [measure.section for measure in chosen if measure.section]
    chunks = [sections[2], chosen[0].item, sections[1]]
    draft = Draft(found.documents)
    given = [Sentence(sentences_of(one.text)[0], result(one), 0, SURE - n) for n, one in enumerate(chunks)]
    compose_nearest(found, draft, given)
    steps = [line for line in draft.text().splitlines() if line[:3] in ("1. ", "2. ", "3. ", "4. ")]
    assert len(steps) == 3
    for number, (measure, step) in enumerate(zip(chosen, steps, strict=True), start=1):
        assert step.startswith(f"{number}. ")
        assert measure.title in step
        assert f"ガイダンス {measure.pages}" in step
    assert phrases(Language.JAPANESE).measures in draft.text()
    cited = {citation.chunk_id for citation in draft.citations()}
    assert {measure.item.chunk_id for measure in chosen} <= cited
    assert {section.chunk_id for section in sections} <= cited


def test_one_measure_is_a_passage_like_any_other(found: Found) -> None:
    """This test ensures that a single countermeasure among passages does not turn the answer into a list of work."""
    item = found.guidance.measures()[0].item
    draft = drafted(found, *texts(found, 1), item)
    assert phrases(Language.JAPANESE).measures not in draft.text()
    assert draft.citations()[-1].chunk_id == item.chunk_id


def test_a_case_beside_measures_is_told_once(found: Found) -> None:
    """This test ensures that a case comes before the countermeasures, as a case, and not again among the rest."""
    case = found.guidance.cases()[0].chunk
    first, second = found.guidance.measures()[:2]
    plain = texts(found, 1)[0]
    draft = Draft(found.documents)
    chunks = [first.item, second.item, plain, case]
    given = [Sentence(sentences_of(one.text)[0], result(one), 0, SURE - n) for n, one in enumerate(chunks)]
    compose_nearest(found, draft, given)
    assert [citation.chunk_id for citation in draft.citations()].count(case.chunk_id) == 1
    assert draft.citations()[0].chunk_id == case.chunk_id
    assert draft.citations()[-1].chunk_id == plain.chunk_id
    words = phrases(Language.JAPANESE)
    places = [draft.text().index(label) for label in (words.case, words.measures, words.related)]
    assert places == sorted(places)


def test_nothing_is_quoted_twice(found: Found) -> None:
    """This test ensures that item, section and case of what is told are not told once more as passages."""
    first, second = [measure for measure in found.guidance.measures() if measure.section][:2]
    assert first.section
    assert second.section
    case = found.guidance.cases()[0].chunk
    chunks = [first.section, second.item, case, first.item, second.section]
    draft = Draft(found.documents)
    given = [Sentence(sentences_of(one.text)[0], result(one), 0, SURE - n) for n, one in enumerate(chunks)]
    compose_nearest(found, draft, given)
    quotes = [(citation.chunk_id, quote_key(citation.quote)) for citation in draft.citations()]
    said = [sentence.text.rpartition("：")[2] for sentence in draft.sentences()]
    assert {chunk_id for chunk_id, _ in quotes} == {one.chunk_id for one in chunks}
    assert len(quotes) == len(set(quotes))
    assert len(said) == len(set(said))


def test_words_are_explained_in_english_only(found: Found) -> None:
    """This test ensures that an English reader gets the field's words of each quote, and nobody else gets any."""
    item, second = (measure.item for measure in found.guidance.measures()[:2])
    for chunks in ([item], [item, second]):
        japanese, english = (
            Draft(found.documents),
            Draft(found.documents),
        )
        compose_nearest(found, japanese, ranked(chunks))
        compose_nearest(asking(found, QuestionKind.HOW_TO, Language.ENGLISH), english, ranked(chunks))
        assert " = " not in japanese.text()
        assert english.text().count(" = ") >= len(chunks)
        assert not any(" = " in sentence.text for sentence in english.sentences())
        assert [c.quote for c in english.citations()] == [c.quote for c in japanese.citations()]


@pytest.mark.parametrize(("question", "glossed"), [(ENGLISH, True), ("見本を海外へ送る前に何を確かめますか", False)])
def test_answers_explain_words_by_language(digest_assistant: Assistant, question: str, glossed: bool) -> None:
    """This test ensures that the language of the question decides, on the way from question to answer."""
    answer = digest_assistant.ask(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert (" = " in answer.text) is glossed


def test_every_passage_of_the_digests_can_be_quoted(found: Found) -> None:
    """This test ensures that any chunk gives an answer whose quotes stand on one line of it and are of a fit length."""
    for passage in found.retriever.chunks:
        citations = drafted(found, passage).citations()
        assert citations, passage.chunk_id
        for citation in citations:
            assert citation.chunk_id == passage.chunk_id
            assert MIN_QUOTE <= len(citation.quote) <= MAX_QUOTE
            assert on_one_line(citation.quote, passage), citation.quote


def test_every_quote_of_the_originals_stands(seeds_assistant: Assistant) -> None:
    """This test ensures that a quote of an original is a piece of its chunk, over line ends only if one is short."""
    found = asking(seeds_assistant.find(QUESTION), QuestionKind.HOW_TO)
    for passage in found.retriever.chunks:
        for citation in drafted(found, passage).citations():
            assert MIN_QUOTE <= len(citation.quote) <= MAX_QUOTE
            short = any(len(line.strip()) < MIN_QUOTE for line in citation.quote.split("\n"))
            assert citation.quote in passage.text
            assert on_one_line(citation.quote, passage) or short, citation.quote


def test_a_statement_says_no_more_than_its_quote(found: Found) -> None:
    """This test ensures that sentences of one line that are too long for one quote get several, cut from none."""
    sentences = [one.text for one in made_up(6, 80)]
    passage = replace(chunk("long", found.retriever.chunks[0].doc_id, "".join(sentences), "長い段落"))
    draft = drafted(found, passage)
    quotes = {citation.marker: quote_key(citation.quote) for citation in draft.citations()}
    assert len(quotes) == 2
    said = [sentence.text.rpartition("：")[2] for sentence in draft.sentences()]
    assert said == sentences
    for sentence in draft.sentences():
        text = quote_key(sentence.text.rpartition("：")[2])
        assert any(text in quotes[marker] for marker in sentence.markers), text


def test_neighbours_share_a_quote_and_others_do_not(found: Found) -> None:
    """This test ensures that sentences side by side on a line are one quote, and a gap or a line end parts them."""
    text = "".join(one.text for one in made_up(4, 20)[:3]) + "\n" + made_up(4, 20)[3].text
    passage = chunk("gap", found.retriever.chunks[0].doc_id, text, "章")
    first, second, third, fourth = sentences_of(text)
    whole = drafted(found, passage)
    assert [citation.quote for citation in whole.citations()] == [first + second + third, fourth]
    draft = Draft(found.documents)
    compose_nearest(found, draft, [one for one in ranked([passage]) if one.number != 1])
    assert [citation.quote for citation in draft.citations()] == [first, third, fourth]


@pytest.mark.parametrize(("question", "heading"), FAR)
def test_far_away_words_find_their_passage(digest_assistant: Assistant, question: str, heading: str) -> None:
    """This test ensures that a question that has no content word of a passage is answered with that passage."""
    words = digest_assistant.retriever.tokenizer.words
    answer = digest_assistant.ask(question)
    best = answer.passages[0].chunk
    assert heading in best.section_path
    assert not set(words(search_text(question))) & set(words(search_text(f"{best.section_path}\n{best.text}")))
    assert answer.status is AnswerStatus.ANSWERED
    assert best.chunk_id in {citation.chunk_id for citation in answer.citations}


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
    settings = Settings(folder / "data")
    Library(settings).build([bundled_documents(), own])
    return build_assistant(settings)
