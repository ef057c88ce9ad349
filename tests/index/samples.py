"""A handful of made-up documents, chunks and the index of them."""

from __future__ import annotations

from pathlib import Path

from corpus.models import BlockKind, Chunk, Document
from index.build import build_index
from index.retriever import Retriever
from index.store import IndexStore
from tests.fakes import FakeEncoder


def document(doc_id: str, title: str) -> Document:
    """Return a document without pages."""
    return Document(
        doc_id, title, "発行者", "2026-01", "1.0", ("old",), "https://example.com/", f"{doc_id}.md", "00" * 32
    )


def chunk(chunk_id: str, doc_id: str, text: str, *section: str) -> Chunk:
    """Return a paragraph on pages 3 to 4."""
    return Chunk(chunk_id, doc_id, section, text, BlockKind.PARAGRAPH, 3, 4, "1–2")


DOCUMENTS = [document("tea", "お茶の手引き"), document("bread", "パンの手引き")]
CHUNKS = [
    chunk("t1", "tea", "緑茶は八十度の湯で淹れると渋くなりません。", "淹れ方", "緑茶"),
    chunk("t2", "tea", "紅茶は沸騰した湯で三分蒸らします。", "淹れ方", "紅茶"),
    chunk("t3", "tea", "茶葉は湿気を避けて保管します。", "保管"),
    chunk("b1", "bread", "生地は三十度で一時間発酵させます。", "発酵"),
    chunk("b2", "bread", "焼き上がったパンは網の上で冷まします。", "焼成"),
    chunk("b3", "bread", "茶葉は湿気を避けて保管します。", "付録"),
]


def store_in(folder: Path) -> IndexStore:
    """Return a store in `folder` with the sample documents indexed."""
    store = IndexStore(folder / "index")
    build_index(DOCUMENTS, CHUNKS, store, FakeEncoder())
    return store


def retriever_in(folder: Path) -> Retriever:
    """Return a retriever over the sample documents."""
    return Retriever.open(store_in(folder), FakeEncoder())
