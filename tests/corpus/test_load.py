"""Files and folders to documents: a bad file costs that file only, and each one is told of in one line."""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import one_file
from corpus.errors import NothingToRead, SourcesError
from corpus.limits import Limits
from corpus.load import bundled_documents, load_corpus
from corpus.loaded import Corpus, FileReport, LoadOptions
from corpus.models import Verdict
from tests.corpus.make_pdfs import PageSpec, make_pdf

GOOD = "茶の手引き\n\n一番茶は五月に摘みます。\n"
ENTRY = '[[document]]\nfile = "{file}"\nid = "{id}"\ntitle = "茶"\n'


def write(path: Path, content: str | bytes = GOOD) -> Path:
    """A file with this content, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def load(*paths: Path) -> tuple[Corpus, dict[str, FileReport]]:
    """The corpus and the reports by file name, each of whose warnings is one line of Japanese."""
    corpus = load_corpus(paths)
    for report in corpus.files:
        assert all("\n" not in line and any("ぁ" <= char <= "ん" for char in line) for line in report.warnings)
    return corpus, {Path(report.path).name: report for report in corpus.files}


def test_text_markdown_and_pdf_are_read(tmp_path: Path) -> None:
    """This test ensures that each format becomes a document with pages, chunks and a report."""
    write(tmp_path / "a.txt")
    write(tmp_path / "b.md", "# 茶\r\n\r\n蔵の戸を開けます。\r\n")
    write(
        tmp_path / "c.PDF", make_pdf([PageSpec(("茶の話をします。",)), PageSpec(("蔵の話をします。",))], title="茶の本")
    )
    corpus, reports = load(tmp_path)
    assert [document.doc_id for document in corpus.documents] == ["a", "b", "c"]
    assert [(report.verdict, report.pages, report.chunks) for report in corpus.files] == [
        (Verdict.READ, 0, 1),
        (Verdict.READ, 0, 1),
        (Verdict.READ, 2, 2),
    ]
    assert [chunk.start_page for chunk in corpus.chunks if chunk.doc_id == "c"] == [1, 2]
    assert corpus.documents[2].title == "茶の本"
    assert reports["b.md"].warnings == ()


BAD = {
    "empty.txt": (b"", Verdict.EMPTY),
    "blank.md": ("\n \u3000\n".encode(), Verdict.EMPTY),
    "bullets.txt": ("・\n・\n".encode(), Verdict.EMPTY),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\x00\xff\xfe\x81" * 40, Verdict.UNSUPPORTED),
    "torn.pdf": (b"%PDF-1.7\n1 0 obj", Verdict.DAMAGED),
    "sheet.xlsx": (b"PK\x03\x04", Verdict.DAMAGED),
    "none": (b"tea", Verdict.UNSUPPORTED),
    "script.py": (b"print()", Verdict.UNSUPPORTED),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_costs_that_file_only(tmp_path: Path, name: str) -> None:
    """This test ensures that a file that cannot be read gets its verdict and one line, and the next one is read."""
    content, verdict = BAD[name]
    write(tmp_path / name, content)
    write(tmp_path / "zz.txt")
    corpus, reports = load(tmp_path)
    assert [document.doc_id for document in corpus.documents] == ["zz"]
    assert (reports[name].verdict, reports[name].doc_id, reports[name].chunks) == (verdict, None, 0)
    assert len(reports[name].warnings) == 1


def test_an_unreadable_file_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a file that the system does not let us open is reported, not raised."""
    write(tmp_path / "locked.txt")
    write(tmp_path / "open.txt", GOOD + "摘んだ後は蒸します。")
    system_open = os.open

    def refuse(path: str | Path, how: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if Path(path).name == "locked.txt":
            raise PermissionError(13, "Permission denied")
        return system_open(path, how, mode, dir_fd=dir_fd)

    monkeypatch.setattr(one_file.os, "open", refuse)
    corpus, reports = load(tmp_path)
    assert [document.doc_id for document in corpus.documents] == ["open"]
    assert reports["locked.txt"].verdict is Verdict.DAMAGED
    assert "許可" in reports["locked.txt"].warnings[0]


def test_an_unreadable_folder_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a folder that cannot be listed costs that folder only, and is in the report."""
    write(tmp_path / "locked" / "a.txt")
    write(tmp_path / "b.txt", GOOD + "摘んだ後は蒸します。")
    iterdir = Path.iterdir

    def refuse(path: Path) -> Iterator[Path]:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return iterdir(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    corpus, reports = load(tmp_path)
    assert [document.doc_id for document in corpus.documents] == ["b"]
    assert "許可" in reports["locked"].warnings[0]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """This test ensures that a wrong path and a folder without files give one line with what to do."""
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(NothingToRead) as caught:
            load_corpus([path])
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_hidden_files_are_no_documents(tmp_path: Path) -> None:
    """This test ensures that what the system or Python leaves in a folder is not offered as a document."""
    write(tmp_path / "a.txt")
    for name in (".DS_Store", ".git/b.txt", "__pycache__/c.txt", "__init__.py"):
        write(tmp_path / name)
    assert [report.path for report in load_corpus([tmp_path]).files] == [str(tmp_path / "a.txt")]


def test_links_stay_inside(tmp_path: Path) -> None:
    """This test ensures that a loop of links ends, and that links out of the folder are told of, not followed."""
    write(tmp_path / "docs" / "a.txt")
    (tmp_path / "docs" / "up").symlink_to(tmp_path / "docs", target_is_directory=True)
    (tmp_path / "docs" / "self").symlink_to(tmp_path / "docs" / "self")
    (tmp_path / "docs" / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    write(tmp_path / "docs" / "sub" / "c.txt", GOOD + "中の別の話です。")
    (tmp_path / "docs" / "near.txt").symlink_to(tmp_path / "docs" / "sub" / "c.txt")
    write(tmp_path / "far" / "b.txt", GOOD + "別の場所の話です。")
    (tmp_path / "docs" / "far").symlink_to(tmp_path / "far", target_is_directory=True)
    (tmp_path / "docs" / "out.txt").symlink_to(tmp_path / "far" / "b.txt")
    corpus, reports = load(tmp_path / "docs")
    assert [document.doc_id for document in corpus.documents] == ["a", "c"]
    damaged = {name for name, report in reports.items() if report.verdict is Verdict.DAMAGED}
    assert damaged == {"self", "gone.txt", "far", "out.txt"}
    assert all("外" in reports[name].warnings[0] for name in ("far", "out.txt"))


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    """This test ensures that a person may give a link itself."""
    write(tmp_path / "far" / "b.txt")
    (tmp_path / "docs").symlink_to(tmp_path / "far", target_is_directory=True)
    assert len(load_corpus([tmp_path / "docs"]).documents) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """This test ensures that what is no plain file is told of, whether in a folder or named itself."""
    write(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    _, reports = load(tmp_path)
    assert reports["pipe.txt"].verdict is Verdict.DAMAGED
    with pytest.raises(NothingToRead):
        load_corpus([tmp_path / "pipe.txt"])


def test_a_name_that_windows_wrote(tmp_path: Path) -> None:
    """This test ensures that a file whose name is CP932 is read, and its name shown in Japanese."""
    name = os.fsdecode("手引き.txt".encode("cp932"))
    try:
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system takes UTF-8 names only")
    corpus, reports = load(tmp_path)
    assert [document.doc_id for document in corpus.documents] == ["手引き"]
    assert reports["手引き.txt"].verdict is Verdict.READ


def test_a_name_too_long_is_one_line(tmp_path: Path) -> None:
    """This test ensures that a path no system can have is answered with a sentence."""
    with pytest.raises(NothingToRead) as caught:
        load_corpus([tmp_path / ("長" * 4000)])
    assert "\n" not in str(caught.value)


def archive(path: Path, **members: bytes) -> Path:
    """A ZIP of these files."""
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name.replace("_", "."), content)
    return path


def test_files_in_an_archive_are_files(tmp_path: Path) -> None:
    """This test ensures that each file in a ZIP has its own verdict, id and page numbers, and says where it lay."""
    pdf = make_pdf([PageSpec(("茶の話をします。",)), PageSpec(("蔵の話をします。",))])
    inner = archive(tmp_path / "inner", x_txt=GOOD.encode())
    archive(tmp_path / "z.zip", a_txt=GOOD.encode(), b_pdf=pdf, c_pdf=b"%PDF-1.7", d_zip=inner.read_bytes())
    inner.unlink()
    corpus, reports = load(tmp_path)
    assert [(document.doc_id, Path(document.path).name) for document in corpus.documents] == [
        ("a", "a.txt"),
        ("b", "b.pdf"),
    ]
    assert corpus.documents[0].path == f"{tmp_path / 'z.zip'}!/a.txt"
    verdicts = [reports[name].verdict for name in ("c.pdf", "d.zip")]
    assert verdicts == [Verdict.DAMAGED, Verdict.UNSUPPORTED]


def test_a_file_too_large_is_not_opened(tmp_path: Path) -> None:
    """This test ensures that the limit on the size of a file is kept, and told."""
    write(tmp_path / "a.txt", GOOD * 100)
    (report,) = load_corpus([tmp_path], options=LoadOptions(limits=Limits(file_bytes=1000))).files
    assert (report.verdict, report.doc_id) == (Verdict.UNSUPPORTED, None)
    assert "大きすぎます" in report.warnings[0]


def test_one_endless_line_of_text(tmp_path: Path) -> None:
    """This test ensures that a text beyond all reason is refused in one line, in little time."""
    with (tmp_path / "line.txt").open("wb") as file:
        file.truncate(200_000_000)
        file.write(b"a" * 1_000_000)
    started = time.perf_counter()
    (report,) = load_corpus([tmp_path]).files
    assert (report.verdict, len(report.warnings)) == (Verdict.UNSUPPORTED, 1)
    assert time.perf_counter() - started < 20


def test_what_is_known_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that unchanged files are taken over by their hash, and a changed one is read."""
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt", GOOD + "摘んだ後は蒸します。")
    before = load_corpus([tmp_path]).loaded
    write(tmp_path / "b.txt", GOOD + "摘んだ後は揉みます。")
    read: list[str] = []
    apart = one_file.read_apart
    monkeypatch.setattr(one_file, "read_apart", lambda path, *a, **k: (read.append(path.name), apart(path, *a, **k))[1])
    known = {file.report.key: file for file in before}
    after = load_corpus([tmp_path], options=LoadOptions(known=known)).loaded
    assert read == ["b.txt"]
    assert [file.report.unchanged for file in after] == [True, False]
    assert after[0].chunks == before[0].chunks
    assert "揉みます" in after[1].chunks[-1].text
    assert after[1].report.doc_id == "b"


def test_a_lost_reader_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that content that ended its reader is kept in mind by its hash, and not tried again."""
    write(tmp_path / "a.txt")
    lost: list[str] = []
    options = LoadOptions(limits=Limits(seconds=0.001), on_loss=lambda sha256, _path, _why: lost.append(sha256))
    (report,) = load_corpus([tmp_path], options=options).files
    assert (report.verdict, len(lost)) == (Verdict.DAMAGED, 1)
    monkeypatch.setattr(one_file, "read_apart", None)
    (report,) = load_corpus([tmp_path], options=LoadOptions(quarantine={lost[0]: "時間切れ"})).files
    assert "時間切れ" in report.warnings[0]


def test_deep_folders_are_read(tmp_path: Path) -> None:
    """This test ensures that a file far down is found."""
    write(tmp_path.joinpath(*["d"] * 200) / "a.txt")
    assert len(load_corpus([tmp_path]).documents) == 1


def test_the_same_content_is_taken_once(tmp_path: Path) -> None:
    """This test ensures that a copy is reported with the name of its first, and gives no chunk."""
    write(tmp_path / "a.txt")
    write(tmp_path / "sub" / "b.txt")
    corpus, reports = load(tmp_path, tmp_path / "a.txt")
    assert len(corpus.files) == 2
    assert (reports["b.txt"].doc_id, reports["b.txt"].chunks, reports["a.txt"].chunks) == (None, 0, 1)
    assert "a.txt" in reports["b.txt"].warnings[0]


def test_two_files_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    """This test ensures that the second file is told apart and that the person learns its id."""
    write(tmp_path / "2024" / "手引き.txt")
    write(tmp_path / "2025" / "手引き.txt", GOOD + "新茶の話です。")
    corpus = load_corpus([tmp_path])
    assert [document.doc_id for document in corpus.documents] == ["手引き", "手引き-2"]
    assert ["手引き-2" in line for report in corpus.files for line in report.warnings] == [True]
    assert len({chunk.chunk_id for chunk in corpus.chunks}) == len(corpus.chunks)


def test_an_id_from_sources_toml_is_not_taken_by_another_file(tmp_path: Path) -> None:
    """This test ensures that a file that happens to have the name of an id does not push the named one aside."""
    write(tmp_path / "a" / "tea.txt")
    write(tmp_path / "b" / "x.txt", GOOD + "新茶の話です。")
    write(tmp_path / "b" / "sources.toml", ENTRY.format(file="x.txt", id="tea"))
    corpus = load_corpus([tmp_path])
    assert [(document.doc_id, Path(document.path).name) for document in corpus.documents] == [
        ("tea-2", "tea.txt"),
        ("tea", "x.txt"),
    ]


def test_sources_toml_names_documents_and_is_none(tmp_path: Path) -> None:
    """This test ensures that an entry gives id and title, for a folder and for the file alone."""
    write(tmp_path / "茶.txt")
    write(tmp_path / "sources.toml", ENTRY.format(file="茶.txt", id="tea-2025"))
    for path in (tmp_path, tmp_path / "茶.txt"):
        corpus = load_corpus([path])
        assert [(document.doc_id, document.title) for document in corpus.documents] == [("tea-2025", "茶")]
        assert len(corpus.files) == 1


def test_an_entry_without_its_file_is_reported(tmp_path: Path) -> None:
    """This test ensures that a file that sources.toml names and nobody put there is told of, and costs nothing else."""
    write(tmp_path / "a.txt")
    write(tmp_path / "sources.toml", ENTRY.format(file="lost.pdf", id="lost"))
    corpus, reports = load(tmp_path)
    assert len(corpus.documents) == 1
    assert (reports["lost.pdf"].verdict, reports["lost.pdf"].doc_id) == (Verdict.DAMAGED, None)
    assert "sources.toml" in reports["lost.pdf"].warnings[0]


def test_a_broken_sources_toml_stops_the_load(tmp_path: Path) -> None:
    """This test ensures that ids and editions are not guessed where the folder says them, if badly."""
    write(tmp_path / "a.txt")
    write(tmp_path / "sources.toml", "[[document]\n")
    with pytest.raises(SourcesError):
        load_corpus([tmp_path])


def test_a_text_about_pdf_is_a_text(tmp_path: Path) -> None:
    """This test ensures that the letters of a PDF's head inside a text do not make it one."""
    write(tmp_path / "a.md", "PDFは %PDF-1.7 の行で始まります。")
    write(tmp_path / "b.txt", make_pdf([PageSpec(("茶の話をします。",))]))
    _, reports = load(tmp_path)
    assert [(reports[name].verdict, reports[name].pages) for name in ("a.md", "b.txt")] == [
        (Verdict.READ, 0),
        (Verdict.READ, 1),
    ]


def test_a_large_text_is_read_in_good_time(tmp_path: Path) -> None:
    """This test ensures that five megabytes take seconds, also where they are one line or nothing but rows."""
    write(tmp_path / "prose.txt", ("茶園の朝は霧が深い。" * 30 + "\n\n- 葉を摘む。\n\n") * 5200)
    write(tmp_path / "line.txt", "霧" * 300_000 + "." * 300_000 + " " * 300_000 + "\\" * 300_000 + "<b " * 100_000)
    started = time.perf_counter()
    corpus = load_corpus([tmp_path])
    assert time.perf_counter() - started < 20
    assert len(corpus.documents) == 2


def test_progress_is_told(tmp_path: Path) -> None:
    """This test ensures that whoever waits learns which file of how many is being read."""
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt", "")
    told: list[tuple[str, int, int]] = []
    load_corpus([tmp_path], lambda *step: told.append(step))
    assert told == [("a.txt", 0, 2), ("b.txt", 1, 2)]


def test_the_bundled_digest_is_read_without_a_word() -> None:
    """This test ensures that the folder that ships with Mamori loads, as digests, with no warning."""
    corpus = load_corpus([bundled_documents()])
    assert corpus.documents
    assert all(document.is_digest for document in corpus.documents)
    assert all(report.verdict is Verdict.READ and not report.warnings for report in corpus.files)


def test_what_is_known_keeps_its_id_beside_a_copy(tmp_path: Path) -> None:
    """This test ensures that a copy that comes first in the folder does not push the document aside."""
    write(tmp_path / "b.txt")
    known = {file.report.key: file for file in load_corpus([tmp_path]).loaded}
    write(tmp_path / "a.txt")
    corpus = load_corpus([tmp_path], options=LoadOptions(known=known))
    assert [document.doc_id for document in corpus.documents] == ["b"]


def test_a_file_goes_before_a_link_and_an_archive(tmp_path: Path) -> None:
    """This test ensures that of equal contents the plain file is the document."""
    write(tmp_path / "z.txt")
    (tmp_path / "a.txt").symlink_to(tmp_path / "z.txt")
    archive(tmp_path / "b.zip", m_txt=GOOD.encode())
    assert [document.doc_id for document in load_corpus([tmp_path]).documents] == ["z"]


def test_a_copy_that_cannot_be_read_takes_nothing_away(tmp_path: Path) -> None:
    """This test ensures that the same content under a name of no document costs the document nothing."""
    write(tmp_path / "a.dat")
    write(tmp_path / "b.txt")
    assert [document.doc_id for document in load_corpus([tmp_path]).documents] == ["b"]


def test_an_index_is_no_document(tmp_path: Path) -> None:
    """This test ensures that a data folder inside the folder that is read does not get into its own index."""
    write(tmp_path / "a.txt")
    for name in ("CURRENT", "generations/one/lexical.terms.txt"):
        write(tmp_path / "data" / "index" / name)
    assert [report.path for report in load_corpus([tmp_path]).files] == [str(tmp_path / "a.txt")]
