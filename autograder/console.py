"""Where commands write to, and what several of them ask for."""

import os
from collections.abc import Sequence

from rich.console import Console

from autograder.course import Course, CourseError

MOST_LISTED = 20
WIDTH = 120  # of tables where there is no terminal


def _width() -> int | None:
    """The width of tables: the terminal's, what COLUMNS says, or one at which nothing has to be cut."""
    return None if Console().is_terminal or os.environ.get("COLUMNS") else WIDTH


out = Console(highlight=False, soft_wrap=False, width=_width())
err = Console(stderr=True, highlight=False, soft_wrap=True)


def one_assignment(course: Course, name: str | None) -> str:
    """Return the assignment that was named, or the only one there is.

    Raises:
        CourseError: if there is no such assignment, or there are several.
    """
    known = course.assignments()
    if name is None and len(known) > 1:
        raise CourseError(f"Say which assignment: {', '.join(known)}.")
    name = name if name is not None else (known or [""])[0]
    course.notebooks(name)
    return name


def some_of(names: Sequence[str]) -> str:
    """List names, the first of them if they are many."""
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
