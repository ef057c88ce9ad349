"""The official documents that the digests are made from: where each is to be had, and what was fetched of them.

Reads the `sources.toml` of the bundled documents (`[[original]]`, and what the digests say of their originals), and
words the `sources.toml` beside the fetched files. Connects to nothing: that is corpus/download.py.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from corpus.download import Record
from corpus.errors import CorpusError
from corpus.files import unreadable
from corpus.manifest import MANIFEST_NAME, read_sources

BUNDLED = Path(__file__).resolve().parent / "documents"
_OURS = "# Written by `mamori corpus fetch`. Text that is added here by hand will be lost."
_DIGEST_SUFFIX = "（要約）"
_DESCRIPTION = ("title", "publisher", "published", "edition", "source_url", "credit")


class FetchError(CorpusError):
    """A list of originals that cannot be used, or a folder that fetched files cannot be put into."""


@dataclass(frozen=True, slots=True)
class Original:
    """One official document: `file` is its name once fetched, `file_url` None where only a page to look on is known.

    `description` has the other fields of its entry in a sources.toml, such as title and publisher.
    """

    doc_id: str
    file: str
    file_url: str | None
    source_url: str | None
    description: Mapping[str, str]
    replaces: tuple[str, ...] = ()


def read_originals(folder: Path = BUNDLED) -> list[Original]:
    """The originals that `folder/sources.toml` knows: its `[[original]]` entries, then those of its digests.

    An original can be fetched where it has a `file_url`, or a `source_url` that ends in .pdf. Raises SourcesError where
    the file cannot be understood, FetchError where an original has no id or an unusable file name.
    """
    read_sources(folder)  # names what is wrong with it
    table = tomllib.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8-sig"))
    entries = table.get("original", [])
    if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
        raise FetchError(f"{folder / MANIFEST_NAME} の original は [[original]] の並びで書いてください。")
    listed = [_original(entry, folder) for entry in entries]
    known = {original.doc_id for original in listed}
    digests = [_of_digest(entry) for entry in table.get("document", []) if entry.get("digest_of")]
    return listed + [original for original in digests if original.doc_id not in known]


def _original(entry: Mapping[str, object], folder: Path) -> Original:
    texts = {name: value for name, value in entry.items() if isinstance(value, str)}
    doc_id, file = texts.get("id", ""), texts.get("file", f"{texts.get('id', '')}.pdf")
    if not doc_id or not texts.get("title") or file.startswith(".") or {"/", "\\"} & set(file):
        raise FetchError(
            f"{folder / MANIFEST_NAME} の [[original]] に id、title、ファイル名だけの file を書いてください。"
        )
    replaces = entry.get("replaces", [])
    older = tuple(str(item) for item in replaces) if isinstance(replaces, list) else ()
    description = {name: texts[name] for name in _DESCRIPTION if name in texts}
    return Original(doc_id, file, _file_url(texts), texts.get("source_url"), description, older)


def _of_digest(entry: Mapping[str, str]) -> Original:
    """What a digest says of its original. The credit is the digest's own, since it tells of an adaptation."""
    description = {name: entry[name] for name in _DESCRIPTION if name in entry and name != "credit"}
    description["title"] = description["title"].removesuffix(_DIGEST_SUFFIX)
    doc_id = entry["digest_of"]
    return Original(doc_id, f"{doc_id}.pdf", _file_url(entry), entry.get("source_url"), description)


def _file_url(texts: Mapping[str, str]) -> str | None:
    page = texts.get("source_url", "")
    return texts.get("file_url") or (page if urlsplit(page).path.lower().endswith(".pdf") else None)


def read_records(folder: Path) -> dict[str, dict[str, object]]:
    """The entries of the sources.toml beside the fetched files, by document id; empty where there is none yet.

    Raises FetchError for a sources.toml that somebody else wrote: it would be lost.
    """
    path = folder / MANIFEST_NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        why = unreadable(error) if isinstance(error, OSError) else "UTF-8ではありません。"
        raise FetchError(f"{path} を{why}") from error
    if not text.startswith(_OURS):
        raise FetchError(
            f"{path} は、ほかで書かれたものです。消さないように、別のフォルダーを --to で指定してください。"
        )
    read_sources(folder)
    return {entry["id"]: dict(entry) for entry in tomllib.loads(text).get("document", [])}


def record_of(entry: Mapping[str, object] | None) -> Record | None:
    """What an entry says of its file, or None where it says too little."""
    if entry is None or not isinstance(entry.get("sha256"), str):
        return None
    return Record(*(str(entry.get(name, "")) for name in ("sha256", "fetched", "etag", "last_modified")))


def entry_of(original: Original, record: Record) -> dict[str, object]:
    """The entry of a fetched file: the fields of docs/corpus.md, and what was fetched from where and when."""
    replaces: dict[str, object] = {"replaces": list(original.replaces)} if original.replaces else {}
    seen = {"file_url": original.file_url, "etag": record.etag, "last_modified": record.last_modified}
    return {
        "file": original.file,
        "id": original.doc_id,
        **original.description,
        **replaces,
        "sha256": record.sha256,
        "fetched": record.fetched,
        **{name: value for name, value in seen.items() if value},
    }


def records_text(entries: Iterable[Mapping[str, object]]) -> str:
    """A sources.toml of these entries, texts and lists of texts."""
    blocks = ("\n".join(("[[document]]", *(f"{key} = {_toml(value)}" for key, value in e.items()))) for e in entries)
    return "\n\n".join((_OURS, *blocks)) + "\n"


def _toml(value: object) -> str:
    """A text or a list of texts in TOML, whose escapes are those of JSON but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
