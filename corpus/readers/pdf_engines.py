"""The two libraries that open a PDF, behind one interface: pdfium and pypdf.

They only answer questions about one open file; which answer to trust is decided in `corpus.readers.pdf`. Both are
imported when first used, and any method may raise anything on a damaged file.
"""

from __future__ import annotations

import io
import logging
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from corpus.readers.pdf_glyphs import Box, Handle
from corpus.readers.pdf_layout import Layout, lay_out

# A rule is two segments and a box five; one character drawn as a curve is ten or more.
MAX_RULE_SEGMENTS = 40
_PDFIUM_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD in fpdfview.h

OutlineItem = tuple[int, str, int | None]


@dataclass(frozen=True, slots=True)
class PageReading:
    """`drawn`: there may be something to read on the page; `pictures_only`: there is, and it is not set as text.

    `hidden` is the number of characters that are not in `text` because nobody can see them on the page.
    """

    text: str
    drawn: bool
    pictures_only: bool = False
    hidden: int = 0


class Engine(Protocol):
    """What both libraries tell about an open file. Any method may raise anything on a damaged one."""

    def page_count(self) -> int:
        """The number of pages."""

    def read_page(self, index: int) -> PageReading:
        """The text of the page at this index, from 0, and whether anything is drawn there."""

    def labels(self) -> list[str]:
        """The printed labels of all pages, or none where the file has none."""

    def outline(self) -> Iterator[OutlineItem]:
        """The bookmarks in order: depth from 1, title, page number from 1 or None."""

    def title(self) -> str:
        """The title in the file's metadata, or an empty text."""


class Locked(Exception):
    """Encryption stands between us and the text."""


class PdfiumEngine:
    """A file opened by pdfium, which reads text best; raises Locked for one behind a password."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)
        self._raw = pypdfium2.raw
        # Some failures leave pdfium's error code as an earlier file left it; a file of one blank sets it to "format".
        self._raw.FPDF_LoadMemDocument64(b" ", 1, None)
        try:
            self._pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise (Locked() if error.err_code == _PDFIUM_PASSWORD_ERROR else error) from error

    def page_count(self) -> int:  # noqa: D102
        return len(self._pdf)

    def read_page(self, index: int) -> PageReading:  # noqa: D102
        page = self._pdf[index]
        try:
            textpage = page.get_textpage()
            layout = self._layout(page, textpage)
            text = layout.text
            textpage.close()
            if text:
                return PageReading(text, drawn=True, hidden=layout.hidden)
            objects = [item for item in page.get_objects(max_depth=5) if item.type != self._raw.FPDF_PAGEOBJ_FORM]
            has_text = any(item.type == self._raw.FPDF_PAGEOBJ_TEXT for item in objects)
            if layout.all_hidden:  # another library would read what nobody can see
                seen = [item for item in objects if item.type != self._raw.FPDF_PAGEOBJ_TEXT]
                return PageReading("", self._shows_something(seen), pictures_only=True, hidden=layout.hidden)
            drawn = self._shows_something(objects)
            return PageReading("", drawn, pictures_only=drawn and not has_text)
        finally:
            page.close()  # closes the text page as well where the reading failed

    def _layout(self, page: Handle, textpage: Handle) -> Layout:
        """The text in the order of reading; pdfium's own where that is as good, or where the layout cannot be had."""
        try:
            layout = lay_out(self._raw, page, textpage, Box(*page.get_bbox()))
        except Exception:  # A damaged page may stumble over any question but still have its text.
            layout = None
        if layout:
            return layout
        # What lies off the page is not what people see, unless the page's own box is broken.
        text = textpage.get_text_bounded()
        everything = textpage.get_text_range()
        return Layout(text, max(0, _size(everything) - _size(text))) if text else Layout(everything)

    def _shows_something(self, objects: Iterable[Any]) -> bool:
        """Whether there is more than the rules and boxes that also stand on pages left blank."""
        segments = 0
        for item in objects:
            if item.type != self._raw.FPDF_PAGEOBJ_PATH:
                return True
            segments += self._raw.FPDFPath_CountSegments(item)
        return segments > MAX_RULE_SEGMENTS

    def labels(self) -> list[str]:  # noqa: D102
        return [self._pdf.get_page_label(index) for index in range(len(self._pdf))]

    def outline(self) -> Iterator[OutlineItem]:  # noqa: D102
        for item in self._pdf.get_toc():
            target = item.get_dest()
            index = target.get_index() if target else None
            yield item.level + 1, item.get_title(), None if index is None else index + 1

    def title(self) -> str:  # noqa: D102
        return str(self._pdf.get_metadata_value("Title"))

    def close(self) -> None:
        """Give the file back."""
        self._pdf.close()


def _size(text: str) -> int:
    """The number of characters but for spaces."""
    return len("".join(text.split()))


class PypdfEngine:
    """A file opened by pypdf, which knows labels and outline; raises Locked for one behind a password."""

    def __init__(self, data: bytes) -> None:
        import pypdf
        from pypdf.errors import DependencyError

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        self.seconds_spent, self.seconds_allowed = 0.0, math.inf
        try:
            self._reader = pypdf.PdfReader(io.BytesIO(data))
            # An empty owner password opens nothing for a reader: viewers ask for the user's, and so does pdfium.
            if self._reader.is_encrypted and self._reader.decrypt("") is not pypdf.PasswordType.USER_PASSWORD:
                raise Locked
            len(self._reader.pages)
        except (DependencyError, NotImplementedError) as error:  # a cipher or a security handler it does not have
            raise Locked from error

    def page_count(self) -> int:  # noqa: D102
        return len(self._reader.pages)

    def read_page(self, index: int) -> PageReading:  # noqa: D102
        if self.seconds_spent > self.seconds_allowed:
            raise TimeoutError
        started = time.monotonic()
        try:
            page = self._reader.pages[index]
            contents = page.get_contents()
            return PageReading(page.extract_text(), drawn=contents is not None and bool(contents.get_data().strip()))
        finally:
            self.seconds_spent += time.monotonic() - started

    def labels(self) -> list[str]:  # noqa: D102
        return self._reader.page_labels if "/PageLabels" in self._reader.root_object else []

    def outline(self) -> Iterator[OutlineItem]:  # noqa: D102
        return self._outline_of(self._reader.outline, level=1)

    def _outline_of(self, items: Sequence[Any], level: int) -> Iterator[OutlineItem]:
        for item in items:
            if isinstance(item, list):
                yield from self._outline_of(item, level + 1)
            else:
                index = self._reader.get_destination_page_number(item)
                yield level, str(item.title), None if index is None else index + 1

    def title(self) -> str:  # noqa: D102
        title = self._reader.metadata.title if self._reader.metadata else None
        return title if isinstance(title, str) else ""
