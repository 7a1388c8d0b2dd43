"""Every solution notebook runs from top to bottom without network, with full marks from its own tests."""

import pytest

from bench.notebooks import MAX_MEGABYTES, ROOT, run

SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))


@pytest.mark.notebook
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_solution_runs(path) -> None:
    result = run(path)
    assert result.error is None, result.error
    assert result.stderr() == "", "nbgrader takes any stderr for a failure"
    assert result.peak_megabytes < MAX_MEGABYTES


def test_there_are_solutions() -> None:
    assert SOLUTIONS, "solutions/ holds no notebook: run `make notebooks`"
