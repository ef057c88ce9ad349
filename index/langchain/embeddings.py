"""Any encoder of `index.encoder` as LangChain embeddings. Holds no vectors."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from corpus.clean import search_text
from index.encoder import Encoder, load_encoder


class MamoriEmbeddings(Embeddings):
    """Unit vectors; a text of which the encoder knows nothing gives zeros.

    Texts are cleaned as the index cleans them, so that width and stray spaces make no difference. The asynchronous
    methods are LangChain's own: they run these in a thread.

    >>> len(MamoriEmbeddings().embed_query("技術流出の防止")) == load_encoder().dimension
    True
    """

    def __init__(self, encoder: Encoder | None = None) -> None:
        """Use `encoder`, or the bundled one; EncoderError where that is damaged."""
        self.encoder = encoder or load_encoder()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector of length `encoder.dimension` for each text."""
        vectors: list[list[float]] = self.encoder.encode([search_text(text) for text in texts]).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question: that of the same text among documents."""
        return self.embed_documents([text])[0]
