"""The app as it is, started from a folder without a `pages` folder beside it.

Streamlit's AppTest takes such a folder for its own kind of pages before every run, and then finds none of them.
"""

from __future__ import annotations

import app

app.main()
