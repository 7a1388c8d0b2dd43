"""Where a check failed: in the notebook's own cells, without the frames of this package, IPython and libraries."""

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


def failure(message: str) -> AssertionError:
    """Make the exception of a failed check. A notebook shows its message and the lines of the cells that led to it."""
    error = AssertionError(message)
    error._render_traceback_ = partial(_render, error)  # IPython asks an exception for this before it draws its own
    return error


def own_frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    """Return the frames of code that people wrote in notebooks, outermost first."""
    return [frame for frame in traceback.extract_tb(trace) if not frame.filename.startswith(_ELSEWHERE)]


def _render(error: AssertionError) -> list[str]:
    """Write a short traceback, as the list of lines that IPython wants."""
    lines = []
    for frame in own_frames(error.__traceback__):
        name = "this cell" if frame.name.startswith("<") else frame.name
        lines.append(f"line {frame.lineno} of {name}:  {frame.line}")
    return [*lines, f"AssertionError: {error}"]
