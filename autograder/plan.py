"""What is to be done for each submission: nothing, finish from stored results, or run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from autograder.autograded import given_files, is_intact
from autograder.course import Course, CourseError, check_student
from autograder.gradebook import Marks, Row
from autograder.imports import modules_of_files
from autograder.keys import Conditions, base_key, digest, files_digest, keys_of_tests, unit_key
from autograder.store import Store
from autograder.submission import Submission, read_given, read_submission
from autograder.verdict import Verdict

TIMESTAMP = "timestamp.txt"
# What of nbgrader_config.py says how a release is made from a solution.
_RELEASE_STEPS = (
    "NbGraderPreprocessor",
    "LockCells",
    "ClearSolutions",
    "ClearOutput",
    "CheckCellMetadata",
    "ClearHiddenTests",
    "ClearMarkScheme",
    "ComputeChecksums",
)


class Todo(Enum):
    """What a submission needs."""

    NOTHING = "unchanged"
    FINISH = "finished from stored results"
    RUN = "graded"


@dataclass(frozen=True)
class Trouble:
    """Why a notebook cannot be run."""

    verdict: Verdict
    reason: str


@dataclass
class Plan:
    """What is to be done for one submission."""

    student: str
    todo: Todo
    key: str
    """A digest of all that its result depends on."""
    units: dict[str, str]
    """The key of each notebook that can be run."""
    submission: Submission
    troubles: dict[str, Trouble]
    """The notebooks that cannot."""
    before: dict[str, Any] | None
    """What was recorded when it was graded last."""
    why: str = ""
    """Why it is not left as it is."""
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What `grade_unit` returned, by notebook, as far as it is known."""


class Assignment:
    """An assignment, ready to be graded; its notebooks are parsed when something has to run."""

    def __init__(self, course: Course, name: str, conditions: Conditions) -> None:
        """Read its files.

        Raises:
            CourseError: if there is no such assignment.
        """
        self.course, self.name, self.conditions = course, name, conditions
        self.files = {path.stem: path.read_bytes() for path in course.notebooks(name)}
        self.given = read_given(course.solutions / name, course.ignored)
        self.release_settings = digest({name: settings(course, name) for name in _RELEASE_STEPS})
        self.digest = digest(*(part for item in self.files.items() for part in item), self.release_settings)

    @cached_property
    def overwriting(self) -> dict[str, bytes]:
        """The files that replace a student's."""
        return given_files(self.course, self.name, self.given)

    @cached_property
    def given_digest(self) -> str:
        """A digest of what lies beside the solutions."""
        return files_digest(self.given)

    @cached_property
    def sources(self) -> dict[str, Any]:
        """The solution notebooks."""
        from autograder.notebook import NotebookError, parse_notebook

        sources = {}
        for name, content in self.files.items():
            try:
                sources[name] = parse_notebook(content)
            except NotebookError as error:
                path = self.course.relative(self.course.solutions / self.name / f"{name}.ipynb")
                raise CourseError(f"{path} {error}") from error
        return sources

    @cached_property
    def releases(self) -> dict[str, Any]:
        """What was handed out."""
        from autograder.blank import release_notebook

        return {name: release_notebook(source, self.course.config) for name, source in self.sources.items()}

    @cached_property
    def texts(self) -> dict[str, tuple[str, str]]:
        """Source and release as JSON."""
        import nbformat

        return {n: (nbformat.v4.writes(self.sources[n]), nbformat.v4.writes(self.releases[n])) for n in self.sources}

    @cached_property
    def test_keys(self) -> dict[str, dict[str, str]]:
        """A digest of each test that stands by itself."""
        return {name: keys_of_tests(source) for name, source in self.sources.items()}

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """What its notebooks import."""
        return modules_of_files(self.files.values())

    def label(self, notebook: str, question: str) -> str:
        """Put a notebook's name before its questions' where the assignment has several."""
        return question if len(self.files) == 1 else f"{notebook}/{question}"

    def base(self, notebook: str, submission: Submission) -> str:
        """A key of all that a notebook's result depends on but the tests."""
        files = files_digest(submitted_files(submission))
        content = submission.notebooks[notebook]
        return base_key(self.sources[notebook], self.given_digest, content, files, self.conditions)


def settings(course: Course, section: str) -> str:
    """Return a section of the configuration as text; one that was only looked at is as good as none."""
    return repr(sorted((course.config.get(section) or {}).items()))


def submitted_files(submission: Submission) -> dict[str, bytes]:
    """Return the files that run with a submission: all but the time when it was handed in."""
    return {name: content for name, content in submission.files.items() if name != TIMESTAMP}


def make_plan(assignment: Assignment, student: str, store: Store, marks: Marks, *, force: bool = False) -> Plan:
    """Look what a submission needs."""
    course = assignment.course
    try:
        check_student(student)
        folder = course.submitted / student / assignment.name
        submission = read_submission(folder, list(assignment.files), course.ignored)
    except CourseError as error:
        submission = Submission(refused=dict.fromkeys(assignment.files, str(error)))
    troubles = {name: _trouble(name, submission) for name in assignment.files if name not in submission.notebooks}
    given, files = assignment.given_digest, files_digest(submitted_files(submission))
    units = {
        name: unit_key(
            assignment.files[name], assignment.release_settings, given, content, files, assignment.conditions
        )
        for name, content in submission.notebooks.items()
    }
    written_down = [[name, trouble.verdict, trouble.reason] for name, trouble in troubles.items()]
    timestamp = files_digest({n: c for n, c in submission.files.items() if n == TIMESTAMP})
    key = digest(units, written_down, list(submission.notes), timestamp, sorted(assignment.overwriting))
    before = store.record("graded", student)
    plan = Plan(student, Todo.RUN, key, units, submission, troubles, before)
    if force:
        plan.why = "asked for"
    elif before is not None and before["key"] == key and not (why := _undone(assignment, student, before, marks)):
        plan.todo = Todo.NOTHING
    else:
        changed = before is not None and before["key"] != key
        plan.why = "new" if before is None else "changed" if changed else why
        plan.results = {name: result for name, unit in units.items() if (result := store.result(unit))}
        plan.todo = Todo.FINISH if len(plan.results) == len(units) else Todo.RUN
    return plan


def known_tests(assignment: Assignment, plan: Plan, notebook: str, store: Store) -> dict[str, dict[str, Any]]:
    """Return results of tests that need not run again: only other tests have changed since they ran."""
    before = (plan.before or {}).get("tests", {}).get(notebook)
    if not before or before["base"] != assignment.base(notebook, plan.submission):
        return {}
    last = store.result(plan.before["units"].get(notebook, ""))
    if last is None or last["problem"]:
        return {}
    now = assignment.test_keys[notebook]
    return {
        name: last["runs"][name]
        for name, key in now.items()
        if before["keys"].get(name) == key and name in last["runs"] and last["runs"][name]["ended"] is None
    }


def _trouble(name: str, submission: Submission) -> Trouble:
    if name in submission.refused:
        return Trouble(Verdict.UNREADABLE, f"{name}.ipynb {submission.refused[name]}")
    found = f"; there is: {', '.join(submission.others)}" if submission.others and not submission.notebooks else ""
    return Trouble(Verdict.MISSING, f"no {name}.ipynb was handed in{found}")


def _undone(assignment: Assignment, student: str, before: Mapping[str, Any], marks: Marks) -> str:
    """Say what of a recorded result is not, or no longer, where it should be; "" if all is."""
    if not is_intact(assignment.course.autograded / student / assignment.name, before["files"]):
        return "its autograded files are gone or changed"
    if not before["scores"]:  # a student whom the gradebook cannot hold
        return ""
    if json.dumps(before["scores"], sort_keys=True) != json.dumps(_scores(marks.rows.get(student, {})), sort_keys=True):
        return "the gradebook has other scores"
    return "" if marks.times.get(student) == before["times"] else "its time or the deadline changed"


def _scores(rows: Mapping[str, Mapping[str, Row]]) -> dict[str, dict[str, float | None]]:
    return {notebook: {name: row.auto for name, row in cells.items()} for notebook, cells in rows.items()}
