"""What is taken out of a model's text before anything else looks at it: all but plain sentences and a few marks.

HTML, images, links (their words stay), reference definitions, code, a model's control words and lines that play another
speaker go. Markers and addresses are left for those who know the passages.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from assistant.verify.characters import visible

_WHOLE = re.compile(
    r"<!--.*?(?:-->|$)|<!\[CDATA\[.*?(?:\]\]>|$)"
    r"|<\s*(script|style|iframe|svg|object|math|template|noscript|textarea|title)\b.*?(?:<\s*/\s*\1\s*>|$)",
    re.DOTALL | re.IGNORECASE,
)
_SUPERSCRIPT = re.compile(
    r"<\s*su[pb]\b[^>]*>\s*\[?\s*(?:<a\b[^>]*>)?\s*\[?(\d[\d,\s]*)\]?\s*(?:</a>)?\s*\]?<\s*/\s*su[pb]\s*>", re.I
)
_CONTROL = re.compile(r"<\|[^|>\n]{0,60}\|?>|\[/?INST\]|<</?SYS>>|</?s>|<｜[^｜>\n]{0,60}｜>", re.IGNORECASE)
_THINKING = re.compile(r"<\s*(think|thinking|reasoning)\s*>.*?(?:<\s*/\s*\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<\s*/?\s*(?:br|p|div|li|tr|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<\s*[/!?]?\s*[A-Za-z][^<>]*(?:>|$)|<\s*[/!?][^<>]*>")
_AUTOLINK = re.compile(r"<\s*([a-z][a-z0-9+.-]*:[^\s<>]*|[^\s<>@]+@[^\s<>]+)\s*>", re.IGNORECASE)
_TARGET = r"[(（]\s*(?:<[^<>\n]*>|[^()（）\n]|\([^()\n]*\)){0,2000}?[)）]"
_IMAGE = re.compile(rf"[!！]\s?[\[［]([^\[\]［］\n]{{0,200}})[\]］]\s?(?:{_TARGET}|\[[^\[\]\n]{{0,60}}\])?")
_OPEN_IMAGE = re.compile(r"[!！]\s?[\[［][^\[\]［］\n]{0,200}[\]］]\s?[(（][^)）\n]*$")
_LINK = re.compile(
    r"[\[［]((?:[^\[\]［］\n]|[\[［][^\[\]［］\n]{0,20}[\]］]){0,200})[\]］]\s?"
    r"[(（](\s*<?(?:[a-z][a-z0-9+.-]*\s?:|/|\.|#|www\.|[^\s()（）]+\.[a-z])(?:[^()（）\n]|\([^()\n]*\)){0,2000})[)）]",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r"^ {0,3}[\[［]\^?[^\[\]［］\n]{1,60}[\]］][:：].*$", re.MULTILINE)
_ROLE = re.compile(
    r"^[\s>＞#*_\-]*(?:[<＜]?!--)?[\s>#*_\-]*[\[［【(（<＜]?\s?(?:system|developer|user|human|assistant|tool|function|システム|ユーザー|アシスタント|管理者|開発者)"
    r"(?:\s?(?:prompt|message|instruction|プロンプト|メッセージ|指示)s?)?[\]］】)）>＞]?\*{0,2}\s?[:：].*$",
    re.MULTILINE | re.IGNORECASE,
)
_FENCE = re.compile(r"^\s*(?:`{3,}|~{3,}).*$", re.MULTILINE)
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
_ITEM = re.compile(r"^(\s*)[*+•●・▪◦‣][ 　]+", re.MULTILINE)
_RULE = re.compile(r"^\s{0,3}(?:[-*_=]\s?){3,}$", re.MULTILINE)
_QUOTED = re.compile(r"^(?:\s{0,3}>\s?)+", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~^&])")
_BOLD = re.compile(r"\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*|__(?=\S)([^_\n]+?)(?<=\S)__")
_KEPT_BOLD = "\x02"
_MAY_BE_MARKUP = re.compile(r"[<>&\\\[\]［］`~*_#|!]|(?m:^\s*[>+•●・▪◦‣])|[:：]")
_LOOK_ALIKES = str.maketrans({"<": "＜", ">": "＞", "`": "'", "*": None})
_REPEATED = re.compile(r"([^\w\n]{1,4}?)\1{7,}")
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Sanitised:
    """A text of paragraphs, `**label**` and `- ` lines with markers in it, and what was taken out on the way."""

    text: str
    removed_links: int = 0
    removed_turns: int = 0


def sanitise(text: str) -> Sanitised:
    """Take markup and play-acting out of a piece of a model's text; the result holds no tag and no link."""
    # Nobody writes signs over and over; patterns take long over them.
    text, links, turns = _REPEATED.sub(r"\1\1\1", visible(text)), 0, 0
    if not _MAY_BE_MARKUP.search(text):
        return Sanitised(text)
    # What one round uncovers (an entity, an escape, a tag within a tag) is for the next.
    for _ in range(_ROUNDS):
        before = text
        text, found = _without_links(_without_tags(text))
        links += found
        text = visible(_ESCAPED.sub(r"\1", html.unescape(text)))
        if text == before:
            break
    text, turns = _ROLE.subn("", text)
    return Sanitised(_plain(text), links, turns)


def _without_tags(text: str) -> str:
    text = _CONTROL.sub("", _THINKING.sub("", text))
    text = _SUPERSCRIPT.sub(r"[\1]", _WHOLE.sub("", text))
    return _TAG.sub("", _BREAK.sub("\n", _AUTOLINK.sub(r" \1 ", text)))


def _without_links(text: str) -> tuple[str, int]:
    """The text with links' words in place of links, without images and definitions, and how many there were."""
    text, images = _IMAGE.subn("", text)
    text, opened = _OPEN_IMAGE.subn("", text)
    text, definitions = _DEFINITION.subn("", text)
    text, links = _LINK.subn(_words, text)
    return text, images + opened + definitions + links


def _words(link: re.Match[str]) -> str:
    """A link's words; those that are a number become the marker that they pretend to be."""
    words = link[1].strip()
    return f"[{words}]" if words.isdecimal() else words


def _plain(text: str) -> str:
    """The text in the small part of Markdown that answers use."""
    text = _QUOTED.sub("", _RULE.sub("", _FENCE.sub("", text)))
    text = _ITEM.sub(r"\1- ", _HEADING.sub(r"**\1**", text.replace(_KEPT_BOLD, "")))
    text = _BOLD.sub(lambda m: f"{_KEPT_BOLD}{m[1] or m[2]}{_KEPT_BOLD}", text)
    return text.translate(_LOOK_ALIKES).replace(_KEPT_BOLD, "**")
