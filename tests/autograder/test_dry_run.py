"""Regrading: what a corrected test changes is said before it is written, and what a person has given stays."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.course import Course, CourseError
from autograder.grade import ClassResult, grade
from autograder.gradebook import open_gradebook, read_gradebook
from autograder.report import what_would_change
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ADD_TEST, ASSIGNMENT, find, submit, write_notebook
from tests.autograder.test_report import shown


def answer_with(name: str, source: str) -> Callable[[NotebookNode], None]:
    return lambda notebook: find(notebook, name).update(source=source)


@pytest.fixture
def graded(course: Course) -> Course:
    """Ada is right, Bob adds in a way that the test is wrong about, Cy has no idea; all have marks by hand."""
    submit(course, "ada")
    submit(course, "bob", answer_with("add", "def add(a, b):\n    return float(a - -b) + 1e-3"))
    submit(course, "cy", answer_with("add", "def add(a, b):\n    return a"))
    run(course)
    with open_gradebook(course) as gradebook:
        for student in ("ada", "bob"):
            by_hand = gradebook.find_grade("why", "numbers", ASSIGNMENT, student)
            by_hand.manual_score, by_hand.needs_manual_grade = 1.5, False
            gradebook.find_comment("why", "numbers", ASSIGNMENT, student).manual_comment = f"Well said, {student}."
        overruled = gradebook.find_grade("add_test", "numbers", ASSIGNMENT, "cy")
        overruled.manual_score, overruled.extra_credit = 0.5, 0.25
        gradebook.db.commit()
    return course


def run(course: Course, **options: object) -> ClassResult:
    return grade(course, ASSIGNMENT, engine=FakeEngine(), feedback=False, **options)


def correct_the_test(course: Course) -> None:
    path = course.solutions / ASSIGNMENT / "numbers.ipynb"
    notebook = nbformat.read(path, as_version=4)
    find(notebook, "add_test").source = ADD_TEST.replace('"1 + 2"', '"1 + 2", atol=0.01').replace(
        '"20 + 22"', '"20 + 22", atol=0.01'
    )
    write_notebook(path, notebook)


def everything_written(course: Course) -> dict[Path, bytes]:
    """All that grading writes but the results that it stores, and the log."""
    kept = [course.autograded, course.feedback, *course.grading.glob("results/*/graded"), course.exercises]
    files = [path for folder in kept for path in folder.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in [*files, course.grading / "gradebook.db"]}


def by_hand(course: Course) -> dict[str, object]:
    marks = read_gradebook(course, ASSIGNMENT)
    given = {}
    for student, notebooks in marks.rows.items():
        rows = notebooks["numbers"].items()
        scores = [(cell, row.manual, row.extra) for cell, row in rows if row.manual is not None]
        given[student] = scores + [comment for comment in marks.comments[student] if comment[-1]]
    return given


def test_what_would_change_is_said_and_not_written(graded: Course) -> None:
    before, hand = everything_written(graded), by_hand(graded)
    assert all(hand[student] for student in ("ada", "bob", "cy"))
    correct_the_test(graded)
    told = run(graded, dry_run=True)
    assert told.changes == {"bob": ("5.5 → 7.5", "add 0 → 2")}
    assert everything_written(graded) == before
    assert told.counts == {"graded": 3} and told.pages == 0
    text = shown(what_would_change(told))
    assert "bob: 5.5 → 7.5 (add 0 → 2)" in text and "Nothing was written." in text

    done = run(graded)
    assert done.changes == told.changes  # the same, and nothing runs again
    assert done.counts == {"finished from stored results": 3}
    assert by_hand(graded) == hand
    points = {result.student: result.points for result in done.results}
    assert points == {"ada": 7.5, "bob": 7.5, "cy": 4.75}
    assert run(graded, dry_run=True).changes == {}


def test_marks_by_hand_that_would_be_flagged(graded: Course) -> None:
    """A mark by hand on a cell whose answer or score has changed stays, and is said to be looked at again."""
    submit(graded, "cy", answer_with("add", "def add(a, b):\n    return a + b"))
    submit(graded, "bob", answer_with("why", "Another reason."))
    hand = by_hand(graded)
    told = run(graded, dry_run=True)
    assert told.to_review == {"bob": ("why",), "cy": ("add_test",)}
    assert told.changes == {"bob": ("5.5 → 7.5", "add 0 → 2")}  # cy's is what a person said
    assert "Marks by hand stay; to be looked at again, for what they are for has changed: bob (why), cy" in " ".join(
        shown(what_would_change(told)).split()
    )
    run(graded)
    assert by_hand(graded) == hand
    rows = read_gradebook(graded, ASSIGNMENT).rows
    flagged = {s: [c for c, row in rows[s]["numbers"].items() if row.manual is not None and row.waits] for s in rows}
    assert flagged == {"ada": [], "bob": ["why"], "cy": ["add_test"]}


def test_forcing_keeps_marks_by_hand_too(graded: Course) -> None:
    hand = by_hand(graded)
    assert set(run(graded, dry_run=True, force=True).to_review) == {"ada", "bob", "cy"}
    run(graded, force=True)
    assert by_hand(graded) == hand


def change(course: Course, name: str, **metadata: object) -> None:
    path = course.solutions / ASSIGNMENT / "numbers.ipynb"
    notebook = nbformat.read(path, as_version=4)
    find(notebook, name).metadata.nbgrader.update(metadata)
    write_notebook(path, notebook)


def test_points_that_change(graded: Course) -> None:
    change(graded, "biggest_test", points=3)
    told = run(graded, dry_run=True)
    assert {student: changes[0] for student, changes in told.changes.items()} == {
        "ada": "7.5 → 9.5", "bob": "5.5 → 7.5", "cy": "4.75 → 6.75",
    }  # fmt: skip
    assert run(graded).changes == told.changes


def test_cells_that_change_stop_both(graded: Course) -> None:
    change(graded, "double_test", grade_id="double_test_2")
    for dry_run in (True, False):
        with pytest.raises(CourseError, match="Graded cells were added to 01-numbers or taken from it"):
            run(graded, dry_run=dry_run)


def test_before_anything_is_graded(course: Course) -> None:
    submit(course, "ada")
    (course.grading / "gradebook.db").unlink(missing_ok=True)
    told = run(course, dry_run=True)
    assert told.changes == {} and told.counts == {"graded": 1}
    assert not (course.grading / "gradebook.db").exists() and not course.autograded.exists()
    assert run(course).counts == {"finished from stored results": 1}
