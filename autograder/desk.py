"""The commands of the instructor's desk: what comes in from a platform, and what goes back to it."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from autograder.console import one_assignment, out, some_of
from autograder.course import Course, CourseError, find_course, suggest

if TYPE_CHECKING:
    from datetime import tzinfo

    from autograder.collect import ClassList, Collected
    from autograder.export.marks import ClassMarks
    from autograder.export.sheet import Sheet

FORMATS = ("canvas", "moodle", "gradescope", "csv")
PAGES = "moodle-feedback"

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
    people = _class_list(course, name, roster, zone)
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


def _class_list(course: Course, assignment: str, roster: Path | None, zone: str | None) -> "ClassList":
    """The class: the list that was given, which the gradebook learns, or what was known before."""
    from autograder.collect import ClassList, known_as
    from autograder.intake.participants import with_numbers
    from autograder.intake.roster import read_roster
    from autograder.students import read_students, write_students

    known = read_students(course)
    if roster is None:
        return ClassList(with_numbers(course, assignment, known))
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
        out.print(f"late: {escape(some_of(late))}", soft_wrap=True)
    if people.is_whole and (absent := not_handed_in(course, name, people.people)):
        listed = some_of([person.student for person in absent])
        out.print(f"nothing from {len(absent)} on the list: {escape(listed)}", soft_wrap=True)
    counts = Counter(one.outcome for one in collected)
    total = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    out.print(f"{name}: {total} in {course.relative(course.submitted)}/", soft_wrap=True)


def export(
    ctx: typer.Context,
    assignment: Annotated[
        str | None, typer.Argument(metavar="ASSIGNMENT", show_default=False, help="Its folder's name in solutions/.")
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="canvas|moodle|gradescope|csv|moodle-feedback",
            help="What is to read it; the last is feedback pages in the place of marks.",
        ),
    ] = "csv",
    per_question: Annotated[
        bool, typer.Option("--per-question", help="A column for each question, in the place of the total.")
    ] = False,
    template: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="What the platform exports itself: its rows and its columns for who somebody is are taken over.",
        ),
    ] = None,
    column: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            show_default=False,
            help="The platform's name of the assignment. [dim]default: found by ours[/]",
        ),
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", show_default=False, help="[dim]default: one in grading/report/[/]"
        ),
    ] = None,
    incomplete: Annotated[
        bool,
        typer.Option("--incomplete", help="Export also who waits for marks by hand, with the points that are there."),
    ] = False,
    zeros: Annotated[
        bool, typer.Option("--zeros", help="No points, in the place of no mark, for who has handed in nothing.")
    ] = False,
    out_of: Annotated[
        float | None,
        typer.Option(
            metavar="POINTS", min=0.01, show_default=False, help="Scale marks so that so many points are full marks."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="What to compare with. [dim]default: the template, or the last export[/]",
        ),
    ] = None,
) -> None:
    """Write marks as a platform takes them in, with extra credit, late penalties and extensions; or feedback pages.

    Who still waits for a mark by hand is named and left out, unless you say --incomplete.

    Exit code 1: somebody's marks have no place in the template, or somebody's pages cannot be given back.
    """
    course = find_course(ctx.obj)
    name = one_assignment(course, assignment)
    known = (*FORMATS, PAGES)
    if form not in known:
        raise CourseError(f"--format is {', '.join(known)}, not {form!r}. {suggest(form, known, 'There are')}")
    if form == PAGES:
        about_marks = {"--per-question": per_question, "--zeros": zeros, "--out-of": out_of, "--column": column,
                       "--against": against}  # fmt: skip
        if given := [option for option, value in about_marks.items() if value]:
            raise CourseError(f"{given[0]} is about marks, and {PAGES} exports pages. Leave it out.")
        _export_pages(course, name, template, output, incomplete=incomplete, dry_run=dry_run)
        return
    from autograder.export.compare import changes
    from autograder.export.formats import make_sheet
    from autograder.export.marks import read_marks_of_class
    from autograder.export.sheet import Options
    from autograder.export.template import read_template
    from autograder.files import write_file
    from autograder.grade import report_folder
    from autograder.spreadsheet import to_csv

    marks = read_marks_of_class(course, name)
    options = Options(per_question, incomplete, zeros, out_of, column)
    sheet = make_sheet(form, marks, options, read_template(template) if template else None)
    file = output or report_folder(course) / f"{name}-{form}{'-questions' if per_question else ''}.csv"
    before = against or template or (file if file.exists() else None)
    changed = changes(sheet, read_template(before), marks) if before else None
    _say_who_waits(marks, incomplete)
    _say_what_goes(marks, sheet)
    if changed is not None:
        if dry_run:
            for change in changed:
                column_of = f" {change.column}" if len(sheet.columns) > 1 else ""
                out.print(escape(f"{change.student}{column_of}: {change}"), soft_wrap=True)
        differ = "1 mark differs" if len(changed) == 1 else f"{len(changed)} marks differ"
        out.print(f"{differ} from {course.relative(before)}", soft_wrap=True)
    if dry_run:
        out.print(f"{course.relative(file)} would be written; nothing was", soft_wrap=True)
    else:
        write_file(file, to_csv([sheet.header, *sheet.rows]))
        out.print(f"{sheet.n_marked} students with marks: {course.relative(file)}", soft_wrap=True)
    if sheet.unplaced:
        raise typer.Exit(1)


def _export_pages(
    course: Course, name: str, template: Path | None, output: Path | None, *, incomplete: bool, dry_run: bool
) -> None:
    """Write the zip file of feedback pages.

    Raises:
        typer.Exit: if somebody's pages are not in it.
    """
    from autograder.export.feedback import find_pages, to_zip
    from autograder.export.marks import read_marks_of_class
    from autograder.export.template import read_template
    from autograder.files import write_file
    from autograder.grade import report_folder

    marks = read_marks_of_class(course, name)
    pages = find_pages(course, marks, incomplete=incomplete, template=read_template(template) if template else None)
    _say_who_waits(marks, incomplete)
    if pages.outdated:
        listed = some_of(pages.outdated)
        out.print(f"pages are not up to date, so left out: {escape(listed)}", style="red", soft_wrap=True)
        out.print(f"Make them: autograder grade {name}", style="red", soft_wrap=True)
    if pages.unknown:
        listed = some_of(pages.unknown)
        out.print(f"not known what Moodle calls them, so left out: {escape(listed)}", style="red", soft_wrap=True)
        out.print("Give Moodle's grading worksheet: --template FILE", style="red", soft_wrap=True)
    file = output or report_folder(course) / f"{name}-{PAGES}.zip"
    content = to_zip(pages.files)
    what = f"{len(pages.files)} pages of {len(pages.students)} students, {len(content) / 1e6:.1f} MB"
    if not pages.files:
        out.print(f"{what}: {course.relative(file)} is not written", soft_wrap=True)
    elif dry_run:
        out.print(f"{what}: {course.relative(file)} would be written; nothing was", soft_wrap=True)
    else:
        write_file(file, content)
        out.print(f"{what}: {course.relative(file)}", soft_wrap=True)
    if pages.outdated or pages.unknown or not pages.files:
        raise typer.Exit(1)


def _say_who_waits(marks: "ClassMarks", incomplete: bool) -> None:
    waiting = [score for score in marks.scores if score.waiting]
    if waiting:
        listed = some_of([f"{score.person.student} ({', '.join(score.waiting)})" for score in waiting])
        what = "exported with the points so far" if incomplete else "left out"
        out.print(f"wait for a mark by hand, {what}: {escape(listed)}", style="cyan", soft_wrap=True)


def _say_what_goes(marks: "ClassMarks", sheet: "Sheet") -> None:
    late = [score for score in marks.scores if score.penalty]
    if late:
        listed = some_of([f"{score.person.student} (−{score.penalty:g})" for score in late])
        out.print(f"late penalties: {escape(listed)}", soft_wrap=True)
    for note in (*marks.notes, *sheet.notes):
        out.print(f"note: {escape(note)}", soft_wrap=True)
    if sheet.unplaced:
        listed = some_of(sheet.unplaced)
        out.print(f"not in the template, so not exported: {escape(listed)}", style="red", soft_wrap=True)
