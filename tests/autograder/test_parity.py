"""The executor that the audit uses gives the marks that nbgrader gives, cell by cell, on the same submissions."""

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.audit import executed, load_exercise
from autograder.collect import collect
from autograder.course import Course, find_course
from autograder.execute import Executor, Job, Limits
from autograder.grade import grade
from autograder.gradebook import open_gradebook, read_marks
from autograder.notebook import cells_by_id, code_cells, imported_modules, is_test, read_notebook
from autograder.result import SubmissionResult
from autograder.sample import make_class, write_class
from autograder.verdict import judge
from tests.autograder.small_course import REPOSITORY

CELL_SECONDS = 4


def grade_sample_class(course: Course, solution: Path) -> dict[str, SubmissionResult]:
    """Make, collect and grade the sample class of an exercise, as `make grade` does."""
    assignment = solution.parent.name
    folder = course.grading / "sample"
    write_class(make_class(load_exercise(course, solution)), folder, solution.stem)
    assert len(list(collect(course, assignment, folder))) >= 8
    return {result.student: result for result in grade(course, assignment, cell_seconds=CELL_SECONDS)}


def marks_by_nbgrader(course: Course, solution: Path, student: str) -> dict[str, float]:
    with open_gradebook(course) as gradebook:
        marks = read_marks(gradebook, solution.parent.name, solution.stem, student)
    return {name: mark.points for name, mark in marks.items()}


def marks_by_executor(course: Course, solution: Path, students: list[str]) -> dict[str, dict[str, float]]:
    """Run what nbgrader ran, its restored and sanitised notebooks, and judge the tests."""
    notebooks = [
        read_notebook(course.autograded / student / solution.parent.name / solution.name) for student in students
    ]
    modules = imported_modules(cell.source for cell in code_cells(notebooks[0]))
    jobs = [
        Job(number, tuple(cell.source for cell in code_cells(notebook)), solution.parent)
        for number, notebook in enumerate(notebooks)
    ]
    marks = {}
    with Executor(modules, jobs_at_once=1, limits=Limits(cell_seconds=CELL_SECONDS)) as executor:
        for execution in executor.run(jobs):
            cells = cells_by_id(executed(notebooks[execution.key], execution))
            marks[students[execution.key]] = {
                name: judge(cell.outputs, cell.metadata.nbgrader.points, stderr_fails=True).points
                for name, cell in cells.items()
                if is_test(cell)
            }
    return marks


def assert_parity(course: Course, solution: Path, results: dict[str, SubmissionResult]) -> None:
    students = [student for student, result in results.items() if not result.problem]
    assert len(students) >= 8
    for student, marks in marks_by_executor(course, solution, students).items():
        by_nbgrader = marks_by_nbgrader(course, solution, student)
        assert marks == {name: by_nbgrader[name] for name in marks}, student
        assert len(marks) >= 3


@pytest.mark.slow
def test_small_exercise(course: Course) -> None:
    (solution,) = course.solutions.glob("*/*.ipynb")
    assert_parity(course, solution, grade_sample_class(course, solution))


# --- the course's own exercises --------------------------------------------------------------------------------------

SOLUTIONS = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.parent.name)
def test_exercise(solution: Path, course: Course) -> None:
    """The sample class gets the marks that the corpus foretells, by nbgrader and by the executor."""
    repository = find_course(REPOSITORY)
    # Only the gradebook and what is handed in are the small course's.
    here = replace(course, config=course.config.copy())
    for name in ("source_directory", "release_directory"):
        here.config.CourseDirectory[name] = str(REPOSITORY / repository.config.CourseDirectory[name])
    exercise = load_exercise(repository, solution)
    write_class(make_class(exercise), course.grading / "sample", solution.stem)
    assert len(list(collect(here, solution.parent.name, course.grading / "sample"))) >= 8
    results = {r.student: r for r in grade(here, solution.parent.name, cell_seconds=20)}
    assert_parity(here, solution, results)
