"""Tests of the curated sets as they are: sizes, kinds, and what gold, key facts and references promise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from corpus.clean import quote_key
from corpus.load import bundled_documents, load_corpus
from corpus.loaded import Corpus
from eval.check_set import OWN_WORDS, findings, overlaps
from eval.measures.facts import facts_found
from eval.models import MAX_PHRASE, Grade, Kind, Question, QuestionSet, Target
from eval.question_set import SUFFIX, find_set, read_set, set_names
from eval.sources import Sources
from tests.repository import ROOT

FOLDER = ROOT / "eval" / "questions"
SEEDS = ROOT.parent / "shared" / "seeds"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob(f"*{SUFFIX}")))
SPLITS = ("dev", "test")
LONGEST_COPY = 35
"""Characters of a sentence from which on it counts as copied."""
_SENTENCE = re.compile(r"(?<=[。！？])|\n|　")
_ADDRESS = re.compile(r"https?://[!-~]+")


@cache
def bundled(name: str) -> QuestionSet:
    """A bundled set."""
    return read_set(find_set(name))


def questions(*names: str) -> list[Question]:
    """The questions of these sets."""
    return [question for name in names for question in bundled(name).questions]


def answerable() -> list[Question]:
    """The questions of both splits that the documents answer."""
    return [question for question in questions(*SPLITS) if question.answerable]


def letters(question: Question) -> str:
    """A question as it is compared with others: its letters and digits only."""
    return re.sub(r"[\W_]+", "", quote_key(question.question).casefold())


def targets(*names: str) -> Iterator[Target]:
    """The targets of all gold of these sets."""
    return (target for question in questions(*names) for gold in question.gold for target in gold.targets)


@pytest.fixture(scope="module")
def digests() -> Corpus:
    """The bundled digests."""
    return load_corpus([bundled_documents()])


@pytest.fixture(scope="module")
def originals() -> Corpus:
    """The client's documents, or the test is skipped where they are not beside the checkout."""
    if not SEEDS.is_dir():
        pytest.skip("../shared/seeds is not here: gold cannot be looked up in the originals")
    return load_corpus([SEEDS])


def original_ids(digests: Corpus) -> set[str]:
    """The ids of the documents that the digests are of."""
    return {document.digest_of for document in digests.documents if document.digest_of}


def test_every_set_can_be_asked_for() -> None:
    """This test ensures that each file of the folder is read and is a set that its name finds, and that none lacks."""
    assert set(SPLITS) <= set(NAMES)
    assert tuple(set_names()) == NAMES
    assert all(bundled(name).questions for name in NAMES)


@pytest.mark.parametrize("split", SPLITS)
def test_a_split_repeats_nothing(split: str) -> None:
    """This test ensures that no question stands twice in a split, under whatever id."""
    assert [text for text, times in Counter(map(letters, bundled(split).questions)).items() if times > 1] == []


@pytest.mark.parametrize("other", [name for name in NAMES if name != "test"])
def test_the_test_split_is_its_own(other: str) -> None:
    """This test ensures that no other set, on which things may be tuned, has a question of test, by id or by text."""
    test = bundled("test").questions
    assert {one.id for one in test} & {one.id for one in bundled(other).questions} == set()
    assert set(map(letters, test)) & set(map(letters, bundled(other).questions)) == set()


def test_the_splits_are_large_enough() -> None:
    """This test ensures that dev and test together are as many as was promised, unanswerable and English included."""
    both = questions(*SPLITS)
    assert len(both) >= 240
    assert sum(not question.answerable for question in both) >= 50
    assert sum(question.language == "en" for question in both) >= 30


@pytest.mark.parametrize("split", SPLITS)
def test_every_kind_is_in_each_split(split: str) -> None:
    """This test ensures that each kind has questions in each split, follow-ups of two and of three turns among them."""
    found = bundled(split).questions
    assert {question.kind for question in found} == set(Kind)
    assert {question.language for question in found} == {"ja", "en"}
    turns = {len(question.history) // 2 + 1 for question in found if question.kind is Kind.FOLLOW_UP}
    assert turns == {2, 3}


def test_a_language_is_what_it_says() -> None:
    """This test ensures that English questions have no kana and Japanese ones have Japanese characters."""
    kana, japanese = re.compile(r"[ぁ-んァ-ヶ]"), re.compile(r"[ぁ-んァ-ヶ一-龠]")
    wrong = [
        question.id
        for question in questions(*SPLITS)
        if bool((kana if question.language == "en" else japanese).search(question.question))
        == (question.language == "en")
    ]
    assert wrong == []


def test_turns_alternate() -> None:
    """This test ensures that a history begins with the person asking and ends with the assistant's answer."""
    wrong = [
        question.id
        for question in questions(*NAMES)
        if [role for role, _ in question.history] != ["user", "assistant"] * (len(question.history) // 2)
        or not all(text.strip() for _, text in question.history)
    ]
    assert wrong == []


def test_every_answer_is_known() -> None:
    """This test ensures that each answerable question of the splits has a reference that states all its key facts."""
    assert [question.id for question in answerable() if not question.key_facts] == []
    short = [
        question.id
        for question in answerable()
        if not all(facts_found(question.key_facts, [question.reference_answer]))
    ]
    assert short == []


def test_a_refusal_has_a_reference_too() -> None:
    """This test ensures that unanswerable questions of the splits say what an honest answer would be."""
    assert [question.id for question in questions(*SPLITS) if not question.reference_answer.strip()] == []


def test_what_is_needed_stands_in_an_original_and_a_digest(digests: Corpus) -> None:
    """This test ensures that each answerable question has needed gold, and each item of it a target in both."""
    digest_ids = {document.doc_id for document in digests.documents}
    lacking = []
    for question in answerable():
        needed = [{target.doc_id for target in gold.targets} for gold in question.gold if gold.grade is Grade.NEEDED]
        if not needed or not all(ids & digest_ids and ids & original_ids(digests) for ids in needed):
            lacking.append(question.id)
    assert lacking == []


def test_targets_are_in_documents_that_there_are(digests: Corpus) -> None:
    """This test ensures that no target is never looked up because its document's id is misspelt."""
    known = {document.doc_id for document in digests.documents} | original_ids(digests)
    assert {target.doc_id for target in targets(*NAMES)} == known


def test_phrases_are_short() -> None:
    """This test ensures that a phrase is a pointer of at most thirty characters, and says where in its section."""
    assert [target for target in targets(*NAMES) if not 1 <= len(target.phrase.strip()) <= MAX_PHRASE] == []


@pytest.mark.parametrize("name", NAMES)
def test_gold_stands_in_the_digests(name: str, digests: Corpus) -> None:
    """This test ensures that every target in a digest is found in it, under its heading."""
    assert findings(bundled(name), Sources(digests.chunks)) == []


@pytest.mark.parametrize("name", NAMES)
def test_gold_stands_in_the_originals(name: str, originals: Corpus) -> None:
    """This test ensures that every target in an original is found in it, under its heading."""
    assert findings(bundled(name), Sources(originals.chunks)) == []


def median_shares(split: str, corpus: Corpus) -> dict[Kind, float | None]:
    """The median bigram share of the kinds that should be in other words than the documents."""
    return {one.kind: one.median for one in overlaps(bundled(split), Sources(corpus.chunks))}


@pytest.mark.parametrize("split", SPLITS)
def test_questions_are_not_in_the_words_of_the_digests(split: str, digests: Corpus) -> None:
    """This test ensures that the median share of common bigrams stays below 0.3 for scenarios and paraphrases."""
    shares = median_shares(split, digests)
    assert shares.keys() == set(OWN_WORDS)
    assert all(share is not None and share < 0.3 for share in shares.values()), shares


@pytest.mark.parametrize("split", SPLITS)
def test_questions_are_not_in_the_words_of_the_originals(split: str, originals: Corpus) -> None:
    """This test ensures the same over the originals, whose words the digests avoid."""
    shares = median_shares(split, originals)
    assert all(share is not None and share < 0.3 for share in shares.values()), shares


def texts(question: Question) -> Iterator[str]:
    """Everything that a person wrote for a question."""
    yield from (question.question, question.reference_answer, question.note)
    yield from (text for _, text in question.history)
    yield from (wording for group in question.key_facts for wording in group)


def test_no_sentence_is_copied(originals: Corpus) -> None:
    """This test ensures that no sentence of an original stands in a set; addresses of pages are no sentences."""
    written = "\n".join(quote_key(text) for question in questions(*NAMES) for text in texts(question))
    sentences = {
        _ADDRESS.sub("", quote_key(piece)) for chunk in originals.chunks for piece in _SENTENCE.split(chunk.text)
    }
    assert [one for one in sentences if len(one) >= LONGEST_COPY and one in written] == []


def test_the_documents_are_where_they_are_looked_for() -> None:
    """This test ensures that the folder of the sets is that of the package, so that nothing above passes over."""
    assert Path(find_set("dev")).resolve().parent == FOLDER
