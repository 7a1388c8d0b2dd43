"""An engine for tests of what stands around it: runs all cells in this process, with `exec`, and believes them."""

import ast
import contextlib
import io
import threading
import time

from autograder import syntax
from autograder.engine.errors import SetupError
from autograder.engine.job import CellRun, Job, Kind, Outcome
from dlcourse.checks import FAILED


class FakeEngine:
    """Runs jobs one after the other; counts them, and the tests among their cells."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.jobs: list[Job] = []
        self.seconds = seconds
        self._lock = threading.Lock()

    @property
    def tests_run(self) -> list[list[str]]:
        """The names of the tests that were run, of each job."""
        return [
            [cell.name for n, cell in enumerate(job.cells) if cell.kind is Kind.TEST and n not in job.skip]
            for job in self.jobs
        ]

    def run(self, job: Job, *, stop: threading.Event | None = None) -> Outcome:
        if stop is not None and stop.wait(self.seconds):
            raise RuntimeError("stopped")
        with self._lock:  # one at a time: they share sys.stdout
            self.jobs.append(job)
            names: dict = {"__name__": "__main__"}
            cells = tuple(_run(cell, names, number in job.skip) for number, cell in enumerate(job.cells))
        return Outcome(cells, seconds=0.25, peak_megabytes=10, sandbox=("fake",))

    def close(self) -> None:
        pass


def _run(cell, names: dict, skipped: bool) -> CellRun:
    if skipped:
        return CellRun(skipped=True)
    printed, started = io.StringIO(), time.perf_counter()
    value = error = None
    with contextlib.redirect_stdout(printed):
        try:
            body = syntax.parse(cell.source).body
            last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
            with syntax._lock:  # compiling a tree disturbs other threads that parse, too
                codes = [compile(ast.Module(body, []), "<cell>", "exec")]
                codes += [compile(ast.Expression(last.value), "<cell>", "eval")] if last is not None else []
            exec(codes[0], names)
            if last is not None:
                value = eval(codes[1], names)
        except Exception as raised:
            error = (type(raised).__name__, str(raised))
    if cell.kind is Kind.SETUP and error:
        raise SetupError(f"set-up cell '{cell.name}' fails: {': '.join(error)}")
    text = printed.getvalue()
    outputs = [{"output_type": "stream", "name": "stdout", "text": text}] if text else []
    if error:
        outputs.append({"output_type": "error", "ename": error[0], "evalue": error[1], "traceback": [": ".join(error)]})
    elif value is not None and cell.kind is not Kind.TEST:
        data = {"text/plain": repr(value)}
        outputs.append({"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None})
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return CellRun(
        outputs=tuple(outputs),
        seconds=time.perf_counter() - started,
        error=error,
        value=float(value) if number else None,
        value_text=None if value is None else repr(value),
        failures=tuple(line.removeprefix(f"{FAILED} ") for line in text.splitlines() if line.startswith(FAILED)),
    )
