"""What to tell a student about each question: what was right, why marks were lost, what a person said of it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from nbformat import NotebookNode

from autograder.feedback.outline import Outline, Passage
from autograder.gradebook import Row
from autograder.misconceptions import Misconception, find_misconception
from autograder.notebook import cells_by_id
from autograder.result import Judged, question_results
from autograder.verdict import Verdict, explain_error, without_timeout_error
from dlcourse.checks import FAILED, PASSED

_ENDED = ("ProcessKilledError", "NotRunError")
_LEADS = {
    Verdict.ERROR: "Your answer stopped with an error.",
    Verdict.TIMEOUT: "Your answer took too long and was stopped.",
    Verdict.OUT_OF_MEMORY: "Your answer used more memory than there was.",
    Verdict.KILLED: "The process of your answer ended before the test did.",
    Verdict.MISSING: "There is no answer.",
    Verdict.TEST_BROKEN: "This test itself is broken, which is not your fault: you get a mark when it is put right.",
}
_AFTER_HIDDEN = "the cell of your answer stopped with an error: run it in your own notebook to see which"


@dataclass(frozen=True)
class Finding:
    """What is to be said about one question."""

    question: str
    title: str
    points: float
    max_points: float
    verdict: Verdict
    lead: str = ""
    """What happened, in a sentence; "" where the messages say it."""
    passed: tuple[str, ...] = ()
    """The parts that were right, as the test names them, with their points."""
    messages: tuple[tuple[str, str], ...] = ()
    """What the tests say went wrong, each with the misconception that it names, or ""."""
    passages: tuple[Passage, ...] = ()
    comment: str = ""
    """A person's."""
    by_hand: bool = False
    """Whether a person has given the mark."""

    @property
    def waits(self) -> bool:
        """Whether a person has yet to mark it."""
        return self.verdict is Verdict.BY_HAND

    @property
    def right(self) -> bool:
        """Whether it has all its points."""
        return not self.waits and self.verdict is not Verdict.TEST_BROKEN and self.points > self.max_points - 1e-9


def find(
    notebook: NotebookNode,
    judged: Sequence[Judged],
    rows: Mapping[str, Row],
    comments: Mapping[str, str],
    *,
    outline: Outline,
    misconceptions: Mapping[str, Sequence[Misconception]],
    after_hidden: Collection[str],
) -> list[Finding]:
    """Say what there is to say about each question of a notebook.

    Args:
        notebook: the autograded one, without what students may not see (`HideTests`): messages are taken from there.
        judged: what became of its questions.
        rows: what the gradebook holds, by cell.
        comments: on cells, by name.
        outline, misconceptions: of the exercise.
        after_hidden: the cells that ran after hidden tests, whose errors may hold what those called answers with.
    """
    cells = cells_by_id(notebook)
    marks = {name: row.mark for name, row in rows.items()}
    found = []
    for question, result in zip(judged, question_results(judged, marks or None), strict=True):
        names = dict.fromkeys([question.question, *(cell.name for cell in question.cells)])
        finding = Finding(
            question=question.question,
            title=outline.titles.get(question.question, question.question),
            points=result.points,
            max_points=result.max_points,
            verdict=result.verdict,
            comment="\n\n".join(comments[name] for name in names if comments.get(name)),
            by_hand=any(marks[cell.name].by_hand for cell in question.cells if cell.name in marks),
        )
        if not question.by_hand:
            finding = replace(finding, passed=_parts(question, cells))
        if not finding.right and not finding.waits:
            finding = _explained(finding, question, cells, after_hidden, misconceptions.get(question.question, ()))
            finding = replace(finding, passages=outline.passages.get(question.question, ()))
        found.append(finding)
    return found


def _explained(
    finding: Finding,
    judged: Judged,
    cells: Mapping[str, NotebookNode],
    after_hidden: Collection[str],
    known: Sequence[Misconception],
) -> Finding:
    """Add what went wrong."""
    lead = _LEADS.get(finding.verdict, "")
    if finding.verdict is Verdict.TEST_BROKEN:
        return replace(finding, lead=lead)
    if judged.deleted:
        return replace(finding, lead="The cell of your answer was deleted.")
    if not judged.answered:
        return replace(finding, lead=_LEADS[Verdict.MISSING])
    if judged.by_hand:
        return replace(finding, lead="")
    messages = [message for cell in judged.cells for message in _messages(cell.name, cells)]
    if judged.trouble is not None:
        why = _AFTER_HIDDEN if judged.question in after_hidden else f"in the cell of your answer: {judged.trouble[1]}"
        others = [message for message in messages if "is not defined" not in message and judged.trouble[1] != message]
        messages = [why, *others]
    if finding.by_hand and not messages:
        lead = "A person has given this mark."
    messages = list(dict.fromkeys(messages))
    return replace(finding, lead=lead, messages=tuple((text, find_misconception(text, known)) for text in messages))


def _messages(test: str, cells: Mapping[str, NotebookNode]) -> list[str]:
    """Return what a test says went wrong, a line for each part."""
    outputs = cells[test].get("outputs", ()) if test in cells else ()
    lines = [line.removeprefix(f"{FAILED} ") for line in _printed(outputs) if line.startswith(f"{FAILED} ")]
    errors = [(output.ename, output.evalue) for output in outputs if output.output_type == "error"]
    if lines and all(name == "AssertionError" for name, _ in errors):
        return list(map(without_timeout_error, lines))
    return lines + [text if name in _ENDED else explain_error(name, text).reason for name, text in errors]


def _parts(judged: Judged, cells: Mapping[str, NotebookNode]) -> tuple[str, ...]:
    outputs = [output for cell in judged.cells if cell.name in cells for output in cells[cell.name].get("outputs", ())]
    lines = _printed(outputs)
    passed = [line.removeprefix(f"{PASSED} ") for line in lines if line.startswith(f"{PASSED} ")]
    return tuple(re.sub(r" \(([\d.]+) of \1\)$", _points, line) for line in passed)


def _points(match: re.Match[str]) -> str:
    return f" ({match[1]} {'point' if match[1] == '1' else 'points'})"


def _printed(outputs: Sequence[NotebookNode]) -> list[str]:
    """Return the lines that a test itself printed."""
    streams = [output.text for output in outputs if output.output_type == "stream" and output.get("name") == "stdout"]
    return "".join(streams).splitlines()
