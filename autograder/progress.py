"""How grading goes, while it goes: a live table on a terminal, plain lines elsewhere."""

import time
from collections import deque
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from autograder.result import SubmissionResult
from autograder.verdict import Verdict

if TYPE_CHECKING:
    from autograder.runner import Runner

UNCHANGED = "unchanged"


class Progress:
    """Is told how grading goes. This one keeps it to itself."""

    def start(self, assignment: str, total: int) -> None:
        """There are so many submissions."""

    def start_running(self, runner: "Runner") -> None:
        """Submissions begin to run."""

    def tick(self) -> None:
        """Time goes by."""

    def result(self, result: SubmissionResult, todo: str) -> None:
        """A submission is done; `todo` is what was done for it."""

    def start_pages(self, total: int) -> None:
        """So many feedback pages are to be made."""

    def page(self, student: str, problem: str) -> None:
        """A page is made, or not because of a problem."""

    def close(self) -> None:
        """It is over."""


class Lines(Progress):
    """Prints a line for each submission that is graded."""

    def __init__(self, console: Console) -> None:
        """Print to a console."""
        self._console = console
        self._total = self._done = self._pages = 0

    def start(self, assignment: str, total: int) -> None:
        """Begin to count."""
        self._total = total

    def start_running(self, runner: "Runner") -> None:
        """Say how many run at once."""
        self._print(f"running {_count(runner.workers, 'submission')} at once")

    def result(self, result: SubmissionResult, todo: str) -> None:
        """Print a line, but for what needed nothing."""
        self._done += 1
        if todo != UNCHANGED:
            self._print(progress_line(result, self._done, self._total))

    def start_pages(self, total: int) -> None:
        """Say how many."""
        self._print(f"making {_count(total, 'feedback page')}")

    def page(self, student: str, problem: str) -> None:
        """Print what went wrong."""
        if problem:
            self._print(f"no feedback page for {student}: {problem}")

    def _print(self, text: str) -> None:
        self._console.print(Text(text), soft_wrap=True)


class LiveTable(Progress):
    """Shows a table that changes as grading goes."""

    def __init__(self, console: Console) -> None:
        """Show it on a console; `close` removes it."""
        self._assignment = ""
        self._total = self._done = self._unchanged = self._graded = 0
        self._pages: tuple[int, int] | None = None
        self._runner: Runner | None = None
        self._began = time.monotonic()
        self._lately: deque[SubmissionResult] = deque(maxlen=6)
        self._failed: deque[SubmissionResult] = deque(maxlen=4)
        self._live = Live(self, console=console, transient=True, refresh_per_second=4)
        self._live.start()

    def __rich__(self) -> RenderableType:
        """Show how it stands."""
        lines: list[RenderableType] = [self._bar(), Text(self._speed(), style="dim")]
        table = Table(title=None, show_edge=False, pad_edge=False)
        for name in ("student", "points", "what"):
            table.add_column(name, no_wrap=True, overflow="ellipsis")
        for one in self._lately:
            table.add_row(Text(one.student), _points(one), Text(_trouble(one), style="yellow"))
        for student in self._runner.running() if self._runner else ():
            table.add_row(Text(student, style="bold"), "", Text("running …", style="dim"))
        if table.row_count:
            lines.append(table)
        if self._failed:
            lines.append(Text("not graded, or not all: " + "; ".join(f"{o.student}: {o.problem}" for o in self._failed),
                              style="red", no_wrap=True, overflow="ellipsis"))  # fmt: skip
        return Group(*lines)

    def start(self, assignment: str, total: int) -> None:
        """Begin to count."""
        self._assignment, self._total = assignment, total

    def start_running(self, runner: "Runner") -> None:
        """Begin to measure the rate."""
        self._runner, self._began, self._graded = runner, time.monotonic(), 0

    def result(self, result: SubmissionResult, todo: str) -> None:
        """Show a result."""
        self._done += 1
        if todo == UNCHANGED:
            self._unchanged += 1
            return
        self._graded += 1
        self._lately.append(result)
        if result.problem:
            self._failed.append(result)

    def start_pages(self, total: int) -> None:
        """Show pages from now on."""
        self._pages, self._runner = (0, total), None

    def page(self, student: str, problem: str) -> None:
        """Count a page."""
        done, total = self._pages or (0, 0)
        self._pages = (done + 1, total)

    def close(self) -> None:
        """Remove the table."""
        self._live.stop()

    def _bar(self) -> RenderableType:
        what, (done, total) = ("Feedback pages", self._pages) if self._pages else (
            f"Grading {self._assignment}", (self._done, self._total),
        )  # fmt: skip
        grid = Table.grid(padding=(0, 1))
        grid.add_row(Text(what, style="bold"), ProgressBar(total or 1, done, width=30), f"{done} of {total}")
        return grid

    def _speed(self) -> str:
        parts = [f"{self._unchanged} unchanged"] if self._unchanged else []
        seconds = time.monotonic() - self._began
        if self._runner is not None:
            parts.append(f"{_count(self._runner.workers, 'worker')}")
            if self._graded:
                rate = self._graded / seconds
                left = (self._total - self._done) / rate
                parts += [f"{60 * rate:.0f} a minute", f"{duration(left)} left"]
        return " · ".join(parts)


def make_progress(console: Console) -> Progress:
    """Return what suits a console."""
    return LiveTable(console) if console.is_terminal else Lines(console)


def progress_line(result: SubmissionResult, number: int, total: int) -> str:
    """Say on one line how one submission went."""
    what = result.problem or f"{result.points:g}/{result.max_points:g}"
    return f"{number}/{total} {result.student}: {what}"


def duration(seconds: float) -> str:
    """Say how long something takes, roughly."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _points(result: SubmissionResult) -> str:
    return "" if result.problem else f"{result.points:g}/{result.max_points:g}"


def _trouble(result: SubmissionResult) -> str:
    """What an instructor would want to know while it runs."""
    if result.problem:
        return result.problem
    worth_knowing = (Verdict.TIMEOUT, Verdict.OUT_OF_MEMORY, Verdict.KILLED, Verdict.TEST_BROKEN)
    return ", ".join(f"{q.question}: {q.verdict}" for q in result.questions if q.verdict in worth_knowing)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
