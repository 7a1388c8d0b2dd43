"""Release: the same bytes each time, the same as nbgrader's, and a gradebook that knows the tests."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.blank import release_notebook
from autograder.course import Course, CourseError
from autograder.gradebook import forget_assignment, open_gradebook
from autograder.notebook import read_notebook
from autograder.release import record_cells, release
from tests.autograder.small_course import ASSIGNMENT, answer, find, graded, make_solution, write_notebook


def exercise_of(course: Course) -> Path:
    return course.exercises / ASSIGNMENT / "numbers.ipynb"


def add_a_question(course: Course) -> None:
    notebook = make_solution()
    notebook.cells += [answer("new", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"), graded("new_test", "assert x", 1)]
    write_notebook(course.solutions / ASSIGNMENT / "numbers.ipynb", notebook)


def recorded_test(course: Course, name: str) -> str:
    with open_gradebook(course) as gradebook:
        return gradebook.find_source_cell(name, "numbers", ASSIGNMENT).source


def test_leaves_out_what_participants_must_not_see(course: Course) -> None:
    text = exercise_of(course).read_text()
    for secret in ("SOLUTION", "HIDDEN", "20 + 22", "return a + b", "numbers add up"):
        assert secret not in text
    assert "NotImplementedError" in text and "YOUR ANSWER HERE" in text


def test_is_what_blank_makes_without_nbgraders_converter(course: Course) -> None:
    solution = read_notebook(course.solutions / ASSIGNMENT / "numbers.ipynb")
    assert nbformat.writes(release_notebook(solution, course.config)) + "\n" == exercise_of(course).read_text()


def test_a_second_release_changes_nothing(course: Course) -> None:
    before = exercise_of(course)
    content, when = before.read_bytes(), before.stat().st_mtime_ns
    assert release(course.root, ASSIGNMENT) == []
    assert (before.read_bytes(), before.stat().st_mtime_ns) == (content, when)


def test_writes_what_is_missing_or_changed_and_removes_what_is_too_much(course: Course) -> None:
    exercise_of(course).write_text("edited")
    (course.exercises / ASSIGNMENT / "old.ipynb").write_text("{}")
    (course.exercises / ASSIGNMENT / ".ipynb_checkpoints").mkdir()
    (course.solutions / ASSIGNMENT / "data.csv").write_text("1,2")
    changed = release(course.root, ASSIGNMENT)
    assert sorted(path.name for path in changed) == ["data.csv", "numbers.ipynb", "old.ipynb"]
    assert sorted(os.listdir(course.exercises / ASSIGNMENT)) == [".ipynb_checkpoints", "data.csv", "numbers.ipynb"]


def test_needs_no_gradebook(course: Course) -> None:
    (course.grading / "gradebook.db").unlink()
    shutil.rmtree(course.exercises)
    assert release(course.root, ASSIGNMENT, record=False) == [exercise_of(course)]
    assert not (course.grading / "gradebook.db").exists()


def test_another_gradebook(course: Course, tmp_path: Path) -> None:
    other = shutil.copy(course.grading / "gradebook.db", tmp_path / "other.db")
    before = (course.grading / "gradebook.db").read_bytes()
    add_a_question(course)
    release(course.root, ASSIGNMENT, gradebook=Path(other))
    assert (course.grading / "gradebook.db").read_bytes() == before


def test_a_solution_that_cannot_be_released_leaves_the_exercise(course: Course) -> None:
    before = exercise_of(course).read_bytes()
    notebook = make_solution()
    find(notebook, "add").source = "### BEGIN SOLUTION\nx = 1"  # never ends
    write_notebook(course.solutions / ASSIGNMENT / "numbers.ipynb", notebook)
    with pytest.raises(CourseError, match=r"solutions/01-numbers cannot be released: .*solution"):
        release(course.root, ASSIGNMENT)
    assert exercise_of(course).read_bytes() == before


def test_an_edited_test_reaches_the_gradebook(course: Course) -> None:
    notebook = make_solution()
    find(notebook, "add_test").source = "assert add(2, 2) == 4"
    write_notebook(course.solutions / ASSIGNMENT / "numbers.ipynb", notebook)
    before = exercise_of(course).read_bytes()
    record_cells(course, ASSIGNMENT)
    assert recorded_test(course, "add_test") == "assert add(2, 2) == 4"
    assert exercise_of(course).read_bytes() == before


def test_new_questions_before_and_after_submissions(course: Course) -> None:
    add_a_question(course)
    release(course.root, ASSIGNMENT)
    assert recorded_test(course, "new_test") == "assert x"

    with open_gradebook(course) as gradebook:
        gradebook.add_student("ann")
        gradebook.add_submission(ASSIGNMENT, "ann")
    write_notebook(course.solutions / ASSIGNMENT / "numbers.ipynb", make_solution())
    with pytest.raises(CourseError, match=r"autograder release 01-numbers --forget-marks \(marks given by hand are"):
        release(course.root, ASSIGNMENT)
    forget_assignment(course, ASSIGNMENT)
    release(course.root, ASSIGNMENT)
    with open_gradebook(course) as gradebook:
        assert len(gradebook.find_notebook("numbers", ASSIGNMENT).grade_cells) == 4


def test_wrong_name(course: Course) -> None:
    with pytest.raises(CourseError, match="There is no assignment '02-words'"):
        release(course.root, "02-words")


def test_answers_that_stand_in_the_way_are_kept(course: Course) -> None:
    notebook = read_notebook(exercise_of(course))
    released = exercise_of(course).read_bytes()
    find(notebook, "add").source = "def add(a, b):\n    return b + a  # an hour's work"
    write_notebook(exercise_of(course), notebook)
    notes = exercise_of(course).with_name("notes.txt")
    notes.write_text("mine")
    kept: list[tuple[Path, Path]] = []
    release(course.root, ASSIGNMENT, on_kept=lambda *pair: kept.append(pair))
    folder = course.grading / "kept" / ASSIGNMENT / "1"
    assert kept == [(exercise_of(course), folder / "numbers.ipynb"), (notes, folder / "notes.txt")]
    assert "an hour's work" in (folder / "numbers.ipynb").read_text() and (folder / "notes.txt").read_text() == "mine"
    assert exercise_of(course).read_bytes() == released and not notes.exists()


def test_what_was_only_run_or_released_before_is_replaced(course: Course) -> None:
    notebook = read_notebook(exercise_of(course))
    find(notebook, "add").outputs = [nbformat.v4.new_output("stream", text="run")]
    find(notebook, "add_test").source = "# an older test"
    write_notebook(exercise_of(course), notebook)
    kept: list[tuple[Path, Path]] = []
    assert release(course.root, ASSIGNMENT, on_kept=lambda *pair: kept.append(pair)) == [exercise_of(course)]
    assert kept == []
