"""The commands of `autograder`: read arguments, call the functions that do the work, and print what came of it."""

import importlib.metadata
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from autograder.auditing import audit
from autograder.console import (
    AssignmentArgument,
    AssignmentsArgument,
    LimitOption,
    one_assignment,
    parse_limits,
    these_or_all,
)
from autograder.console import err as _err
from autograder.console import out as _out
from autograder.course import CourseError, find_course
from autograder.desk import collect, export
from autograder.grading import grade
from autograder.marking import marks, report
from autograder.quick import import_quickly

import_quickly()

# nbgrader takes a second to import, so commands import what they need when they run: `--help` stays quick.


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
            _err.print("autograder: stopped", style="red")
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
    "proves that the tests tell right answers from wrong ones; [bold]report[/] makes a page about the class, "
    "[bold]marks[/] a table to mark written answers in; [bold]doctor[/] says whether this machine can keep "
    "submissions apart from all else. [bold]check[/] is for participants.\n\n"
    "Folders and gradebook are nbgrader's, so its commands and formgrader work as well.",
)


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
    """Make exercises/ from solutions/: answers, hidden tests and outputs are left out.

    If somebody has worked in exercises/, what is in the way is moved to grading/kept/, not overwritten.
    """
    course = find_course(ctx.obj)
    names = these_or_all(course, assignments)
    from autograder.gradebook import forget_assignment
    from autograder.release import release as release_assignment

    for name in names:
        if forget_marks:
            forget_assignment(course, name)
        kept: list[tuple[Path, Path]] = []
        changed = release_assignment(course.root, name, on_kept=lambda *moved, to=kept: to.append(moved))
        state = f"{len(changed)} files changed" if len(changed) != 1 else "1 file changed"
        _out.print(f"{name}: {state if changed else 'up to date'} in {course.relative(course.exercises / name)}/")
        for file, copy in kept:
            _out.print(f"  somebody has worked in {course.relative(file)}: kept as {course.relative(copy)}")


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
    name = one_assignment(course, assignment)
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


for command in (collect, grade, export, report, marks, audit):
    app.command()(command)


@app.command()
def doctor() -> None:
    """Say whether submissions can be kept apart from all else on this machine.

    Exit code 1: they cannot, and `grade` works with --sandbox none only.
    """
    from autograder.doctor import diagnose

    diagnosis = diagnose()
    for table in diagnosis.tables():
        _out.print(table)
        _out.print()
    _out.print(Text(diagnosis.verdict, style="green" if diagnosis.well else "bold red"), soft_wrap=True)
    if not diagnosis.well:
        raise typer.Exit(1)


@app.command()
def check(
    ctx: typer.Context,
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="Your exercise notebook.")],
    limit: LimitOption = None,
) -> None:
    """For participants: run the tests that you can see on your notebook. Nothing is sent or changed.

    Exit code 1: an answer is missing or not right yet.
    """
    from autograder.check import check_notebook, table

    report = check_notebook(notebook, course=ctx.obj, changes=parse_limits(limit))
    _out.print(table(report))
    if not report.passed:
        raise typer.Exit(1)
