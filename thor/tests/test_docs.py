"""What the documents point to is there, and every decision stands in the index."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs" / "decisions"
PAGES = sorted([ROOT / "README.md", ROOT / "simulator" / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")


def test_the_index_names_every_decision() -> None:
    named = re.findall(r"^\| \[([^\]]+)\]\(\1\) \|", (DECISIONS / "README.md").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(page.name for page in DECISIONS.glob("*.md") if page.name != "README.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = ["".join(found) for found in LINK.findall(page.read_text())]
    here = [target.partition("#")[0] for target in targets if "://" not in target and target[0] != "#"]
    assert [target for target in here if not (page.parent / target).exists()] == []
