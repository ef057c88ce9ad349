"""Tests of a request as a stream: limits, retries, stop, and that nothing of it hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from assistant import chat_reply
from assistant.generate.faults import Fault, ModelFault, model_fault
from assistant.generate.options import GenerateOptions
from assistant.generate.stream import stream_text
from tests.assistant.generating import ScriptedModel, StatusError, scripted

QUICK = GenerateOptions(first_token_seconds=0.3, total_seconds=1.0)
KEY = "sk-0123456789abcdef0123456789"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the growing pauses be short."""
    monkeypatch.setattr(chat_reply, "_FIRST_PAUSE_SECONDS", 0.01)


def read(model: ScriptedModel, options: GenerateOptions = QUICK, **rest: threading.Event) -> tuple[str, Fault | None]:
    """What comes of a request: its text, and the fault that ended it."""
    text = ""
    try:
        for piece in stream_text(model, [], options, **rest):  # type: ignore[arg-type]
            text += piece
    except ModelFault as fault:
        return text, fault.fault
    return text, None


def test_pieces_come_in_order() -> None:
    """This test ensures that a reply is handed on whole and in order."""
    assert read(scripted(["一つ", "、", "二つ。"])) == ("一つ、二つ。", None)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_may_pass_is_tried_again(status: int) -> None:
    """This test ensures that a busy or failing server is asked again, and then answers."""
    model = scripted([StatusError(status)], [StatusError(status)], ["はい。"])
    assert read(model) == ("はい。", None)
    assert len(model.asked) == 3


@pytest.mark.parametrize(
    ("status", "fault"),
    [(400, Fault.REFUSED), (401, Fault.NOT_PERMITTED), (403, Fault.NOT_PERMITTED), (404, Fault.UNKNOWN_MODEL)],
)
def test_what_will_not_pass_is_not_tried_again(status: int, fault: Fault) -> None:
    """This test ensures that a refusal for good is told by its kind at once."""
    model = scripted([StatusError(status)])
    assert read(model) == ("", fault)
    assert len(model.asked) == 1


def test_a_server_that_stays_busy() -> None:
    """This test ensures that the attempts are counted and the last refusal is told."""
    model = scripted([StatusError(429)])
    assert read(model) == ("", Fault.BUSY)
    assert len(model.asked) == QUICK.attempts


def test_a_long_pause_that_is_asked_for_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that "come back in a minute" ends at the limit, and as what it is: busy."""
    monkeypatch.setattr(chat_reply, "_FIRST_PAUSE_SECONDS", 60.0)
    start = time.monotonic()
    assert read(scripted([StatusError(429)], ["はい。"])) == ("", Fault.BUSY)
    assert time.monotonic() - start < 1.5


def test_no_second_attempt_once_text_has_come() -> None:
    """This test ensures that a reply that breaks is not begun anew, which would say things twice."""
    model = scripted(["一つ。", StatusError(503)], ["一つ。二つ。"])
    assert read(model) == ("一つ。", Fault.CUT_OFF)
    assert len(model.asked) == 1


def test_no_first_token() -> None:
    """This test ensures that a server that says nothing is given up after the limit, not after its own."""
    start = time.monotonic()
    assert read(scripted([5.0, "はい。"])) == ("", Fault.NO_FIRST_TOKEN)
    assert time.monotonic() - start < 1.0


def test_silence_in_the_middle() -> None:
    """This test ensures that what came before a silence is handed on, and the silence told."""
    assert read(scripted(["一つ。", 5.0, "二つ。"])) == ("一つ。", Fault.TOO_SLOW)


def test_too_slow_in_all() -> None:
    """This test ensures that a reply that trickles for ever ends at the limit."""
    start = time.monotonic()
    text, fault = read(scripted([step for _ in range(100) for step in ("あ", 0.05)]))
    assert fault is Fault.TOO_SLOW
    assert text.startswith("あああ")
    assert time.monotonic() - start < 2.0


def test_endless() -> None:
    """This test ensures that a model that repeats itself is cut off by the length of what it says."""
    model = scripted(["あいうえお。" for _ in range(10_000)])
    text, fault = read(model, GenerateOptions(answer_characters=100))
    assert (fault, len(text) < 120) == (Fault.CUT_OFF, True)


@pytest.mark.parametrize(("reason", "fault"), [("stop", None), ("length", Fault.CUT_OFF), (None, Fault.CUT_OFF)])
def test_the_reason_of_the_end(reason: str | None, fault: Fault | None) -> None:
    """This test ensures that an end without a reason, or for want of room, is no whole reply."""
    assert read(scripted(["一つ。"], reason=reason)) == ("一つ。", fault)


def test_a_model_that_never_gives_a_reason() -> None:
    """This test ensures that a package of someone else, without reasons, is judged by how the text ends."""
    for text, fault in (("一つ。", None), ("一つ。[1]", None), ("一つ。二", Fault.CUT_OFF)):
        model = scripted([text], reason=None)
        model._llm_type = "someone-elses"
        assert read(model) == (text, fault)


def test_nothing_streamed_is_asked_for_in_one_piece() -> None:
    """This test ensures that a server without streaming still answers."""
    model = scripted([], ["一つ。"], reason=None)
    model._llm_type = "someone-elses"
    assert read(model) == ("一つ。", None)


def test_stop() -> None:
    """This test ensures that a stop button ends the request and keeps what came."""
    model, stop = scripted(["一つ。", 0.05, *["二つ。", 0.05] * 50]), threading.Event()
    threading.Timer(0.2, stop.set).start()
    text, fault = read(model, GenerateOptions(), stop=stop)
    assert (fault, text.startswith("一つ。二つ。")) == (Fault.STOPPED, True)
    assert _soon(lambda: model.closed == 1)


def test_closing_ends_the_request() -> None:
    """This test ensures that a reader who leaves, such as a page that is drawn anew, ends the request."""
    model = scripted(["一つ。", *[step for _ in range(200) for step in ("あ", 0.02)]])
    pieces = stream_text(model, [], GenerateOptions())
    assert next(pieces) == "一つ。"
    pieces.close()
    assert _soon(lambda: model.closed == 1)


def test_closing_during_a_pause_ends_the_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that nobody is asked again for a reader who has left."""
    monkeypatch.setattr(chat_reply, "_FIRST_PAUSE_SECONDS", 0.2)
    model = scripted([StatusError(429)], ["はい。"])
    assert read(model, GenerateOptions(first_token_seconds=0.1)) == ("", Fault.BUSY)
    time.sleep(0.4)
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens", 400),
        ("prompt is too long: 210000 tokens > 200000 maximum", 400),
        ("the request exceeds the available context size, try increasing it", 400),
        ("prompt too long; exceeded max context length by 4 tokens", 500),
        ("Input tokens exceed the configured limit. Please reduce: too many tokens", 400),
    ],
)
def test_too_long_is_told_by_its_words(said: str, status: int) -> None:
    """This test ensures that what the servers at large say about too much text is understood."""
    assert model_fault(StatusError(status, said)).fault is Fault.TOO_LONG


def test_no_word_of_a_server_is_repeated() -> None:
    """This test ensures that a key that a server or package repeats reaches no message."""
    for status in (400, 401, 404, 429, 500):
        fault = model_fault(StatusError(status, f"Incorrect API key provided: {KEY}"))
        assert KEY not in f"{fault} {fault.detail} {fault!r}"
        assert f"HTTP {status}" in fault.detail


def test_an_error_in_the_thread_is_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    """This test ensures that whatever a package raises is a fault, and nothing is printed."""
    for error in (RuntimeError(KEY), KeyError("choices"), UnicodeDecodeError("utf-8", b"x", 0, 1, "bad")):
        assert read(scripted([error])) == ("", Fault.MALFORMED)
    assert read(scripted([ConnectionRefusedError(KEY)])) == ("", Fault.UNREACHABLE)
    assert read(scripted([TimeoutError(KEY)])) == ("", Fault.NO_FIRST_TOKEN)
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


def _soon(is_so: object, seconds: float = 2.0) -> bool:
    def waits() -> Iterator[bool]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            yield bool(is_so())  # type: ignore[operator]
            time.sleep(0.01)

    return any(waits())
