"""A chapter's code can be read without scrolling sideways.

JupyterLab does not wrap code, and at 1280 pixels with the file browser open it shows some 95 characters of a line.
"""

from pathlib import Path

import jupytext
import pytest

from sources.build import ROOT

WIDEST = 95  # characters
CHAPTERS = sorted((ROOT / "sources" / "course").glob("*.md"))


def too_wide(text: str) -> list[str]:
    """The code lines of a MyST notebook that are wider than a window shows."""
    cells = jupytext.reads(text, fmt="md:myst").cells
    lines = [line for cell in cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    return [line for line in lines if len(line) > WIDEST]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_code_fits_into_the_window(chapter: Path) -> None:
    assert too_wide(chapter.read_text()) == [], f"code lines of more than {WIDEST} characters: shorten or split them"


def test_there_are_chapters() -> None:
    assert CHAPTERS


@pytest.mark.parametrize(("width", "found"), [(WIDEST, 0), (WIDEST + 1, 1)])
def test_counts_code_and_not_prose(width: int, found: int) -> None:
    text = f"{'prose ' * 30}\n\n```{{code-cell}}\n{'x' * width}\n```\n"
    assert len(too_wide(text)) == found
