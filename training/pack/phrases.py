"""What a pack says in its own words: the texts of `phrases.toml`, by part of the pack."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType


@cache
def phrases(part: str = "") -> Mapping[str, str]:
    """The texts of one part (`goals`, `questions` …), or those of no part; raises KeyError for a part there is not."""
    tables = tomllib.loads(resources.files("training.pack").joinpath("phrases.toml").read_text(encoding="utf-8"))
    table = tables[part] if part else {name: text for name, text in tables.items() if isinstance(text, str)}
    return MappingProxyType(table)
