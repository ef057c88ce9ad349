"""Claims that say something else than their passage: generated from the bundled digest, and by hand."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from assistant.citations import sentences_of, stands
from assistant.models import Support
from assistant.verify import Kind, Verified, verify
from assistant.verify.figures import figures
from corpus.chunk import chunk_document
from corpus.load import bundled_documents, load_corpus
from corpus.models import Chunk, Document
from tests.assistant.verify_samples import checked

PASSED = (Support.SUPPORTED, Support.VERBATIM)
Change = Callable[[str, random.Random], str | None]


@dataclass(frozen=True, slots=True)
class Digest:
    """The bundled digest: documents, chunks, and the sentences with the place of their chunk."""

    documents: dict[str, Document]
    chunks: tuple[Chunk, ...]
    sentences: tuple[tuple[int, str], ...]

    def passages(self, place: int, rng: random.Random) -> dict[int, Chunk]:
        """Twelve passages: the one at `place` as number 4, its neighbours and others."""
        near = [self.chunks[at % len(self.chunks)] for at in range(place - 3, place + 4)]
        return dict(enumerate((*near, *rng.sample(self.chunks, 5)), start=1))


@cache
def digest() -> Digest:
    """The bundled digest, read once."""
    documents = {document.doc_id: document for document in load_corpus([bundled_documents()]).documents}
    chunks = tuple(chunk for document in documents.values() for chunk in chunk_document(document))
    sentences = ((i, s) for i, chunk in enumerate(chunks) for s in sentences_of(chunk.text) if len(s) >= 12)
    return Digest(documents, chunks, tuple(pair for pair in sentences if "http" not in pair[1]))


def another_number(sentence: str, rng: random.Random) -> str | None:
    """One number of a sentence changed, as a model would get it wrong."""
    numbers = list(re.finditer(r"\d+", sentence))
    if not numbers:
        return None
    found = rng.choice(numbers)
    number = int(found[0])
    turned = int(found[0][::-1])
    new = rng.choice([n for n in (number + 1, number + 10, number * 10, turned, max(0, number - 1)) if n != number])
    return sentence[: found.start()] + str(new) + sentence[found.end() :]


def another_unit(sentence: str, rng: random.Random) -> str | None:
    """The unit of a number changed."""
    found = re.search(r"(?<=\d)(年間|か月|年|件|人|社|円|ページ|項目|章|版|つ|回|日|月)", sentence)
    units = ("年", "件", "人", "社", "円", "月", "日", "ページ", "項目", "章", "か月", "%", "回")
    if not found:
        return None
    return sentence[: found.start()] + rng.choice([u for u in units if u not in found[0]]) + sentence[found.end() :]


def another_bound(sentence: str, _: random.Random) -> str | None:
    """億 for 万, 以下 for 以上."""
    pairs = (("億円", "万円"), ("万円", "億円"), ("以上", "以下"), ("以下", "以上"), ("未満", "以上"), ("以内", "以上"))
    return next((sentence.replace(old, new, 1) for old, new in pairs if old in sentence), None)


def denied(sentence: str, _: random.Random) -> str | None:
    """The contrary of a sentence, by its ending."""
    body = sentence.removesuffix("。")
    endings = (
        ("ていません", "ています"), ("できません", "できます"), ("りません", "ります"), ("できます", "できません"),
        ("ています", "ていません"),
        ("あります", "ありません"), ("します", "しません"), ("れます", "れません"), ("です", "ではありません"),
        ("ました", "ませんでした"),
    )  # fmt: skip
    return next((body.removesuffix(old) + new + "。" for old, new in endings if body.endswith(old)), None)


def another_name(sentence: str, rng: random.Random) -> str | None:
    """A person's second name, an organisation or a Latin word changed."""
    if found := re.search(r"(?<=[一-龥] )[一-龥](?=[一-龥]{0,2}（)", sentence):
        return sentence[: found.start()] + rng.choice("潤淳浩博") + "代" + sentence[found.end() :]
    if found := re.search(r"[一-龥ァ-ヺー]{2,8}(?:株式会社|大学|機構|省|庁|局|研究所|協会)", sentence):
        return sentence[: found.start()] + rng.choice(("山川大学", "北海省", "青空機構")) + sentence[found.end() :]
    if found := re.search(r"[A-Z][A-Za-z]{2,}", sentence):
        return sentence[: found.start()] + rng.choice(("ZENITH", "Orbis", "QXR")) + sentence[found.end() :]
    return None


def status_of(result: Verified) -> Support:
    """The best status of any claim of a result."""
    order = [Support.UNSUPPORTED, Support.WEAK, Support.SUPPORTED, Support.VERBATIM]
    return max((claim.status for claim in result.claims), key=order.index, default=Support.UNSUPPORTED)


# The least share told apart: what was measured, less a little. What is left is mostly true of another passage.
@pytest.mark.parametrize(
    ("change", "least_cases", "least_share"),
    [
        (another_number, 300, 0.99),
        (another_unit, 200, 0.99),
        (another_bound, 30, 1.0),
        (denied, 300, 0.99),
        (another_name, 200, 0.99),
    ],
)
def test_what_was_changed_is_told_apart(change: Change, least_cases: int, least_share: float) -> None:
    """This test ensures that a sentence of the digest with something changed in it does not pass for supported."""
    rng, data = random.Random(20), digest()
    counted: Counter[Support] = Counter()
    for place, sentence in data.sentences:
        changed = change(sentence, rng)
        if changed is None or changed == sentence:
            continue
        result = verify(f"{changed.removesuffix('。')}。[4]", data.passages(place, rng), data.documents)
        counted[status_of(result)] += 1
    cases = counted.total()
    share = 1 - sum(counted[status] for status in PASSED) / cases
    print(f"{change.__name__}: {cases} cases, {share:.2%} told apart, {dict(counted)}")
    assert cases >= least_cases
    assert share >= least_share


def test_true_sentences_pass() -> None:
    """This test ensures that sentences of the digest with the right marker keep it, and every quote stands."""
    rng, data = random.Random(21), digest()
    counted: Counter[Support] = Counter()
    for place, sentence in rng.sample(data.sentences, 400):
        passages = data.passages(place, rng)
        result = verify(f"{sentence.removesuffix('。')}。[4]", passages, data.documents)
        counted[status_of(result)] += 1
        by_id = {chunk.chunk_id: chunk for chunk in passages.values()}
        assert all(stands(c.quote, by_id[c.chunk_id]) and 8 <= len(c.quote) <= 300 for c in result.citations)
    print(dict(counted))
    assert sum(counted[status] for status in PASSED) >= 0.98 * counted.total()


def test_it_is_fast() -> None:
    """This test ensures that fifteen sentences over twelve passages are checked while nobody notices."""
    rng, data = random.Random(22), digest()
    times = []
    for _ in range(15):
        passages = data.passages(rng.randrange(len(data.chunks)), rng)
        said = [(n, s) for n, chunk in passages.items() for s in sentences_of(chunk.text)]
        text = "\n".join(f"- {sentence} [{number}]" for number, sentence in rng.choices(said, k=15))
        start = time.perf_counter()
        verify(text, passages, data.documents)
        times.append(time.perf_counter() - start)
    median = sorted(times)[len(times) // 2]
    print(f"15 sentences: median {median * 1000:.1f} ms, worst {max(times) * 1000:.1f} ms")
    # Machines that run tests are slower than people's by several times.
    assert median < 0.1


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("猫車は毎週12台ずつ点検します。[1]", Support.VERBATIM),
        ("点検の記録は、3年間残します。[1]", Support.SUPPORTED),
        ("14人です。[2]", Support.WEAK),
        ("費用は一億二千万円です。[2]", Support.SUPPORTED),
        ("綱の交換は令和8年4月に始まりました。[2]", Support.SUPPORTED),
        ("猫車は毎週21台ずつ点検します。[1]", Support.UNSUPPORTED),
        ("猫車は毎週12人ずつ点検します。[1]", Support.UNSUPPORTED),
        ("点検の記録は3か月間残します。[1]", Support.UNSUPPORTED),
        ("費用は1億2,000円です。[2]", Support.UNSUPPORTED),
        ("費用は1億2,000万ドルです。[2]", Support.UNSUPPORTED),
        ("綱の交換は2026年5月に始まります。[2]", Support.UNSUPPORTED),
        ("綱の交換は令和7年4月に始まります。[2]", Support.UNSUPPORTED),
        ("綱の交換は2026年4月30日に始まります。[2]", Support.UNSUPPORTED),
        ("点検の記録は残しません。[1]", Support.UNSUPPORTED),
        ("古い綱を社外に持ち出すことは認められています。[2]", Support.UNSUPPORTED),
        ("物置の温度は20度以上に保つことが望ましいです。[3]", Support.UNSUPPORTED),
        ("猫車の点検は12ページにあります。[1]", Support.UNSUPPORTED),
        ("月の石は青いチーズでできています。[1]", Support.UNSUPPORTED),
    ],
)
def test_claims_by_hand(claim: str, status: Support) -> None:
    """This test ensures that plain cases come out as a reader would judge them."""
    assert checked(claim).claims[0].status is status, checked(claim).claims[0]


@pytest.mark.parametrize(
    "claim",
    [
        "係長は鈴木 順（山川工業株式会社）です。[2]",
        "係長は鈴木 潤（海山工業株式会社）です。[2]",
        "物置の温度は20度以下に保たなければなりません。[3]",
        "物置の鍵は二人だけで管理します。[3]",
        "記録は紙でなければなりません。[1]",
        "古い綱を社内に持ち出すことは認められていません。[2]",
    ],
)
def test_claims_that_must_not_pass(claim: str) -> None:
    """This test ensures that a changed name, a stronger duty or a contrary is never supported."""
    assert checked(claim).claims[0].status not in PASSED, checked(claim).claims[0]


def test_a_sentence_without_a_marker_gets_the_right_one() -> None:
    """This test ensures that a dropped citation is put back where a passage carries the sentence, and counted."""
    result = checked("点検の記録は3年間残します。月の石は青いです。")
    first, second = result.claims
    assert (first.markers, second.markers, result.added_markers) == ((1,), (), 1)
    assert result.citations[0].chunk_id == "c1"
    assert result.unsupported_share == 0.5
    assert "確かめられません" in result.text


def test_what_states_nothing_is_no_claim() -> None:
    """This test ensures that labels, lead-ins and "not in the documents" are not counted as unsupported."""
    result = checked("**点検**\n\n以下のとおりです。\n\n資料には書かれていません。\n\nThe documents do not say.")
    assert [s.kind for s in result.sentences] == [
        Kind.LABEL,
        Kind.LEAD_IN,
        Kind.NOT_IN_DOCUMENTS,
        Kind.NOT_IN_DOCUMENTS,
    ]
    assert result.unsupported_share == 0.0


@pytest.mark.parametrize(
    "text", ["**猫車は毎週21台です**", "以下のとおり、猫車は21台です。", "資料には21台と書かれていません。"]
)
def test_a_claim_does_not_pass_for_something_else(text: str) -> None:
    """This test ensures that a statement dressed as a label or a lead-in is checked like any other."""
    assert checked(text).claims[0].status is Support.UNSUPPORTED


def test_english_about_japanese() -> None:
    """This test ensures that an English sentence is compared by figures and the glossary, and never passes without."""
    data = digest()
    place = next(i for i, s in data.sentences if "14人" in s and "委員" in s)
    passages = {1: data.chunks[place]}
    right = verify("The study group has 14 members [1].", passages, data.documents)
    wrong = verify("The study group has 41 members [1].", passages, data.documents)
    vague = verify("Birds sing beautifully at dawn [1].", passages, data.documents)
    assert right.claims[0].status in (Support.WEAK, Support.SUPPORTED)
    assert wrong.claims[0].status is Support.UNSUPPORTED
    assert vague.claims[0].status not in PASSED


def test_entailment_moves_only_what_the_rules_leave_open() -> None:
    """This test ensures that a model of entailment may lower a verdict, and never lifts one over a wrong figure."""
    passages = {1: digest().chunks[0]}
    sure = verify("猫車は毎週21台です。[1]", passages, digest().documents, entails=lambda premise, claim: 1.0)
    assert sure.claims[0].status is Support.UNSUPPORTED
    text = "点検の記録は、3年間残します。[1]"
    from tests.assistant.verify_samples import DOCUMENTS, PASSAGES

    assert verify(text, PASSAGES, DOCUMENTS, entails=lambda premise, claim: 0.0).claims[0].status is Support.WEAK


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7億2千万円", "720000000"),
        ("3千万円", "30000000"),
        ("1兆2,000億円", "1200000000000"),
        ("1億2,345万6千円", "123456000"),
        ("五千万円", "50000000"),
        ("100 million yen", "100000000"),
    ],
)
def test_amounts_are_read_however_they_are_written(written: str, value: str) -> None:
    """This test ensures that amounts of mixed digits and numerals are one figure with the right value."""
    assert [(figure.value, figure.unit) for figure in figures(f"限度は{written}です。")] == [((value,), "円")]
