"""Whether the language model that is set can be asked: one tiny question through the real client, one line about it."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.doctor import Check
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.generate import GenerateOptions, ModelFault

_NAME = "言語モデル"
_QUESTION = "1から20までの数を、読点で区切って1行で書いてください。"
# A reply longer than this that comes in one piece was not streamed.
_ONE_PIECE = 12
_ENOUGH_CHARACTERS = 400
# What is slower than this takes minutes for an answer of a few hundred characters.
_LEAST_CHARACTERS_A_SECOND = 2.0


@dataclass(frozen=True, slots=True)
class _Reply:
    """What came: how many pieces and characters, seconds to the first and between the first and the last."""

    pieces: int
    characters: int
    first: float
    rest: float


def check_model(settings: Settings) -> Check:
    """Ask the model that the settings name, and say in one line what is wrong; AssistantError where it cannot be had.

    A fault of the server, of the network or of the key is a Check too.
    """
    if settings.llm is None:
        return Check(_NAME, True, "使っていません（MAMORI_LLM）。資料からの抜き書きで答えます。")
    from assistant.chat_model import remote_host
    from assistant.generate import ModelFault
    from assistant.wiring import build_chat_model, build_options

    model = build_chat_model(settings)
    host = remote_host(settings.llm, settings.llm_base_url, model)
    who = f"{settings.llm}（{f'別のコンピューター {host}' if host else 'このパソコン'}）"
    options = replace(build_options(settings), attempts=1, answer_characters=_ENOUGH_CHARACTERS)
    try:
        reply = _asked(model, options)
    except ModelFault as fault:
        return Check(_NAME, False, f"{who}：{_told(fault)}")
    if problem := _problem(reply):
        return Check(_NAME, False, f"{who}：{problem}")
    return Check(_NAME, True, f"{who}：返事の始まりまで {reply.first:.1f} 秒")


def _asked(model: BaseChatModel, options: GenerateOptions) -> _Reply:
    """Ask; ModelFault for what is wrong, but not for a reply that does not end, which answers never do here."""
    from langchain_core.messages import HumanMessage

    from assistant.generate.stream import stream_text

    start = time.monotonic()
    pieces, characters, first = 0, 0, 0.0
    with closing(stream_text(model, [HumanMessage(_QUESTION)], options)) as arriving:
        for piece in arriving:
            first = first or time.monotonic() - start
            pieces += bool(piece)
            characters += len(piece)
            if characters >= _ENOUGH_CHARACTERS:
                break
    return _Reply(pieces, characters, first, time.monotonic() - start - first)


def _problem(reply: _Reply) -> str:
    if not reply.characters:
        return "返事が空です。モデル名（MAMORI_LLM）とサーバーの種類を確かめてください。"
    if reply.pieces == 1 and reply.characters > _ONE_PIECE:
        return (
            "返事が少しずつではなく、まとめて届きます。答えは出ますが、書き終わるまで表示されません。"
            "サーバーのストリーミングを有効にしてください。"
        )
    if reply.pieces > 1 and reply.characters < _LEAST_CHARACTERS_A_SECOND * reply.rest:
        return (
            f"返事が遅すぎます（{reply.rest:.0f} 秒で {reply.characters} 文字）。"
            "小さいモデルか速いコンピューターを使ってください。"
        )
    return ""


def _told(fault: ModelFault) -> str:
    """What happened and what to do, with the setting to look at."""
    from assistant.generate import Fault
    from assistant.generate.notes import fault_line
    from assistant.question import Language

    setting = {
        Fault.UNREACHABLE: "MAMORI_LLM_BASE_URL",
        Fault.NOT_PERMITTED: "MAMORI_LLM_API_KEY か MAMORI_LLM_API_KEY_FILE",
        Fault.UNKNOWN_MODEL: "MAMORI_LLM と MAMORI_LLM_BASE_URL",
        Fault.REFUSED: "MAMORI_LLM",
        Fault.MALFORMED: "MAMORI_LLM_BASE_URL",
        Fault.NO_FIRST_TOKEN: "MAMORI_LLM_TIMEOUT_SECONDS",
        Fault.TOO_SLOW: "MAMORI_LLM_TIMEOUT_SECONDS",
    }.get(fault.fault)
    line = fault_line(fault, Language.JAPANESE)
    return f"{line}（設定: {setting}）" if setting else line
