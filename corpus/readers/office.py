"""An Office file made safe before a library opens it: a copy of the parts that hold text, each one well-formed.

python-docx and python-pptx open a file whole or not at all, so one missing picture would cost the document. What they
are given here has neither pictures nor macros, no link to the outside, no DTD and no dangling reference; strict Open
XML is put into the namespaces that they know. What the parts mean is for the readers.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from corpus.kind import has_ole_stream
from corpus.models import RawDocument, Verdict
from corpus.readers.office_xml import XmlElement
from corpus.readers.script import plausibility

MIN_PLAUSIBILITY: Final = 0.9
_LONGEST_TITLE = 200
_ENCRYPTED_MEMBER = 0x1
_MAIN = "officeDocument"
_CORE = "core-properties"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
# Also in UTF-16: Office writes no DTD, so whoever does means harm.
_DTD = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E")
_PACKAGE_NS = "http://schemas.openxmlformats.org/package/2006"
_RELATIONSHIP = f"{{{_PACKAGE_NS}/relationships}}Relationship"
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
# What programs write into the title by themselves, and names of files.
_NO_TITLE = re.compile(
    r"^(?:Microsoft (?:Office )?(?:Word|PowerPoint) - .*|(?:文書|プレゼンテーション|Document|Presentation)\s*\d*"
    r"|Word Document|Word 文書|PowerPoint (?:Presentation|プレゼンテーション)|(?:スライド|Slide)\s*\d*"
    r"|無題|タイトルなし|untitled|title"
    r"|.*\.(?:doc|ppt|rtf|odt|dot|pot)[xm]?)$",
    re.IGNORECASE,
)
_LOCKED_ADVICE = "パスワードで保護されていて開けません。保護を外して保存したファイルを置いてください。"
_DAMAGED_ADVICE = (
    "{0}として開けません。壊れているか、{0}ではありません。元のソフトで開き、保存し直したファイルを置いてください。"
)
_LOST_PARTS = (
    "ファイルの一部（{}）が壊れているか、ありません。読める部分を取り込みました。"
    "元のソフトで開いて確かめ、保存し直すと確実です。"
)
_MOST_NAMED = 5


class Locked(Exception):
    """Encryption stands between us and the text."""


class Unreadable(Exception):
    """The file has no main part that can be read."""


@dataclass(frozen=True, slots=True)
class Format:
    """What to keep of a kind of file.

    `main` is where the main part stands if the file does not say; `content_types` gives the kinds of parts to keep
    (the last word of their relationship's type) with their content type; `links` the kinds kept behind each kind.
    """

    name: str
    main: str
    content_types: Mapping[str, str]
    links: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class SoundFile:
    """The copy as the bytes of a ZIP, the file's own title, and the names of the parts that had to be left out."""

    data: bytes
    title: str | None
    lost: tuple[str, ...]


def read_soundly(data: bytes, kind: Format, read: Callable[[SoundFile], RawDocument]) -> RawDocument:
    """What `read` makes of the sound copy, or a verdict in its place; raises MemoryError alone.

    Parts that had to be left out make a document that was read one that was partly read.
    """
    if has_ole_stream(data, "EncryptedPackage"):
        return RawDocument(Verdict.NEEDS_PASSWORD, warnings=(_LOCKED_ADVICE,))
    try:
        sound = sound_copy(data, kind)
        document = read(sound)
    except MemoryError:
        raise
    except Locked:
        return RawDocument(Verdict.NEEDS_PASSWORD, warnings=(_LOCKED_ADVICE,))
    except Exception:  # zipfile, lxml and the libraries over hostile input: whatever they raise costs this file only.
        return RawDocument(Verdict.DAMAGED, warnings=(_DAMAGED_ADVICE.format(kind.name),))
    if not sound.lost:
        return document
    named = "、".join(sound.lost[:_MOST_NAMED]) + ("など" if len(sound.lost) > _MOST_NAMED else "")
    verdict = Verdict.PARTLY_READ if document.verdict is Verdict.READ else document.verdict
    return replace(document, verdict=verdict, warnings=(*document.warnings, _LOST_PARTS.format(named)))


def sound_copy(data: bytes, kind: Format) -> SoundFile:
    """The parts that hold text as a ZIP of their own. Raises Locked, Unreadable, and what zipfile raises."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        copier = _Copier(archive, kind)
        copier.copy()
        return SoundFile(copier.written(), copier.title, tuple(dict.fromkeys(copier.lost)))


def plausible_title(text: str | None) -> str | None:
    """The title on one line, or None where it is no writing or what a program wrote by itself."""
    title = " ".join((text or "").replace("\x00", "").split())
    if not title or len(title) > _LONGEST_TITLE or _NO_TITLE.match(title):
        return None
    return title if plausibility(title) >= MIN_PLAUSIBILITY else None


def parse(blob: bytes) -> XmlElement:
    """The root of an XML part, custom classes aside. Raises ValueError for a DTD, and what lxml raises."""
    from lxml import etree  # type: ignore[import-untyped]

    if _DTD.search(blob):
        raise ValueError("a document type declaration")
    # An entity would not be resolved and no address opened even if the search above missed a rare encoding.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(blob, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a document type declaration")
    return cast(XmlElement, root)


@dataclass
class _Copier:
    """Walks from the main part along the relationships that are kept; each part is copied once."""

    archive: zipfile.ZipFile
    kind: Format
    parts: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    rels: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    title: str | None = None
    members: dict[str, str] = field(default_factory=dict)

    def copy(self) -> None:
        self.members = {name.replace("\\", "/").lower(): name for name in self.archive.namelist()}
        root = self._relationships("")
        main = next((target for _, kind, target, _ in root if kind == _MAIN), self.kind.main)
        main = main if main.lower() in self.members else self.kind.main
        if not self._take(main, _MAIN):
            raise Unreadable(main)
        core = next((target for _, kind, target, _ in root if kind == _CORE), "docProps/core.xml")
        self.title = self._core_title(core)
        type_ = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{_MAIN}"
        self.rels[""] = [("rId1", type_, main)]

    def written(self) -> bytes:
        """The copy as a ZIP; not compressed, for it is read at once."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as out:
            out.writestr("[Content_Types].xml", self._content_types())
            for name, (blob, _) in self.parts.items():
                out.writestr(name, blob)
            for name, links in self.rels.items():
                out.writestr(_rels_name(name), _rels_xml(links))
        return buffer.getvalue()

    def _take(self, name: str, kind: str) -> bool:
        """Copy a part and what it links to; False, and its name among the lost, where it cannot be read."""
        if name in self.parts:
            return True
        try:
            blob = _STRICT.sub(_TRANSITIONAL, self._member(name))
            parse(blob)
        except (Locked, MemoryError):
            raise
        except Exception:  # a damaged member, broken XML: it costs this part
            self.lost.append(name)
            return False
        self.parts[name] = (blob, self.kind.content_types[kind])
        kept = self.kind.links.get(kind, frozenset())
        links = [link for link in self._relationships(name) if link[1] in kept]
        taken = [(id_, type_, target) for id_, kind_, target, type_ in links if self._take(target, kind_)]
        if taken:
            self.rels[name] = taken
        return True

    def _member(self, name: str) -> bytes:
        info = self.archive.getinfo(self.members[name.lower()])
        if info.flag_bits & _ENCRYPTED_MEMBER:
            raise Locked
        return self.archive.read(info)

    def _relationships(self, name: str) -> list[tuple[str, str, str, str]]:
        """What a part links to inside the file: id, kind, the member's name and the whole type."""
        rels_name = _rels_name(name)
        if rels_name.lower() not in self.members:
            return []
        try:
            root = parse(_STRICT.sub(_TRANSITIONAL, self._member(rels_name)))
        except (Locked, MemoryError):
            raise
        except Exception:
            self.lost.append(rels_name)
            return []
        links: dict[str, tuple[str, str, str, str]] = {}
        for item in root.iter(_RELATIONSHIP):
            id_, type_, target = (item.get(key) or "" for key in ("Id", "Type", "Target"))
            if item.get("TargetMode") != "External" and id_ and target:
                links.setdefault(id_, (id_, type_.rsplit("/", 1)[-1], self._resolved(name, target), type_))
        return list(links.values())

    def _resolved(self, source: str, target: str) -> str:
        target = target.replace("\\", "/").split("#")[0]
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
        return path if path.lower() in self.members else unquote(path)

    def _core_title(self, name: str) -> str | None:
        try:
            found = parse(self._member(name)).find(_DC_TITLE)
        except MemoryError:
            raise
        except Exception:  # a title is not worth a warning
            return None
        return None if found is None else plausible_title(found.text)

    def _content_types(self) -> str:
        overrides = "".join(
            f"<Override PartName={quoteattr('/' + name)} ContentType={quoteattr(type_)}/>"
            for name, (_, type_) in self.parts.items()
        )
        default = f'<Default Extension="rels" ContentType="{_RELS_TYPE}"/>'
        return f'<Types xmlns="{_PACKAGE_NS}/content-types">{default}{overrides}</Types>'


def _rels_name(name: str) -> str:
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _rels_xml(links: list[tuple[str, str, str]]) -> str:
    items = "".join(
        f"<Relationship Id={quoteattr(id_)} Type={quoteattr(type_)} Target={quoteattr('/' + target)}/>"
        for id_, type_, target in links
    )
    return f'<Relationships xmlns="{_PACKAGE_NS}/relationships">{items}</Relationships>'
