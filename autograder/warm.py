"""A process that has imported everything once and runs notebooks in forks of itself.

`autograder.execute` starts it as `python -m autograder.warm N MODULE…`, writes jobs to its standard input and reads
results from its standard output, one JSON object a line. Importing TensorFlow takes seconds, forking milliseconds; the
process imports it and runs nothing in it, which is what makes forking safe.

A fork runs the cells of one notebook in an IPython shell, much as a kernel would, and reports each cell as it ends, so
that what it has done is known even if it never comes to its end.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import random
import resource
import selectors
import signal
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, BinaryIO, NoReturn

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Instance, Type
from traitlets.config import Config

from autograder.verdict import KILLED_ERROR, TIMEOUT_ERROR

MAX_TEXT = 100_000  # characters of output kept of one cell
GRACE_SECONDS = 2.0  # between interrupting a cell and killing its process
_SETTINGS = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
# Scores are read from texts; pictures would only be carried about.
_SHOWN = ("text/plain", "text/html", "text/markdown", "text/latex")


class CellTimeoutError(BaseException):
    """Interrupts a cell. No `Exception`, so that an answer that catches those does not catch this."""


# --- in the fork: running the cells ---------------------------------------------------------------------------------


class _Recorder:
    """Collects the outputs of the cell that runs, as a notebook has them."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self._room = MAX_TEXT

    def start_cell(self) -> None:
        self.outputs, self._room = [], MAX_TEXT

    def stream(self, name: str, text: str) -> None:
        if len(text) > self._room:
            text = text[: self._room] + "\n… (cut off)\n" if self._room else ""
        self._room = max(0, self._room - len(text))
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        elif text:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def data(self, output_type: str, data: dict[str, Any]) -> None:
        shown = {kind: str(data[kind])[:MAX_TEXT] for kind in _SHOWN if kind in data}
        self.outputs.append({"output_type": output_type, "data": shown, "metadata": {}})

    def error(self, name: str, message: str, traceback: list[str]) -> None:
        self.outputs.append(
            {"output_type": "error", "ename": name, "evalue": message[:MAX_TEXT], "traceback": traceback}
        )


class _Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of the cells."""

    encoding = "utf-8"

    def __init__(self, recorder: _Recorder, name: str) -> None:
        self._recorder, self._name = recorder, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.stream(self._name, text)
        return len(text)


class _Results(DisplayHook):
    """Records the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.shell.recorder.data("execute_result", format_dict)

    def finish_displayhook(self) -> None:
        pass


class _Displays(DisplayPublisher):
    """Records what cells display."""

    def publish(self, data: dict[str, Any], **kwargs: Any) -> None:
        self.shell.recorder.data("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.recorder.start_cell()


class _Shell(InteractiveShell):
    """An IPython shell that records outputs instead of printing them."""

    recorder = Instance(_Recorder, ())
    displayhook_class = Type(_Results)
    display_pub_class = Type(_Displays)

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        try:
            message = str(evalue)
        except Exception:  # the exception may be of a class that the student wrote
            message = ""
        self.recorder.error(etype.__name__, message, [str(line) for line in stb])

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no event loop here to enable."""

    def ask_exit(self) -> None:
        """`exit()` in a cell ends nothing but the cell."""


def run_cells(job: dict[str, Any], report: BinaryIO) -> None:
    """Run the cells of a job one after the other, and report each before and after."""
    _limit_memory(job["memory_megabytes"])
    random.seed(job["seed"])
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(job["seed"])
    shell = _Shell.instance(config=_SETTINGS)
    recorder = shell.recorder
    sys.path.insert(0, "")  # as in a kernel: the notebook's folder
    sys.stdout, sys.stderr = _Stream(recorder, "stdout"), _Stream(recorder, "stderr")
    for number, source in enumerate(job["cells"]):
        _send(report, {"start": number})
        recorder.start_cell()
        _run_cell(shell, source, job["cell_seconds"])
        _send(report, {"end": number, "outputs": recorder.outputs})


def _run_cell(shell: _Shell, source: str, seconds: float) -> None:
    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise CellTimeoutError

    signal.signal(signal.SIGALRM, interrupt)
    # Again and again, for answers that catch even this.
    signal.setitimer(signal.ITIMER_REAL, seconds, GRACE_SECONDS / 4)
    try:
        shell.run_cell(source, store_history=True)
    except CellTimeoutError:
        shell.recorder.error(TIMEOUT_ERROR, "", [])
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0)
    for output in shell.recorder.outputs:
        if output["output_type"] == "error" and output["ename"] == TIMEOUT_ERROR:
            output["evalue"] = f"stopped after {seconds:g} s"


def _limit_memory(megabytes: int | None) -> None:
    """Let the process have so much more memory than it begins with."""
    if megabytes is None or not os.path.exists("/proc/self/statm"):
        return
    with open("/proc/self/statm") as file:
        begins_with = int(file.read().split()[0]) * resource.getpagesize()
    limit = begins_with + megabytes * 2**20
    with contextlib.suppress(ValueError, OSError):  # there is a lower limit already
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _send(file: BinaryIO, message: dict[str, Any]) -> None:
    file.write(json.dumps(message).encode() + b"\n")
    file.flush()


# --- in the warm process: forking and watching ----------------------------------------------------------------------


@dataclass
class _Run:
    """A fork and what it has reported."""

    job: dict[str, Any]
    pid: int
    pipe: int
    started: float
    buffer: bytes = b""
    outputs: list[list[dict[str, Any]]] = field(default_factory=list)
    running: int | None = None  # the number of the cell that runs
    deadline: float = 0.0

    def read(self, data: bytes) -> None:
        *lines, self.buffer = (self.buffer + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "start" in message:
                self.running = message["start"]
                cell_deadline = time.monotonic() + self.job["cell_seconds"] + GRACE_SECONDS
                self.deadline = min(cell_deadline, self.started + self.job["total_seconds"])
            else:
                self.outputs.append(message["outputs"])
                self.running = None

    @property
    def complete(self) -> bool:
        return len(self.outputs) == len(self.job["cells"])

    def result(self, ended: str, verdict: str) -> dict[str, Any]:
        """Say what came of the job; `ended` is why it ended early, `verdict` the error of the cell that ran then."""
        outputs = self.outputs
        if not self.complete:
            outputs = [*outputs, [_error(verdict, ended)]]
            never = [_error(KILLED_ERROR, f"did not run (an earlier cell: {ended})")]
            outputs += [never] * (len(self.job["cells"]) - len(outputs))
        return {"id": self.job["id"], "outputs": outputs, "seconds": time.monotonic() - self.started}


def _error(name: str, message: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": []}


def _start(job: dict[str, Any]) -> _Run:
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()  # so that all it starts can be killed with it
        os.close(read_end)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        code = 1
        try:
            os.chdir(job["folder"])
            with open(write_end, "wb") as report:
                run_cells(job, report)
            code = 0
        finally:
            os._exit(code)
    os.close(write_end)
    now = time.monotonic()
    return _Run(job, pid, read_end, started=now, deadline=now + job["total_seconds"])


def _finish(run: _Run, killed: str | None) -> dict[str, Any]:
    """Kill what is left of a fork, and say what came of it."""
    os.kill(run.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):  # it may not have got as far as having a group of its own
        os.killpg(run.pid, signal.SIGKILL)
    _, status = os.waitpid(run.pid, 0)
    os.close(run.pipe)
    if killed is not None:
        return run.result(killed, TIMEOUT_ERROR)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return run.result(f"the process was killed by {name}", KILLED_ERROR)
    return run.result("the process ended itself (os._exit, or a crash)", KILLED_ERROR)


def serve(jobs_at_once: int) -> None:
    """Read jobs from standard input, and write a result for each to standard output, until the input ends."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but results goes to the caller
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    waiting: deque[dict[str, Any]] = deque()
    runs: dict[int, _Run] = {}
    buffer, caller_is_there = b"", True
    while caller_is_there:
        while waiting and len(runs) < jobs_at_once:
            run = _start(waiting.popleft())
            runs[run.pipe] = run
            selector.register(run.pipe, selectors.EVENT_READ)
        soonest = min((run.deadline for run in runs.values()), default=None)
        ready = selector.select(None if soonest is None else max(0.0, soonest - time.monotonic()))
        done: dict[int, str | None] = {}
        for key, _ in ready:
            data = os.read(key.fd, 1 << 16)
            if key.fd != 0:
                runs[key.fd].read(data)
                if not data or runs[key.fd].complete:  # something it has started may keep the pipe open
                    done[key.fd] = None
                continue
            *lines, buffer = (buffer + data).split(b"\n")
            waiting.extend(json.loads(line) for line in lines)
            caller_is_there = bool(data)
        now = time.monotonic()
        for pipe, run in runs.items():
            if run.deadline <= now and pipe not in done:
                done[pipe] = f"stopped after {now - run.started:.0f} s"
        for pipe, killed in done.items():
            selector.unregister(pipe)
            _send(results, _finish(runs.pop(pipe), killed))
    for run in runs.values():
        _finish(run, None)


def main(jobs_at_once: str, *modules: str) -> None:
    """Import modules, say so, and serve."""
    for module in modules:
        with contextlib.suppress(Exception):  # whoever imports it in a cell is told why it does not work
            importlib.import_module(module)
    gc.collect()
    gc.freeze()  # or the garbage collector of each fork would look at, and so copy, all that is imported
    serve(int(jobs_at_once))


if __name__ == "__main__":
    main(*sys.argv[1:])
