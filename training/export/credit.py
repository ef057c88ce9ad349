"""What a list of sources says of where a document comes from. Escapes nothing: each format does so itself."""

from __future__ import annotations

from training.models import Source


def credit_lines(source: Source) -> list[str]:
    """The credit line of a document, and its address where that line does not say it; at most two lines."""
    credit, url = source.credit or "", source.source_url or ""
    address = f"掲載場所：{url}" if url and url not in credit else ""
    return [text for text in (credit, address) if text]
