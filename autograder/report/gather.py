"""What is known of a graded class: results, answers, time and memory, from grading/results and the gradebook."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from autograder.course import Course, CourseError
from autograder.engine.limits import Limits
from autograder.finish import result_of
from autograder.gradebook import read_gradebook
from autograder.keys import Conditions
from autograder.plan import Assignment
from autograder.result import Judged, SubmissionResult
from autograder.store import Store

_PART = re.compile(r"; (?=[^;]{1,150}? \(0 of [\d.]+\): )")


@dataclass
class Graded:
    """One submission that was graded."""

    student: str
    result: SubmissionResult
    units: tuple[str, ...] = ()
    """Keys of its notebooks: who has the same has handed in the very same."""
    messages: dict[str, list[str]] = field(default_factory=dict)
    """What the tests said went wrong, by question."""
    answers: dict[str, str] = field(default_factory=dict)
    """The code of its answers, by question."""
    seconds: float = 0.0
    megabytes: float = 0.0
    """Most memory at a time."""


@dataclass
class Graders:
    """Under which conditions a class was graded."""

    limits: dict[str, float]
    sandboxes: dict[str, int]
    """How many submissions ran in which sandbox, "full" or "none"."""
    layers: tuple[str, ...]
    """The layers of the sandbox that were active for all that ran."""


@dataclass
class ClassData:
    """A graded class."""

    assignment: Assignment
    submissions: list[Graded]
    conditions: Graders
    ungraded: list[str]
    """Who has handed in and was not graded yet."""


def gather(course: Course, name: str) -> ClassData:
    """Collect what is known of an assignment's submissions.

    Raises:
        CourseError: if there is no such assignment, or nobody has been graded.
    """
    assignment = Assignment(course, name, Conditions(course.limits))
    store = Store(course.grading / "results" / name)
    marks = read_gradebook(course, name)
    students = course.students(name)
    records = {student: record for student in students if (record := store.record("graded", student))}
    if not records:
        raise CourseError(f"Nobody's {name} has been graded yet. Do that first: autograder grade {name}")
    submissions = [
        _graded(assignment, student, record, marks.rows.get(student), store) for student, record in records.items()
    ]
    ungraded = [student for student in students if student not in records]
    return ClassData(assignment, submissions, _conditions(course.limits, records), ungraded)


def _graded(
    assignment: Assignment, student: str, record: Mapping[str, Any], rows: Mapping[str, Any] | None, store: Store
) -> Graded:
    rows = rows if record["scores"] else None
    made = Graded(student, result_of(assignment, student, record, rows), tuple(record["units"].values()))
    for name, questions in record["judged"].items():
        for question in map(Judged.from_json, questions):
            label = assignment.label(name, question.question)
            texts = [text for cell in question.cells for text in split_reason(cell.reason)]
            if question.trouble and question.trouble[1] not in texts:
                texts = [f"in the answer cell: {question.trouble[1]}", *(t for t in texts if "is not defined" not in t)]
            made.messages[label] = texts
    for name, key in record["units"].items():
        if (stored := store.result(key)) is None or stored["problem"]:
            continue
        made.seconds += stored["seconds"]
        made.megabytes = max(made.megabytes, stored["peak_megabytes"])
        for question, code in _answers(stored["notebook"]).items():
            made.answers[assignment.label(name, question)] = code
    return made


def split_reason(reason: str) -> list[str]:
    """Return the parts of the reason for lost marks, each without how the test's part is called."""
    return [re.sub(r"^.{1,150}? \(0 of [\d.]+\): ", "", part) for part in _PART.split(reason) if part]


def _answers(notebook: str) -> dict[str, str]:
    """Return the code of a notebook's answers, by name."""
    found = {}
    for cell in json.loads(notebook)["cells"]:
        known = cell["metadata"].get("nbgrader") or {}
        if cell["cell_type"] == "code" and known.get("solution") and known.get("grade_id"):
            found[known["grade_id"]] = "".join(cell["source"])
    return found


def _conditions(limits: Limits, records: Mapping[str, Mapping[str, Any]]) -> Graders:
    """Say how those that ran were run; the limits are the tightest, should they differ."""
    told = [record["conditions"] for record in records.values() if record.get("conditions")]
    layers = [set(record["sandbox"]) for record in records.values() if record["sandbox"]]
    sandboxes: dict[str, int] = {}
    for record in records.values():
        if record["units"] and record.get("conditions"):
            kind = record["conditions"]["sandbox"]
            sandboxes[kind] = sandboxes.get(kind, 0) + 1
    used = [one["limits"] for one in told] or [asdict(limits)]
    tightest = {name: min(one[name] for one in used) for name in asdict(limits)}
    return Graders(tightest, sandboxes, tuple(sorted(set.intersection(*layers))) if layers else ())
