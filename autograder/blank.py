"""The blank exercise that participants get: a solution notebook without answers, hidden tests and mark schemes."""

import os
from copy import deepcopy
from pathlib import Path

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
from traitlets.config import Config, PyFileConfigLoader

CONFIG_FILE = "nbgrader_config.py"

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


def load_config(root: Path) -> Config:
    """The course's nbgrader settings; empty where there is no nbgrader_config.py."""
    if not (root / CONFIG_FILE).exists():
        return Config()
    return PyFileConfigLoader(CONFIG_FILE, path=os.fspath(root)).load_config()


def release_notebook(solution: NotebookNode, config: Config | None = None) -> NotebookNode:
    """Turn a solution notebook into the release, as `nbgrader generate_assignment` does, without a gradebook.

    The argument stays as it is; cell ids are kept.
    """
    notebook = deepcopy(solution)
    resources: dict[str, object] = {}
    for step in _STEPS:
        notebook, resources = step(config=config or Config()).preprocess(notebook, resources)
    return notebook
