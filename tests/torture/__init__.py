"""Harnesses that try to lose an index; `python -m tests.torture` runs them in full."""
