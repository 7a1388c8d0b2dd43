"""Where commands write to, and what several of them ask for."""

import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from autograder.course import Course, CourseError, changed_limits
from autograder.engine.limits import Limits

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


AssignmentArgument = Annotated[
    str | None,
    typer.Argument(metavar="ASSIGNMENT", show_default=False, help="Its folder's name in solutions/."),
]
AssignmentsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="ASSIGNMENT", show_default=False, help="Folders' names in solutions/; all if none."),
]


def these_or_all(course: Course, names: list[str] | None) -> list[str]:
    """Return the assignments that were named, or all; each of them exists.

    Raises:
        CourseError: if one does not, or there are none.
    """
    chosen = list(names or course.assignments() or [""])  # "" is no assignment: says what is missing
    for name in chosen:
        course.notebooks(name)
    return chosen


LimitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=VALUE",
        show_default=False,
        help="What a submission may use, memory_megabytes=1024 for example; may be repeated. "
        "[dim]default: what nbgrader_config.py says[/]",
    ),
]
SandboxOption = Annotated[
    str,
    typer.Option(
        "--sandbox", metavar="full|none", help="none runs submissions as you, with all that you may read and write."
    ),
]


def parse_limits(options: list[str] | None) -> dict[str, str]:
    """Read --limit NAME=VALUE.

    Raises:
        CourseError: if one is written otherwise.
    """
    changes = {}
    for option in options or ():
        name, equals, value = option.partition("=")
        if not equals:
            raise CourseError(f"--limit {option}: write NAME=VALUE, cell_seconds=60 for example.")
        changes[name.strip().replace("-", "_")] = value.strip()
    return changes


def limits_of(course: Course, options: list[str] | None, timeout: float | None = None) -> Limits:
    """Return the limits of a course as --limit and --timeout change them."""
    changes: dict[str, Any] = dict(parse_limits(options))
    if timeout is not None:
        changes["cell_seconds"] = timeout
    return changed_limits(course.limits, changes)


def check_sandbox(sandbox: str) -> None:
    """Refuse what --sandbox does not know."""
    if sandbox not in ("full", "none"):
        raise CourseError(f"--sandbox is full or none, not {sandbox!r}.")
