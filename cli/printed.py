"""An answer as text for the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.citations import page_name
from assistant.models import Support
from cli.messages import without_controls

if TYPE_CHECKING:
    from assistant.models import Answer, Citation, Sentence

_WEAK = "（要確認）"


def printed(answer: Answer, remote_host: str | None = None) -> str:
    """An answer: its text without Markdown's bold marks, notes, suggestions, numbered sources, and who wrote it.

    In a language model's answer a sentence that its sources carry only in part is marked; one that they do not carry at
    all has its mark already.
    """
    parts = [_marked(answer).replace("**", "")]
    if answer.suggestions:
        parts.append("\n".join(["資料で答えられる質問の例：", *(f"- {text}" for text in answer.suggestions)]))
    parts.extend(f"※ {note}" for note in answer.notes)
    parts.extend(_written_by(answer, remote_host))
    if answer.citations:
        parts.append("\n".join(["出典", *(_source(citation) for citation in answer.citations)]))
    return without_controls("\n\n".join(parts))


def _marked(answer: Answer) -> str:
    """The text of an answer with a mark behind each weak sentence of a language model."""
    text = answer.text
    if not answer.generated:
        return text
    for sentence in answer.sentences:
        if sentence.status is Support.WEAK:
            text = _with_mark(text, sentence)
    return text


def _with_mark(text: str, sentence: Sentence) -> str:
    """The text with a mark behind the markers of a sentence, wherever it stands."""
    markers = "".join(f"[{marker}]" for marker in sentence.markers)
    # In the text a sentence may end with the bold marks that it has lost.
    known = rf"{re.escape(sentence.text)}(?:\*\*)? {re.escape(markers)}(?!\[|{_WEAK})"
    return re.sub(known, lambda match: match[0] + _WEAK, text)


def _written_by(answer: Answer, remote_host: str | None) -> Iterator[str]:
    """The line that says which language model wrote the text, and where the question went."""
    sent = f"別のコンピューター {remote_host} へ質問と資料の一部を送りました"
    if answer.model and answer.generated:
        yield f"回答の文章：{answer.model}（{sent if remote_host else 'このパソコンのモデル'}）"
    elif answer.model and remote_host and answer.fault != "unreachable":
        yield f"言語モデル：{answer.model}（{sent}）"


def _source(citation: Citation) -> str:
    where = [
        f"{citation.document_title}（{citation.edition or citation.published or '版・日付なし'}）",
        citation.section or "冒頭",
        page_name(citation),
        "OCR" if citation.is_ocr else "",
    ]
    lines = [f"[{citation.marker}] {'、'.join(part for part in where if part)}", f"    「{citation.quote}」"]
    if citation.source_url:
        lines.append(f"    {citation.source_url}")
    return "\n".join(lines)
