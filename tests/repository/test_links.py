"""The repository's address is one setting, which every file agrees with; links inside the repository lead somewhere."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    # website/index.md is laid out at the site's root; tests/browser/test_site.py follows its links there.
    "path",
    [path for path in TEXTS if path.suffix == ".md" and path != ROOT / "website" / "index.md"],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_links_inside_the_repository_lead_somewhere(path: Path) -> None:
    # A chapter's text becomes a notebook in course/: its links are relative to that folder.
    folder = ROOT / "course" if path.is_relative_to(ROOT / "sources" / "course") else path.parent
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    local = [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]
    assert [target for target in local if not (folder / target).exists()] == []
