"""The training page alone, for Streamlit's AppTest, which cannot go to a page that is no file."""

from __future__ import annotations

from pages import training

training.show()
