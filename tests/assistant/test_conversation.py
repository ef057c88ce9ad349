"""Follow-ups and changes of topic: told apart by wording, and over the digest by what is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.conversation import MAX_CONTEXT_CHARS, joined, last_answer, leans, stand_alone, topic_of
from assistant.models import Turn
from assistant.question import analyse

CONVERSATIONS = Path(__file__).resolve().parents[1] / "data" / "conversations.jsonl"
LEAST_TOLD, LEAST_FOUND = 0.9, 0.75


@pytest.fixture(scope="module")
def conversations() -> list[dict[str, Any]]:
    """Conversations over the digest: half of them go on, half of them change the topic."""
    return [json.loads(line) for line in CONVERSATIONS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    "question",
    [
        "それはなぜですか",
        "契約のときは？",
        "じゃあ海外では？",
        "ほかには？",
        "もっと詳しく",
        "でもそこまでやると大変では？",
        "And what about samples?",
    ],
)
def test_leaning_by_wording(question: str) -> None:
    """This test ensures that a question that goes on or points back is told without any search."""
    assert leans(question, "サンプルを求められた")


@pytest.mark.parametrize(
    "question",
    [
        "この前、取引先から図面を求められました",
        "ところで、それとは別にTICSを知りたい",
        "このハンドブックはいつ発行されましたか",
        "これから海外に工場を建てる会社は何を確認すべきですか",
        "Which technologies must be reported in advance?",
        "それ" + "あ" * 400,
    ],
)
def test_question_of_its_own_by_wording(question: str) -> None:
    """This test ensures that words that only look like pointing back do not drag the conversation along."""
    assert not leans(question, "サンプルを求められた")


@pytest.mark.parametrize(
    ("before", "question", "together"),
    [
        ("Go-Tech事業って何ですか", "認証があるとどうなる?", "Go-Tech事業について、認証があるとどうなる？"),
        ("TICSについて教えてください", "それは誰が審査するの?", "TICSについて、誰が審査するの？"),
        ("工場を閉めます。", "じゃあ装置は?", "工場を閉めます。じゃあ装置は？"),
        ("輸出管理が強くなったそうですね", "内訳は?", "輸出管理が強くなったそうですね。内訳は？"),
        ("What is TICS?", "Who built it?", "What is TICS? Who built it?"),
    ],
)
def test_joined_question_reads_well(before: str, question: str, together: str) -> None:
    """This test ensures that two questions become one sentence or two, without arrows and the like."""
    assert joined(before, question) == together


def test_topic_is_only_taken_from_a_plain_question() -> None:
    """This test ensures that a story of two sentences is not cut down to a topic."""
    assert topic_of("専門家を派遣してくれる制度はありますか") == "専門家を派遣してくれる制度"
    assert topic_of("工場を閉めます。装置はどうすればいいですか") == ""


def test_context_of_a_chain_reaches_back() -> None:
    """This test ensures that a follow-up to a follow-up still knows what the first question was about."""
    history = [
        Turn("user", "TICSについて教えて"),
        Turn("assistant", "認証です。"),
        Turn("user", "それは誰が審査するの？"),
    ]
    assert "TICS" in stand_alone("じゃあ費用は？", history)


@pytest.mark.parametrize("before", ["", "？！", "\x00", "あ" * 5000, "㍿" * 999])
def test_strange_turns_before_do_no_harm(digest_assistant: Assistant, before: str) -> None:
    """This test ensures that whatever was said before, the question at hand can be asked."""
    answer = digest_assistant.ask("それはなぜですか", [Turn("user", before), Turn("assistant", "")])
    assert len(answer.standalone_question) <= MAX_CONTEXT_CHARS + 20


def test_last_answer_is_one_plain_sentence() -> None:
    """This test ensures that markers and markup of an answer are not searched for."""
    history = [Turn("user", "q"), Turn("assistant", "**装置**：装置は返します。 [1] あとは捨てます。 [2]")]
    assert last_answer(history) == "装置 :装置は返します。"
    assert last_answer(history[:1]) == ""


def test_follow_up_keeps_its_own_words(digest_assistant: Assistant) -> None:
    """This test ensures that a query knows what the follow-up says by itself, and nothing where it stands alone."""
    history = [Turn("user", "共同研究の相手を選ぶときに何を調べますか")]
    assert analyse("個人については？", history).own == "個人については?"
    assert analyse("北海道経済産業局の電話番号を教えてください", history).own == ""


@pytest.mark.parametrize("follow_up", [True, False])
def test_conversations_are_told_apart(
    digest_assistant: Assistant, conversations: list[dict[str, Any]], follow_up: bool
) -> None:
    """This test ensures that follow-ups are asked with their context and changes of topic alone, and find a passage."""
    told = found = 0
    chosen = [one for one in conversations if one["follow_up"] is follow_up]
    for one in chosen:
        result = digest_assistant.find(one["question"], [Turn(role, text) for role, text in one["history"]])
        told += bool(result.query.own) is follow_up
        found += any(
            r.chunk.doc_id == gold["doc_id"] and any(gold["section"] in heading for heading in r.chunk.section)
            for r in result.results[:5]
            for gold in one["gold"]
        )
    assert len(chosen) >= 20
    assert told / len(chosen) >= LEAST_TOLD
    assert found / len(chosen) >= LEAST_FOUND
