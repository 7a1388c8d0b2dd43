"""Reading what students hand in, and telling what an exercise is made of."""

import json
import warnings
from pathlib import Path

import nbformat
import pytest

from autograder.imports import imported_modules, modules_of_files
from autograder.notebook import NotebookError, Question, parse_notebook, questions, read_notebook
from tests.autograder.small_course import answer, cell, graded, heading, make_solution, notebook_of, write_notebook

GOOD = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
CODE = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b'{"cells": [', r"not JSON \(Expecting value: line 1, column 12\)"),
        (b"\x80\x81", "byte 0 is no text"),
        (b"[]", "JSON without an nbformat"),
        (b'{"nbformat": "4"}', "JSON without an nbformat"),
        (b"[" * 200_000, "nested more than 64 deep"),
        (b'{"a": "' + b'\\"' * 1_000_000, "not JSON"),  # a string without an end, which takes no time to find out
        (b"[" + b"[]," * 1_000_000 + b"[]]", "more than 1000000 values"),
        (b"[" + b"9" * 5000 + b"]", "JSON cannot be read"),
        (b" " * (51 << 20) + b"{}", "more than 50"),
        (json.dumps(GOOD | {"cells": [CODE] * 2001}).encode(), "2001 cells, more than 2000"),
        (b'{"nbformat": 4}', "damaged notebook"),
        (b'{"nbformat": 99, "cells": []}', "damaged notebook"),
        (json.dumps(GOOD | {"cells": [{}]}).encode(), "damaged notebook"),
        (json.dumps(GOOD | {"cells": [CODE | {"cell_type": "poem"}]}).encode(), "cell 1 is of no known type"),
        (json.dumps(GOOD | {"cells": [CODE | {"metadata": 3}]}).encode(), "damaged notebook"),
        (json.dumps(GOOD | {"cells": [CODE | {"source": 3}]}).encode(), "damaged notebook"),
        (json.dumps(GOOD | {"cells": [CODE | {"outputs": 3}]}).encode(), "damaged notebook"),
    ],
)
def test_what_is_no_notebook(content: bytes, message: str) -> None:
    with pytest.raises(NotebookError, match=message):
        parse_notebook(content)


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="cannot be read: No such file"):
        read_notebook(tmp_path / "x.ipynb")


def test_reads_what_is_harmless(tmp_path: Path) -> None:
    """Cells without ids, with the same ids, joined and split sources, a byte order mark, unknown keys."""
    first = {key: value for key, value in CODE.items() if key != "id"} | {"source": ["a\n", "b"], "surprise": 1}
    raw = GOOD | {"cells": [first, CODE, CODE]}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        notebook = parse_notebook(b"\xef\xbb\xbf" + json.dumps(raw).encode())
    assert [c.source for c in notebook.cells] == ["a\nb", "1", "1"]
    assert len({c.id for c in notebook.cells}) == 3


def test_reads_old_versions(tmp_path: Path) -> None:
    old = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("print(1)")])]
    )
    notebook = parse_notebook(json.dumps(old).encode())
    assert notebook.nbformat == 4 and notebook.cells[0].source == "print(1)"


def test_reads_what_it_wrote(tmp_path: Path) -> None:
    made = make_solution()
    assert read_notebook(write_notebook(tmp_path / "x.ipynb", made)) == made


def test_questions_of_an_exercise() -> None:
    assert questions(make_solution()) == [
        Question("add", ("add_test",), 2, by_hand=False),
        Question("double", ("double_test",), 3, by_hand=False),
        Question("biggest", ("biggest_test",), 1, by_hand=False),
        Question("why", ("why",), 2, by_hand=True),
    ]


def test_a_question_may_have_several_tests_and_answers() -> None:
    notebook = notebook_of(
        answer("step", "1"),
        answer("steps", "1"),
        graded("step_test", "1", 1),  # named after its answer
        graded("steps_test_2", "1", 2),
        graded("more", "1", 4),  # named after none: belongs to the answer above
        graded("steps_testing", "1", 8),  # the same: "testing" is a word of its own
        answer("fit", "1"),
        graded("fit-tests", "1", 1),
        cell("task", "Do it.", "markdown", task=True, locked=True, points=3),
    )
    assert questions(notebook) == [
        Question("step", ("step_test",), 1, by_hand=False),
        Question("steps", ("steps_test_2", "more", "steps_testing"), 14, by_hand=False),
        Question("fit", ("fit-tests",), 1, by_hand=False),
        Question("task", ("task",), 3, by_hand=True),
    ]


def test_a_test_above_every_answer_is_a_question_of_its_own() -> None:
    assert questions(notebook_of(graded("first", "1", 1)))[0].name == "first"


def test_imported_modules() -> None:
    cells = [
        "import a, b.c as d\nfrom e import f",
        "%matplotlib inline",
        "def g():\n    from h import *\nfrom . import i",
    ]
    assert imported_modules(cells) == ["a", "b.c", "e", "e.f", "h"]


def test_modules_of_files() -> None:
    notebook = notebook_of(cell("setup", "import numpy as np\nfrom dlcourse import checks"), heading("import-this"))
    content = nbformat.v4.writes(notebook).encode()
    torn = content[: len(content) // 2]
    assert modules_of_files([content, torn, b"[]", content]) == ("numpy", "dlcourse", "dlcourse.checks")
