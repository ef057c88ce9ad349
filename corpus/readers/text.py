"""Plain text and Markdown in any encoding that Japanese files come in: bytes in, one page out.

No structure is recognised here; Markdown differs from text only in how `corpus.headings` reads its headings.
"""

from __future__ import annotations

import re

from corpus.models import RawDocument, RawPage, Verdict
from corpus.readers.script import plausibility

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LEGACY = ("cp932", "euc_jp", "utf-16-le", "utf-16-be")
_JIS_ESCAPE = b"\x1b$"
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Below this share of characters that belong in a Japanese or Western text, a decoding is taken for a wrong one.
_PLAUSIBLE = 0.9
_CONTROL_SHARE = 0.02
# A wrong encoding shows within a few pages; judging megabytes of text would take seconds.
_JUDGED_CHARACTERS = 20_000
_MOST_LOST = 0.005
_HALF_WIDTH_KATAKANA = re.compile(r"[\uff61-\uff9f]")
_HALF_WIDTH_PENALTY = 0.09

_EMPTY = "中身がありません。"
_NO_TEXT = "テキストとして読めません。UTF-8で保存し直すか、元の形式の拡張子に戻してください。"
_LOST = "読めない文字が{count}か所あります。元のファイルをUTF-8で保存し直すと確実です。"


def read_text(data: bytes) -> RawDocument:
    """Decode a text file: UTF-8, CP932, EUC-JP, JIS or UTF-16, with or without a byte order mark. Never raises.

    UTF-8 with a few broken bytes is partly read: U+FFFD stands for each of them.
    """
    if not data.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        return RawDocument(Verdict.EMPTY, warnings=(_EMPTY,))
    text, encoding = decode_text(data)
    if text is None:
        return _read_damaged(data)
    if not any(char not in "\x00\ufeff" and not char.isspace() for char in text):
        return RawDocument(Verdict.EMPTY, warnings=(_EMPTY,))
    warnings = () if encoding.startswith("utf-8") else (f"文字コード {encoding} として読みました。",)
    return RawDocument(Verdict.READ, (RawPage(None, None, text),), warnings=warnings)


def decode_text(data: bytes) -> tuple[str | None, str]:
    """The text and the name of its encoding, or None and "" where no encoding makes writing of it. Never raises."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _try(data, encoding), encoding
    if _JIS_ESCAPE in data and (text := _try(data, "iso2022_jp")) is not None:
        return text, "iso2022_jp"
    # A few NULs are damage inside a text; many control bytes are no text at all.
    if _has_few_controls(data) and (text := _try(data, "utf-8")) is not None:
        return text, "utf-8"
    candidates = [(text, name) for name in _LEGACY if (text := _try(data, name)) is not None]
    scored = [(_score(text[:_JUDGED_CHARACTERS]), text, name) for text, name in candidates]
    score, text, name = max(scored, key=lambda item: item[0], default=(0.0, "", ""))
    return (text, name) if score >= _PLAUSIBLE else (None, "")


def _score(text: str) -> float:
    """How plausible a decoding is: EUC-JP read as CP932 is all half-width katakana, which no text is for long."""
    return plausibility(text) - _HALF_WIDTH_PENALTY * len(_HALF_WIDTH_KATAKANA.findall(text)) / max(1, len(text))


def _read_damaged(data: bytes) -> RawDocument:
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    if lost > max(1, _MOST_LOST * len(text)) or not _has_few_controls(data):
        return RawDocument(Verdict.UNSUPPORTED, warnings=(_NO_TEXT,))
    page = RawPage(None, None, text.removeprefix("\ufeff"))
    return RawDocument(Verdict.PARTLY_READ, (page,), warnings=(_LOST.format(count=lost),))


def _has_few_controls(data: bytes) -> bool:
    return len(_BINARY.findall(data)) <= _CONTROL_SHARE * len(data)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
