"""The whole app over the stand-in assistant, for a browser: `streamlit run tests/pages/fake_app.py`."""

from __future__ import annotations

import app
from pages import service
from tests.pages.fakes import FakeAssistant

service.load_service = lambda: service.Service(FakeAssistant())
app.main()
