"""The verdict on a test that ran, and the reason for it in words."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from autograder.engine.job import CellRun, Ended

TIMEOUT_ERROR = "CellTimeoutError"  # what interrupts an answer that runs too long

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_TIMED_OUT = re.compile(rf": (?:your code raised )?{TIMEOUT_ERROR}: (?=stopped)")
_MEMORY_ERRORS = {"MemoryError", "_ArrayMemoryError", "ResourceExhaustedError"}
_SYNTAX_ERRORS = {"SyntaxError", "IndentationError", "TabError"}


class Verdict(StrEnum):
    """What became of a question."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"  # a check says that the answer is wrong
    ERROR = "error"  # the answer raised an exception
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out of memory"
    KILLED = "killed"  # its process ended
    MISSING = "missing"  # there is no answer
    UNREADABLE = "unreadable"  # the file is no notebook
    BY_HAND = "by hand"  # waits for a person
    TEST_BROKEN = "test-broken"  # the test itself is wrong: its value cannot be a mark


@dataclass(frozen=True)
class Judgement:
    """The verdict on one cell, the points it earns, and why they are not more."""

    verdict: Verdict
    points: float
    reason: str = ""


def judge(run: CellRun, max_points: float) -> Judgement:
    """Judge a test by what the examiner saw of it: how it ended, its exception, the value of its last expression.

    Points are those of `nbgrader.utils.determine_grade`: none for an exception, all where there is no value (or it is
    `True`), else the value. It differs where nbgrader gives marks that nobody can have meant: what is printed or
    displayed is never a verdict, be it on stderr; and a last value that cannot be a mark (text, `False`, nan, below
    zero, above the maximum) makes the test broken, with no points until it is put right.

    Args:
        run: of a test cell.
        max_points: what the cell is worth.
    """
    if run.ended is not None:
        return explain_end(run)
    if run.error is not None:
        return explain_error(*run.error)
    if run.value_text is None or run.value_text in ("True", "np.True_"):
        return Judgement(Verdict.PASSED, max_points)
    if run.value is None or not run.value >= 0 or math.isinf(run.value):
        return Judgement(Verdict.TEST_BROKEN, 0.0, f"the test ends in {one_line(run.value_text, 80)}, which is no mark")
    if run.value > max_points:
        return Judgement(Verdict.TEST_BROKEN, 0.0, f"the test gives {run.value:g} of {max_points:g} points")
    if run.value == max_points:
        return Judgement(Verdict.PASSED, run.value)
    failures = "; ".join(filter(None, map(one_line, run.failures)))
    reason = failures or f"the test gives {run.value:g} of {max_points:g} points"
    return Judgement(Verdict.PARTIAL if run.value > 0 else Verdict.FAILED, run.value, reason)


def explain_end(run: CellRun) -> Judgement:
    """Say in words why a cell did not come to its own end; it earns no points."""
    why = one_line(run.why)
    match run.ended:
        case Ended.TIMEOUT:
            return _timeout(why)
        case Ended.MEMORY:
            return Judgement(Verdict.OUT_OF_MEMORY, 0.0, why or "out of memory")
    return Judgement(Verdict.KILLED, 0.0, why or "its process ended")


def explain_error(name: str, message: str) -> Judgement:
    """Say in words what an exception means; it earns no points.

    Args:
        name: the exception's class.
        message: its text.
    """
    text = one_line(message)
    if name == TIMEOUT_ERROR:
        return _timeout(text)
    if name == "AssertionError":
        lines = _lines(message)
        if any(_TIMED_OUT.search(line) for line in lines):  # in a part of the test, which went on with the next
            return _timeout("; ".join(map(without_timeout_error, lines)))
        return Judgement(Verdict.FAILED, 0.0, "; ".join(lines) or "a check failed")
    if name == "NotImplementedError" and not text:
        return Judgement(Verdict.MISSING, 0.0, "not answered: the cell still raises NotImplementedError")
    if name in _MEMORY_ERRORS:
        return Judgement(Verdict.OUT_OF_MEMORY, 0.0, f"out of memory: {text}".rstrip(": "))
    if name in _SYNTAX_ERRORS:
        text = re.sub(r" \([^()]*, line (\d+)\)$", r" (line \1)", text)
        return Judgement(Verdict.ERROR, 0.0, f"not valid Python: {text}")
    if name == "NameError" and (match := re.match(r"name '(\w+)' is not defined", text)):
        return Judgement(Verdict.ERROR, 0.0, f"`{match[1]}` is not defined")
    if name == "SystemExit":
        return Judgement(Verdict.ERROR, 0.0, "the code left Python with exit()")
    return Judgement(Verdict.ERROR, 0.0, f"{one_line(name, 80)}: {text}".rstrip(": "))


def without_timeout_error(line: str) -> str:
    """Leave out of a part's line which exception it was that stopped the answer."""
    return _TIMED_OUT.sub(": ", line)


def one_line(text: str, limit: int = 600) -> str:
    """Make one line of a message, without colours and control characters, and cut it if it is very long."""
    text = " ".join(_ANSI.sub("", text[: 10 * limit]).split())
    text = "".join(c for c in text if c.isprintable())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _timeout(why: str) -> Judgement:
    why = why.removesuffix(".") or "stopped: it took too long"
    return Judgement(Verdict.TIMEOUT, 0.0, f"{why}. Is there a loop that never ends?")


def _lines(message: str) -> Sequence[str]:
    """Split a message that lists failed parts, one to a line; any other message stays whole."""
    from dlcourse.checks import FAILED  # imports numpy, which stored results need not

    lines = message.splitlines()
    if not all(line.startswith(f"{FAILED} ") for line in lines):
        lines = [message]
    return [text for line in lines if (text := one_line(line.removeprefix(f"{FAILED} ")))]
