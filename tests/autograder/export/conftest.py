"""A graded class: marks of every kind."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.course import Course, find_course
from autograder.grade import grade
from autograder.gradebook import open_gradebook
from autograder.intake.roster import Person
from autograder.students import write_students
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ASSIGNMENT, find, submit

PEOPLE = [
    Person("ada", "Ada", "Lovelace", email="ada@example.org", lms="101"),
    Person("bob", "Bob", "O'Neil, Jr.", email="bob@example.org", lms="102"),
    Person("cy", "=cmd|' /C calc'!A0", 'Quo"te', email="cy@example.org", lms="103"),
    Person("dee", "Dee", "Late", email="dee@example.org", lms="104"),
    Person("eve", "Eve", "Absent", email="eve@example.org", lms="105"),
]


@pytest.fixture(scope="session")
def graded_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course of `graded`. Grading takes seconds, copying what it left nothing."""
    root = shutil.copytree(template, tmp_path_factory.mktemp("graded-template") / "course")
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    course = find_course(root)
    for student in ("ada", "bob", "dee"):
        submit(course, student)
    wrong = "def add(a, b):\n    return a - b"
    submit(course, "cy", lambda notebook: setattr(find(notebook, "add"), "source", wrong))
    (course.submitted / "dee" / ASSIGNMENT / "timestamp.txt").write_text("2026-03-02 14:05:00 UTC")
    grade(course, ASSIGNMENT, engine=FakeEngine(), feedback=False)
    write_students(course, PEOPLE)
    with open_gradebook(course) as gradebook:
        gradebook.find_assignment(ASSIGNMENT).duedate = datetime(2026, 3, 1, 12)
        for student, points, extra in [("ada", 1.5, 0.25), ("cy", 2, None), ("dee", 2, None)]:
            by_hand = gradebook.find_grade("why", "numbers", ASSIGNMENT, student)
            by_hand.manual_score, by_hand.needs_manual_grade, by_hand.extra_credit = points, False, extra
        gradebook.db.commit()
    return root


@pytest.fixture
def graded(graded_template: Path, tmp_path: Path) -> Course:
    """Ada has all marks and extra credit, Bob waits, Cy is wrong, Dee late, Eve has handed in nothing."""
    return find_course(shutil.copytree(graded_template, tmp_path / "course"))


def extend(course: Course, student: str, **more: float) -> None:
    """Give a student more time."""
    with open_gradebook(course) as gradebook:
        gradebook.find_submission(ASSIGNMENT, student).extension = timedelta(**more)
        gradebook.db.commit()
