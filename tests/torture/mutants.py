"""Mutants of small documents: whole ones spoilt in ways that a disk, a bad program or an enemy would spoil them.

A mutant is told by its kind and a number, and comes out the same each time (with the same versions of the libraries
that make the whole documents). Of a ZIP, and so of an Office file, the parts inside and the list of members are
spoilt too, for a change to the compressed bytes would only ever meet the check sums.
"""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.corpus.make_office import BOMB
from tests.torture.samples import SUFFIXES, ZIPPED, members_of, rezipped, samples

KINDS: Final = tuple(SUFFIXES)
_WEIGHTS: Final[Mapping[str, int]] = {
    "pdf": 6,
    "docx": 3,
    "pptx": 3,
    "xlsx": 3,
    "html": 3,
    "csv": 2,
    "zip": 1,
    "text": 3,
    "markdown": 1,
}
_MOST_BYTES = 8_000_000
_DEPTH = 20_000
_NUMBERS: Final = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967296",
    b"99999999999999999999",
    b"1e309",
    b"0.0000001",
    b"-0",
    b"NaN",
)
_HOSTILE: Final[Mapping[str, tuple[bytes, ...]]] = {
    "pdf": (
        b"[" * _DEPTH,
        b"<<" * _DEPTH,
        b"<</A" * _DEPTH,
        b"(" * _DEPTH,
        b"q " * _DEPTH,
        b"BT " * 5_000,
        b"1 0 0 1 0 0 cm /I Do " * 5_000,
        b"1 0 obj << /Type /Pages /Kids [1 0 R 1 0 R] /Count 2 >> endobj\n",
        b"2 0 obj << /Type /Pages /Kids [2 0 R] /Count 2147483647 >> endobj\n",
        b"/Filter [" + b"/FlateDecode " * 500 + b"]",
        b"/Parent 2 0 R /Resources 2 0 R",
        b"stream\r\n",
        b"endobj",
        b"trailer << /Prev 9 /Size 2147483647 >>",
        b"startxref\n9\n%%EOF",
        b"/Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 >>",
        b"/MediaBox [-1e38 -1e38 1e38 1e38]",
    ),
    "html": (
        b"<div>" * _DEPTH,
        b"<table><tr><td>" * 3_000,
        b"<ul><li>" * 3_000,
        b"<b><i><p>" * 1_500,
        b"<td colspan='99999999' rowspan='99999999'>",
        b"<ol start='999999999999999999999'>",
        b"&#xD800;&#x110000;&#0;&#99999999999999999999;",
        b"<!--",
        b"<![CDATA[",
        b"<plaintext>",
        b"<svg><math><template><select>",
        b'<meta charset="utf-7">',
        b'<meta charset="idna">',
        b"<?xml version='1.0' encoding='utf-32'?>",
        b"<frameset><noscript><iframe><textarea>",
        BOMB,
    ),
    "xml": (
        b"<w:p>" * _DEPTH,
        b"<w:tbl><w:tr><w:tc>" * 2_000,
        b"<w:sdt><w:sdtContent>" * 2_000,
        b"<a:p>" * _DEPTH,
        b"<p:grpSp>" * 2_000,
        BOMB,
        b"<!DOCTYPE x [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]>",
        b'<w:gridSpan w:val="999999999"/>',
        b'<w:ilvl w:val="-1"/><w:numId w:val="999999999"/>',
        b'<c r="XFD1048576" t="s"><v>99999999</v></c>',
        b'<c r="A0" t="d"><v>9999-99-99</v></c>',
        b'<c t="n"><v>1e400</v></c>',
        b'<mergeCell ref="A1:XFD1048576"/>',
        b'<row r="99999999">',
        b"<?xml version='1.0' encoding='utf-16'?>",
        b"&#xFFFF;&undefined;",
        b"]]>",
    ),
    "text": (
        b"\x00" * 1_000,
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x1b$B",
        b"\x85\xa0",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x91\xa8\xe2\x80\x8d" * 2_000,
        b"\xe3\x82\x99" * _DEPTH,
        b'"' * 9_999,
        b"," * 200_000,
        b"\r" * _DEPTH,
        b"a" * 2_000_000,
        b"\xe7\xac\xac1\xe7\xab\xa0 " * 5_000,
        b"#" * 5_000,
        b"- " * 5_000,
        b"|" * _DEPTH,
        b" " * _DEPTH + b"x",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"<html>",
    ),
}
_TOKEN: Final = {
    "pdf": re.compile(rb"/[A-Za-z]\w*|\d+ 0 R|\b[A-Za-z]{1,2}\b"),
    "xml": re.compile(rb'"[^"<>]{1,60}"|</?[\w:]+'),
    "text": re.compile(rb"[^\s<>]{2,20}|</?\w+"),
}
_NUMBER = re.compile(rb"(?<![\w.])-?\d{1,10}(?![\w.])")
_HEADERS = re.compile(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)")
_EXTREMES = (0, 1, 2, 8, 0x7F, 0xFF, 0xFFFF, 0x7FFF, 0x8000)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One spoilt document under the file name that it is read by; `steps` says what was done to it."""

    kind: str
    seed: int
    name: str
    data: bytes
    steps: tuple[str, ...]


Step = Callable[[random.Random, bytes, str], bytes]


def pick(seed: int) -> tuple[str, int]:
    """The kind and number of the mutant that stands at `seed` in a mixed run; kinds that hold more come more often."""
    kinds = list(_WEIGHTS)
    return random.Random(seed).choices(kinds, [_WEIGHTS[kind] for kind in kinds])[0], seed


def make_mutant(kind: str, seed: int) -> Mutant:
    """The mutant of this kind and number."""
    chance = random.Random(f"{kind} {seed}")
    data, steps = chance.choice(samples(kind)), []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        ways = _ZIP_WAYS if kind in ZIPPED else _BYTE_WAYS
        name, step = chance.choice(ways)
        spoilt = step(chance, data, _flavour(kind))
        if len(spoilt) <= _MOST_BYTES:
            data, steps = spoilt, [*steps, name]
    suffix = chance.choice(tuple(SUFFIXES.values())) if chance.random() < 0.05 else SUFFIXES[kind]
    return Mutant(kind, seed, f"{seed}{suffix}", data, tuple(steps))


def _flavour(kind: str) -> str:
    return kind if kind in ("pdf", "html") else "text"


def _flip(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 16, 64)) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut_off(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _cut_out(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    start, end = _slice(chance, data)
    return data[:start] + data[end:]


def _repeat(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    start, end = _slice(chance, data)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50, 2_000)) + data[end:]


def _swap(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    a, b, c, d = sorted(chance.randrange(len(data) + 1) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _blank(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    start, end = _slice(chance, data)
    return data[:start] + chance.choice((b"\x00", b"\xff", b" ")) * (end - start) + data[end:]


def _noise(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.choice((1, 4, 100, 5_000))) + data[at:]


def _hostile(chance: random.Random, data: bytes, flavour: str) -> bytes:
    at = chance.randrange(len(data) + 1)
    if flavour != "text" and chance.random() < 0.7:
        # Between two tokens it is more likely to be understood.
        at = chance.choice([match.start() for match in _TOKEN.get(flavour, _TOKEN["text"]).finditer(data)] or [at])
    return data[:at] + chance.choice(_HOSTILE[flavour]) + data[at:]


def _number(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    found = list(_NUMBER.finditer(data))
    for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 1, 2, 8)))), key=lambda m: -m.start()):
        data = data[: match.start()] + chance.choice(_NUMBERS) + data[match.end() :]
    return data


def _token(chance: random.Random, data: bytes, flavour: str) -> bytes:
    """One token in the place of another."""
    found = list(_TOKEN.get(flavour, _TOKEN["text"]).finditer(data))
    for _ in range(chance.choice((1, 3)) if found else 0):
        old, new = chance.choice(found)[0], chance.choice(found)[0]
        count = chance.choice((1, -1))
        data = data.replace(old, new, count)
    return data


def _slice(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 8, 100, 1_000, 20_000)))


def _inside(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    """A part inside spoilt, packed again with a check sum that is right."""
    members = _whole_members(data)
    if not members:
        return _flip(chance, data, "text")
    # Content, relationships and types matter more than a theme.
    names = [name for name in members if not re.search(r"theme|Layout|Master|docProps|thumbnail", name)]
    name = chance.choice(names if names and chance.random() < 0.8 else list(members))
    flavour = "xml" if name.endswith((".xml", ".rels")) else "text"
    members[name] = chance.choice(_BYTE_WAYS)[1](chance, members[name], flavour)
    return rezipped(members)


def _exchange(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    """Members left out, exchanged, renamed or added."""
    members = _whole_members(data)
    if not members:
        return _cut_out(chance, data, "text")
    one, other = chance.choice(list(members)), chance.choice(list(members))
    match chance.randrange(5):
        case 0:
            del members[one]
        case 1:
            members[one], members[other] = members[other], members[one]
        case 2:
            members[chance.choice(("../" + one, one.upper(), one + "\x00", "あ" * 300, "/" + one))] = members.pop(one)
        case 3:
            members[one] = chance.choice((b"", b"\x00" * 4_000_000, data, BOMB))
        case _:
            copies = chance.choice((3, 500 if b"[Content_Types]" in data else 9))
            members |= {f"{one}{number}": members[one] for number in range(copies)}
    return rezipped(members)


def _header(chance: random.Random, data: bytes, _flavour: str) -> bytes:
    """A field of 2 or 4 bytes in a header of the ZIP set to an extreme value."""
    changed = bytearray(data)
    found = [match.start() for match in _HEADERS.finditer(data)]
    for _ in range(chance.choice((1, 1, 3)) if found else 0):
        at = chance.choice(found) + 4 + 2 * chance.randrange(20)
        value = chance.choice((*_EXTREMES, chance.randrange(1 << 16)))
        field = (
            struct.pack("<I", value * chance.choice((1, 0x10001)))
            if chance.random() < 0.5
            else struct.pack("<H", value)
        )
        if at + len(field) <= len(changed):
            changed[at : at + len(field)] = field
    return bytes(changed)


def _whole_members(data: bytes) -> dict[str, bytes]:
    try:
        return members_of(data)
    # An earlier step may have spoilt it in any way.
    except Exception:
        return {}


_BYTE_WAYS: Final[tuple[tuple[str, Step], ...]] = (
    ("flip", _flip),
    ("cut_off", _cut_off),
    ("cut_out", _cut_out),
    ("repeat", _repeat),
    ("swap", _swap),
    ("blank", _blank),
    ("noise", _noise),
    ("hostile", _hostile),
    ("hostile", _hostile),
    ("number", _number),
    ("number", _number),
    ("token", _token),
    ("token", _token),
)
_ZIP_WAYS: Final[tuple[tuple[str, Step], ...]] = (
    *(("inside", _inside),) * 10,
    *(("exchange", _exchange),) * 3,
    *(("header", _header),) * 3,
    ("flip", _flip),
    ("cut_off", _cut_off),
    ("cut_out", _cut_out),
    ("swap", _swap),
)
