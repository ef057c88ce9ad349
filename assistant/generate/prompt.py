"""Which passages are sent, and the messages they are sent in. The texts are in `assistant.prompts`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import prompts
from assistant.compose.found import Found
from assistant.generate.options import GenerateOptions
from assistant.models import Answer, Turn
from assistant.question import Language
from corpus.models import Chunk, Document

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

_MARKER = re.compile(r"[ \u3000]*[\[［][0-9０-９]{1,3}[\]］]")
_ELLIPSIS = "…"
_FENCE_BYTES = 8


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: two texts, the passages by number from 1, and how many were left out for want of room."""

    system: str
    user: str
    passages: Mapping[int, Chunk]
    dropped: int = 0

    def messages(self) -> list[BaseMessage]:
        """The two texts as LangChain's messages."""
        from langchain_core.messages import HumanMessage, SystemMessage

        return [SystemMessage(self.system), HumanMessage(self.user)]


def build_prompt(
    found: Found,
    extractive: Answer,
    history: Sequence[Turn] = (),
    options: GenerateOptions | None = None,
    fence: Callable[[], str] = lambda: secrets.token_hex(_FENCE_BYTES),
) -> Prompt:
    """Return what is sent for a question: rules, the last turns, as many passages as fit, the question.

    The passages that the extractive answer cites come first, then the others by rank; those that no longer fit are
    dropped from the end. `fence` gives a new random word for every call.
    """
    options = options or GenerateOptions()
    chunks = _candidates(found, extractive)
    word = _unused(fence, found, history, chunks)
    language = found.query.language
    blocks = _fitting(chunks, found.documents, word, options.passage_characters)
    parts = [
        *_conversation(history, word, options),
        *blocks,
        prompts.fenced("question", found.query.standalone, word),
        prompts.TASK[language],
    ]
    return Prompt(
        system=_system(language, word),
        user="\n\n".join(_sendable(part) for part in parts),
        passages=dict(enumerate(chunks[: len(blocks)], start=1)),
        dropped=len(chunks) - len(blocks),
    )


def shown(prompt: Prompt) -> str:
    """A prompt as a text to be read by a person; what `mamori ask --show-prompt` prints."""
    return f"# system\n{prompt.system}\n\n# user\n{prompt.user}\n"


def _candidates(found: Found, extractive: Answer) -> list[Chunk]:
    known = {chunk.chunk_id: chunk for chunk in found.retriever.chunks} if extractive.citations else {}
    cited = [known[c.chunk_id] for c in extractive.citations if c.chunk_id in known]
    ordered = {chunk.chunk_id: chunk for chunk in (*cited, *(result.chunk for result in found.results))}
    return list(ordered.values())


def _fitting(chunks: Sequence[Chunk], documents: Mapping[str, Document], fence: str, budget: int) -> list[str]:
    """The blocks of the first chunks that fit; the first one even where it alone is too long, cut."""
    blocks: list[str] = []
    for number, chunk in enumerate(chunks, start=1):
        block = prompts.passage_block(number, chunk, documents[chunk.doc_id], fence)
        if len(block) > budget:
            if not blocks:
                blocks.append(_cut(block, budget))
            break
        blocks.append(block)
        budget -= len(block)
    return blocks


def _cut(block: str, budget: int) -> str:
    """A block with the end of its text left out, its closing line kept."""
    body, _, closing = block.rpartition("\n")
    return f"{body[: max(0, budget - len(closing) - 2)]}{_ELLIPSIS}\n{closing}"


def _conversation(history: Sequence[Turn], fence: str, options: GenerateOptions) -> list[str]:
    """The last turns as one fenced block, without markers, which belong to other passages; nothing for none."""
    turns = [turn for turn in history if turn.text.strip()][-options.history_turns :]
    if not turns:
        return []
    each = options.history_characters // len(turns)
    lines = [f"{turn.role}: {_shortened(_MARKER.sub('', prompts.one_line(turn.text)), each)}" for turn in turns]
    return [prompts.fenced("conversation", "\n".join(lines), fence)]


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(0, limit - 1)] + _ELLIPSIS


def _system(language: Language, fence: str) -> str:
    return prompts.SYSTEM[language].format(fence=fence, not_in_documents=prompts.NOT_IN_DOCUMENTS[language])


def _unused(fence: Callable[[], str], found: Found, history: Sequence[Turn], chunks: Sequence[Chunk]) -> str:
    """A random word that stands in none of the texts of others."""
    texts = (found.query.standalone, *(turn.text for turn in history), *(chunk.text for chunk in chunks))
    everything = "\n".join(texts)
    while (word := fence()) in everything:
        pass
    return word


def _sendable(text: str) -> str:
    """A text without half characters (lone surrogates), which UTF-8 cannot hold."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
