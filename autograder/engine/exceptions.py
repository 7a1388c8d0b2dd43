"""Exceptions cross as a name, a message and plain arguments; the other side makes one of its own from that.

`except ValueError` works across the processes because the new class derives from the nearest built-in one. A
StopIteration or GeneratorExit that escaped from an answer must not end a loop or a generator of the test, and nothing
but SystemExit may pass `except Exception` there: such become RuntimeErrors.
"""

import builtins
import functools
import re
import sys
import traceback
from collections.abc import Callable

from autograder.engine.wire import WireError, clean_text

MAX_MESSAGE = 10_000
MAX_LINES = 20
MAX_ARGS = 10

Coded = list[object]

_OUTSIDE = {"CellTimeoutError": "TimeoutError"}
"""What is no Exception in the student's process, lest the student's code catch it, but is one for the test."""

_NOT_PASSED = (StopIteration, StopAsyncIteration, BaseExceptionGroup)
_BASES = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception) and not issubclass(value, _NOT_PASSED)
}
_LIBRARY = {
    "LinAlgError": "numpy.linalg",
    "AxisError": "numpy.exceptions",
    "DTypePromotionError": "numpy.exceptions",
    "JSONDecodeError": "json",
}
"""Exceptions that tests expect by their class, and where they are found. Looked up, never imported."""


def sanitised(name: object, *, otherwise: str = "object") -> str:
    """A name as it may stand in a message: letters, digits and underscores of ASCII, at most 60."""
    return (re.sub(r"[^A-Za-z0-9_]", "", name)[:60] if isinstance(name, str) else "") or otherwise


def write(error: BaseException, *, own_file: Callable[[str], bool] | None = None, message: bool = True) -> Coded:
    """Name, name of the built-in class, message, arguments, lines of the traceback that lie in one's own files."""
    kind = type(error)
    base = _OUTSIDE.get(kind.__name__) or ("SystemExit" if issubclass(kind, SystemExit) else "RuntimeError")
    if issubclass(kind, Exception) and not issubclass(kind, _NOT_PASSED[:2]):
        base = next((each.__name__ for each in kind.__mro__ if _known(each)), "Exception")
    text, args = "", []
    if message:
        text = (_text(error) or "")[:MAX_MESSAGE]
        args = list(error.args) if len(error.args) <= MAX_ARGS and all(map(_plain, error.args)) else [text]
    return [kind.__name__, base, text, args, _lines(error, own_file) if own_file else []]


def read(coded: object) -> BaseException:
    """Make the exception that `write` wrote."""
    match coded:
        case [str(name), str(base), str(text), list(args), list(lines)]:
            pass
        case _:
            raise WireError("not an exception")
    if not all(map(_plain, args)) or not all(isinstance(line, str) for line in lines) or len(args) > MAX_ARGS:
        raise WireError("not an exception")
    text, args = clean_text(text[:MAX_MESSAGE]), [clean_text(arg) if type(arg) is str else arg for arg in args]
    error = _make(_class(sanitised(name, otherwise="Exception"), base), text, args)
    error.student_lines = [_printable(line[:300]) for line in lines[:MAX_LINES]]  # type: ignore[attr-defined]
    return error


def _make(kind: type[BaseException], text: str, args: list[object]) -> BaseException:
    """An instance that reads as `text`, whatever its class would make of the arguments."""
    error = kind.__new__(kind)
    error.args = tuple(args)
    if issubclass(kind, SystemExit):
        error.code = args[0] if len(args) == 1 else (tuple(args) or None)  # type: ignore[attr-defined]
    if _text(error) != text:
        error = (told := _telling(kind)).__new__(told)
        error.args = tuple(args)
        error.told = text  # type: ignore[attr-defined]
    return error


def _text(error: BaseException) -> str | None:
    try:
        return str(error)
    except Exception:  # some classes of libraries cannot be read before their own __init__ has run
        return None


@functools.lru_cache(maxsize=256)
def _class(name: str, base: str) -> type[BaseException]:
    """The class called `name` whose nearest built-in class is called `base`: that one itself if both are the same."""
    if base in _LIBRARY:
        found = getattr(sys.modules.get(_LIBRARY[base]), base, None)
    else:
        found = SystemExit if base == "SystemExit" else _BASES.get(base)
    if found is None:
        raise WireError("not an exception's class")
    return found if name == base else type(name, (found,), {"__module__": "answer"})


@functools.lru_cache(maxsize=256)
def _telling(kind: type[BaseException]) -> type[BaseException]:
    return type(kind.__name__, (kind,), {"__module__": kind.__module__, "__str__": lambda self: self.told})


def _known(kind: type) -> bool:
    if kind.__name__ in _LIBRARY:
        return kind.__module__ == _LIBRARY[kind.__name__] or kind.__module__.startswith(_LIBRARY[kind.__name__] + ".")
    return _BASES.get(kind.__name__) is kind


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _plain(value: object) -> bool:
    if type(value) is str:
        return len(value) <= MAX_MESSAGE
    return value is None or type(value) in (bool, float) or (type(value) is int and abs(value) < 2**63)


def _lines(error: BaseException, own_file: Callable[[str], bool]) -> list[str]:
    """The lines of the traceback in one's own files, innermost last."""
    try:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if own_file(frame.filename)]
        return [f"line {frame.lineno}, in {frame.name}: {frame.line}"[:300] for frame in frames[-MAX_LINES:]]
    except Exception:  # a source line that cannot be had must not hide the error
        return []
