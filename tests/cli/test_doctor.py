"""Tests of `mamori doctor`: what is fine, and each fault as one line that says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant import doctor
from tests.cli.conftest import Run
from tests.cli.llm import CLIENTS, KEY, Play, needs_openai, playing

both_clients = pytest.mark.parametrize("client", CLIENTS)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Sets a server of a personality as the language model."""
    return playing(monkeypatch)


def wrong(out: str) -> list[str]:
    """The lines of what is wrong."""
    return [line for line in out.splitlines() if line.startswith("✗ ")]


def test_all_is_well(mamori: Run, digest: Path) -> None:
    """This test ensures that a whole installation has a line for each thing that was looked at, and exit 0."""
    result = mamori("doctor", "--data-dir", digest)
    assert (result.status, result.err, wrong(result.out)) == (0, "", [])
    lines = result.out.splitlines()
    names = (
        "Python",
        "パッケージ",
        "データフォルダー",
        "空き容量",
        "埋め込みモデル",
        "索引",
        "リランカー",
        "言語モデル",
    )
    assert [line.removeprefix("✓ ").partition(":")[0] for line in lines] == list(names)
    assert "streamlit" in lines[1]


def test_without_an_index(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that a missing index is one line that names the command, and nothing is made on the way."""
    result = mamori("doctor", "--data-dir", tmp_path / "new")
    (line,) = wrong(result.out)
    assert (result.status, "mamori index build" in line) == (1, True)
    assert "1 件の問題" in result.err
    assert not (tmp_path / "new").exists()


def test_a_damaged_index_and_a_wrong_encoder(
    mamori: Run, digest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that a changed file is named, and an encoder that is not there is said to be so."""
    copy = tmp_path / "copy"
    shutil.copytree(digest, copy)
    next(copy.rglob("chunks*.jsonl")).write_text("{}\n", encoding="utf-8")
    (line,) = wrong(mamori("doctor", "--data-dir", copy).out)
    assert line.startswith("✗ 索引: ")
    assert "chunks" in line
    monkeypatch.setenv("MAMORI_ENCODER", str(tmp_path))
    assert "✗ 埋め込みモデル: " in mamori("doctor", "--data-dir", digest).out


def test_a_data_folder_that_cannot_be_used(mamori: Run, document: Path) -> None:
    """This test ensures that a folder under a file is one line about the folder, not a traceback."""
    result = mamori("doctor", "--data-dir", document / "data")
    assert result.status == 1
    assert [line for line in wrong(result.out) if "データフォルダー" in line and "MAMORI_DATA_DIR" in line]
    assert "Traceback" not in result.err


def test_a_disk_that_is_full(mamori: Run, digest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that little room is said before a build breaks off for want of it."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))  # type: ignore[attr-defined]
    (line,) = wrong(mamori("doctor", "--data-dir", digest).out)
    assert line.startswith("✗ 空き容量: 0.0 GB")


def test_packages_that_are_missing_or_known_to_be_weak(
    mamori: Run, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that each such package has its line with the version to go to, optional ones only if there."""
    monkeypatch.setattr(doctor, "SAFE_FROM", {"numpy": "999.0", "pypdf": "1.0", "streamlit": "0.9.9"})
    monkeypatch.setattr(doctor, "NEEDED", (*doctor.NEEDED, "no-such-package"))
    monkeypatch.setattr(doctor, "BROUGHT_ALONG", ("nor-this-one",))
    lines = wrong(mamori("doctor", "--data-dir", digest).out)
    assert len(lines) == 2
    assert "no-such-package がありません" in lines[1]
    assert "numpy" in lines[0]
    assert "999.0 以上" in lines[0]


def test_a_reranker_that_is_not_there(
    mamori: Run, digest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that a setting that cannot be used is told where it is set."""
    monkeypatch.setenv("MAMORI_RERANKER", str(tmp_path))
    (line,) = wrong(mamori("doctor", "--data-dir", digest).out)
    assert line.startswith("✗ リランカー: ")


def test_a_setting_that_means_nothing(mamori: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that the settings themselves are checked."""
    monkeypatch.setenv("MAMORI_LLM_API_KEY_FILE", "/no/such/file")
    result = mamori("doctor")
    assert (result.status, result.err.count("\n")) == (1, 1)
    assert "MAMORI_LLM_API_KEY_FILE" in result.err


@both_clients
@pytest.mark.parametrize("personality", ["good", "endless"])
def test_a_model_that_replies(mamori: Run, digest: Path, play: Play, client: str, personality: str) -> None:
    """This test ensures that one small question is asked, and the line says which model, where, and how soon."""
    with play(personality, client, delay=0.001) as server:
        result = mamori("doctor", "--data-dir", digest)
    assert (result.status, wrong(result.out)) == (0, [])
    assert f"{client}:scripted（このパソコン）：返事の始まりまで" in result.out.splitlines()[-1]
    assert (len(server.requests), len(server.requests[0].prompt) < 100) == (1, True)


@both_clients
@pytest.mark.parametrize(
    ("personality", "told"),
    [
        ("unauthorised", "MAMORI_LLM_API_KEY"),
        ("unknown_model", "MAMORI_LLM と"),
        ("busy_once", "混み合って"),
        ("broken", "HTTP 500"),
        ("empty", "空です"),
        ("slow_first", "MAMORI_LLM_TIMEOUT_SECONDS"),
        ("no_streaming", "ストリーミング"),
        ("cut_off", "途中で切れ"),
    ],
)
def test_each_fault_of_a_model_is_one_line(
    mamori: Run, digest: Path, play: Play, client: str, personality: str, told: str
) -> None:
    """This test ensures that the line says what is wrong and which setting to look at, exits 1, and shows no key."""
    with play(personality, client, seconds="1", delay=4.0):
        result = mamori("doctor", "--data-dir", digest)
    (line,) = wrong(result.out)
    assert (result.status, told in line) == (1, True), line
    assert line.startswith(f"✗ 言語モデル: {client}:scripted（このパソコン）：")
    assert KEY not in result.out + result.err
    assert "sk-secret" not in result.out + result.err


@both_clients
def test_a_server_that_is_not_running(mamori: Run, digest: Path, play: Play, client: str) -> None:
    """This test ensures that a refused connection is told with the address's setting."""
    with play("good", client):
        pass
    (line,) = wrong(mamori("doctor", "--data-dir", digest).out)
    assert "つながりません" in line
    assert "MAMORI_LLM_BASE_URL" in line


@needs_openai
def test_a_model_that_writes_too_slowly(mamori: Run, digest: Path, play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a model that would take minutes for an answer is told to be too slow."""
    monkeypatch.setattr("assistant.doctor_model._LEAST_CHARACTERS_A_SECOND", 60.0)
    with play("slow_between", delay=0.3):
        (line,) = wrong(mamori("doctor", "--data-dir", digest).out)
    assert "遅すぎます" in line


def test_a_model_elsewhere_without_permission(mamori: Run, digest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that nothing is sent to another machine by looking after one's own."""
    monkeypatch.setenv("MAMORI_LLM", "openai:gpt-x")
    (line,) = wrong(mamori("doctor", "--data-dir", digest).out)
    assert "MAMORI_ALLOW_REMOTE=1" in line
