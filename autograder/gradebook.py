"""nbgrader's gradebook: opening it with errors that help, and reading and writing what grading needs."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import DatabaseError, OperationalError, SAWarning

from autograder.course import Course, CourseError
from autograder.result import Mark


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """Open the course's gradebook, making it if there is none (which takes a few seconds).

    Raises:
        CourseError: if it cannot be opened, or another version of nbgrader has made it.
    """
    with explain_database_errors(course), warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # about how nbgrader makes a submission
        with Gradebook(course.gradebook_url, course.course_id) as gradebook:
            yield gradebook


@contextmanager
def explain_database_errors(course: Course) -> Iterator[None]:
    """Turn what can be wrong with the gradebook into a `CourseError`."""
    where = f"The gradebook {course.gradebook_url}"
    try:
        yield
    except OperationalError as error:
        what = str(error.orig)
        if "locked" in what:
            raise CourseError(
                f"{where} is in use by another program. Wait until that is done, then run again."
            ) from error
        if "no such" in what or "no column" in what:
            raise CourseError(
                f"{where} was made by another version of nbgrader ({what}). "
                "Make a copy of it, then run `nbgrader db upgrade`."
            ) from error
        raise CourseError(
            f"{where} cannot be opened: {what}. Look whether its folder exists and can be written to."
        ) from error
    except DatabaseError as error:
        raise CourseError(f"{where} is no gradebook: {error.orig}. Move it away; a new one is made.") from error
    except FileNotFoundError as error:
        if error.filename != "alembic":
            raise
        raise CourseError(
            f"{where} cannot be made: nbgrader needs the program `alembic`. "
            "It is in the environment's bin folder: put that on the PATH, or use `make grade`."
        ) from error


def read_marks(gradebook: Gradebook, assignment: str, notebook: str, student: str) -> dict[str, Mark]:
    """Return what the gradebook says of one notebook, by the graded cells' names."""
    submission = gradebook.find_submission_notebook(notebook, assignment, student)
    return {
        grade.name: Mark(
            points=float(grade.score or 0.0),
            waits=bool(grade.needs_manual_grade),
            by_hand=grade.manual_score is not None,
        )
        for grade in submission.grades
    }


def record_zero(gradebook: Gradebook, assignment: str, student: str) -> None:
    """Give a submission that cannot be graded no points, as nbgrader does for a missing notebook.

    Marks of an earlier version of it would stand in the gradebook otherwise. What a person has given stays.
    """
    gradebook.update_or_create_student(student)
    submission = gradebook.update_or_create_submission(assignment, student)
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            grade.auto_score = 0.0
            grade.needs_manual_grade = False
    gradebook.db.commit()


def forget_assignment(course: Course, assignment: str) -> None:
    """Remove an assignment with all its marks from the gradebook, hand-given ones too."""
    with open_gradebook(course) as gradebook:
        try:
            gradebook.remove_assignment(assignment)
        except MissingEntry:
            return
