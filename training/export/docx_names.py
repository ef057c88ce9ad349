"""Names of the Word document's own styles, as Word shows them; here so that they are known without python-docx."""

from __future__ import annotations

from typing import Final

MARK: Final = "出典番号"
SMALL_INDENTED: Final = "補足"
CELL: Final = "表の文"
CELL_HEAD: Final = "表の見出し"
GAP: Final = "表の後"
STORY: Final = "事例の文"
TABLE: Final = "研修の表"
IDS: Final = {
    MARK: "TrainingMark",
    SMALL_INDENTED: "TrainingSmall",
    CELL: "TrainingCell",
    CELL_HEAD: "TrainingCellHead",
    GAP: "TrainingGap",
    STORY: "TrainingStory",
    TABLE: "TrainingTable",
}
"""What the file calls them: Word writes no Japanese there, so neither do we."""
