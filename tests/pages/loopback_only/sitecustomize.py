"""Put first on PYTHONPATH, refuses a process every connection but to itself, and notes each attempt in a file.

The file is named by MAMORI_TEST_ATTEMPTS: one line for each attempt. Addresses and names are looked at where
Python hands them to the system, so that every library written in Python passes here.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable
from typing import Any

_NOTES = os.environ["MAMORI_TEST_ATTEMPTS"]


def _is_own(host: object) -> bool:
    """Whether a host is this machine; an unset one is bound to or resolved locally."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name).split("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse(what: str) -> None:
    with open(_NOTES, "a", encoding="utf-8") as notes:
        notes.write(what + "\n")
    raise OSError(f"only this machine may be reached: {what}")


def _guarded(name: str, address_at: int) -> Callable[..., Any]:
    """The socket method of that name, with the address among its arguments looked at first."""
    original = getattr(socket.socket, name)

    def call(self: socket.socket, *arguments: Any) -> Any:  # noqa: ANN401
        address = arguments[address_at]
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_own(address[0]):
            _refuse(f"{name} {address[0]}:{address[1]}")
        return original(self, *arguments)

    return call


def _guarded_lookup(name: str) -> Callable[..., Any]:
    original = getattr(socket, name)

    def call(host: Any = None, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        if not _is_own(host):
            _refuse(f"{name} {host}")
        return original(host, *arguments, **options)

    return call


for _method, _position in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
    setattr(socket.socket, _method, _guarded(_method, _position))
for _function in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    setattr(socket, _function, _guarded_lookup(_function))
