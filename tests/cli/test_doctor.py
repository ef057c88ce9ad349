"""Tests of `mamori doctor`: what is fine, and each fault as one line that says what to do."""

from __future__ import annotations

import json
import re
import shutil
import struct
import tomllib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from assistant import doctor_machine, doctor_packages
from assistant.doctor_machine import check_fonts, is_open_to_others
from assistant.doctor_packages import SAFE_FROM, Floor, check_packages
from tests.cli.conftest import Run
from tests.cli.llm import CLIENTS, KEY, Play, needs_openai, playing
from tests.repository import ROOT

both_clients = pytest.mark.parametrize("client", CLIENTS)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Sets a server of a personality as the language model."""
    return playing(monkeypatch)


def wrong(out: str) -> list[str]:
    """The lines of what is wrong."""
    return [line for line in out.splitlines() if line.startswith("✗ ")]


def line_of(out: str, name: str) -> str:
    """The one line about a thing, with its mark."""
    (line,) = (line for line in out.splitlines() if line[2:].startswith(f"{name}: "))
    return line


@pytest.fixture
def equipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with a Japanese font and text recognition, whatever this one has."""
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "kanji.ttf").write_bytes(font(1 << 17))
    monkeypatch.setattr(doctor_machine, "FONT_FOLDERS", (str(tmp_path / "fonts"),))
    monkeypatch.setattr(doctor_machine.sys, "platform", "linux")
    monkeypatch.setattr("corpus.readers.ocr.ocr_problem", lambda: None)


def font(code_pages: int, *, collection: bool = False) -> bytes:
    """The beginning of a font file: a table OS/2 that claims these code pages, in a collection or by itself."""
    start = 16 if collection else 0
    before = struct.pack(">4sIII", b"ttcf", 0x10000, 1, start) if collection else b""
    tables = struct.pack(">4sH6x", b"\0\1\0\0", 2) + struct.pack(">4s4xII", b"DSIG", 0, 0)
    return before + tables + struct.pack(">4s4xII", b"OS/2", start + 44, 86) + struct.pack(">78xI4x", code_pages)


@pytest.mark.usefixtures("equipped")
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
        "日本語フォント",
        "OCR",
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


@pytest.mark.usefixtures("equipped")
def test_as_json(mamori: Run, digest: Path, tmp_path: Path) -> None:
    """This test ensures that a program is told the same in one object, and the exit is the same."""
    good, bad = mamori("doctor", "--json", "--data-dir", digest), mamori("doctor", "--json", "--data-dir", tmp_path)
    listed = json.loads(good.out)
    lines = mamori("doctor", "--data-dir", digest).out.splitlines()
    assert [f"✓ {check['name']}: {check['text']}" for check in listed["checks"]] == lines
    assert ({check["state"] for check in listed["checks"]}, listed["problems"], good.status) == ({"ok"}, 0, 0)
    states = {check["name"]: check["state"] for check in json.loads(bad.out)["checks"]}
    assert (states["索引"], json.loads(bad.out)["problems"], bad.status) == ("problem", 1, 1)


@pytest.mark.usefixtures("equipped")
def test_advice_is_no_failure(mamori: Run, digest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that what only could be better is marked so, says what to do, and exits 0."""
    monkeypatch.setattr(doctor_machine, "FONT_FOLDERS", (str(tmp_path / "no-fonts"),))
    monkeypatch.setattr("corpus.readers.ocr.ocr_problem", lambda: "tesseract を入れてください。")
    monkeypatch.setattr(doctor_machine, "_modes", lambda folder: [0o755, 0o755])
    result = mamori("doctor", "--data-dir", digest)
    assert (result.status, result.err, wrong(result.out)) == (0, "", [])
    for name, told in (
        ("日本語フォント", "sudo apt install fonts-ipafont"),
        ("OCR", "tesseract を入れてください"),
        ("データフォルダー", f"chmod 700 {digest}"),
    ):
        line = line_of(result.out, name)
        assert line.startswith("△ ")
        assert told in line


@pytest.mark.parametrize(
    ("modes", "is_open"),
    [
        ([0o700, 0o755, 0o755], False),
        ([0o755, 0o700, 0o755], False),
        ([0o755, 0o755, 0o700], False),
        ([0o755, 0o755, 0o755], True),
        ([0o750, 0o755], True),
        ([0o701, 0o711], True),
        ([0o755, 0o744], False),
    ],
)
def test_who_gets_into_a_folder(modes: Sequence[int], is_open: bool) -> None:
    """This test ensures that one closed folder on the way is enough, and that to read a name is not to get in."""
    assert is_open_to_others([0o40000 | mode for mode in modes]) is is_open


@pytest.mark.usefixtures("equipped")
def test_a_folder_of_somebody_else(mamori: Run, digest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a folder that belongs to another person is told of."""
    owner = digest.stat().st_uid
    monkeypatch.setattr(doctor_machine.os, "getuid", lambda: owner + 1)
    line = line_of(mamori("doctor", "--data-dir", digest).out, "データフォルダー")
    assert line.startswith("△ ")
    assert "持ち主" in line


@pytest.mark.usefixtures("equipped")
@pytest.mark.parametrize(
    ("content", "is_japanese"),
    [
        (font(1 << 17), True),
        (font(1 << 17, collection=True), True),
        (font(1 << 16), False),
        (font(1 << 17)[:40], False),
        (b"", False),
        (b"ttcf", False),
        (b"\xff" * 200, False),
    ],
    ids=["font", "collection", "another language", "cut off", "empty", "cut off collection", "noise"],
)
def test_a_font_is_judged_by_what_it_says(tmp_path: Path, content: bytes, is_japanese: bool) -> None:
    """This test ensures that a font without Japanese, or a damaged one, is none for Japanese."""
    (tmp_path / "fonts" / "kanji.ttf").rename(tmp_path / "fonts" / "kanji.txt")
    (tmp_path / "fonts" / "deep").mkdir()
    (tmp_path / "fonts" / "deep" / "another.TTC").write_bytes(content)
    assert (check_fonts().text == "another.TTC", not check_fonts().is_advice) == (is_japanese, is_japanese)


@pytest.mark.usefixtures("equipped")
def test_other_systems_bring_a_font(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """This test ensures that nobody on Windows or a Mac is told to run apt."""
    monkeypatch.setattr(doctor_machine, "FONT_FOLDERS", (str(tmp_path / "no-fonts"),))
    monkeypatch.setattr(doctor_machine.sys, "platform", "darwin")
    assert not check_fonts().is_advice


@pytest.mark.usefixtures("equipped")
def test_what_lies_beside_the_index(mamori: Run, digest: Path, tmp_path: Path) -> None:
    """This test ensures that older generations and what a broken-off build left are counted."""
    copy = tmp_path / "copy"
    shutil.copytree(digest, copy)
    for name in ("20200101T000000Z-00000000", ".new-20200101T000000Z-00000001", ".new-CURRENT"):
        (copy / "index" / "generations" / name).mkdir()
    line = line_of(mamori("doctor", "--data-dir", copy).out, "索引")
    assert line.startswith("✓ ")
    assert "前の世代 1、作りかけ 2" in line


def test_packages_that_are_missing_or_known_to_be_weak(
    mamori: Run, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that each such package has its line with the version to go to, optional ones only if there."""
    table = {"numpy": Floor("999.0", "CVE-0000-1"), "pypdf": Floor("1.0", "CVE-0000-2"), "absent": Floor("1", "CVE-3")}
    monkeypatch.setattr(doctor_packages, "SAFE_FROM", table)
    monkeypatch.setattr(doctor_packages, "NEEDED", (*doctor_packages.NEEDED, "no-such-package"))
    monkeypatch.setattr(doctor_packages, "BROUGHT_ALONG", ("nor-this-one",))
    result = mamori("doctor", "--data-dir", digest)
    weak, missing = wrong(result.out)
    assert result.status == 1
    assert "no-such-package がありません" in missing
    assert "CVE-0000-1" in weak
    assert "numpy>=999.0" in weak


@pytest.mark.parametrize(
    ("found", "is_weak"),
    [
        ("1.10", False),
        ("1.9.9", True),
        ("1.10.0rc1", True),
        ("1.10.0+cpu", False),
        ("1.10.post1", False),
        ("2", False),
        ("unknown", True),
    ],
)
def test_versions_are_compared_as_versions(monkeypatch: pytest.MonkeyPatch, found: str, is_weak: bool) -> None:
    """This test ensures that 1.9 is before 1.10, a release candidate before its release, and a build the same."""
    monkeypatch.setattr(doctor_packages, "version", lambda name: found)
    monkeypatch.setattr(doctor_packages, "SAFE_FROM", {"tea": Floor("1.10.0", "CVE-0000-1")})
    assert [check.text[:3] for check in check_packages() if not check.is_fine] == ["tea"] * is_weak


def test_every_floor_names_its_advisory() -> None:
    """This test ensures that each floor can be looked up, and that a release is meant."""
    assert all(re.fullmatch(r"CVE-\d{4}-\d{4,}", floor.advisory) for floor in SAFE_FROM.values())
    assert not [floor for floor in SAFE_FROM.values() if Version(floor.version).is_prerelease]


def test_no_floor_is_above_what_we_pin() -> None:
    """This test ensures that doctor does not complain of the very versions that are recommended."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = {name.lower(): number for name, _, number in (line.partition("==") for line in lines if "==" in line)}
    looked_at = SAFE_FROM.keys() & pinned.keys()
    assert len(looked_at) >= 15
    assert not [name for name in looked_at if Version(pinned[name]) < Version(SAFE_FROM[name].version)]


def test_what_is_needed_is_what_is_declared() -> None:
    """This test ensures that no package is missed that the installation itself does not ask for."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    # transformers comes with sentence-transformers.
    assert {*doctor_packages.NEEDED} - {Requirement(line).name for line in declared} == {"transformers"}
    assert all(version(name) for name in doctor_packages.NEEDED)


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
