"""The way to a pack in a language model's words, where one is set: what is sent where stands there before the press."""

from __future__ import annotations

import streamlit as st

from pages import training_material
from pages.evaluation_state import notify
from pages.render import literal
from pages.training_state import put
from training.models import Pack

REWORD = "言語モデルで言い換える"
DONE = "言い換えが終わりました。結果は下の注記にあります。クイズの編集の「元に戻す」で、前の文に戻せます。"
_WORKING = "言語モデルが言い換えています。しばらくかかることがあります…"
_HERE = "目標・問い・進行メモを、{model} がこのパソコンの中で言い換えます。確かめられない言い換えは使いません。"
_REMOTE = (
    "押すと、目標・問い・進行メモと、その出典の文を、別のコンピューター {host} の {model} へ送ります。"
    "確かめられない言い換えは使いません。"
)


def show(pack: Pack) -> None:
    """Draw the button; nothing without a model, or where the pack is in a model's words already."""
    writer = training_material.writer()
    if writer is None or pack.model:
        return
    told = (_REMOTE if writer.remote_host else _HERE).format(host=writer.remote_host, model=writer.model)
    st.caption(literal(told))
    if st.button(REWORD, key="mamori_training_reword", icon=":material/auto_fix_high:"):
        with st.spinner(_WORKING):
            put(training_material.reworded(pack), "言い換え")
        notify(DONE)
        st.rerun()
