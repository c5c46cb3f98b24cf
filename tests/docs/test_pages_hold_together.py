"""Links lead somewhere, decisions are sentences, fragments are written to the user."""

from __future__ import annotations

import re
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def pages() -> list[str]:
    """Return every page of the repository, those not yet committed too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    found = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return sorted(name for name in found.stdout.split("\n") if (REPOSITORY / name).is_file())


PAGES = [name for name in pages() if name]


@lru_cache
def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, made as code forges make them."""
    headings = _HEADING.findall(page.read_text())
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere in this repository."""
    text = _CODE.sub("", page.read_text())
    wrong = []
    for link in _LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    return wrong


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    assert broken(REPOSITORY / name) == []


def test_a_link_that_leads_nowhere_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A page\n[good](#a-page) [bad](#another) [gone](gone.md) [web](https://a)\n")

    assert broken(page) == ["#another", "gone.md"]


def in_the_index(name: str) -> bool:
    """Say whether the index names this page; of decisions it names the folder."""
    return name.startswith("docs/") and not name.startswith(("docs/README", "docs/decisions/"))


@pytest.mark.parametrize("name", [name for name in PAGES if in_the_index(name)])
def test_every_page_is_in_the_index(name: str) -> None:
    index = (REPOSITORY / "docs" / "README.md").read_text()

    assert f"]({name.removeprefix('docs/')})" in index


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("docs/decisions/")])
def test_a_decision_is_titled_as_a_sentence(name: str) -> None:
    title = (REPOSITORY / name).read_text().splitlines()[0].removeprefix("# ")

    assert len(title.split()) >= 4, f"{title!r} is a heading, not what was decided"
    assert title[0].isupper()
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", Path(name).stem)


def test_no_two_decisions_have_one_number() -> None:
    numbers = [Path(name).name[:4] for name in PAGES if name.startswith("docs/decisions/")]

    assert sorted(numbers) == sorted(set(numbers))


FRAGMENTS = [path for path in (REPOSITORY / "changelog.d").iterdir() if path.name[0] != "."]


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.name)
def test_a_fragment_is_one_or_two_sentences_to_the_user(path: Path) -> None:
    assert re.fullmatch(r"\+[a-z0-9-]+\.(added|changed|fixed)\.md", path.name)
    text = path.read_text().strip()

    assert "\n" not in text
    assert text.endswith(".")
    assert 1 <= len(re.findall(r"[.?!](?= [A-Z]|$)", text)) <= 2
