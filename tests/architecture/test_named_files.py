"""What the pages for people name is really there: tests behind promises, files behind the brief, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    gone = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert gone == []


def test_each_promise_is_shown_by_tests_that_exist() -> None:
    page = (ROOT / "docs/promises.md").read_text()
    rows = re.findall(r"^\| (P\d+) \|[^|]*\|([^|]*)\|$", page, re.MULTILINE)
    assert [name for name, _ in rows] == [f"P{number}" for number in range(1, 40)]
    for name, shown in rows:
        named = re.findall(r"`([^`]+)`", shown)
        assert named, name
        assert [one for one in named if not (ROOT / "tests" / one).exists()] == [], name


def test_each_element_of_the_brief_stands_where_the_readme_says() -> None:
    page = (ROOT / "README.md").read_text()
    table = page.partition("## From the brief to the code")[2].partition("\n## ")[0]
    rooms = {entry.name for entry in ROOT.iterdir() if entry.is_dir()}
    named = [one for one in re.findall(r"`([^` ]+)`", table) if one.partition("/")[0] in rooms]
    assert len(named) > 20
    assert [one for one in named if not (ROOT / one).exists()] == []
