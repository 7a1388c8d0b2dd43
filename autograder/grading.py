"""The command `grade`."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.text import Text

from autograder.console import LimitOption, SandboxOption, check_sandbox, err, limits_of, one_assignment, out
from autograder.course import Course, CourseError, find_course

if TYPE_CHECKING:
    from autograder.grade import ClassResult


def grade(
    ctx: typer.Context,
    assignments: Annotated[
        list[str] | None,
        typer.Argument(metavar="ASSIGNMENT", show_default=False, help="Folders' names in solutions/."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every assignment that somebody has handed in, in the place of names.")
    ] = False,
    student: Annotated[
        list[str] | None, typer.Option("--student", "-s", metavar="NAME", help="Only this student; may be repeated.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", show_default=False, help="Submissions run at once. [dim]default: the cores there are[/]"
        ),
    ] = None,
    limit: LimitOption = None,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", show_default=False, help="The same as --limit cell_seconds=SECONDS."),
    ] = None,
    sandbox: SandboxOption = "full",
    feedback: Annotated[bool, typer.Option("--feedback/--no-feedback", help="Make feedback pages.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Run everything again, changed or not.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say whose points would change, and write no marks, files or pages.")
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", show_default=False, help="Run them on this Dask cluster, such as tcp://host:8786."
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if submissions could not be graded.")
    ] = False,
) -> None:
    """Run and score what is in grading/submitted/: scores, reasons, feedback pages, CSV.

    What has not changed since it was graded is left as it is. After Ctrl-C, a crash or a full disk, the same command
    goes on where it stopped. Several assignments take less time together than one after the other.

    Exit code 1: some submissions could not be graded; the others were. 130: stopped by Ctrl-C or SIGTERM.
    """
    course = find_course(ctx.obj)
    names = _chosen(course, assignments or [], everything)
    limits = limits_of(course, limit, timeout)
    check_sandbox(sandbox)
    if scheduler is not None and workers is not None:
        raise CourseError("--workers is for this machine; a cluster has the workers that it has. Leave it out.")
    from autograder.grade import StoppedEarlyError, choose_students
    from autograder.grade import grade as grade_class
    from autograder.progress import make_progress
    from autograder.warm_engine import WarmEngine, lightest_first

    for name in names:
        choose_students(course, name, student or ())  # before hours of work, not between them
    ungraded = 0
    with ExitStack() as stack:
        warm = stack.enter_context(WarmEngine(sandbox)) if scheduler is None and len(names) > 1 else None
        for name in lightest_first(course, names):
            if len(names) > 1:
                out.rule(Text(name, style="bold"), align="left")
            progress = make_progress(out)
            try:
                result = grade_class(
                    course,
                    name,
                    students=student or (),
                    limits=limits,
                    sandbox=sandbox,
                    workers=workers,
                    scheduler=scheduler,
                    feedback=feedback,
                    force=force,
                    dry_run=dry_run,
                    progress=progress,
                    warm=warm,
                )
            except StoppedEarlyError as stopped:
                progress.close()  # so that the table does not come after this
                err.print(f"autograder: stopped: {stopped}", style="red")
                raise typer.Exit(130) from None
            finally:
                progress.close()
            ungraded += _report(course, name, result, dry_run=dry_run, feedback=feedback)
    if ungraded and not exit_zero:
        raise typer.Exit(1)


def _chosen(course: Course, names: list[str], everything: bool) -> list[str]:
    """Return the assignments that were asked for, each once.

    Raises:
        CourseError: if one does not exist, or it is not clear which are meant.
    """
    if everything and names:
        raise CourseError(f"--all grades every assignment: leave out either it or {' '.join(names)}.")
    if everything:
        if names := [name for name in course.assignments() if course.students(name)]:
            return names
        raise CourseError("Nobody has handed in anything. Bring it in: autograder collect FOLDER --assignment NAME")
    for name in names:
        course.notebooks(name)
    return list(dict.fromkeys(names)) or [one_assignment(course, None)]


def _report(course: Course, name: str, result: "ClassResult", *, dry_run: bool, feedback: bool) -> int:
    """Print what came of an assignment, and write its table; return how many submissions could not be graded."""
    from autograder.grade import report_folder
    from autograder.report import scores

    if dry_run:
        out.print(scores.what_would_change(result), soft_wrap=True)
        return 0
    csv_file = report_folder(course) / f"{name}.csv"
    scores.write_csv(csv_file, result.results, course.students(name))
    out.print(scores.full_report(result.results))
    out.print()
    out.print(scores.what_was_done(result), soft_wrap=True)
    if feedback:
        out.print(f"feedback: {course.relative(course.feedback)}/<student>/{name}/", soft_wrap=True)
    out.print(f"table:    {course.relative(csv_file)}", soft_wrap=True)
    ungraded = [one for one in result.results if one.problem]
    if ungraded:
        out.print(f"log:      {course.relative(report_folder(course) / name)}.log", soft_wrap=True)
    for one in ungraded:
        err.print(f"not graded: {escape(one.student)}: {escape(one.problem)}", style="red")
    return len(ungraded)
