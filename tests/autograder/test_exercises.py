"""Whole exercises: the sample class gets its marks, and the executor gives those of nbgrader, cell by cell.

The executor is what the audit uses; that its marks are nbgrader's is what makes the audit worth something.
"""

import shutil
from pathlib import Path

import pytest

from autograder.audit import audit, executed, load_exercise
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

CELL_SECONDS = 10  # training takes a while on a busy machine


def grade_sample_class(course: Course, solution: Path) -> dict[str, SubmissionResult]:
    """Make, collect and grade the sample class of an exercise, as `make grade` does."""
    assignment = solution.parent.name
    exercise = load_exercise(course, solution)
    samples = make_class(exercise)
    tested = {question.name for question in exercise.tested}
    write_class(samples, course.grading / "sample", solution.stem)
    assert len(list(collect(course, assignment, course.grading / "sample"))) >= 8
    results = {result.student: result for result in grade(course, assignment, cell_seconds=CELL_SECONDS)}
    for sample in samples:
        lost = {
            q.question: q.max_points - q.points
            for q in results[sample.student].questions
            if q.question in tested and q.points < q.max_points
        }
        assert lost == sample.loses, sample
    return results


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
    for folder in ("solutions", "sources"):
        shutil.rmtree(course.root / folder)
        shutil.copytree(REPOSITORY / folder, course.root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    copied = course.solutions / solution.parent.name / solution.name
    assert_parity(course, copied, grade_sample_class(course, copied))


def test_there_are_exercises() -> None:
    assert SOLUTIONS, "solutions/ holds no notebook: run `make notebooks`"


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("assignment", find_course(REPOSITORY).assignments())
def test_audit(assignment: str) -> None:
    """Its tests tell right from wrong."""
    result = audit(find_course(REPOSITORY), [assignment])
    assert result.failures == []
    assert result.questions >= 5 and result.wrong >= 4 * result.questions and result.right >= 2 * result.questions
