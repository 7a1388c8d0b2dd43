"""Moodle's CSV: for *Import grades* of the gradebook, or an assignment's *grading worksheet*."""

from autograder.export.marks import ClassMarks
from autograder.export.sheet import (
    Options,
    Sheet,
    by_student,
    columns_of,
    headings,
    number,
    same_number,
    values_of,
)
from autograder.export.template import Template, fill, find_students, unplaced

IDENTITY = ("First name", "Last name", "ID number", "Email address")
_IDENTITY = {"first name", "last name", "surname", "id number", "institution", "department", "email address",
             "username", "full name", "identifier"}  # fmt: skip


def moodle_sheet(marks: ClassMarks, options: Options, template: Template | None = None) -> Sheet:
    """Make what Moodle takes in.

    With an assignment's grading worksheet as template, all of it is taken over and its column *Grade* filled in; with
    an export of the gradebook its identifying columns. Moodle asks which column is which grade, and finds people by
    e-mail address or ID number.

    Raises:
        CourseError: if the template has several columns for the assignment.
    """
    if template is None:
        return _from_gradebook(marks, options)
    if "Identifier" in template.header and "Grade" in template.header and not options.per_question:
        return _worksheet(marks, options, template)
    identity = [heading for heading in template.header if heading.strip().lower() in _IDENTITY]
    return fill(marks, options, template, identity)[0]


def _worksheet(marks: ClassMarks, options: Options, template: Template) -> Sheet:
    sheet = Sheet(list(template.header), columns=["Grade"])
    grade = template.header.index("Grade")
    most = next((n for n, heading in enumerate(template.header) if heading.lower() == "maximum grade"), None)
    scores = by_student(marks)
    students = find_students(template.people, marks.scores)
    for row, student in zip(template.rows, students, strict=True):
        filled = list(row)
        if student is not None and (value := values_of(marks, scores[student], options)[""]):
            filled[grade] = value
        sheet.add(student, filled)
    mine = columns_of(marks, options)[""]
    theirs = {row[most] for row in template.rows if row[most]} if most is not None else set()
    if len(theirs) == 1 and not same_number(maximum := min(theirs), number(mine)):
        sheet.notes.append(
            f"Moodle's maximum is {maximum}, here full marks are {number(mine)}: --out-of {maximum} would scale them"
        )
    sheet.unplaced = unplaced(marks, students)
    return sheet


def _from_gradebook(marks: ClassMarks, options: Options) -> Sheet:
    names = headings(marks, options, options.column or marks.assignment)
    sheet = Sheet([*IDENTITY, *names.values()], columns=list(names.values()))
    for score in marks.scores:
        person = score.person
        number_of = person.student if person.student not in (person.email, person.full_name) else ""
        identity = [person.first, person.last, number_of, person.email]
        sheet.add(person.student, [*identity, *values_of(marks, score, options).values()])
    if not all(score.person.email for score in marks.scores):
        sheet.notes.append(
            "not everybody's e-mail address is known: give Moodle's export with --template, or collect --roster"
        )
    return sheet
