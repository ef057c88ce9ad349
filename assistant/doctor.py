"""What may be wrong with an installation, check by check, each a line that says what to do. Mends nothing.

Nothing is sent anywhere but, where a language model is set, one tiny question to it; no key is ever told.
"""

from __future__ import annotations

import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.wiring import build_encoder, build_reranker, build_store
from index.encoder.protocol import Encoder
from index.errors import IndexingError, reason
from index.retriever import Retriever

_OLDEST_PYTHON = (3, 11)
NEEDED = (
    *("streamlit", "pypdf", "torch", "transformers", "sentence-transformers"),
    *("langchain-core", "faiss-cpu", "numpy"),
)
BROUGHT_ALONG = ("tornado", "pillow", "langchain", "langchain-openai", "langchain-ollama", "langchain-anthropic")
"""Packages of others, or of the extra `llm`: looked at where they are installed."""
SAFE_FROM: Mapping[str, str] = {}
"""The first version of a package without a known vulnerability, where an older one may be installed."""
_LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what it is, whether it is as it should be, and what was found or is to be done."""

    name: str
    is_fine: bool
    text: str


def examine(settings: Settings) -> Iterator[Check]:
    """Yield the checks one after the other as they are done; the slow ones, models, come last. Raises nothing."""
    yield _python()
    yield from _packages(SAFE_FROM)
    yield _folder(settings)
    yield _space(settings)
    encoder = cache(lambda: build_encoder(settings))
    yield _guarded("埋め込みモデル", lambda: _encoder(encoder()))
    yield _guarded("索引", lambda: _index(settings, encoder()))
    yield _guarded("リランカー", lambda: _reranker(settings))
    from assistant.doctor_model import check_model

    yield _guarded("言語モデル", lambda: check_model(settings))


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    """A check whose errors are lines: ours as they are worded, others by their kind, since a text may hold a key."""
    try:
        return check()
    except (AssistantError, IndexingError) as error:
        return Check(name, False, str(error))
    except Exception as error:  # whatever is broken, the other checks are still wanted
        kind = type(error).__name__
        return Check(name, False, f"思わぬエラーです（{kind}）。`mamori ask` に --debug をつけて確かめてください。")


def _python() -> Check:
    fine = sys.version_info >= _OLDEST_PYTHON
    wanted = ".".join(map(str, _OLDEST_PYTHON))
    return Check("Python", fine, platform.python_version() + ("" if fine else f"。{wanted} 以上を入れてください。"))


def _packages(safe_from: Mapping[str, str]) -> Iterator[Check]:
    """One line for all packages that are fine, and one for each that is not."""
    found = {name: _version(name) for name in (*NEEDED, *BROUGHT_ALONG)}
    problems = {name: _problem(name, number, safe_from.get(name)) for name, number in found.items()}
    fine = (f"{name} {number}" for name, number in found.items() if number and not problems[name])
    yield Check("パッケージ", True, "、".join(fine))
    for problem in filter(None, problems.values()):
        yield Check("パッケージ", False, problem)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _problem(name: str, found: str | None, least: str | None) -> str:
    if found is None:
        missing = f"{name} がありません。`pip install mamori` で入れ直してください。"
        return missing if name in NEEDED else ""
    if least is not None and _numbers(found) < _numbers(least):
        return f"{name} {found} には知られた弱点があります。{least} 以上に更新してください。"
    return ""


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a release, without what stands behind a + or before it as a pre-release."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(number) for number in match[0].split(".")) if match else ()


def _folder(settings: Settings) -> Check:
    """Whether the data folder, or the folder that it would be made in, can be written to."""
    name, place = "データフォルダー", _existing(settings.data_dir)
    advice = "書けるフォルダーを MAMORI_DATA_DIR か --data-dir で指定してください。"
    try:
        with tempfile.TemporaryFile(dir=place):
            return Check(name, True, f"{settings.data_dir}（書けます）")
    except OSError as error:
        return Check(name, False, f"{settings.data_dir} に書けません（{reason(error)}）。{advice}")


def _space(settings: Settings) -> Check:
    try:
        free = shutil.disk_usage(_existing(settings.data_dir)).free
    except OSError as error:
        return Check("空き容量", False, f"調べられません（{reason(error)}）。データフォルダーを確かめてください。")
    amount = f"{free / 1e9:.1f} GB"
    if free < _LEAST_FREE_BYTES:
        return Check("空き容量", False, f"{amount} しかありません。0.5 GB 以上に空けてください。")
    return Check("空き容量", True, amount)


def _existing(folder: Path) -> Path:
    """A folder, or the nearest one above it that is there."""
    folder = folder.absolute()
    return next((place for place in (folder, *folder.parents) if place.exists()), folder)


def _encoder(encoder: Encoder) -> Check:
    encoder.encode(["確かめる"])
    return Check("埋め込みモデル", True, f"{encoder.name}（{encoder.dimension} 次元）")


def _index(settings: Settings, encoder: Encoder) -> Check:
    """Whether there is an index, whole and made for this program and encoder."""
    store = build_store(settings)
    retriever = Retriever.open(store, encoder)
    if problems := store.verify():
        advice = "`mamori index build` を実行して作り直してください。"
        return Check("索引", False, f"壊れています（{'、'.join(map(str, problems))}）。{advice}")
    documents, chunks = len(retriever.documents), len(retriever.chunks)
    return Check("索引", True, f"{retriever.generation.generation_id}（文書 {documents}、断片 {chunks}）")


def _reranker(settings: Settings) -> Check:
    reranker = build_reranker(settings)
    if reranker is None:
        return Check("リランカー", True, "使っていません（MAMORI_RERANKER）")
    reranker.scores("確かめる", ["確かめます。"])
    return Check("リランカー", True, reranker.name)
