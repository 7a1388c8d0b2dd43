"""What an export would change: the marks of an earlier one, or of the platform's own, beside those of today."""

from dataclasses import dataclass

from autograder.export.marks import ClassMarks
from autograder.export.sheet import Sheet, same_number
from autograder.export.template import Template, find_students


@dataclass(frozen=True)
class Change:
    """A mark that is not what it was."""

    student: str
    column: str
    before: str
    """"" if there was none."""
    now: str

    def __str__(self) -> str:
        return f"{self.before or 'no mark'} → {self.now or 'no mark'}"


def changes(sheet: Sheet, before: Template, marks: ClassMarks) -> list[Change]:
    """Compare marks with those of an earlier file, by student and column.

    A mark that is empty now changes nothing: platforms leave what they have.

    Raises:
        CourseError: if two rows of the earlier file are about the same student.
    """
    then = {}
    for row, student in zip(before.rows, find_students(before.people, marks.scores), strict=True):
        if student is not None:
            then[student] = dict(zip(before.header, row, strict=True))
    found = []
    for row, student in zip(sheet.rows, sheet.students, strict=True):
        if student is None:
            continue
        now = dict(zip(sheet.header, row, strict=True))
        for column in sheet.columns:
            old = then.get(student, {}).get(column, "").strip()
            if now[column] and not same_number(old, now[column]):
                found.append(Change(student, column, old, now[column]))
    return found
