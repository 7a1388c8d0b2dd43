"""Set-up cells after the last test: run once for a class where they can be, and in each submission where not."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from autograder.engine.alone import Alone, need_no_submission, stand_alone
from autograder.engine.engine import Engine
from autograder.engine.job import Cell, CellRun, Ended, Job, Kind, Outcome

SETUP = Cell(Kind.SETUP, "import time\nn = 3")
ANSWER = Cell(Kind.ANSWER, "def double(x):\n    return 2 * x")
TEST = Cell(Kind.TEST, "assert double(1) == 2")
PICTURE = Cell(Kind.SETUP, "points = list(range(n))\nprint(points, time.time_ns())")


def job(*after: Cell, answer: str = ANSWER.source) -> Job:
    return Job((SETUP, replace(ANSWER, source=answer), TEST, *after))


def answer(source: str) -> Cell:
    return Cell(Kind.ANSWER, source)


def setup(source: str) -> Cell:
    return Cell(Kind.SETUP, source)


@pytest.mark.parametrize(
    ("after", "numbers"),
    [
        ([], []),
        ([PICTURE], [3]),
        ([answer("x = 1"), PICTURE], [4]),
        ([PICTURE, setup("print(points)")], [4, 3]),
        ([PICTURE, answer("def bonus(): return 1"), answer("# bonus() + points")], [3]),
        # what is handed in after it uses a name of it, or might
        ([PICTURE, answer("len(points)")], []),
        ([PICTURE, answer("points = 2")], []),
        ([PICTURE, answer("globals()")], []),
        ([PICTURE, answer("from __main__ import *")], []),
        ([PICTURE, answer("%who")], []),
        ([PICTURE, answer("(" * 5000)], []),
        # a later one has to run, and uses a name of it
        ([PICTURE, setup("shown = points"), answer("shown")], []),
        ([PICTURE, setup("shown = 1"), answer("shown")], [3]),
        # it uses a name of the student's, or might
        ([setup("print(double(n))")], []),
        ([setup("try:\n    double\nexcept NameError:\n    print('not yet')")], []),
        ([setup("def later():\n    return double(1)")], []),
        ([setup("eval('double')")], []),
        ([setup("%matplotlib inline")], []),
    ],
)
def test_which_they_are(after: list[Cell], numbers: list[int]) -> None:
    assert need_no_submission(job(*after)) == numbers


def test_without_a_test_there_is_no_end() -> None:
    assert need_no_submission(Job((SETUP, ANSWER, PICTURE))) == []


@pytest.mark.parametrize(
    ("source", "alone"),
    [
        ("def f(x):\n    y = x\n    return y", True),
        ("class A:\n    def m(self):\n        return self.missing", True),
        ("[i for i in range(3) if i]", True),
        ("def f():\n    def g():\n        return missing", False),
        ("def f():\n    global made\n    made = 1", True),
        ("lambda: missing", False),
    ],
)
def test_names_from_elsewhere(source: str, alone: bool) -> None:
    assert stand_alone([source]) is alone


class Runs:
    """Counts what it is asked for."""

    def __init__(self, last: CellRun, notes: tuple[str, ...] = ()) -> None:
        self.jobs: list[Job] = []
        self._last, self._notes = last, notes

    def __call__(self, job: Job, stop: object) -> Outcome:
        self.jobs.append(job)
        return Outcome((*[CellRun()] * (len(job.cells) - 1), self._last), notes=self._notes)


def test_once_for_a_class_and_without_the_submission() -> None:
    runs = Runs(CellRun(value_text="seen", seconds=2.0))
    alone = Alone(runs)
    first = alone.runs(replace(job(PICTURE), files={"mine.txt": b"1"}))
    assert first == {3: CellRun(value_text="seen")}
    assert alone.runs(job(PICTURE, answer="import os")) == first
    (only,) = runs.jobs
    assert only.cells == (SETUP, PICTURE) and only.files == {}
    alone.runs(replace(job(PICTURE), seed=1))
    alone.runs(replace(job(PICTURE), given={"data.csv": b"1"}))
    assert len(runs.jobs) == 3


@pytest.mark.parametrize(
    "runs",
    [
        Runs(CellRun(error=("ValueError", "no"))),
        Runs(CellRun(ended=Ended.TIMEOUT)),
        Runs(CellRun(), notes=("its process went down",)),
    ],
)
def test_what_goes_wrong_is_seen_in_each_submission(runs: Runs) -> None:
    alone = Alone(runs)
    assert alone.runs(job(PICTURE)) == alone.runs(job(PICTURE)) == {}
    assert len(runs.jobs) == 1


def test_only_so_many_are_kept() -> None:
    runs = Runs(CellRun())
    alone = Alone(runs)
    for seed in [*range(33), 32, 0]:
        alone.runs(replace(job(PICTURE), seed=seed))
    assert [each.seed for each in runs.jobs] == [*range(33), 0]


# --- with the engine ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(["time"]) as engine:
        yield engine


def printed(outcome: Outcome, number: int = 3) -> str:
    return "".join(output.get("text", "") for output in outcome.cells[number].outputs)


def test_all_submissions_show_the_same_whatever_is_in_them(engine: Engine) -> None:
    honest = engine.run(job(PICTURE))
    assert printed(honest).startswith("[0, 1, 2]") and honest.cells[2].error is None
    lies = "import builtins\nbuiltins.print = lambda *_: None\nn = 99\ndef double(x): return 2"
    assert printed(engine.run(job(PICTURE, answer=lies))) == printed(honest)


def test_a_later_cell_of_the_submission_finds_what_it_uses(engine: Engine) -> None:
    outcome = engine.run(job(PICTURE, answer("print(len(points))")))
    assert printed(outcome, 4) == "3\n" and printed(outcome).startswith("[0, 1, 2]")
    assert printed(outcome) != printed(engine.run(job(PICTURE)))
