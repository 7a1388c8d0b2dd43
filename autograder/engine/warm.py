"""The warm parent: has imported everything once, and forks the processes that run submissions.

The engine starts it as `python -m autograder.engine.warm FD MODULE…`. Importing TensorFlow takes seconds, forking it
milliseconds; the parent imports it and runs nothing with it, which is what makes forking safe.

It never sees a cell, a test or a file: what a fork is to run comes through sockets that are handed on unread. So there
is nothing in its memory that a fork could find there.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import select
import shutil
import signal
import socket
import sys
import warnings
from collections.abc import Sequence

from autograder.engine import wire
from autograder.engine.errors import EngineError
from autograder.engine.limits import Limits
from autograder.engine.sandbox import Box, enter, prepare

START_BYTES = 1 << 30  # what a fork may be sent to begin with: its files
N_SOCKETS = 2  # control and link
REQUEST_BYTES = 1 << 16
_OF_SHELLS = (
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.utils.wildcard",
    "bdb",
)
"""What IPython imports no earlier than it makes a shell."""


def main(fd: str, *modules: str) -> None:
    """Import modules, say so, and fork whatever is asked for until the engine is gone."""
    engine = socket.socket(fileno=int(fd))
    failed = _import("autograder.engine.student", "autograder.engine.examiner", *_OF_SHELLS, *modules)
    prepare()
    _tell(engine, imported=list(modules), failed=failed)
    try:
        serve(engine)
    finally:
        # Where it may not write into the home folder, matplotlib makes itself a temporary one and names it here.
        if folder := os.environ.get("MPLCONFIGDIR"):
            shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # taking down what TensorFlow has set up would take long, and whoever waits is the engine


def _import(*modules: str) -> dict[str, str]:
    """Import modules; return those that cannot be, and why."""
    gc.disable()  # nearly all that an import makes stays: looking for rubbish in it takes a quarter of its time
    could_draw = "matplotlib" in sys.modules
    failed = _try_to_import(*modules)
    if "matplotlib" in sys.modules and not could_draw:
        _try_to_import("matplotlib.pyplot", "matplotlib_inline.backend_inline")
        _draw_once()
    _freeze()
    return failed


def _try_to_import(*modules: str) -> dict[str, str]:
    failed = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in modules:
            try:
                importlib.import_module(name)
            except Exception as error:  # the cells that want it will say so
                failed[name] = str(error)
    return failed


def _freeze() -> None:
    """Let the collectors of forks not touch, and so copy, what is there now."""
    gc.collect()
    gc.freeze()
    gc.enable()


def _draw_once() -> None:
    """Draw a figure for nobody: the first one loads fonts and writers of files, which all forks then have."""
    with contextlib.suppress(Exception):  # a broken matplotlib is for the cells to report
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        axes.plot([0, 1], label="line")
        axes.set(title="title", xlabel="x", ylabel="$y$")
        axes.legend()
        figure.savefig(io.BytesIO(), format="png")


def serve(engine: socket.socket) -> None:
    """Fork on request; report each fork that ends."""
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the engine's to handle
    with contextlib.suppress(ConnectionError):
        while True:
            ready, _, _ = select.select([engine, wake_read], [], [])
            if wake_read in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake_read, 4096)
                _report_ended(engine)
            if engine in ready and not _answer(engine):
                return


def _answer(engine: socket.socket) -> bool:
    """Answer one request; return False if the engine is gone. There is never more than one on its way."""
    request, fds, _, _ = socket.recv_fds(engine, REQUEST_BYTES, N_SOCKETS)
    match request.decode().split():
        case ["import", *modules]:
            _import(*modules)
            _tell(engine, more=len(modules))
        case ["fork", role]:
            _fork(engine, role, fds)
    return bool(request)


def _fork(engine: socket.socket, role: str, fds: Sequence[int]) -> None:
    """Fork a process that has the sockets."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            engine.close()
            code = _become(role, *fds)
        finally:
            os._exit(code)
    for fd in fds:
        os.close(fd)
    _tell(engine, pid=pid)


def _become(role: str, control_fd: int, link_fd: int) -> int:
    """Be a student's process or an examiner, in the sandbox, from here on."""
    # The warm parent keeps the bytecode of what it imports, which saves seconds the next time; forks keep nothing.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    control, link = socket.socket(fileno=control_fd), socket.socket(fileno=link_fd)
    start, contents = wire.recv(control, max_bytes=START_BYTES)
    limits = Limits(**start["limits"])
    box = Box(files=dict(zip(start["files"], map(bytes, contents), strict=True)), limits=limits)
    try:
        layers = enter(box, start["sandbox"], keep=(control_fd, link_fd))
    except (EngineError, OSError) as error:
        wire.send(control, {"ready": False, "why": str(error)})
        return 1
    wire.send(control, {"layers": list(layers)})
    module = importlib.import_module("autograder.engine.student" if role == "student" else "autograder.engine.examiner")
    module.serve(control, link, limits, start["seed"])
    return 0


def _report_ended(engine: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _tell(engine, ended=pid, status=os.waitstatus_to_exitcode(status))


def _tell(engine: socket.socket, **message: object) -> None:
    engine.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
