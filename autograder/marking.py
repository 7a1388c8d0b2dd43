"""The commands that an instructor uses after grading: the report on a class, and the table of marks given by hand."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.text import Text

from autograder.console import err, one_assignment, out
from autograder.course import find_course

AssignmentArgument = Annotated[
    str | None,
    typer.Argument(metavar="ASSIGNMENT", show_default=False, help="Its folder's name in solutions/."),
]


def report(ctx: typer.Context, assignment: AssignmentArgument = None) -> None:
    """Make a page about a graded class: points, questions, misconceptions, what failed, who is alike.

    It stands alone, as grading/report/ASSIGNMENT.html, and names students: it is for instructors only.
    """
    course = find_course(ctx.obj)
    name = one_assignment(course, assignment)
    from autograder.report.page import write_report

    made, path = write_report(course, name)
    counted = f"{made.submissions} graded, {len(made.failed)} not readable"
    out.print(f"{name}: {counted}, {len(made.mistakes)} kinds of mistakes, {len(made.pairs)} similar pairs")
    out.print(f"report: {course.relative(path)}", soft_wrap=True)


def marks(
    ctx: typer.Context,
    assignment: AssignmentArgument = None,
    read: Annotated[
        bool, typer.Option("--read", help="Take the table's marks and comments into the gradebook.")
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            show_default=False,
            help="The table to read. [dim]default: where it was written[/]",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what reading it would change.")] = False,
) -> None:
    """Mark written answers in a spreadsheet: write a table of them, or read it back with --read.

    Beside it lies a rubric, a table of comments with short names: write those into the column [bold]use[/].

    Exit code 1: some rows were refused; the others were read.
    """
    course = find_course(ctx.obj)
    name = one_assignment(course, assignment)
    from autograder.marks import marks_file, read_table, rubric_file, write_table

    if not (read or dry_run or file):
        rows = write_table(course, name)
        waiting = sum(row.points is None for row in rows)
        out.print(f"{name}: {len(rows)} answers to mark by hand, of which {waiting} wait")
        out.print(f"table:  {course.relative(marks_file(course, name))}", soft_wrap=True)
        out.print(f"rubric: {course.relative(rubric_file(course, name))}", soft_wrap=True)
        return
    reading = read_table(course, name, file, dry_run=dry_run)
    for change in reading.changes:
        out.print(Text(str(change)), soft_wrap=True)
    for one in reading.refused:
        err.print(f"refused: {escape(one)}", style="red")
    would = "would change" if dry_run else "changed"
    out.print(
        f"{name}: {len(reading.changes)} {would}, {reading.unchanged} as they were, {len(reading.refused)} refused"
    )
    if reading.changes and not dry_run:
        out.print(f"New feedback pages: autograder grade {name}")
    if reading.refused:
        raise typer.Exit(1)
