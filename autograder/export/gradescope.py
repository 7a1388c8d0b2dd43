"""CSV in the style of Gradescope's *Download grades*: what tools made for that read."""

from datetime import timedelta

from autograder.export.marks import ClassMarks
from autograder.export.sheet import PENALTY, Options, Sheet, by_student, columns_of, number
from autograder.export.sheet import values_of as values_by_column
from autograder.export.template import Template, find_students, unplaced

IDENTITY = ("First Name", "Last Name", "SID", "Email", "Sections")
_ABOUT = ("Total Score", "Max Points", "Status", "Submission ID", "Submission Time", "Lateness (H:M:S)")
_STATUS = {"graded": "Graded", "incomplete": "Ungraded", "missing": "Missing"}


def gradescope_sheet(marks: ClassMarks, options: Options, template: Template | None = None) -> Sheet:
    """Make a table of an assignment's grades as Gradescope exports it; the total has the penalty taken off.

    With a template, Gradescope's roster or an earlier export, its identifying columns are taken over.
    """
    columns = [(name, points) for name, points in columns_of(marks, options).items() if name]
    numbered = [f"{n}: {name} ({points:.1f} pts)" for n, (name, points) in enumerate(columns, 1) if name != PENALTY]
    numbered += [PENALTY.capitalize() for name, _ in columns if name == PENALTY]
    sheet = Sheet([*IDENTITY, *_ABOUT, *numbered], columns=["Total Score", *numbered])
    total = Options(incomplete=options.incomplete, zeros=options.zeros, out_of=options.out_of)
    most = number(columns_of(marks, total)[""])
    identities = {
        s.person.student: [s.person.first, s.person.last, s.person.student, s.person.email, ""] for s in marks.scores
    }
    scores = by_student(marks)
    students: list[str | None] = list(identities)
    if template is not None:
        students = find_students(template.people, marks.scores)
        for row, student in zip(template.rows, students, strict=True):
            if student is not None:
                theirs = dict(zip(template.header, row, strict=True))
                identities[student] = [theirs.get(name, "") for name in IDENTITY]
        sheet.unplaced = unplaced(marks, students)
    for student in students:
        if student is None:
            continue
        score = scores[student]
        time = f"{score.time:%Y-%m-%d %H:%M:%S} +0000" if score.time else ""
        late = in_hours(score.late) if score.handed_in else ""
        value = values_by_column(marks, score, total)[""]
        about = [value, most, _STATUS[score.status], "", time, late]
        per_question = values_by_column(marks, score, options) if options.per_question else {}
        sheet.add(student, [*identities[student], *about, *(per_question[name] for name, _ in columns)])
    return sheet


def in_hours(span: timedelta) -> str:
    """Write a span as hours, minutes and seconds: 26:05:00."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
