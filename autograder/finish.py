"""Writing down what came of a submission: autograded files, gradebook, record, in this order."""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from autograder.autograded import file_mode, write_autograded
from autograder.course import CourseError, check_student
from autograder.gradebook import GradebookWriter, NotebookRecord, Row, Rows
from autograder.keys import digest
from autograder.plan import TIMESTAMP, Assignment, Plan, Trouble
from autograder.result import Judged, Mark, QuestionResult, SubmissionResult, nothing_judged, question_results
from autograder.store import Store
from autograder.verdict import Verdict


@dataclass(frozen=True)
class Finished:
    """A submission that was graded, now or earlier."""

    result: SubmissionResult
    todo: str
    """What was done for it."""
    changes: tuple[str, ...] = ()
    """Which points changed since it was graded last: ("14 → 16", "predict 1 → 3")."""
    sandbox: tuple[str, ...] = ()
    to_review: tuple[str, ...] = ()
    """Cells marked by hand that a person would have to look at again; known of a preview only."""


def finish(
    assignment: Assignment,
    plan: Plan,
    store: Store,
    writer: GradebookWriter,
    *,
    review: bool,
    rows_before: Rows | None = None,
) -> Finished:
    """Write down what came of a submission that has been run.

    Args:
        assignment: whose.
        plan: with the results of all notebooks that can be run.
        store: where the record goes.
        writer: of the gradebook.
        review: whether a person who has marked cells should look at all of them again, be they changed or not.
        rows_before: what the gradebook held of it, to say what has changed.

    Raises:
        CourseError: if the gradebook cannot be used.
        OSError: if a file cannot be written.
    """
    course, student = assignment.course, plan.student
    record, judged, troubles = make_record(assignment, plan)
    rows: Mapping[str, Mapping[str, Row]] | None = None
    if _can_be_kept(student):
        files = dict(plan.submission.files) | assignment.overwriting
        files |= {f"{n}.ipynb": r["notebook"].encode() for n, r in plan.results.items() if r["notebook"]}
        folder = course.autograded / student / assignment.name
        if all(name in troubles for name in assignment.files):
            for old in (folder, course.feedback / student / assignment.name):
                if old.exists():
                    shutil.rmtree(old)
        else:
            record["files"] = write_autograded(folder, files, mode=file_mode(course))
        notebooks = {
            name: NotebookRecord(
                scores=scores_of(of),
                comments=plan.results[name]["comments"] if name in plan.results else {},
                changed=changed_cells(plan, record, name, review=review),
                ran=name not in troubles,
            )
            for name, of in judged.items()
        }
        recorded = writer.record(assignment.name, student, notebooks, _timestamp(plan))
        rows = recorded.rows
        record["scores"] = {n: {cell: row.auto for cell, row in cells.items()} for n, cells in rows.items()}
        record["times"] = recorded.times
    result = result_of(assignment, student, record, rows)
    record["points"] = {question.question: question.points for question in result.questions}
    store.save_record("graded", student, record)
    changes = changes_since(points_before(assignment, plan, rows_before), result)
    return Finished(result, plan.todo.value, changes, tuple(record["sandbox"]))


def make_record(
    assignment: Assignment, plan: Plan
) -> tuple[dict[str, Any], dict[str, list[Judged]], dict[str, Trouble]]:
    """Judge a submission that has been run, and write down nothing.

    Returns:
        The record, as `finish` completes and saves it, the judged questions and what cannot be run, by notebook.
    """
    troubles = dict(plan.troubles)
    for name, result in plan.results.items():
        if result["problem"]:
            troubles[name] = Trouble(Verdict(result["problem"][0]), f"{name}.ipynb {result['problem'][1]}")
    judged = {name: _judged(assignment, name, plan, troubles) for name in assignment.files}
    hand = {name: _what_a_person_saw(plan, name, judged[name]) for name in judged}
    record: dict[str, Any] = {
        "key": plan.key,
        "units": plan.units,
        "tests": {
            name: {"base": assignment.base(name, plan.submission), "keys": assignment.test_keys[name]}
            for name in plan.units
        },
        "judged": {name: [question.to_json() for question in of] for name, of in judged.items()},
        "notes": _notes(plan, troubles),
        "problem": _problem(assignment, troubles),
        "conditions": {
            "limits": asdict(assignment.conditions.limits),
            "sandbox": assignment.conditions.sandbox,
        },
        "sandbox": sorted({layer for result in plan.results.values() for layer in result["sandbox"]}),
        "hand": hand,
        "files": {},
        "scores": {},
        "times": None,
    }
    return record, judged, troubles


def scores_of(judged: Iterable[Judged]) -> dict[str, float | None]:
    """Return what the tests give, by cell; None where a person has to say."""
    return {cell.name: cell.points for question in judged for cell in question.cells}


def changed_cells(plan: Plan, record: Mapping[str, Any], notebook: str, *, review: bool = False) -> set[str]:
    """Return the cells that a person who has marked them should look at again."""
    before = (plan.before or {}).get("hand", {}).get(notebook, {})
    return {cell for cell, seen in record["hand"][notebook].items() if review or before.get(cell) != seen}


def unchanged(assignment: Assignment, plan: Plan, rows: Mapping[str, Mapping[str, Row]] | None) -> Finished:
    """Return the result of a submission that was left as it is, with what a person has marked meanwhile."""
    result = result_of(assignment, plan.student, plan.before, rows if plan.before["scores"] else None)
    return Finished(result, plan.todo.value, (), tuple(plan.before["sandbox"]))


def result_of(
    assignment: Assignment, student: str, record: Mapping[str, Any], rows: Mapping[str, Mapping[str, Row]] | None
) -> SubmissionResult:
    """Make the result of a record and of what the gradebook says."""
    questions: list[QuestionResult] = []
    for name, judged in record["judged"].items():
        marks: dict[str, Mark] | None = None
        if rows is not None:
            marks = {cell: row.mark for cell, row in rows.get(name, {}).items()}
        for question in question_results(map(Judged.from_json, judged), marks):
            questions.append(replace(question, question=assignment.label(name, question.question)))
    return SubmissionResult(student, tuple(questions), tuple(record["notes"]), record["problem"])


def _judged(assignment: Assignment, name: str, plan: Plan, troubles: Mapping[str, Trouble]) -> list[Judged]:
    if name in troubles:
        return nothing_judged(assignment.sources[name], troubles[name].verdict, troubles[name].reason)
    return [Judged.from_json(question) for question in plan.results[name]["judged"]]


def _what_a_person_saw(plan: Plan, name: str, judged: Iterable[Judged]) -> dict[str, str]:
    """Return, for each cell that carries points, a digest of what a person who marks it looks at."""
    texts = _texts(plan.results[name]["notebook"]) if name in plan.results and plan.results[name]["notebook"] else {}
    return {
        cell.name: digest(texts.get(question.question), texts.get(cell.name) if question.by_hand else None, cell.points)
        for question in judged
        for cell in question.cells
    }


@lru_cache(maxsize=1)
def _texts(notebook: str) -> dict[str, str]:
    """Return the texts of a notebook's cells, by name."""
    cells = json.loads(notebook)["cells"]
    named = ((cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"]) for cell in cells)
    return {name: "".join(source) for name, source in named if name}


def _notes(plan: Plan, troubles: Mapping[str, Trouble]) -> list[str]:
    notes = list(plan.submission.notes)
    for result in plan.results.values():
        notes += result["notes"]
    if plan.results:
        notes += [trouble.reason for trouble in troubles.values() if trouble.verdict is Verdict.MISSING]
    return list(dict.fromkeys(notes))


def _problem(assignment: Assignment, troubles: Mapping[str, Trouble]) -> str:
    """Say why a submission could not be graded, or a part of it; a missing part is a note, if there are others."""
    unreadable = [trouble.reason for trouble in troubles.values() if trouble.verdict is not Verdict.MISSING]
    if not unreadable and len(troubles) == len(assignment.files):
        return next(iter(troubles.values())).reason
    return "; ".join(dict.fromkeys(unreadable))


def _timestamp(plan: Plan) -> str | None:
    """When it was handed in, if a file says so that nbgrader can read."""
    from nbgrader.utils import parse_utc

    try:
        text = plan.submission.files.get(TIMESTAMP, b"").decode().strip()
        return text if text and parse_utc(text) else None
    except (ValueError, OverflowError):
        return None


def _can_be_kept(student: str) -> bool:
    try:
        return bool(check_student(student))
    except CourseError:
        return False


def points_before(assignment: Assignment, plan: Plan, rows: Rows | None) -> dict[str, float] | None:
    """Return what each question had earned: in the gradebook, with marks given since, else when it was graded."""
    if plan.before is None:
        return None
    if rows is not None and plan.before["scores"]:
        try:
            result = result_of(assignment, plan.student, plan.before, rows)
            return {question.question: question.points for question in result.questions}
        except KeyError:  # a cell that the gradebook has lost
            pass
    return dict(plan.before["points"])


def changes_since(before: Mapping[str, float] | None, result: SubmissionResult) -> tuple[str, ...]:
    """Say which points differ from those before: first the sum, then the questions."""
    if before is None:
        return ()
    changed = [q for q in result.questions if before.get(q.question, 0) != q.points]
    gone = [name for name, points in before.items() if points and name not in {q.question for q in result.questions}]
    if not changed and not gone:
        return ()
    total = f"{sum(before.values()):g} → {result.points:g}"
    questions = [f"{q.question} {before.get(q.question, 0):g} → {q.points:g}" for q in changed]
    return (total, *questions, *(f"{name} {before[name]:g} → gone" for name in gone))
