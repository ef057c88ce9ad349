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
    """Where things live and which models are used.

    `encoder` is None for the bundled one, else a folder or the name of a sentence-transformers model; `reranker` is
    None, or the same for a CrossEncoder of that library; `llm` is None for answers without a language model, else its
    "provider:model", reached at `llm_base_url` (None: the provider's own address) with `llm_api_key`.
    `llm_timeout_seconds` is the longest silence of that model that is waited for, `llm_characters` bounds the passages
    that it is sent. `allow_remote` lets encoder and reranker be fetched and the language model be on another machine;
    without it nothing ever opens a connection to one.
    """

    data_dir: Path
    encoder: str | None = None
    reranker: str | None = None
    allow_remote: bool = False
    llm: str | None = None
    llm_base_url: str | None = None
    llm_api_key: str | None = field(default=None, repr=False)
    llm_timeout_seconds: float = 60.0
    llm_characters: int = 12_000

    @property
    def index_dir(self) -> Path:
        """The folder of the index's generations."""
        return self.data_dir / "index"

    @property
    def documents_dir(self) -> Path:
        """The folder of the documents that people upload."""
        return self.data_dir / "documents"

    @property
    def history_file(self) -> Path:
        """The record of who changed what in the index, and when."""
        return self.data_dir / "history" / "library.jsonl"

    @property
    def quarantine_file(self) -> Path:
        """The list of contents that a reader was lost to."""
        return self.data_dir / "history" / "quarantine.jsonl"

    @classmethod
    def from_environment(cls, data_dir: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings from the variables that begin with MAMORI_; `data_dir` goes before MAMORI_DATA_DIR.

        Raises SettingsError for a value that means nothing, and for a file of a key that cannot be read.
        """
        given = _text(environment, "MAMORI_DATA_DIR")
        return cls(
            data_dir=data_dir or (Path(given).expanduser() if given else _default_data_dir()),
            encoder=_text(environment, "MAMORI_ENCODER"),
            reranker=_text(environment, "MAMORI_RERANKER"),
            allow_remote=_flag(environment, "MAMORI_ALLOW_REMOTE"),
            llm=_text(environment, "MAMORI_LLM"),
            llm_base_url=_text(environment, "MAMORI_LLM_BASE_URL"),
            llm_api_key=_text(environment, "MAMORI_LLM_API_KEY") or _key_of_file(environment),
            llm_timeout_seconds=_number(environment, "MAMORI_LLM_TIMEOUT_SECONDS", 60, 1, 3600),
            llm_characters=_number(environment, "MAMORI_LLM_CHARACTERS", 12_000, 500, 1_000_000),
        )


def _text(environment: Mapping[str, str], name: str) -> str | None:
    return environment.get(name, "").strip() or None


def _key_of_file(environment: Mapping[str, str]) -> str | None:
    """The key in the file that MAMORI_LLM_API_KEY_FILE names; nothing of what stands in the file is ever told."""
    name = _text(environment, "MAMORI_LLM_API_KEY_FILE")
    if name is None:
        return None
    try:
        words = Path(name).expanduser().read_text(encoding="utf-8-sig").split()
    except (OSError, UnicodeDecodeError):
        words = []
    if len(words) != 1:
        raise SettingsError(
            f"MAMORI_LLM_API_KEY_FILE の「{name}」からAPIキーを読めません。"
            "キーだけを1行で書いた、読めるファイルを指定してください。"
        )
    return words[0]


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = environment.get(name, "").strip()
    try:
        number = int(value) if value else default
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise SettingsError(f"{name} には {least} から {most} までの数を指定してください（いまの値: {value}）。")
    return number


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
