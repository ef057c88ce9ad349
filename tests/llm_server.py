"""A language model's server on this machine: OpenAI's protocol and Ollama's, played by scripted personalities.

`with llm_server("good") as server:` gives a running server; `server.openai_url` and `server.ollama_url` are what the
clients take. What is said comes from `tests.llm_personalities`; how it is sent is decided here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.llm_personalities import TEXTS

PERSONALITIES = (
    *TEXTS,
    "slow_first",
    "slow_between",
    "cut_off",
    "unauthorised",
    "unknown_model",
    "busy_once",
    "broken",
    "broken_json",
    "too_long",
    "too_long_once",
    "no_streaming",
)
_MODEL = "scripted"
_TOO_LONG = (
    "This model's maximum context length is 4096 tokens. However, your messages resulted in 9120 tokens. "
    "Please reduce the length of the messages."
)
_REFUSALS = {
    "unauthorised": (401, "Incorrect API key provided: sk-secret-0123456789abcdef. You can find your API key at …"),
    "unknown_model": (404, "The model `scripted` does not exist or you do not have access to it."),
    "busy_once": (429, "Rate limit reached. Please try again later."),
    "broken": (500, "The server had an error while processing your request."),
    "too_long": (400, _TOO_LONG),
    "too_long_once": (400, _TOO_LONG),
}
_PIECE = 7


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in."""

    path: str
    body: dict[str, Any]
    authorization: str | None

    @property
    def prompt(self) -> str:
        """The texts of all messages, one after the other."""
        contents = (message.get("content") or "" for message in self.body.get("messages", []))
        return "\n".join(c if isinstance(c, str) else "".join(part.get("text", "") for part in c) for c in contents)


@dataclass
class LlmServer:
    """A running server: personality, what came in, and how slow it is.

    `script`, where it is set, is said instead of what the personality says. `left_early` counts the answers whose
    reader hung up before the end.
    """

    personality: str = "good"
    script: str | Callable[[str], str] | None = None
    delay: float = 0.0
    retry_after: str = "0"
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    left_early: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def openai_url(self) -> str:
        """The base address that an OpenAI client takes."""
        return f"{self.url}/v1"

    @property
    def ollama_url(self) -> str:
        """The base address that an Ollama client takes."""
        return self.url

    def text(self, prompt: str) -> str:
        """What is said to a prompt."""
        if self.script is not None:
            return self.script if isinstance(self.script, str) else self.script(prompt)
        return TEXTS.get(self.personality, TEXTS["good"])(prompt)

    def refusal(self) -> tuple[int, str] | None:
        """The status and message with which the request that came last is turned down, if it is."""
        if self.personality.endswith("_once") and len(self.requests) > 1:
            return None
        return _REFUSALS.get(self.personality)

    def wait(self, seconds: float) -> None:
        """Wait, but not longer than the server runs."""
        self.closing.wait(seconds)


@contextmanager
def llm_server(
    personality: str = "good",
    script: str | Callable[[str], str] | None = None,
    delay: float = 0.0,
    retry_after: str = "0",
) -> Iterator[LlmServer]:
    """Run a server of one personality until the block ends; the settings are fields of `LlmServer`."""
    if personality not in PERSONALITIES:
        raise ValueError(f"Unknown personality {personality!r}. Known: {', '.join(PERSONALITIES)}")
    server = LlmServer(personality, script, delay, retry_after)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    try:
        yield server
    finally:
        server.closing.set()
        http.shutdown()
        http.server_close()
        thread.join(timeout=5)


def _handler(server: LlmServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
            request = Request(self.path, body, self.headers.get("authorization"))
            server.requests.append(request)
            try:
                self._answer(request)
            except OSError:
                server.left_early += 1
                self.close_connection = True

        def do_GET(self) -> None:
            ollama = {"models": [{"name": _MODEL, "model": _MODEL}]}
            openai = {"object": "list", "data": [{"id": _MODEL, "object": "model", "created": 1, "owned_by": "tests"}]}
            lists = {"/v1/models": openai, "/api/tags": ollama}
            server.requests.append(Request(self.path, {}, self.headers.get("authorization")))
            refused = server.personality == "unauthorised" or self.path not in lists
            self._json(401 if refused else 200, {"error": "refused"} if refused else lists[self.path])

        def _answer(self, request: Request) -> None:
            ollama = request.path == "/api/chat"
            if request.path not in ("/v1/chat/completions", "/api/chat"):
                return self._json(404, {"error": {"message": f"no such path: {request.path}"}})
            if refusal := server.refusal():
                status, message = refusal
                return self._json(status, {"error": message if ollama else {"message": message, "type": "test"}})
            text = server.text(request.prompt)
            if server.personality == "slow_first":
                server.wait(server.delay)
            if server.personality == "no_streaming" or not request.body.get("stream", ollama):
                return self._json(200, _whole(text, ollama))
            return self._stream(text, ollama)

        def _stream(self, text: str, ollama: bool) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/x-ndjson" if ollama else "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
            for number, piece in enumerate(_sent(server, pieces)):
                if server.personality == "cut_off" and number >= max(1, len(pieces) // 2):
                    self.close_connection = True
                    return
                if server.personality == "broken_json" and number == 2:
                    self._chunk('{"message": {"content": "\n' if ollama else 'data: {"choices": [{"delta"\n\n')
                self._chunk(_piece(piece, ollama))
                if server.personality in ("slow_between", "endless"):
                    server.wait(server.delay)
            self._chunk(_end(ollama))
            self.wfile.write(b"0\r\n\r\n")

        def _chunk(self, text: str) -> None:
            data = text.encode("utf-8", "surrogatepass")
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

        def _json(self, status: int, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            if status == 429:
                self.send_header("retry-after", server.retry_after)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

    return Handler


def _sent(server: LlmServer, pieces: Sequence[str]) -> Iterator[str]:
    """The pieces, of an endless answer the last ones again and again."""
    yield from pieces
    while server.personality == "endless" and not server.closing.is_set():
        yield from pieces[-4:]


def _whole(text: str, ollama: bool) -> dict[str, Any]:
    if ollama:
        return {**_OLLAMA, "message": {"role": "assistant", "content": text}, **_OLLAMA_END}
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": _MODEL, "choices": [choice]}


def _piece(text: str, ollama: bool) -> str:
    if ollama:
        return json.dumps({**_OLLAMA, "message": {"role": "assistant", "content": text}, "done": False}) + "\n"
    return _event({"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None})


def _end(ollama: bool) -> str:
    if ollama:
        return json.dumps({**_OLLAMA, "message": {"role": "assistant", "content": ""}, **_OLLAMA_END}) + "\n"
    return _event({"index": 0, "delta": {}, "finish_reason": "stop"}) + "data: [DONE]\n\n"


def _event(choice: dict[str, Any]) -> str:
    event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": _MODEL, "choices": [choice]}
    return f"data: {json.dumps(event)}\n\n"


_OLLAMA = {"model": _MODEL, "created_at": "2026-01-01T00:00:00Z"}
_OLLAMA_END = {"done": True, "done_reason": "stop", "total_duration": 1, "eval_count": 1, "prompt_eval_count": 1}
