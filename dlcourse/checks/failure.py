"""Where a check failed: in the notebook's own cells, without the frames of this package, IPython and libraries."""

import linecache
import re
import sysconfig
import traceback
from functools import partial
from pathlib import Path
from types import TracebackType

_ELSEWHERE = (
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    str(Path(__file__).parent),
    str(Path(__file__).parents[2] / "autograder"),  # which runs tests and answers in two processes
    "<frozen ",
)
RAISED_THERE = "your code raised"  # how a message begins, and a line of a traceback reads, if an answer raised it
_STOPPED = re.compile(r"stopped after [\d.]+ s")  # what a time limit says


def failure(message: str) -> AssertionError:
    """Make the exception of a failed check. A notebook shows its message and the lines of the cells that led to it."""
    error = AssertionError(message)
    error._render_traceback_ = partial(_render, error)  # IPython asks an exception for this before it draws its own
    return error


def own_frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    """Return the frames of code that people wrote in notebooks, outermost first."""
    return [frame for frame in traceback.extract_tb(trace) if not frame.filename.startswith(_ELSEWHERE)]


def withheld(error: BaseException) -> tuple[str, str] | None:
    """Return the built-in class and a text to show in the place of an exception's own; None if its own may be shown.

    What an answer raises while hidden tests run could tell what they called it with, so its text is left out. That is
    so only where the answer has a process of its own; plain nbgrader shows all.
    """
    if not hasattr(error, "student_lines"):
        return None
    try:
        message = str(error)
    except Exception:
        message = ""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    frames += [(frame.f_code.co_filename, line) for frame, line in traceback.walk_stack(None)]
    stopped = type(error).__name__ == "CellTimeoutError" and _STOPPED.fullmatch(message)
    if stopped or not any(_is_hidden(name, line) for name, line in frames):
        return None
    kind = next(each for each in type(error).__mro__ if each.__module__ == "builtins")
    return kind.__name__, "raised by the answer in a hidden test" if message else ""


def _is_hidden(filename: str, line: int) -> bool:
    if not filename.startswith("<cell "):
        return False
    above = [text for text in linecache.getlines(filename)[:line] if "HIDDEN TESTS" in text]
    return bool(above) and "BEGIN HIDDEN TESTS" in above[-1]


def _render(error: AssertionError) -> list[str]:
    """Write a short traceback, as the list of lines that IPython wants."""
    lines = []
    for frame in own_frames(error.__traceback__):
        name = "this cell" if frame.name.startswith("<") else frame.name
        lines.append(f"line {frame.lineno} of {name}:  {frame.line}")
    return [*lines, f"AssertionError: {error}"]
