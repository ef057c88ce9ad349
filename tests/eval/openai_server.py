"""A server on this machine that speaks just enough of the OpenAI protocol for a chat model to talk to it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back: a text in the protocol's frame, or `raw` as it is, after `delay` seconds."""

    text: str = ""
    status: int = 200
    raw: str | None = None
    delay: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()

    def body(self) -> bytes:
        """The bytes of the response."""
        if self.raw is not None:
            return self.raw.encode()
        if self.status >= 400:
            return json.dumps({"error": {"message": self.text, "type": "test", "code": None}}).encode()
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": self.text}}
        return json.dumps(
            {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        ).encode()


@dataclass
class ModelServer:
    """A running server: its address, and what came in. Replies are sent in order, the last one again and again."""

    replies: list[Reply]
    url: str = ""
    paths: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)

    def next_reply(self) -> Reply:
        """The reply to the request that came last."""
        return self.replies[min(len(self.paths), len(self.replies)) - 1]


@contextmanager
def model_server(replies: Sequence[Reply]) -> Iterator[ModelServer]:
    """Serve `replies` on this machine until the block ends."""
    server = ModelServer(list(replies))
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join(timeout=5)


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is the library's
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            server.paths.append(self.path)
            server.authorizations.append(self.headers.get("authorization"))
            server.requests.append(json.loads(body or b"{}"))
            self._send(server.next_reply())

        def do_GET(self) -> None:
            server.paths.append(self.path)
            self._send(Reply(status=404))

        def do_CONNECT(self) -> None:
            self.do_GET()

        def _send(self, reply: Reply) -> None:
            time.sleep(reply.delay)
            body = reply.body()
            try:
                self.send_response(reply.status)
                for name, value in (("content-type", "application/json"), *reply.headers):
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

    return Handler
