"""The verdict on a test cell that ran, and the reason for it in words."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dlcourse.checks import FAILED

# What stands in the outputs of a cell that did not come to its end by itself.
TIMEOUT_ERROR = "CellTimeoutError"  # nbgrader's name for it
KILLED_ERROR = "ProcessKilledError"

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
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


def judge(outputs: Sequence[Mapping], max_points: float, *, stderr_fails: bool = False) -> Judgement:
    """Judge a test cell by its outputs, with the points that `nbgrader.utils.determine_grade` gives.

    The first output that says something decides: an error gives no points, a number gives as many points, anything
    else gives all. A value that cannot be a mark gives what nbgrader gives, and the verdict that the test is broken.

    Args:
        outputs: the cell's outputs, as a notebook has them.
        max_points: what the cell is worth.
        stderr_fails: whether text on stderr counts as an error, as it does for nbgrader.
    """
    if (ended := _ended_early(outputs)) is not None:
        return ended
    for output in outputs:
        match output["output_type"]:
            case "error":
                return explain_error(output["ename"], output["evalue"])
            case "stream" if output["name"] == "stderr" and stderr_fails:
                text = one_line(output["text"])
                return Judgement(Verdict.ERROR, 0.0, f"something was written to stderr, which nbgrader counts: {text}")
            case "execute_result":
                return _judge_value(str(output["data"].get("text/plain", "")), max_points, failed_parts(outputs))
    return Judgement(Verdict.PASSED, max_points)


def explain_error(name: str, message: str) -> Judgement:
    """Say in words what an exception means; it earns no points.

    Args:
        name: the exception's class.
        message: its text.
    """
    text = one_line(message)
    if name == "AssertionError":
        return Judgement(Verdict.FAILED, 0.0, "; ".join(_lines(message)) or "a check failed")
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
    return Judgement(Verdict.ERROR, 0.0, f"{name}: {text}".rstrip(": "))


def failed_parts(outputs: Sequence[Mapping]) -> list[str]:
    """Return what `dlcourse.checks.Parts` printed about parts that failed, one text each."""
    printed = "".join(o["text"] for o in outputs if o["output_type"] == "stream" and o["name"] == "stdout")
    return _lines("\n".join(line for line in printed.splitlines() if line.startswith(f"{FAILED} ")))


def one_line(text: str, limit: int = 600) -> str:
    """Make one line of a message, without colours and control characters, and cut it if it is very long."""
    text = " ".join(_ANSI.sub("", text).split())
    text = "".join(c for c in text if c.isprintable())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _lines(message: str) -> list[str]:
    """Split a message that lists failed parts, one to a line; any other message stays whole."""
    lines = message.splitlines()
    if not all(line.startswith(f"{FAILED} ") for line in lines):
        lines = [message]
    return [text for line in lines if (text := one_line(line.removeprefix(f"{FAILED} ")))]


def _ended_early(outputs: Sequence[Mapping]) -> Judgement | None:
    """Tell a cell that was stopped, which may hold other errors as well."""
    errors = {o["ename"]: one_line(o["evalue"]) for o in outputs if o["output_type"] == "error"}
    if TIMEOUT_ERROR in errors:
        reason = errors[TIMEOUT_ERROR] or "stopped: it took too long"
        return Judgement(Verdict.TIMEOUT, 0.0, f"{reason}. Is there a loop that never ends?")
    if KILLED_ERROR in errors:
        return Judgement(Verdict.KILLED, 0.0, errors[KILLED_ERROR])
    return None


def _judge_value(text: str, max_points: float, failures: list[str]) -> Judgement:
    """Judge a test cell that ends in a value, by the text that shows it."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not value >= 0:
        return Judgement(
            Verdict.TEST_BROKEN, max_points, f"the test ends in {one_line(text, 80)}, which is no mark: full marks"
        )
    if value > max_points:
        return Judgement(Verdict.TEST_BROKEN, 0.0, f"the test gives {value:g} of {max_points:g} points")
    if value == max_points:
        return Judgement(Verdict.PASSED, value)
    reason = "; ".join(failures) or f"the test gives {value:g} of {max_points:g} points"
    return Judgement(Verdict.PARTIAL if value > 0 else Verdict.FAILED, value, reason)
