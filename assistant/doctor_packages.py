"""Whether the packages that Mamori stands on are there, and none is older than its last known vulnerability.

`SAFE_FROM` is what was public on 21 November 2026. Doctor never connects, so it looks nothing up: a package that is
fine here may have a vulnerability that was found later, and the table is to be gone through before each release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Final, NamedTuple

from packaging.version import InvalidVersion, Version

from assistant.doctor_check import Check

_NAME: Final = "パッケージ"
_AS_OF: Final = "2026年11月"

NEEDED = (
    *("streamlit", "torch", "transformers", "sentence-transformers", "langchain-core", "faiss-cpu", "numpy"),
    *("pypdf", "pypdfium2", "pillow", "lxml", "python-docx", "python-pptx", "openpyxl"),
)
BROUGHT_ALONG = ("langchain", "langchain-ollama", "langchain-anthropic")
"""Packages of others, or of the extra `llm`, that are looked at where they are installed, as are those of SAFE_FROM."""


class Floor(NamedTuple):
    """The first version of a package that is free of what `advisory` describes."""

    version: str
    advisory: str


SAFE_FROM: Mapping[str, Floor] = {
    # What reads files that others made.
    "pypdf": Floor("6.21.4", "CVE-2026-119208"),  # and 119203 to 119209: a PDF that takes all time or memory
    "pillow": Floor("13.0.0", "CVE-2026-96639"),  # writing outside of an image's memory
    "lxml": Floor("6.1.0", "CVE-2026-41066"),  # external entities read local files
    "cryptography": Floor("50.0.0", "CVE-2026-69247"),
    # What loads models.
    "torch": Floor("2.13.0", "CVE-2025-3000"),
    "transformers": Floor("5.10.0", "CVE-2026-9856"),  # also CVE-2026-4372, CVE-2026-5241: a model's config runs code
    "sentence-transformers": Floor("6.0.0", "CVE-2026-68770"),  # a model's folder runs code
    "langchain-core": Floor("1.3.3", "CVE-2026-44843"),  # also CVE-2025-68664: serialisation injection
    "langchain-openai": Floor("1.1.14", "CVE-2026-41488"),
    "langchain-text-splitters": Floor("1.1.2", "CVE-2026-41481"),
    "langsmith": Floor("0.8.0", "CVE-2026-45134"),
    # What serves the page.
    "streamlit": Floor("1.54.0", "CVE-2026-33682"),
    "tornado": Floor("6.5.9", "CVE-2026-103261"),
    "starlette": Floor("1.3.1", "CVE-2026-54283"),
    "python-multipart": Floor("0.0.31", "CVE-2026-53540"),
    "h11": Floor("0.16.0", "CVE-2025-43859"),
    "jinja2": Floor("3.1.6", "CVE-2025-27516"),
    "protobuf": Floor("6.33.5", "CVE-2026-0994"),
    "pyarrow": Floor("23.0.1", "CVE-2026-25087"),
    # What others use to connect; Mamori does not.
    "requests": Floor("2.33.0", "CVE-2026-25645"),
    "urllib3": Floor("2.7.0", "CVE-2026-44431"),
    "filelock": Floor("4.2.1", "CVE-2026-112906"),
}


def check_packages() -> Iterator[Check]:
    """One line for all packages that are fine, and one for each that is missing or too old."""
    found = {name: _version(name) for name in dict.fromkeys((*NEEDED, *BROUGHT_ALONG, *SAFE_FROM))}
    problems = {name: _problem(name, number) for name, number in found.items()}
    fine = [f"{name} {number}" for name, number in found.items() if number and not problems[name]]
    shown = [line for line in fine if line.partition(" ")[0] in NEEDED]
    more = f"ほか {len(fine) - len(shown)} 個" if len(fine) > len(shown) else ""
    text = "、".join(filter(None, (*shown, more)))
    yield Check(_NAME, True, f"{text}（{_AS_OF}までに知られた弱点について）")
    for problem in filter(None, problems.values()):
        yield Check(_NAME, False, problem)


def _version(name: str) -> str | None:
    try:
        # A damaged installation has a folder without a version in it.
        return version(name) or None
    except (PackageNotFoundError, KeyError):
        return None


def _problem(name: str, found: str | None) -> str:
    if found is None:
        missing = f"{name} がありません。`pip install mamori` で入れ直してください。"
        return missing if name in NEEDED else ""
    floor = SAFE_FROM.get(name)
    if floor is None or not _is_older(found, floor.version):
        return ""
    update = f"`pip install --upgrade '{name}>={floor.version}'` で更新してください。"
    return f"{name} {found} には知られた弱点（{floor.advisory}）があります。{update}"


def _is_older(found: str, least: str) -> bool:
    """Whether a version is older; one that is no version by the rules of Python is taken to be, so that it is told."""
    try:
        return Version(found) < Version(least)
    except InvalidVersion:
        return True
