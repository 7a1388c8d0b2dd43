"""The result of a submission, question by question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from autograder.engine.job import CellRun
from autograder.verdict import Judgement, Verdict, explain_end, explain_error, judge

if TYPE_CHECKING:  # notebooks take a second to import, and results that are stored need none
    from nbformat import NotebookNode

    from autograder.notebook import Question


@dataclass(frozen=True)
class Mark:
    """What the gradebook says about a cell that carries points."""

    points: float
    waits: bool = False  # for a person
    by_hand: bool = False  # a person has given it


@dataclass(frozen=True)
class QuestionResult:
    """What one question earned, and why it is not more."""

    question: str
    points: float
    max_points: float
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True)
class SubmissionResult:
    """What one submission earned."""

    student: str
    questions: tuple[QuestionResult, ...]
    notes: tuple[str, ...] = ()  # what an instructor should know of: cells restored, for example
    problem: str = ""  # why it could not be graded; "" if it could

    @property
    def points(self) -> float:
        """The points of all questions together."""
        return sum(q.points for q in self.questions)

    @property
    def max_points(self) -> float:
        """What a perfect submission earns."""
        return sum(q.max_points for q in self.questions)


@dataclass(frozen=True)
class CellMark:
    """What a cell that carries points earned by itself."""

    name: str
    points: float | None
    """None where a person has to say."""
    max_points: float
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True)
class Judged:
    """What became of one question, before a person has seen it. It can be written as JSON."""

    question: str
    cells: tuple[CellMark, ...]
    max_points: float
    by_hand: bool = False
    answered: bool = True
    """Whether the answer cell differs from what was handed out."""
    deleted: bool = False
    """Whether it is gone."""
    trouble: tuple[Verdict, str] | None = None
    """What happened when the answer cell itself ran, if it did not come to its end."""

    def to_json(self) -> dict[str, Any]:
        """Write it as JSON; `from_json` reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        cells = tuple(CellMark(**{**cell, "verdict": Verdict(cell["verdict"])}) for cell in data["cells"])
        trouble = data["trouble"] and (Verdict(data["trouble"][0]), data["trouble"][1])
        return cls(**{**data, "cells": cells, "trouble": trouble})


def judge_notebook(
    source: "NotebookNode", release: "NotebookNode", restored: "NotebookNode", runs: Mapping[str, CellRun]
) -> list[Judged]:
    """Judge each question of a notebook that ran.

    Args:
        source: the solution notebook.
        release: the notebook that was handed out; it tells an answer from none.
        restored: the submission.
        runs: what came of its cells, by name.
    """
    from autograder.notebook import cells_by_id, questions

    cells, blank = cells_by_id(restored), cells_by_id(release)
    return [_judge_question(question, cells, blank, runs) for question in questions(source)]


def nothing_judged(source: "NotebookNode", verdict: Verdict, reason: str) -> list[Judged]:
    """Give no points for any question of a notebook that could not be graded."""
    from autograder.notebook import cells_by_id, questions

    cells = cells_by_id(source)
    return [
        Judged(
            q.name,
            tuple(CellMark(n, 0.0, float(cells[n].metadata.nbgrader.points), verdict, reason) for n in q.graded),
            q.points,
        )
        for q in questions(source)
    ]


def question_results(judged: Iterable[Judged], marks: Mapping[str, Mark] | None = None) -> list[QuestionResult]:
    """Say of each question what it earned and why.

    Args:
        judged: the questions of a notebook.
        marks: what the gradebook says of each cell that carries points, where a person may have changed it. Without
            it the tests alone decide.
    """
    return [_by_hand(q, marks) if q.by_hand else _by_tests(q, marks) for q in judged]


def _judge_question(
    question: "Question",
    cells: Mapping[str, "NotebookNode"],
    blank: Mapping[str, "NotebookNode"],
    runs: Mapping[str, CellRun],
) -> Judged:
    answer, handed_out = cells.get(question.name), blank.get(question.name)
    answered = answer is None or handed_out is None or answer.source.strip() != handed_out.source.strip()
    marks = []
    for name in question.graded:
        points = float(cells[name].metadata.nbgrader.points)
        if question.by_hand:
            marks.append(_mark_for_a_person(name, cells[name], points, answered))
        else:
            judgement = judge(runs[name], points)
            marks.append(CellMark(name, judgement.points, points, judgement.verdict, judgement.reason))
    return Judged(
        question.name,
        tuple(marks),
        question.points,
        by_hand=question.by_hand,
        answered=answered,
        deleted=answer is None and handed_out is not None,
        trouble=_trouble(runs.get(question.name)),
    )


def _mark_for_a_person(name: str, cell: "NotebookNode", max_points: float, answered: bool) -> CellMark:
    """As nbgrader has it: an answer that was not touched gets no points, all others wait; tasks always do."""
    from nbgrader.utils import determine_grade, is_grade

    points = determine_grade(cell)[0] if is_grade(cell) else None
    if points is None:
        return CellMark(name, None, max_points, Verdict.BY_HAND)
    return CellMark(name, points, max_points, Verdict.MISSING if not answered else Verdict.FAILED, "not answered")


def _trouble(run: CellRun | None) -> tuple[Verdict, str] | None:
    if run is None or (run.ended is None and run.error is None):
        return None
    judgement = explain_end(run) if run.ended is not None else explain_error(*run.error)
    return judgement.verdict, judgement.reason


def _by_tests(judged: Judged, marks: Mapping[str, Mark] | None) -> QuestionResult:
    judgements = [Judgement(cell.verdict, cell.points or 0.0, cell.reason) for cell in judged.cells]
    if marks is not None:  # what the gradebook says goes, a person may have changed it
        judgements = [_with_mark(j, marks[c.name]) for j, c in zip(judgements, judged.cells, strict=True)]
    points = sum(judgement.points for judgement in judgements)
    verdict, reason = _together(judgements, points, judged.max_points)
    if points < judged.max_points and verdict not in (Verdict.TEST_BROKEN, Verdict.UNREADABLE):
        verdict, reason = _with_answer(verdict, reason, points, judged)
    return QuestionResult(judged.question, points, judged.max_points, verdict, reason)


def _with_mark(judgement: Judgement, mark: Mark) -> Judgement:
    if mark.points == judgement.points:
        return judgement
    reason = "a person changed the mark" if mark.by_hand else judgement.reason
    return replace(judgement, points=mark.points, reason=reason)


def _together(judged: Sequence[Judgement], points: float, max_points: float) -> tuple[Verdict, str]:
    """Make one verdict and one reason of those on a question's tests."""
    reason = "; ".join(dict.fromkeys(judgement.reason for judgement in judged if judgement.reason))
    verdicts = [judgement.verdict for judgement in judged if judgement.verdict is not Verdict.PASSED]
    if Verdict.TEST_BROKEN in verdicts:
        return Verdict.TEST_BROKEN, reason
    if points > max_points - 1e-9:
        return Verdict.PASSED, reason
    if points > 0:
        return Verdict.PARTIAL, reason
    return (verdicts or [Verdict.FAILED])[0], reason


def _with_answer(verdict: Verdict, reason: str, points: float, judged: Judged) -> tuple[Verdict, str]:
    """Look for the cause of lost marks in the cell that the answer goes into."""
    if judged.deleted:
        return verdict, f"{reason} (its answer cell was deleted)"
    if not judged.answered:
        return (Verdict.MISSING if points == 0 else verdict), "not answered"
    if judged.trouble is None or judged.trouble[1] in reason:
        return verdict, reason
    cause, why = judged.trouble
    if "is not defined" in reason:  # because the cell that defines it stopped before
        return (cause if points == 0 else verdict), f"in the answer cell: {why}"
    return verdict, f"{reason}; in the answer cell: {why}"


def _by_hand(judged: Judged, marks: Mapping[str, Mark] | None) -> QuestionResult:
    (cell,) = judged.cells
    mark = Mark(cell.points or 0.0, waits=cell.points is None) if marks is None else marks[cell.name]
    if mark.waits:
        again = " again: the submission was graded anew" if mark.by_hand else ""
        verdict, reason = Verdict.BY_HAND, f"waits for a person to grade it{again}"
    elif mark.by_hand:
        verdict = Verdict.PASSED if mark.points >= judged.max_points else Verdict.PARTIAL
        verdict, reason = (verdict, "graded by hand") if mark.points > 0 else (Verdict.FAILED, "graded by hand")
    elif not judged.answered:
        verdict, reason = Verdict.MISSING, "not answered"
    else:
        verdict, reason = Verdict.PASSED if mark.points >= judged.max_points else Verdict.FAILED, ""
    return QuestionResult(judged.question, mark.points, judged.max_points, verdict, reason)
