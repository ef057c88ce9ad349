"""Reading in a child process: whatever becomes of the child, the parent gets a verdict, in time, and nothing stays."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from corpus import child, sandbox
from corpus.errors import NoScratchSpace
from corpus.limits import Limits
from corpus.manifest import Source
from corpus.models import Verdict
from corpus.sandbox import Sandboxed, read_apart, unpack_apart

TEA = "# 茶の手引き\n\n一番茶は五月に摘みます。\n"
ENDINGS = {
    "hangs": ("import time; time.sleep(60)", True),
    "raises": ("raise ValueError", False),
    "is killed": ("import os; os.kill(os.getpid(), 9)", True),
    "writes nothing": ("pass", False),
    "writes no JSON": ("{write}.write_text('{{')", False),
    "writes another thing": ("{write}.write_text('[]')", False),
    "leaves out the result": ("{write}.write_text('{{}}')", False),
    "makes up a verdict": ('{write}.write_text(\'{{"sha256": "0", "read": {{"verdict": "fine"}}}}\')', False),
    "writes without end": ("{write}.write_bytes(b'0' * 3000000)", True),
}
WRITE = "__import__('pathlib').Path(__import__('json').load(__import__('sys').stdin)['result'])"


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    """A document."""
    path = tmp_path / "tea.md"
    path.write_text(TEA, encoding="utf-8")
    return path


def stand_in(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the child run this code instead of the reader."""

    def started(scratch: str, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            cwd=scratch,
            start_new_session=True,
        )

    monkeypatch.setattr(sandbox, "_started", started)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go; nothing may be left there."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def test_a_document_comes_back_whole(tea: Path, scratch: Path) -> None:
    """This test ensures that pages, blocks and description are the same on this side of the wall."""
    back = read_apart(tea, "tea.md")
    assert (back.file.verdict, back.gave_up) == (Verdict.READ, False)
    assert back.file.source == Source("tea", "茶の手引き")
    assert [block.text for page in back.file.pages for block in page.blocks][-1] == "一番茶は五月に摘みます。"


def test_what_is_known_of_a_file_is_kept(tea: Path, scratch: Path) -> None:
    """This test ensures that the description from sources.toml goes through the child and back."""
    source = Source("t", "茶", published="2026-01", replaces=("old",))
    assert read_apart(tea, "tea.md", source).file.source == source


@pytest.mark.parametrize("ending", ENDINGS)
def test_whatever_becomes_of_the_child(tea: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    """This test ensures that a lost child is a damaged file, one line, at once, and told apart from a fault of ours."""
    code, gave_up = ENDINGS[ending]
    stand_in(monkeypatch, code.format(write=WRITE))
    started = time.monotonic()
    back = read_apart(tea, "tea.md", limits=Limits(seconds=2, output_bytes=1_000_000))
    assert time.monotonic() - started < 10
    assert (back.file.verdict, back.gave_up) == (Verdict.DAMAGED, gave_up)
    assert len(back.file.warnings) == 1
    assert "\n" not in back.file.warnings[0]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on memory there")
def test_memory_is_limited(tmp_path: Path, scratch: Path) -> None:
    """This test ensures that a reader that needs more memory than allowed ends, and the person learns why."""
    path = tmp_path / "large.txt"
    path.write_text("茶の話をします。\n\n" * 1_000_000, encoding="utf-8")
    back = read_apart(path, "large.txt", limits=Limits(memory_bytes=150_000_000))
    assert (back.file.verdict, back.gave_up) == (Verdict.DAMAGED, True)
    assert "メモリ" in back.file.warnings[0]


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are not there")
def test_nobody_stays_behind(tea: Path, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a program that the child started ends with it."""
    note = tmp_path / "pid"
    inner = "import time; time.sleep(60)"
    stand_in(
        monkeypatch,
        f"import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', {inner!r}]);"
        f" open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(60)",
    )
    read_apart(tea, "tea.md", limits=Limits(seconds=2))
    pid = int(note.read_text())
    for _ in range(50):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            return
        time.sleep(0.1)
    os.kill(pid, 9)
    pytest.fail("a program was left behind")


def test_no_key_reaches_the_child(tea: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that the child's environment holds nothing that a document could give away."""
    monkeypatch.setenv("MAMORI_LLM_API_KEY", "secret")
    handed: list[dict[str, str]] = []
    popen = subprocess.Popen

    def noted(*arguments: object, **options: object) -> object:
        handed.append(options["env"])  # type: ignore[arg-type]
        return popen(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", noted)
    assert read_apart(tea, "tea.md").file.verdict is Verdict.READ
    assert handed
    assert all("secret" not in environment.values() for environment in handed)


CONNECT = "import sys; sys.path.insert(0, {root!r}); from corpus.limits import Limits, hold_to; import {module}\n{code}"


@pytest.mark.parametrize(
    ("module", "call"),
    [
        ("socket", "socket.create_connection(('127.0.0.1', 9))"),
        ("os", "os.system('true')"),
        ("subprocess", "subprocess.run(['true'])"),
        ("os", "os.fork()"),
    ],
)
def test_a_reader_reaches_nothing(module: str, call: str) -> None:
    """This test ensures that a process that reads connects to nobody and starts nothing."""
    if call == "os.fork()" and sys.platform == "win32":
        pytest.skip("no fork there")
    root = str(Path(__file__).parents[2])
    code = "hold_to(Limits(), may_start_programs=False)\n"
    code += f"try:\n    {call}\nexcept PermissionError:\n    raise SystemExit(7)"
    finished = subprocess.run([sys.executable, "-c", CONNECT.format(root=root, module=module, code=code)], check=False)
    assert finished.returncode == 7


def test_a_file_that_changes_is_not_quarantined(tmp_path: Path, scratch: Path) -> None:
    """This test ensures that a file that grew past the limit meanwhile is told of, and may be tried again."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 2000)
    back = read_apart(path, "a.txt", limits=Limits(file_bytes=1000))
    assert back == Sandboxed(back.file, None, gave_up=False)
    assert "変わりました" in back.file.warnings[0]


def test_an_archive_that_cannot_be_unpacked_says_why(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that a child lost to an archive leaves no member and one line."""
    stand_in(monkeypatch, "import time; time.sleep(60)")
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x05\x06" + bytes(18))
    with unpack_apart(path, Limits(seconds=1)) as (members, problem):
        assert (members, bool(problem)) == ([], True)


def test_no_room_is_no_fault_of_the_file(tea: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """This test ensures that a full disk stops the reading with one line, and no file is called damaged for it."""
    stand_in(monkeypatch, f"raise SystemExit({child.NO_ROOM})")
    with pytest.raises(NoScratchSpace) as caught:
        read_apart(tea, "tea.md")
    assert "\n" not in str(caught.value)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(NoScratchSpace):
        read_apart(tea, "tea.md")
