"""What everybody has earned in an assignment, as the gradebook has it today: extra credit, penalties, extensions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, DateTime, Float, Interval, text

from autograder.course import Course, CourseError
from autograder.gradebook import Row, read_gradebook, reading
from autograder.intake.roster import Person
from autograder.notebook import NotebookError, questions, read_notebook
from autograder.students import read_students

_SUBMISSIONS = text(
    "SELECT submitted_assignment.student_id, submitted_assignment.timestamp, submitted_assignment.extension, "
    "assignment.duedate, notebook.name, submitted_notebook.late_submission_penalty "
    "FROM submitted_assignment "
    "JOIN assignment ON assignment.id = submitted_assignment.assignment_id "
    "JOIN submitted_notebook ON submitted_notebook.assignment_id = submitted_assignment.id "
    "JOIN notebook ON notebook.id = submitted_notebook.notebook_id "
    "WHERE assignment.name = :assignment"
).columns(timestamp=DateTime, extension=Interval, duedate=DateTime, late_submission_penalty=Float)


@dataclass(frozen=True)
class Score:
    """What somebody has earned."""

    person: Person
    questions: Mapping[str, float] = field(default_factory=dict)
    """Points by question, with extra credit, before the penalty."""
    waiting: tuple[str, ...] = ()
    """Questions that a person still has to mark."""
    penalty: float = 0.0
    """What being late costs."""
    handed_in: bool = True
    time: datetime | None = None
    """When it was handed in, in UTC."""
    late: timedelta = timedelta()

    @property
    def raw(self) -> float:
        """The points of all questions."""
        return sum(self.questions.values())

    @property
    def total(self) -> float:
        """What counts: the points less the penalty, never below zero, as nbgrader has it."""
        return max(0.0, self.raw - self.penalty)

    @property
    def status(self) -> str:
        """`graded`, `incomplete` or `missing`."""
        if not self.handed_in:
            return "missing"
        return "incomplete" if self.waiting else "graded"


@dataclass(frozen=True)
class ClassMarks:
    """What the class has earned."""

    assignment: str
    questions: Mapping[str, float]
    """The points that each question can give."""
    scores: tuple[Score, ...]
    """Everybody whom the gradebook knows, by student."""
    notes: tuple[str, ...] = ()
    """What to know before the marks go out."""

    @property
    def max_points(self) -> float:
        """What a perfect submission earns, without extra credit."""
        return sum(self.questions.values())


def read_marks_of_class(course: Course, assignment: str) -> ClassMarks:
    """Read what everybody has earned in an assignment.

    A penalty is what the course's late-submission plugin says of today's points, due date and extension. Where it
    says nothing, the penalty in the gradebook counts for who is late.

    Raises:
        CourseError: if there is no such assignment, nothing is graded yet, or the gradebook cannot be read.
    """
    labels, points = _questions(course, assignment)
    rows = read_gradebook(course, assignment).rows
    if not rows:
        raise CourseError(f"Nobody's {assignment} is graded. Run: autograder grade {assignment}")
    with reading(course) as connection:
        assert connection is not None  # there are rows in it
        submissions = _submissions(connection, assignment)
    penalties = _Penalties(course)
    people = {person.student: person for person in read_students(course)}
    scores, notes = [], []
    for student in sorted(people):
        if student not in rows:
            scores.append(Score(people[student], handed_in=False))
            continue
        score, note = _score(people[student], rows[student], submissions[student], labels, points, penalties)
        scores.append(score)
        notes += [note] if note else []
    if ungraded := sorted(set(course.students(assignment)) - set(rows)):
        notes.append(f"handed in, but not graded yet: {', '.join(ungraded)}. Run: autograder grade {assignment}")
    return ClassMarks(assignment, points, tuple(scores), tuple(notes))


@dataclass
class _Submission:
    time: datetime | None
    late: timedelta
    penalties: dict[str, float | None] = field(default_factory=dict)
    """What the gradebook has, by notebook."""


def _submissions(connection: Connection, assignment: str) -> dict[str, _Submission]:
    found: dict[str, _Submission] = {}
    for student, time, extension, due, notebook, penalty in connection.execute(
        _SUBMISSIONS, {"assignment": assignment}
    ):
        late = timedelta()
        if time is not None and due is not None:
            late = max(late, time - due - (extension or timedelta()))
        found.setdefault(student, _Submission(time, late)).penalties[notebook] = penalty
    return found


def _questions(course: Course, assignment: str) -> tuple[dict[tuple[str, str], str], dict[str, float]]:
    """Return the question that each cell belongs to, and what each question can give."""
    labels, points = {}, {}
    paths = course.notebooks(assignment)
    for path in paths:
        try:
            found = questions(read_notebook(path))
        except NotebookError as error:
            raise CourseError(f"{course.relative(path)} {error}") from error
        for question in found:
            label = question.name if len(paths) == 1 else f"{path.stem}/{question.name}"
            points[label] = question.points
            labels |= {(path.stem, cell): label for cell in question.graded}
    return labels, points


def _score(
    person: Person,
    rows: Mapping[str, Mapping[str, Row]],
    submission: _Submission,
    labels: Mapping[tuple[str, str], str],
    points: Mapping[str, float],
    penalties: "_Penalties",
) -> tuple[Score, str]:
    earned = dict.fromkeys(points, 0.0)
    waiting, penalty, note = [], 0.0, ""
    for notebook, cells in rows.items():
        of_notebook = 0.0
        for cell, row in cells.items():
            label = labels.get((notebook, cell))
            if label is None:  # of an earlier version of the exercise
                continue
            earned[label] += row.mark.points
            of_notebook += row.mark.points
            waiting += [label] if row.waits else []
        stored = submission.penalties.get(notebook)
        mine = penalties.of(person.student, of_notebook, submission.late, stored)
        penalty += mine
        if abs(mine - (stored or 0.0)) > 1e-9:
            note = (
                f"{person.student}: the penalty for being late is {mine:g} with today's points, due date and "
                f"extension; the gradebook has {stored or 0:g}, from when it was graded"
            )
    order = list(points)
    mine_waiting = tuple(sorted(dict.fromkeys(waiting), key=order.index))
    return Score(person, earned, mine_waiting, penalty, True, submission.time, submission.late), note


class _Penalties:
    """The course's plugin for late submissions; nbgrader is imported when somebody is late."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._plugin: Any = None

    def of(self, student: str, points: float, late: timedelta, stored: float | None) -> float:
        if late <= timedelta():
            return 0.0
        if self._plugin is None:
            from nbgrader.preprocessors import AssignLatePenalties

            preprocessor = AssignLatePenalties(config=self._course.config)
            preprocessor.init_plugin()
            self._plugin = preprocessor.plugin_inst
        penalty = self._plugin.late_submission_penalty(student, points, late.total_seconds())
        penalty = stored if penalty is None else penalty
        return min(max(0.0, float(penalty or 0.0)), points)  # as nbgrader bounds it
