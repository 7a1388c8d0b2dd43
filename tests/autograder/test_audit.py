"""The audit finds every way in which tests can be wrong."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode

import autograder.audit
from autograder.audit import Audit, audit
from autograder.course import Course, CourseError
from autograder.engine.limits import Limits
from autograder.notebook import read_notebook
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ADD_TEST, ASSIGNMENT, BIGGEST_TEST, CORPUS, find, write_notebook

Change = Callable[[NotebookNode], None]


@pytest.fixture
def real_engine() -> None:
    """For a test that needs the engine itself."""


@pytest.fixture
def run_audit(course: Course, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Audit]:
    """Audit the small course after changing its solution or its corpus; run all in this process where that will do."""
    if "real_engine" not in request.fixturenames:
        monkeypatch.setattr(autograder.audit, "start_engine", lambda *settings: FakeEngine())
    path = course.solutions / ASSIGNMENT / "numbers.ipynb"

    def run(change: Change | None = None, corpus: str = CORPUS, seeds: int = 1, **least: int) -> Audit:
        if change is not None:
            notebook = read_notebook(path)
            change(notebook)
            write_notebook(path, notebook)
        course.corpus(path).write_text(corpus)
        limits = Limits(cell_seconds=2)
        return audit(course, seeds=seeds, jobs=2, limits=limits, **least)

    return run


def set_source(name: str, source: str) -> Change:
    def change(notebook: NotebookNode) -> None:
        find(notebook, name).source = source

    return change


@pytest.mark.usefixtures("real_engine")
def test_all_is_well(run_audit: Callable[..., Audit]) -> None:
    result = run_audit()
    assert result.failures == []
    assert result.summary == "audit: 3 questions, 12/12 wrong solutions caught, 6/6 right solutions kept"


def test_a_wrong_solution_that_passes(run_audit: Callable[..., Audit]) -> None:
    result = run_audit(set_source("add_test", ADD_TEST.replace("add(20, 22)", "42")))
    (failure,) = result.failures
    assert failure.startswith("01-numbers/numbers: wrong solution 'knows one sum' of add (line 16 of the corpus)")
    assert "add loses 0 of 2 points and should lose 2" in failure
    assert result.summary == "audit: 3 questions, 11/12 wrong solutions caught, 6/6 right solutions kept"


def test_a_wrong_solution_with_another_message(run_audit: Callable[..., Audit]) -> None:
    result = run_audit(corpus=CORPUS.replace("that is the difference", "that is the product"))
    (failure,) = result.failures
    assert "add should say 'that is the product', and says '1 + 2: that is the difference" in failure
    assert "AssertionError" in failure  # the traceback, in full
    assert result.wrong_caught == 11


def test_a_wrong_solution_that_loses_too_much(run_audit: Callable[..., Audit]) -> None:
    result = run_audit(corpus=CORPUS.replace("   loses: 1\ndef double", "   loses: 2\ndef double"))
    assert "double loses 1 of 3 points and should lose 2" in result.failures[0]


def test_a_right_solution_that_fails(run_audit: Callable[..., Audit]) -> None:
    result = run_audit(set_source("biggest_test", "try:\n    biggest([])\nexcept ValueError:\n    pass"))
    failure = next(f for f in result.failures if "right solution 'sorts'" in f)
    assert "biggest loses 1 of 1 points and should lose 0" in failure
    assert result.right_kept == 5


def test_a_solution_that_fails_its_own_tests(run_audit: Callable[..., Audit]) -> None:
    result = run_audit(set_source("biggest", "def biggest(numbers):\n    return numbers[0]"))
    assert any(f.startswith("01-numbers/numbers: the solution\n  biggest loses 1") for f in result.failures)


def test_a_blank_release_that_earns_marks(run_audit: Callable[..., Audit]) -> None:
    result = run_audit(set_source("biggest_test", "try:\n    biggest([1])\nexcept NotImplementedError:\n    pass"))
    assert any("the blank release\n  biggest loses 0 of 1 points and should lose 1" in f for f in result.failures)


def test_a_question_that_depends_on_another(run_audit: Callable[..., Audit]) -> None:
    result = run_audit(set_source("biggest_test", f"assert add(20, 22) == 42\n{BIGGEST_TEST}"))
    failure = next(f for f in result.failures if "wrong solution 'subtracts' of add" in f)
    assert "biggest loses 1 of 1 points and should lose 0" in failure


@pytest.mark.parametrize("value", ["-1", "float('nan')", "'done'", "5.0", "False"])
def test_a_test_that_gives_no_mark(run_audit: Callable[..., Audit], value: str) -> None:
    """Even where nbgrader gives full marks for it."""

    def change(notebook: NotebookNode) -> None:
        find(notebook, "double_test").source += f"\nimport numpy as np\n{value}"

    failure = run_audit(change).failures[0]
    assert "the solution\n  double: test-broken" in failure


def test_a_mark_that_nbgrader_reads_as_another(run_audit: Callable[..., Audit]) -> None:
    def change(notebook: NotebookNode) -> None:
        find(notebook, "double_test").source += "\nimport numpy as np\nnp.float64(3.0)"

    failure = run_audit(change).failures[0]
    assert "double_test ends in np.float64(3.0), which nbgrader reads as full marks" in failure


@pytest.mark.usefixtures("real_engine")
def test_stderr_is_no_verdict(run_audit: Callable[..., Audit]) -> None:
    corpus = CORPUS.replace(
        "    return sorted(numbers)[-1]",
        "    import warnings\n    warnings.warn('slow')\n    return sorted(numbers)[-1]",
    )
    assert run_audit(corpus=corpus).failures == []


@pytest.mark.usefixtures("real_engine")
def test_an_endless_loop_costs_a_cells_time(run_audit: Callable[..., Audit]) -> None:
    corpus = CORPUS.replace("    return numbers[0]\n", "    while True:\n        pass\n")
    corpus = corpus.replace('"the first"   expects: "of -3 and -1"', '"never ends"   expects: "stopped after 2 s"')
    assert run_audit(corpus=corpus).failures == []


@pytest.mark.usefixtures("real_engine")
def test_seeds_find_a_test_that_depends_on_chance(run_audit: Callable[..., Audit]) -> None:
    """A set's order depends on the hash seed: this test passes with seed 0, and with others not."""
    first = "next(iter(set('abcdefghij')))"
    with_seed_0 = subprocess.run(
        [sys.executable, "-c", f"print({first})"],
        env={"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    source = f"assert {first} == {with_seed_0.stdout.strip()!r}\n{BIGGEST_TEST}"
    change = set_source("biggest_test", source)
    assert run_audit(change).failures == []
    result = run_audit(change, seeds=4)
    assert result.failures
    assert all("biggest is not stable" in one and not re.search(r"seeds? 0", one) for one in result.failures)
    assert result.right_kept < result.right


def test_needs_enough_solutions(run_audit: Callable[..., Audit]) -> None:
    with pytest.raises(CourseError, match="question add has 4 wrong solutions and needs 5"):
        run_audit(min_wrong=5)


def test_no_corpus(course: Course) -> None:
    path = course.solutions / ASSIGNMENT / "numbers.ipynb"
    course.corpus(path).unlink()
    with pytest.raises(CourseError, match=r"^sources/solutions/01-numbers/numbers\.corpus\.py is missing"):
        audit(course)


def test_solution_that_is_no_notebook(course: Course) -> None:
    (course.solutions / ASSIGNMENT / "numbers.ipynb").write_text("{")
    with pytest.raises(CourseError, match=r"^solutions/01-numbers/numbers\.ipynb is not a notebook"):
        audit(course)


@pytest.mark.usefixtures("real_engine")
def test_files_beside_the_notebook_are_there(run_audit: Callable[..., Audit], course: Course) -> None:
    (course.solutions / ASSIGNMENT / "data.txt").write_text("42")
    change = set_source("add_test", f"{ADD_TEST}\nassert add(0, int(open('data.txt').read())) == 42")
    assert run_audit(change).failures == []


@pytest.mark.usefixtures("real_engine")
def test_leaves_nothing_behind(run_audit: Callable[..., Audit], course: Course, tmp_path: Path) -> None:
    before = sorted(course.root.rglob("*"))
    run_audit(set_source("setup", "from dlcourse import checks\nopen('litter', 'w').close()"))
    assert sorted(course.root.rglob("*")) == before


def test_solutions_of_different_questions_share_a_notebook(
    run_audit: Callable[..., Audit], monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = []
    grade_unit = autograder.audit.grade_unit
    monkeypatch.setattr(
        autograder.audit, "grade_unit", lambda request, **more: requests.append(request) or grade_unit(request, **more)
    )
    assert run_audit().failures == []
    assert len(requests) == 2 + 6  # the solution, the blank release, and 4 wrong and 2 right solutions of each question
    requests.clear()
    assert len(run_audit(corpus=CORPUS.replace("that is the difference", "that is the product")).failures) == 1
    assert len(requests) == 2 + 6 + 3  # those that were together with the one that says something else
