"""Tests of rules of the house that import-linter cannot state: what stands behind one module, and what nobody uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.repository import ROOT, packages, project, sources

ONE_MODULE = {
    "faiss": {"index/dense.py"},
    "pypdf": {"corpus/readers/pdf_engines.py"},
    "pytesseract": {"corpus/readers/ocr.py"},
    "docx": {"corpus/readers/docx.py", "training/export/docx*.py"},
    "genanki": {"training/export/anki.py"},
    "pptx": {"corpus/readers/pptx.py", "training/export/pptx*.py"},
    "reportlab": {"training/export/fonts.py", "training/export/pdf*.py"},
    "lxml": {
        *("corpus/readers/html.py", "corpus/readers/office.py", "corpus/readers/xlsx_parts.py"),
        "training/export/moodle_xml.py",
    },
    "resource": {"corpus/limits.py"},
    "urllib.request": {"corpus/download.py"},
    "pypdfium2": {"corpus/readers/pdf_engines.py", "corpus/readers/pdf_render.py"},
    "sudachipy": {"index/tokenize.py"},
    "sentence_transformers": {"index/encoder/sentence_transformer.py", "index/rerank/cross_encoder.py"},
    "torch": {"index/training/fit.py"},
    "filelock": {"index/lock.py"},
    "platformdirs": {"assistant/settings.py"},
}
NOBODY = {
    "pickle": "an index must not be able to run code",
    "shelve": "it is pickle",
    "joblib": "it is pickle",
    "langchain_community": "its FAISS store is pickle",
    "fcntl": "Windows has none",
    "pwd": "Windows has none",
    "requests": "nothing connects to another machine",
    "httpx": "nothing connects to another machine",
}


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(module: str) -> set[str]:
    """The files that import a module or something in it, as paths from the root."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if any(name == module or name.startswith(f"{module}.") for name in imports(path))
    }


@pytest.mark.parametrize(("library", "allowed"), ONE_MODULE.items(), ids=ONE_MODULE.keys())
def test_a_library_stands_behind_one_module(library: str, allowed: set[str]) -> None:
    """This test ensures that replacing a library changes the files named above, and that each still needs it."""
    using = importers(library)
    assert {path for path in using if not any(fnmatch(path, pattern) for pattern in allowed)} == set()
    assert {pattern for pattern in allowed if not any(fnmatch(path, pattern) for path in using)} == set()


@pytest.mark.parametrize("module", NOBODY, ids=str)
def test_nobody_imports_what_the_house_forbids(module: str) -> None:
    """This test ensures that no source imports it, for the reason given in the table above."""
    assert importers(module) == set()


def test_streamlit_stays_in_the_pages() -> None:
    """This test ensures that everything but the web page runs without a web server installed."""
    assert {path.split("/")[0] for path in importers("streamlit")} == {"app.py", "pages"}


def test_only_the_settings_read_the_environment() -> None:
    """This test ensures that a setting has one place; launcher and sandbox hand on what they do not read."""
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert readers == {"assistant/settings.py", "cli/chat.py", "corpus/sandbox.py"}


def test_every_package_is_listed() -> None:
    """This test ensures that a new folder of code is in the lists of what is installed, typed and layered."""
    tools = project()["tool"]
    folders = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in sources() if path.name != "app.py"
    }
    assert folders - set(tools["setuptools"]["packages"]) == set()
    assert set(tools["mypy"]["packages"]) == set(packages())
    assert set(tools["importlinter"]["root_packages"]) == set(packages())
