"""Where the course's package is missing, as on Google Colab, a chapter's first cell says how to get it, and no more."""

import re
import subprocess
import sys

import jupytext
import pytest

from dlcourse.launch import repository
from sources.build import ROOT

CHAPTERS = sorted((ROOT / "sources" / "course").glob("*.md"))
FIRST = {
    path.stem: next(cell.source for cell in jupytext.read(path, fmt="md:myst").cells if cell.cell_type == "code")
    for path in CHAPTERS
}


def test_it_is_the_same_in_every_chapter() -> None:
    assert len({source.split("\n\n")[0] for source in FIRST.values()}) == 1


@pytest.mark.parametrize("chapter", FIRST)
def test_it_says_how_to_get_the_package(chapter: str) -> None:
    # Without site-packages this Python knows no dlcourse.
    result = subprocess.run([sys.executable, "-I", "-S", "-c", FIRST[chapter]], cwd="/", capture_output=True, text=True)
    assert result.returncode == 1 and result.stdout == ""
    (line,) = result.stderr.splitlines()  # no traceback
    address = re.fullmatch(r"Run %pip install --no-deps git\+(\S+) first, then this cell\.", line)[1]
    assert address == repository()
