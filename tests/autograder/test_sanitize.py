"""Putting submissions back into form."""

from copy import deepcopy

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.blank import release_notebook
from autograder.notebook import grade_id
from autograder.sanitize import restore
from tests.autograder.small_course import ADD_TEST, find, make_solution

SOURCE = make_solution()
RELEASE = release_notebook(SOURCE)


@pytest.fixture
def submitted() -> NotebookNode:
    return deepcopy(RELEASE)


def ids(notebook: NotebookNode) -> list[str | None]:
    return [grade_id(c) for c in notebook.cells if c.cell_type == "code"]


def remove(notebook: NotebookNode, *names: str) -> None:
    notebook.cells = [c for c in notebook.cells if grade_id(c) not in names]


def test_an_untouched_exercise_gets_its_hidden_tests_and_no_notes(submitted: NotebookNode) -> None:
    assert restore(submitted, SOURCE, RELEASE) == []
    assert find(submitted, "add_test").source == ADD_TEST
    assert ids(submitted) == ids(SOURCE)
    assert "NotImplementedError" in find(submitted, "add").source  # the answer stays the student's


def test_edited_tests_and_points(submitted: NotebookNode) -> None:
    find(submitted, "add_test").source = "pass"
    find(submitted, "double_test").metadata.nbgrader.points = 300
    find(submitted, "biggest").metadata.nbgrader = {"grade_id": "biggest", "grade": True, "points": 99}
    assert restore(submitted, SOURCE, RELEASE) == ["locked cell 'add_test' was edited: graded with the original"]
    assert find(submitted, "add_test").source == ADD_TEST
    for name in ("double_test", "biggest"):
        assert find(submitted, name).metadata.nbgrader == find(SOURCE, name).metadata.nbgrader


def test_a_deleted_test_comes_back_below_its_answer(submitted: NotebookNode) -> None:
    remove(submitted, "double_test")
    assert restore(submitted, SOURCE, RELEASE) == ["cell 'double_test' was deleted: restored"]
    assert ids(submitted) == ids(SOURCE)


def test_deleted_set_up_comes_back_at_the_top(submitted: NotebookNode) -> None:
    remove(submitted, "setup")
    assert restore(submitted, SOURCE, RELEASE) == ["cell 'setup' was deleted: restored"]
    assert grade_id(submitted.cells[0]) == "setup"


def test_an_answer_in_another_cell_runs_before_its_restored_test(submitted: NotebookNode) -> None:
    """The student pasted the answer into a new cell and deleted both the answer's cell and the test."""
    place = next(i for i, c in enumerate(submitted.cells) if grade_id(c) == "double_test")
    submitted.cells.insert(place + 1, nbformat.v4.new_code_cell("def double(numbers): ..."))
    remove(submitted, "double", "double_test")
    notes = restore(submitted, SOURCE, RELEASE)
    assert notes == ["answer cell 'double' was deleted", "cell 'double_test' was deleted: restored"]
    assert ids(submitted) == ["setup", "add", "add_test", None, "double_test", "biggest", "biggest_test"]


def test_everything_without_metadata(submitted: NotebookNode) -> None:
    """As some platforms for teaching leave it: answers run first, then all tests."""
    for c in submitted.cells:
        c.metadata = {}
    restore(submitted, SOURCE, RELEASE)
    assert ids(submitted)[:1] == ["setup"]
    assert ids(submitted)[-3:] == ["add_test", "double_test", "biggest_test"]
    assert find(submitted, "why").cell_type == "markdown"


def test_of_copies_the_last_counts(submitted: NotebookNode) -> None:
    copy = deepcopy(find(submitted, "add"))
    find(submitted, "add").source, copy.source = "first", "last"
    place = next(i for i, c in enumerate(submitted.cells) if grade_id(c) == "add")
    submitted.cells[place + 1 : place + 1] = [copy]
    assert restore(submitted, SOURCE, RELEASE) == ["cell 'add' stands twice: the last copy counts"]
    assert find(submitted, "add").source == "last"
    assert [c.source for c in submitted.cells].count("first") == 1


def test_cells_of_another_type_and_foreign_cells(submitted: NotebookNode) -> None:
    test, foreign = find(submitted, "add_test"), find(submitted, "double")
    submitted.cells[submitted.cells.index(test)] = nbformat.v4.new_markdown_cell(
        test.source, metadata=dict(test.metadata)
    )
    foreign.metadata.nbgrader.grade_id = "of-another-exercise"
    notes = restore(submitted, SOURCE, RELEASE)
    assert notes == [
        "cell 'add_test' was turned into another type of cell: turned back",
        "answer cell 'double' was deleted",
    ]
    assert find(submitted, "add_test").outputs == []
    assert "nbgrader" not in foreign.metadata


@pytest.mark.parametrize("nonsense", [3, [], {"grade_id": 3}, {"grade_id": ["x"]}, {}])
def test_nonsense_as_metadata(submitted: NotebookNode, nonsense: object) -> None:
    find(submitted, "add").metadata["nbgrader"] = nonsense
    assert restore(submitted, SOURCE, RELEASE) == ["answer cell 'add' was deleted"]
