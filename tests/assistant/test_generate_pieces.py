"""Tests of what is made of a reply while it comes: thoughts, whole sentences, its language."""

from __future__ import annotations

import pytest

from assistant.generate.facts import dropped_facts, key_values
from assistant.generate.pieces import SafeText, is_wrong_language, whole_sentences, without_loop, without_thoughts
from assistant.models import Answer, AnswerStatus, Sentence, Support
from assistant.question import Language
from assistant.verify import Verifier
from corpus.models import BlockKind, Chunk, Document

JA, EN = Language.JAPANESE, Language.ENGLISH
TEXT = "営業秘密として保護されるには、秘密だと分かるように管理します。退職者とは、退職の1か月前までに面談します。"
CHUNK = Chunk("c", "d", ("章",), TEXT, BlockKind.PARAGRAPH)
DOCUMENT = Document("d", "手引き", None, None, None, (), None, "d.md", "0" * 64)
REPLY = (
    "営業秘密として保護されるには、秘密だと分かるように管理します。[1] 退職者とは、退職の1か月前までに面談します。[1]\n"
)
SHOWN = (
    "営業秘密として保護されるには、秘密だと分かるように管理します。 [1] 退職者とは、退職の1か月前までに面談します。 [2]"
)


def safe_text(language: Language = JA) -> SafeText:
    """A collector over one passage."""
    return SafeText(lambda: Verifier({1: CHUNK}, {"d": DOCUMENT}, language=language), language)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_what_is_shown_does_not_depend_on_the_pieces(size: int) -> None:
    """This test ensures that a reply shows the same however it was cut on the way, and only whole sentences."""
    safe = safe_text()
    shown = "".join(safe.add(REPLY[at : at + size]) for at in range(0, len(REPLY), size))
    assert shown == safe.shown
    assert shown.strip() == SHOWN


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_thoughts_are_not_shown(size: int) -> None:
    """This test ensures that what a reasoning model thinks aloud is neither shown nor part of the answer."""
    reply = f"<think>まず抜粋を読みます。[1] これは秘密の考えで、どこにも出ません。</think>{REPLY}"
    safe = safe_text()
    shown = "".join(safe.add(reply[at : at + size]) for at in range(0, len(reply), size))
    assert "考え" not in shown + safe.text()
    assert safe.text() == REPLY.strip()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("一。<think>二</think>三。", "一。三。"),
        ("一。<think>二", "一。"),
        ("一。<th", "一。"),
        ("二</think>三。", "三。"),
        ("a < b", "a < b"),
    ],
)
def test_without_thoughts(text: str, left: str) -> None:
    """This test ensures that thoughts go however much of them has come."""
    assert without_thoughts(text) == left


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("一です。[1] 二は12", "一です。[1]"),
        ("一です [1]。二は", "一です [1]。"),
        ("It is one. [1] It is 1", "It is one. [1]"),
        ("It is 3.5 and", ""),
        ("- 一つ [1]\n- 二つ", "- 一つ [1]\n"),
        ("途中", ""),
    ],
)
def test_a_broken_text_loses_its_half_sentence(text: str, kept: str) -> None:
    """This test ensures that half a sentence, with half a number in it, is not kept."""
    assert whole_sentences(text) == kept


@pytest.mark.parametrize(
    ("text", "language", "wrong"),
    [
        ("根据文件，企业应当采取措施防止技术外流，并与员工签订保密协议。[1]", JA, True),
        ("Companies should sign confidentiality agreements with their staff [1].", JA, True),
        ("はい。根据文件，企业应当采取措施防止技术外流。企业还应当检查供应商的管理体制以及合同内容。", JA, True),
        ("경제산업성의 지침에 따르면 기업은 비밀을 관리해야 합니다. 직원과 계약을 맺습니다.", JA, True),
        ("営業秘密として管理します。[1]", JA, False),
        ("TICS（Technology Intelligence and Counter Strategy）とは、情報を集める取組です。[1]", JA, False),
        ("経済産業省貿易経済安全保障局技術調査・流出対策室が担当です。[1]", JA, False),
        ("- **経済産業省 知的財産政策室**：03-3501-3752 [1]", JA, False),
        ("はい。", JA, False),
        ("根据文件。", JA, False),
        ("企业应当采取措施防止技术外流，并与员工签订保密协议，同时检查供应商。", EN, True),
        ("会社は、退職者との面談を行い、秘密保持の義務を確かめます。", EN, True),
        ("Sign an agreement (秘密保持契約) with staff, as 「技術流出対策ガイダンス」 says [1].", EN, False),
    ],
)
def test_wrong_language(text: str, language: Language, wrong: bool) -> None:
    """This test ensures that another language is told by its script, and names in one's own are none."""
    assert is_wrong_language(text, language) is wrong


def test_a_wrong_language_is_never_shown() -> None:
    """This test ensures that a reply in Chinese is recognised before anything of it reaches a page."""
    safe = safe_text()
    reply = "根据文件，企业应当采取措施防止技术外流，并与员工签订保密协议。[1] 同时需要检查供应商的管理体制。[1] "
    assert "".join(safe.add(character) for character in reply) == safe.shown == ""
    assert safe.is_wrong()


def answer(*sentences: str) -> Answer:
    """An extractive answer of these sentences."""
    said = tuple(Sentence(text, (1,), Support.VERBATIM) for text in sentences)
    return Answer("問", "問", "", said, (), (), AnswerStatus.ANSWERED)


def test_values_of_a_sentence() -> None:
    """This test ensures that numbers with units, pages, names and addresses are seen, list numbers are not."""
    assert key_values("1. 事例は35件です。") == {"35件"}
    assert {"P164", "INPIT", "経済産業省"} <= key_values("経済産業省とINPITのP164を見ます。")
    assert key_values("上限は1,000万円") == key_values("上限は１０００万円")
    assert key_values("大切です。") == frozenset()


def test_dropped_facts() -> None:
    """This test ensures that a number that the model left out is found, once, and one that it gave is not."""
    found = answer("事例は35件です。", "事例は35件です。", "相談は03-3501-1101です。", "面談は大切です。")
    assert [s.text for s in dropped_facts(found, "電話は03-3501-1101です。", 5)] == ["事例は35件です。"]
    assert dropped_facts(found, "３５件の事例、電話は03-3501-1101", 5) == ()
    assert len(dropped_facts(found, "", 1)) == 1


def test_a_fact_that_was_said_under_another_heading() -> None:
    """This test ensures that the number of a heading does not make a sentence that was said one that was dropped."""
    found = answer("待遇を良くしましょう（対策例4）：技術者の待遇を良くすることが大切です。")
    assert dropped_facts(found, "技術者の待遇を良くすることが大切です。[1]", 5) == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("対策を行います。[1] " * 5, "対策を行います。[1] "),
        (
            "一つ目の対策です。[1]\n" + "同じことをします。[2]\n\n" * 4,
            "一つ目の対策です。[1]\n同じことをします。[2]\n\n",
        ),
        ("甲をします。次に乙をします。" * 4, "甲をします。次に乙をします。甲をします。"),
        ("対策を行います。[1] " * 3, None),
        ("はい。" * 9, None),
        ("".join(f"電話番号は06-000{n}です。[1]\n" for n in range(9)), None),
    ],
)
def test_a_model_that_repeats_itself(text: str, kept: str | None) -> None:
    """This test ensures that a loop is cut where it begins, and a list of like sentences is none."""
    assert without_loop(text) == kept
