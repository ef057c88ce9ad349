"""Tests that each bundled digest is complete, exact and in words of its own, and that its manifest says what it is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest

from corpus.load import load_corpus
from corpus.loaded import Corpus
from corpus.models import BlockKind
from tests.corpus.digests import (
    DIGESTS,
    DOCUMENTS,
    HANDBOOK,
    NEW_SLIDES,
    OLD_SLIDES,
    REPORT,
    TRADE,
    URL_OR_MAIL,
    body,
    letters,
    manifest,
    missing_facts,
    original_entry,
    parse,
    read_digest,
    read_facts,
    read_names,
    read_original,
    sentences,
    squeeze,
)

FEWEST_FACTS = {HANDBOOK: 320, NEW_SLIDES: 180, OLD_SLIDES: 320, REPORT: 255, TRADE: 155}
# Figures that the originals do not write out: items counted by hand, and 令和5年 as a year of our era.
OWN_NUMBERS = {HANDBOOK: {"32"}, OLD_SLIDES: {"2023"}}
# Of these the slides of 2025-10 hold the pieces only, torn apart by line breaks; the other originals have them whole.
RESTORED = {
    "https://www.meti.go.jp/policy/mono_info_service/mono/technology_management/index.html",
    "https://www.meti.go.jp/policy/economy/economic_security/guidance.pdf",
}
GARBLED = (
    "合併会社|合併相手|ブランクボックス|ガイドス|ガイドンス|リスクリング|フェージビリティ|步|新工ネ|船用|データー式"
)
PAGES = re.compile(r"（[\d–]+ページ）$")
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
LONGEST_COPY = 19
LONGEST_SENTENCE = 80
NO_REFERENT = re.compile(r"(?:また、|さらに|しかし|なお|[そこ][のれうこ]|同|前者|後者|ただし|一方|次の|以下|上記)")


def bare(text: str) -> str:
    """Return the text without white space and underlines, which the conversion of slides lost in addresses."""
    return re.sub(r"[\s_]+", "", text)


each_digest = pytest.mark.parametrize("name", DIGESTS)


@each_digest
def test_every_fact_stands_in_its_section(name: str) -> None:
    """This test ensures that no figure, name, date or advice of the original is lost or moved elsewhere."""
    assert missing_facts(read_digest(name), read_facts(name)) == []


def test_a_lost_fact_is_noticed() -> None:
    """This test ensures that the check above fails when a fact goes missing or changes its section."""
    facts = tuple(fact for fact in read_facts(HANDBOOK) if fact.fact_id in {"phone-05", "checklist-09"})
    digest = read_digest(HANDBOOK)
    assert len(facts) == 2
    assert len(missing_facts(digest.replace("06-6966-6039", "06-6966-6038").replace("(P164)", "(P165)"), facts)) == 2
    assert len(missing_facts(digest.replace("### 経済産業局連絡先リスト", "### 連絡先"), facts)) == 1


@each_digest
def test_facts_are_many_and_distinct(name: str) -> None:
    """This test ensures that the list of facts stays large and that each row can be named by its id."""
    facts = read_facts(name)
    assert len(facts) >= FEWEST_FACTS[name]
    assert max(Counter(fact.fact_id for fact in facts).values()) == 1
    assert all(squeeze(wording) for fact in facts for wording in fact.wordings)


def test_the_manifest_names_every_digest() -> None:
    """This test ensures that no digest is bundled without an entry, and that no two look alike to a reader."""
    assert {path.stem for path in DOCUMENTS.glob("*.md")} == set(DIGESTS) == set(manifest())
    assert len({(entry["title"], entry["edition"]) for entry in manifest().values()}) == len(DIGESTS)
    assert manifest()[NEW_SLIDES]["replaces"] == [manifest()[OLD_SLIDES]["id"]]


@each_digest
def test_the_manifest_says_where_a_digest_comes_from(name: str) -> None:
    """This test ensures that title, date, official address and credit of a digest are stated, and stated alike."""
    entry, digest = manifest()[name], read_digest(name)
    title, *_ = digest.splitlines()
    assert entry["file"] == f"{name}.md"
    assert entry["id"] == f"digest-{name}"
    assert title == "# " + entry["title"]
    assert entry["title"].endswith("（要約）")
    assert name.endswith("-" + entry["published"][:7])
    assert entry["publisher"].startswith("経済産業省")
    assert re.fullmatch(r"https://www\.(?:\w+\.)?meti\.go\.jp/[\w/.]+", entry["source_url"])
    assert entry["credit"] == f"出典：経済産業省ウェブサイト（{entry['source_url']}）を加工して作成"
    assert entry["credit"] in digest


@each_digest
def test_the_manifest_agrees_with_that_of_the_originals(name: str) -> None:
    """This test ensures that a digest carries the official title, publisher, date and edition."""
    entry, original = manifest()[name], original_entry(name)
    assert entry["title"] == original["title"] + "（要約）"
    assert all(entry[field] == original[field] for field in ("publisher", "published", "edition", "source_url"))


@each_digest
def test_every_sentence_stands_on_its_own(name: str) -> None:
    """This test ensures that a quoted sentence is whole, not too long and does not lean on the one before it."""
    for line in body(read_digest(name)):
        for sentence in sentences(line):
            is_label = line.text.startswith("- ") and ("：" in sentence)
            assert sentence.endswith("。") or is_label, sentence
            assert len(URL_OR_MAIL.sub("", sentence)) <= LONGEST_SENTENCE, sentence
            assert not NO_REFERENT.match(sentence), sentence


@each_digest
def test_only_plain_marks_are_used(name: str) -> None:
    """This test ensures that the structure parser meets headings, paragraphs, list items and check boxes only."""
    for line, is_heading in parse(read_digest(name)):
        assert is_heading or not line.text.startswith("#"), line.text
        assert not re.search(r"[<>|*`!]|\]\(|\t|^\s|^\d+\.", line.text), line.text
        assert line.text == unicodedata.normalize("NFC", line.text)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """The bundled digests, loaded once."""
    return load_corpus([DOCUMENTS])


@each_digest
def test_sections_are_read_as_they_are_marked(name: str, corpus: Corpus) -> None:
    """This test ensures that every heading keeps its depth when read, and that the title is above none of them."""
    (document,) = (document for document in corpus.documents if document.digest_of == name)
    blocks = [block for page in document.pages for block in page.blocks]
    _, *marked = [line.section[1:] for line, is_heading in parse(read_digest(name)) if is_heading]
    without_pages = [tuple(PAGES.sub("", heading) for heading in section) for section in marked]
    assert [block.section for block in blocks if block.kind is BlockKind.HEADING] == without_pages


@each_digest
def test_misreadings_of_the_original_are_not_carried_over(name: str) -> None:
    """This test ensures that words which the conversion garbled stand corrected."""
    assert re.findall(GARBLED, read_digest(name)) == []


@each_digest
def test_numbers_and_addresses_are_those_of_the_original(name: str) -> None:
    """This test ensures that no telephone number, amount, date, page or address was mistyped or made up."""
    original = unicodedata.normalize("NFKC", read_original(name))
    digest = unicodedata.normalize("NFKC", read_digest(name))
    addresses = set(URL_OR_MAIL.findall(digest)) - RESTORED - {manifest()[name]["source_url"]}
    assert addresses or name == TRADE
    assert [address for address in addresses if bare(address) not in bare(original)] == []
    known = {part for number in NUMBER.findall(original) for part in [number, *number.split(",")]}
    numbers = set(NUMBER.findall(URL_OR_MAIL.sub("", digest))) - OWN_NUMBERS.get(name, set())
    assert numbers - known == set()


@each_digest
def test_every_name_that_may_be_repeated_is_needed(name: str) -> None:
    """This test ensures that the list of names stays as short as it can be."""
    original = letters(read_original(name))
    assert [n for n in read_names(name) if n not in read_digest(name) or letters(n) not in original] == []


@each_digest
def test_explanations_are_in_words_of_our_own(name: str) -> None:
    """This test ensures that no sentence repeats the original for 20 characters, names and titles aside."""
    original = letters(read_original(name))
    size = LONGEST_COPY + 1
    known = {original[i : i + size] for i in range(len(original) - size + 1)}
    copied = []
    for line in body(read_digest(name)):
        if "電話" in line.text or "所在地" in line.text:
            continue
        for sentence in sentences(line):
            for own_name in read_names(name):
                sentence = sentence.replace(own_name, "\n")
            for piece in re.split(r"「[^」]+」|\n", URL_OR_MAIL.sub("\n", sentence)):
                text = letters(piece)
                copied += [text[i : i + size] for i in range(len(text) - size + 1) if text[i : i + size] in known]
    assert copied == []
