"""A pack as a PDF hand-out for those who are trained: to print, to write on, or to fill in on screen.

The answer key begins a page of its own, so that it can be handed out later. The facilitator's notes are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any

from training.models import Pack

if TYPE_CHECKING:
    from training.export.fonts import Typeface

# reportlab reads a font through one shared position in its file.
_ONE_AT_A_TIME = Lock()


def write_pdf(pack: Pack, typeface: Typeface | None = None) -> bytes:
    """Return the hand-out as a PDF file; the same pack on the same computer gives the same bytes.

    `typeface`: what to set it in, instead of the best Japanese font of this computer. Characters that it lacks are
    shown as 〓, and the last page says so.
    """
    from training.export.fonts import find_typeface
    from training.export.pdf_page import lay_out

    with _ONE_AT_A_TIME:
        typeface = typeface or find_typeface()
        typeface.lacking.clear()
        subject = f"{pack.theme}（{pack.audience}、{pack.minutes}分）"
        return lay_out(pack.title, subject, typeface, list(_story(pack, typeface)))


def _story(pack: Pack, typeface: Typeface) -> Iterator[Any]:
    from reportlab.platypus import PageBreak  # type: ignore[import-untyped]

    from training.export.pdf_parts import Parts
    from training.export.pdf_quiz import answers, questions

    parts = Parts(pack, typeface)
    yield from parts.title_block()
    yield from parts.goals()
    yield from parts.cases()
    yield from parts.countermeasures()
    yield from parts.checklist()
    yield from questions(parts)
    if key := list(answers(parts)):
        yield PageBreak()
        yield from key
    yield PageBreak()
    yield from parts.contacts()
    yield from parts.sources()
