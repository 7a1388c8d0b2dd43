"""The command that tests the tests: on known answers, with several seeds, and on mutants of the solutions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from autograder.console import (
    AssignmentsArgument,
    LimitOption,
    SandboxOption,
    check_sandbox,
    limits_of,
    out,
    these_or_all,
)
from autograder.course import Course, CourseError, find_course

Show = Callable[[str, int, int], None]


def audit(
    ctx: typer.Context,
    assignments: AssignmentsArgument = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Notebooks run at once. [dim]default: the cores there are[/]")
    ] = None,
    seeds: Annotated[
        int,
        typer.Option(
            min=1, metavar="N", help="Random seeds to try the solution with; the first four are hash seeds, too."
        ),
    ] = 1,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Try mutants of the solutions instead: do the tests see small changes?")
    ] = False,
    limit: LimitOption = None,
    sandbox: SandboxOption = "full",
) -> None:
    """Test the tests: the solution must score all points, the blank exercise none.

    Every wrong solution of the corpus must lose its points with its message, and every right one keep them.

    With --mutate: at least 95 % of the small changes of a solution must lose points.

    Exit code 1: something does not.
    """
    course = find_course(ctx.obj)
    names = these_or_all(course, assignments)
    check_sandbox(sandbox)
    options = {"jobs": jobs, "limits": limits_of(course, limit), "sandbox": sandbox}
    well = _mutate(course, names, options) if mutate else _audit(course, names, {**options, "seeds": seeds})
    if not well:
        raise typer.Exit(1)


def _audit(course: Course, names: list[str], options: dict[str, Any]) -> bool:
    from autograder.audit import audit as audit_assignments

    with _progress() as show:
        result = audit_assignments(course, names, on_variant=show, **options)
    for failure in result.failures:
        out.print(Text(failure), soft_wrap=True)
        out.print()
    out.print(result.summary, soft_wrap=True)
    return not result.failures


def _mutate(course: Course, names: list[str], options: dict[str, Any]) -> bool:
    try:
        from autograder.mutation import report, trial
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("libcst", "mutmut"):
            raise
        raise CourseError("--mutate needs mutmut: pip install 'deep-learning-course[dev]', or make mutants.") from None
    summaries, well = [], True
    with _progress() as show:
        for one in trial.mutate(course, names, on_mutants=show, **options):
            for text in report.details(one):
                out.print(text, soft_wrap=True)
            out.print(report.table(one))
            summaries.append(report.summary(one))
            well = well and one.well
    for summary in summaries:
        out.print(summary, soft_wrap=True)
    return well


@contextmanager
def _progress() -> Iterator[Show]:
    """Lend what shows how far the work is, where there is a terminal."""
    if not out.is_terminal:
        yield lambda title, done, total: None
        return
    with out.status("") as status:
        yield lambda title, done, total: status.update(f"{done}/{total} {escape(title)}")
