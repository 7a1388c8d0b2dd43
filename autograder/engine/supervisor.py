"""Runs one job: cell by cell, in a student's process and an examiner's, which are started anew when one goes down."""

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autograder.engine import wire
from autograder.engine.errors import EngineError, SetupError
from autograder.engine.job import Cell, CellRun, Ended, Job, Kind, Outcome
from autograder.engine.outputs import checked_outputs, error_output
from autograder.engine.parent import WarmParent
from autograder.engine.watch import Watch, Watched

GRACE_SECONDS = 2.0  # between interrupting a cell and killing its process
START_SECONDS = 60.0  # for a fork to be ready, on a busy machine
_REPLY_FACTOR = 3  # room for outputs as JSON, above their own size
_ERRORS = {  # how a cell that did not come to its end reads in the notebook
    Ended.TIMEOUT: "CellTimeoutError",
    Ended.MEMORY: "MemoryError",
    Ended.KILLED: "ProcessKilledError",
    Ended.NOT_RUN: "NotRunError",
}


class StoppedError(Exception):
    """The job was stopped from outside."""


class _DownError(Exception):
    """A process is gone, or sent nonsense."""

    def __init__(self, ended: Ended, why: str) -> None:
        super().__init__(why)
        self.ended, self.why = ended, why


class _Process:
    """A student's process or an examiner, seen from the supervisor."""

    def __init__(
        self,
        role: str,
        parent: WarmParent,
        watch: Watch,
        job: Job,
        link: socket.socket,
        sandbox: str,
        stop: threading.Event | None,
    ) -> None:
        files = dict(job.given) if role == "examiner" else {**job.files, **job.given}
        pid, self._control = parent.fork(role, link, job.limits, files=files, seed=job.seed, sandbox=sandbox)
        self._parent, self._watch = parent, watch
        self._max_bytes = int((job.limits.output_megabytes * _REPLY_FACTOR + 4) * 2**20)
        self.watched = Watched(pid, job.limits, stop)
        watch.add(self.watched)
        self.layers: tuple[str, ...] = ()

    def await_ready(self) -> None:
        """Wait until it is in the sandbox and can run cells."""
        self.allow(START_SECONDS)
        for _ in range(2):
            reply = self._read()
            if "why" in reply:
                raise EngineError(str(reply["why"]))
            if "layers" in reply:
                self.layers = tuple(map(str, reply["layers"]))
        self.allow(None)

    def allow(self, seconds: float | None, grace: float = 0.0) -> None:
        """Set how long it may take from now on."""
        self.watched.allowed = round(seconds or 0.0, 1)
        self.watched.deadline = None if seconds is None else time.monotonic() + seconds + grace

    def send(self, **request: Any) -> None:
        """Send a request."""
        with contextlib.suppress(ConnectionError):  # receiving will say what has become of it
            wire.send(self._control, request)

    def receive(self, key: str, number: int) -> dict[str, Any]:
        """Receive the reply to a request, which repeats its number."""
        reply = self._read()
        if reply.get(key) != number:
            raise self.broken()
        return reply

    def ask(self, key: str, number: int, **request: Any) -> dict[str, Any]:
        """Send a request and receive the reply."""
        self.send(**request)
        return self.receive(key, number)

    def broken(self) -> _DownError:
        """Kill it, because it sent what it has no business to send; return that as the reason."""
        self.watched.kill(Ended.KILLED, "it interfered with how it is graded")
        return self.down()

    def down(self) -> _DownError:
        """Say why it is gone."""
        if self.watched.killed is not None:
            return _DownError(*self.watched.killed)
        status = self._parent.exit_status(self.watched.pid)
        if self.watched.killed is not None:  # just now
            return _DownError(*self.watched.killed)
        if status == -signal.SIGKILL:
            return _DownError(Ended.KILLED, "its process was killed, perhaps for want of memory")
        if status is not None and status < 0:
            return _DownError(Ended.KILLED, f"its process crashed ({signal.Signals(-status).name})")
        return _DownError(Ended.KILLED, "its process ended itself (os._exit, or a crash)")

    @property
    def gone(self) -> _DownError | None:
        """Why it is gone; None if it is there."""
        if self.watched.killed is not None:
            return self.down()
        try:
            if self._control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                return self.broken()  # nobody has asked it anything
        except BlockingIOError:
            return None
        except ConnectionError:
            pass
        return self.down()

    def close(self) -> None:
        """Kill what is left of it."""
        self._watch.remove(self.watched)
        self.watched.finish()
        self._control.close()
        self._parent.forget(self.watched.pid)

    def _read(self) -> dict[str, Any]:
        try:
            reply, _ = wire.recv(self._control, max_bytes=self._max_bytes)
        except (EOFError, ConnectionError):
            raise self.down() from None
        except wire.WireError:
            raise self.broken() from None
        if not isinstance(reply, dict):
            raise self.broken()
        return reply


class Supervisor:
    """Runs one job."""

    imported: tuple[str, ...] = ()
    """What the set-up and the tests have imported on the way, once the job has run."""

    def __init__(
        self,
        job: Job,
        parent: WarmParent,
        watch: Watch,
        sandbox: str,
        stop: threading.Event | None,
        *,
        seen: set[str] | None = None,
        known: Mapping[int, CellRun] | None = None,
    ) -> None:
        """Prepare to run a job with processes from `parent`.

        `seen` holds set-up cells that an examiner has run, in this job or an earlier one: it says what they import.
        `known` is what came of cells that need not run, by number: see alone.py.
        """
        self._job, self._parent, self._watch, self._sandbox = job, parent, watch, sandbox
        self._stop = stop
        self._seen = set() if seen is None else seen
        self._known = known or {}
        self._student: _Process | None = None
        self._examiner: _Process | None = None
        self._done: list[int] = []  # set-up and answer cells that ran to their end, to be run again after a restart
        tests = (n for n, cell in enumerate(job.cells) if cell.kind is Kind.TEST and n not in job.skip)
        self._last_test = max(tests, default=-1)
        self._restarts = -1
        self._ends = time.monotonic() + job.limits.total_seconds
        self._notes: list[str] = []
        self._peak = 0.0
        self._layers: tuple[str, ...] = ()

    def run(self) -> Outcome:
        """Run all cells.

        Raises:
            SetupError: if a set-up cell fails that does not depend on the submission.
            StoppedError: if the stop event was set.
            EngineError: if no process can be had.
        """
        started = time.monotonic()
        try:
            cells = tuple(self._run_cell(number, cell) for number, cell in enumerate(self._job.cells))
            self._note_imports()
        finally:
            self._close()
        return Outcome(cells, time.monotonic() - started, self._peak, tuple(dict.fromkeys(self._notes)), self._layers)

    def _note_imports(self) -> None:
        if self._examiner is not None:
            with contextlib.suppress(_DownError):
                self._examiner.allow(GRACE_SECONDS)
                self.imported = tuple(self._examiner.ask("listed", 0, modules=0)["modules"])

    # --- one cell ---------------------------------------------------------------------------------------------------

    def _run_cell(self, number: int, cell: Cell) -> CellRun:
        if cell.kind is Kind.TEST and number in self._job.skip:
            return CellRun(skipped=True)
        if number in self._known:
            return self._known[number]
        started = time.monotonic()
        try:
            self._start_if_down()
            started = time.monotonic()  # starting processes, and running earlier cells again, is not the cell's time
            if cell.kind is Kind.TEST:
                run = self._run_test(number, cell)
            else:
                run = self._run_setup(number, cell) if cell.kind is Kind.SETUP else self._run_answer(number, cell)
                self._done.append(number)
        except _DownError as down:
            self._close()
            run = _ended(down)
        if self._stop is not None and self._stop.is_set():
            raise StoppedError
        return replace(run, seconds=time.monotonic() - started)

    def _run_answer(self, number: int, cell: Cell) -> CellRun:
        """Run a cell in the student's process."""
        seconds = self._seconds()
        self._student.allow(seconds, GRACE_SECONDS)
        source = cell.source if cell.released is None else cell.released
        reply = self._student.ask("ran", number, run=number, source=source, seconds=seconds)
        self._student.allow(None)
        return self._student_run(reply)

    def _run_setup(self, number: int, cell: Cell) -> CellRun:
        """Run a set-up cell in both processes. People see the outputs of the student's."""
        if number > self._last_test and cell.source in self._seen:  # no test is left that could use it
            return self._run_answer(number, cell)
        self._seen.add(cell.source)
        request = {"run": number, "source": cell.source, "seconds": self._seconds(), "test": False}
        alone = all(self._job.cells[n].kind is Kind.SETUP for n in self._done)
        if alone:  # nothing that it could ask the student's process for: both at once
            self._examiner.allow(request["seconds"], 2 * GRACE_SECONDS)
            self._examiner.send(**request)
        run = self._run_answer(number, cell)
        if not alone:
            self._student.allow(request["seconds"], GRACE_SECONDS)
            self._examiner.allow(request["seconds"], 2 * GRACE_SECONDS)
            self._examiner.send(**request)
        reply = self._examiner.receive("ran", number)
        self._student.allow(None)
        self._examiner.allow(None)
        self._check_setup(cell, reply)
        return run

    def _check_setup(self, cell: Cell, reply: dict[str, Any]) -> None:
        """Tell a set-up cell that fails for everybody from one that fails for what the student's code does."""
        if reply["gone"]:
            raise self._lost_student(reply["gone"])
        if reply["error"] is None:
            return
        name, message = reply["error"]
        title = f"set-up cell '{cell.name}'" if cell.name else "a set-up cell"
        if reply["asked"] or name in ("MemoryError", "CellTimeoutError", "OutputLimitError"):
            self._notes.append(f"{title} fails with this submission: {name}: {message}")
        else:
            raise SetupError(f"{title} fails on this machine, whatever is handed in: {name}: {message}")

    def _run_test(self, number: int, cell: Cell) -> CellRun:
        """Run a test in the examiner's process."""
        seconds = self._seconds()
        self._student.allow(seconds, GRACE_SECONDS)
        self._examiner.allow(seconds, 2 * GRACE_SECONDS)
        self._examiner.send(run=number, source=cell.source, seconds=seconds, test=True)
        reply = self._examiner.receive("ran", number)
        self._student.allow(None)
        self._examiner.allow(None)
        run = CellRun(
            outputs=tuple(reply["outputs"]),
            error=reply["error"] and tuple(reply["error"]),
            value=reply["value"],
            value_text=reply["value_text"],
            failures=tuple(reply["failures"]),
        )
        if reply["gone"]:
            down = self._lost_student(reply["gone"])
            self._close()
            return _ended(down, run)
        if run.error and run.error[0] == "CellTimeoutError":
            run = replace(run, ended=Ended.TIMEOUT, why=f"stopped after {seconds:g} s")
        try:
            printed = self._student.ask("took", number, take=number).get("printed")
        except _DownError as down:  # after the test: what it says stands
            self._notes.append(f"its process went down after a test: {down.why}")
            self._close()
            return run
        size = int(self._job.limits.output_megabytes * 2**20)
        return replace(run, printed=clean_text(printed)[:size])

    def _student_run(self, reply: dict[str, Any]) -> CellRun:
        """Make a `CellRun` of what the student's process says; it may say anything."""
        try:
            outputs = checked_outputs(reply.get("outputs"), self._job.limits.output_megabytes)
            error = reply.get("error")
            if error is not None:
                name, message = error
                error = clean_text(name)[:200], clean_text(message)[:10_000]
        except (ValueError, TypeError):
            raise self._lost_student("broken") from None
        match error:
            case ("CellTimeoutError", why):
                return CellRun(tuple(outputs), ended=Ended.TIMEOUT, why=why, error=error)
            case ("OutputLimitError", why):
                return CellRun(tuple(outputs), ended=Ended.KILLED, why=why, error=error)
        return CellRun(tuple(outputs), error=error)

    def _lost_student(self, how: str) -> _DownError:
        """Say why the student's process does not answer any more."""
        return self._student.broken() if how == "broken" else self._student.down()

    def _seconds(self) -> float:
        """Return how long the next cell may run."""
        left = self._ends - time.monotonic()
        if left < 0.1:
            total = self._job.limits.total_seconds
            raise _DownError(Ended.NOT_RUN, f"the submission took longer than {total:g} s in all")
        return min(self._job.limits.cell_seconds, left)

    # --- processes --------------------------------------------------------------------------------------------------

    def _start_if_down(self) -> None:
        """Have both processes there, and all cells run that ran before."""
        if self._student is not None:
            gone = self._student.gone or self._examiner.gone
            if gone is None:
                return
            self._notes.append(f"its process went down between two cells: {gone.why}")
            self._close()
        if self._restarts == self._job.limits.restarts:
            raise _DownError(Ended.NOT_RUN, f"its process went down {self._restarts + 1} times")
        self._restarts += 1
        if self._restarts:
            self._notes.append("its process was started again, with the cells before the one that brought it down")
        for_student, for_examiner = socket.socketpair()
        self._student = self._start("student", for_student)
        self._examiner = self._start("examiner", for_examiner)
        self._student.await_ready()
        self._examiner.await_ready()
        self._layers = self._student.layers
        if self._job.imports:
            self._examiner.allow(self._job.limits.cell_seconds)
            self._examiner.ask("imported", 0, imports=self._job.imports)
            self._examiner.allow(None)
        for number in self._done:
            cell = self._job.cells[number]
            if cell.kind is Kind.SETUP:
                self._run_setup(number, cell)
            else:
                self._run_answer(number, cell)

    def _start(self, role: str, link: socket.socket) -> _Process:
        return _Process(role, self._parent, self._watch, self._job, link, self._sandbox, self._stop)

    def _close(self) -> None:
        """End both processes, and all that they have started."""
        peak = 0.0
        for process in (self._student, self._examiner):
            if process is not None:
                process.close()
                peak += process.watched.peak_megabytes
        self._peak = max(self._peak, peak)
        self._student = self._examiner = None


def clean_text(value: object) -> str:
    """Return text that can be written as UTF-8, of whatever a process sent."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _ended(down: _DownError, run: CellRun | None = None) -> CellRun:
    """Make the run of a cell that did not come to its own end."""
    outputs = () if run is None else tuple(o for o in run.outputs if o["output_type"] != "error")
    name = _ERRORS[down.ended]
    return CellRun((*outputs, error_output(name, down.why)), ended=down.ended, why=down.why, error=(name, down.why))
