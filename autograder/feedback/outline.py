"""What an exercise says of its questions: their titles, and where in the chapters to reread."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from nbformat import NotebookNode

from autograder.notebook import grade_id, questions

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_POINTS = re.compile(r"\s*\([^()]*\bpoints?\b[^()]*\)$")
_LINK = re.compile(r"\[([^\]\n]+)\]\((?:\.\./)*([^)\s#]+\.ipynb)#([^)\s]+)\)")


@dataclass(frozen=True)
class Passage:
    """A section of a chapter."""

    text: str
    """What to call it, such as "chapter 1, Learn from mistakes"."""
    path: str
    """The chapter's notebook, seen from the course's root."""
    anchor: str
    """The section's heading, as JupyterLab writes it into addresses."""


@dataclass(frozen=True)
class Outline:
    """What an exercise says of itself."""

    title: str
    titles: dict[str, str] = field(default_factory=dict)
    """By question."""
    passages: dict[str, tuple[Passage, ...]] = field(default_factory=dict)
    """By question: the links to sections of chapters in the text that leads to it."""


def outline(source: NotebookNode, otherwise: str) -> Outline:
    """Read titles and links from the text cells of a solution notebook.

    Args:
        source: the solution notebook.
        otherwise: the title of one that has no heading.
    """
    owners = {name: question.name for question in questions(source) for name in (*question.graded, question.name)}
    title, heading, links = "", "", []
    made = Outline(otherwise)
    for cell in source.cells:
        question = owners.get(grade_id(cell) or "")
        if question is None and cell.cell_type == "markdown":
            text = _FENCE.sub("", cell.source)
            if found := _HEADING.findall(text):
                title = title or found[0]
                heading, links = _POINTS.sub("", found[-1]), []
            links += [Passage(name, path, unquote(anchor)) for name, path, anchor in _LINK.findall(text)]
        elif question is not None and question not in made.titles:
            used = heading in made.titles.values()
            made.titles[question] = question if used or not heading else heading
            made.passages[question] = () if used else tuple(links)
    return Outline(title or otherwise, made.titles, made.passages)


def anchors(chapter: NotebookNode) -> list[str]:
    """Return the anchors of a chapter's headings, as JupyterLab makes them."""
    texts = [_FENCE.sub("", cell.source) for cell in chapter.cells if cell.cell_type == "markdown"]
    return [re.sub(r"[*`]", "", found).replace(" ", "-") for text in texts for found in _HEADING.findall(text)]
