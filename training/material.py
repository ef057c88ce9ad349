"""What material is made from: the passages, documents and search of one open index, and what they hold besides text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.assistant import Assistant
from assistant.guidance import Guidance
from corpus.models import Chunk, Document


@dataclass(frozen=True, slots=True)
class Material:
    """The contents of one index.

    `chunks` are in the order of the documents. Passages of a document that a newer edition in the index replaces are
    among them: `Material.is_replaced` tells.
    """

    assistant: Assistant
    guidance: Guidance
    chunks: tuple[Chunk, ...]
    documents: Mapping[str, Document]

    @classmethod
    def of(cls, assistant: Assistant) -> Material:
        """The material that an assistant answers from."""
        documents = {document.doc_id: document for document in assistant.documents}
        return cls(assistant, assistant.guidance, tuple(assistant.retriever.chunks), documents)

    def is_replaced(self, chunk: Chunk) -> bool:
        """Whether a newer edition in the index replaces the document of a passage."""
        return self.guidance.is_replaced(chunk.doc_id)

    def search(self, text: str, top_k: int = 10) -> list[Chunk]:
        """The passages that a text leads to, best first."""
        return [result.chunk for result in self.assistant.retriever.search(text, top_k=top_k)]
