"""Tests of the loading of chat models: what is allowed, and that the environment cannot lead a local one astray."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import Any

import pytest

from assistant import chat_model
from assistant.chat_model import load_chat_model, remote_host
from assistant.errors import ModelUnavailable
from assistant.settings import Settings
from tests.repository import ROOT

LOCAL = "http://127.0.0.1:8080/v1"
KEY = "sk-test-0123456789abcdef0123456789"


def has(*packages: str) -> bool:
    """Whether the optional packages are installed."""
    return all(importlib.util.find_spec(package) for package in packages)


needs_openai = pytest.mark.skipif(not has("langchain", "langchain_openai"), reason="needs the extra llm")
needs_ollama = pytest.mark.skipif(not has("langchain", "langchain_ollama"), reason="needs the extra llm")
needs_anthropic = pytest.mark.skipif(not has("langchain", "langchain_anthropic"), reason="needs the extra llm")


def refusal(name: str, **options: Any) -> str:  # noqa: ANN401
    """The message with which a model is refused."""
    with pytest.raises(ModelUnavailable) as caught:
        load_chat_model(name, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert "ください" in message
    return message


@pytest.mark.parametrize(
    ("name", "base_url"),
    [
        ("openai:gpt-x", None),
        ("anthropic:claude-x", None),
        ("azure_openai:deployment", None),
        ("openai:gpt-x", "https://llm.example.com/v1"),
        ("openai:gpt-x", "http://0.0.0.0:8080/v1"),
        ("openai:gpt-x", "http://127.0.0.1.example.com/v1"),
        ("ollama:qwen3", "http://192.168.0.10:11434"),
        ("ollama:gpt-oss:120b-cloud", None),
        ("openai:glm:cloud", LOCAL),
        ("anthropic:claude-x", "http://127.0.0.1:4000"),
    ],
)
def test_another_machine_needs_permission(name: str, base_url: str | None) -> None:
    """This test ensures that nothing that may leave this machine is loaded before someone allowed it."""
    assert "MAMORI_ALLOW_REMOTE=1" in refusal(name, base_url=base_url)


@pytest.mark.parametrize("name", ["", "gpt-x", "openai:", "openai", "langsmith:gpt-x", "other:model", ":model"])
def test_a_name_that_means_nothing(name: str) -> None:
    """This test ensures that the message lists the ways to write a model's name."""
    message = refusal(name, allow_remote=True)
    assert all(f"{provider}:" in message for provider in ("ollama", "openai", "azure_openai", "anthropic"))


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8080", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:99999/", "http://[::1/v1"]
)
def test_an_address_that_means_nothing(address: str) -> None:
    """This test ensures that an address without scheme, host or port in range is refused, allowed or not."""
    assert address in refusal("openai:m", base_url=address, allow_remote=True)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    """This test ensures that no password is asked for in a place where it ends up in histories and messages."""
    message = refusal("azure_openai:m", base_url="https://user:secret@example.com/", allow_remote=True)
    assert "secret" not in message


def test_a_missing_package_is_named_by_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that without the extra the message gives the command that adds it."""
    monkeypatch.setattr(chat_model, "find_spec", lambda name: None)
    assert "pip install 'mamori[llm]'" in refusal("ollama:qwen3")


@needs_openai
def test_a_local_openai_server_ignores_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that no variable sends a local model's texts or a provider's key anywhere else."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_PROXY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.setenv(name, "http://elsewhere.example.com:9")
    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model: Any = load_chat_model("openai:m", base_url=LOCAL)
    assert (model.temperature, str(model.root_client.base_url)) == (0, LOCAL + "/")
    assert model.root_client.api_key == "no-key"
    # httpx keeps a transport for each proxy here.
    assert model.root_client._client._mounts == {}
    assert not model.root_client._client.follow_redirects


@needs_ollama
def test_ollama_is_on_this_machine_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures the same of Ollama, whose package takes its address and key from variables."""
    for name in ("HTTP_PROXY", "ALL_PROXY", "OLLAMA_HOST"):
        monkeypatch.setenv(name, "http://elsewhere.example.com:9")
    monkeypatch.setenv("OLLAMA_API_KEY", KEY)
    model: Any = load_chat_model("ollama:qwen3", timeout_seconds=7)
    client = model._client._client
    assert (model.temperature, str(client.base_url), client.timeout.read) == (0, "http://127.0.0.1:11434", 7)
    assert client.headers["authorization"] == "Bearer no-key"
    assert client._mounts == {}
    assert not client.follow_redirects


@needs_openai
def test_a_hosted_model_keeps_the_providers_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that permission for a provider is none for whatever gateway a variable names."""
    monkeypatch.setenv("LANGSMITH_GATEWAY", "https://elsewhere.example.com")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://elsewhere.example.com")
    model: Any = load_chat_model("openai:gpt-x", api_key=KEY, allow_remote=True)
    assert str(model.root_client.base_url) == "https://api.openai.com/v1/"
    assert KEY not in repr(model)


@needs_anthropic
def test_anthropic_with_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a hosted Claude is loaded with its own address and the given key, hidden."""
    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    model: Any = load_chat_model("anthropic:claude-x", api_key=KEY, allow_remote=True)
    assert model.anthropic_api_url == "https://api.anthropic.com"
    assert model.anthropic_api_key.get_secret_value() == KEY
    assert KEY not in repr(model)


@needs_openai
def test_azure_with_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a deployment's address is made from the endpoint, and a missing version is said."""
    monkeypatch.delenv("OPENAI_API_VERSION", raising=False)
    options: dict[str, Any] = {"base_url": "https://a.example.com", "api_key": KEY, "allow_remote": True}
    assert "OPENAI_API_VERSION" in refusal("azure_openai:d", **options)
    monkeypatch.setenv("OPENAI_API_VERSION", "2025-01-01")
    model: Any = load_chat_model("azure_openai:d", **options)
    assert str(model.root_client.base_url).startswith("https://a.example.com/openai/deployments/d")


@needs_openai
def test_a_hosted_model_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a missing key is said before anything is asked."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert "MAMORI_LLM_API_KEY" in refusal("openai:gpt-x", allow_remote=True)


@needs_openai
def test_loading_a_model_turns_tracing_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that LangSmith stays off in a process whose environment turns it on."""
    code = (
        "from langchain_core.tracers.context import _tracing_v2_is_enabled as on\n"
        "from assistant.chat_model import load_chat_model\n"
        "before = bool(on())\n"
        f"load_chat_model('openai:m', base_url='{LOCAL}')\n"
        "print(before, bool(on()))\n"
    )
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["True", "False"]


@pytest.mark.parametrize(
    ("name", "base_url", "host"),
    [
        ("ollama:qwen3", None, None),
        ("ollama:qwen3:8b", "http://localhost:11434", None),
        ("openai:m", "http://127.0.0.1:8080/v1", None),
        ("openai:m", None, "api.openai.com"),
        ("openai:m", "https://gateway.example.com/v1?key=x", "gateway.example.com"),
        ("ollama:gpt-oss:120b-cloud", None, "ollama.com"),
        ("ollama:qwen3", "http://192.0.2.7:11434", "192.0.2.7"),
        ("azure_openai:d", "https://a.example.com", "a.example.com"),
        ("azure_openai:d", None, "azure_openai"),
        ("anthropic:c", None, "api.anthropic.com"),
    ],
)
def test_where_questions_go(name: str, base_url: str | None, host: str | None) -> None:
    """This test ensures that whoever asks can be told which other machine hears it, and that there is none."""
    assert remote_host(name, base_url) == host


@needs_openai
def test_azures_own_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that an address that the package took from the environment is not hidden."""
    monkeypatch.setenv("OPENAI_API_VERSION", "2025-01-01")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://their.example.com")
    model = load_chat_model("azure_openai:d", api_key=KEY, allow_remote=True)
    assert remote_host("azure_openai:d", None, model) == "their.example.com"


def test_an_address_is_shown_without_what_may_be_secret() -> None:
    """This test ensures that neither a password nor a key in an address gets into a message."""
    said = refusal("openai:m", base_url=f"ftp://me:{KEY}@h.example.com/v1?key={KEY}", allow_remote=True)
    assert KEY not in said
    assert "h.example.com/v1" in said


def test_the_key_is_a_setting_that_is_not_shown() -> None:
    """This test ensures that settings, which end up in messages and logs, never show the key."""
    settings = Settings.from_environment(environment={"MAMORI_LLM_API_KEY": f" {KEY} "})
    assert settings.llm_api_key == KEY
    assert KEY not in repr(settings)
    assert Settings.from_environment(environment={}).llm_api_key is None
