"""The warning that a pack cites what the index in use no longer holds, the same above every view of the pack."""

from __future__ import annotations

import streamlit as st

from pages import training_material
from training.models import Pack

_LOST = (
    "出典のうち{count}か所は、いまの索引にありません。資料が入れ替わったか、別の索引で作った資料です。"
    "引用は作ったときのままです。新しい内容にするには、「作る」で作り直してください。"
)


def warn_of_lost(pack: Pack) -> None:
    """Draw the warning, where there is anything to warn of."""
    if count := training_material.lost(pack.citations):
        st.warning(_LOST.format(count=count))
