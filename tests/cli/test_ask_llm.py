"""Tests of `mamori ask` with a language model: the real clients against the scripted server, and without any."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.models import Answer, AnswerStatus, Sentence, Support
from cli.printed import printed
from tests.cli.conftest import Run, is_one_helpful_line
from tests.cli.llm import CLIENTS, KEY, Play, needs_openai, playing, set_model
from tests.llm_server import llm_server
from tests.pages.servers import ROOT

QUESTION = "退職者への対策は何をすればよいですか"
ELSEWHERE = "来週の大阪の天気を教えて"
WRITTEN = "回答の文章：{client}:scripted（このパソコンのモデル）"
both_clients = pytest.mark.parametrize("client", CLIENTS)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Sets a server of a personality as the language model."""
    return playing(monkeypatch)


@both_clients
def test_a_good_model_writes_the_answer(mamori: Run, digest: Path, play: Play, client: str) -> None:
    """This test ensures that its verified text is printed with its sources, and who wrote it where."""
    with play("good", client) as server:
        result = mamori("ask", QUESTION, "--data-dir", digest)
    answer, sources = result.out.split("\n出典\n")
    assert (result.status, result.err, len(server.requests)) == (0, "", 1)
    assert WRITTEN.format(client=client) in answer
    assert "[1]" in answer
    assert sources.startswith("[1] ")


@both_clients
def test_invented_markers_are_gone_and_counted(mamori: Run, digest: Path, play: Play, client: str) -> None:
    """This test ensures that no marker is printed that no source below answers to."""
    with play("invents_markers", client):
        result = mamori("ask", QUESTION, "--data-dir", digest)
    assert "出典番号を" in result.out
    assert not [number for number in ("70", "71", "72", "98") if f"[{number}]" in result.out]


@both_clients
@pytest.mark.parametrize(
    ("personality", "told"),
    [
        ("changes_numbers", "資料で確かめられない文が多く"),
        ("unauthorised", "HTTP 401"),
        ("chinese", "質問と違う言語"),
        ("slow_first", "返事が来ません"),
    ],
)
def test_a_fault_gives_the_extractive_answer_with_a_note(
    mamori: Run, digest: Path, play: Play, client: str, personality: str, told: str
) -> None:
    """This test ensures that whatever is amiss the person gets an answer, one note, exit 0, and no key."""
    plain = mamori("ask", "--no-llm", "--json", QUESTION, "--data-dir", digest)
    with play(personality, client, seconds="1", delay=4.0):
        start = time.monotonic()
        result = mamori("ask", "--json", QUESTION, "--data-dir", digest)
        assert time.monotonic() - start < 4.0
    answer = json.loads(result.out)
    assert (result.status, answer["generated"], answer["answer"]) == (0, False, json.loads(plain.out)["answer"])
    assert told in answer["notes"][0]
    assert KEY not in result.out + result.err
    assert "Traceback" not in result.err


@both_clients
def test_a_refused_connection(mamori: Run, digest: Path, play: Play, client: str) -> None:
    """This test ensures that a server that is not running is told at once, and nothing is said to have been written."""
    with play("good", client):
        pass
    result = mamori("ask", QUESTION, "--data-dir", digest)
    assert (result.status, "サーバーにつながりません" in result.out) == (0, True)
    assert "回答の文章" not in result.out


@both_clients
def test_an_endless_model_is_left(mamori: Run, digest: Path, play: Play, client: str) -> None:
    """This test ensures that a model that does not stop is stopped, with what it said until then."""
    with play("endless", client, delay=0.001) as server:
        answer = json.loads(mamori("ask", "--json", QUESTION, "--data-dir", digest).out)
        end = time.monotonic() + 3
        while not server.left_early and time.monotonic() < end:
            time.sleep(0.02)
    assert answer["fault"] == "repeated"
    assert answer["answer"].count("対策を行うことが大切です") == 1
    assert server.left_early == 1


@needs_openai
def test_no_llm_asks_nobody(mamori: Run, digest: Path, play: Play) -> None:
    """This test ensures that `--no-llm` gives the answer as it is without a model, and sends nothing."""
    with play("good") as server:
        result = mamori("ask", "--no-llm", QUESTION, "--data-dir", digest)
    assert server.requests == []
    assert "回答の文章" not in result.out


@needs_openai
def test_a_file_of_questions(mamori: Run, digest: Path, play: Play, tmp_path: Path) -> None:
    """This test ensures that follow-ups of a file reach the model with both wordings, and that faults are counted."""
    questions, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    history = [["user", "営業秘密管理とは何ですか"], ["assistant", "管理の考え方です。"]]
    rows = [{"id": "a", "question": QUESTION}, {"id": "b", "question": "その対策は？", "history": history}]
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with play("good"):
        result = mamori("ask", "--questions", questions, "--output", out, "--data-dir", digest)
    first, second = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert (result.status, first["generated"], first["question_by_rule"]) == (0, True, None)
    assert second["question_by_rule"]
    assert "openai:scripted（このパソコンのモデル）" in result.err
    with play("unauthorised"):
        result = mamori("ask", "--questions", questions, "--output", out, "--data-dir", digest)
    assert (result.status, "2 件は言語モデルの答えが使えず" in result.err) == (0, True)


def test_the_prompt_is_shown_and_not_sent(mamori: Run, digest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that `--show-prompt` needs no model, and sends nothing where one is set."""
    plain = mamori("ask", "--show-prompt", QUESTION, "--data-dir", digest)
    assert (plain.status, plain.err) == (0, "")
    assert plain.out.startswith("# system\n")
    assert QUESTION in plain.out
    assert "[passage 1 " in plain.out
    with llm_server("good") as server:
        set_model(monkeypatch, "openai", server.openai_url)
        shown = mamori("ask", "--show-prompt", QUESTION, "--data-dir", digest)
    assert (shown.out.count("[passage "), server.requests) == (plain.out.count("[passage "), [])


def test_a_question_that_is_not_sent_shows_no_prompt(mamori: Run, digest: Path) -> None:
    """This test ensures that it is said where a model would not be asked at all."""
    result = mamori("ask", "--show-prompt", ELSEWHERE, "--data-dir", digest)
    assert (result.status, result.out) == (0, "")
    assert "送りません" in result.err


@pytest.mark.parametrize(
    "arguments", [["--show-prompt", "--json", QUESTION], ["--show-prompt", "--questions", "a", "--output", "b"]]
)
def test_wrong_usage_of_the_prompt(mamori: Run, arguments: list[str]) -> None:
    """This test ensures that options that do not go together are one line and exit 2."""
    result = mamori("ask", *arguments)
    assert (result.status, result.out) == (2, "")
    assert is_one_helpful_line(result.err)


@pytest.mark.parametrize(
    ("model", "told"),
    [("gpt-x", "書き方が違います"), ("openai:gpt-x", "MAMORI_ALLOW_REMOTE=1"), ("llama:x", "ollama:")],
)
def test_a_model_that_cannot_be_had(
    mamori: Run, digest: Path, monkeypatch: pytest.MonkeyPatch, model: str, told: str
) -> None:
    """This test ensures that a wrong name, or a model on another machine without permission, is one line, exit 1."""
    monkeypatch.setenv("MAMORI_LLM", model)
    result = mamori("ask", QUESTION, "--data-dir", digest)
    assert (result.status, result.out) == (1, "")
    assert is_one_helpful_line(result.err)
    assert told in result.err


def test_weak_sentences_are_marked_and_the_way_out_is_told() -> None:
    """This test ensures that a statement that is carried only in part shows it, each time, and only in such answers."""
    weak, good = Sentence("台帳に記入します。", (1, 2), Support.WEAK), Sentence("戻します。", (1,), Support.SUPPORTED)
    text = "**台帳に記入します。** [1][2] 戻します。 [1]\n\n- 台帳に記入します。 [1][2]"
    answer = Answer("q", "q", text, (weak, good), (), (), AnswerStatus.ANSWERED, generated=True, model="openai:m")
    out = printed(answer, "api.example.com")
    assert out.count("[1][2]（要確認）") == 2
    assert out.count("（要確認）") == 2
    assert "回答の文章：openai:m（別のコンピューター api.example.com へ質問と資料の一部を送りました）" in out
    extractive = Answer("q", "q", text, (weak,), (), (), AnswerStatus.ANSWERED, model="openai:m", fault="busy")
    assert "（要確認）" not in printed(extractive)
    assert "api.example.com へ質問" in printed(extractive, "api.example.com")


@needs_openai
@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals there")
def test_on_a_terminal_the_text_grows_and_gives_way_to_the_answer(digest: Path) -> None:
    """This test ensures that a person sees the text while it comes, and the whole answer once in the end."""
    import pty

    with llm_server("slow_between", delay=0.02) as server:
        environment = {
            **os.environ,
            "MAMORI_LLM": "openai:scripted",
            "MAMORI_LLM_BASE_URL": server.openai_url,
            "TERM": "xterm",
            "COLUMNS": "80",
            "LINES": "24",
        }
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "cli", "ask", QUESTION, "--data-dir", str(digest)]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=theirs, stderr=theirs) as process:
            os.close(theirs)
            seen = _all_of(ours)
        assert process.returncode == 0
    text = seen.decode()
    assert "返事を待っています" in text
    *growing, final = text.split("\x1b[2K")
    assert len(growing) > 5
    assert final.count("回答の文章：openai:scripted") == 1
    assert "出典" in final


def _all_of(terminal: int) -> bytes:
    """Everything that is written to a terminal until nobody holds its other end."""
    seen = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            return seen
        if not piece:
            return seen
        seen += piece
