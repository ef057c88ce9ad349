"""Where things stand on a slide of 13.33 × 7.5 inches: boxes in points, for what fits texts and what draws them."""

from __future__ import annotations

from typing import Final

from training.export.pptx_models import Box

WIDTH: Final = 960
HEIGHT: Final = 540
MARGIN: Final = 48
INNER: Final = WIDTH - 2 * MARGIN

KICKER: Final = Box(MARGIN, 20, INNER, 22)
TITLE: Final = Box(MARGIN, 42, INNER, 62)
RULE: Final = Box(MARGIN, 106, INNER, 2)
BODY: Final = Box(MARGIN, 116, INNER, 350)
FOOTER: Final = Box(MARGIN, 478, INNER - 60, 46)
NUMBER: Final = Box(MARGIN + INNER - 52, 500, 52, 24)

COVER_TITLE: Final = Box(80, 150, 800, 130)
COVER_BAR: Final = Box(80, 292, 120, 4)
COVER_SUBTITLE: Final = Box(80, 308, 800, 36)
COVER_META: Final = Box(80, 360, 800, 132)

TITLE_SIZES: Final = (28, 24, 22, 20)
COVER_SIZES: Final = (40, 36, 32, 28, 24)
"""Font sizes of titles, the first that fits is taken."""
PANEL_INSET: Final = 14
"""Between the edge of a tinted block and its text."""
GAP: Final = 12
"""Between blocks and between columns."""
CELL_SIDE: Final = 7
CELL_TOP: Final = 5
"""Between the edges of a cell and its text."""
HALF: Final = (INNER - 2 * GAP) / 2
