"""The quiz of a pack in the Word document: questions for participants, and the answer key on a page of its own."""

from __future__ import annotations

from dataclasses import replace

from training.export.docx_names import STORY
from training.export.docx_parts import Column, Strong, Writer
from training.export.quiz_text import heading, is_lettered, letter, reasons, right_letters, right_text, shown_texts
from training.models import Line, Pack, QuizItem, QuizKind


def write_quiz(writer: Writer, pack: Pack) -> None:
    """The questions, each kept on one page where it fits, with room to answer on paper."""
    if pack.quiz:
        writer.heading("確認クイズ", 1)
    for number, item in enumerate(pack.quiz, start=1):
        _question(writer, number, item)


def _question(writer: Writer, number: int, item: QuizItem) -> None:
    writer.heading(heading(number, item), 3)
    if item.story:
        writer.paragraph(item.story.text, STORY, is_kept=True)
    writer.paragraph(item.stem, is_kept=True)
    for at, pair in enumerate(item.pairs, start=1):
        writer.paragraph(f"{at}．{pair.left}　→（　　）", "List Continue", is_kept=True)
    if not is_lettered(item):
        writer.paragraph("　".join(f"（　　）{option.text}" for option in item.options), "List Continue")
        return
    texts = [f"{letter(at)}．{text}" for at, text in enumerate(shown_texts(item))]
    if item.kind is QuizKind.ORDERING:
        texts.append("順番：" + " → ".join("（　　）" for _ in item.sequence))
    last = len(texts) - 1
    for at, text in enumerate(texts):
        is_apart = (at == 0 and bool(item.pairs)) or (at == last and item.kind is QuizKind.ORDERING)
        writer.paragraph(text, "List Continue", is_kept=at < last, is_apart=is_apart)


def write_answers(writer: Writer, pack: Pack) -> None:
    """The answers at a glance, then each with its explanation and sources."""
    if not pack.quiz:
        return
    writer.heading("解答と解説（講師用）", 1, on_new_page=True)
    writer.caption("正解の一覧")
    columns = (Column("問", 13, is_centred=True), Column("正解", 56, is_bold=True), Column("内容", 101))
    rows = [(str(at), right_letters(item), _right_lines(item)) for at, item in enumerate(pack.quiz, start=1)]
    writer.table(columns, rows)
    for number, item in enumerate(pack.quiz, start=1):
        writer.heading(f"問{number}　正解：{right_letters(item)}", 3)
        said = [replace(line, text=f"{name}：{line.text}") for name, line in reasons(item)]
        writer.paragraph(item.explanation, is_kept=bool(said))
        writer.bullets(said)


def _right_lines(item: QuizItem) -> list[Line | Strong | str]:
    """The answer in words, a pair or a step on each line, with what shows that it is right."""
    if item.kind is QuizKind.MATCHING:
        return [Line(f"{pair.left} → {pair.right}", pair.markers) for pair in item.pairs]
    if item.kind is QuizKind.ORDERING:
        return [replace(line, text=f"{number}．{line.text}") for number, line in enumerate(item.sequence, start=1)]
    return [right_text(item) if is_lettered(item) else "―"]
