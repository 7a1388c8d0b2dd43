"""The unit of work, with an engine that runs everything here: JSON in, JSON out."""

import json
from collections.abc import Callable
from dataclasses import replace

import nbformat
import pytest
from nbformat import NotebookNode

from autograder import grade_notebook
from autograder.blank import release_notebook
from autograder.engine.errors import SetupError
from autograder.engine.job import CellRun, Ended, Kind, Outcome
from autograder.executed import PRINTED, printed_outputs
from autograder.jobs import imports_of, independent, job_from_notebook
from autograder.notebook import parse_notebook
from autograder.unit import grade_unit, make_request
from autograder.verdict import Verdict
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ADD_TEST, cell, find, make_solution, without_markers

SOURCE = make_solution()
RELEASE = release_notebook(SOURCE)
ONE_MARK_OFF = "def double(x):\n    x[:] = [2 * n for n in x]\n    return x"


def request(change: Callable[[NotebookNode], None] = lambda notebook: None, source: NotebookNode = SOURCE, **more):
    submitted = make_solution()
    for c in submitted.cells:
        c.source = without_markers(c.source)
    find(submitted, "add_test").source = find(RELEASE, "add_test").source
    change(submitted)
    texts = [nbformat.v4.writes(notebook) for notebook in (source, release_notebook(source), submitted)]
    return make_request(texts[0], texts[1], texts[2].encode(), **more)


def set_source(name: str, source: str) -> Callable[[NotebookNode], None]:
    return lambda notebook: setattr(find(notebook, name), "source", source)


def judged(response: dict) -> dict[str, tuple[str, float]]:
    return {q["question"]: (q["cells"][0]["verdict"], q["cells"][0]["points"]) for q in response["judged"]}


def test_is_json_from_end_to_end() -> None:
    given = json.loads(json.dumps(request(set_source("double", ONE_MARK_OFF))))
    response = json.loads(json.dumps(grade_unit(given, engine=FakeEngine())))
    assert judged(response) == {
        "add": ("passed", 2), "double": ("partial", 2), "biggest": ("passed", 1), "why": ("by hand", None),
    }  # fmt: skip
    assert response["problem"] is None and response["sandbox"] == ["fake"]
    assert set(response["runs"]) == {"setup", "add", "add_test", "double", "double_test", "biggest", "biggest_test"}
    notebook = nbformat.reads(response["notebook"], as_version=4)
    nbformat.validate(notebook)
    assert find(notebook, "add_test").source == ADD_TEST
    assert "must not change its argument" in find(notebook, "double_test").outputs[0].text
    assert find(notebook, "double_test").outputs[-1].data == {"text/plain": "2.0"}
    assert [c.execution_count for c in notebook.cells if c.cell_type == "code"] == list(range(1, 8))


def test_the_same_request_gives_the_same_notebook() -> None:
    first, second = (grade_unit(request(), engine=FakeEngine()) for _ in range(2))
    assert first["notebook"] == second["notebook"] and first["judged"] == second["judged"]


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 1000, b"\xff"])
def test_what_is_no_notebook(content: bytes) -> None:
    made = request()
    engine = FakeEngine()
    response = grade_unit(make_request(made["source"], made["release"], content), engine=engine)
    assert response["problem"][0] == "unreadable" and engine.jobs == []
    assert judged(response) == dict.fromkeys(("add", "double", "biggest", "why"), ("unreadable", 0))


def test_known_tests_do_not_run_again() -> None:
    first = grade_unit(request(set_source("double", ONE_MARK_OFF)), engine=FakeEngine())
    engine = FakeEngine()
    known = {name: first["runs"][name] for name in ("add_test", "double_test")}
    second = grade_unit(request(set_source("double", ONE_MARK_OFF), known=known), engine=engine)
    assert engine.tests_run == [["biggest_test"]]
    assert second["judged"] == first["judged"] and second["notebook"] == first["notebook"]
    assert second["runs"]["double_test"]["skipped"] and not second["runs"]["biggest_test"]["skipped"]


def test_a_set_up_that_fails_is_nobodys_fault() -> None:
    source = make_solution()
    find(source, "setup").source = "import no_such_module"
    with pytest.raises(SetupError, match="no_such_module"):
        grade_unit(request(source=source), engine=FakeEngine())


class Prepared:
    """An engine that reports what it was told to report of a cell."""

    def __init__(self, name: str, run: CellRun) -> None:
        self._name, self._run = name, run

    def run(self, job, *, stop=None) -> Outcome:
        outcome = FakeEngine().run(job)
        runs = [self._run if c.name == self._name else r for c, r in zip(job.cells, outcome.cells, strict=True)]
        return replace(outcome, cells=tuple(runs))


def test_what_a_test_cell_shows() -> None:
    said = {"output_type": "stream", "name": "stdout", "text": "✗ x\n"}
    error = {"output_type": "error", "ename": "AssertionError", "evalue": "no", "traceback": []}
    run = CellRun(outputs=(said, error), error=("AssertionError", "no"), printed="20 22")
    notebook = parse_notebook(grade_unit(request(), engine=Prepared("add_test", run))["notebook"].encode())
    test = find(notebook, "add_test")
    assert [o.get("text", o.output_type) for o in test.outputs] == ["✗ x\n", f"{PRINTED}20 22", "error"]
    assert printed_outputs(test) == {1} and printed_outputs(find(notebook, "double_test")) == set()


def test_a_cell_that_was_stopped_shows_why() -> None:
    run = CellRun(ended=Ended.TIMEOUT, why="stopped after 2 s")
    response = grade_unit(request(), engine=Prepared("add_test", run))
    output = find(parse_notebook(response["notebook"].encode()), "add_test").outputs[-1]
    assert (output.ename, output.evalue) == ("CellTimeoutError", "stopped after 2 s")
    assert judged(response)["add"] == ("timeout", 0)


def test_kinds_of_cells() -> None:
    source = make_solution()
    source.cells.insert(2, nbformat.v4.new_code_cell("free = 1"))
    source.cells.insert(3, cell("essay", "1", grade=True, solution=True, points=1))
    job = job_from_notebook(source, RELEASE, skip=["add_test", "add"])
    kinds = [(c.kind, c.name) for c in job.cells]
    assert kinds[:5] == [
        (Kind.SETUP, "setup"), (Kind.ANSWER, ""), (Kind.ANSWER, "essay"), (Kind.ANSWER, "add"), (Kind.TEST, "add_test"),
    ]  # fmt: skip
    assert job.skip == {4}
    assert job.cells[0].released is None
    source.cells[1].source += "\nsecret = 1"
    assert job_from_notebook(source, RELEASE).cells[0].released == find(RELEASE, "setup").source


def test_tests_that_stand_by_themselves() -> None:
    tests = {"a": "X = 1\nassert f(X)", "b": "X = 2\ndef g(y): return y\nassert f(X) == g(1)", "c": "assert f(z) == 1"}
    assert independent(tests) == {"a", "b", "c"}
    assert independent(tests | {"d": "assert g(1)"}) == {"a", "b", "c"}
    assert independent(tests | {"d": "import numpy as z"}) == {"a", "b", "d"}
    assert independent({"a": "%matplotlib inline"}) == set()


def test_as_a_library() -> None:
    submitted = make_solution()
    find(submitted, "double").source = ONE_MARK_OFF
    result = grade_notebook(SOURCE, submitted, engine=FakeEngine())
    assert (result.points, result.max_points, result.problem) == (5, 8, "")
    assert [q.verdict for q in result.questions] == [
        Verdict.PASSED, Verdict.PARTIAL, Verdict.PASSED, Verdict.BY_HAND,
    ]  # fmt: skip
    assert "must not change its argument" in result.questions[1].reason
    assert result.runs["double_test"].value == 2 and result.notebook is not None
    torn = grade_notebook(SOURCE, b"{", engine=FakeEngine())
    assert (torn.points, torn.notebook) == (0, None) and "is not a notebook" in torn.problem


def test_as_a_library_from_files(tmp_path) -> None:
    for name, notebook in (("solution", SOURCE), ("submission", RELEASE)):
        nbformat.write(notebook, tmp_path / f"{name}.ipynb")
    result = grade_notebook(tmp_path / "solution.ipynb", str(tmp_path / "submission.ipynb"), engine=FakeEngine())
    assert {q.verdict for q in result.questions} == {Verdict.MISSING} and result.points == 0


def test_imports_of_the_exercise() -> None:
    source = make_solution()
    source.cells.insert(2, nbformat.v4.new_code_cell("import math, os.path\nfrom json import loads as read, dumps"))
    source.cells.insert(3, nbformat.v4.new_code_cell("def dumps(x):\n    import re\n%time 1"))
    source.cells.insert(4, nbformat.v4.new_code_cell("from collections import *\nmath = math"))
    source.cells.insert(5, nbformat.v4.new_code_cell("import math, os.path"))
    assert imports_of(source) == ["import os.path", "from json import loads as read", "from json import dumps"]
    assert job_from_notebook(source, RELEASE, source=source).imports == tuple(imports_of(source))
