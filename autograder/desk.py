"""The commands of the instructor's desk: what comes in from a platform, and what goes back to it."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from autograder.console import one_assignment, out
from autograder.course import Course, CourseError, find_course

if TYPE_CHECKING:
    from datetime import tzinfo

    from autograder.collect import ClassList, Collected

AssignmentOption = Annotated[
    str | None,
    typer.Option("--assignment", "-a", metavar="ASSIGNMENT", show_default=False, help="What was handed in."),
]


def collect(
    ctx: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE_OR_FOLDER...",
            help="Moodle's or Canvas's zip file, or a folder that holds one for each student, with the notebook in it.",
        ),
    ],
    assignment: AssignmentOption = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="The class as CSV, as platforms export it. Who is not on it is not collected.",
        ),
    ] = None,
    due: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", show_default=False, help="When it was due, '2026-03-01 23:59 Europe/Berlin' for example."
        ),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default=False,
            help="The time zone of zip files and lists. [dim]default: c.Exchange.timezone, or this computer's[/]",
        ),
    ] = None,
    times: Annotated[
        bool | None,
        typer.Option(
            "--times/--no-times",
            show_default=False,
            help="Whether times in zip files are those of handing in. "
            "[dim]default: if they differ by more than a download takes[/]",
        ),
    ] = None,
) -> None:
    """Bring what students have handed in into grading/submitted/.

    The latest attempt counts; earlier ones lie in grading/attempts/. What was collected before is never lost.

    Exit code 1: something was refused, or belongs to nobody on the list.
    """
    course = find_course(ctx.obj)
    name = one_assignment(course, assignment)
    from autograder.collect import Outcome
    from autograder.collect import collect as collect_paths
    from autograder.intake.lateness import set_due
    from autograder.students import read_due

    if due is not None:
        set_due(course, name, due)
    people = _class_list(course, roster, zone)
    remarks: list[str] = []
    collected = []
    for one in collect_paths(
        course,
        name,
        *paths,
        people=people,
        due=read_due(course, name),
        zone=_zone(course, zone),
        use_times=times,
        on_remark=remarks.append,
    ):
        collected.append(one)
        if one.notes:
            out.print(
                f"{escape(one.student)}: {one.outcome}: {escape('; '.join(one.notes))}",
                style="red" if one.outcome in (Outcome.REFUSED, Outcome.UNMATCHED) else None,
                soft_wrap=True,
            )
    _say_what_came(course, name, collected, people, remarks)
    if any(one.outcome in (Outcome.REFUSED, Outcome.UNMATCHED) for one in collected):
        raise typer.Exit(1)


def _class_list(course: Course, roster: Path | None, zone: str | None) -> "ClassList":
    """The class: the list that was given, which the gradebook learns, or what the gradebook knows."""
    from autograder.collect import ClassList, known_as
    from autograder.intake.roster import read_roster
    from autograder.students import read_students, write_students

    known = read_students(course)
    if roster is None:
        return ClassList(known)
    folders = [path.name for path in course.submitted.glob("*") if path.is_dir()]
    settings = str(course.config.Exchange.get("timezone", ""))
    people = known_as(read_roster(roster, zone or settings), [*folders, *(person.student for person in known)])
    changed = write_students(course, people)
    out.print(f"list: {len(people)} students, {changed} of them new or changed in the gradebook", soft_wrap=True)
    return ClassList(people, is_whole=True)


def _zone(course: Course, zone: str | None) -> "tzinfo | None":
    from dateutil.tz import gettz

    name = zone or course.config.Exchange.get("timezone")
    if not name:
        return None
    found = gettz(str(name))
    if found is None:
        raise CourseError(f"There is no time zone {name!r}. Write it like Europe/Berlin.")
    return found


def _say_what_came(
    course: Course, name: str, collected: "list[Collected]", people: "ClassList", remarks: list[str]
) -> None:
    from autograder.collect import not_handed_in

    for remark in remarks:
        out.print(escape(remark), soft_wrap=True)
    late = [f"{one.student} ({one.late})" for one in collected if one.late]
    if late:
        out.print(f"late: {escape(', '.join(late))}", soft_wrap=True)
    if people.is_whole and (absent := not_handed_in(course, name, people.people)):
        listed = ", ".join(person.student for person in absent[:20])
        more = f" and {len(absent) - 20} more" if len(absent) > 20 else ""
        out.print(f"nothing from {len(absent)} on the list: {escape(listed)}{more}", soft_wrap=True)
    counts = Counter(one.outcome for one in collected)
    total = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    out.print(f"{name}: {total} in {course.relative(course.submitted)}/", soft_wrap=True)


def export(ctx: typer.Context) -> None:
    """Later."""
