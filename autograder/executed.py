"""The notebook of a submission after it ran, as a person who grades by hand reads it."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.engine.job import CellRun, Ended
from autograder.notebook import code_cells, is_test

PRINTED = "The answer printed, while this test ran:\n"
_ERRORS = {
    Ended.TIMEOUT: "CellTimeoutError",
    Ended.MEMORY: "MemoryError",
    Ended.KILLED: "ProcessKilledError",
    Ended.NOT_RUN: "NotRunError",
}


def executed_notebook(restored: NotebookNode, runs: Sequence[CellRun]) -> NotebookNode:
    """Return the notebook with what came of its code cells.

    A test cell has what the examiner printed, what the answer printed, then the error or the value. Which of its
    outputs is the answer's stands in the metadata, as `autograder.printed`, so that feedback can leave it out.

    Args:
        restored: the submission.
        runs: one for each code cell.
    """
    notebook = deepcopy(restored)
    for number, (cell, run) in enumerate(zip(code_cells(notebook), runs, strict=True), start=1):
        cell.execution_count = number
        outputs = _outputs_of_test(cell, run) if is_test(cell) else _outputs(run)
        for output in outputs:
            if output["output_type"] == "execute_result":
                output["execution_count"] = number
        cell.outputs = [from_dict(output) for output in outputs]
    return notebook


def printed_outputs(cell: NotebookNode) -> set[int]:
    """Return which of a test cell's outputs the answer printed."""
    metadata = cell.metadata.get("autograder")
    return set(metadata.get("printed", ())) if isinstance(metadata, dict) else set()


def _outputs(run: CellRun) -> list[dict[str, Any]]:
    outputs = [dict(output) for output in run.outputs]
    if run.ended is not None and not any(output["output_type"] == "error" for output in outputs):
        name = _ERRORS[run.ended]
        outputs.append({"output_type": "error", "ename": name, "evalue": run.why, "traceback": [f"{name}: {run.why}"]})
    return outputs


def _outputs_of_test(cell: NotebookNode, run: CellRun) -> list[dict[str, Any]]:
    outputs = _outputs(run)
    errors = [output for output in outputs if output["output_type"] == "error"]
    outputs = [output for output in outputs if output["output_type"] != "error"]
    if run.printed:
        cell.metadata["autograder"] = {"printed": [len(outputs)]}
        outputs.append({"output_type": "stream", "name": "stdout", "text": PRINTED + run.printed})
    if run.value_text is not None and not any(output["output_type"] == "execute_result" for output in outputs):
        value = {"text/plain": run.value_text}
        outputs.append({"output_type": "execute_result", "data": value, "metadata": {}, "execution_count": None})
    return outputs + errors
