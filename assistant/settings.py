"""The settings of one run: the only module that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import SettingsError

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things live and which encoder is used.

    `encoder` is None for the bundled one, else a folder or the name of a sentence-transformers model; `reranker` is
    None, or the same for a CrossEncoder of that library; `llm_api_key` is for the language model of an optional
    command. `allow_remote` lets such models be fetched and such a language model be on another machine; without it
    nothing ever opens a connection to one.
    """

    data_dir: Path
    encoder: str | None = None
    reranker: str | None = None
    allow_remote: bool = False
    llm_api_key: str | None = field(default=None, repr=False)

    @property
    def index_dir(self) -> Path:
        """The folder of the index's generations."""
        return self.data_dir / "index"

    @classmethod
    def from_environment(cls, data_dir: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings from the variables MAMORI_DATA_DIR, for which `data_dir` can stand, to MAMORI_LLM_API_KEY."""
        given = environment.get("MAMORI_DATA_DIR", "").strip()
        return cls(
            data_dir=data_dir or (Path(given).expanduser() if given else _default_data_dir()),
            encoder=environment.get("MAMORI_ENCODER", "").strip() or None,
            reranker=environment.get("MAMORI_RERANKER", "").strip() or None,
            allow_remote=_flag(environment, "MAMORI_ALLOW_REMOTE"),
            llm_api_key=environment.get("MAMORI_LLM_API_KEY", "").strip() or None,
        )


def _flag(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise SettingsError(f"{name} には 1 か 0 を指定してください（いまの値: {value}）。")


def _default_data_dir() -> Path:
    from platformdirs import user_data_path

    return user_data_path("mamori", appauthor=False)
