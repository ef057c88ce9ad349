"""What may be wrong with an installation, check by check, each a line that says what to do. Mends nothing.

Nothing is sent anywhere but, where a language model is set, one tiny question to it; no key is ever told. Nothing is
looked up: what is known of weak packages is a table in assistant/doctor_packages.py.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from functools import cache

from assistant.doctor_check import Check, guarded
from assistant.doctor_machine import check_folder, check_fonts, check_ocr, check_space
from assistant.doctor_packages import check_packages
from assistant.settings import Settings
from assistant.wiring import build_encoder, build_reranker, build_store
from index.encoder.protocol import Encoder
from index.retriever import Retriever
from index.store import GENERATIONS, UNFINISHED, IndexStore

__all__ = ["Check", "examine"]

_OLDEST_PYTHON = (3, 11)


def examine(settings: Settings) -> Iterator[Check]:
    """Yield the checks one after the other as they are done; the slow ones, models, come last. Raises nothing."""
    yield _python()
    yield from check_packages()
    yield guarded("データフォルダー", lambda: check_folder(settings))
    yield check_space(settings)
    yield guarded("日本語フォント", check_fonts)
    yield guarded("OCR", check_ocr)
    encoder = cache(lambda: build_encoder(settings))
    yield guarded("埋め込みモデル", lambda: _encoder(encoder()))
    yield guarded("索引", lambda: _index(settings, encoder()))
    yield guarded("リランカー", lambda: _reranker(settings))
    from assistant.doctor_model import check_model

    yield guarded("言語モデル", lambda: check_model(settings))


def _python() -> Check:
    fine = sys.version_info >= _OLDEST_PYTHON
    wanted = ".".join(map(str, _OLDEST_PYTHON))
    return Check("Python", fine, platform.python_version() + ("" if fine else f"。{wanted} 以上を入れてください。"))


def _encoder(encoder: Encoder) -> Check:
    encoder.encode(["確かめる"])
    return Check("埋め込みモデル", True, f"{encoder.name}（{encoder.dimension} 次元）")


def _index(settings: Settings, encoder: Encoder) -> Check:
    """Whether there is an index, whole and made for this program and encoder, and what else lies beside it."""
    store = build_store(settings)
    retriever = Retriever.open(store, encoder)
    if problems := store.verify():
        advice = "`mamori index build` を実行して作り直してください。"
        return Check("索引", False, f"壊れています（{'、'.join(map(str, problems))}）。{advice}")
    current = retriever.generation.generation_id
    documents, chunks = len(retriever.documents), len(retriever.chunks)
    return Check("索引", True, f"{current}（文書 {documents}、断片 {chunks}{_beside(store, current)}）")


def _beside(store: IndexStore, current: str) -> str:
    """How many generations there are besides the current one, and what broken-off builds left behind."""
    names = [path.name for path in (store.root / GENERATIONS).iterdir() if path.name != current]
    unfinished = sum(name.startswith(UNFINISHED) for name in names)
    old = len(names) - unfinished
    parts = (
        f"、前の世代 {old}" if old else "",
        f"、作りかけ {unfinished}（次に作るときに消えます）" if unfinished else "",
    )
    return "".join(parts)


def _reranker(settings: Settings) -> Check:
    reranker = build_reranker(settings)
    if reranker is None:
        return Check("リランカー", True, "使っていません（MAMORI_RERANKER）")
    reranker.scores("確かめる", ["確かめます。"])
    return Check("リランカー", True, reranker.name)
