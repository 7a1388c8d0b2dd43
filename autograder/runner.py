"""Running the units of work: here, in threads, on one engine."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Protocol, Self


class Runner(Protocol):
    """What runs units of work. Its futures raise what `autograder.unit.grade_unit` raises."""

    workers: int

    def submit(self, name: str, make: Callable[[], Mapping[str, Any]]) -> Future[dict[str, Any]]:
        """Run a unit; `make` makes its request when its turn comes, `name` is for people."""

    def running(self) -> list[str]:
        """Return the names of what is running."""


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ThreadRunner:
    """Runs units in threads of this process. Use it in a `with` statement."""

    def __init__(self, engine: Any, workers: int, stop: threading.Event) -> None:
        """Run on an engine, so many at once, until `stop` is set."""
        self.workers = workers
        self._engine, self._stop = engine, stop
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="unit")
        self._running: dict[int, str] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Drop what waits; wait for what runs, which stops soon if it is told to."""
        if kind is not None:
            self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, name: str, make: Callable[[], Mapping[str, Any]]) -> Future[dict[str, Any]]:
        """Run a unit."""
        return self._pool.submit(self._run, name, make)

    def running(self) -> list[str]:
        """Return the names of what is running."""
        return list(self._running.values())

    def _run(self, name: str, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        from autograder.unit import grade_unit

        thread = threading.get_ident()
        self._running[thread] = name
        try:
            return grade_unit(make(), engine=self._engine, stop=self._stop)
        finally:
            self._running.pop(thread, None)


@contextmanager
def stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM set `stop`, and a second Ctrl-C interrupt at once."""

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
