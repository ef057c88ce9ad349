"""Tests of what only the digest of the handbook has: page ranges, twelve cases and a check list."""

from __future__ import annotations

import re
from collections import Counter

from tests.corpus.digests import CHECKBOX, HANDBOOK, body, parse, read_digest, read_facts, read_original, squeeze

PAGES = {
    "人を通じた技術流出の事例": "3–4",
    "すり合わせに伴う技術流出の事例": "5–6",
    "生産拠点の海外進出に伴う技術流出の事例": "7",
    "共同研究に伴う技術流出の事例": "8",
    "まず最初にやるべき対策": "9–10",
    "人を通じた技術流出への対策": "11–12",
    "すり合わせに伴う技術流出への対策": "13–14",
    "生産拠点の海外進出に伴う技術流出への対策": "15",
    "共同研究に伴う技術流出への対策": "16",
    "技術流出対策チェックリスト": "17–18",
}
CASES = {
    "人を通じた技術流出の事例": 4,
    "すり合わせに伴う技術流出の事例": 4,
    "生産拠点の海外進出に伴う技術流出の事例": 2,
    "共同研究に伴う技術流出の事例": 2,
}
CHECKLIST_SIZES = [3, 5, 7, 9, 8]
GUIDANCE = re.compile(r"「([^」]+)」の詳しい説明は、技術流出対策ガイダンス第2版の([\d–、]+)ページにあります。")


def checklist(text: str) -> list[tuple[str, str, str]]:
    """Return (group heading, title, pages) of every check-list item, in order."""
    matches = [(line.section[-1], CHECKBOX.fullmatch(line.text)) for line in body(text)]
    return [(group, match["title"], match["pages"]) for group, match in matches if match]


def test_chapters_carry_the_page_ranges_of_the_table_of_contents() -> None:
    """This test ensures that a chapter has the original's page range, and no other heading claims a page."""
    with_pages = {}
    for line, is_heading in parse(read_digest(HANDBOOK)):
        if is_heading and (match := re.fullmatch(r"(.+)（([\d–]+)ページ）", line.text)):
            with_pages[match[1]] = match[2]
            assert len(line.section) == 2
    assert with_pages == PAGES


def test_there_are_twelve_cases() -> None:
    """This test ensures that the cases are 4 + 4 + 2 + 2, numbered from 1 in each chapter, each with its story."""
    cases: dict[str, list[str]] = {}
    for line, is_heading in parse(read_digest(HANDBOOK)):
        if is_heading and line.text.startswith("Case "):
            cases.setdefault(line.section[1].split("（")[0], []).append(line.text)
    assert {chapter: len(titles) for chapter, titles in cases.items()} == CASES
    for titles in cases.values():
        assert [title.split()[1] for title in titles] == [str(n) for n in range(1, len(titles) + 1)]
    told = {line.section[-1] for line in body(read_digest(HANDBOOK))}
    assert {title for titles in cases.values() for title in titles} <= told


def test_the_checklist_is_whole() -> None:
    """This test ensures that the 32 items stand in groups of 3, 5, 7, 9 and 8 with exactly their guidance pages."""
    items = checklist(read_digest(HANDBOOK))
    expected = [(fact.section[-1], fact.wordings[0]) for fact in read_facts(HANDBOOK) if fact.kind == "checklist"]
    assert [(group, f"{title} ({pages})") for group, title, pages in items] == expected
    sizes = Counter(group for group, _, _ in items)
    assert list(sizes.values()) == CHECKLIST_SIZES
    assert all(group.endswith(f"（{size}項目）") for group, size in sizes.items())


def test_guidance_pages_agree_with_the_checklist() -> None:
    """This test ensures that each countermeasure names the same guidance pages as its check-list item."""
    digest = read_digest(HANDBOOK)
    stated = {title: "P" + pages.replace("、", ",").replace("–", "-") for title, pages in GUIDANCE.findall(digest)}
    assert stated == {title: pages for _, title, pages in checklist(digest)}


def test_titles_are_those_of_the_original() -> None:
    """This test ensures that titles of cases, countermeasures and check-list items are exactly the original's."""
    original = squeeze(read_original(HANDBOOK))
    kinds = {"title", "checklist", "url"}
    titles = [fact.wordings[0] for fact in read_facts(HANDBOOK) if fact.kind in kinds]
    assert [title for title in titles if squeeze(title.removeprefix("コラム ")) not in original] == []
