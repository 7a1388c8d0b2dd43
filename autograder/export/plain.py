"""A plain table of the marks, for spreadsheets and scripts."""

from autograder.export.marks import ClassMarks
from autograder.export.sheet import Options, Sheet, number, scale, values_of
from autograder.export.template import Template, find_students, unplaced

COLUMNS = ("student", "first_name", "last_name", "email", "status", "score", "max_points", "points", "late_penalty",
           "submitted", "seconds_late")  # fmt: skip


def plain_sheet(marks: ClassMarks, options: Options, template: Template | None = None) -> Sheet:
    """Make a table with a row for each student: the score is the points less the penalty for being late.

    With a template, any list of the class, its rows say who and in which order.
    """
    names = list(marks.questions) if options.per_question else []
    sheet = Sheet([*COLUMNS, *names], columns=["score", *names])
    total = Options(incomplete=options.incomplete, zeros=options.zeros, out_of=options.out_of)
    factor = scale(marks, options)
    scores = list(marks.scores)
    if template is not None:
        students = find_students(template.people, marks.scores)
        sheet.unplaced = unplaced(marks, students)
        by_name = {score.person.student: score for score in marks.scores}
        scores = [by_name[student] for student in students if student is not None]
    for score in scores:
        person = score.person
        value = values_of(marks, score, total)[""]
        shown = bool(value) and score.handed_in
        of_questions = values_of(marks, score, options)
        sheet.add(
            person.student,
            [
                person.student, person.first, person.last, person.email, score.status, value,
                number(marks.max_points * factor),
                number(score.raw * factor) if shown else value,
                number(score.penalty * factor) if shown else "",
                f"{score.time:%Y-%m-%d %H:%M:%S} UTC" if score.time else "",
                f"{score.late.total_seconds():.0f}" if score.late else "",
                *(of_questions[name] for name in names),
            ],
        )  # fmt: skip
    return sheet
