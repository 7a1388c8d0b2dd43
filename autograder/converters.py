"""nbgrader's converters, run inside this process: quietly, with the reason of a failure kept."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import DatabaseError
from traitlets.config import Config

from autograder.course import Course
from autograder.gradebook import explain_database_errors
from autograder.log import LOG

_LOG = logging.getLogger(LOG)


class ConversionError(Exception):
    """nbgrader could not convert a notebook; the cause is the exception that stopped it."""


class _KeepsFailure(BaseConverter):
    """Keeps the exception that nbgrader itself only writes to its log."""

    failure: Exception | None = None

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        with self._keep():
            super().init_assignment(assignment_id, student_id)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        with self._keep():
            super().convert_single_notebook(notebook_filename)

    @contextmanager
    def _keep(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.failure = error
            raise


class QuietGenerateAssignment(_KeepsFailure, GenerateAssignment):
    """`nbgrader generate_assignment`."""


def make_converter(
    kind: type[_KeepsFailure], course: Course, assignment: str, student: str = "*", settings: Config | None = None
) -> _KeepsFailure:
    """Make a converter for one assignment that overwrites what is there.

    Args:
        kind: one of the classes above.
        course: whose settings to use.
        assignment: its name.
        student: one student, or "*" for all.
        settings: what goes before the course's settings.
    """
    config = deepcopy(course.config)
    config.merge(settings or Config())
    folders = CourseDirectory(config=config, log=_LOG, root=str(course.root))
    folders.assignment_id = assignment
    folders.student_id = student
    converter = kind(coursedir=folders, config=config, log=_LOG)
    converter.force = True
    return converter


def run(converter: _KeepsFailure, course: Course) -> None:
    """Run a converter.

    Raises:
        ConversionError: if a notebook could not be converted.
        CourseError: if the gradebook cannot be used.
    """
    with warnings.catch_warnings(), explain_database_errors(course):
        warnings.simplefilter("ignore")  # SQLAlchemy's and nbformat's, about nbgrader itself
        try:
            converter.start()
        except (NbGraderException, SystemExit) as error:
            cause = converter.failure or error
            if isinstance(cause, DatabaseError):
                raise cause from None
            raise ConversionError(f"{type(cause).__name__}: {cause}") from cause
