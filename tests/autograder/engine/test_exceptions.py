"""Exceptions cross as exceptions of the same kind, and none of them ends what it should not."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from autograder.engine import exceptions
from autograder.engine.peer import Peer, RemoteGone
from autograder.engine.wire import WireError
from tests.autograder.engine.link import process

ANSWER = """
import builtins
import json
import sys
import numpy as np

class LayerError(ValueError):
    def __str__(self):
        return "told in its own way"

class Own(Exception): pass
class Base(BaseException): pass
class AssertionError(Exception): pass
class Unreadable(Exception):
    def __str__(self): raise ValueError
    def __getattribute__(self, name): raise TypeError
class Vanishing(ValueError):
    def __init__(self, *args): raise KeyboardInterrupt

def throw(kind, *args):
    raise {**vars(builtins), **globals()}[kind](*args)

def divide(a, b):
    return a / b

def singular():
    np.linalg.inv(np.zeros((2, 2)))

def axis():
    np.sum(np.zeros(2), axis=5)

def parse():
    json.loads("{")

def missing():
    open("/nowhere/at/all")

def decode():
    b"\\xff".decode()

def apply(function, *args):
    return function(*args)

def catch(function):
    try:
        function()
    except ValueError as error:
        return type(error).__name__, str(error), error.args
    except Exception as error:
        return "other", type(error).__name__, str(error)

def wrap(function):
    try:
        function()
    except Exception as error:
        raise RuntimeError("wrapped") from error

def change_and_fail(items, x):
    items.append(1)
    x += 1
    raise ValueError("after the change")

def steps(n):
    for i in range(n):
        yield i
    raise ValueError("no more")

def spin(function=None):
    while True:
        if function is not None:
            function()

def recurse():
    return recurse()

class Broken:
    def __next__(self): raise StopIteration
    def step(self): raise StopIteration(3)
    def __getattr__(self, name): raise AttributeError(name)
    def __len__(self): raise TypeError("no length")

def group():
    raise ExceptionGroup("several", [ValueError("one"), TypeError("two")])
"""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """As the student's process does it, but with a limit that a test can wait for."""

    def stop(number: int, frame: object) -> None:
        peer = frame.f_globals.get("peer")  # type: ignore[attr-defined]
        while peer is None and frame is not None:
            frame = frame.f_back  # type: ignore[attr-defined]
            peer = frame.f_globals.get("peer") or frame.f_locals.get("peer")  # type: ignore[union-attr]
        peer.interrupt(CellTimeoutError("stopped after 0.3 s"))

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.3, 0.01)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class CellTimeoutError(BaseException):
    """As in `autograder.engine.timer`."""


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with process(ANSWER) as peer:
        yield peer


def test_built_in_exceptions_stay_what_they_are(peer: Peer) -> None:
    with pytest.raises(ZeroDivisionError, match="division by zero") as caught:
        peer.fetch("divide")(1, 0)
    assert type(caught.value) is ZeroDivisionError
    assert caught.value.student_lines == ["line 24, in divide: "]
    with pytest.raises(KeyError) as missing:
        peer.fetch("throw")("KeyError", "k")
    assert missing.value.args == ("k",) and str(missing.value) == "'k'"


def test_own_exceptions_are_caught_as_what_they_derive_from(peer: Peer) -> None:
    with pytest.raises(ValueError) as caught:
        peer.fetch("throw")("LayerError", 3)
    assert type(caught.value).__name__ == "LayerError" and str(caught.value) == "told in its own way"
    assert caught.value.args == (3,)
    with pytest.raises(Exception, match="x") as own:
        peer.fetch("throw")("Own", "x")
    assert type(own.value).__mro__[1] is Exception


def test_the_name_alone_does_not_make_an_exception(peer: Peer) -> None:
    with pytest.raises(Exception, match="as if") as caught:
        peer.fetch("throw")("AssertionError", "as if")
    assert type(caught.value).__name__ == "AssertionError" and not isinstance(caught.value, AssertionError)


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("singular", np.linalg.LinAlgError, "Singular matrix"),
        ("axis", np.exceptions.AxisError, "axis 5 is out of bounds"),
        ("missing", FileNotFoundError, "No such file"),
        ("decode", UnicodeDecodeError, "can't decode byte"),
        ("parse", ValueError, "Expecting property name"),
        ("recurse", RecursionError, "maximum recursion depth"),
        ("group", Exception, "several"),
    ],
)
def test_exceptions_of_libraries(peer: Peer, name: str, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind, match=text):
        peer.fetch(name)()


def test_nothing_but_system_exit_passes_except_exception(peer: Peer) -> None:
    for kind in ("KeyboardInterrupt", "GeneratorExit", "Base", "StopIteration", "StopAsyncIteration"):
        with pytest.raises(RuntimeError) as caught:
            peer.fetch("throw")(kind)
        assert type(caught.value).__name__ == kind
    with pytest.raises(SystemExit) as left:
        peer.fetch("throw")("SystemExit", 3)
    assert left.value.code == 3
    assert peer.fetch("divide")(1, 2) == 0.5


def test_exceptions_that_cannot_be_read(peer: Peer) -> None:
    with pytest.raises(Exception, match=r"^$|cannot"):
        peer.fetch("throw")("Unreadable")
    with pytest.raises(RuntimeError):
        peer.fetch("throw")("Vanishing")


def test_the_iterators_end_is_the_only_stop_iteration(peer: Peer) -> None:
    broken = peer.fetch("Broken")()
    with pytest.raises(RuntimeError):
        next(broken.step() for _ in range(2))
    with pytest.raises(StopIteration):
        next(broken)
    with pytest.raises(TypeError, match="no length"):
        len(broken)
    assert not hasattr(broken, "x")
    steps = peer.fetch("steps")(2)
    assert next(steps) == 0 and next(steps) == 1
    with pytest.raises(ValueError, match="no more"):
        next(steps)


def test_an_exception_of_the_tests_function_comes_back_as_itself(peer: Peer) -> None:
    error = ValueError("mine", object)

    def fail() -> None:
        raise error

    with pytest.raises(ValueError) as caught:
        peer.fetch("apply")(fail)
    assert caught.value is error
    with pytest.raises(ValueError) as again:
        peer.fetch("apply")(peer.fetch("apply"), fail)
    assert again.value is error


def test_answers_can_catch_what_the_tests_function_raises(peer: Peer) -> None:
    def fail() -> None:
        raise LookupError("there")

    assert peer.fetch("catch")(fail) == ("other", "LookupError", "there")

    def fail_as_value() -> None:
        raise np.linalg.LinAlgError("singular")

    assert peer.fetch("catch")(fail_as_value) == ("LinAlgError", "singular", ("singular",))
    with pytest.raises(RuntimeError, match="wrapped"):
        peer.fetch("wrap")(fail)


def test_an_assertions_text_stays_in_the_examiner(peer: Peer) -> None:
    def check() -> None:
        raise AssertionError("expected 42")

    assert peer.fetch("catch")(check) == ("other", "AssertionError", "")
    with pytest.raises(AssertionError, match="expected 42"):
        peer.fetch("apply")(check)


def test_changes_before_an_exception_are_seen(peer: Peer) -> None:
    items, x = [], np.zeros(1)
    with pytest.raises(ValueError, match="after the change"):
        peer.fetch("change_and_fail")(items, x)
    assert items == [1] and x[0] == 1


def test_the_examiners_own_end_is_nothing_to_catch(peer: Peer) -> None:
    class Stop(BaseException): ...

    def stop() -> None:
        raise Stop

    with process(ANSWER) as another:
        with pytest.raises(Stop):
            another.fetch("catch")(stop)
        assert another.gone is not None
        with pytest.raises(RemoteGone):
            another.fetch("divide")


def test_time_limits_leave_the_link_whole() -> None:
    with process(ANSWER, around_call=limited) as peer:
        for function in (None, lambda: 1):
            with pytest.raises(TimeoutError, match=r"stopped after 0\.3 s") as caught:
                peer.fetch("spin")(function)
            assert type(caught.value).__name__ == "CellTimeoutError"
            assert peer.fetch("divide")(1, 2) == 0.5


@pytest.mark.parametrize(
    "words",
    [
        None,
        [],
        ["E", "Exception", "text", []],
        ["E", "object", "text", [], []],
        ["E", "KeyboardInterrupt", "text", [], []],
        ["E", "StopIteration", "text", [], []],
        ["E", "RemoteGone", "text", [], []],
        ["E", "Exception", "text", [[1]], []],
        ["E", "Exception", "text", ["x" * 20_000], []],
        ["E", "Exception", "text", [2**70], []],
        ["E", "Exception", "text", [1] * 20, []],
        ["E", "Exception", "text", [], [1]],
        ["E", "Exception", 3, [], []],
        [["E"], "Exception", "text", [], []],
    ],
)
def test_hostile_exceptions_are_refused(words: object) -> None:
    with pytest.raises(WireError):
        exceptions.read(words)


def test_long_and_strange_exceptions_are_cut() -> None:
    error = exceptions.read(["<b>" * 100, "ValueError", "y" * 20_000, [], ["z" * 1000] * 100])
    assert isinstance(error, ValueError) and type(error).__name__ == ("b" * 60)
    assert len(str(error)) == exceptions.MAX_MESSAGE
    assert len(error.student_lines) == exceptions.MAX_LINES and len(error.student_lines[0]) == 300
