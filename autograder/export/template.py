"""What a platform has exported before: its rows and columns are taken over, so that it knows them again."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import CourseError, suggest
from autograder.export.marks import ClassMarks, Score
from autograder.export.sheet import Options, Sheet, by_student, headings, values_of
from autograder.intake.names import fold
from autograder.intake.people import find_person
from autograder.intake.platforms import Who
from autograder.intake.roster import Person, people_of, read_table


@dataclass
class Template:
    """What a platform has exported before."""

    path: Path
    header: list[str]
    rows: list[list[str]]
    people: list[Person | None]
    """Who each row is about; None for those about nobody."""


def read_template(path: Path) -> Template:
    """Read what a platform has exported.

    Raises:
        CourseError: if it cannot be read.
    """
    header, *rows = read_table(path)
    width = len(header)
    rows = [(row + [""] * width)[:width] for row in rows]
    return Template(path, header, rows, people_of(header, rows))


def find_students(people: Sequence[Person | None], scores: Sequence[Score]) -> list[str | None]:
    """Say which student each person of a platform's is; None where nobody, or nobody certain, is.

    Ids and e-mail addresses go first; whoever is left is found by name, if only one person there can be meant.

    Raises:
        CourseError: if two of them have the ids of the same student.
    """
    students = [score.person for score in scores]
    known: dict[str, set[str]] = {}
    for student in students:
        for key in filter(None, (student.student, student.email, student.lms)):
            known.setdefault(key.casefold(), set()).add(student.student)
    found = [None if person is None else _by_id(person, known) for person in people]
    counts = Counter(student for student in found if student is not None)
    if twice := [student for student, count in counts.items() if count > 1]:
        raise CourseError(f"Two rows are about {twice[0]}: remove one, or the id or address in it that is not theirs.")
    rest = [student for student in students if student.student not in counts]
    named = [
        _by_name(person, rest) if person is not None and student is None else None
        for person, student in zip(people, found, strict=True)
    ]
    times = Counter(named)
    return [
        student or (name if name is not None and times[name] == 1 else None)
        for student, name in zip(found, named, strict=True)
    ]


def _by_id(person: Person, known: Mapping[str, Collection[str]]) -> str | None:
    mine = {key.casefold() for key in (person.student, person.email, person.lms, *person.ids) if key}
    same = {student for key in mine for student in known.get(key, ())}
    return same.pop() if len(same) == 1 else None


def _by_name(person: Person, students: Sequence[Person]) -> str | None:
    students = [s for s in students if not (s.lms and person.lms and s.lms != person.lms)]
    if not person.full_name:
        return None
    match = find_person(Who(person.full_name), students)
    if match.person is None:  # collected without a list, Canvas's students have their names run together
        match = find_person(Who("".join(fold(person.name or f"{person.last} {person.first}"))), students)
    return match.person.student if match.person else None


def find_column(template: Template, assignment: str, wanted: str, ignored: Sequence[str]) -> str | None:
    """Return the heading of the template's column for an assignment; None if it has none.

    Args:
        template: the template.
        assignment: the name here, "01-perceptron": "Perceptron (4711)" and "Assignment: Perceptron (Real)" mean that.
        wanted: the heading if a person has said it, whole or without what the platform adds.
        ignored: headings that are none of assignments.

    Raises:
        CourseError: if there are several, or not what a person has said.
    """
    columns = [heading for heading in template.header if heading and heading not in ignored]
    words = _plain(wanted or assignment)
    found = [heading for heading in columns if heading == wanted or _plain(heading) == words]
    if len(found) > 1 and wanted in found:
        return wanted
    if len(found) > 1:
        raise CourseError(f"{template.path} has several columns for {wanted or assignment}: {', '.join(found)}. "
                          "Say which: --column NAME")  # fmt: skip
    if wanted and not found:
        raise CourseError(f"{template.path} has no column {wanted!r}. {suggest(wanted, columns, 'There are')}")
    return found[0] if found else None


def _plain(heading: str) -> tuple[str, ...]:
    """Take off a heading what platforms and folders add: numbers before, ids and kinds in brackets after."""
    heading = re.sub(r"\s*\((?:\d+|Real|Percentage|Letter|Punkte|Prozentsatz)\)\s*$", "", heading)
    heading = re.sub(r"^(?:Assignment|Aufgabe)\s*:\s*", "", heading)
    words = fold(heading)
    return words[1:] if len(words) > 1 and words[0].isdigit() else words


def fill(
    marks: ClassMarks, options: Options, template: Template, identity: Sequence[str]
) -> tuple[Sheet, dict[str, int | None]]:
    """Make a sheet of a template's rows, its identifying columns and the columns of marks.

    A column that the template has keeps its heading; where there is no mark to export, what the template has stays.

    Args:
        marks: the marks.
        options: what to export.
        template: the platform's export.
        identity: the headings of the columns that say who somebody is.

    Returns:
        The sheet, and where the template has each column of marks, None where it has none.

    Raises:
        CourseError: if the template has several columns for one.
    """
    keep = [n for n, heading in enumerate(template.header) if heading in identity]
    known = [template.header[n] for n in keep]
    names = headings(marks, options, options.column or marks.assignment)
    places: dict[str, int | None] = {}
    for name, heading in names.items():
        found = find_column(template, heading, options.column if not name else "", known)
        places[name] = None if found is None else template.header.index(found)
        names[name] = found or heading
    sheet = Sheet([*known, *names.values()], columns=list(names.values()))
    scores = by_student(marks)
    students = find_students(template.people, marks.scores)
    for row, student in zip(template.rows, students, strict=True):
        if student is None:
            continue
        values = values_of(marks, scores[student], options)
        filled = [
            value or (row[place] if (place := places[name]) is not None else "") for name, value in values.items()
        ]
        sheet.add(student, [row[n] for n in keep] + filled)
    sheet.unplaced = unplaced(marks, students)
    return sheet, places


def unplaced(marks: ClassMarks, students: Sequence[str | None]) -> list[str]:
    """Return who has marks and is not among these."""
    return [s.person.student for s in marks.scores if s.handed_in and s.person.student not in students]
