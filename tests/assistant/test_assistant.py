"""The main path with its edges: statuses, history, restriction to documents, hostile text, determinism."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.errors import QuestionError
from assistant.library import Library
from assistant.models import AnswerStatus, Turn
from assistant.settings import Settings
from assistant.wiring import build_assistant
from index.errors import UnknownDocument


def assistant_over(folder: Path, **files: str) -> Assistant:
    """An assistant over small documents: file stem → text."""
    documents = folder / "documents"
    documents.mkdir()
    for name, text in files.items():
        (documents / f"{name}.md").write_text(text, encoding="utf-8")
    settings = Settings(folder / "data")
    Library(settings).build([documents])
    return build_assistant(settings)


def test_not_in_corpus_has_no_citation(digest_assistant: Assistant) -> None:
    """This test ensures that "not in the documents" is one sentence without citations, with passages all the same."""
    answer = digest_assistant.ask("今日の東京の天気を教えてください")
    assert answer.status is AnswerStatus.NOT_IN_CORPUS
    assert answer.text == "お尋ねの内容は、読み込んだ資料には書かれていません。"
    assert (answer.citations, answer.sentences) == ((), ())
    assert len(answer.passages) == 20


@pytest.mark.parametrize("greeting", ["こんにちは", "ありがとうございます", "hello", "あなたは誰ですか"])
def test_greeting_gets_a_short_answer_of_its_own(digest_assistant: Assistant, greeting: str) -> None:
    """This test ensures that small talk is neither searched for nor called missing from the documents."""
    answer = digest_assistant.ask(greeting)
    assert answer.status is AnswerStatus.NOT_IN_CORPUS
    assert "書かれていません" not in answer.text
    assert answer.citations == ()


@pytest.mark.parametrize("question", ["", "   ", "？！", "\x00\x01", "あ" * 10_000])
def test_question_that_cannot_be_asked(digest_assistant: Assistant, question: str) -> None:
    """This test ensures that an empty or endless question gets one clear line."""
    with pytest.raises(QuestionError) as error:
        digest_assistant.ask(question)
    assert "\n" not in str(error.value)


def test_control_characters_change_nothing(digest_assistant: Assistant) -> None:
    """This test ensures that invisible characters in a question do not change its answer."""
    clean = digest_assistant.ask("TICSとは何ですか")
    dirty = digest_assistant.ask("TICS\x07とは\u200b何で\x1bすか\n")
    assert dirty.citations == clean.citations


def test_same_question_same_answer(digest_assistant: Assistant) -> None:
    """This test ensures that a question over one index has one answer."""
    first, second = (digest_assistant.ask("海外の顧客からサンプルを求められた") for _ in range(2))
    assert (first.text, first.citations, first.passages) == (second.text, second.citations, second.passages)


def test_follow_up_leans_on_the_question_before(digest_assistant: Assistant) -> None:
    """This test ensures that a question that leans on the one before it is asked together with it."""
    history = [Turn("user", "海外工場から撤退するとき、製造装置はどうすればいいですか"), Turn("assistant", "…")]
    answer = digest_assistant.ask("契約のときは？", history)
    assert answer.standalone_question.startswith("海外工場から撤退するとき")
    assert "P42" in answer.text


def test_new_topic_drags_nothing_along(digest_assistant: Assistant) -> None:
    """This test ensures that a question that stands alone is asked alone."""
    history = [Turn("user", "海外工場から撤退するとき、製造装置はどうすればいいですか")]
    answer = digest_assistant.ask("近畿経済産業局の電話番号を教えてください", history)
    assert answer.standalone_question == "近畿経済産業局の電話番号を教えてください"


def test_answers_only_from_the_documents_asked_for(seeds_assistant: Assistant) -> None:
    """This test ensures that a restriction to documents holds for citations and passages."""
    only = {"kizashi-2026-01"}
    answer = seeds_assistant.ask("東郷製作所の取組を教えて", doc_ids=only)
    assert {c.doc_id for c in answer.citations} == only
    assert {p.chunk.doc_id for p in answer.passages} == only


def test_unknown_document_is_an_error(digest_assistant: Assistant) -> None:
    """This test ensures that a document id that is not indexed is named together with those that are."""
    with pytest.raises(UnknownDocument, match="digest-handbook-2026-04"):
        digest_assistant.ask("TICSとは何ですか", doc_ids=["nowhere"])


def test_text_in_documents_stays_text(tmp_path: Path) -> None:
    """This test ensures that markup, links, images and markers inside a document do not act in an answer."""
    hostile = (
        "# 手引き\n\n## 猫車の手入れ\n\n"
        "猫車の手入れは<script>alert(1)</script>毎週![x](http://example.invalid/a.png)行います[7]。"
        "[ここ](javascript:alert(1))を`見て`ください。\n"
    )
    answer = assistant_over(tmp_path, guide=hostile).ask("猫車の手入れについて教えて")
    assert answer.status is AnswerStatus.ANSWERED
    assert "[7]" not in answer.text
    for piece in ("<script", "![", "](", "`"):
        assert piece not in answer.text


def test_newer_edition_is_cited_before_the_one_it_replaces(tmp_path: Path) -> None:
    """This test ensures that of two editions the newer one answers first, and that citing the older one is noted."""
    text = "# 猫車の手引き\n\n## 点検の間隔\n\n猫車の点検の間隔は{}です。\n"
    folder = tmp_path / "editions"
    folder.mkdir()
    (folder / "old.md").write_text(text.format("二年"), encoding="utf-8")
    (folder / "new.md").write_text(text.format("一年"), encoding="utf-8")
    (folder / "sources.toml").write_text(
        '[[document]]\nfile = "old.md"\nid = "old"\ntitle = "猫車の手引き"\nedition = "第1版"\n'
        '[[document]]\nfile = "new.md"\nid = "new"\ntitle = "猫車の手引き"\nedition = "第2版"\nreplaces = ["old"]\n',
        encoding="utf-8",
    )
    settings = Settings(tmp_path / "data")
    Library(settings).build([folder])
    answer = build_assistant(settings).ask("猫車の点検の間隔を教えて")
    assert answer.citations[0].doc_id == "new"
    if any(citation.doc_id == "old" for citation in answer.citations):
        assert any("新しい版" in note for note in answer.notes)


def test_digest_is_marked(digest_assistant: Assistant) -> None:
    """This test ensures that an answer from a digest says so and its citations carry the original's address."""
    answer = digest_assistant.ask("TICSとは何ですか")
    assert any("要約" in note for note in answer.notes)
    assert all(c.is_digest and c.source_url and c.source_url.startswith("https://") for c in answer.citations)


def test_counts_are_of_what_is_there(seeds_assistant: Assistant) -> None:
    """This test ensures that a count that no document states is counted from the items, group by group."""
    text = seeds_assistant.ask("チェックリストは何項目ありますか").text
    assert "32" in text
    assert [line.rsplit("：", 1)[1][0] for line in text.splitlines() if line.startswith("- ")] == list("35798")


def test_warming_up_takes_every_passage_apart(digest_assistant: Assistant) -> None:
    """This test ensures that no question after it has to take a passage apart."""
    fresh = Assistant(digest_assistant.retriever, digest_assistant.retriever.tokenizer)
    fresh.warm_up()
    reader = fresh.find("TICSとは何ですか").reader
    assert reader._read.keys() == {chunk.chunk_id for chunk in fresh.retriever.chunks}


def test_an_assistant_is_a_runnable(digest_assistant: Assistant) -> None:
    """This test ensures that LangChain can build on the assistant itself."""
    answer = digest_assistant.as_runnable().invoke({"question": "TICSとは何ですか"})
    assert answer == replace(digest_assistant.ask("TICSとは何ですか"), timing=answer.timing)
