"""The README's ten questions with five paraphrases each, and questions that have no answer, on real indexes."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.models import Answer, AnswerStatus, Support
from corpus.clean import quote_key, strip_markup
from eval.measures.facts import facts_found
from eval.models import Question
from eval.question_set import find_set, read_set
from tests.assistant.conftest import SEEDS

README = read_set(find_set("readme")).questions
IDS = [row.id for row in README]


@pytest.mark.parametrize("row", README, ids=IDS)
def test_readme_question_over_the_digest(digest_assistant: Assistant, row: Question) -> None:
    """This test ensures that a README question, and each paraphrase of it, is answered with all its key facts."""
    answer = digest_assistant.ask(row.question)
    assert answer.status is AnswerStatus.ANSWERED
    assert missing_facts(answer, row) == []


@pytest.mark.parametrize("row", README, ids=IDS)
def test_readme_question_over_the_originals(seeds_assistant: Assistant, row: Question) -> None:
    """This test ensures that the same questions are answered from the client's own documents."""
    answer = seeds_assistant.ask(row.question)
    assert answer.status is AnswerStatus.ANSWERED
    assert missing_facts(answer, row) == []


def test_most_questions_without_an_answer_are_refused(digest_assistant: Assistant) -> None:
    """This test ensures that at most one question in ten is answered or refused where it should not be."""
    early = read_set(find_set("early-dev")).questions
    rows = [row for row in early if row.id.startswith("ans-")]
    wrong = [row.id for row in rows if _answered(digest_assistant, row.question) != row.answerable]
    assert len(wrong) <= len(rows) * 0.1, wrong


def missing_facts(answer: Answer, row: Question) -> list[tuple[str, ...]]:
    """The groups of key facts of which no wording stands in the answer or in what it quotes."""
    found = facts_found(row.key_facts, [answer.text, *(citation.quote for citation in answer.citations)])
    return [group for group, there in zip(row.key_facts, found, strict=True) if not there]


def _answered(assistant: Assistant, question: str) -> bool:
    return assistant.ask(question).status is AnswerStatus.ANSWERED


def test_sample_request_in_the_order_of_work(digest_assistant: Assistant) -> None:
    """This test ensures that the example that must shine names case, measures in order with pages, and whom to ask."""
    text = digest_assistant.ask("海外の顧客からサンプルを求められた").text
    order = ["海外顧客へのサンプル提供", "P164", "P165", "P167", "P171", "外為法", "経済産業局"]
    places = [text.find(piece) for piece in order]
    assert -1 not in places, dict(zip(order, places, strict=True))
    assert places == sorted(places)


def test_measures_of_other_parties_stay_out(digest_assistant: Assistant) -> None:
    """This test ensures that a customer's request does not bring up suppliers, equipment makers or governments."""
    text = digest_assistant.ask("海外の顧客からサンプルを求められた").text
    assert not any(pages in text for pages in ("P170", "P173", "P170,171"))


def test_english_question_gets_an_english_frame(digest_assistant: Assistant) -> None:
    """This test ensures that an English question is answered with English headings and glossed titles."""
    answer = digest_assistant.ask("An overseas customer wants a sample: which countermeasures apply?")
    assert "Countermeasures that apply" in answer.text
    assert "Check whether the business partner can be trusted" in answer.text


@pytest.mark.parametrize("row", README[::3], ids=IDS[::3])
def test_every_quote_stands_in_the_original(seeds_assistant: Assistant, row: Question) -> None:
    """This test ensures that each quote is a continuous piece of 8 to 300 characters of the file it names."""
    files = {document.doc_id: Path(document.path) for document in seeds_assistant.documents}
    for citation in seeds_assistant.ask(row.question).citations:
        original = quote_key(strip_markup((SEEDS / files[citation.doc_id].name).read_text(encoding="utf-8")))
        assert 8 <= len(citation.quote) <= 300
        assert quote_key(citation.quote) in original


@pytest.mark.parametrize("row", README, ids=IDS)
def test_every_statement_is_cited(digest_assistant: Assistant, row: Question) -> None:
    """This test ensures that every statement has markers, every marker a citation, every citation a marker."""
    answer = digest_assistant.ask(row.question)
    markers = {citation.marker for citation in answer.citations}
    assert answer.sentences
    assert all(sentence.markers for sentence in answer.sentences)
    assert {m for sentence in answer.sentences for m in sentence.markers} == markers
    assert all(f"[{marker}]" in answer.text for marker in markers)
    assert all(sentence.status in (Support.VERBATIM, Support.SUPPORTED) for sentence in answer.sentences)


def test_page_labels_are_those_of_the_original(digest_assistant: Assistant) -> None:
    """This test ensures that a citation carries the printed page range of its chapter, if one is stated."""
    citations = digest_assistant.ask("海外の顧客からサンプルを求められた").citations
    labels = {c.section.split(" > ")[0]: c.page_label for c in citations}
    assert labels["すり合わせに伴う技術流出の事例"] == "5–6"
    assert labels["すり合わせに伴う技術流出への対策"] == "13–14"
    assert labels["技術流出対策チェックリスト"] == "17–18"
    assert labels["相談窓口"] is None
