"""Chat models by name, through LangChain: on this machine, unless it was allowed to send texts to another one.

Nothing calls this where no model is named; the packages behind it are the extra `llm`. Provider packages take
addresses, proxies and tracing from the environment, which would let texts out unasked: here the address is what was
said or the provider's own, a model on this machine is reached without proxies and redirects, and nothing is traced.
"""

from __future__ import annotations

import ipaddress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import ModelUnavailable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_PACKAGES = {
    "ollama": "langchain_ollama",
    "openai": "langchain_openai",
    "azure_openai": "langchain_openai",
    "anthropic": "langchain_anthropic",
}
_ADDRESSES = {
    "ollama": "http://127.0.0.1:11434",
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
}
# The other two packages cannot be kept from using the environment's proxies.
_LOCAL_PROVIDERS = ("ollama", "openai")
# Ollama hands these on to its maker's machines.
_HANDED_ON = ("-cloud", ":cloud")
_OLLAMA_HOST = "ollama.com"
_NO_KEY = "no-key"
_CONTEXT = 16384
"""Tokens that Ollama is to read: by default it may cut off the beginning of the instructions without a word."""
_INSTALL = "pip install 'mamori[llm]'"


def load_chat_model(
    name: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    allow_remote: bool = False,
    timeout_seconds: float = 120,
    max_retries: int = 2,
) -> BaseChatModel:
    """Return the chat model called "provider:model", at temperature 0; nothing is sent yet.

    Without `base_url` the provider's own address is used, Ollama's being on this machine. Without `api_key` the
    provider's package looks for one, except for a model on this machine, which is never shown a provider's key.
    `max_retries` counts for the providers whose packages try again by themselves: all but Ollama.

    Raises ModelUnavailable where the name or address means nothing, the model is on another machine and `allow_remote`
    is not set, a package is missing, or the provider's package refuses the settings.
    """
    provider, model = _parsed(name)
    address = base_url or _ADDRESSES.get(provider)
    local = _is_local(provider, model, address)
    if not local and not allow_remote:
        raise ModelUnavailable(_not_allowed(name))
    for package in ("langchain", _PACKAGES[provider]):
        if find_spec(package) is None:
            raise ModelUnavailable(f"「{name}」に要るパッケージがありません。{_INSTALL} で入れてください。")
    settings = {"timeout": timeout_seconds, "max_retries": max_retries, "base_url": address}
    return _created(name, provider, model, _ARGUMENTS[provider](settings, model, api_key, local))


def remote_host(name: str, base_url: str | None = None, model: BaseChatModel | None = None) -> str | None:
    """Return the host that questions to a model called "provider:model" go to, None where that is this machine.

    `model`, the one that was loaded, knows an address that its package took from a variable of its own (Azure's).
    Raises ModelUnavailable as `load_chat_model` does.
    """
    provider, bare = _parsed(name)
    address = base_url or _ADDRESSES.get(provider)
    if _is_local(provider, bare, address):
        return None
    if provider == "ollama" and address and _is_loopback(address):
        return _OLLAMA_HOST
    address = address or getattr(model, "azure_endpoint", None)
    return (urlsplit(address).hostname if address else None) or provider


def _is_local(provider: str, model: str, address: str | None) -> bool:
    """Whether a question stays on this machine."""
    loopback = address is not None and _is_loopback(address)
    return loopback and provider in _LOCAL_PROVIDERS and not model.endswith(_HANDED_ON)


def _parsed(name: str) -> tuple[str, str]:
    provider, _, model = name.strip().partition(":")
    if provider not in _PACKAGES or not model:
        known = "、".join(f"{known}:モデル名" for known in _PACKAGES)
        raise ModelUnavailable(f"モデル「{name}」の書き方が違います。{known} のどれかの形で書いてください。")
    return provider, model


def _is_loopback(address: str) -> bool:
    """Whether an address is on this machine; ModelUnavailable where it is none, or carries a password."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise ModelUnavailable(
            f"アドレス「{_without_user(address)}」は使えません。"
            "http://127.0.0.1:8080/v1 のように、ユーザー名とパスワードを入れずに書いてください。"
        )
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _without_user(address: str) -> str:
    """An address as it may be shown: without what stands before an @ and behind a ?, which may be secret."""
    return address.partition("?")[0].rpartition("@")[2]


def _not_allowed(name: str) -> str:
    return (
        f"「{name}」は別のコンピューターで動くモデルで、質問と答えがそこへ送られます。送ってよければ "
        "MAMORI_ALLOW_REMOTE=1 を設定してください。このパソコンのモデルなら、ollama:モデル名 か、"
        "openai:モデル名 とアドレス（MAMORI_LLM_BASE_URL か --base-url）http://127.0.0.1:8080/v1 の"
        "ように指定してください。"
    )


def _ollama(settings: dict[str, Any], model: str, api_key: str | None, local: bool) -> dict[str, Any]:
    client = {"timeout": settings["timeout"], "trust_env": not local, "follow_redirects": not local}
    if api_key or local:
        client["headers"] = {"authorization": f"Bearer {api_key or _NO_KEY}"}
    return {"base_url": settings["base_url"], "num_ctx": _CONTEXT, "client_kwargs": client}


def _openai(settings: dict[str, Any], model: str, api_key: str | None, local: bool) -> dict[str, Any]:
    # The package's own transport would pass by the environment's proxies, and say so in a log line.
    settings["http_socket_options"] = ()
    if not local:
        return settings | ({"api_key": api_key} if api_key else {})
    from openai import DefaultHttpxClient

    return settings | {
        "api_key": api_key or _NO_KEY,
        "http_client": DefaultHttpxClient(trust_env=False, follow_redirects=False),
        "openai_proxy": None,
        # Servers of one's own speak the older of the two protocols.
        "use_responses_api": False,
    }


def _azure(settings: dict[str, Any], model: str, api_key: str | None, local: bool) -> dict[str, Any]:
    endpoint = settings.pop("base_url")
    given = {"azure_endpoint": endpoint, "api_key": api_key}
    return settings | {"azure_deployment": model} | {key: value for key, value in given.items() if value}


def _anthropic(settings: dict[str, Any], model: str, api_key: str | None, local: bool) -> dict[str, Any]:
    return settings | ({"api_key": api_key} if api_key else {})


_ARGUMENTS = {"ollama": _ollama, "openai": _openai, "azure_openai": _azure, "anthropic": _anthropic}


def _created(name: str, provider: str, model: str, arguments: dict[str, Any]) -> BaseChatModel:
    """Create the model; what its package says against it may hold the key, so only its kind is told."""
    import langsmith
    from langchain.chat_models import init_chat_model

    langsmith.configure(enabled=False)
    try:
        created: BaseChatModel = init_chat_model(model, model_provider=provider, temperature=0, **arguments)
    except Exception as error:
        raise ModelUnavailable(_refused(name, type(error).__name__)) from None
    if provider == "openai" and getattr(created, "openai_api_key", None) is None:
        raise ModelUnavailable(_refused(name, "APIキーなし"))
    return created


def _refused(name: str, what: str) -> str:
    return (
        f"「{name}」を使う準備ができません（{what}）。APIキー（MAMORI_LLM_API_KEY）と、"
        "Azureではアドレス（MAMORI_LLM_BASE_URL か --base-url）と版（OPENAI_API_VERSION）を確かめてください。"
    )
