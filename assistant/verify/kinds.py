"""What a sentence of a model does: states something, or only labels, leads in or says that nothing is there.

Recognised by narrow patterns: a statement that passes for a label would go unchecked.
"""

from __future__ import annotations

import re

from assistant.verify.figures import figures
from assistant.verify.models import Kind

_LABEL = re.compile(r"\*\*[^*]{1,40}\*\*[:：]?")
_STATES = re.compile(
    r"(?:です|ます|ません|でした|ました|する|した|ない|ある|いる|れる|である|だ)[。.！!]?(?:\*\*)?[:：]?$|[。！]"
)
_LEAD_IN = re.compile(
    r"(?:[^。、]{0,30}(?:について|に関して|として|ため|際|対策|取組|方法|ポイント|点)[はにも]*、?)?(?:主に|具体的に)?は?、?(?:以下|次)の"
    r"(?:とおり|通り|(?:よう|[一-龥ァ-ヺー]{1,8})(?:が|な[一-龥ァ-ヺー]{1,6}が)(?:あります|挙げられ(?:てい)?ます|示されています))"
    r"(?:です|になります|まとめます)?[。：:]?"
    r"|ご質問(?:を)?(?:いただき)?ありがとうございます。?|(?:以下|次)に(?:まとめ|お答えし|説明し)ます[。：:]?"
    r"|(?:here (?:is|are)|the following|as follows|in summary)[a-z ]{0,30}[:.]?",
    re.IGNORECASE,
)
_SOURCE_WORD = re.compile(
    r"資料|文書|抜粋|ガイダンス|ハンドブック|passages?|documents?|sources?|excerpts?", re.IGNORECASE
)
_NOT_THERE = re.compile(
    r"(?:記載|記述|情報|説明|言及|答え)(?:され|して)?(?:が|は|も)?(?:い|あり|見当たり|見つかり|含まれてい)?(?:ません|ない)"
    r"|(?:書かれて(?:は)?い|載って(?:は)?い|触れ(?:られ)?て(?:は)?い|述べ(?:られ)?て(?:は)?い|含まれて(?:は)?い)(?:ません|ない)"
    r"|(?:見つかり|確認でき)(?:ません|ない)"
    r"|(?:do(?:es)?|did) not (?:say|mention|state|cover|contain|answer|describe|specify)"
    r"|no (?:information|mention|answer)"
    r"|not (?:mentioned|stated|covered|described|found)",
    re.IGNORECASE,
)
_LONGEST_LEAD_IN, _LONGEST_NOT_THERE = 60, 60


def kind_of(text: str, *, whole_line: bool) -> Kind:
    """The kind of a sentence without markers; `whole_line` says that it stands alone in its line."""
    stripped = text.strip()
    if whole_line and _LABEL.fullmatch(stripped) and not _STATES.search(stripped) and not figures(stripped):
        return Kind.LABEL
    if figures(stripped):
        return Kind.CLAIM
    if len(stripped) <= _LONGEST_LEAD_IN and _LEAD_IN.fullmatch(stripped):
        return Kind.LEAD_IN
    if len(stripped) <= _LONGEST_NOT_THERE and _SOURCE_WORD.search(stripped) and _NOT_THERE.search(stripped):
        return Kind.NOT_IN_DOCUMENTS
    return Kind.CLAIM
