"""Arguments and options that several commands take."""

from typing import Annotated, Any

import typer

from autograder.course import Course, CourseError, changed_limits

AssignmentArgument = Annotated[
    str | None,
    typer.Argument(metavar="ASSIGNMENT", show_default=False, help="Its folder's name in solutions/."),
]
AssignmentsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="ASSIGNMENT", show_default=False, help="Folders' names in solutions/; all if none."),
]
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
    """Read the limits that were given as NAME=VALUE.

    Raises:
        CourseError: if one is not.
    """
    changes = {}
    for option in options or ():
        name, equals, value = option.partition("=")
        if not equals:
            raise CourseError(f"--limit {option}: write NAME=VALUE, cell_seconds=60 for example.")
        changes[name.strip().replace("-", "_")] = value.strip()
    return changes


def limits_for(course: Course, options: list[str] | None, timeout: float | None = None) -> Any:
    """Return the course's limits with those that were given.

    Raises:
        CourseError: if one is unknown or no number.
    """
    changes: dict[str, Any] = dict(parse_limits(options))
    if timeout is not None:
        changes["cell_seconds"] = timeout
    return changed_limits(course.limits, changes)


def check_sandbox(sandbox: str) -> None:
    """Look whether a value of --sandbox is one.

    Raises:
        CourseError: if it is not.
    """
    if sandbox not in ("full", "none"):
        raise CourseError(f"--sandbox is full or none, not {sandbox!r}.")


def some_assignments(course: Course, names: list[str] | None) -> list[str]:
    """Return the assignments that were named, or all.

    Raises:
        CourseError: if there is no such assignment.
    """
    for name in names or course.assignments() or [""]:
        course.notebooks(name)
    return list(names or course.assignments())
