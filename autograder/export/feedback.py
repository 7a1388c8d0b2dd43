"""Feedback pages for Moodle: the zip file that *Upload multiple feedback files in a zip* takes in.

Moodle finds a student by the number in the name of the folder that a file lies in, as in its own download of all
submissions: `Ada Lovelace_1234567_assignsubmission_file_/perceptron.html`. The name before the number is for people,
and must not hold what separates the parts.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.export.marks import ClassMarks
from autograder.export.template import Template, find_students
from autograder.gradebook import read_gradebook
from autograder.intake.participants import participants_of
from autograder.intake.platforms import Who
from autograder.pages import outdated
from autograder.store import Store

_TIME = (1980, 1, 1, 0, 0, 0)  # of files in the archive: the same pages give the same bytes


@dataclass
class Pages:
    """The feedback pages of a class, as Moodle takes them in."""

    files: dict[str, Path] = field(default_factory=dict)
    """The pages by their names in the archive."""
    students: list[str] = field(default_factory=list)
    """Whose they are."""
    unknown: list[str] = field(default_factory=list)
    """Who has pages, and nobody knows what Moodle calls them."""
    outdated: list[str] = field(default_factory=list)
    """Whose pages are missing, or do not say what the gradebook says."""


def find_pages(
    course: Course, marks: ClassMarks, *, incomplete: bool = False, template: Template | None = None
) -> Pages:
    """Find the pages to give back, and what Moodle calls those whose they are.

    Args:
        course: the course.
        marks: of the assignment; who waits for a mark by hand is left out.
        incomplete: whether they are not.
        template: Moodle's grading worksheet: what it calls people goes before what was remembered of a download.

    Raises:
        CourseError: if the template has none of Moodle's numbers.
        OSError: if a folder cannot be read.
    """
    names = {**participants_of(course, marks.assignment), **(_named_in(template, marks) if template else {})}
    store = Store(course.grading / "results" / marks.assignment)
    wanted = [s.person.student for s in marks.scores if s.handed_in and (incomplete or not s.waiting)]
    old = outdated(course, marks.assignment, wanted, store, read_gradebook(course, marks.assignment))
    pages = Pages(outdated=sorted(old))
    for student in wanted:
        found = sorted((course.feedback / student / marks.assignment).glob("*.html"))
        if student in old or not found:  # what could not be read has no page
            continue
        if student not in names:
            pages.unknown.append(student)
            continue
        pages.students.append(student)
        pages.files |= {f"{folder_name(names[student])}/{page.name}": page for page in found}
    return pages


def folder_name(who: Who) -> str:
    """Return the folder's name by which Moodle knows whose the files in it are."""
    name = " ".join("".join(" " if c in '_/\\:*?"<>|' or not c.isprintable() else c for c in who.name).split())
    return f"{name.lstrip('.~') or 'Participant'}_{who.number}_assignsubmission_file_"


def to_zip(files: Mapping[str, Path]) -> bytes:
    """Return a zip file with these files. The same files give the same bytes.

    Raises:
        OSError: if one cannot be read.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, path in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _TIME), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _named_in(template: Template, marks: ClassMarks) -> dict[str, Who]:
    students = find_students(template.people, marks.scores)
    pairs = [(student, person) for student, person in zip(students, template.people, strict=True) if student and person]
    if not any(person.participant for _, person in pairs):
        raise CourseError(
            f"{template.path} does not say what Moodle calls the participants. Give the assignment's grading "
            "worksheet, which has a column Identifier, or no template if they were collected from Moodle's download."
        )
    return {
        student: Who(person.full_name, "moodle", person.participant) for student, person in pairs if person.participant
    }
