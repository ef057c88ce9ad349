"""Tests of `mamori eval judge`, with a model server on this machine."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant import chat_model, chat_reply
from eval.marks import CitationVerdict, Mark, MarkVerdict, marks_file, read_marks, store_mark
from eval.models import Kind, Question, Summary
from eval.runs import IndexInfo, RunInfo, append_answer, create, write_scores
from tests.cli.conftest import Run, is_one_helpful_line
from tests.eval.openai_server import ModelServer, Reply, model_server
from tests.pages.servers import guarded_environment
from tests.repository import ROOT

CORRECT = Reply('{"verdict": "correct", "reason": "合っています。"}')
WRONG = Reply('{"verdict": "wrong", "reason": "逆です。"}')
NAME = "openai:judge-1"
KEY = "sk-0123456789abcdef0123456789"

pytestmark = pytest.mark.skipif(
    not (find_spec("langchain") and find_spec("langchain_openai")), reason="needs the extra llm"
)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_reply, "_FIRST_PAUSE_SECONDS", 0.0)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """The model's server; the test puts its replies in."""
    with model_server([]) as running:
        yield running


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """The folder of a run with four answered questions and one rightly refused, in a data folder of its own."""
    questions = [_question(f"q{number}") for number in range(4)] + [_question("none", answerable=False)]
    info = RunInfo("2026-01-05T10:00:00", None, "tea", "0", len(questions), "mamori", IndexInfo(("d",)))
    folder = create(tmp_path / "data" / "eval" / "runs", info, questions)
    for question in questions:
        status = "answered" if question.answerable else "not_in_corpus"
        append_answer(folder, {"id": question.id, "status": status, "answer": "八十度の湯です。"})
    write_scores(folder, [], Summary({}, {}))
    (folder / "scores.jsonl").write_text(json.dumps(_score()) + "\n", encoding="utf-8")
    return folder


def _question(name: str, *, answerable: bool = True) -> Question:
    kind, reference = (Kind.FACT, "八十度です。") if answerable else (Kind.UNANSWERABLE, "")
    return Question(name, "何度の湯で淹れますか", "ja", kind, (), answerable, reference, (), (), "")


def _score() -> dict[str, object]:
    basics = {"id": "q0", "kind": "fact", "language": "ja", "answerable": True}
    return basics | {"outcome": "right", "scores": {}}


def data_dir(folder: Path) -> Path:
    """The data folder that a run lies in."""
    return folder.parents[2]


def by_hand(folder: Path, marker: str, **verdicts: str) -> None:
    """Mark answers as a person."""
    for name, verdict in verdicts.items():
        mark = Mark(folder.name, name, marker, MarkVerdict(verdict), CitationVerdict.NONE, "", "2026-01-05T10:00:00")
        store_mark(marks_file(data_dir(folder)), mark)


def options(folder: Path, server: ModelServer) -> list[str]:
    """The options that every judge here has."""
    return ["--model", NAME, "--base-url", f"{server.url}/v1", "--data-dir", str(data_dir(folder))]


def test_verdicts_and_agreement(mamori: Run, finished: Path, server: ModelServer) -> None:
    """This test ensures that the counts and the agreement with each person are printed, and the marks stored."""
    by_hand(finished, "山", q0="correct", q1="wrong", q2="correct", q3="correct")
    by_hand(finished, "モデル:other", q0="correct")
    server.replies.extend([CORRECT, WRONG, CORRECT, WRONG])
    result = mamori("eval", "judge", finished.name, *options(finished, server))
    assert result.status == 0, result.err
    rows = [line.split() for line in result.out.splitlines()]
    assert [row for row in rows if row[:1] in (["正しい"], ["一部正しい"], ["誤り"])] == [
        ["正しい", "3"],
        ["一部正しい", "0"],
        ["誤り", "2"],
    ]
    # Agreed on three of four; by chance alone one would expect half: (0.75 − 0.5) / (1 − 0.5).
    assert ["山", "0.50", "4"] in rows
    assert "other" not in result.out
    assert "κは" in result.out
    marks = [mark for mark in read_marks(marks_file(data_dir(finished))).entries if mark.marker == f"モデル:{NAME}"]
    assert [(mark.question_id, mark.verdict.value) for mark in marks] == [
        ("q0", "correct"),
        ("q1", "wrong"),
        ("q2", "correct"),
        ("q3", "wrong"),
        ("none", "correct"),
    ]


def test_nobody_marked_yet(mamori: Run, finished: Path, server: ModelServer) -> None:
    """This test ensures that verdicts that nobody checked are not shown without saying so."""
    server.replies.append(CORRECT)
    result = mamori("eval", "judge", finished, *options(finished, server))
    assert "人の評価がまだありません" in result.out


def test_limit_then_the_rest(mamori: Run, finished: Path, server: ModelServer) -> None:
    """This test ensures that a second judge asks only for what the first left, and counts both."""
    server.replies.append(CORRECT)
    first = mamori("eval", "judge", finished, *options(finished, server), "--limit", "1", "--json")
    second = mamori("eval", "judge", finished, *options(finished, server), "--json")
    third = mamori("eval", "judge", finished, *options(finished, server), "--json")
    assert [json.loads(result.out)["judged_now"] for result in (first, second, third)] == [1, 4, 0]
    assert json.loads(third.out)["verdicts"] == {"correct": 5, "partly": 0, "wrong": 0}
    assert len(server.paths) == 4
    assert "1 件を飛ばします" in second.err


def test_unread_replies_are_named_and_asked_again_later(mamori: Run, finished: Path, server: ModelServer) -> None:
    """This test ensures that a reply that means nothing is no verdict, is said, and is not taken for judged."""
    server.replies.extend([Reply("はい。"), Reply("ええ。"), CORRECT])
    first = mamori("eval", "judge", finished, *options(finished, server))
    assert first.status == 0
    assert re.search("読み取れなかった質問 1 件：q0", first.out)
    second = json.loads(mamori("eval", "judge", finished, *options(finished, server), "--json").out)
    assert (second["judged_now"], second["unread"]) == (1, [])


def test_a_server_that_goes_away(mamori: Run, finished: Path, server: ModelServer) -> None:
    """This test ensures that what was judged stays, the line says how many and what to do, and the exit is 1."""
    server.replies.extend([CORRECT, Reply("down", status=503)])
    result = mamori("eval", "judge", finished, *options(finished, server))
    assert result.status == 1
    assert is_one_helpful_line(result.err), result.err
    assert "1 件を判定して保存しました。残りは 4 件です。" in result.err
    assert len(read_marks(marks_file(data_dir(finished))).entries) == 1


def test_a_wrong_key_is_not_printed(
    mamori: Run, finished: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that the key reaches the server and no output, whatever the server writes."""
    monkeypatch.setenv("MAMORI_LLM_API_KEY", KEY)
    for status in (401, 400):
        server.replies[:] = [Reply(f"bad key {KEY}", status=status)]
        result = mamori("eval", "judge", finished, *options(finished, server))
        assert result.status == 1
        assert KEY not in result.out + result.err
    assert set(server.authorizations) == {f"Bearer {KEY}"}


def test_what_is_wrong_beforehand(
    mamori: Run, finished: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that an unknown run, a remote model and a missing package are one line each, exit 1."""
    data = ["--data-dir", data_dir(finished)]
    (finished.parent / "bare").mkdir()
    results = [
        mamori("eval", "judge", "nowhere", *options(finished, server)),
        mamori("eval", "judge", finished, "--model", "openai:gpt-x", *data),
        mamori("eval", "judge", finished, "--model", "gpt-x", *data),
        mamori("eval", "judge", finished, "--model", NAME, "--base-url", "llm.example.com", *data),
        mamori("eval", "judge", finished.parent / "bare", *options(finished, server)),
    ]
    (finished / "questions.jsonl").unlink()
    results.append(mamori("eval", "judge", finished, *options(finished, server)))
    monkeypatch.setattr(chat_model, "find_spec", lambda name: None)
    results.append(mamori("eval", "judge", finished, *options(finished, server)))
    for result, named in zip(
        results, ("nowhere", "MAMORI_ALLOW_REMOTE", "ollama:", "llm.example.com", "bare", "文章", "pip"), strict=True
    ):
        assert (result.status, result.out) == (1, "")
        assert is_one_helpful_line(result.err), result.err
        assert named in result.err
    assert server.paths == []


def test_wrong_usage(mamori: Run, finished: Path) -> None:
    """This test ensures that a judge without a model, or with no number of answers, is wrong usage."""
    for arguments in (["judge", finished], ["judge", finished, "--model", NAME, "--limit", "0"]):
        result = mamori("eval", *arguments)
        assert (result.status, result.out) == (2, "")
        assert is_one_helpful_line(result.err), result.err


def test_nothing_goes_anywhere_but_to_the_server(finished: Path, server: ModelServer, tmp_path: Path) -> None:
    """This test ensures that tracing, gateways and proxies of the environment see nothing of a local judge."""
    server.replies.append(CORRECT)
    notes = tmp_path / "attempts.txt"
    with model_server([Reply()]) as trap:
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_PROXY"), trap.url)
        addresses = dict.fromkeys(("OPENAI_BASE_URL", "OPENAI_API_BASE"), trap.url)
        tracing = {"LANGSMITH_TRACING": "true", "LANGCHAIN_TRACING_V2": "true", "LANGSMITH_API_KEY": KEY}
        gateway = {"LANGSMITH_ENDPOINT": trap.url, "LANGCHAIN_ENDPOINT": trap.url, "LANGSMITH_GATEWAY": trap.url}
        result = subprocess.run(
            [sys.executable, "-m", "cli", "eval", "judge", str(finished), *options(finished, server)],
            cwd=ROOT,
            env=guarded_environment(notes, **proxies, **addresses, **tracing, **gateway, OPENAI_API_KEY=KEY),
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert result.returncode == 0, result.stderr
    assert (trap.paths, notes.exists()) == ([], False)
    assert set(server.authorizations) == {"Bearer no-key"}
    assert len(server.paths) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_keeps_what_was_judged(finished: Path, server: ModelServer, tmp_path: Path) -> None:
    """This test ensures that an interrupt ends with 130, one mark stored and a line that says how to go on."""
    server.replies.extend([CORRECT, Reply("late", delay=30)])
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "eval", "judge", str(finished), *options(finished, server)],
        cwd=ROOT,
        env=guarded_environment(tmp_path / "attempts.txt"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 60
    while len(server.paths) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "1 件を判定して保存しました" in err
    assert "Traceback" not in err
    assert len(read_marks(marks_file(data_dir(finished))).entries) == 1
