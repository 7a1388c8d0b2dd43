"""nbgrader's gradebook: opening it with errors that help, and reading and writing what grading needs."""

import os
import warnings
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError, SAWarning

from autograder.course import Course, CourseError
from autograder.result import Mark

if TYPE_CHECKING:  # nbgrader takes a second to import, and reading what is there needs none of it
    from nbgrader.api import Gradebook

_GRADES = """
SELECT submitted_assignment.student_id, notebook.name, base_cell.name, grade.auto_score, grade.manual_score,
       grade.extra_credit, grade.needs_manual_grade
FROM grade
JOIN base_cell ON base_cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN notebook ON notebook.id = submitted_notebook.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
JOIN assignment ON assignment.id = submitted_assignment.assignment_id
WHERE assignment.name = :assignment
"""
_COMMENTS = """
SELECT submitted_assignment.student_id, notebook.name, base_cell.name, comment.auto_comment, comment.manual_comment
FROM comment
JOIN base_cell ON base_cell.id = comment.cell_id
JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id
JOIN notebook ON notebook.id = submitted_notebook.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
JOIN assignment ON assignment.id = submitted_assignment.assignment_id
WHERE assignment.name = :assignment
"""
_TIMES = """
SELECT submitted_assignment.student_id, submitted_assignment.timestamp, submitted_assignment.extension,
       assignment.duedate
FROM submitted_assignment JOIN assignment ON assignment.id = submitted_assignment.assignment_id
WHERE assignment.name = :assignment
"""
_PENALTIES = """
SELECT submitted_assignment.student_id, notebook.name, submitted_notebook.late_submission_penalty
FROM submitted_notebook
JOIN notebook ON notebook.id = submitted_notebook.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
JOIN assignment ON assignment.id = submitted_assignment.assignment_id
WHERE assignment.name = :assignment AND submitted_notebook.late_submission_penalty > 0
"""
_CELLS = """
SELECT notebook.name, source_cell.name, source_cell.checksum
FROM source_cell
JOIN notebook ON notebook.id = source_cell.notebook_id
JOIN assignment ON assignment.id = notebook.assignment_id
WHERE assignment.name = :assignment
"""


@dataclass(frozen=True)
class Row:
    """What the gradebook holds of one cell that carries points."""

    auto: float | None
    manual: float | None = None
    extra: float | None = None
    waits: bool = False

    @property
    def mark(self) -> Mark:
        """What it comes to: a person's mark goes before the tests', extra credit comes on top."""
        points = self.manual if self.manual is not None else self.auto or 0.0
        return Mark(float(points + (self.extra or 0.0)), self.waits, self.manual is not None)

    def regraded(self, auto: float | None, *, changed: bool) -> "Row":
        """What it is when tests give another score: a person's mark stays, to be reviewed if the cell changed."""
        return replace(self, auto=auto, waits=auto is None if self.manual is None else self.waits or changed)


Rows = Mapping[str, Mapping[str, Row]]  # by notebook and cell


@dataclass
class Marks:
    """What the gradebook holds of an assignment."""

    rows: dict[str, dict[str, dict[str, Row]]] = field(default_factory=dict)
    """By student, notebook and cell."""
    comments: dict[str, list[list[str | None]]] = field(default_factory=dict)
    """By student."""
    times: dict[str, str] = field(default_factory=dict)
    """When each submission was handed in and was due, as text; for comparing only."""
    penalties: dict[str, dict[str, float]] = field(default_factory=dict)
    """Points taken off for handing in late, by student and notebook, where there are any."""
    cells: list[list[str]] = field(default_factory=list)
    """The exercise's own cells: notebook, name, checksum."""


def read_gradebook(course: Course, assignment: str) -> Marks:
    """Read what the gradebook holds of an assignment, quickly; nothing if there is no gradebook yet.

    Raises:
        CourseError: if it cannot be read.
    """
    marks = Marks()
    with reading(course) as connection:
        if connection is None:
            return marks

        def rows(query: str) -> list[Any]:
            return list(connection.execute(text(query), {"assignment": assignment}))

        for student, notebook, cell, auto, manual, extra, waits in rows(_GRADES):
            of_student = marks.rows.setdefault(student, {})
            of_student.setdefault(notebook, {})[cell] = Row(auto, manual, extra, bool(waits))
        for student, *comment in sorted(map(list, rows(_COMMENTS)), key=str):
            marks.comments.setdefault(student, []).append(comment)
        for student, handed_in, extension, due in rows(_TIMES):
            marks.times[student] = _times(handed_in, extension, due)
        for student, notebook, penalty in rows(_PENALTIES):
            marks.penalties.setdefault(student, {})[notebook] = float(penalty)
        marks.cells = sorted([str(part) for part in row] for row in rows(_CELLS))
    return marks


@contextmanager
def reading(course: Course) -> Iterator[Connection | None]:
    """Connect to the gradebook for reading, without nbgrader; None if there is none yet.

    Raises:
        CourseError: if it cannot be read.
    """
    url = make_url(course.gradebook_url)
    if url.get_backend_name() == "sqlite" and not (url.database and os.path.exists(url.database)):
        yield None
        return
    with explain_database_errors(course):
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                yield connection if inspect(connection).has_table("grade") else None
        finally:
            engine.dispose()


@dataclass(frozen=True)
class NotebookRecord:
    """What is to be written of one notebook of a submission."""

    scores: Mapping[str, float | None]
    """What the tests give, by cell; None where a person has to say."""
    comments: Mapping[str, str | None] = field(default_factory=dict)
    changed: Collection[str] = ()
    """Cells that a person who has marked them should look at again."""
    ran: bool = True
    """Whether there was a notebook to run: a penalty for handing in late is for those."""


@dataclass(frozen=True)
class Recorded:
    """What the gradebook holds of a submission after it was recorded."""

    rows: Rows
    times: str
    """As in `Marks.times`."""


class GradebookWriter:
    """The one writer of the gradebook, opened once: what nbgrader's autograde writes, a submission at a time."""

    def __init__(self, course: Course, gradebook: "Gradebook") -> None:
        """Write to an open gradebook."""
        from nbgrader.preprocessors import AssignLatePenalties

        self._gradebook = gradebook
        self._penalties = AssignLatePenalties(config=course.config)
        self._penalties.init_plugin()
        # Names by id: asking each grade for its cell would be a query each, most of the time that recording takes.
        self._names = dict(map(tuple, gradebook.db.execute(text("SELECT id, name FROM base_cell"))))

    def record(
        self, assignment: str, student: str, notebooks: Mapping[str, NotebookRecord], timestamp: str | None = None
    ) -> "Recorded":
        """Record a submission, all of it or, if something goes wrong, nothing.

        Marks that a person has given stay, and those of changed cells are flagged for review, as nbgrader does.

        Args:
            assignment: its name.
            student: who handed it in; a student whom the gradebook does not know is added.
            notebooks: what came of each notebook of the assignment.
            timestamp: when it was handed in.

        Returns:
            What the gradebook then holds.
        """
        from nbgrader.utils import parse_utc

        with transaction(self._gradebook) as session:
            self._gradebook.update_or_create_student(student)
            known = {} if timestamp is None else {"timestamp": parse_utc(timestamp)}
            submission = self._gradebook.update_or_create_submission(assignment, student, **known)
            self._add_new_notebooks(submission)
            session.flush()
            written = {}
            for notebook in submission.notebooks:
                if notebook.name in notebooks:
                    written[notebook.name] = _record_notebook(notebook, notebooks[notebook.name], self._names)
                    notebook.late_submission_penalty = None
            session.flush()
            for notebook in submission.notebooks:
                if notebook.name in notebooks and notebooks[notebook.name].ran and submission.total_seconds_late > 0:
                    session.refresh(notebook)
                    penalty = self._penalties.plugin_inst.late_submission_penalty(
                        student, notebook.score, submission.total_seconds_late
                    )
                    if penalty is not None:
                        penalty = self._penalties._check_late_penalty(notebook, penalty)
                    notebook.late_submission_penalty = penalty
            session.flush()
            values = {"assignment": assignment, "student": student}
            ((_, *times),) = session.execute(text(f"{_TIMES} AND submitted_assignment.student_id = :student"), values)
        return Recorded(written, _times(*times))

    def _add_new_notebooks(self, submission: Any) -> None:
        """Add notebooks that the assignment got after the submission was recorded first; nbgrader fails on those."""
        from nbgrader.api import Comment, Grade, SubmittedNotebook

        known = {notebook.notebook_id for notebook in submission.notebooks}
        for notebook in submission.assignment.notebooks:
            if notebook.id in known:
                continue
            added = SubmittedNotebook(notebook=notebook, assignment=submission)
            for cell in [*notebook.grade_cells, *notebook.task_cells]:
                Grade(cell_id=cell.id, notebook=added)
            for cell in [*notebook.solution_cells, *notebook.task_cells]:
                Comment(cell_id=cell.id, notebook=added)


def _times(handed_in: object, extension: object, due: object) -> str:
    return f"{handed_in} / {due} + {extension}"


def _record_notebook(notebook: Any, record: NotebookRecord, names: Mapping[str, str]) -> dict[str, Row]:
    written = {}
    for grade in notebook.grades:
        if (name := names[grade.cell_id]) not in record.scores:
            continue
        row = Row(grade.auto_score, grade.manual_score, grade.extra_credit, bool(grade.needs_manual_grade))
        score = record.scores[name]
        score = None if score is None else float(score)  # as the database will give it back
        row = row.regraded(score, changed=name in record.changed)
        grade.auto_score, grade.needs_manual_grade = row.auto, row.waits
        written[name] = row
    for comment in notebook.comments:
        if (name := names[comment.cell_id]) in record.comments:
            comment.auto_comment = record.comments[name]
    return written


@contextmanager
def open_gradebook(course: Course) -> Iterator["Gradebook"]:
    """Open the course's gradebook, making it if there is none (which takes a few seconds).

    Raises:
        CourseError: if it cannot be opened, or another version of nbgrader has made it.
    """
    from nbgrader.api import Gradebook

    with explain_database_errors(course), warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # about how nbgrader makes a submission
        with Gradebook(course.gradebook_url, course.course_id) as gradebook:
            yield gradebook


@contextmanager
def transaction(gradebook: "Gradebook") -> Iterator[Any]:
    """Make one transaction of what nbgrader's methods would commit one by one, each waiting for the disk."""
    session = gradebook.db
    session.commit = session.flush
    try:
        yield session
    except BaseException:
        del session.commit
        session.rollback()
        raise
    del session.commit
    try:
        session.commit()
    except BaseException:
        session.rollback()
        raise
    session.expunge_all()  # what a person does in formgrader meanwhile is seen by the next transaction


def is_database_error(error: BaseException) -> bool:
    """Whether `explain_database_errors` explains it: one of the database's, or what nbgrader makes of that."""
    return isinstance(error, DatabaseError) or isinstance(error.__context__, DatabaseError)


@contextmanager
def explain_database_errors(course: Course) -> Iterator[None]:
    """Turn what can be wrong with the gradebook into a `CourseError`."""
    where = f"The gradebook {course.gradebook_url}"
    try:
        try:
            yield
        except ValueError as error:  # nbgrader's InvalidEntry
            if isinstance(error.__context__, DatabaseError):
                raise error.__context__ from None
            raise
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
        if "full" in what or "disk I/O" in what:
            raise CourseError(
                f"{where} cannot be written: {what}. Make room on the disk, then run the same command to go on."
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


def read_marks(gradebook: "Gradebook", assignment: str, notebook: str, student: str) -> dict[str, Mark]:
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


def forget_assignment(course: Course, assignment: str) -> None:
    """Remove an assignment with all its marks from the gradebook, hand-given ones too."""
    from nbgrader.api import MissingEntry

    with open_gradebook(course) as gradebook:
        try:
            gradebook.remove_assignment(assignment)
        except MissingEntry:
            return
