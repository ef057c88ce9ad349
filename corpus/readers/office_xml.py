"""What the readers of Office files ask of an XML element, whoever made it. Types only; lxml is not imported here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol, overload

MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


class XmlElement(Protocol):
    """An element of lxml, of python-docx or of python-pptx."""

    @property
    def tag(self) -> str:
        """The name with its namespace in braces; something else for comments and instructions."""

    @property
    def text(self) -> str | None:
        """The text before the first child."""

    @overload
    def get(self, key: str) -> str | None: ...
    @overload
    def get(self, key: str, default: str) -> str: ...
    def get(self, key: str, default: str | None = None) -> str | None:
        """The value of an attribute."""

    def find(self, path: str) -> XmlElement | None:
        """The first element at a path."""

    def findall(self, path: str) -> list[XmlElement]:
        """All elements at a path."""

    def iter(self, *tags: str) -> Iterator[XmlElement]:
        """The element and all within it that have one of these tags, in order."""

    def __iter__(self) -> Iterator[XmlElement]: ...


def chosen(alternate: XmlElement) -> Iterable[XmlElement]:
    """What stands in the first choice of an mc:AlternateContent, for every other says the same again."""
    found = alternate.find(MC + "Choice")
    found = alternate.find(MC + "Fallback") if found is None else found
    return () if found is None else found


def whole(text: str | None, default: int) -> int:
    """A number in an attribute, or the default where it is none."""
    try:
        return int(text) if text else default
    except ValueError:
        return default
