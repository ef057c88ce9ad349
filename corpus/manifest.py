"""The sources of a folder: `sources.toml`, which says what each file is.

Read only here. A file that it does not name is described from its own first lines (`describe_from_text`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.clean import display_text
from corpus.errors import SourcesError

MANIFEST_NAME = "sources.toml"
_TEXT_FIELDS = ("file", "id", "title", "publisher", "published", "edition", "source_url", "digest_of", "credit")
_REQUIRED = ("file", "id", "title")
_PUBLISHED = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_DOC_ID = re.compile(r"[\w][\w.-]*")
_WESTERN_DATE = re.compile(r"((?:19|20)\d{2})\s*(?:\([^)]*\))?\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?")
_REIWA_DATE = re.compile(r"令和\s*(\d{1,2}|元)\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?")
_EDITION = re.compile(r"第\s*\d+(?:\.\d+)?\s*版|第\s*\d+\s*回")
_TITLE_LIMIT = 80
_TWO_LETTERS = re.compile(r"[^\W\d_]\s*[^\W\d_]")
_HEAD_LINES = 40


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of one file besides its text; `published` is YYYY, YYYY-MM or YYYY-MM-DD."""

    doc_id: str
    title: str
    publisher: str | None = None
    published: str | None = None
    edition: str | None = None
    replaces: tuple[str, ...] = ()
    source_url: str | None = None
    digest_of: str | None = None
    credit: str | None = None


def read_sources(folder: Path) -> dict[str, Source]:
    """The sources that `folder/sources.toml` names, by file name in NFC; empty when there is none.

    Raises SourcesError, naming the entry and the field, for anything that is not as documented in docs/corpus.md.
    """
    path = folder / MANIFEST_NAME
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SourcesError(f"{path} を読めません（{error}）。UTF-8のTOMLとして書き直してください。") from error
    entries = table.get("document", [])
    if not isinstance(entries, list):
        raise SourcesError(f"{path} の document は [[document]] の並びで書いてください。")
    sources: dict[str, Source] = {}
    for number, entry in enumerate(entries, start=1):
        name, source = _parse_entry(entry, f"{path} の {number} 番目の [[document]]")
        if name in sources or source.doc_id in {known.doc_id for known in sources.values()}:
            raise SourcesError(f"{path} に同じ file または id が二度あります（{name}、{source.doc_id}）。")
        sources[name] = source
    return sources


def _parse_entry(entry: object, where: str) -> tuple[str, Source]:
    if not isinstance(entry, dict):
        raise SourcesError(f"{where} が表ではありません。")
    for field in _TEXT_FIELDS:
        if field in entry and not isinstance(entry[field], str):
            raise SourcesError(f"{where} の {field} は文字列で書いてください。")
    for field in _REQUIRED:
        if not entry.get(field):
            raise SourcesError(f"{where} に {field} がありません。")
    replaces = entry.get("replaces", [])
    if not (isinstance(replaces, list) and all(isinstance(item, str) for item in replaces)):
        raise SourcesError(f"{where} の replaces は id の並びで書いてください。")
    if entry.get("published") and not _PUBLISHED.fullmatch(entry["published"]):
        raise SourcesError(f"{where} の published は YYYY、YYYY-MM、YYYY-MM-DD のどれかで書いてください。")
    if not _DOC_ID.fullmatch(entry["id"]):
        raise SourcesError(f"{where} の id には文字、数字、「-」「_」「.」だけを使ってください。")
    if "/" in entry["file"] or "\\" in entry["file"]:
        raise SourcesError(f"{where} の file には同じフォルダーのファイル名だけを書いてください。")
    return entry["file"], _source(entry, tuple(replaces))


def _source(entry: Mapping[str, str], replaces: tuple[str, ...]) -> Source:
    return Source(
        doc_id=entry["id"],
        title=entry["title"],
        publisher=entry.get("publisher"),
        published=entry.get("published"),
        edition=entry.get("edition"),
        replaces=replaces,
        source_url=entry.get("source_url"),
        digest_of=entry.get("digest_of"),
        credit=entry.get("credit"),
    )


def describe_from_text(file_name: str, first_lines: list[str], own_title: str | None = None) -> Source:
    """A source for a file that no manifest names: id from the file name, the rest from its first lines, if there.

    A date or an edition is taken only as it is written; nothing is guessed from the file system.
    """
    lines = [unicodedata.normalize("NFKC", display_text(line)).strip(" #*\t") for line in first_lines[:_HEAD_LINES]]
    head = "\n".join(lines)
    edition = _EDITION.search(head)
    named = next((line for line in lines if _TWO_LETTERS.search(line)), "")
    return Source(
        doc_id=id_from_name(file_name),
        title=(own_title or named or file_name)[:_TITLE_LIMIT],
        published=_first_date(head),
        edition=edition[0] if edition else None,
    )


def id_from_name(file_name: str) -> str:
    """A document id from a file name: its stem, with everything but letters and digits turned into hyphens."""
    stem = unicodedata.normalize("NFKC", Path(file_name).stem)
    return re.sub(r"[^\w.-]+", "-", stem).strip("-.") or "document"


def _first_date(text: str) -> str | None:
    western, reiwa = _WESTERN_DATE.search(text), _REIWA_DATE.search(text)
    if western and (not reiwa or western.start() <= reiwa.start()):
        return _iso(int(western[1]), western[2], western[3])
    if reiwa:
        return _iso(2018 + (1 if reiwa[1] == "元" else int(reiwa[1])), reiwa[2], reiwa[3])
    return None


def _iso(year: int, month: str, day: str | None) -> str | None:
    if not 1 <= int(month) <= 12:
        return None
    return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day and 1 <= int(day) <= 31 else "")
