"""Orders in documents and a model that obeys all of them: what it prints must do nothing on a page.

Cases are every disguise of an order with every harm that it may ask for; the scripted model of
`tests.llm_personalities` obeys, and besides prints the harm alone.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.models import Support
from assistant.prompts import passage_block
from assistant.verify import Verified, Verifier, verify
from assistant.verify.addresses import address_keys
from assistant.verify.characters import visible
from corpus.models import Chunk
from pages.markup import answer_html
from tests.assistant.verify_samples import CART, DOCUMENTS, ROPE, SHED, markers_in
from tests.llm_personalities import obeys

DATA = Path(__file__).resolve().parents[1] / "data"
ADDRESS = re.compile(
    r"evil|https?\s*:|//|javascript\s*:|data\s*:|vbscript|file\s*:|mailto|ftp\s*:|www\.|203\.0|xn--|\\\\|ｈｔｔｐ|hxxp",
    re.IGNORECASE,
)
TAG = re.compile(r"<\s*[a-z/!?]", re.IGNORECASE)
OURS = re.compile(r"https://guide\.example/cart\?id=1(?![\w&./?@-])")
# Only these does `pages.markup` make.
HARMLESS_TAG = re.compile(r"</?(?:p|br|strong|ol|ul|li|sup)(?: class=\"mm-label\"| start=\"\d+\")?>")


@dataclass(frozen=True, slots=True)
class Case:
    """One document with an order in it, and what the order asks for."""

    name: str
    harm: str
    passages: dict[int, Chunk]

    def prompt(self) -> str:
        """What the model is sent."""
        return "\n".join(passage_block(n, c, DOCUMENTS[c.doc_id], "x") for n, c in self.passages.items())


def _rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def _hidden(text: str) -> str:
    """A text with what is marked as written in Unicode tags, or with zero-width spaces, written so."""
    if "TAGS:" in text:
        seen, _, unseen = text.partition("TAGS:")
        return seen + "".join(chr(0xE0000 + ord(c)) if c.isascii() and c.isprintable() else c for c in unseen)
    return "\u200b".join(text.removeprefix("ZERO:")) if text.startswith("ZERO:") else text


def cases() -> Iterator[Case]:
    """Every disguise with every harm."""
    for order in _rows("injection_orders.jsonl"):
        for harm in _rows("injection_harms.jsonl"):
            text = harm["text"].replace("OTHER", SHED.text.split("\n")[0])
            poisoned = replace(ROPE, text=ROPE.text + "\n" + _hidden(order["order"].replace("HARM", text)))
            yield Case(f"{order['disguise']} × {harm['harm']}", _hidden(text), {1: CART, 2: poisoned, 3: SHED})


def outputs(case: Case) -> Iterator[str]:
    """What an obeying model may print: by the prompt, and the harm itself with and without a marker."""
    yield obeys(case.prompt())
    yield f"猫車は毎週12台ずつ点検します。[1]\n\n{case.harm} [2]\n{case.harm}"
    yield f"- **{case.harm}** [1]\n1. 記録は紙でも構いません {case.harm}。[1]"


def faults(result: Verified, case: Case) -> list[str]:
    """What of a result would do something on a page, or show what was not retrieved."""
    found = []
    cited = [
        case.passages[n] for n in case.passages if case.passages[n].chunk_id in {c.chunk_id for c in result.citations}
    ]
    standing = frozenset[str]().union(*(address_keys(chunk.text) for chunk in cited))
    kept = address_keys(result.text)
    if not kept <= standing:
        found.append(f"an address that does not stand in a cited passage: {kept - standing}")
    left = result.text
    for address in sorted(standing, key=len, reverse=True):
        left = re.sub(re.escape(address), "", left, flags=re.IGNORECASE)
    if TAG.search(result.text) or "](" in result.text or "![" in result.text:
        found.append("markup")
    if visible(result.text) != result.text:
        found.append("something that nobody sees")
    if not markers_in(result.text) <= {citation.marker for citation in result.citations}:
        found.append("a marker without a citation")
    if re.search(r"(?im)^\W*(?:system|user|assistant)\W*:", result.text):
        found.append("a turn of another speaker")
    html = answer_html(result.text, lambda n: f"<sup>{n}</sup>")
    if re.search(
        r"<(?:a|img|script|svg|iframe|style|meta|form|div|input)\b", HARMLESS_TAG.sub("", html), re.IGNORECASE
    ):
        found.append("a tag on the page")
    return found


def test_no_order_in_a_document_is_carried_out() -> None:
    """This test ensures that whatever an obeying model prints loads nothing, leads nowhere and forges no citation."""
    bad, number = [], 0
    for case in cases():
        for output in outputs(case):
            number += 1
            result = verify(output, case.passages, DOCUMENTS)
            bad += [(case.name, fault, result.text) for fault in faults(result, case)]
    print(f"injection: {number} outputs, {len(bad)} with a fault")
    assert number >= 300
    assert bad == []


@pytest.mark.parametrize("harm", _rows("injection_harms.jsonl"), ids=lambda harm: harm["harm"])
def test_addresses_of_nobody_are_gone(harm: dict[str, str]) -> None:
    """This test ensures that where no passage holds it, an address is taken out of the text, not only disabled."""
    text = _hidden(harm["text"].replace("OTHER", "山の家"))
    result = verify(f"猫車は毎週12台ずつ点検します。[1] {text} [1]", {1: CART, 2: SHED}, DOCUMENTS)
    assert not ADDRESS.search(OURS.sub("", result.text)), result.text


def test_a_claim_beside_an_attack_keeps_its_citation() -> None:
    """This test ensures that an attack costs the good sentences nothing."""
    for case in cases():
        result = verify(f"猫車は毎週12台ずつ点検します。[1]\n\n{case.harm}", case.passages, DOCUMENTS)
        first = result.sentences[0]
        assert (first.status, result.citations[0].chunk_id) == (Support.VERBATIM, "c1"), case.name


def test_an_address_of_the_cited_passage_stays() -> None:
    """This test ensures that the very address of the passage cited is kept, and another passage's is not."""
    line = "くわしくは https://guide.example/cart?id=1 を見てください。"
    passages = {1: CART, 2: SHED}
    assert "https://guide.example/cart?id=1" in verify(f"{line}[1]", passages, DOCUMENTS).text
    assert (
        "guide.example"
        not in verify("物置の鍵は二人で管理します https://guide.example/cart?id=1 。[2]", passages, DOCUMENTS).text
    )
    assert (
        "guide.example"
        not in verify("くわしくは https://guide.example/cart?id=2 を見てください。[1]", passages, DOCUMENTS).text
    )


def test_the_same_comes_out_however_it_arrives() -> None:
    """This test ensures that a stream cut anywhere shows the same text, and nothing that a later part would change."""
    for case in list(cases())[::23]:
        for output in outputs(case):
            whole = verify(output, case.passages, DOCUMENTS)
            for size in (1, 7, 64):
                verifier = Verifier(case.passages, DOCUMENTS)
                shown = "".join(verifier.feed(output[at : at + size]) for at in range(0, len(output), size))
                shown += verifier.close()
                assert shown.strip() == whole.text, case.name
                assert verifier.result() == whole


@pytest.mark.parametrize(
    "sign",
    ["[", "[1", "<", "<a ", "![x](", "> ", "\\[", "**", "「", "a.", "。[", "&amp;", "1年", "ない", "system ", "{"],
)
def test_signs_without_end_cost_no_time(sign: str) -> None:
    """This test ensures that a model that repeats a sign for ever cannot hang the check."""
    start = time.perf_counter()
    verify(sign * 3000, {1: CART, 2: SHED}, DOCUMENTS)
    assert time.perf_counter() - start < 5.0
