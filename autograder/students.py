"""The class and the due dates, as nbgrader's gradebook has them."""

from collections.abc import Sequence

from sqlalchemy import DateTime, Interval, text

from autograder.course import Course
from autograder.gradebook import open_gradebook, reading, transaction
from autograder.intake.lateness import Due
from autograder.intake.roster import Person

_DUE = text("SELECT duedate FROM assignment WHERE name = :assignment").columns(duedate=DateTime)
_EXTENSIONS = text(
    "SELECT student_id, extension FROM submitted_assignment "
    "JOIN assignment ON assignment.id = submitted_assignment.assignment_id "
    "WHERE assignment.name = :assignment AND extension IS NOT NULL"
).columns(extension=Interval)


def read_students(course: Course) -> list[Person]:
    """Return everybody whom the gradebook knows, in order.

    Raises:
        CourseError: if it cannot be read.
    """
    with reading(course) as connection:
        if connection is None:
            return []
        found = connection.execute(text("SELECT id, first_name, last_name, email, lms_user_id FROM student"))
        rows = [tuple(value or "" for value in row) for row in found]
    people = (Person(student, first, last, email=email, lms=lms) for student, first, last, email, lms in rows)
    return sorted(people, key=lambda person: person.student)


def write_students(course: Course, people: Sequence[Person]) -> int:
    """Let the gradebook know names, addresses and platform ids; return how many are new to it or have changed.

    What it knows and the list does not say stays.
    """
    known = {person.student: person for person in read_students(course)}
    changes = {}
    for person in people:
        before, new = known.get(person.student), _values(person)
        mine = _values(before) if before else {}
        new = {name: value for name, value in new.items() if value and mine.get(name) != value}
        if before is None or new:
            changes[person.student] = new
    if changes:  # all or none: a list that was taken in half would look like a class
        with open_gradebook(course) as gradebook, transaction(gradebook):
            for student, values in changes.items():
                gradebook.update_or_create_student(student, **values)
    return len(changes)


def read_due(course: Course, assignment: str) -> Due:
    """Return when an assignment is due, and who has more time.

    Raises:
        CourseError: if the gradebook cannot be read.
    """
    with reading(course) as connection:
        if connection is None:
            return Due()
        date = connection.execute(_DUE, {"assignment": assignment}).scalar()
        extensions = connection.execute(_EXTENSIONS, {"assignment": assignment})
        return Due(date, {student: extension for student, extension in extensions if extension})


def _values(person: Person) -> dict[str, str]:
    """Return what the gradebook knows of somebody, by its names for it."""
    first, last = _names(person)
    return {"first_name": first, "last_name": last, "email": person.email, "lms_user_id": person.lms}


def _names(person: Person) -> tuple[str, str]:
    """Return first and last name, taken out of the whole where they stand in one: the last word is the last name."""
    if person.first or person.last or not person.name:
        return person.first, person.last
    last, comma, first = person.name.partition(",")
    if not comma:
        first, _, last = person.name.strip().rpartition(" ")
    return first.strip(), last.strip()
