"""Likely questions: the bundled data, where they lead, how they score, and what they tell of a question."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import resources
from math import sqrt

import numpy as np
import pytest

from corpus.clean import quote_key, search_text
from corpus.load import bundled_documents, load_corpus
from corpus.loaded import Corpus
from corpus.places import Places
from index.lexical import LexicalIndex, inverse_document_frequency
from index.likely.anchors import (
    PASSAGES,
    STATEMENTS,
    UNANSWERABLE,
    Anchor,
    LocatedQuestion,
    Target,
    anchors_of,
    bundled_anchors,
    bundled_unanswerable,
    fingerprint,
    locate,
)
from index.likely.evidence import NAMES, evidence
from index.likely.field import FILES, PHRASES, TEXTS, LikelyField
from index.tokenize import Tokenizer
from index.training.data import Passage
from index.training.guidance import guidance_passages
from tests.fakes import FakeEncoder
from tests.index.samples import CHUNKS
from tests.repository import ROOT

SEEDS = ROOT.parent / "shared" / "seeds"
LEAST_QUESTIONS, LONGEST_PHRASE, LONGEST_COPY = 3_000, 30, 35
GROUPS = {"near_miss", "other_country", "other_law", "general", "order", "small_talk", "meta"}
ANCHORS = (
    Anchor((Target("tea", "緑茶", "八十度"), Target("elsewhere", "", "八十度")), ("渋いのは苦手", "熱すぎる？")),
    Anchor((Target("tea", "", "湿気"), Target("bread", "付録", "湿気")), ("缶に入れておく？",)),
    Anchor((Target("bread", "焼成", "一時間"),), ("どこにも通じない",)),
)
SPLIT, TOTAL = 10, 20
COSINES = (
    *(0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05),
    *(0.85, 0.65, 0.45, 0.25, 0.15, -0.1, -0.2, -0.3, -0.4, -0.5),
)
"""Of the questions of the field that is worked out by hand: ten with an answer, then ten without."""
WORDS = {0: ["tea", "hot"], 1: ["hot"], 10: ["tea", "price"]}


def letters(question: str) -> str:
    """A question as it is compared with others: its letters and digits only."""
    return re.sub(r"[\W_]+", "", quote_key(question).casefold())


def bundled_questions() -> list[str]:
    """All bundled questions, those with an answer first."""
    return [*(question for anchor in bundled_anchors() for question in anchor.questions), *bundled_unanswerable()]


def bundled_targets() -> list[Target]:
    """The targets of all bundled anchors."""
    return [target for anchor in bundled_anchors() for target in anchor.targets]


def lost(corpus: Corpus, targets: Iterable[Target]) -> list[Target]:
    """The targets that do not stand in the corpus."""
    places = Places(corpus.chunks)
    return [target for target in targets if not places.find(target.doc_id, target.section, target.phrase)]


@pytest.fixture(scope="module")
def digests() -> Corpus:
    """The bundled digests."""
    return load_corpus([bundled_documents()])


@pytest.fixture(scope="module")
def originals() -> Corpus:
    """The client's documents, or the test is skipped where they are not beside the checkout."""
    if not SEEDS.is_dir():
        pytest.skip("../shared/seeds is not here: targets cannot be looked up in the originals")
    return load_corpus([SEEDS])


def rows(name: str) -> list[dict[str, object]]:
    """The lines of a data file, each parsed by itself."""
    text = resources.files("index.likely").joinpath(name).read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text[:-1].split("\n")]


def test_every_line_is_what_it_should_be() -> None:
    """This test ensures that each line of the three files parses, with these fields and no empty one."""
    for row in [*rows(PASSAGES), *rows(STATEMENTS)]:
        assert row.keys() == {"targets", "questions"}
        assert row["targets"]
        assert row["questions"]
    for row in rows(UNANSWERABLE):
        assert row.keys() == {"question", "group"}
        assert row["group"] in GROUPS
    assert len(rows(UNANSWERABLE)) == len(bundled_unanswerable())


@pytest.mark.parametrize("name", [PASSAGES, STATEMENTS])
def test_no_line_of_a_file_is_lost(name: str) -> None:
    """This test ensures that either file is read line by line, whole, and is part of what is bundled."""
    assert [list(anchor.questions) for anchor in anchors_of(name)] == [row["questions"] for row in rows(name)]
    assert set(anchors_of(name)) <= set(bundled_anchors())
    assert len(bundled_anchors()) == len(rows(PASSAGES)) + len(rows(STATEMENTS))


def test_there_are_enough() -> None:
    """This test ensures that there are as many with an answer as was promised, and some without."""
    for name in (PASSAGES, STATEMENTS):
        assert sum(len(anchor.questions) for anchor in anchors_of(name)) >= LEAST_QUESTIONS
    assert len(bundled_unanswerable()) >= 1_000


def test_no_question_comes_twice() -> None:
    """This test ensures that no question stands twice, be it with and without an answer, whatever its punctuation."""
    assert [text for text, times in Counter(map(letters, bundled_questions())).items() if times > 1] == []
    assert all(map(letters, bundled_questions()))


def test_a_question_is_one_line() -> None:
    """This test ensures that no question has a line break or a margin, so that a line of the index is a question."""
    assert [text for text in bundled_questions() if text != " ".join(text.split())] == []


def test_no_question_is_one_of_an_evaluation_set() -> None:
    """This test ensures that nothing is measured on what the index holds: neither questions nor turns before them."""
    sets = sorted((ROOT / "eval" / "questions").glob("*.jsonl"))
    asked: set[str] = set()
    for path in sets:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            asked |= {letters(text) for text in (row["question"], *(text for _, text in row["history"]))}
    assert {"dev", "test"} <= {path.stem for path in sets}
    assert asked & set(map(letters, bundled_questions())) == set()


def test_every_anchor_leads_into_a_digest(digests: Corpus) -> None:
    """This test ensures that each anchor has a target in a digest, and that every such target is found there."""
    ids = {document.doc_id for document in digests.documents}
    assert [anchor for anchor in bundled_anchors() if not {target.doc_id for target in anchor.targets} & ids] == []
    assert lost(digests, (target for target in bundled_targets() if target.doc_id in ids)) == []


def test_no_target_is_in_a_document_that_there_is_not(digests: Corpus) -> None:
    """This test ensures that no target is never looked up because its document's id is misspelt."""
    ids = {document.doc_id for document in digests.documents}
    originals = {document.digest_of for document in digests.documents}
    assert {target.doc_id for target in bundled_targets()} == ids | originals


def test_every_target_in_an_original_is_found(originals: Corpus) -> None:
    """This test ensures that a question leads to the same place in the original as in its digest."""
    ids = {document.doc_id for document in originals.documents}
    targets = [target for target in bundled_targets() if target.doc_id in ids]
    assert targets
    assert lost(originals, targets) == []


def test_phrases_are_short() -> None:
    """This test ensures that a phrase is a pointer of at most thirty characters, and never the whole section."""
    assert [target for target in bundled_targets() if not 1 <= len(target.phrase.strip()) <= LONGEST_PHRASE] == []


def test_no_sentence_is_copied(originals: Corpus) -> None:
    """This test ensures that no question is a sentence of an original."""
    asked = {quote_key(question) for question in bundled_questions()}
    sentences = {quote_key(piece) for chunk in originals.chunks for piece in re.split(r"(?<=[。！？])|\n", chunk.text)}
    assert [one for one in sentences if len(one) >= LONGEST_COPY and any(one in question for question in asked)] == []


def test_locate() -> None:
    """This test ensures that questions keep their order, with all chunks of theirs, and lead nowhere in vain."""
    assert locate(ANCHORS, CHUNKS) == [
        LocatedQuestion("渋いのは苦手", (0,), (("八十度",),)),
        LocatedQuestion("熱すぎる？", (0,), (("八十度",),)),
        LocatedQuestion("缶に入れておく？", (2, 5), (("湿気",), ("湿気",))),
    ]
    assert locate(ANCHORS, CHUNKS[3:]) == [LocatedQuestion("缶に入れておく？", (2,), (("湿気",),))]
    assert locate(ANCHORS, []) == []


def test_a_chunk_keeps_the_phrases_of_its_own_targets() -> None:
    """This test ensures that phrases stand with the chunk they were found in, each once, and a whole section has none.

    The targets are not in the order of the chunks, so that phrases that follow the targets would end up elsewhere.
    """
    bread, whole, *tea = (
        Target("bread", "付録", "湿気を避けて"),
        Target("bread", "焼成", ""),
        Target("tea", "保管", "茶葉は"),
        Target("tea", "", "保管し\n\u3000ます"),
        Target("tea", "保管", "茶葉は"),
    )
    (found,) = locate([Anchor((whole, bread, *tea), ("缶に？",))], CHUNKS)
    assert found.chunks == (2, 4, 5)
    assert found.phrases == (("茶葉は", "保管し ます"), (), ("湿気を避けて",))


def test_the_fingerprint_tells_any_change() -> None:
    """This test ensures that another question, another target or a change of side is another fingerprint."""
    anchor = Anchor((Target("tea", "", "湿気"),), ("缶に？", "箱に？"))
    moved = Anchor((Target("tea", "保管", "湿気"),), anchor.questions)
    fewer = Anchor(anchor.targets, ("缶に？",))
    given = [([anchor], ["何円？"]), ([moved], ["何円？"]), ([fewer], ["何円？"]), ([fewer], ["箱に？", "何円？"])]
    assert len({fingerprint(anchors, without) for anchors, without in given}) == len(given)
    assert fingerprint(iter([anchor]), iter(["何円？"])) == fingerprint([anchor], ["何円？"])


def field(*questions: LocatedQuestion, without: Sequence[str] = ()) -> LikelyField:
    """The field of these questions, with random vectors."""
    made = LikelyField.build(questions, without, Tokenizer(), FakeEncoder())
    assert made is not None
    return made


def test_without_questions_there_is_no_field() -> None:
    """This test ensures that documents that nobody wrote questions for get no field, not one of refusals alone."""
    assert LikelyField.build([], ["いくらですか"], Tokenizer(), FakeEncoder()) is None


def test_questions_are_encoded_as_a_question_is() -> None:
    """This test ensures that width makes no difference: a likely question is cleaned as one that is asked."""
    encoder = FakeEncoder()
    LikelyField.build([LocatedQuestion("ﾊﾟﾝは？", (0,))], ["ﾊﾞﾀｰは？"], Tokenizer(), encoder)
    assert encoder.encoded == [search_text("パンは？"), search_text("バターは？")]


def test_answerable_counts_questions_not_pairs() -> None:
    """This test ensures that a question with several chunks counts once, and those without an answer not at all."""
    made = field(LocatedQuestion("一", (0, 1, 2)), LocatedQuestion("二", (1,)), without=["三", "四", "五"])
    assert (made.answerable, len(made.texts)) == (2, 5)
    assert made.pairs.tolist() == [[0, 0, 0, 1], [0, 1, 2, 1]]


def test_a_field_survives_the_disk() -> None:
    """This test ensures that what is read back scores as what was written, to half precision of the vectors."""
    made = field(LocatedQuestion("緑茶は渋い？", (0, 2)), LocatedQuestion("缶に？", (2,)), without=["緑茶は何円？"])
    files = made.to_files()
    assert set(files) == set(FILES)
    back = LikelyField.from_files(files.__getitem__)
    weights, fields = {"words": {"緑茶": 1.0}}, {"words": 1.0}
    assert (back.texts, back.pairs.tolist(), back.answerable) == (made.texts, made.pairs.tolist(), 2)
    assert back.lexical(weights, fields).tolist() == made.lexical(weights, fields).tolist()
    assert back.vectors.dtype == np.float32
    assert back.cosines(made.vectors[0]) == pytest.approx(made.cosines(made.vectors[0]), abs=2e-3)
    assert back.to_files() == files


def test_what_was_worked_out_before_is_taken_over() -> None:
    """This test ensures that the same questions are not encoded twice, and lead to where their answers stand now."""
    before, encoder = field(LocatedQuestion("パンは？", (0, 2)), without=["値段は？"]), FakeEncoder()
    moved = LocatedQuestion("パンは？", (1,), (("小麦",),))
    after = LikelyField.build([moved], ["値段は？"], Tokenizer(), encoder, before)
    fresh = LikelyField.build([moved], ["値段は？"], Tokenizer(), FakeEncoder())
    assert after is not None
    assert fresh is not None
    assert after.to_files() == fresh.to_files()
    assert encoder.encoded == []


def test_other_questions_are_worked_out_anew() -> None:
    """This test ensures that one question more is enough for the whole field to be made again."""
    encoder = FakeEncoder()
    LikelyField.build(
        [LocatedQuestion("塩は？", (0,))], [], Tokenizer(), encoder, field(LocatedQuestion("パンは？", (0,)))
    )
    assert encoder.encoded == [search_text("塩は？")]


def test_phrases_survive_the_disk() -> None:
    """This test ensures that each pair has its own phrases after the disk: two, one or none, and none at the end."""
    made = field(
        LocatedQuestion("緑茶は渋い？", (0, 2), (("八十度の湯", "渋く なりません"), ("茶葉は",))),
        LocatedQuestion("缶に？", (2,)),
        LocatedQuestion("箱に？", (1, 3), ((), ("一時間\u2028発酵",))),
        LocatedQuestion("網に？", (4,), ((),)),
    )
    expected = (("八十度の湯", "渋く なりません"), ("茶葉は",), (), (), ("一時間\u2028発酵",), ())
    back = LikelyField.from_files(made.to_files().__getitem__)
    assert made.phrases == back.phrases == expected
    assert len(back.phrases) == back.pairs.shape[1]


def test_what_is_located_fits_into_the_file() -> None:
    """This test ensures that no break or tab in a target's phrase moves another pair's phrases."""
    anchors = [
        Anchor((Target("tea", "", "八十度の\n湯"), Target("tea", "", "渋く\tなり\u2028ません")), ("渋い？",)),
        Anchor((Target("tea", "", "沸騰した"),), ("紅茶は？",)),
    ]
    files = field(*locate(anchors, CHUNKS)).to_files()
    assert LikelyField.from_files(files.__getitem__).phrases == (("八十度の 湯", "渋く なり ません"), ("沸騰した",))
    assert files[PHRASES].count(b"\n") == 2


def test_every_bundled_phrase_survives_the_disk(digests: Corpus) -> None:
    """This test ensures that, over the digests, what a question leads to is after the disk what it was before."""
    located = locate(bundled_anchors(), digests.chunks)
    back = LikelyField.from_files(field(*located).to_files().__getitem__)
    pairs = list(zip(back.pairs[0].tolist(), back.pairs[1].tolist(), back.phrases, strict=True))
    assert pairs == [
        (number, chunk, phrases)
        for number, question in enumerate(located)
        for chunk, phrases in zip(question.chunks, question.phrases, strict=True)
    ]
    keys = [quote_key(chunk.text) for chunk in digests.chunks]
    assert [phrase for _, chunk, phrases in pairs for phrase in phrases if quote_key(phrase) not in keys[chunk]] == []


def test_a_line_break_in_a_question_moves_no_other() -> None:
    """This test ensures that a question with any kind of line break is one line still, and the next one its own."""
    files = field(LocatedQuestion("一\n二\u2028三\x85四", (0,)), LocatedQuestion("五", (1,))).to_files()
    assert files[TEXTS].decode() == "一 二 三 四\n五\n"
    assert LikelyField.from_files(files.__getitem__).texts == ("一 二 三 四", "五")


def test_lexical_adds_fields_by_weight() -> None:
    """This test ensures that fields count by their weight, and one without a weight not at all."""
    made = field(LocatedQuestion("緑茶は渋い？", (0,)), LocatedQuestion("缶に？", (1,)))
    weights = {"words": {"緑茶": 1.0}, "bigrams": {"緑茶": 1.0}}
    words, bigrams = (made.lexical(weights, {name: 1.0}) for name in weights)
    assert words[0] > 0 < bigrams[0]
    assert made.lexical(weights, {"words": 1.0, "bigrams": 0.5}) == pytest.approx(words + 0.5 * bigrams)
    assert made.lexical(weights, {}).tolist() == [0, 0]


def test_a_chunk_takes_its_best_question() -> None:
    """This test ensures that the greatest counts, even below zero, and that a chunk without questions keeps its own."""
    made = field(
        LocatedQuestion("一", (0, 2)), LocatedQuestion("二", (2,)), LocatedQuestion("三", (4,)), without=["四"]
    )
    scores = np.array([0.25, 0.75, -0.5, 9.0], dtype=np.float32)
    own = np.array([0.9, 0.1, 0.9, 0.7, 0.9], dtype=np.float32)
    taken = made.by_chunk(scores, own)
    assert taken == pytest.approx([0.25, 0.1, 0.75, 0.7, -0.5])
    assert taken.dtype == np.float32


def by_hand() -> LikelyField:
    """A field with the cosines `COSINES` to (1, 0), whose BM25 is the idf of each shared word."""
    return LikelyField(
        texts=tuple(f"q{number}" for number in range(TOTAL)),
        pairs=np.array([range(SPLIT), [0] * SPLIT], dtype=np.int32),
        phrases=((),) * SPLIT,
        vectors=np.array([(cosine, sqrt(1 - cosine**2)) for cosine in COSINES], dtype=np.float32),
        index=LexicalIndex.build([{"words": WORDS.get(number, ["other"])} for number in range(TOTAL)], k1=0.0),
    )


def seen(*, without: int | None = None, field: LikelyField | None = None) -> dict[str, float]:
    """The evidence by name for a question of three words, one of them twice, under a weight of two."""
    vector = np.array([1, 0], dtype=np.float32)
    tokens = {"words": ["tea", "hot", "tea"]}
    asked = field or by_hand()
    numbers = evidence(asked, tokens, asked.cosines(vector), {"words": 2.0}, without=without)
    return dict(zip(NAMES, numbers.tolist(), strict=True))


def test_evidence_by_hand() -> None:
    """This test ensures that every number is what its name says."""
    tea = hot = inverse_document_frequency(TOTAL, 2)
    told, untold = 2 * (2 * tea + hot), 2 * 2 * tea
    assert list(seen().values()) == pytest.approx(
        [0.9, 0.85, 0.7, 0.47, 1.0, untold / told, told / 3, untold / 3, 10 / 15, 3], abs=1e-5
    )


def test_evidence_without_itself() -> None:
    """This test ensures that a likely question that is asked is not its own neighbour, with an answer or without."""
    tea = hot = inverse_document_frequency(TOTAL, 2)
    first = seen(without=0)
    assert list(first.values()) == pytest.approx(
        [0.8, 0.85, 0.6, 0.47, hot / (2 * tea), 1.0, 2 * hot / 3, 4 * tea / 3, 9 / 15, 3], abs=1e-5
    )
    other = seen(without=SPLIT)
    changed = {name for name, value in seen().items() if other[name] != pytest.approx(value)}
    assert changed == {name for name in NAMES if "without" in name}
    assert other["cosine to the nearest without"] == pytest.approx(0.65)
    assert other["BM25 of the best without, as a share of the best"] == 0.0


def test_leaving_one_out_changes_nothing_for_the_next() -> None:
    """This test ensures that the field itself stays as it is."""
    field = by_hand()
    before = seen(field=field)
    seen(without=0, field=field)
    assert seen(field=field) == before


def test_evidence_where_nothing_is_shared() -> None:
    """This test ensures that a question without a word, and a field without refusals, give numbers and no error."""
    made = field(LocatedQuestion("緑茶は渋い？", (0,)))
    numbers = evidence(made, {"words": []}, made.cosines(np.zeros(8, dtype=np.float32)), {"words": 1.0})
    assert numbers.tolist() == [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]


def asked_by_chunk(anchors: Iterable[Anchor], corpus: Corpus) -> list[list[str]]:
    """The questions that lead to each chunk, in the order of the anchors."""
    asked: list[list[str]] = [[] for _ in corpus.chunks]
    for question in locate(anchors, corpus.chunks):
        for number in question.chunks:
            asked[number].append(question.text)
    return asked


def chunks_and_lines(passages: Iterable[Passage]) -> tuple[list[Passage], list[Passage]]:
    """The passages that are chunks, and those that are single lines."""
    passages = list(passages)
    lines = [passage for passage in passages if passage.group.endswith(" lines")]
    return [passage for passage in passages if passage not in lines], lines


def test_the_digests_are_training_material(digests: Corpus) -> None:
    """This test ensures that each chunk of a digest is a passage with the very questions that lead to it."""
    chunks, _ = chunks_and_lines(guidance_passages(1))
    assert [passage.text.partition("\n")[2] for passage in chunks] == [chunk.text for chunk in digests.chunks]
    assert [list(passage.questions) for passage in chunks] == asked_by_chunk(bundled_anchors(), digests)
    texts = {letters(text) for one in chunks for text in one.questions}
    assert set(map(letters, bundled_unanswerable())) & texts == set()


def test_single_statements_can_be_held_back(digests: Corpus) -> None:
    """This test ensures that without them there are chunks only, with the questions of the first file alone."""
    without = guidance_passages(1, statements=False)
    assert [passage.text.partition("\n")[2] for passage in without] == [chunk.text for chunk in digests.chunks]
    assert [list(passage.questions) for passage in without] == asked_by_chunk(anchors_of(PASSAGES), digests)


def test_single_lines_are_training_material(digests: Corpus) -> None:
    """This test ensures that a line is a passage under its heading with all questions of whoever points to it.

    Looked at from the targets: where a phrase stands within a line, that line has all questions of the anchor; and a
    line has no question of which no target's phrase stands in it.
    """
    _, lines = chunks_and_lines(guidance_passages(1))
    headed = {f"{''.join(c.section[-1:])}\n{line}" for c in digests.chunks for line in c.text.split("\n")}
    assert {passage.text for passage in lines} <= headed
    assert len(lines) >= len(anchors_of(STATEMENTS)) / 2
    asked: dict[str, set[str]] = {}
    for passage in lines:
        assert passage.questions
        asked.setdefault(quote_key(passage.text.partition("\n")[2]), set()).update(passage.questions)
    ids = {document.doc_id for document in digests.documents}
    phrases: dict[str, set[str]] = {}
    for anchor in bundled_anchors():
        keys = {quote_key(target.phrase) for target in anchor.targets if target.doc_id in ids}
        for question in anchor.questions:
            phrases.setdefault(question, set()).update(keys)
    for line, questions in asked.items():
        assert [text for text in questions if not any(key in line for key in phrases[text])] == [], line
    for anchor in anchors_of(STATEMENTS)[::10]:
        for target in (target for target in anchor.targets if target.doc_id in ids):
            within = [questions for line, questions in asked.items() if quote_key(target.phrase) in line]
            assert not within or any(set(anchor.questions) <= questions for questions in within), target


def test_no_two_copies_are_in_one_group() -> None:
    """This test ensures that copies differ in their group alone, and that chunks and lines are never in one group."""
    once, thrice = guidance_passages(1), guidance_passages(3)
    size = len(once)
    assert [replace(passage, group="") for passage in thrice] == [replace(passage, group="") for passage in once] * 3
    copies = [thrice[start : start + size] for start in range(0, 3 * size, size)]
    groups = [{one.group for one in part} for copy in copies for part in chunks_and_lines(copy)]
    assert all(groups)
    assert len(set().union(*groups)) == sum(map(len, groups))
    assert all(passage.title for passage in once)
