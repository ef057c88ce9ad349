"""Office files made in code, and changed by hand where the libraries that make them know no way."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Protocol

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "'
    + b"a" * 1000
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 100) for n in range(6))
    + b"]>"
)


class Saved(Protocol):
    """A document of python-docx or a presentation of python-pptx."""

    def save(self, file: io.BytesIO) -> None: ...


def saved(document: Saved) -> bytes:
    """The document as the bytes of its file."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def changed(data: bytes, changes: Mapping[str, Callable[[bytes], bytes | None]]) -> bytes:
    """The file with members changed by name; one for which the change gives None is left out, a new one is added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        for name in [*names, *(name for name in changes if name not in names)]:
            blob: bytes | None = source.read(name) if name in names else b""
            if name in changes:
                blob = changes[name](blob or b"")
            if blob is not None:
                target.writestr(name, blob)
    return buffer.getvalue()


def replacing(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A change that replaces what must be there."""

    def change(blob: bytes) -> bytes:
        assert old in blob, f"{old!r} is not in the part"
        return blob.replace(old, new)

    return change


def behind_declaration(text: bytes) -> Callable[[bytes], bytes]:
    """A change that puts a text between the XML declaration and the root."""
    return lambda blob: blob.replace(b"?>", b"?>" + text, 1)


def linked(part_type: str, target: str) -> Callable[[bytes], bytes]:
    """A change of a .rels part that adds a relationship of this type, rId900, to this target."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    item = f'<Relationship Id="rId900" Type="{base}/{part_type}" Target="{target}"/></Relationships>'
    return replacing(b"</Relationships>", item.encode())
