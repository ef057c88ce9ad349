"""What can go wrong with a model, by kind, told from the errors of the providers' packages.

Nothing of what a server or a package says is repeated: it may hold a key. Only the class and the status are.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Fault(StrEnum):
    """A kind of fault; `Answer.fault` names it to other programs."""

    UNREACHABLE = "unreachable"
    NOT_PERMITTED = "not_permitted"
    UNKNOWN_MODEL = "unknown_model"
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    NO_FIRST_TOKEN = "no_first_token"
    TOO_SLOW = "too_slow"
    TOO_LONG = "too_long"
    REFUSED = "refused"
    MALFORMED = "malformed"
    EMPTY = "empty"
    WRONG_LANGUAGE = "wrong_language"
    UNSUPPORTED = "unsupported"
    CUT_OFF = "cut_off"
    REPEATED = "repeated"
    STOPPED = "stopped"


class ModelFault(Exception):
    """A fault on the way to the end of a reply. `detail` is a class name and a status, never a server's words."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault.value} {detail}".strip())
        self.fault, self.detail = fault, detail


PASSING = frozenset({Fault.BUSY, Fault.SERVER_ERROR})
"""Kinds after which asking again may help."""

_TOO_LONG = re.compile(
    r"context[_ ](?:length|window|size)|maximum context|(?:prompt|input|request)[^.]{0,40}too (?:long|large|many)"
    r"|too many (?:input )?tokens|exceed\w* (?:the )?(?:max\w* |available |model'?s? )*(?:context|token)|num_ctx",
    re.IGNORECASE,
)


def model_fault(error: BaseException) -> ModelFault:
    """Return the fault behind an error of a provider's package, told by class, status and, for one kind, wording."""
    if isinstance(error, ModelFault):
        return error
    status = _status(error)
    detail = type(error).__name__ + (f", HTTP {status}" if status else "")
    return ModelFault(_kind(error, status), detail)


def midway(fault: ModelFault) -> ModelFault:
    """Return the same fault as one that came after the reply had begun."""
    if fault.fault is Fault.NO_FIRST_TOKEN:
        return ModelFault(Fault.TOO_SLOW, fault.detail)
    broken = (Fault.UNREACHABLE, Fault.SERVER_ERROR, Fault.BUSY, Fault.REFUSED, Fault.MALFORMED)
    return ModelFault(Fault.CUT_OFF, fault.detail) if fault.fault in broken else fault


def _kind(error: BaseException, status: int | None) -> Fault:
    names = {base.__name__ for base in type(error).__mro__}
    if "ContextOverflowError" in names or (status in (None, 400, 413, 422, 500) and _TOO_LONG.search(str(error))):
        return Fault.TOO_LONG
    if status is not None:
        return _kind_of_status(status)
    if names & {"TimeoutException", "TimeoutError", "APITimeoutError", "ModelTimeoutError"}:
        return Fault.NO_FIRST_TOKEN
    if names & {"APIConnectionError", "TransportError", "OSError", "ModelConnectionError"}:
        return Fault.UNREACHABLE
    if names & {"JSONDecodeError", "UnicodeDecodeError", "ValueError", "TypeError", "KeyError", "AttributeError"}:
        return Fault.MALFORMED
    return Fault.SERVER_ERROR if names & {"APIError", "ResponseError", "ModelAPIError"} else Fault.MALFORMED


def _kind_of_status(status: int) -> Fault:
    known = {401: Fault.NOT_PERMITTED, 403: Fault.NOT_PERMITTED, 404: Fault.UNKNOWN_MODEL}
    if status in known:
        return known[status]
    if status in (408, 429):
        return Fault.BUSY
    return Fault.SERVER_ERROR if status >= 500 else Fault.REFUSED


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status > 0 else None
