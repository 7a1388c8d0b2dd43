"""The result of a submission, question by question, made of its notebook after it ran."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nbformat import NotebookNode

from autograder.notebook import Question, cells_by_id, questions
from autograder.verdict import Judgement, Verdict, judge


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


def question_results(
    source: NotebookNode,
    release: NotebookNode,
    executed: NotebookNode,
    marks: Mapping[str, Mark] | None = None,
) -> list[QuestionResult]:
    """Say of each question of a notebook what it earned and why.

    Args:
        source: the solution notebook.
        release: the notebook that was handed out; it tells an answer from none.
        executed: the submission after it ran, with outputs.
        marks: what the gradebook says of each graded cell. Without it the outputs alone decide, text on stderr counts
            for nothing, and questions that a person grades are left out.
    """
    cells, blank = cells_by_id(executed), cells_by_id(release)
    return [
        _by_hand(question, cells, blank, marks) if question.by_hand else _by_tests(question, cells, blank, marks)
        for question in questions(source)
        if marks is not None or not question.by_hand
    ]


def ungraded_results(source: NotebookNode, verdict: Verdict, reason: str) -> list[QuestionResult]:
    """Give no points for any question of a notebook that could not be graded."""
    return [QuestionResult(q.name, 0.0, q.points, verdict, reason) for q in questions(source)]


def _by_tests(
    question: Question,
    cells: Mapping[str, NotebookNode],
    blank: Mapping[str, NotebookNode],
    marks: Mapping[str, Mark] | None,
) -> QuestionResult:
    judged = []
    for name in question.graded:
        cell = cells[name]
        judgement = judge(cell.outputs, float(cell.metadata.nbgrader.points), stderr_fails=marks is not None)
        if marks is not None:  # what the gradebook says goes, a person may have changed it
            judgement = _with_mark(judgement, marks[name])
        judged.append(judgement)
    points = sum(judgement.points for judgement in judged)
    verdict, reason = _together(judged, points, question.points)
    if points < question.points and verdict is not Verdict.TEST_BROKEN:
        verdict, reason = _with_answer(verdict, reason, points, cells.get(question.name), blank.get(question.name))
    return QuestionResult(question.name, points, question.points, verdict, reason)


def _with_mark(judgement: Judgement, mark: Mark) -> Judgement:
    if mark.points == judgement.points:
        return judgement
    reason = "a person changed the mark" if mark.by_hand else judgement.reason
    return replace(judgement, points=mark.points, reason=reason)


def _together(judged: Iterable[Judgement], points: float, max_points: float) -> tuple[Verdict, str]:
    """Make one verdict and one reason of those on a question's tests."""
    judged = list(judged)
    reason = "; ".join(dict.fromkeys(judgement.reason for judgement in judged if judgement.reason))
    verdicts = [judgement.verdict for judgement in judged if judgement.verdict is not Verdict.PASSED]
    if Verdict.TEST_BROKEN in verdicts:
        return Verdict.TEST_BROKEN, reason
    if points > max_points - 1e-9:
        return Verdict.PASSED, reason
    if points > 0:
        return Verdict.PARTIAL, reason
    return (verdicts or [Verdict.FAILED])[0], reason


def _with_answer(
    verdict: Verdict, reason: str, points: float, answer: NotebookNode | None, blank: NotebookNode | None
) -> tuple[Verdict, str]:
    """Look for the cause of lost marks in the cell that the answer goes into."""
    if answer is None:
        return verdict, f"{reason} (its answer cell was deleted)" if blank is not None else reason
    if blank is not None and answer.source.strip() == blank.source.strip():
        return (Verdict.MISSING if points == 0 else verdict), "not answered"
    trouble = judge(answer.get("outputs", ()), 0.0) if _stopped(answer) else None
    if trouble is None or trouble.reason in reason:
        return verdict, reason
    if "is not defined" in reason:  # because the cell that defines it stopped before
        return (trouble.verdict if points == 0 else verdict), f"in the answer cell: {trouble.reason}"
    return verdict, f"{reason}; in the answer cell: {trouble.reason}"


def _stopped(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", ()))


def _by_hand(
    question: Question,
    cells: Mapping[str, NotebookNode],
    blank: Mapping[str, NotebookNode],
    marks: Mapping[str, Mark],
) -> QuestionResult:
    mark = marks[question.name]
    if mark.waits:
        again = " again: the submission was graded anew" if mark.by_hand else ""
        verdict, reason = Verdict.BY_HAND, f"waits for a person to grade it{again}"
    elif mark.by_hand:
        verdict = Verdict.PASSED if mark.points >= question.points else Verdict.PARTIAL
        verdict, reason = (verdict, "graded by hand") if mark.points > 0 else (Verdict.FAILED, "graded by hand")
    elif cells[question.name].source.strip() == blank[question.name].source.strip():
        verdict, reason = Verdict.MISSING, "not answered"
    else:
        verdict, reason = Verdict.PASSED if mark.points >= question.points else Verdict.FAILED, ""
    return QuestionResult(question.name, mark.points, question.points, verdict, reason)
