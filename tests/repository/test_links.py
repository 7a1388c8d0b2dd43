"""The repository's address is one setting, which every file agrees with; links inside the repository lead somewhere."""

import re
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from autograder.feedback.outline import anchors
from autograder.notebook import read_notebook

ROOT = Path(__file__).resolve().parents[2]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    if name
]
SUFFIXES = {".md", ".cff", ".toml", ".yml", ".py", ".ipynb", ".json"}
TEXTS = [path for path in TRACKED if path.suffix in SUFFIXES and path.exists()]
ADDRESS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"]
SLUG = ADDRESS.removeprefix("https://github.com/")  # owner/name

# Ways to name a place in this repository: its page, a Binder launch, an nbgitpuller link, Colab.
OURS = re.compile(
    r"(?:mybinder\.org/v2/gh|colab\.research\.google\.com/github|github\.com)/([\w.-]+/deep-learning[\w-]*)"
)


def test_address_is_a_github_repository() -> None:
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", SLUG)


def test_every_file_names_the_same_repository() -> None:
    named = {(path.relative_to(ROOT).as_posix(), slug) for path in TEXTS for slug in OURS.findall(path.read_text())}
    assert {name for name, _ in named} >= {"README.md", "CITATION.cff", "pyproject.toml"}
    assert {pair for pair in named if pair[1] != SLUG} == set()


# website/index.md is laid out at the site's root; tests/browser/test_site.py follows its links there.
MARKDOWN = [path for path in TEXTS if path.suffix == ".md" and path != ROOT / "website" / "index.md"]


def links(path: Path) -> list[tuple[Path, str]]:
    """Where the links of a text that stay in the repository lead: a file, and a place in it or nothing."""
    # A chapter's text becomes a notebook in course/: its links are relative to that folder.
    folder = ROOT / "course" if path.is_relative_to(ROOT / "sources" / "course") else path.parent
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    parts = [target.partition("#") for target in targets if not re.match(r"[a-z]+:", target)]
    return [(folder / name if name else path, unquote(place)) for name, _, place in parts]


def places(path: Path) -> list[str]:
    """The anchors of a file's headings: those of JupyterLab for a notebook, those of GitHub for Markdown."""
    if path.suffix == ".ipynb":
        return anchors(read_notebook(path))
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    headings = re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading).replace(" ", "-").lower() for heading in headings]


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_inside_the_repository_lead_somewhere(path: Path) -> None:
    assert [target for target, _ in links(path) if not target.exists()] == []


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_to_a_place_in_a_file_find_it(path: Path) -> None:
    aimed = [(target, place) for target, place in links(path) if place and target.suffix in (".ipynb", ".md")]
    known = {target: places(target) for target, _ in aimed}
    assert [(target.name, place) for target, place in aimed if place not in known[target]] == []
