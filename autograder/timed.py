"""nbgrader's execution of a notebook, with time limits that hold whatever a cell does."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Empty
from typing import IO, Any

from nbclient.util import ensure_async, run_sync
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Integer

from autograder.notebook import grade_id
from autograder.verdict import KILLED_ERROR, TIMEOUT_ERROR

IDLE_SECONDS = 3.0  # that a kernel may take to come back from an interrupted cell
IMPORT_SECONDS = 180.0  # that all imports together may take
_IMPORT = """
import contextlib, importlib
for module in {modules!r}:
    with contextlib.suppress(Exception):
        importlib.import_module(module)
"""


class TimedExecute(Execute):
    """Stops cells that take too long, and goes on with the next.

    What the exercise imports is imported before the first cell runs: that takes seconds, which are not the student's.
    A submission that keeps running into the limit gets less time for each cell, so that it cannot hold up the class. A
    kernel that does not let itself be interrupted (`except: pass` around a loop) has run its last cell: those that
    follow say so, and what was earned before counts.
    """

    total_seconds = Integer(help="How long all cells together may run; then each gets one second.").tag(config=True)

    modules: tuple[str, ...] = ()
    """What to import before the first cell."""
    running: str = ""
    """The cell that runs, or ran last."""
    hurried = False
    """Whether cells got less time than usual."""

    kernel_output: IO[str] | int = subprocess.DEVNULL
    """Where the kernel's own messages go: not to the terminal."""
    _began = 0.0
    _stuck = ""
    _timed_out = False

    @contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        """Start a kernel, and end it."""
        with super().setup_kernel(stdout=self.kernel_output, stderr=self.kernel_output, **kwargs):
            yield

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Run a notebook's cells, and write their outputs into it."""
        self._stuck = ""
        return super().preprocess(nb, resources)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run one cell."""
        if index == 0:
            self._answers(self.kc.execute(_imports(self.modules), silent=True), IMPORT_SECONDS)
            self._began = time.monotonic()
        if cell.cell_type != "code":
            return cell, resources
        self.running = f"'{grade_id(cell)}'" if grade_id(cell) else f"number {index + 1}"
        if self._stuck:
            cell.outputs = [_error(KILLED_ERROR, f"did not run: cell {self._stuck} could not be stopped")]
            return cell, resources
        self._timed_out = False
        self.raise_on_iopub_timeout = True
        cell, resources = super().preprocess_cell(cell, resources, index)
        if self._timed_out and not self._answers(self.kc.kernel_info(), IDLE_SECONDS):
            self._stuck = self.running
        return cell, resources

    def _get_timeout(self, cell: NotebookNode | None) -> int | None:
        if cell is None:  # the kernel is starting
            return super()._get_timeout(cell)
        left = int(self._began + self.total_seconds - time.monotonic())
        self.hurried = self.hurried or left < self.timeout
        return max(1, min(self.timeout, left))

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None) -> dict[str, Any] | None:
        self._timed_out = True
        self.raise_on_iopub_timeout = False  # a kernel that goes on running is told apart below
        stopped = f"stopped after {timeout} s"
        self.error_on_timeout = {
            "ename": TIMEOUT_ERROR,
            "evalue": stopped,
            "traceback": [f"{TIMEOUT_ERROR}: {stopped}"],
        }
        return await super()._async_handle_timeout(timeout, cell)

    async def _async_answers(self, request: str, seconds: float) -> bool:
        """Wait until the kernel answers a request; False if it does not."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                reply = await ensure_async(self.kc.shell_channel.get_msg(timeout=left))
            except Empty:
                return False
            if reply["parent_header"].get("msg_id") == request:
                return True
        return False

    _answers = run_sync(_async_answers)


def _imports(modules: Sequence[str]) -> str:
    """Return code that imports modules and leaves no name behind."""
    return f"exec({_IMPORT.format(modules=list(modules))!r}, {{}})"


def _error(name: str, message: str) -> NotebookNode:
    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])
