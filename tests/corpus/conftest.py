"""Property tests give the same examples on every machine and leave nothing in the working tree."""

from __future__ import annotations

import tempfile

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(tempfile.mkdtemp(prefix="hypothesis-"))
settings.register_profile("corpus", database=None, derandomize=True, deadline=None)
settings.load_profile("corpus")
