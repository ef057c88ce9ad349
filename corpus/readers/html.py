"""HTML pages: bytes in, one page out, as its reader would see it in a browser without scripts.

Nothing is fetched, run or resolved. What each element becomes is decided in `corpus.readers.html_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.kind import REFUSALS, FileKind, tell_kind
from corpus.models import BlockKind, RawDocument, RawLine, RawPage, Verdict
from corpus.readers.html_lines import ITEM_MARK, LineTarget
from corpus.readers.text import decode_text

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^<>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_DECLARED_WITHIN = 8192
# Names that pages use, as Python calls them; Windows writes more under "Shift_JIS" than the standard has.
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis", "sjis", "windows-31j", "cp932", "ms932", "ms_kanji"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "euc_jp", "eucjp"), "euc_jp"),
    **dict.fromkeys(("iso-2022-jp", "csiso2022jp"), "iso2022_jp_ext"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("us-ascii", "iso-8859-1", "latin1", "windows-1252"), "cp1252"),
}
_MOST_LOST = 0.005
_BLOCK = 1 << 16
_MARKED_BREAK = re.compile(r"\n{3,}")
_MOSTLY = 0.8
_SITE = re.compile(r"\s*(?:[|｜:：／/«»‹›<>＜＞－–—]|-\s|\s-|[（(【])|$")

_EMPTY = "文字がありません。ブラウザーで文字が見えるページなら、PDFで保存し直してください。"
_NO_TEXT = "文字コードが分からず、読めません。UTF-8で保存し直してください。"
_LOST = "読めない文字が{count}か所あります。元のファイルをUTF-8で保存し直すと確実です。"
_GUESSED = "文字コード {encoding} として読みました。"
_HIDDEN = "画面に表示されない文字が{count}字あり、読み込んでいません。必要な文字なら、表示して保存し直してください。"


def read_html(data: bytes) -> RawDocument:
    """The text of an HTML page as headings, paragraphs, items and rows. Never raises for bad content.

    A page without headings, or one that is preformatted, is handed over as plain text. Partly read is one with a few
    broken characters.
    """
    if tell_kind("", data) is FileKind.MHTML:
        return RawDocument(Verdict.UNSUPPORTED, warnings=(REFUSALS[FileKind.MHTML],))
    if not data.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        return RawDocument(Verdict.EMPTY, warnings=(_EMPTY,))
    text, warnings = _decode(data)
    if text is None:
        return RawDocument(Verdict.UNSUPPORTED, warnings=warnings)
    found = _parse(text, whole=False)
    if not found.lines:
        found = _parse(text, whole=True)
    if found.hidden:
        warnings += (_HIDDEN.format(count=found.hidden),)
    if not found.lines:
        return RawDocument(Verdict.EMPTY, warnings=(_EMPTY, *warnings))
    verdict = Verdict.PARTLY_READ if "\ufffd" in text and _is_lossy(warnings) else Verdict.READ
    return RawDocument(verdict, (_page(found),), title=_title(found), warnings=warnings)


def _parse(text: str, *, whole: bool) -> LineTarget:
    """The lines of a page; with `whole`, those of its navigation and margins as well."""
    from lxml import etree  # type: ignore[import-untyped]

    target = LineTarget(whole=whole)
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True)
    data = text.encode("utf-8", errors="replace")
    try:
        for start in range(0, len(data), _BLOCK):
            parser.feed(data[start : start + _BLOCK])
        parser.close()
    except etree.LxmlError:
        target.close()
    return target


def _page(found: LineTarget) -> RawPage:
    headings = any(line.kind is BlockKind.HEADING for line in found.lines)
    length = sum(len(line.text) for line in found.lines)
    preformatted = "\n\n".join(found.preformatted)
    if not headings and len(preformatted) >= _MOSTLY * length and preformatted.strip():
        return RawPage(None, None, preformatted)
    rows = sum(line.kind is BlockKind.TABLE_ROW for line in found.lines)
    if not headings and rows * 2 < len(found.lines):
        return RawPage(None, None, _as_text(found.lines))
    return RawPage(None, None, lines=tuple(found.lines))


def _as_text(lines: Sequence[RawLine]) -> str:
    """Lines as a text file would have them: rows of a table and items of a list below each other, else a blank line."""
    together = (BlockKind.TABLE_ROW, BlockKind.LIST_ITEM)
    parts: list[str] = []
    for line, before in zip(lines, (None, *lines), strict=False):
        if before is not None:
            parts.append("\n" if line.kind is before.kind and line.kind in together else "\n\n")
        parts.append(
            f"・{line.text}" if line.kind is BlockKind.LIST_ITEM and not ITEM_MARK.match(line.text) else line.text
        )
    return _MARKED_BREAK.sub("\n\n", "".join(parts))


def _title(found: LineTarget) -> str | None:
    """The page's own title; its first heading where the title only adds the name of the site."""
    title = " ".join("".join(found.title).split())
    first = next((line.text for line in found.lines if line.kind is BlockKind.HEADING), "")
    added = _SITE.match(title, len(first)) if first and title.startswith(first) else None
    return first if added else title or None


def _decode(data: bytes) -> tuple[str | None, tuple[str, ...]]:
    """The text, or None, with warnings: what is valid UTF-8 is UTF-8, else the page is believed, else it is guessed."""
    guessed, encoding = decode_text(data)
    if guessed is not None and encoding.startswith(("utf-8", "utf-16", "iso2022")):
        return guessed.replace("\x00", ""), ()
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    name = _ENCODINGS.get(declared[1].decode("ascii").lower()) if declared else None
    if name:
        text = data.decode(name, errors="replace").replace("\x00", "")
        lost = text.count("\ufffd")
        if lost <= _MOST_LOST * len(text):
            return text, (_LOST.format(count=lost),) if lost else ()
    if guessed is not None:
        return guessed.replace("\x00", ""), (_GUESSED.format(encoding=encoding),)
    return None, (_NO_TEXT,)


def _is_lossy(warnings: Sequence[str]) -> bool:
    return any(warning.startswith("読めない文字") for warning in warnings)
