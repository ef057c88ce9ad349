"""The app with a stand-in assistant, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages import service
from pages.service import Service
from tests.pages.fakes import FakeAssistant

APP = Path(__file__).with_name("whole_app.py")


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    """The stand-in that the page will ask."""
    fake = FakeAssistant()
    monkeypatch.setattr(service, "load_service", lambda: Service(fake))
    return fake


@pytest.fixture
def page() -> AppTest:
    """The app before its first run."""
    st.cache_resource.clear()
    return AppTest.from_file(str(APP), default_timeout=30)
