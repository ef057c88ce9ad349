"""Text normalisation, pure functions only: what is shown, what is searched, what a quote is compared by.

Three texts are kept apart. `display_text` is what the reader of the document sees, without conversion damage that no
reader would miss (markup, NUL). `search_text` is changed freely so that words are found. `quote_key` is the one
normalisation under which a quote must equal a piece of its document.
"""

from __future__ import annotations

import html
import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\U000e0000-\U000e007f]"
)
_TAG = re.compile(r"</?(?:a|b|em|font|i|img|input|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE)
# Tags that end a line or a cell: without a space in their place two words would become one.
_BREAK_TAG = re.compile(r"</?(?:br|div|hr|li|ol|p|table|tbody|td|th|thead|tr|ul)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((https?://[^()\s]+)\)")
# Where symbol fonts (Wingdings, Symbol) put their bullets and arrows; no letters of any language stand there.
SYMBOL_FONT = "\uf000-\uf0ff"
_SYMBOL = re.compile(f"[{SYMBOL_FONT}]")
_MAY_BE_MARKUP = re.compile(r"[<&*\\\[]")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|\*\*")
_ESCAPED = re.compile(r"(?<!\\)\\+([_*#\[\]()~`>+-])")
_JAPANESE = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ー"
_KATAKANA = r"\u30a1-\u30fa\u30fc"
_WIDE = _JAPANESE + r"\u3000-\u303f\uff01-\uff60「」『』（）、。・"
_SPACES = re.compile(r"\s+")
_SPACE_AFTER_KANA = re.compile(rf"(?<=[\u3041-\u3096、]) (?=[{_JAPANESE}])")
_SPACE_IN_JAPANESE = re.compile(rf"(?<=[{_JAPANESE}、。・]) +(?=[{_JAPANESE}、。・])")
_WIDE_CHARACTER = re.compile(rf"[{_WIDE}]")


def strip_markup(text: str) -> str:
    """Remove HTML tags, links' and bold marks, backslash escapes and characters that no reader can see."""
    text = _SYMBOL.sub("", _CONTROL.sub("", normalise_newlines(text)))
    if not _MAY_BE_MARKUP.search(text):
        return text
    text = _AUTOLINK.sub(r"\1", text)
    text = _CONTROL.sub("", html.unescape(_TAG.sub("", _BREAK_TAG.sub(" ", text))))
    text = _BOLD.sub(lambda match: match[1] or "", text)
    return _LINK.sub(_plain_link, _ESCAPED.sub(r"\1", text))


def normalise_newlines(text: str) -> str:
    """The text with one kind of line end and without NUL."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def _plain_link(link: re.Match[str]) -> str:
    """A link's label, and its address where the label is another."""
    label, address = link[1], link[2]
    return address if label in ("", address) else f"{label} ({address})"


def display_text(text: str) -> str:
    """A block as its reader sees it: no markup, single spaces, none between a hiragana or 、 and what follows."""
    flat = _SPACES.sub(" ", strip_markup(text)).strip()
    return _SPACE_AFTER_KANA.sub("", flat)


def join_lines(lines: list[str]) -> str:
    """Undo hard line breaks: nothing between two Japanese characters, a space elsewhere."""
    parts: list[str] = []
    for line in filter(None, (line.strip() for line in lines)):
        if parts and not (_WIDE_CHARACTER.match(parts[-1][-1]) and _WIDE_CHARACTER.match(line)):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def search_text(text: str) -> str:
    """The text that is indexed and that questions are matched with.

    NFKC, radicals and misreadings mended by `corrections.toml`, spaces inside Japanese removed. Never shown. Cleaning
    a clean text again changes nothing.
    """
    # What one pass uncovers (markup in full-width signs, a misreading around a space) is for the next.
    while (cleaned := _search_pass(text)) != text:
        text = cleaned
    return text


def _search_pass(text: str) -> str:
    radicals, words, pattern = _corrections()
    text = unicodedata.normalize("NFKC", strip_markup(text).translate(radicals))
    text = _SPACE_IN_JAPANESE.sub("", text)
    return pattern.sub(lambda match: words[match[0]], text)


def quote_key(text: str) -> str:
    """The one named normalisation: NFKC, then every white-space character removed."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@cache
def _corrections() -> tuple[dict[int, str], dict[str, str], re.Pattern[str]]:
    table = tomllib.loads(resources.files("corpus").joinpath("corrections.toml").read_text(encoding="utf-8"))
    words: dict[str, str] = {unicodedata.normalize("NFKC", wrong): right for wrong, right in table["words"].items()}
    longest_first = sorted(words, key=len, reverse=True)
    return str.maketrans(table["radicals"]), words, re.compile("|".join(map(_whole_word, longest_first)))


def _whole_word(word: str) -> str:
    """A pattern for the word where it is not part of a longer number or a longer word in katakana."""
    before, after = (
        next((f"[{run}]" for run in (r"\d", _KATAKANA) if re.match(f"[{run}]", end)), "") for end in (word[0], word[-1])
    )
    return (f"(?<!{before})" if before else "") + re.escape(word) + (f"(?!{after})" if after else "")
