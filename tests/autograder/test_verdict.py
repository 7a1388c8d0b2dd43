"""Verdicts: the points nbgrader gives, and the reason in words."""

import pytest
from nbgrader.utils import determine_grade

from autograder.engine.job import CellRun, Ended
from autograder.executed import executed_notebook
from autograder.verdict import Verdict, judge, one_line
from tests.autograder.small_course import graded, notebook_of


def value(text: str) -> CellRun:
    try:
        number = float(text)
    except ValueError:
        number = None
    return CellRun(value=number, value_text=text)


def error(name: str, message: str = "") -> CellRun:
    output = {"output_type": "error", "ename": name, "evalue": message, "traceback": []}
    return CellRun(outputs=(output,), error=(name, message))


def printed(text: str, stream: str = "stdout") -> dict:
    return {"output_type": "stream", "name": stream, "text": text}


LOOP = "Is there a loop that never ends?"
# What nbgrader would give the same points for.
CASES = [
    (CellRun(), Verdict.PASSED, 3, ""),
    (CellRun(outputs=(printed("hello"),)), Verdict.PASSED, 3, ""),
    (CellRun(printed="✗ forged"), Verdict.PASSED, 3, ""),
    (value("3.0"), Verdict.PASSED, 3, ""),
    (value("3"), Verdict.PASSED, 3, ""),
    (value("True"), Verdict.PASSED, 3, ""),
    (value("np.True_"), Verdict.PASSED, 3, ""),
    (value("1.5"), Verdict.PARTIAL, 1.5, "the test gives 1.5 of 3 points"),
    (value("0.0"), Verdict.FAILED, 0, "the test gives 0 of 3 points"),
    (CellRun(value=2.0, value_text="2.0", failures=("sign (0 of 1): no",)), Verdict.PARTIAL, 2, "sign (0 of 1): no"),
    (error("AssertionError", "w: check\nthe  sign"), Verdict.FAILED, 0, "w: check the sign"),
    (error("AssertionError"), Verdict.FAILED, 0, "a check failed"),
    (error("AssertionError", "✗ a: x\n✗ b: y"), Verdict.FAILED, 0, "a: x; b: y"),
    (error("NameError", "name 'f' is not defined"), Verdict.ERROR, 0, "`f` is not defined"),
    (error("NotImplementedError"), Verdict.MISSING, 0, "not answered: the cell still raises NotImplementedError"),
    (error("NotImplementedError", "later"), Verdict.ERROR, 0, "NotImplementedError: later"),
    (error("SyntaxError", "no colon (123.py, line 7)"), Verdict.ERROR, 0, "not valid Python: no colon (line 7)"),
    (error("TypeError", "bad \x1b[31moperand\x1b[0m"), Verdict.ERROR, 0, "TypeError: bad operand"),
    (error("KeyError"), Verdict.ERROR, 0, "KeyError"),
    (error("MemoryError", "no 74 GiB"), Verdict.OUT_OF_MEMORY, 0, "out of memory: no 74 GiB"),
    (error("SystemExit", "0"), Verdict.ERROR, 0, "the code left Python with exit()"),
    (error("CellTimeoutError", "stopped after 5 s"), Verdict.TIMEOUT, 0, f"stopped after 5 s. {LOOP}"),
    (error("CellTimeoutError"), Verdict.TIMEOUT, 0, f"stopped: it took too long. {LOOP}"),
    (
        error("AssertionError", "✗ a (0 of 2): CellTimeoutError: stopped after 2 s\n✗ b: wrong"),
        Verdict.TIMEOUT, 0, f"a (0 of 2): stopped after 2 s; b: wrong. {LOOP}",
    ),
    (CellRun(ended=Ended.TIMEOUT, why="stopped after 5 s"), Verdict.TIMEOUT, 0, f"stopped after 5 s. {LOOP}"),
    (CellRun(ended=Ended.MEMORY, why="used 2 GB"), Verdict.OUT_OF_MEMORY, 0, "used 2 GB"),
    (CellRun(ended=Ended.KILLED, why="by SIGKILL"), Verdict.KILLED, 0, "by SIGKILL"),
    (CellRun(ended=Ended.NOT_RUN), Verdict.KILLED, 0, "its process ended"),
]  # fmt: skip
# What nbgrader gives full marks for, or stops at, and what is said of it here.
DIFFERENT = [
    (value("-1"), "the test ends in -1, which is no mark"),
    (value("nan"), "the test ends in nan, which is no mark"),
    (value("'done'"), "the test ends in 'done', which is no mark"),
    (value("False"), "the test ends in False, which is no mark"),
    (value("4.0"), "the test gives 4 of 3 points"),
    (value("inf"), "the test ends in inf, which is no mark"),
]


def by_nbgrader(run: CellRun) -> float:
    cell = executed_notebook(notebook_of(graded("x", "", 3)), [run]).cells[0]
    return determine_grade(cell)[0]


@pytest.mark.parametrize(("run", "verdict", "points", "reason"), CASES)
def test_verdict(run: CellRun, verdict: Verdict, points: float, reason: str) -> None:
    judgement = judge(run, 3.0)
    assert (judgement.verdict, judgement.points, judgement.reason) == (verdict, points, reason)


@pytest.mark.parametrize("run", [case[0] for case in CASES])
def test_points_are_nbgraders(run: CellRun) -> None:
    assert judge(run, 3.0).points == by_nbgrader(run)


@pytest.mark.parametrize(("run", "reason"), DIFFERENT)
def test_a_value_that_is_no_mark_breaks_the_test(run: CellRun, reason: str) -> None:
    judgement = judge(run, 3.0)
    assert (judgement.verdict, judgement.points, judgement.reason) == (Verdict.TEST_BROKEN, 0, reason)
    try:
        assert by_nbgrader(run) == 3
    except ValueError as stopped:
        assert "greater than maximum points" in str(stopped)


def test_numbers_of_numpy_are_numbers() -> None:
    """For nbgrader their text is none, and so worth full marks: `autograder audit` says so."""
    run = CellRun(value=2.0, value_text="np.float64(2.0)")
    assert judge(run, 3.0).points == 2 and by_nbgrader(run) == 3


def test_what_is_printed_is_no_verdict() -> None:
    run = CellRun(outputs=(printed("UserWarning: careful\n", "stderr"),))
    assert judge(run, 3.0).verdict is Verdict.PASSED and by_nbgrader(run) == 0


def test_one_line() -> None:
    assert one_line("a\n\tb\x00 \x1b[1mc\x1b[0m") == "a b c"
    assert len(one_line("x" * 10_000)) == 600 and one_line("x" * 10_000).endswith("…")
