"""The one line for a fault, in the language of the question: what happened and what to do. Texts only."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.generate.faults import Fault, ModelFault
from assistant.question import Language


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of one language: what is shown instead or kept, and what happened and what to do by kind."""

    instead: str
    kept: str
    stopped_before: str
    happened: dict[Fault, str]


_JAPANESE = _Lines(
    instead="{happened}資料からの抜き書きでお答えします。",
    kept="{happened}届いたところまでを確かめて表示しています。",
    stopped_before="停止しました。資料からの抜き書きでお答えします。",
    happened={
        Fault.UNREACHABLE: (
            "言語モデルのサーバーにつながりません（{detail}）。サーバーが動いているかと、アドレスを確かめてください。"
        ),
        Fault.NOT_PERMITTED: "言語モデルに断られました（{detail}）。APIキーを確かめてください。",
        Fault.UNKNOWN_MODEL: "言語モデルが見つかりません（{detail}）。モデル名とアドレスを確かめてください。",
        Fault.BUSY: "言語モデルが混み合っています（{detail}）。しばらくしてからもう一度お試しください。",
        Fault.SERVER_ERROR: (
            "言語モデルのサーバーでエラーが起きました（{detail}）。続くようなら、サーバーの記録を確かめてください。"
        ),
        Fault.NO_FIRST_TOKEN: (
            "言語モデルから返事が来ません。続くようなら、小さいモデルにするか、待つ時間を延ばしてください。"
        ),
        Fault.TOO_SLOW: (
            "言語モデルの返事が時間内に終わりません。続くようなら、速いモデルにするか、待つ時間を延ばしてください。"
        ),
        Fault.TOO_LONG: (
            "質問と資料が、言語モデルの読める長さを超えています。長く読めるモデルにするか、渡す文字数を減らしてください。"
        ),
        Fault.REFUSED: "言語モデルが質問を受け付けません（{detail}）。モデルの種類とアドレスを確かめてください。",
        Fault.MALFORMED: "言語モデルの返事を読めません（{detail}）。アドレスと、サーバーの種類を確かめてください。",
        Fault.EMPTY: "言語モデルの返事が空でした。続くようなら、別のモデルをお試しください。",
        Fault.WRONG_LANGUAGE: (
            "言語モデルの返事が質問と違う言語でした。続くようなら、日本語に強いモデルをお試しください。"
        ),
        Fault.UNSUPPORTED: (
            "言語モデルの答えには、資料で確かめられない文が多くありました（{detail}）。言い方を変えてお尋ねください。"
        ),
        Fault.CUT_OFF: "言語モデルの返事が途中で切れました。続きが要るときは、もう一度お尋ねください。",
        Fault.REPEATED: (
            "言語モデルが同じ文を繰り返したので、そこで止めました。続くようなら、別のモデルをお試しください。"
        ),
        Fault.STOPPED: "停止しました。",
    },
)
_ENGLISH = _Lines(
    instead="{happened} The answer below is taken from the documents as they stand.",
    kept="{happened} What had come was checked and is shown.",
    stopped_before="Stopped. The answer below is taken from the documents as they stand.",
    happened={
        Fault.UNREACHABLE: (
            "The language model's server cannot be reached ({detail}). Check that it is running, and its address."
        ),
        Fault.NOT_PERMITTED: "The language model refused us ({detail}). Check the API key.",
        Fault.UNKNOWN_MODEL: "The language model was not found ({detail}). Check the model's name and the address.",
        Fault.BUSY: "The language model is busy ({detail}). Please try again in a while.",
        Fault.SERVER_ERROR: (
            "The language model's server failed ({detail}). If it goes on, look into the server's log."
        ),
        Fault.NO_FIRST_TOKEN: (
            "The language model does not reply. If it goes on, use a smaller model or allow more time."
        ),
        Fault.TOO_SLOW: (
            "The language model did not finish in time. If it goes on, use a faster model or allow more time."
        ),
        Fault.TOO_LONG: (
            "Question and passages are longer than the language model can read. "
            "Use one that reads more, or send fewer characters."
        ),
        Fault.REFUSED: (
            "The language model did not take the question ({detail}). Check the kind of model and the address."
        ),
        Fault.MALFORMED: (
            "The language model's reply cannot be read ({detail}). Check the address and the kind of server."
        ),
        Fault.EMPTY: "The language model's reply was empty. If it goes on, try another model.",
        Fault.WRONG_LANGUAGE: (
            "The language model replied in another language than the question's. If it goes on, try another model."
        ),
        Fault.UNSUPPORTED: (
            "Many sentences of the language model's answer could not be found in the documents ({detail}). "
            "Try asking in other words."
        ),
        Fault.CUT_OFF: "The language model's reply broke off. Ask again if you need the rest.",
        Fault.REPEATED: ("The language model repeated itself and was stopped there. If it goes on, try another model."),
        Fault.STOPPED: "Stopped.",
    },
)


def fault_line(fault: ModelFault, language: Language) -> str:
    """Return what happened and what to do about it, without what is shown now."""
    lines = _ENGLISH if language is Language.ENGLISH else _JAPANESE
    return lines.happened[fault.fault].format(detail=fault.detail or fault.fault.value)


def fault_note(fault: ModelFault, language: Language, *, kept: bool) -> str:
    """Return the line for a fault; `kept` where a part of the model's answer is shown, not the extractive one."""
    lines = _ENGLISH if language is Language.ENGLISH else _JAPANESE
    if fault.fault is Fault.STOPPED and not kept:
        return lines.stopped_before
    return (lines.kept if kept else lines.instead).format(happened=fault_line(fault, language))
