"""Answer measures against figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from sacrebleu import sentence_chrf

from corpus.models import BlockKind, Chunk
from eval.measures.support import SupportJudge, sentences_of
from eval.models import Outcome, Question, QuestionScore
from eval.scoring import score_all
from eval.sources import Sources
from tests.eval.samples import (
    CONTACT,
    DISPOSAL,
    ELSEWHERE,
    ERASURE,
    LENDING,
    OFFICE,
    QUESTION,
    RECORD,
    RIGHT_ANSWER,
    SOURCES,
    UNANSWERABLE,
    VISITORS,
    answer,
    citation,
    question,
    refusal,
    sentence,
)


def scored(row: dict[str, Any] | None, asked: Question = QUESTION) -> QuestionScore:
    """The score of one answer; None is a question without a result."""
    return score_all([asked], {} if row is None else {asked.id: row}, SOURCES)[0]


def test_a_right_answer_has_everything() -> None:
    """This test ensures that an answer that states every fact and cites every needed place has full marks."""
    one = scored(RIGHT_ANSWER)
    full = ("right", "key_facts", "key_facts_600", "citation_validity", "citation_recall", "citation_precision")
    assert [one.scores[name] for name in (*full, "supported", "recall@5", "facts_1500")] == [1.0] * 9
    assert (one.scores["false_refusals"], one.scores["correct_refusals"], one.scores["false_answers"]) == (
        0,
        None,
        None,
    )
    assert (one.outcome, one.facts_found) == (Outcome.RIGHT, (True, True, True))
    assert (one.gold_indexed, one.gold_cited) == ((True, True, True, False), (True, True, False, False))
    assert (one.gold_ranks, one.invalid_citations) == ((1, 2, None, None), ())
    assert one.scores["time_ms"] == 3.5


def test_facts_count_in_the_answer_not_in_its_quotes() -> None:
    """This test ensures that a fact that only a citation's quote has is not stated: 1 of 3 here."""
    one = scored(answer("台帳に書きます。[1]", citations=[citation(LENDING)]))
    assert (one.scores["key_facts"], one.outcome) == (pytest.approx(1 / 3), Outcome.INCOMPLETE)
    assert one.scores["right"] == 0


def test_markers_are_no_part_of_the_answer() -> None:
    """This test ensures that a marker neither states a number nor counts as a character, nor uses up the first 600."""
    asked = question(key_facts=(("7",),))
    assert scored(answer("台帳です。[7]"), asked).scores["key_facts"] == 0
    assert scored(answer("台帳です。 [7][8] 次")).scores["length"] == len("台帳です。 次")
    text = "あ" * 594 + "[1]" * 9 + "内線1200"
    assert scored(answer(text)).scores["key_facts_600"] == pytest.approx(1 / 3)
    late = scored(answer("い" + text))
    assert (late.scores["key_facts_600"], late.scores["key_facts"]) == (0, pytest.approx(1 / 3))


def test_a_refusal_of_what_is_there_is_wrong() -> None:
    """This test ensures that a refused answerable question has no facts and no recall, and no precision to speak of."""
    one = scored(refusal())
    assert one.outcome is Outcome.REFUSED
    assert {name: one.scores[name] for name in ("right", "key_facts", "key_facts_600", "citation_recall", "chrF")} == (
        dict.fromkeys(("right", "key_facts", "key_facts_600", "citation_recall", "chrF"), 0)
    )
    assert one.scores["false_refusals"] == 1
    assert all(one.scores[name] is None for name in ("citation_validity", "citation_precision", "supported"))


def test_a_refusal_states_no_fact_and_reaches_no_gold() -> None:
    """This test ensures that facts and citations in a refusal earn nothing but validity."""
    one = scored(refusal(answer="台帳、5日、内線1200", citations=[citation(LENDING)]))
    assert (one.scores["key_facts"], one.scores["citation_recall"], one.scores["citation_validity"]) == (0, 0, 1)


def test_unanswerable_questions() -> None:
    """This test ensures that a refusal is right and an answer wrong where the documents have nothing."""
    good, bad = scored(refusal(), UNANSWERABLE), scored(answer("カレーです。"), UNANSWERABLE)
    names = ("right", "correct_refusals", "false_answers", "false_refusals")
    assert [good.scores[name] for name in names] == [1, 1, 0, None]
    assert [bad.scores[name] for name in names] == [0, 0, 1, None]
    assert (good.outcome, bad.outcome) == (Outcome.RIGHT, Outcome.ANSWERED_ANYWAY)
    # What is cited and stated by an answer that should not be there is judged; what should be cited is not defined.
    assert (bad.scores["citation_validity"], bad.scores["supported"]) == (0, 0)
    assert all(bad.scores[name] is None for name in ("citation_recall", "citation_precision", "key_facts", "chrF"))


@pytest.mark.parametrize("row", [None, {"id": "lend", "status": "error", "error": "broken"}])
def test_no_result_counts_as_the_worst(row: dict[str, Any] | None) -> None:
    """This test ensures that a missing answer is zero, or one where lower is better, in all that the question is in."""
    one = scored(row)
    worst = {name: value for name, value in one.scores.items() if value is not None}
    assert one.outcome is Outcome.NO_RESULT
    assert worst.pop("false_refusals") == 1
    assert set(worst.values()) == {0.0}
    assert {name for name, value in one.scores.items() if value is None} == {
        "correct_refusals",
        "false_answers",
        "length",
        "time_ms",
    }
    lost = scored(row, UNANSWERABLE)
    assert (lost.scores["right"], lost.scores["correct_refusals"], lost.scores["false_answers"]) == (0, 0, 1)


def test_citations_worked_out_by_hand() -> None:
    """This test ensures that validity, recall and precision count what they say.

    Four citations: a needed place; a relevant one; a real one that belongs to nothing; one whose quote is not there.
    """
    rows = [
        citation(LENDING, 1),
        citation(DISPOSAL, 2),
        citation(VISITORS, 3),
        citation(CONTACT, 4, quote="困ったときは、内線9999の情報係に相談します。"),
    ]
    one = scored(answer("台帳です。", citations=rows))
    assert one.scores["citation_validity"] == 0.75  # all but the last
    assert one.scores["citation_recall"] == 0.5  # of the two needed items that count, the record
    assert one.scores["citation_precision"] == 0.5  # the first two of four
    assert (one.invalid_citations, one.gold_cited) == ((4,), (True, False, True, False))


def test_a_citation_must_stand_where_it_says() -> None:
    """This test ensures that the right words under another section, or on another page, point to nothing."""
    elsewhere = [citation(LENDING, 1, section="相談先"), citation(LENDING, 2, start_page=4, end_page=4)]
    one = scored(answer("台帳です。", citations=elsewhere))
    assert (one.scores["citation_validity"], one.scores["citation_recall"]) == (0, 0)
    assert one.invalid_citations == (1, 2)


def test_an_answer_without_citations_has_none_of_their_measures() -> None:
    """This test ensures that citing nothing is worth zero and not left out."""
    one = scored(answer("台帳です。"))
    names = ("citation_validity", "citation_recall", "citation_precision", "supported")
    assert [one.scores[name] for name in names] == [0, 0, 0, 0]


def test_gold_that_is_not_indexed_does_not_count() -> None:
    """This test ensures that citation recall needs a needed item that counts, and precision any."""
    row = answer("台帳です。", citations=[citation(LENDING)])
    only_relevant = scored(row, question(gold=(ERASURE, ELSEWHERE)))
    assert (only_relevant.scores["citation_recall"], only_relevant.scores["citation_precision"]) == (None, 0)
    nothing = scored(row, question(gold=(ELSEWHERE,)))
    assert (nothing.scores["citation_recall"], nothing.scores["citation_precision"]) == (None, None)


def test_text_likeness_is_that_of_sacrebleu() -> None:
    """This test ensures that chrF is sacrebleu's, from 0 to 1, without markers, and 1 for the reference itself."""
    reference = QUESTION.reference_answer
    assert scored(answer(reference + "[1]")).scores["chrF"] == pytest.approx(1)
    expected = sentence_chrf("台帳に書き、5日で返す。", [reference]).score / 100
    assert scored(answer("台帳に書き、5日で返す。[1]")).scores["chrF"] == pytest.approx(expected)
    assert 0.1 < expected < 0.9
    assert scored(answer("台帳"), question(reference_answer="")).scores["chrF"] is None


def test_a_question_without_key_facts_is_right_when_answered() -> None:
    """This test ensures that where no fact is asked for, answering is what counts."""
    one = scored(answer("はい。"), question(key_facts=()))
    assert (one.scores["right"], one.scores["key_facts"], one.scores["facts_1500"]) == (1, None, None)


def test_facts_in_what_was_retrieved() -> None:
    """This test ensures that facts are counted in the passages' first characters: 2 of 3, then 3 of 3."""
    rows = [
        {"doc_id": "guide", "section": "", "text": LENDING.text + "う" * 1_500},
        {"doc_id": "guide", "section": "", "text": CONTACT.text},
    ]
    one = scored(answer("台帳", passages=rows))
    assert (one.scores["facts_1500"], one.scores["facts_3000"]) == (pytest.approx(2 / 3), 1)


JUDGE = SupportJudge(SOURCES)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("貸し出す機器は台帳に記録します。", True),
        ("返却の期限は 5 日です。", True),
        ("返却の期限は6日です。", False),
        ("返却の期限は15日です。", False),
        ("機器の管理は、退職者の住所と給与の一覧を毎月公開します。", False),
        ("台帳に記録する機器 / Record the device", True),
    ],
)
def test_what_stands_behind_a_sentence(text: str, supported: bool) -> None:
    """This test ensures that every number and at least half of the words must be in what is cited."""
    assert JUDGE.supported(text, [citation(LENDING)]) is supported


def test_evidence_is_the_chunk_around_the_quote_and_its_headings() -> None:
    """This test ensures that what stands right beside the quote, or above it, counts as behind the sentence."""
    quote = citation(LENDING, quote="返却の期限は5日です。")
    assert JUDGE.supported("貸し出す機器は台帳に記録します。", [quote])
    assert JUDGE.supported("管理", [quote])
    assert not JUDGE.supported("訪問者は受付で名札を受け取ります。", [quote])
    assert JUDGE.supported("内線1200の情報係と、5日の期限", [quote, citation(CONTACT)])


def test_words_in_latin_letters_are_found_around_a_quote() -> None:
    """This test ensures that words of an English chunk count though its spaces are not compared."""
    text = "Devices are registered before lending. Borrowers return them within five days."
    chunk = Chunk("en", "rules", (), text, BlockKind.PARAGRAPH)
    quote = citation(chunk, quote="within five days")
    judge = SupportJudge(Sources([chunk]))
    assert judge.supported("registered borrowers return devices", [quote])
    assert not judge.supported("visitors wear coloured badges", [quote])


def test_a_system_is_not_asked_about_its_own_support() -> None:
    """This test ensures that sentences without a marker, or with one that resolves to nothing, are unsupported."""
    said = LENDING.text
    rows = [citation(LENDING, 1), citation(LENDING, 2, section="相談先")]
    sentences = [sentence(said, 1), sentence(said), sentence(said, 2), sentence(said, 9)]
    one = scored(answer(said, citations=rows, sentences=sentences))
    assert one.scores["supported"] == 0.25


def test_an_answer_without_a_list_of_sentences_is_split() -> None:
    """This test ensures that headings and empty lines state nothing and that each sentence has its own markers."""
    text = "**貸し出し**\n\n1. 台帳に記録します。 [1][2] 期限は5日です。\n- 相談先は情報係 [3]\n\n# 見出し\n---"
    assert sentences_of(text) == [("台帳に記録します。", (1, 2)), ("期限は5日です。", ()), ("相談先は情報係", (3,))]
    row = answer("台帳に記録します。[1] 名札を受け取ります。[1]", citations=[citation(LENDING)])
    assert scored(row).scores["supported"] == 0.5


def test_gold_may_be_cited_by_either_target() -> None:
    """This test ensures that one citation counts an item once, though two targets stand in the same chunk."""
    twice = question(gold=(RECORD, RECORD, OFFICE))
    one = scored(answer("台帳", citations=[citation(LENDING)]), twice)
    assert one.scores["citation_recall"] == pytest.approx(2 / 3)
