"""Verdicts: the points nbgrader gives, and the reason in words."""

import pytest
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.verdict import Verdict, failed_parts, judge, one_line
from dlcourse import checks
from tests.autograder.small_course import graded


def value(text: str) -> dict:
    return {"output_type": "execute_result", "data": {"text/plain": text}, "metadata": {}, "execution_count": 1}


def error(name: str, message: str = "") -> dict:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": []}


def printed(text: str, stream: str = "stdout") -> dict:
    return {"output_type": "stream", "name": stream, "text": text}


NO_MARK = "which is no mark: full marks"
LOOP = "Is there a loop that never ends?"
CASES = [
    ([], Verdict.PASSED, 3, ""),
    ([printed("hello")], Verdict.PASSED, 3, ""),
    ([value("3.0")], Verdict.PASSED, 3, ""),
    ([value("3")], Verdict.PASSED, 3, ""),
    ([value("1.5")], Verdict.PARTIAL, 1.5, "the test gives 1.5 of 3 points"),
    ([value("0.0")], Verdict.FAILED, 0, "the test gives 0 of 3 points"),
    ([printed("✗ sign (0 of 1): wrong\n✓ size\n"), value("2.0")], Verdict.PARTIAL, 2, "sign (0 of 1): wrong"),
    ([value("-1")], Verdict.TEST_BROKEN, 3, f"the test ends in -1, {NO_MARK}"),
    ([value("nan")], Verdict.TEST_BROKEN, 3, f"the test ends in nan, {NO_MARK}"),
    ([value("'done'")], Verdict.TEST_BROKEN, 3, f"the test ends in 'done', {NO_MARK}"),
    ([value("np.float64(2.0)")], Verdict.TEST_BROKEN, 3, f"the test ends in np.float64(2.0), {NO_MARK}"),
    ([error("AssertionError", "w: check\nthe  sign")], Verdict.FAILED, 0, "w: check the sign"),
    ([error("AssertionError")], Verdict.FAILED, 0, "a check failed"),
    ([error("AssertionError", "✗ a: x\n✗ b: y")], Verdict.FAILED, 0, "a: x; b: y"),
    ([error("NameError", "name 'f' is not defined")], Verdict.ERROR, 0, "`f` is not defined"),
    ([error("NotImplementedError")], Verdict.MISSING, 0, "not answered: the cell still raises NotImplementedError"),
    ([error("NotImplementedError", "later")], Verdict.ERROR, 0, "NotImplementedError: later"),
    ([error("SyntaxError", "no colon (123.py, line 7)")], Verdict.ERROR, 0, "not valid Python: no colon (line 7)"),
    ([error("TypeError", "bad \x1b[31moperand\x1b[0m")], Verdict.ERROR, 0, "TypeError: bad operand"),
    ([error("KeyError")], Verdict.ERROR, 0, "KeyError"),
    ([error("MemoryError", "no 74 GiB")], Verdict.OUT_OF_MEMORY, 0, "out of memory: no 74 GiB"),
    ([error("SystemExit", "0")], Verdict.ERROR, 0, "the code left Python with exit()"),
    ([error("KeyboardInterrupt"), error("CellTimeoutError", "after 5 s")], Verdict.TIMEOUT, 0, f"after 5 s. {LOOP}"),
    ([error("CellTimeoutError")], Verdict.TIMEOUT, 0, f"stopped: it took too long. {LOOP}"),
    ([error("ProcessKilledError", "by SIGKILL")], Verdict.KILLED, 0, "by SIGKILL"),
    ([value("1.0"), error("AssertionError", "late")], Verdict.PARTIAL, 1, "the test gives 1 of 3 points"),
]  # fmt: skip


@pytest.mark.parametrize(("outputs", "verdict", "points", "reason"), CASES)
def test_verdict(outputs: list[dict], verdict: Verdict, points: float, reason: str) -> None:
    judgement = judge(outputs, 3.0)
    assert (judgement.verdict, judgement.points, judgement.reason) == (verdict, points, reason)


@pytest.mark.parametrize("outputs", [case[0] for case in CASES] + [[printed("careful", "stderr"), value("2.0")]])
def test_points_are_nbgraders(outputs: list[dict]) -> None:
    cell = graded("x", "", 3)
    cell.outputs = [NotebookNode(output) for output in outputs]
    assert judge(cell.outputs, 3.0, stderr_fails=True).points == determine_grade(cell)[0]


def test_more_than_all_points_is_a_broken_test() -> None:
    """nbgrader itself stops at one, and leaves the submission ungraded."""
    assert judge([value("4.0")], 3.0).verdict is Verdict.TEST_BROKEN
    assert judge([value("4.0")], 3.0).points == 0


def test_stderr_is_a_verdict_only_for_nbgrader() -> None:
    outputs = [printed("UserWarning: careful\n", "stderr")]
    assert judge(outputs, 3.0).verdict is Verdict.PASSED
    judgement = judge(outputs, 3.0, stderr_fails=True)
    assert (judgement.verdict, judgement.points) == (Verdict.ERROR, 0)
    assert "UserWarning: careful" in judgement.reason


def test_reads_what_checks_print(capsys: pytest.CaptureFixture[str]) -> None:
    parts = checks.Parts(points=2)
    with parts("the sign", points=1):
        checks.assert_close(-1, 1, "x", mistakes={"the sign is wrong": -1})
    with parts("the size", points=1):
        checks.assert_close(2, 2, "y")
    parts.score()
    (failure,) = failed_parts([printed(capsys.readouterr().out)])
    assert failure.startswith("the sign (0 of 1): x: the sign is wrong")


def test_one_line() -> None:
    assert one_line("a\n\tb\x00 \x1b[1mc\x1b[0m") == "a b c"
    assert len(one_line("x" * 10_000)) == 600 and one_line("x" * 10_000).endswith("…")
