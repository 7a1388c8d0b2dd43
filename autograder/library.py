"""Grading one notebook from Python, without folders and without a gradebook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.blank import release_notebook
from autograder.engine.job import CellRun
from autograder.engine.limits import Limits
from autograder.notebook import parse_notebook, read_notebook
from autograder.result import Judged, SubmissionResult, question_results
from autograder.unit import Runs, grade_unit, make_request, run_of


@dataclass(frozen=True)
class NotebookResult(SubmissionResult):
    """What one notebook earned, question by question, and what came of its cells."""

    notebook: NotebookNode | None = None
    """The notebook that ran, with outputs; None if the submission could not be read."""
    runs: Mapping[str, CellRun] = field(default_factory=dict)
    """What came of the cells that have a name; outputs of answers are in the notebook only."""
    sandbox: tuple[str, ...] = ()
    """The layers of the sandbox that were active."""


def grade_notebook(
    source: Path | str | NotebookNode,
    submission: Path | str | bytes | NotebookNode,
    *,
    files: Mapping[str, bytes] | None = None,
    given: Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
    sandbox: str = "full",
    seed: int = 0,
    engine: Runs | None = None,
) -> NotebookResult:
    """Grade one submission of one notebook.

        result = grade_notebook("solutions/01-perceptron/perceptron.ipynb", "ada/perceptron.ipynb")
        result.points, result.max_points                      # 16.0, 25.0
        [(q.question, q.verdict, q.reason) for q in result.questions if q.points < q.max_points]

    The engine starts with the first call and serves all later ones, from any thread.

    Args:
        source: the solution notebook, with hidden tests: a path, or the notebook.
        submission: what was handed in: a path, a file's content, or a notebook. It may be anything; what is no notebook
            gets no points and a `problem`.
        files: what the student handed in beside it: relative path to content.
        given: what the exercise brings along, for both sides: relative path to content.
        limits: what the submission may use.
        sandbox: "full", or "none" for code that you trust, or where there is no sandbox to be had.
        seed: for the generators of `random` and numpy.
        engine: an engine of your own, in the place of this process's.

    Raises:
        NotebookError: if the source is no notebook.
        EngineError: if the engine cannot work on this machine.
        SetupError: if the exercise's own set-up cells fail.
        OSError: if a file cannot be read.
    """
    solution = _notebook(source)
    request = make_request(
        nbformat.v4.writes(solution),
        nbformat.v4.writes(release_notebook(solution)),
        _content(submission),
        files=files,
        given=given,
        seed=seed,
        limits=limits,
        sandbox=sandbox,
    )
    return result_of(grade_unit(request, engine=engine))


def result_of(response: Mapping[str, Any]) -> NotebookResult:
    """Make a result of what `grade_unit` returned."""
    return NotebookResult(
        student="",
        questions=tuple(question_results(map(Judged.from_json, response["judged"]))),
        notes=tuple(response["notes"]),
        problem=f"the submission {response['problem'][1]}" if response["problem"] else "",
        notebook=parse_notebook(response["notebook"].encode()) if response["notebook"] else None,
        runs={name: run_of(run) for name, run in response["runs"].items()},
        sandbox=tuple(response["sandbox"]),
    )


def _notebook(source: Path | str | NotebookNode) -> NotebookNode:
    return source if isinstance(source, NotebookNode) else read_notebook(Path(source))


def _content(submission: Path | str | bytes | NotebookNode) -> bytes:
    if isinstance(submission, NotebookNode):
        return nbformat.v4.writes(submission).encode()
    return submission if isinstance(submission, bytes) else Path(submission).read_bytes()
