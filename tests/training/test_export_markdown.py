"""A pack as Markdown: parsed by an independent parser, so that what is shown is looked at and not what is written."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.training.sample import HOSTILE, LONG, choice, sample_pack
from training.export.markdown import escaped, write_markdown
from training.models import Line, Pack


def tokens_of(text: str) -> list[Token]:
    """The flat tokens of a text in GitHub's dialect, HTML allowed, so that it would show."""
    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [token for block in blocks for token in (block, *(block.children or ()))]


def shown(text: str) -> str:
    """What a reader sees of a piece of Markdown, line breaks as such."""
    parts = [token for token in tokens_of(text) if not token.children]
    words = ["\n" if token.content == "<br>" else token.content for token in parts]
    assert {token.type for token in parts} <= {
        "text",
        "text_special",
        "html_inline",
        "paragraph_open",
        "paragraph_close",
    }
    return "".join(words)


def headings(content: bytes) -> list[str]:
    """The headings of the second level."""
    return re.findall(r"^## (.+)$", content.decode(), flags=re.MULTILINE)


class TestEscaping:
    @pytest.mark.parametrize(
        "text",
        [
            HOSTILE,
            "- 箇条書き",
            "+ 1",
            "1. 番号",
            "12) 番号",
            "# 見出し",
            "> 引用",
            "=== 下線",
            "```code```",
            "![絵](https://example.com/a.png)",
            "[リンク](javascript:alert(1))",
            "<https://example.com>",
            "&lt;b&gt; &copy; &#x41;",
            "__強__ ~~消~~ $x$ :smile: ^1^",
            "行末の\\",
            "a | b",
            "[^1] [1]: x",
            "* * *",
            "--- ",
        ],
    )
    def test_a_text_is_shown_as_it_stands(self, text: str) -> None:
        """This test ensures that no text of a document acts as markup: what is shown is the text."""
        assert shown(escaped(text)) == text.strip()

    def test_an_address_is_no_link(self) -> None:
        """This test ensures that what GitHub would make a link of by itself is broken up, yet shown as it stands."""
        for text in ("https://example.com/a", "www.example.com", "carts@example.com"):
            assert not re.search(r"https?://|\bwww\.[a-z]|\w@\w", escaped(text))
            assert shown(escaped(text)) == text

    def test_lines_and_controls(self) -> None:
        """This test ensures that line ends become breaks, so that no line of a text begins a block, and controls go."""
        assert shown(escaped("一行目\r\n# 二行目\u2028三行目\x00\u202e")) == "一行目\n# 二行目\n三行目"


class TestPack:
    def test_the_parts_stand_in_order(self) -> None:
        """This test ensures that every part has its heading and that the answers come last."""
        assert headings(write_markdown(sample_pack())) == [
            *("学習目標", "事例と話し合い", "対策の一覧", "チェックリスト", "確認クイズ"),
            *("相談先", "進行の手引き（講師用）", "出典", "解答と解説（講師用）"),
        ]

    def test_empty_parts_have_no_heading(self) -> None:
        """This test ensures that of a part of which there is nothing nothing is said."""
        empty = replace(sample_pack(), cases=(), quiz=(), contacts=(), checklist=(), agenda=(), countermeasures=())
        assert headings(write_markdown(empty)) == ["学習目標", "出典"]

    def test_tables_keep_their_cells(self) -> None:
        """This test ensures that a hostile cell breaks no table: each row has as many cells as the header."""
        pack = sample_pack()
        rows = (replace(pack.countermeasures[0], title=HOSTILE, what=Line(f"{LONG}\n{HOSTILE}", (1,)), stage="a|b"),)
        content = write_markdown(replace(pack, countermeasures=rows, agenda=())).decode()
        tokens = tokens_of(content)
        cells = sum(token.type in ("th_open", "td_open") for token in tokens)
        assert cells == 5 * 2 + 5 * (1 + len(pack.citations))

    def test_no_markup_of_a_document_acts(self) -> None:
        """This test ensures that the whole file has no link, no picture and no HTML but our own line breaks."""
        pack = sample_pack()
        hostile = replace(pack, title=HOSTILE, contacts=(Line(HOSTILE, (1,)),), notes=(HOSTILE,), model=HOSTILE)
        tokens = tokens_of(write_markdown(hostile).decode())
        assert not [token for token in tokens if token.type in ("link_open", "image", "html_block", "code_inline")]
        assert {token.content for token in tokens if token.type == "html_inline"} == {"<br>"}

    def test_every_marker_has_its_source(self) -> None:
        """This test ensures that each marker of the text is a row of the sources, with its quote."""
        pack = sample_pack()
        content = write_markdown(pack).decode()
        used = {int(number) for number in re.findall(r"(?<!\\)\[(\d+)\]", content)}
        assert used == {1, 2, 3}
        for number, citation in enumerate(pack.citations, start=1):
            assert re.search(rf"^\| \[{number}\] \|.*{re.escape(citation.quote)} \|$", content, flags=re.MULTILINE)

    def test_answers_are_nowhere_before_the_key(self) -> None:
        """This test ensures that the quiz can be handed out without the last part."""
        before, key = write_markdown(sample_pack()).decode().split("## 解答と解説（講師用）")
        assert "正解" not in before
        assert re.findall(r"^\*\*問\d　正解：(.+?)\*\*", key, flags=re.MULTILINE) == [
            *("イ", "誤り", "1＝イ、2＝ウ、3＝ア", "ウ → イ → エ → ア", "イ", "イ")
        ]

    def test_pairs_and_steps_have_their_sources(self) -> None:
        """This test ensures that what belongs together, and each step of an order, is cited in the answers."""
        key = write_markdown(sample_pack()).decode().split("## 解答と解説（講師用）")[1]
        assert "\n1. 朝の点検 → 車輪を確かめる [1]\n2. 夜の点検 → 油をさす [2]\n" in key
        assert "\n3. 実施 [2]\n4. 撤退 [3]\n" in key

    def test_marks_of_edits_and_digests(self) -> None:
        """This test ensures that edited items, reworded lines, digests and newer editions are said to be such."""
        pack: Pack = replace(sample_pack(), quiz=(replace(choice(1), edited=True),))
        content = write_markdown(pack).decode()
        assert "### 問1（選択・ふつう・講師が編集）" in content
        assert "説明できます。（言語モデルによる言い換え） [2][3]" in content
        assert "**猫車の手引き 小さな工房編（要約）**（2026年4月発行）" in content
        assert "後の版があります（2026年版）" in content


def test_a_quiz_alone() -> None:
    """This test ensures that a quiz alone has its questions, sources and answers."""
    content = write_markdown(sample_pack().as_quiz())
    assert headings(content) == ["出典", "解答と解説"]
    assert content.decode().count("\n### 問") == 6


def test_columns_that_would_be_empty_are_left_out() -> None:
    """This test ensures that rows without stage and pages have no column for them."""
    pack = sample_pack()
    rows = tuple(replace(row, stage=None, pages=None) for row in pack.countermeasures)
    text = write_markdown(replace(pack, countermeasures=rows)).decode("utf-8")
    assert "| 対策 | すること | 理由 |\n" in text


def test_the_star_is_explained() -> None:
    """This test ensures that a line above the table says what ★ means, where there is one."""
    pack = sample_pack()
    said = "★の付いた行は、技術者の方の仕事にかかわりの深い対策です。\n\n| 対策 |"
    assert said in write_markdown(pack).decode()
    rows = tuple(replace(row, is_for_audience=False) for row in pack.countermeasures)
    assert "★" not in write_markdown(replace(pack, countermeasures=rows)).decode()
