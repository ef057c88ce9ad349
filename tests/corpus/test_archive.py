"""ZIP archives: bombs, links, traversal, names of any kind; every file that is not unpacked is told of."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from corpus import archive
from corpus.archive import ArchiveLimits, Member, check_archive, member_name, shown_name, unpack
from corpus.models import Verdict

TEXT = "一番茶は五月に摘みます。".encode()
MEGABYTE = 1_000_000


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return file.getvalue()


def with_raw_name(raw: bytes, data: bytes = TEXT, flags: int = 0) -> bytes:
    """A ZIP with one stored member whose name is these very bytes."""
    made = zipped({"n" * len(raw): data}, zipfile.ZIP_STORED).replace(b"n" * len(raw), raw)
    return _with_flags(made, flags)


def _with_flags(data: bytes, flags: int) -> bytes:
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + offset : at + offset + 2] = struct.pack("<H", flags)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def with_claim(data: bytes, size: int, content: bytes) -> bytes:
    """A ZIP of one member that claims to hold the first `size` bytes of `content`, with their checksum."""
    changed, claim = bytearray(data), struct.pack("<I", zlib.crc32(content[:size]))
    for mark, crc_at, size_at in ((b"PK\x03\x04", 14, 22), (b"PK\x01\x02", 16, 24)):
        at = changed.find(mark)
        changed[at + crc_at : at + crc_at + 4] = claim
        changed[at + size_at : at + size_at + 4] = struct.pack("<I", size)
    return bytes(changed)


def special(name: str, mode: int) -> bytes:
    """A ZIP whose one member is a link or a device of this mode."""
    file, info = io.BytesIO(), zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    with zipfile.ZipFile(file, "w") as target:
        target.writestr(info, b"/etc/passwd")
    return file.getvalue()


def overlapping(count: int, size: int) -> bytes:
    """A ZIP of `count` members that are all the same bytes."""
    single = zipped({"a.txt": bytes(size)})
    start, end = single.find(b"PK\x01\x02"), single.find(b"PK\x05\x06")
    record = bytearray(single[end:])
    struct.pack_into("<HHII", record, 8, count, count, (end - start) * count, start)
    return single[:start] + single[start:end] * count + bytes(record)


def problem_of(members: list[Member]) -> tuple[str, Verdict | None]:
    """The problem and the verdict of the one member, which must not have been unpacked."""
    (member,) = members
    assert member.path is None
    assert member.problem
    assert "\n" not in member.problem
    return member.problem, member.verdict


def test_files_are_written_under_names_of_our_own(tmp_path: Path) -> None:
    """This test ensures that content arrives whole, with the name beside it and not in the path."""
    members = unpack(zipped({"資料/茶.TXT": TEXT, "資料/": b"", "b": b"tea"}), tmp_path)
    assert [member.name for member in members] == ["資料/茶.TXT", "b"]
    assert [member.path.name for member in members if member.path] == ["00001.txt", "00003"]
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == sorted([TEXT, b"tea"])
    assert {member.problem for member in members} == {None}


def test_a_path_is_as_good_as_bytes(tmp_path: Path) -> None:
    """This test ensures that an archive on disk is read from there, and one that is not there is told of."""
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.txt": TEXT}))
    assert check_archive(path) is None
    assert [member.name for member in unpack(path, tmp_path)] == ["a.txt"]
    assert problem_of(unpack(tmp_path / "none.zip", tmp_path))[1] is Verdict.DAMAGED


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        ("表・ソ.txt".encode("cp932"), 0, "表・ソ.txt"),
        ("茶の手引き.txt".encode("cp932"), 0, "茶の手引き.txt"),
        ("茶の手引き.txt".encode(), 0, "茶の手引き.txt"),
        ("茶の手引き.txt".encode(), 0x800, "茶の手引き.txt"),
        ("がく.txt".encode(), 0, "がく.txt"),
        (b"caf\x82.txt", 0, "café.txt"),
    ],
    ids=["backslash byte", "Windows", "macOS", "UTF-8", "decomposed", "DOS"],
)
def test_names_of_every_system_are_read(tmp_path: Path, raw: bytes, flags: int, name: str) -> None:
    """This test ensures that names in CP932, UTF-8 with and without its flag, and DOS come out as they were given."""
    (member,) = unpack(with_raw_name(raw, flags=flags), tmp_path)
    assert (member.name, member.problem) == (name, None)


def test_a_name_of_4000_characters_is_shortened(tmp_path: Path) -> None:
    """This test ensures that a monstrous name costs nothing, and its ending still tells what it is."""
    (member,) = unpack(zipped({"茶" * 4_000 + ".txt": TEXT}), tmp_path)
    assert len(member.name) == 255
    assert member.name.endswith("茶.txt")
    assert "…" in member.name
    assert member.path is not None
    assert member.path.name == "00001.txt"


def test_a_member_without_a_name_is_told_of(tmp_path: Path) -> None:
    """This test ensures that a name of nothing raises nothing, and is not taken for the archive as a whole."""
    # The one character of the name becomes a field behind it.
    data = bytearray(zipped({"a": TEXT}))
    for mark, lengths_at in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):
        struct.pack_into("<HH", data, data.find(mark) + lengths_at, 0, 1)
    (member,) = unpack(bytes(data), tmp_path)
    assert member.name == "（名前なし）"
    assert member.path
    assert member.path.read_bytes() == TEXT
    assert "別のフォルダー" in problem_of(unpack(with_raw_name(b"\x00a.txt"), tmp_path))[0]


def test_what_cannot_be_seen_in_a_name_is_marked() -> None:
    """This test ensures that a name can neither break a line nor turn its ending around."""
    assert shown_name("a\n\u202etxt.exe") == "a\ufffd\ufffdtxt.exe"


@pytest.mark.parametrize(
    "name",
    ["../a.txt", "x/../../a.txt", "/a.txt", "C:/a.txt", "c:a.txt", "..\\a.txt", "x\\a.txt", "\\\\host\\a.txt", ".."],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    """This test ensures that traversal is refused with a reason and writes nothing, inside the folder or outside."""
    inside = tmp_path / "inside"
    inside.mkdir()
    problem, verdict = problem_of(unpack(with_raw_name(name.encode()), inside))
    assert "別のフォルダー" in problem
    assert verdict is Verdict.UNSUPPORTED
    assert list(tmp_path.rglob("*")) == [inside]


@pytest.mark.parametrize("mode", [0o120777, 0o020666, 0o060666, 0o010666, 0o140777])
def test_links_and_devices_are_refused(tmp_path: Path, mode: int) -> None:
    """This test ensures that symbolic links, devices, pipes and sockets are no files."""
    assert "リンク" in problem_of(unpack(special("a.txt", mode), tmp_path))[0]
    assert list(tmp_path.iterdir()) == []


def test_a_locked_member_needs_a_password(tmp_path: Path) -> None:
    """This test ensures that a password is named as the reason, for a ZIP as for an Office file."""
    data = with_raw_name(b"a.txt", flags=1)
    problem, verdict = problem_of(unpack(data, tmp_path))
    assert "パスワード" in problem
    assert verdict is Verdict.NEEDS_PASSWORD
    assert check_archive(data) == problem


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_is_refused(tmp_path: Path, method: int) -> None:
    """This test ensures that a method whose output cannot be bounded is not used."""
    data = zipped({"a.txt": TEXT}, method)
    assert "圧縮の方式" in problem_of(unpack(data, tmp_path))[0]
    assert "圧縮の方式" in str(check_archive(data))


def test_an_archive_in_an_archive_is_refused_but_no_document(tmp_path: Path) -> None:
    """This test ensures that a ZIP in a ZIP stays closed whatever its name, and an Office file is a document."""
    office = zipped({"[Content_Types].xml": b"x", "word/document.xml": b"x"})
    members = unpack(zipped({"a.txt": zipped({"b.txt": TEXT}), "b.docx": office}), tmp_path)
    assert ["ZIPの中のZIP" in str(member.problem) for member in members] == [True, False]
    assert [path.name for path in tmp_path.iterdir()] == ["00002.docx"]


def test_both_files_of_one_name_are_kept(tmp_path: Path) -> None:
    """This test ensures that the second file of a name does not replace the first."""
    data = zipped({"a.txt": b"first", "b.txt": b"second"}).replace(b"b.txt", b"a.txt")
    members = unpack(data, tmp_path)
    assert [(member.name, member.path.read_bytes()) for member in members if member.path] == [
        ("a.txt", b"first"),
        ("a.txt", b"second"),
    ]


def test_what_systems_leave_behind_is_left_out(tmp_path: Path) -> None:
    """This test ensures that hidden files are no documents, and that ./ before a name hides nothing."""
    names = ["__MACOSX/._a.txt", ".DS_Store", "x/Thumbs.db", "desktop.ini", "x/.git/config", "~$a.docx", "./b.txt"]
    assert [member.name for member in unpack(zipped(dict.fromkeys(names, TEXT)), tmp_path)] == ["./b.txt"]


def test_a_member_that_swells_is_refused(tmp_path: Path) -> None:
    """This test ensures that the ratio stops a bomb, that the next file is read, and that small members are exempt."""
    data = zipped({"bomb.txt": bytes(3 * MEGABYTE), "small.txt": bytes(MEGABYTE), "a.txt": TEXT})
    members = unpack(data, tmp_path)
    assert ["圧縮の比率" in str(member.problem) for member in members] == [True, False, False]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00002.txt", "00003.txt"]
    assert "圧縮の比率" in str(check_archive(data))
    assert check_archive(zipped({"small.txt": bytes(MEGABYTE)})) is None


def test_a_large_member_is_refused(tmp_path: Path) -> None:
    """This test ensures that one file has a limit of its own."""
    limits = ArchiveLimits(member_bytes=2_000_000)
    data = zipped({"a.txt": bytes(2_000_001), "b.txt": TEXT}, zipfile.ZIP_STORED)
    assert [bool(member.problem) for member in unpack(data, tmp_path, limits)] == [True, False]
    assert "上限は2MB" in str(check_archive(data, limits))


def test_the_sum_is_limited_and_refused_members_count(tmp_path: Path) -> None:
    """This test ensures that many members, each within its limit or refused, cannot be decompressed for ever."""
    limits = ArchiveLimits(total_bytes=3_000_000, member_bytes=1_000_000)
    data = zipped({f"{number}.txt": bytes(2_000_000) for number in range(5)}, zipfile.ZIP_STORED)
    problems = [str(member.problem) for member in unpack(data, tmp_path, limits)]
    assert ["1ファイル" in problem for problem in problems] == [True, True, False, False, False]
    assert ["合計" in problem for problem in problems] == [False, False, True, True, True]


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    """This test ensures that members that share their bytes, as in the densest bombs, are not unpacked at all."""
    data = overlapping(1_000, 900_000)
    assert len(data) < 100_000
    assert "同じ場所" in str(check_archive(data))
    problem, _ = problem_of(unpack(data, tmp_path))
    assert "同じ場所" in problem
    assert list(tmp_path.iterdir()) == []


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    """This test ensures that a member that claims 100 bytes with a fitting checksum is counted as what it holds."""
    content = bytes(3 * MEGABYTE)
    data = with_claim(zipped({"a.txt": content}), 100, content)
    with zipfile.ZipFile(io.BytesIO(data)) as control, control.open("a.txt") as member:
        assert len(member.read()) == 100
    assert "圧縮の比率" in str(check_archive(data))
    assert "圧縮の比率" in problem_of(unpack(data, tmp_path))[0]
    noise = random.Random(7).randbytes(200_000)
    within_ratio = with_claim(zipped({"a.txt": noise}), 100, noise)
    assert "偽り" in str(check_archive(within_ratio))
    assert problem_of(unpack(within_ratio, tmp_path))[1] is Verdict.DAMAGED


def test_too_many_members_are_refused_before_any_is_opened(tmp_path: Path) -> None:
    """This test ensures that an archive of too many files gives one line and no file."""
    data = zipped({f"{number}.txt": b"" for number in range(2_001)}, zipfile.ZIP_STORED)
    assert "2,000個" in problem_of(unpack(data, tmp_path))[0]
    assert "2,000個" in str(check_archive(data))
    assert "2,000個" in str(check_archive(b"PK\x05\x06" + b"PK\x01\x02" * 60_000))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", zipped({"a.txt": TEXT})[:-30], bytes(range(256)) * 9],
    ids=["none", "mark", "torn", "noise"],
)
def test_a_damaged_archive_says_so(tmp_path: Path, data: bytes) -> None:
    """This test ensures that what is no whole ZIP gives one line with what to do."""
    problem, verdict = problem_of(unpack(data, tmp_path))
    assert "壊れています" in problem
    assert verdict is Verdict.DAMAGED
    assert check_archive(data) == problem


def test_a_damaged_member_costs_itself(tmp_path: Path) -> None:
    """This test ensures that a broken checksum is told of, leaves no half file, and the other member is there."""
    data = zipped({"a.txt": b"first", "b.txt": b"second"}, zipfile.ZIP_STORED).replace(b"first", b"fist!", 1)
    members = unpack(data, tmp_path)
    assert [member.verdict for member in members] == [Verdict.DAMAGED, None]
    assert [path.name for path in tmp_path.iterdir()] == ["00002.txt"]
    assert check_archive(data) is None


def test_a_full_disk_costs_a_member_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a write that fails is a problem in words and leaves no half file."""

    def fail(target: Path, blocks: object) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_write", fail)
    assert "空き" in problem_of(unpack(zipped({"a.txt": TEXT}), tmp_path))[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_raises(tmp_path: Path, seed: int) -> None:
    """This test ensures that flipped and lost bytes anywhere in an archive end in members and problems only."""
    chance = random.Random(seed)
    data = bytearray(zipped({"a.txt": TEXT * 20, "b/茶.txt": TEXT}))
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    members = unpack(bytes(data[: chance.choice([len(data), len(data) - chance.randrange(60)])]), tmp_path)
    assert all((member.path is None) == (member.problem is not None) for member in members)
    assert len(list(tmp_path.iterdir())) == sum(member.path is not None for member in members)


def test_a_name_that_is_no_code_page_is_kept() -> None:
    """This test ensures that a member made in code, with a name beyond code page 437, is shown by that name."""
    info = zipfile.ZipInfo("茶.txt")
    info.flag_bits |= 0x800
    assert member_name(info) == "茶.txt"
