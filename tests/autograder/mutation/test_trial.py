"""Which mutants do the tests see? Mostly without the engine; once with it, as its user would."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat import NotebookNode
from typer.testing import CliRunner

from autograder import audit
from autograder.cli import app
from autograder.course import Course, CourseError
from autograder.engine.job import Ended, Job, Outcome
from autograder.mutation import report
from autograder.mutation.trial import ExerciseTrial, QuestionTrial, mutate
from autograder.notebook import read_notebook
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ADD_TEST, ASSIGNMENT, CORPUS, find, write_notebook

PATH = Path(ASSIGNMENT) / "numbers.ipynb"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """Run all in this process."""
    fake = FakeEngine()
    monkeypatch.setattr(audit, "start_engine", lambda *settings: fake)
    return fake


def with_cells(course: Course, **sources: str) -> NotebookNode:
    notebook = read_notebook(course.solutions / PATH)
    for name, source in sources.items():
        find(notebook, name).source = source
    write_notebook(course.solutions / PATH, notebook)
    return notebook


def tried(course: Course) -> dict[str, QuestionTrial]:
    (result,) = mutate(course, jobs=1)
    return {question.question: question for question in result.questions}


def answer(*lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"def add(a, b):\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"


@pytest.mark.usefixtures("engine")
def test_tests_that_see_everything(course: Course) -> None:
    questions = tried(course)
    assert list(questions) == ["add", "double", "biggest"]  # not the written one
    assert all(
        q.share == 1 and not q.survivors and not q.stale and q.mutants == q.killed >= 2 for q in questions.values()
    )


@pytest.mark.usefixtures("engine")
def test_names_the_change_that_no_test_sees(course: Course) -> None:
    with_cells(course, add_test="assert add(3, 0) == 3")
    add = tried(course)["add"]
    assert [mutant.after for mutant in add.survivors] == [("return a - b",), ("return a",)]
    assert add.share == add.killed / add.mutants < 1


@pytest.mark.usefixtures("engine")
def test_a_known_equivalent_does_not_count_until_the_tests_see_it(course: Course) -> None:
    corpus = course.corpus(course.solutions / PATH)
    same = '\n# %% question: add\n# %% equivalent: "the tests have b = 0"\n# - return a + b\n# + return a - b\n'
    corpus.write_text(CORPUS + same)
    with_cells(course, add_test="assert add(3, 0) == 3")
    add = tried(course)["add"]
    assert (add.equivalent, len(add.survivors), add.stale) == (1, 1, [])
    assert add.share == add.killed / (add.mutants - 1)
    with_cells(course, add_test=ADD_TEST)
    add = tried(course)["add"]
    assert (add.equivalent, add.survivors) == (0, [])
    assert "the tests see it: take it out" in add.stale[0]


@pytest.mark.usefixtures("engine")
def test_a_mutant_that_damages_something_is_alone_in_that(course: Course) -> None:
    """With another number under "k", which stays there, every later answer would be wrong."""
    solution = answer('known.setdefault("k", 1)', 'return known["k"] * (a + b)')
    with_cells(course, setup="from dlcourse import checks\nknown = {}", add=solution)
    assert ("return (a + b)",) in [mutant.after for mutant in tried(course)["add"].survivors]


def test_runs_only_what_the_question_needs(course: Course, engine: FakeEngine) -> None:
    with_cells(course, biggest="import keras_that_nobody_has\ndef biggest(numbers):\n    return max(numbers)")
    with pytest.raises(CourseError, match="the solution of biggest has not all its marks: ModuleNotFoundError"):
        tried(course)
    assert {name for job in engine.tests_run for name in job} == {"add_test", "double_test", "biggest_test"}
    of_double = next(job for job in engine.jobs if any(cell.name == "double" for cell in job.cells))
    assert {cell.name for cell in of_double.cells} == {"setup", "double", "double_test"}


def test_a_share_is_rounded_down() -> None:
    one = ExerciseTrial("01-numbers/numbers", [QuestionTrial("add", mutants=10_000, killed=9496)])
    assert not one.well
    assert report.summary(one) == ("mutation: 01-numbers/numbers: 9496 of 10000 mutants killed, 94.9 %, less than 95 %")


@pytest.mark.parametrize(("ended", "by_limit"), [(None, 0), (Ended.TIMEOUT, 1), (Ended.MEMORY, 1)])
def test_what_runs_into_a_limit_is_seen(course: Course, engine: FakeEngine, ended: Ended | None, by_limit: int) -> None:
    run = engine.run

    def run_into_limit(job: Job, **more: object) -> Outcome:
        outcome = run(job, **more)
        runs = [replace(r, ended=ended, why="stopped") if r.error and ended else r for r in outcome.cells]
        return replace(outcome, cells=tuple(runs))

    engine.run = run_into_limit
    with_cells(course, add=answer("return a + int(str(b))"))  # int(b), and b, are as good; str(b) cannot be added
    add = tried(course)["add"]
    assert add.killed > 3 and bool(add.by_limit) == bool(by_limit)


def test_from_the_command_line(course: Course) -> None:
    with_cells(course, add_test="assert add(3, 0) == 3")
    arguments = ["--course", str(course.root), "audit", "--mutate", ASSIGNMENT]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "120"})
    assert result.exit_code == 1, result.output
    lines = result.stdout.splitlines()
    assert lines[:3] == ["add, line 3 of the answer: the tests do not see", "    - return a + b", "    + return a - b"]
    assert lines[-1].startswith("mutation: 01-numbers/numbers: ") and lines[-1].endswith("less than 95 %")


def test_without_mutmut(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("autograder.mutation")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mutmut.mutation", None)
    result = CliRunner().invoke(app, ["--course", str(course.root), "audit", "--mutate"])
    assert result.exit_code == 2
    assert "--mutate needs mutmut: pip install" in result.stderr
