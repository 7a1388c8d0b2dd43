"""The examiner's process: runs the locked set-up cells and the tests, and says what came of each test.

The student's code runs elsewhere. What a test needs of it is fetched by name, as data or as a stand-in for what lives
in the student's process (`autograder.engine.peer`).
"""

import ast
import builtins
import contextlib
import linecache
import random
import sys
import sysconfig
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from socket import socket
from types import CodeType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from autograder.engine import wire
from autograder.engine.alone import bound_names
from autograder.engine.handles import Handle
from autograder.engine.limits import Limits
from autograder.engine.outputs import Recorder, Stream
from autograder.engine.peer import Peer
from autograder.engine.timer import time_limit
from dlcourse import checks
from dlcourse.checks import FAILED
from dlcourse.checks.failure import RAISED_THERE, withheld

_BUILTINS = frozenset(dir(builtins))


def serve(control: socket, link: socket, limits: Limits, seed: int) -> None:
    """Run set-up cells and tests as the supervisor asks, until it is gone."""
    recorder = Recorder(limits.output_megabytes)
    sys.stdout, sys.stderr = Stream(recorder, "stdout"), Stream(recorder, "stderr")
    sys.path.insert(0, "")  # helper modules that the exercise brings along
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)
    peer = Peer(link, lookup=None, max_bytes=limits.message_megabytes * 2**20, trusted=False)
    examiner = Examiner(peer, recorder)
    before = set(sys.modules)
    wire.send(control, {"ready": True})
    while True:
        try:
            request, _ = wire.recv(control, max_bytes=limits.message_megabytes * 2**20)
        except (EOFError, ConnectionError):
            return
        if "imports" in request:
            examiner.run_imports(request["imports"])
            wire.send(control, {"imported": 0})
            continue
        if "modules" in request:
            wire.send(control, {"listed": request["modules"], "modules": imported_since(before)})
            continue
        run = examiner.run_test if request["test"] else examiner.run_setup
        wire.send(control, {"ran": request["run"], **run(request["source"], request["seconds"])})


def imported_since(before: Iterable[str]) -> list[str]:
    """Return the installed modules imported since then; those that lie beside the notebook are left out."""
    paths = [sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")]
    installed = (*paths, str(Path(checks.__file__).parents[1]))
    return [
        name
        for name, module in list(sys.modules.items())
        if name not in before and (getattr(module, "__file__", None) or "").startswith(installed)
    ]


class Namespace(dict):
    """The names of set-up and tests. One that is missing is asked of the student's process."""

    def __init__(self, fetch: Callable[[str], object]) -> None:
        """Begin empty."""
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._fetch = fetch

    def __missing__(self, name: str) -> object:
        """Fetch a name. Python's own names are never the student's."""
        if name in _BUILTINS or (name.startswith("__") and name.endswith("__")):
            raise KeyError(name)
        return self._fetch(name)


class Examiner:
    """Runs set-up cells and tests in one namespace."""

    def __init__(self, peer: Peer, recorder: Recorder) -> None:
        """Fetch names from `peer`; record what tests print in `recorder`."""
        self._peer, self._recorder = peer, recorder
        self._namespace = Namespace(self._fetch)
        self._given: set[str] = set()  # what set-up cells define: never the student's
        self._fetched: dict[str, object] = {}  # in this cell
        self._left: dict[str, object] = {}  # what earlier tests defined
        self._transform = TransformerManager().transform_cell
        self._n_cells = 0
        self._asked = False  # whether this cell wanted something of the student's
        self._deadline = 0.0
        peer.seconds_left = lambda: max(self._deadline - time.monotonic(), 0.05)

    def run_imports(self, statements: Iterable[str]) -> None:
        """Import what the exercise imports elsewhere; what cannot be is missed by the test that wants it."""
        for statement in statements:
            self._given |= bound_names(statement)
            with contextlib.suppress(Exception):
                exec(statement, self._namespace)

    def run_setup(self, source: str, seconds: float) -> dict[str, Any]:
        """Run a set-up cell; what it defines stays."""
        with contextlib.suppress(SyntaxError):  # running it will report that
            self._given |= bound_names(self._parsed(source, "<set-up>")[1])
        return self._run(source, seconds)

    def run_test(self, source: str, seconds: float) -> dict[str, Any]:
        """Run a test; what it defines is gone afterwards, so that the next one finds what the set-up made."""
        before = dict(self._namespace)
        result = self._run(source, seconds)
        self._peer.undo_changes()  # of what the set-up made, lest one answer decide the next test
        self._left |= {name: value for name, value in self._namespace.items() if before.get(name) is not value}
        self._namespace.clear()
        self._namespace.update(before)
        return result

    def _fetch(self, name: str) -> object:
        if name in self._fetched:
            return self._fetched[name]
        if name in self._given:  # its set-up cell failed: nobody else may define it
            raise KeyError(name)
        self._asked = True
        try:
            value = self._peer.fetch(name)
        except NameError:
            if name in self._left:
                return self._left[name]
            raise KeyError(name) from None
        if value is not None and not isinstance(value, int | float | complex | str | bytes | tuple | frozenset):
            self._fetched[name] = value  # kept in step with the student's; what cannot change is asked for again
        return value

    def _run(self, source: str, seconds: float) -> dict[str, Any]:
        self._recorder.start_cell()
        self._fetched, self._asked = {}, False
        self._deadline = time.monotonic() + seconds
        result: dict[str, Any] = {"error": None, "value": None, "value_text": None, "gone": None}
        try:
            self._peer.new_cell()
            # A little later than in the student's process, which knows better what ran too long.
            with time_limit(seconds + 0.5, self._peer.interrupt):
                value = self._execute(source)
                if value is not None:
                    result |= described(value)
        except BaseException as error:
            lines = shown_traceback(error)
            name, message = described_error(error)
            if (instead := withheld(error)) is not None:  # the lines are for graders only
                name, message = instead
            result["error"] = [name, message]
            self._recorder.error(name, message, lines)
        if (gone := self._peer.gone) is not None:  # even if the test made something of the exception
            result["gone"] = "broken" if gone.broken else "gone"
        result["asked"] = self._asked
        result["outputs"] = self._recorder.outputs
        result["failures"] = failed_parts(self._recorder.outputs)
        return result

    def _execute(self, source: str) -> object:
        """Run a cell; return the value of its last expression, as a notebook shows it."""
        self._n_cells += 1
        name = f"<cell {self._n_cells}>"
        tree, source = self._parsed(source, name)
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        body = tree.body
        last = None
        if body and isinstance(body[-1], ast.Expr) and not source.rstrip().endswith(";"):
            last = compile(ast.Expression(body.pop().value), name, "eval")
        self._evaluate(compile(ast.Module(body, []), name, "exec"))
        return None if last is None else self._evaluate(last)

    def _parsed(self, source: str, name: str) -> tuple[ast.Module, str]:
        """Return a cell's syntax tree and its text. IPython looks at every token for what only it understands: where
        Python understands it all, that can be left out."""
        try:
            return ast.parse(source, name), source
        except SyntaxError:
            source = self._transform(source)
            return ast.parse(source, name), source

    def _evaluate(self, code: CodeType) -> object:
        return eval(code, self._namespace)


def described(value: object) -> dict[str, Any]:
    """Say what a test's last expression is: its text, and its value if that is a number."""
    numpy = sys.modules.get("numpy")
    number = None
    if isinstance(value, int | float) or (numpy is not None and isinstance(value, numpy.bool_ | numpy.number)):
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = None
    if isinstance(value, bool) or (numpy is not None and isinstance(value, numpy.bool_)):
        number = None
    try:
        text = repr(value)[:1000]
    except Exception as error:
        text = f"<{type(value).__name__}: {type(error).__name__}>"
    if isinstance(value, Handle):  # its text is the answer's, and may read like a pass
        text = f"<{text}>"
    return {"value": number, "value_text": text}


def described_error(error: BaseException) -> tuple[str, str]:
    """Return an exception's class name and message."""
    try:
        return type(error).__name__, str(error)
    except Exception:
        return type(error).__name__, ""


def shown_traceback(error: BaseException) -> list[str]:
    """Return the lines to show: the test's own, and those of the student's code that raised the exception."""
    render = getattr(error, "_render_traceback_", None)
    if callable(render):
        try:
            return [str(line) for line in render()]
        except Exception:
            return []
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith("<cell ")]
    lines = [f"line {frame.lineno} of {_where(frame.name)}:  {frame.line}" for frame in frames]
    if hasattr(error, "student_lines"):
        lines += [RAISED_THERE, *map(str, error.student_lines)]
    name, message = described_error(error)
    return [*lines, f"{name}: {message}" if message else name]


def failed_parts(outputs: Iterable[dict[str, Any]]) -> list[str]:
    """Return what `dlcourse.checks.Parts` printed about parts that failed."""
    printed = "".join(o["text"] for o in outputs if o["output_type"] == "stream" and o["name"] == "stdout")
    return [line.removeprefix(f"{FAILED} ") for line in printed.splitlines() if line.startswith(f"{FAILED} ")]


def _where(function: str) -> str:
    return "this cell" if function.startswith("<") else function
