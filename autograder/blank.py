"""The blank exercise that participants get: a solution notebook without answers, hidden tests and mark schemes."""

from copy import deepcopy

from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import Config

from autograder.course import load_config

__all__ = ["load_config", "release_notebook"]

# The steps of nbgrader.converters.GenerateAssignment, in its order, without those that need a gradebook.
_STEPS = (
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
)


def release_notebook(solution: NotebookNode, config: Config | None = None) -> NotebookNode:
    """Turn a solution notebook into the release, as `nbgrader generate_assignment` does, without a gradebook.

    The argument stays as it is; cell ids are kept.
    """
    notebook = deepcopy(solution)
    resources: dict[str, object] = {}
    for step in _STEPS:
        notebook, resources = step(config=config or Config()).preprocess(notebook, resources)
    return notebook
