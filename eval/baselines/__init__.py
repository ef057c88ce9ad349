"""What users would otherwise pick, runnable: the LangChain tutorial's pipeline and three plain BM25 searches.

Every one cuts the documents with the tutorial's splitter (or takes the passages of a benchmark as they are), scores all
pieces and shows the best: there is no language model in them, and none of them ever refuses.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.models import Chunk, Document
from eval.baselines.bm25 import TOKENISERS, Bm25Search
from eval.baselines.pieces import as_they_are, cut_anew
from eval.baselines.search_box import SearchBox
from eval.baselines.tutorial import VectorSearch
from eval.errors import SystemUnavailable

TUTORIAL = "langchain-tutorial"
NAMES = (TUTORIAL, *TOKENISERS)


def build_baseline(name: str, chunks: Sequence[Chunk], documents: Sequence[Document], *, resplit: bool) -> SearchBox:
    """Return a baseline over the documents that `chunks` make up, in their order.

    With `resplit` the text of each document is put together again and cut as the tutorial does; without, every chunk is
    searched as it is, under the title of its document, as is the custom with such benchmarks.

    Raises:
        SystemUnavailable: the name is not one of `NAMES`, a package is missing, or there is nothing to search.
    """
    if name not in NAMES:
        raise SystemUnavailable(f"「{name}」という比較用の検索はありません。{'、'.join(NAMES)} から選んでください。")
    pieces = cut_anew(chunks) if resplit else as_they_are(chunks, documents)
    if not pieces:
        raise SystemUnavailable("索引に文章がありません。`mamori index build` で作り直してください。")
    texts = [piece.searched for piece in pieces]
    search = VectorSearch.build(texts) if name == TUTORIAL else Bm25Search.build(texts, TOKENISERS[name])
    return SearchBox(name, tuple(piece.chunk for piece in pieces), {one.doc_id: one for one in documents}, search)
