"""Partial credit: a test cell in parts, each with its points."""

import math
import re
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from dlcourse.checks.failure import RAISED_THERE, failure, own_frames, withheld
from dlcourse.checks.values import describe

PASSED, FAILED = "✓", "✗"  # how the line of a part begins, followed by a space

# What Python and numpy say when an answer mixes numbers, arrays, lists and functions, and what to do about it.
_HINTS = {
    "truth value of an array": "`if`, `and` and `max` take one number: sum up (w @ x), or use np.where or np.maximum",
    "arrays can be converted to Python scalars": "math.exp and its like take one number: use numpy's, such as np.exp",
    "operands could not be broadcast": "if one is a sum, mean or max over axis=1, `keepdims=True` makes it fit",
    "mismatch in its core dimension": "the inner lengths of A @ B must be the same: (n, k) @ (k, m)",
    "can't multiply sequence by non-int": "numpy multiplies arrays, not lists: take the arrays of a list one by one",
    "and 'function'": "that is the function, not what it returns: call it, as in gradient(theta)",
}


@dataclass(frozen=True)
class _Result:
    """How one part went."""

    name: str
    points: float
    failure: str | None  # why it failed; None if it passed

    def line(self) -> str:
        """Say so on one line."""
        if self.failure is None:
            return f"{PASSED} {self.name} ({self.points:g} of {self.points:g})"
        return f"{FAILED} {self.name} (0 of {self.points:g}): {self.failure}"


class Parts:
    """Collects the points of a test cell whose parts are right or wrong one by one.

        parts = checks.Parts(points=3)
        with parts("the weights after a mistake", points=2):
            checks.assert_close(...)
        with parts("the arguments stay as they were", points=1):
            checks.assert_unchanged(...)
        parts.score()

    A failure inside a part does not stop the cell: it is printed on stdout, on one line that begins with ``✗``. That
    goes for every exception and for `SystemExit`; `KeyboardInterrupt` still interrupts. `score` comes last, so that
    its value is the value of the cell, which nbgrader reads as the points.
    """

    def __init__(self, points: float) -> None:
        """Begin a cell that is worth so many points in all.

        Raises:
            ValueError: if that is not a positive number.
        """
        self.points = _positive(points, "a test cell")
        self._results: list[_Result] = []

    def __call__(self, name: str, *, points: float) -> "_Part":
        """Return the context manager of one part.

        Args:
            name: what the part looks at, as the student will read it.
            points: what it is worth.

        Raises:
            ValueError: if that is not a positive number.
        """
        return _Part(self._results, " ".join(name.split()), _positive(points, f"the part {name!r}"))

    def score(self) -> float:
        """Return the points of the parts that passed.

        Raises:
            AssertionError: if none passed; it lists why, so that the cell counts as failed and not as partly right.
            ValueError: if the parts do not add up to the points of the cell, which is a slip in the test.
        """
        total = math.fsum(result.points for result in self._results)
        if not math.isclose(total, self.points):
            listed = ", ".join(f"{result.name} {result.points:g}" for result in self._results) or "there are none"
            raise ValueError(f"the parts are worth {total:g} points ({listed}), but the cell {self.points:g}")
        failures = [result.line() for result in self._results if result.failure is not None]
        if len(failures) == len(self._results):
            raise failure("\n".join(failures))
        return float(math.fsum(result.points for result in self._results if result.failure is None))


class _Part:
    """The context of one part."""

    def __init__(self, results: list[_Result], name: str, points: float) -> None:
        self._results, self._name, self._points = results, name, points

    def __enter__(self) -> Self:
        """Begin the part."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        """Note and print how it went; keep the exception from stopping the cell."""
        why = None if error is None else _whose(error) + describe(error) + _where(error, traceback) + _hint(error)
        result = _Result(self._name, self._points, why)
        self._results.append(result)
        print(result.line(), flush=True)
        # KeyboardInterrupt and what else is no Exception belong to whoever runs the cell: a time limit, for example.
        return isinstance(error, Exception | SystemExit)


def _positive(points: float, what: str) -> float:
    """Return the points of something if they are a positive number."""
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 < points < math.inf:
        raise ValueError(f"{what} must be worth a positive number of points, not {points!r}")
    return points


def _whose(error: BaseException) -> str:
    """Say so if the answer raised it, where that has a process of its own: it may hold whatever the answer chose."""
    if not hasattr(error, "student_lines"):
        return ""
    return f"{RAISED_THERE} {'AssertionError: ' if isinstance(error, AssertionError) else ''}"


def _where(error: BaseException, traceback: TracebackType | None) -> str:
    """Name the function and line of the student's code in which an exception arose, as the traceback is not shown."""
    if isinstance(error, AssertionError) and error.args:  # a check says for itself what it looked at
        return ""
    if elsewhere := getattr(error, "student_lines", None):  # "line 4, in step: …": it arose in another process
        line, _, function = elsewhere[-1].partition(":")[0].partition(", in ")
        if withheld(error) is None:
            return f" (in {function}, {line})"
        return f" ({line})" if re.fullmatch(r"line \d{1,4}", line) else ""  # the answer chooses its functions' names
    inner = own_frames(traceback)[1:]  # without the test cell itself
    return f" (in {inner[-1].name}, line {inner[-1].lineno})" if inner else ""


def _hint(error: BaseException) -> str:
    """Say what to do about an error that beginners often meet and whose message doesn't tell them."""
    message = str(error) if type(error) in (TypeError, ValueError) else ""
    return next((f": {hint}" for said, hint in _HINTS.items() if said in message), "")
