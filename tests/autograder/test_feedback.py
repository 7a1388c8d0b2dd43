"""Feedback pages keep hidden tests hidden, whatever a submission looks like."""

import pytest

from autograder.feedback import HideTests
from autograder.feedback.hidden import LEFT_OUT
from tests.autograder.small_course import ADD_TEST, answer, cell, graded, notebook_of

ERROR = {
    "output_type": "error",
    "ename": "AssertionError",
    "evalue": "20 is wrong",
    "traceback": ["---> checks.assert_close(add(20, 22), 42)"],
}


def hide(cell):
    return HideTests().preprocess_cell(cell, {}, 0)[0]


def test_hidden_lines_and_tracebacks_go_and_the_message_stays() -> None:
    cell = graded("add_test", ADD_TEST + "\nlast = 1", 2)
    cell.outputs = [type(cell)(ERROR)]
    hide(cell)
    assert cell.source.splitlines()[1:] == ["# (hidden tests ran here)", "last = 1"]
    assert cell.outputs[0].traceback == ["AssertionError: 20 is wrong"]


@pytest.mark.parametrize("source", ["### BEGIN HIDDEN TESTS\nx", "### BEGIN HIDDEN TESTS\n### BEGIN HIDDEN TESTS\nx"])
def test_a_region_without_end(source: str) -> None:
    assert "x" not in hide(graded("add_test", source, 2)).source.splitlines()


@pytest.mark.parametrize("cell", [graded("t", "assert 1", 1), answer("a", "### BEGIN HIDDEN TESTS\nmine")])
def test_other_cells_stay(cell) -> None:
    cell.outputs = [type(cell)(ERROR)]
    before = cell.source
    hide(cell)
    assert cell.source == before and cell.outputs[0].traceback == ERROR["traceback"]


def test_what_cells_below_a_hidden_test_showed_goes() -> None:
    """They could show what the hidden test called the answer with."""
    shown = [{"output_type": "stream", "name": "stdout", "text": "20 + 22"}]
    cells = [answer("add", "a"), graded("plain_test", "t", 1), answer("b", "b"), graded("add_test", ADD_TEST, 2)]
    cells += [answer("c", "c"), cell("setup", "s", locked=True), cell("quiet", "q"), graded("other_test", "t", 1)]
    notebook = notebook_of(*cells)
    for one in notebook.cells:
        one.outputs = [] if one.id == "quiet" else [type(one)(output) for output in shown]
    HideTests().preprocess(notebook, {})
    texts = {one.id: "".join(output.text for output in one.outputs) for one in notebook.cells}
    stay = dict.fromkeys(("add", "plain_test", "b", "add_test", "other_test"), "20 + 22")
    assert texts == {**stay, "c": LEFT_OUT, "setup": LEFT_OUT, "quiet": ""}
