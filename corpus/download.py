"""Asking another computer for one file: the only module here that opens a connection, and only when it is called.

HTTPS alone (plain HTTP to this very machine, for tests), to no other host than the one that was asked for. What comes
back is believed only as far as it is a whole PDF of bearable size. No cookies, no password, nothing sent but the
request; the proxy of the system's settings is used where there is one. Writes only to the file that it is given.
"""

from __future__ import annotations

import hashlib
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException, HTTPMessage, HTTPResponse
from ssl import SSLCertVerificationError
from typing import IO, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

Progress = Callable[[str, int, int], None]
_THIS_MACHINE: Final = {"127.0.0.1", "::1", "localhost"}
_PDF_TYPES: Final = {"", "application/pdf", "application/x-pdf", "application/octet-stream", "binary/octet-stream"}
_PIECE: Final = 1 << 16
_KILOBYTE: Final = 1024
_HEAD: Final = 1024  # where in a file readers of PDF look for its mark
_TAIL: Final = 4096

_AT_THE_SOURCE: Final = "公開元のページを確かめてください。"
_BY_BROWSER: Final = "ブラウザーで開いて、保存してください。"
_AGAIN: Final = "もう一度実行してください。"


class Refused(Exception):
    """What came back is not what was asked for, or nothing came; the message says in one line what, and what to do."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one file may cost: bytes, seconds of silence, seconds in all."""

    size: int = 100_000_000
    silence: float = 30.0
    seconds: float = 900.0


@dataclass(frozen=True, slots=True)
class Record:
    """A version of a file: its hash, the day it was fetched, and what the server recognises this version by."""

    sha256: str
    fetched: str
    etag: str = ""
    last_modified: str = ""


def download(url: str, file: IO[bytes], known: Record | None, bounds: Bounds, progress: Progress) -> Record | None:
    """Write the PDF at `url` to `file` and say what it is; None where the server says that it still is `known`.

    Raises Refused for everything that goes wrong with the other side, OSError where `file` cannot be written.
    """
    try:
        return _download(url, file, known, bounds, progress)
    except (HTTPException, URLError, TimeoutError, ConnectionError, ValueError) as error:
        raise Refused(_problem(error)) from error


def _download(url: str, file: IO[bytes], known: Record | None, bounds: Bounds, progress: Progress) -> Record | None:
    deadline = time.monotonic() + bounds.seconds
    asked = urllib.request.Request(
        _permitted(url, url), headers={"User-Agent": "mamori", "Accept-Encoding": "identity"}
    )
    if known and known.etag:
        asked.add_header("If-None-Match", known.etag)
    if known and known.last_modified:
        asked.add_header("If-Modified-Since", known.last_modified)
    try:
        response = _opener(url).open(asked, timeout=bounds.silence)
    except HTTPError as error:
        with error:
            if error.code == 304 and known:
                return None
            raise
    with response:
        sha256 = _copy(response, file, _announced(response, bounds), bounds, deadline, progress)
    today, headers = datetime.now(UTC).date().isoformat(), response.headers
    return Record(sha256, today, headers.get("ETag", ""), headers.get("Last-Modified", ""))


def _announced(response: HTTPResponse, bounds: Bounds) -> int | None:
    """The length that a response announces, if it does; Refused for one that cannot be what was asked for."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _PDF_TYPES:
        raise Refused(f"PDFではなく、{kind} が返ってきました。アドレスが変わったようです。{_AT_THE_SOURCE}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(f"圧縮された応答が返ってきました。{_BY_BROWSER}")
    length = response.headers.get("Content-Length", "")
    size = int(length) if length.isdecimal() else None
    if size is not None and size > bounds.size:
        raise Refused(_too_large(bounds))
    return size


def _copy(
    response: HTTPResponse, file: IO[bytes], size: int | None, bounds: Bounds, deadline: float, progress: Progress
) -> str:
    """Copy the body of a response and return its SHA-256; Refused unless it is one whole PDF."""
    digest, done, head, tail = hashlib.sha256(), 0, b"", b""
    while piece := _piece(response):
        done += len(piece)
        if done > bounds.size:
            raise Refused(_too_large(bounds))
        if time.monotonic() > deadline:
            raise TimeoutError
        head, tail = (head + piece)[:_HEAD] if len(head) < _HEAD else head, (tail + piece)[-_TAIL:]
        digest.update(piece)
        file.write(piece)
        progress("fetch", done // _KILOBYTE, (size or done) // _KILOBYTE)
    if b"%PDF-" not in head:
        raise Refused(f"PDFではない内容が返ってきました。アドレスが変わったようです。{_AT_THE_SOURCE}")
    # A server that announces no length ends a file and breaks off in the same way.
    if done != size if size is not None else b"%%EOF" not in tail:
        raise Refused(f"途中で切れました。{_AGAIN}")
    return digest.hexdigest()


def _piece(response: HTTPResponse) -> bytes:
    """What has come by now; an error of the network is told apart from one of the disk."""
    try:
        return response.read1(_PIECE)
    except OSError as error:
        raise URLError(error) from error


def _too_large(bounds: Bounds) -> str:
    return f"大きすぎます（上限 {bounds.size // 1_000_000} MB）。{_BY_BROWSER}"


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to where the file itself may be asked for."""

    max_redirections = 5

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """Refuse an address that is not permitted, and end the connection that gave it."""
        try:
            return super().redirect_request(req, fp, code, msg, headers, _permitted(newurl, req.full_url))
        except Exception:
            fp.close()
            raise


def _permitted(url: str, original: str) -> str:
    """Return `url` where it may be asked for, coming from `original`; Refused where not."""
    parts, host = urlsplit(url), urlsplit(original).hostname
    if not host or parts.hostname != host:
        raise Refused(f"別のサイト（{parts.hostname}）へ送られそうになったので、やめました。{_AT_THE_SOURCE}")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _THIS_MACHINE):
        raise Refused(f"暗号化されない接続になるので、やめました。{_AT_THE_SOURCE}")
    if parts.username is not None or parts.password is not None:
        raise Refused(f"アドレスに利用者名が書かれているので、やめました。{_AT_THE_SOURCE}")
    return url


def _opener(url: str) -> urllib.request.OpenerDirector:
    """What opens HTTP and HTTPS, and nothing else: no files, no FTP, no cookies, no passwords."""
    opener = urllib.request.OpenerDirector()
    proxies: dict[str, str] | None = {} if urlsplit(url).hostname in _THIS_MACHINE else None
    handlers = (
        urllib.request.ProxyHandler(proxies),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        _SameHost(),
    )
    for handler in (*handlers, urllib.request.HTTPErrorProcessor(), urllib.request.HTTPDefaultErrorHandler()):
        opener.add_handler(handler)
    return opener


def _problem(error: Exception) -> str:
    """What is to be said where nothing useful came back."""
    if isinstance(error, HTTPError):
        if error.code in {404, 410}:
            return f"そのアドレスにはありません（HTTP {error.code}）。新しいアドレスは、{_AT_THE_SOURCE}"
        return f"サーバーが断りました（HTTP {error.code}）。時間をおいて、{_AGAIN}"
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, SSLCertVerificationError):
        return "相手の証明書を確かめられません。時計と、社内のプロキシーの設定を確かめてください。"
    if isinstance(cause, TimeoutError):
        return f"時間内に終わりませんでした。ネットワークを確かめて、{_AGAIN}"
    if isinstance(cause, (HTTPException, ConnectionResetError)):
        return f"途中で切れました。{_AGAIN}"
    if isinstance(cause, ValueError):
        return f"アドレスの書き方が違います。{_AT_THE_SOURCE}"
    return f"つながりません。インターネットにつながったコンピューターで、{_AGAIN}"
