"""Grading a class: every submission is run and scored by nbgrader, one after the other, whatever is wrong with one."""

import glob
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from nbgrader.utils import rmtree
from traitlets.config import Config

from autograder.blank import release_notebook
from autograder.converters import (
    LOG,
    ConversionError,
    QuietAutograde,
    QuietGenerateFeedback,
    log_stream,
    log_to,
    make_converter,
    run,
)
from autograder.course import Course, CourseError, check_student, suggest
from autograder.gradebook import open_gradebook, read_marks, record_zero
from autograder.notebook import NotebookError, code_cells, imported_modules, read_notebook
from autograder.release import record_cells
from autograder.result import QuestionResult, SubmissionResult, question_results, ungraded_results
from autograder.sanitize import restore
from autograder.timed import TimedExecute
from autograder.verdict import Verdict

SUBMISSION_FACTOR = 10  # a submission may run as long as this many cells that each take all their time


@dataclass(frozen=True)
class Assignment:
    """An assignment, ready to be graded: its notebooks by name, with answers and as they were handed out."""

    name: str
    sources: dict[str, NotebookNode]
    releases: dict[str, NotebookNode]

    @property
    def modules(self) -> tuple[str, ...]:
        """What its notebooks import."""
        return tuple(imported_modules(c.source for source in self.sources.values() for c in code_cells(source)))

    def ungraded(self, verdict: Verdict, reason: str) -> tuple[QuestionResult, ...]:
        """No points for any question."""
        return tuple(
            result
            for name, source in self.sources.items()
            for result in self.named(name, ungraded_results(source, verdict, reason))
        )

    def named(self, notebook: str, results: Iterable[QuestionResult]) -> list[QuestionResult]:
        """Put a notebook's name before its questions' where an assignment has several."""
        if len(self.sources) == 1:
            return list(results)
        return [replace(result, question=f"{notebook}/{result.question}") for result in results]


class UngradableError(Exception):
    """A submission that cannot be graded; the text says why."""

    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict, self.reason = verdict, reason


def grade(
    course: Course,
    assignment: str,
    *,
    students: Sequence[str] = (),
    cell_seconds: int | None = None,
    on_start: Callable[[list[str]], None] = lambda students: None,
    on_student: Callable[[str], None] = lambda student: None,
    on_result: Callable[[SubmissionResult], None] = lambda result: None,
) -> list[SubmissionResult]:
    """Grade the submissions of an assignment, with feedback pages.

    What was graded before is graded anew. nbgrader's own messages go to grading/report/`assignment`.log.

    Args:
        course: the course.
        assignment: its name.
        students: whose submissions; all of them if empty.
        cell_seconds: how long a cell may run, by default what nbgrader_config.py says.
        on_start: called with the names of the students before the first is graded.
        on_student: called with each student's name before that submission is graded.
        on_result: called with each result.

    Raises:
        CourseError: if there is no such assignment, or nothing to grade.
    """
    chosen = choose_students(course, assignment, students)
    with log_to(report_folder(course) / f"{assignment}.log"):
        exercise = load_assignment(course, assignment)
        record_cells(course, assignment)
        on_start(chosen)
        results = []
        for student in chosen:
            on_student(student)
            results.append(grade_submission(course, exercise, student, cell_seconds or course.cell_seconds))
            on_result(results[-1])
    return results


def choose_students(course: Course, assignment: str, students: Sequence[str] = ()) -> list[str]:
    """Return whose submissions to grade.

    Raises:
        CourseError: if there are none, or one of `students` has not handed in.
    """
    course.notebooks(assignment)
    present = course.students(assignment)
    where = f"{course.relative(course.submitted)}/<student>/{assignment}/"
    if not present:
        raise CourseError(
            f"No submissions in {where}. Bring them in: autograder collect FOLDER --assignment {assignment}"
        )
    for student in students:
        if student not in present:
            raise CourseError(f"No submission of {student!r} in {where}. {suggest(student, present, 'There are')}")
    return [student for student in present if not students or student in students]


def report_folder(course: Course) -> Path:
    """Where reports are written."""
    return course.grading / "report"


def load_assignment(course: Course, assignment: str) -> Assignment:
    """Read an assignment's solution notebooks.

    Raises:
        CourseError: if one cannot be read.
    """
    sources = {}
    for path in course.notebooks(assignment):
        try:
            sources[path.stem] = read_notebook(path)
        except NotebookError as error:
            raise CourseError(f"{course.relative(path)} {error}") from error
    releases = {name: release_notebook(source, course.config) for name, source in sources.items()}
    return Assignment(assignment, sources, releases)


def grade_submission(course: Course, exercise: Assignment, student: str, cell_seconds: int) -> SubmissionResult:
    """Grade one submission, whatever is wrong with it, and write its feedback page."""
    notes: list[str] = []
    try:
        notes += _check_files(course, exercise, student)
        notes += _autograde(course, exercise, student, cell_seconds)
        results = tuple(_read_results(course, exercise, student))
    except CourseError:  # the gradebook, not the submission
        raise
    except Exception as error:  # whatever it is, the others are graded all the same
        if not isinstance(error, UngradableError):
            logging.getLogger(LOG).exception("grading %s", student)
            error = UngradableError(Verdict.ERROR, f"grading it failed: {type(error).__name__}: {error}")
        _forget(course, exercise.name, student)
        return SubmissionResult(student, exercise.ungraded(error.verdict, error.reason), tuple(notes), error.reason)
    try:
        run(make_converter(QuietGenerateFeedback, course, exercise.name, glob.escape(student)), course)
    except ConversionError as error:
        notes.append(f"no feedback page: {error}")
    return SubmissionResult(student, results, tuple(notes))


def _check_files(course: Course, exercise: Assignment, student: str) -> Iterator[str]:
    """Look whether there is something to run; yield what is worth a note."""
    try:
        check_student(student)
    except CourseError as error:
        raise UngradableError(Verdict.ERROR, str(error)) from error
    folder = course.submitted / student / exercise.name
    missing = [name for name in exercise.sources if not (folder / f"{name}.ipynb").exists()]
    if len(missing) == len(exercise.sources):
        others = sorted(path.name for path in folder.glob("*") if path.is_file())
        found = f"; there is: {', '.join(others[:3])}" if others else ""
        raise UngradableError(Verdict.MISSING, f"no {missing[0]}.ipynb was handed in{found}")
    for name in exercise.sources:
        if name in missing:
            yield f"no {name}.ipynb was handed in"
            continue
        try:
            read_notebook(folder / f"{name}.ipynb")
        except NotebookError as error:
            raise UngradableError(Verdict.UNREADABLE, f"{name}.ipynb {error}") from error


def _autograde(course: Course, exercise: Assignment, student: str, cell_seconds: int) -> list[str]:
    """Run and score a submission with nbgrader; return notes."""
    notes: list[str] = []
    executed: list[TimedExecute] = []

    def restore_cells(notebook: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        name = resources["nbgrader"]["notebook"]
        if name in exercise.sources:
            notes.extend(restore(notebook, exercise.sources[name], exercise.releases[name]))
        return notebook, resources

    def execute(notebook: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        executed.append(TimedExecute(parent=converter))
        executed[-1].modules = exercise.modules
        executed[-1].kernel_output = log_stream()
        return executed[-1](notebook, resources)

    settings = Config()
    settings.Execute.timeout = cell_seconds
    settings.TimedExecute.total_seconds = SUBMISSION_FACTOR * cell_seconds
    converter = make_converter(QuietAutograde, course, exercise.name, glob.escape(student), settings)
    converter.sanitize_preprocessors = [restore_cells, *converter.sanitize_preprocessors]
    converter.autograde_preprocessors = [execute if p is Execute else p for p in converter.autograde_preprocessors]
    try:
        run(converter, course)
    except ConversionError as error:
        if isinstance(error.__cause__, DeadKernelError):
            reason = f"the process ended while it ran cell {executed[-1].running} (os._exit, a crash, or out of memory)"
            raise UngradableError(Verdict.KILLED, reason) from error
        raise UngradableError(Verdict.ERROR, f"nbgrader could not grade it: {error}") from error
    if any(each.hurried for each in executed):
        notes.append(f"ran into the limit of {SUBMISSION_FACTOR * cell_seconds} s in all: later cells got less time")
    return notes


def _read_results(course: Course, exercise: Assignment, student: str) -> Iterator[QuestionResult]:
    """Read what came of it, from the autograded notebooks and the gradebook."""
    for name, source in exercise.sources.items():
        path = course.autograded / student / exercise.name / f"{name}.ipynb"
        if not path.exists():
            missing = ungraded_results(source, Verdict.MISSING, f"no {name}.ipynb was handed in")
            yield from exercise.named(name, missing)
            continue
        executed = read_notebook(path)
        with open_gradebook(course) as gradebook:
            marks = read_marks(gradebook, exercise.name, name, student)
        yield from exercise.named(name, question_results(source, exercise.releases[name], executed, marks))


def _forget(course: Course, assignment: str, student: str) -> None:
    """Leave nothing of an earlier grading of a submission that now cannot be graded."""
    for folder in (course.autograded, course.feedback):
        if (folder / student / assignment).exists():
            rmtree(str(folder / student / assignment))
    with open_gradebook(course) as gradebook:
        record_zero(gradebook, assignment, student)
