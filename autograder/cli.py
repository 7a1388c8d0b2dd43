"""The command `autograder`: reads arguments, calls the functions that do the work, and prints what came of it."""

import importlib.metadata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from autograder.course import Course, CourseError, find_course

if TYPE_CHECKING:
    from autograder.result import SubmissionResult

# nbgrader takes a second to import, so commands import what they need when they run: `--help` stays quick.

_out = Console(highlight=False, soft_wrap=False)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


class _Group(TyperGroup):
    """Turns mistakes that a person can put right into one line on stderr and exit code 2."""

    def invoke(self, ctx: typer.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CourseError as error:
            _err.print(f"autograder: {escape(str(error))}", style="red")
            raise typer.Exit(2) from None
        except OSError as error:  # a full disk, a folder that may not be written to
            what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            _err.print(f"autograder: {escape(what)}", style="red")
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            _err.print("autograder: stopped. Run the same command again to start over.", style="red")
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=_Group,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Release, collect and grade the exercises of a course, and test their tests.\n\n"
    "The usual way: [bold]release[/] makes the exercises, participants work, [bold]collect[/] brings in what they "
    "hand in, [bold]grade[/] runs and scores it. [bold]sample[/] makes a class to try that with; [bold]audit[/] "
    "proves that the tests tell right answers from wrong ones.\n\n"
    "Folders and gradebook are nbgrader's, so its commands and formgrader work as well.",
)

AssignmentArgument = Annotated[
    str | None,
    typer.Argument(metavar="ASSIGNMENT", show_default=False, help="Its folder's name in solutions/."),
]
AssignmentsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="ASSIGNMENT", show_default=False, help="Folders' names in solutions/; all if none."),
]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"autograder {importlib.metadata.version('deep-learning-course')}")
        raise typer.Exit


@app.callback()
def main(
    ctx: typer.Context,
    course: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            show_default=False,
            help="The course's folder. [dim]default: looked for here and upwards[/]",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Keep the course's folder for the commands."""
    ctx.obj = course


@app.command()
def release(
    ctx: typer.Context,
    assignments: AssignmentsArgument = None,
    forget_marks: Annotated[
        bool, typer.Option("--forget-marks", help="Remove their marks from the gradebook first, hand-given ones too.")
    ] = False,
) -> None:
    """Make exercises/ from solutions/: answers, hidden tests and outputs are left out."""
    course = find_course(ctx.obj)
    names = _assignments(course, assignments)
    from autograder.gradebook import forget_assignment
    from autograder.release import release as release_assignment

    for name in names:
        if forget_marks:
            forget_assignment(course, name)
        changed = release_assignment(course.root, name)
        state = f"{len(changed)} files changed" if len(changed) != 1 else "1 file changed"
        _out.print(f"{name}: {state if changed else 'up to date'} in {course.relative(course.exercises / name)}/")


@app.command()
def sample(
    ctx: typer.Context,
    assignment: AssignmentArgument = None,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", show_default=False, help="The folder to write to. [dim]default: grading/sample[/]"
        ),
    ] = None,
) -> None:
    """Make a class to try grading with, from the solution and its corpus of wrong and right solutions."""
    course = find_course(ctx.obj)
    name = _one_assignment(course, assignment)
    from autograder.audit import load_exercise
    from autograder.sample import make_class, write_class

    folder = into or course.grading / "sample"
    paths = course.notebooks(name)
    if len(paths) > 1:
        raise CourseError(f"{name} has {len(paths)} notebooks; a sample class can be made of one.")
    samples = make_class(load_exercise(course, paths[0], min_wrong=1, min_right=1))
    try:
        write_class(samples, folder, paths[0].stem)
    except FileExistsError as error:
        raise CourseError(str(error)) from error
    table = Table(title=f"Sample class in {course.relative(folder)}/", title_justify="left")
    table.add_column("student")
    table.add_column("hands in", overflow="fold")
    for one in samples:
        table.add_row(one.student, Text(one.what))
    _out.print(table)


@app.command()
def collect(
    ctx: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Holds a folder for each student, with the notebook in it.")
    ],
    assignment: Annotated[
        str | None,
        typer.Option("--assignment", "-a", metavar="ASSIGNMENT", show_default=False, help="What was handed in."),
    ] = None,
) -> None:
    """Bring what students have handed in into grading/submitted/. Exit code 1: something was refused."""
    course = find_course(ctx.obj)
    name = _one_assignment(course, assignment)
    from autograder.collect import Outcome
    from autograder.collect import collect as collect_folder

    refused = 0
    counts: dict[Outcome, int] = {}
    for one in collect_folder(course, name, folder):
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
        refused += one.outcome is Outcome.REFUSED
        if one.notes:
            _out.print(f"{escape(one.student)}: {one.outcome}: {escape('; '.join(one.notes))}")
    total = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    _out.print(f"{name}: {total} in {course.relative(course.submitted)}/")
    if refused:
        raise typer.Exit(1)


@app.command()
def grade(
    ctx: typer.Context,
    assignment: AssignmentArgument = None,
    student: Annotated[
        list[str] | None, typer.Option("--student", "-s", metavar="NAME", help="Only this student; may be repeated.")
    ] = None,
    timeout: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="SECONDS",
            show_default=False,
            help="Seconds that a cell may run, ten times as many for a submission in all. "
            "[dim]default: what nbgrader_config.py says[/]",
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if submissions could not be graded.")
    ] = False,
) -> None:
    """Run and score what is in grading/submitted/: scores, reasons, feedback pages, CSV.

    Exit code 1: some submissions could not be graded; the others were.
    """
    course = find_course(ctx.obj)
    name = _one_assignment(course, assignment)
    from autograder import report
    from autograder.grade import grade as grade_class
    from autograder.grade import report_folder

    with _show_progress(name) as progress:
        results = grade_class(course, name, students=student or (), cell_seconds=timeout, **progress)
    csv_file = report_folder(course) / f"{name}.csv"
    report.write_csv(csv_file, results, course.students(name))
    _out.print(report.full_report(results))
    _out.print(f"\nfeedback: {course.relative(course.feedback)}/<student>/{name}/", soft_wrap=True)
    _out.print(f"table:    {course.relative(csv_file)}", soft_wrap=True)
    ungraded = [result for result in results if result.problem]
    if ungraded:
        _out.print(f"log:      {course.relative(report_folder(course) / name)}.log", soft_wrap=True)
    for result in ungraded:
        _err.print(f"not graded: {escape(result.student)}: {escape(result.problem)}", style="red")
    if ungraded and not exit_zero:
        raise typer.Exit(1)


@app.command()
def audit(
    ctx: typer.Context,
    assignments: AssignmentsArgument = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Notebooks run at once. [dim]default: the cores there are[/]")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, metavar="N", help="Random seeds to try the right solutions with.")] = 1,
) -> None:
    """Test the tests: the solution must score all points, the blank exercise none.

    Every wrong solution of the corpus must lose its points with its message, and every right one keep them.

    Exit code 1: something does not.
    """
    course = find_course(ctx.obj)
    names = _assignments(course, assignments)
    from autograder.audit import audit as audit_assignments
    from autograder.execute import ExecutorError

    terminal = _out.is_terminal
    with _out.status("") if terminal else _nothing() as status:

        def show(title: str, done: int, total: int) -> None:
            if terminal:
                status.update(f"{done}/{total} {escape(title)}")

        try:
            result = audit_assignments(course, names, jobs=jobs, seeds=seeds, on_variant=show)
        except ExecutorError as error:
            raise CourseError(str(error)) from error
    for failure in result.failures:
        _out.print(Text(failure), soft_wrap=True)
        _out.print()
    _out.print(result.summary, soft_wrap=True)
    if result.failures:
        raise typer.Exit(1)


def _assignments(course: Course, names: list[str] | None) -> list[str]:
    """Return the assignments that were named, or all; each of them exists."""
    for name in names or course.assignments() or [""]:
        course.notebooks(name)
    return list(names or course.assignments())


def _one_assignment(course: Course, name: str | None) -> str:
    """Return the assignment that was named, or the only one there is."""
    known = course.assignments()
    if name is None and len(known) > 1:
        raise CourseError(f"Say which assignment: {', '.join(known)}.")
    name = name if name is not None else (known or [""])[0]
    course.notebooks(name)
    return name


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _show_progress(assignment: str) -> Iterator[dict[str, Any]]:
    """Show grading as it goes, as a live table on a terminal and as lines elsewhere; yields the callbacks."""
    from autograder.report import progress_line, progress_table

    total: list[int] = [0]
    results: list[SubmissionResult] = []

    if not _out.is_terminal:

        def print_line(result: "SubmissionResult") -> None:
            results.append(result)
            _out.print(escape(progress_line(result, len(results), total[0])), soft_wrap=True)

        yield {"on_start": lambda students: total.__setitem__(0, len(students)), "on_result": print_line}
        return

    with Live(Text(f"reading {assignment} …"), console=_out, transient=True, refresh_per_second=4) as live:

        def show(current: str = "") -> None:
            live.update(progress_table(assignment, results, total[0], current))

        def on_start(students: list[str]) -> None:
            total[0] = len(students)

        def on_result(result: "SubmissionResult") -> None:
            results.append(result)
            show()

        yield {"on_start": on_start, "on_student": show, "on_result": on_result}
