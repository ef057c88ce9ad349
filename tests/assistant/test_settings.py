"""Tests of the settings: what the environment says, what means nothing, and what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings

KEY = "sk-live-0123456789abcdef0123456789"


def settings(**variables: str) -> Settings:
    """Settings from these variables, given without their MAMORI_."""
    return Settings.from_environment(environment={f"MAMORI_{name}": value for name, value in variables.items()})


def test_without_variables_there_is_no_model() -> None:
    """This test ensures that a fresh installation has no language model and may reach no other machine."""
    plain = settings()
    assert (plain.llm, plain.llm_base_url, plain.llm_api_key, plain.allow_remote) == (None, None, None, False)
    assert settings(LLM="  ").llm is None


def test_a_model_of_ones_own() -> None:
    """This test ensures that model, address, time and room come from their variables."""
    given = settings(
        LLM=" openai:m ", LLM_BASE_URL="http://127.0.0.1:8080/v1", LLM_TIMEOUT_SECONDS="5", LLM_CHARACTERS="800"
    )
    assert (given.llm, given.llm_base_url) == ("openai:m", "http://127.0.0.1:8080/v1")
    assert (given.llm_timeout_seconds, given.llm_characters) == (5, 800)


@pytest.mark.parametrize("name", ["LLM_TIMEOUT_SECONDS", "LLM_CHARACTERS"])
@pytest.mark.parametrize("value", ["soon", "0", "-1", "1.5", "99999999999", "１０x"])
def test_a_number_that_means_nothing(name: str, value: str) -> None:
    """This test ensures that such a value is one line with the variable, the value and what is allowed."""
    with pytest.raises(SettingsError, match=f"MAMORI_{name} .*ください.*{value}"):
        settings(**{name: value})


@pytest.mark.parametrize("written", [KEY, f"{KEY}\n", f"\ufeff  {KEY}\r\n"])
def test_a_key_from_a_file(tmp_path: Path, written: str) -> None:
    """This test ensures that the key in a file is used, whatever editor wrote it, and is not shown."""
    (tmp_path / "key").write_text(written, encoding="utf-8")
    given = settings(LLM_API_KEY_FILE=str(tmp_path / "key"))
    assert given.llm_api_key == KEY
    assert KEY not in repr(given)


def test_the_key_itself_goes_before_the_file(tmp_path: Path) -> None:
    """This test ensures that the file is not even looked at where the key is given."""
    assert settings(LLM_API_KEY=KEY, LLM_API_KEY_FILE=str(tmp_path / "none")).llm_api_key == KEY


@pytest.mark.parametrize("content", [None, b"", b"  \n", f"{KEY} {KEY}".encode(), f"\xff{KEY}".encode("latin-1")])
def test_a_file_without_a_key(tmp_path: Path, content: bytes | None) -> None:
    """This test ensures that a missing, empty or odd file is one line that shows nothing of what stands in it."""
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        settings(LLM_API_KEY_FILE=str(path))
    assert "MAMORI_LLM_API_KEY_FILE" in str(caught.value)
    assert KEY not in str(caught.value)
