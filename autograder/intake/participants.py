"""What Moodle calls the participants of an assignment: remembered when collected, so that pages find their way back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.course import Course
from autograder.intake.platforms import Who
from autograder.intake.roster import Person
from autograder.store import Store

_KIND = "moodle"  # of record


def remember_participants(course: Course, assignment: str, participants: Mapping[str, Who]) -> None:
    """Remember who Moodle's participants are; those of earlier downloads stay.

    Args:
        course: the course.
        assignment: its name; Moodle's numbers are others in each.
        participants: by student; those of other platforms are left out.
    """
    known = participants_of(course, assignment)
    new = {student: who for student, who in participants.items() if who.platform == "moodle" and who.number}
    if new.items() <= known.items():
        return
    written = {student: [who.number, who.name] for student, who in sorted({**known, **new}.items())}
    _store(course, assignment).save_record(_KIND, assignment, {"participants": written})


def participants_of(course: Course, assignment: str) -> dict[str, Who]:
    """Return, by student, what Moodle calls whoever was collected from a download of it."""
    record = _store(course, assignment).record(_KIND, assignment) or {}
    return {student: Who(name, "moodle", number) for student, (number, name) in record.get("participants", {}).items()}


def with_numbers(course: Course, assignment: str, people: Sequence[Person]) -> list[Person]:
    """Add Moodle's numbers, as far as they are known: they tell apart who has the same name."""
    known = participants_of(course, assignment)
    return [
        replace(person, participant=known[person.student].number) if person.student in known else person
        for person in people
    ]


def _store(course: Course, assignment: str) -> Store:
    return Store(course.grading / "results" / assignment)
