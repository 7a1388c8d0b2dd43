"""Canvas's gradebook as CSV: its identifying columns, the row of points possible, and one column for each mark."""

from autograder.export.marks import ClassMarks
from autograder.export.sheet import Options, Sheet, columns_of, headings, number, same_number, values_of
from autograder.export.template import Template, fill

IDENTITY = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_ALSO = ("Integration ID", "Root Account")
POINTS_POSSIBLE = "    Points Possible"


def canvas_sheet(marks: ClassMarks, options: Options, template: Template | None = None) -> Sheet:
    """Make what Canvas's *Import grades* takes in.

    With a template, Canvas's own export, its rows and identifying columns are taken over, and the assignment's column
    keeps its heading with the number by which Canvas knows it. Other assignments are left out, so that they stay.

    Raises:
        CourseError: if the template has several columns for the assignment.
    """
    if template is None:
        return _from_gradebook(marks, options)
    sheet, places = fill(marks, options, template, (*IDENTITY, *_ALSO))
    possible = next((row for row in template.rows if row[0].strip().lower() == "points possible"), None)
    points = []
    for (name, most), place in zip(columns_of(marks, options).items(), places.values(), strict=True):
        theirs = possible[place] if possible and place is not None else ""
        points.append(theirs or number(most))
        if theirs and not same_number(theirs, number(most)):
            advice = f": --out-of {theirs} would scale them" if not name else ""
            of = f" for {name}" if name else ""
            sheet.notes.append(f"Canvas has {theirs} points possible{of}, here full marks are {number(most)}{advice}")
    identity = len(sheet.header) - len(points)
    sheet.rows.insert(0, [POINTS_POSSIBLE, *[""] * (identity - 1), *points])
    sheet.students.insert(0, None)
    new = [heading for heading, place in zip(sheet.columns, places.values(), strict=True) if place is None]
    if new:
        sheet.notes.append(f"{template.path.name} has no column for them: Canvas will offer to make {', '.join(new)}")
    return sheet


def _from_gradebook(marks: ClassMarks, options: Options) -> Sheet:
    names = headings(marks, options, options.column or marks.assignment)
    sheet = Sheet([*IDENTITY, *names.values()], columns=list(names.values()))
    points = map(number, columns_of(marks, options).values())
    sheet.add(None, [POINTS_POSSIBLE, *[""] * (len(IDENTITY) - 1), *points])
    for score in marks.scores:
        person = score.person
        name = ", ".join(filter(None, (person.last, person.first))) or person.student
        identity = [name, person.lms, "", person.student, ""]
        sheet.add(person.student, [*identity, *values_of(marks, score, options).values()])
    if not all(score.person.lms for score in marks.scores):
        sheet.notes.append("Canvas knows students by its own ID: give its export with --template, or collect --roster")
    return sheet
