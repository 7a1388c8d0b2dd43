"""nbgrader's execution of a notebook, with time limits that hold whatever a cell does."""

import time
from typing import Any

from nbclient.util import ensure_async, run_sync
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Integer

from autograder.notebook import grade_id
from autograder.verdict import KILLED_ERROR, TIMEOUT_ERROR

IDLE_SECONDS = 3.0  # that a kernel may take to come back from an interrupted cell


class TimedExecute(Execute):
    """Stops cells that take too long, and goes on with the next.

    A submission that keeps running into the limit gets less time for each cell, so that it cannot hold up the class. A
    kernel that does not let itself be interrupted (`except: pass` around a loop) has run its last cell: those that
    follow say so, and what was earned before counts.
    """

    total_seconds = Integer(help="How long all cells together may run; then each gets one second.").tag(config=True)

    running: str = ""
    """The cell that runs, or ran last."""
    hurried = False
    """Whether cells got less time than usual."""

    _began = 0.0
    _stuck = ""
    _timed_out = False

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Run a notebook's cells, and write their outputs into it."""
        self._began, self._stuck = time.monotonic(), ""
        return super().preprocess(nb, resources)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run one cell."""
        if cell.cell_type != "code":
            return cell, resources
        self.running = f"'{grade_id(cell)}'" if grade_id(cell) else f"number {index + 1}"
        if self._stuck:
            cell.outputs = [_error(KILLED_ERROR, f"did not run: cell {self._stuck} could not be stopped")]
            return cell, resources
        self._timed_out = False
        self.raise_on_iopub_timeout = True
        cell, resources = super().preprocess_cell(cell, resources, index)
        if self._timed_out and not self._is_idle():
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

    async def _async_is_idle(self) -> bool:
        """Ask the kernel for something, and see whether it answers."""
        request = self.kc.kernel_info()
        deadline = time.monotonic() + IDLE_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            try:
                reply = await ensure_async(self.kc.shell_channel.get_msg(timeout=left))
            except Exception:  # `queue.Empty`, or a kernel that is gone
                return False
            if reply["parent_header"].get("msg_id") == request:
                return True
        return False

    _is_idle = run_sync(_async_is_idle)


def _error(name: str, message: str) -> NotebookNode:
    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])
