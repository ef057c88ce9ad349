"""Fetching the official documents, from a server on this machine that behaves and misbehaves."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corpus.download import Bounds
from corpus.errors import SourcesError
from corpus.fetch import Fetched, Outcome, fetch
from corpus.files import find_files
from corpus.manifest import MANIFEST_NAME, read_sources
from corpus.originals import BUNDLED, FetchError, Original, read_originals, records_text

PDF = b"%PDF-1.7\n" + b"tea " * 20_000 + b"\n%%EOF\n"
BOUNDS = Bounds(size=1_000_000, silence=0.5, seconds=1.5)
HTML = b"<!doctype html><title>Not found</title>"

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """A server on this machine; `answer` says what it does, `asked` is what it was asked."""

    daemon_threads = True
    answer: Answer
    asked: list[BaseHTTPRequestHandler]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/tea.pdf"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever asked went away, as it should."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self)
        self.server.answer(self)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    """A server that answers so."""
    server = Server(("127.0.0.1", 0), Handler)
    server.answer, server.asked = answer, []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def reply(content: bytes = PDF, status: int = 200, kind: str = "application/pdf", **headers: str) -> Answer:
    """An answer with these headers; `length` stands for Content-Length, and "" for none."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        if length := headers.get("length", str(len(content))):
            handler.send_header("Content-Length", length)
        for name, value in headers.items():
            if name != "length":
                handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def original(url: str | None, **fields: str) -> Original:
    """An original of this address."""
    description = {"title": "茶の\\手引き", "publisher": '茶業"組合"', "published": "2025-03", **fields}
    return Original("tea-2025", "tea.pdf", url, "http://example.org/tea", description, ("tea-2020",))


def fetched(folder: Path, url: str | None, bounds: Bounds = BOUNDS) -> Fetched:
    """What became of that one original."""
    (one,) = fetch([original(url)], folder, bounds)
    return one


def names(folder: Path) -> list[str]:
    """What lies in a folder, hidden or not."""
    return sorted(path.name for path in folder.iterdir())


def entry(folder: Path) -> dict[str, object]:
    """The one entry of the sources.toml of a folder."""
    (only,) = tomllib.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))["document"]
    return dict(only)


def test_a_file_is_fetched_whole_and_described(tmp_path: Path) -> None:
    """This test ensures that the file, its hash and what it is are there, ready for the index, and nothing else."""
    folder = tmp_path / "new" / "originals"
    with serving(reply(ETag='"1"')) as server:
        one = fetched(folder, server.url)
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert (one.outcome, one.path, one.sha256) == (Outcome.FETCHED, folder / "tea.pdf", sha256)
    assert (folder / "tea.pdf").read_bytes() == PDF
    assert names(folder) == [MANIFEST_NAME, "tea.pdf"]
    source = read_sources(folder)["tea.pdf"]
    assert (source.doc_id, source.title, source.publisher) == ("tea-2025", "茶の\\手引き", '茶業"組合"')
    assert (source.published, source.replaces) == ("2025-03", ("tea-2020",))
    known = entry(folder)
    assert (known["sha256"], known["etag"], known["file_url"]) == (sha256, '"1"', server.url)
    assert len(str(known["fetched"])) == len("2026-11-21")
    (found,) = find_files([folder])
    assert (found.source, found.problem) == (source, None)


def test_only_what_is_needed_is_told(tmp_path: Path) -> None:
    """This test ensures that no cookie, referrer or name of this machine goes along with the question."""
    with serving(reply()) as server:
        fetched(tmp_path, server.url)
    headers = {name.lower(): value for name, value in server.asked[0].headers.items()}
    assert headers.pop("host") == urlsplit(server.url).netloc
    assert headers == {"user-agent": "mamori", "accept-encoding": "identity", "connection": "close"}


def test_an_unchanged_file_is_not_sent_again(tmp_path: Path) -> None:
    """This test ensures that the server is asked only for what is newer, by what it itself said of the file."""
    with serving(reply(ETag='"1"', Last_Modified="Fri, 20 Nov 2026 00:00:00 GMT")) as server:
        fetched(tmp_path, server.url)
        server.answer = reply(b"", 304, length="")
        one = fetched(tmp_path, server.url)
    asked = server.asked[1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"1"', "Fri, 20 Nov 2026 00:00:00 GMT")
    assert (one.outcome, (tmp_path / "tea.pdf").read_bytes()) == (Outcome.UNCHANGED, PDF)


def test_an_unchanged_file_is_known_by_its_hash(tmp_path: Path) -> None:
    """This test ensures that where the server says nothing, the same content is unchanged and keeps its day."""
    with serving(reply()) as server:
        fetched(tmp_path, server.url)
        path = tmp_path / MANIFEST_NAME
        path.write_text(path.read_text(encoding="utf-8").replace(str(entry(tmp_path)["fetched"]), "2020-01-01"))
        server.answer = reply(ETag='"2"')
        one = fetched(tmp_path, server.url)
    assert (one.outcome, entry(tmp_path)["fetched"], entry(tmp_path)["etag"]) == (
        Outcome.UNCHANGED,
        "2020-01-01",
        '"2"',
    )


def test_a_changed_file_is_replaced_and_told(tmp_path: Path) -> None:
    """This test ensures that a new edition under the same address is taken, with both hashes in the line."""
    with serving(reply()) as server:
        first = fetched(tmp_path, server.url)
        server.answer = reply(PDF.replace(b"tea", b"TEA"))
        second = fetched(tmp_path, server.url)
    assert (second.outcome, entry(tmp_path)["sha256"]) == (Outcome.CHANGED, second.sha256)
    assert all(one.sha256 and one.sha256[:12] in second.text for one in (first, second))
    assert b"TEA" in (tmp_path / "tea.pdf").read_bytes()


@pytest.mark.parametrize("fetched_before", [True, False])
def test_a_file_that_is_not_what_was_fetched_stays(tmp_path: Path, fetched_before: bool) -> None:
    """This test ensures that a file of one's own, or one with notes written into it, is not lost."""
    with serving(reply(ETag='"1"')) as server:
        if fetched_before:
            fetched(tmp_path, server.url)
        (tmp_path / "tea.pdf").write_bytes(b"with my notes")
        one = fetched(tmp_path, server.url)
        assert "If-None-Match" not in server.asked[-1].headers
    assert (one.outcome, (tmp_path / "tea.pdf").read_bytes()) == (Outcome.FAILED, b"with my notes")
    assert "名前を変えて" in one.text
    assert not [name for name in names(tmp_path) if name.startswith(".")]


def test_a_sources_toml_of_ones_own_is_not_written_over(tmp_path: Path) -> None:
    """This test ensures that a folder that somebody described is refused before anything is asked for."""
    (tmp_path / MANIFEST_NAME).write_text("# my own\n", encoding="utf-8")
    with serving(reply()) as server, pytest.raises(FetchError, match="--to"):
        fetched(tmp_path, server.url)
    assert (server.asked, (tmp_path / MANIFEST_NAME).read_text(encoding="utf-8")) == ([], "# my own\n")


def test_others_in_the_folder_keep_their_entries(tmp_path: Path) -> None:
    """This test ensures that fetching one document leaves what is known of another."""
    with serving(reply()) as server:
        other = Original("rice", "rice.pdf", server.url, None, {"title": "米"})
        list(fetch([other], tmp_path, BOUNDS))
        fetched(tmp_path, server.url)
    assert set(read_sources(tmp_path)) == {"rice.pdf", "tea.pdf"}


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Begin and say no more, for longer than is waited."""
    reply(PDF[:100], length="5000")(handler)
    time.sleep(1.0)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Never silent, never done."""
    reply(PDF[:100], length="500000")(handler)
    for _ in range(40):
        handler.wfile.write(b".")
        time.sleep(0.1)


def hanging_up(handler: BaseHTTPRequestHandler) -> None:
    """End the connection without a word."""


def elsewhere(handler: BaseHTTPRequestHandler) -> None:
    """Send to another name of a machine."""
    reply(b"", 302, Location=f"http://localhost:{handler.server.server_address[1]}/tea.pdf")(handler)


FAULTS: dict[str, tuple[Answer, str]] = {
    "not there": (reply(HTML, 404, "text/html"), "HTTP 404"),
    "broken": (reply(HTML, 500, "text/html"), "HTTP 500"),
    "unasked 304": (reply(b"", 304, length=""), "HTTP 304"),
    "a page": (reply(HTML, kind="text/html; charset=utf-8"), "text/html"),
    "a page under the type of a PDF": (reply(HTML), "PDFではない"),
    "nothing": (reply(b""), "PDFではない"),
    "announced too large": (reply(length="1000001"), "大きすぎます"),
    "too large unannounced": (reply(PDF + b"x" * 1_000_000, length=""), "大きすぎます"),
    "cut off": (reply(length=str(len(PDF) + 1)), "途中で切れ"),
    "cut off unannounced": (reply(PDF[:50_000], length=""), "途中で切れ"),
    "packed": (reply(Content_Encoding="gzip"), "圧縮"),
    "elsewhere": (elsewhere, "別のサイト（localhost）"),
    "to a file": (reply(b"", 302, Location="file:///etc/hostname"), "HTTP 302"),
    "to no address": (reply(b"", 302, Location="http://[/"), "アドレスの書き方"),
    "round and round": (reply(b"", 302, Location="/tea.pdf"), "HTTP 302"),
    "asking for a password": (reply(b"", 401, WWW_Authenticate="Basic"), "HTTP 401"),
    "hanging up": (hanging_up, "途中で切れ"),
    "silent": (silent, "時間内に"),
    "dripping": (dripping, "時間内に"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_and_leaves_nothing(tmp_path: Path, fault: str) -> None:
    """This test ensures that the line says what is wrong and what to do, and that no part of a file stays."""
    answer, told = FAULTS[fault]
    with serving(answer) as server:
        one = fetched(tmp_path, server.url)
    assert (one.outcome, one.path, names(tmp_path)) == (Outcome.FAILED, None, [])
    assert told in one.text
    assert one.text.endswith("ください。")


@pytest.mark.parametrize("fault", ["a page", "cut off", "too large unannounced", "not there"])
def test_a_fault_leaves_what_was_fetched_before(tmp_path: Path, fault: str) -> None:
    """This test ensures that a bad day of the server does not cost the file that is there."""
    with serving(reply()) as server:
        fetched(tmp_path, server.url)
        server.answer = FAULTS[fault][0]
        assert fetched(tmp_path, server.url).outcome is Outcome.FAILED
    assert (names(tmp_path), (tmp_path / "tea.pdf").read_bytes()) == ([MANIFEST_NAME, "tea.pdf"], PDF)


def test_one_fault_does_not_stop_the_rest(tmp_path: Path) -> None:
    """This test ensures that the documents after a bad one are fetched."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        reply(status=200 if handler.path == "/tea.pdf" else 404)(handler)

    with serving(answer) as server:
        bad = Original("rice", "rice.pdf", server.url.replace("tea", "rice"), None, {"title": "米"})
        outcomes = [one.outcome for one in fetch([bad, original(server.url)], tmp_path, BOUNDS)]
    assert outcomes == [Outcome.FAILED, Outcome.FETCHED]


def test_a_redirect_on_the_same_host_is_followed(tmp_path: Path) -> None:
    """This test ensures that a moved file is found."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        moved = handler.path == "/tea.pdf"
        (reply(b"", 301, Location="/new/tea.pdf") if moved else reply())(handler)

    with serving(answer) as server:
        assert fetched(tmp_path, server.url).outcome is Outcome.FETCHED


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://www.example.org/tea.pdf", "暗号化されない"),
        ("ftp://www.example.org/tea.pdf", "暗号化されない"),
        ("file:///etc/hostname", "別のサイト"),
        ("https://name:word@www.example.org/tea.pdf", "利用者名"),
        ("https://name@www.example.org/tea.pdf", "利用者名"),
        ("https://[/", "アドレスの書き方"),
    ],
)
def test_what_may_not_be_asked_for(tmp_path: Path, url: str, told: str) -> None:
    """This test ensures that an address that is not plainly HTTPS is refused before a connection is opened."""
    one = fetched(tmp_path, url)
    assert (one.outcome, names(tmp_path)) == (Outcome.FAILED, [])
    assert told in one.text


def test_nobody_there(tmp_path: Path) -> None:
    """This test ensures that without a connection the line says so."""
    with serving(reply()) as server:
        url = server.url
    assert "つながりません" in fetched(tmp_path, url).text


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """This test ensures that what could not be written is no half file, and is told to be for want of room."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with serving(reply()) as server, monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        one = fetched(tmp_path, server.url)
    assert (one.outcome, names(tmp_path)) == (Outcome.FAILED, [])
    assert "空き容量" in one.text


def test_the_disk_is_full_after_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a file whose entry could not be written gets it the next time."""
    real, calls = os.replace, []

    def full_then(source: str, target: Path) -> None:
        calls.append(target)
        if target.name == MANIFEST_NAME:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(source, target)

    with serving(reply()) as server:
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", full_then)
            assert fetched(tmp_path, server.url).outcome is Outcome.FAILED
        assert (names(tmp_path), len(calls)) == (["tea.pdf"], 2)
        assert fetched(tmp_path, server.url).outcome is Outcome.UNCHANGED
    assert set(read_sources(tmp_path)) == {"tea.pdf"}


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    """This test ensures that Ctrl-C in the middle of a file leaves no part of it."""

    def interrupt(stage: str, done: int, total: int) -> None:
        assert (stage, [name[:7] for name in names(tmp_path)]) == ("fetch", [".fetch-"])
        raise KeyboardInterrupt

    with serving(reply()) as server, pytest.raises(KeyboardInterrupt):
        list(fetch([original(server.url)], tmp_path, BOUNDS, interrupt))
    assert names(tmp_path) == []


def test_what_a_killed_fetch_left_is_removed(tmp_path: Path) -> None:
    """This test ensures that an old draft goes, and one that may be in the making stays."""
    for name, age in ((".fetch-old", 2 * 86_400), (".fetch-new", 10)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    list(fetch([], tmp_path))
    assert names(tmp_path) == [".fetch-new"]


def test_how_far_it_is(tmp_path: Path) -> None:
    """This test ensures that the progress grows to the whole, in kilobytes."""
    seen: list[tuple[str, int, int]] = []
    with serving(reply()) as server:
        list(fetch([original(server.url)], tmp_path, BOUNDS, lambda *step: seen.append(step)))
    total = len(PDF) // 1024
    assert seen == sorted(seen)
    assert seen[-1] == ("fetch", total, total)


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    """This test ensures that a file in the place of the folder is one error of ours."""
    (tmp_path / "file").touch()
    with pytest.raises(FetchError, match="使えません"):
        fetched(tmp_path / "file", None)


def test_an_original_without_an_address_is_for_a_person(tmp_path: Path) -> None:
    """This test ensures that the page to open is told, and that the file is taken in once it has been saved."""
    one = fetched(tmp_path, None)
    assert (one.outcome, "http://example.org/tea" in one.text, names(tmp_path)) == (Outcome.BY_HAND, True, [])
    (tmp_path / "tea.pdf").write_bytes(PDF)
    assert fetched(tmp_path, None).outcome is Outcome.UNCHANGED
    assert read_sources(tmp_path)["tea.pdf"].doc_id == "tea-2025"
    assert "file_url" not in entry(tmp_path)


def test_the_bundled_originals() -> None:
    """This test ensures that every one has a name of its own and, if an address, one at the ministry by HTTPS."""
    originals = read_originals(BUNDLED)
    assert len({one.doc_id for one in originals}) == len({one.file for one in originals}) == len(originals)
    hosts = {urlsplit(one.file_url)[:2] for one in originals if one.file_url}
    assert hosts == {("https", "www.meti.go.jp")}
    assert all(one.source_url and one.description["title"] and one.description["publisher"] for one in originals)
    digests = {source.digest_of for source in read_sources(BUNDLED).values()}
    assert digests <= {one.doc_id for one in originals}
    assert not [one for one in originals if "要約" in one.description["title"]]


def test_an_address_of_a_page_that_is_a_file(tmp_path: Path) -> None:
    """This test ensures that a source_url that ends in .pdf is taken for the file's own."""
    url = "https://www.example.org/Tea.PDF"
    text = f'[[document]]\nfile = "a.md"\nid = "a"\ntitle = "茶（要約）"\ndigest_of = "tea"\nsource_url = "{url}"\n'
    (tmp_path / MANIFEST_NAME).write_text(text, encoding="utf-8")
    (one,) = read_originals(tmp_path)
    assert (one.doc_id, one.file, one.file_url, one.description["title"]) == ("tea", "tea.pdf", url, "茶")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('[[original]]\nid = "a"\n', FetchError),
        ('[[original]]\nid = "a"\ntitle = "茶"\nfile = "../a.pdf"\n', FetchError),
        ('[[original]]\nid = "a"\ntitle = "茶"\nfile = ".a.pdf"\n', FetchError),
        ('[[original]]\nid = "a"\ntitle = "茶"\nfile = "b/a.pdf"\n', FetchError),
        ("[[original]]\nid = 'a'\ntitle = '茶'\nfile = 'b\\a.pdf'\n", FetchError),
        ("original = 1\n", FetchError),
        ("[[original]\n", SourcesError),
    ],
)
def test_a_list_that_cannot_be_used(tmp_path: Path, text: str, error: type[Exception]) -> None:
    """This test ensures that an original without a usable name is refused before anything is fetched."""
    (tmp_path / MANIFEST_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(error, match=MANIFEST_NAME):
        read_originals(tmp_path)


def test_any_text_survives_the_list() -> None:
    """This test ensures that what stands in an entry is read back as it was, whatever characters it has."""
    text = "".join(map(chr, range(0x20, 0x180))) + "\n\t\r\x00\x7f\u2028\u3042\U0001f375"
    assert tomllib.loads(records_text([{"title": text, "replaces": [text]}]))["document"] == [
        {"title": text, "replaces": [text]}
    ]
