"""Putting submissions back into form."""

from copy import deepcopy

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

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
        checksum = find(submitted, name).metadata.nbgrader.pop("checksum")
        assert checksum == find(RELEASE, name).metadata.nbgrader.checksum
        assert find(submitted, name).metadata.nbgrader == find(SOURCE, name).metadata.nbgrader


def test_a_deleted_test_comes_back_below_its_answer(submitted: NotebookNode) -> None:
    remove(submitted, "double_test")
    assert restore(submitted, SOURCE, RELEASE) == ["cell 'double_test' was deleted: restored"]
    assert ids(submitted) == ids(SOURCE)


def test_deleted_set_up_comes_back_at_the_top(submitted: NotebookNode) -> None:
    remove(submitted, "setup")
    assert restore(submitted, SOURCE, RELEASE) == ["cell 'setup' was deleted: restored"]
    assert grade_id(submitted.cells[0]) == "setup"


def test_a_deleted_answer_for_a_person_comes_back_blank(submitted: NotebookNode) -> None:
    remove(submitted, "why")
    assert restore(submitted, SOURCE, RELEASE) == ["cell 'why' was deleted: restored"]
    assert find(submitted, "why").source == find(RELEASE, "why").source
    assert "numbers add up" not in find(submitted, "why").source
    assert determine_grade(find(submitted, "why")) == (0, 2)


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
        "cell 'of-another-exercise' is none of the exercise's: taken as an ordinary cell",
        "cell 'add_test' was turned into another type of cell: turned back",
        "answer cell 'double' was deleted",
    ]
    assert find(submitted, "add_test").outputs == []
    assert "nbgrader" not in foreign.metadata


@pytest.mark.parametrize("nonsense", [3, [], {"grade_id": 3}, {"grade_id": ["x"]}, {}])
def test_nonsense_as_metadata(submitted: NotebookNode, nonsense: object) -> None:
    find(submitted, "add").metadata["nbgrader"] = nonsense
    assert restore(submitted, SOURCE, RELEASE) == ["answer cell 'add' was deleted"]


def test_metadata_and_kernel_are_the_sources(submitted: NotebookNode) -> None:
    submitted.metadata = nbformat.from_dict({"kernelspec": {"name": "mine"}, "bomb": [[[[]]]]})
    submitted["surprise"] = 1
    for c in submitted.cells:
        c.metadata["bomb"] = [1] * 100
        c["surprise"] = 1
    find(submitted, "add").outputs = [nbformat.v4.new_output("stream", text="x")]
    assert restore(submitted, SOURCE, RELEASE) == []
    assert submitted.metadata == SOURCE.metadata
    assert set(submitted) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert "bomb" not in str(submitted) and "surprise" not in str(submitted)
    assert find(submitted, "add").outputs == []
    nbformat.validate(submitted)


def test_names_that_look_like_others(submitted: NotebookNode) -> None:
    """A Cyrillic letter in a name makes another name: the tests come back, and the answer is nobody's."""
    find(submitted, "add_test").metadata.nbgrader.grade_id = "\u0430dd_test"
    assert restore(submitted, SOURCE, RELEASE) == [
        r"cell '\u0430dd_test' is none of the exercise's: taken as an ordinary cell",
        "cell 'add_test' was deleted: restored",
    ]
    assert ids(submitted) == ["setup", "add", "add_test", None, "double", "double_test", "biggest", "biggest_test"]


def test_attachments(submitted: NotebookNode) -> None:
    """A picture in a text that a person reads stays; anything else goes."""
    picture = {"p.png": {"image/png": "aGk="}}
    why, heading, code = find(submitted, "why"), submitted.cells[0], find(submitted, "add")
    why.attachments, heading.attachments, code.attachments = picture, {"p": ["nonsense"]}, picture
    restore(submitted, SOURCE, RELEASE)
    assert find(submitted, "why").attachments == picture
    assert "attachments" not in submitted.cells[0] and "attachments" not in find(submitted, "add")
    nbformat.validate(submitted)


def test_ids_are_unique_and_the_same_each_time(submitted: NotebookNode) -> None:
    submitted.cells[0].id = "add"  # a cell of the exercise has this one
    submitted.cells += [nbformat.v4.new_code_cell("1", id="x") for _ in range(2)]
    submitted.cells[-1].id = "no id, ünd lòng" * 10
    submitted.cells.append(nbformat.from_dict({"cell_type": "code", "metadata": {}, "source": "2"}))
    again = deepcopy(submitted)
    restore(submitted, SOURCE, RELEASE)
    restore(again, SOURCE, RELEASE)
    assert submitted == again
    assert len({c.id for c in submitted.cells}) == len(submitted.cells)
    assert all(find(submitted, name).id == name for name in ("add", "add_test", "why"))
    nbformat.validate(submitted)
