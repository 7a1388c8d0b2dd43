"""Running the units of work on the workers of a Dask cluster. They need this package, and no folder of ours.

What goes to a worker and comes back is one piece of JSON each. A worker that dies costs only the units it was running:
the scheduler gives them to another one.
"""

import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from autograder.engine.errors import EngineError
from autograder.keys import environment

CONNECT_SECONDS = 10
WAIT_SECONDS = 0.5  # between looks at whether to stop
WAITING_PER_THREAD = 2  # units sent ahead, so that no worker waits for its next one


class ClusterRunner:
    """Runs units on a Dask cluster. Use it in a `with` statement."""

    def __init__(self, address: str, stop: threading.Event) -> None:
        """Connect to the scheduler.

        Args:
            address: of the scheduler, such as tcp://host:8786.
            stop: set it to drop what runs.

        Raises:
            EngineError: if there is no scheduler there, it has no workers, or a worker has other software.
        """
        try:
            from distributed import Client
        except ImportError as error:
            raise EngineError(
                "--scheduler needs the package `distributed`, here and on the workers: "
                "pip install --require-hashes -r requirements/cluster.txt"
            ) from error
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise EngineError(f"No Dask scheduler answers at {address}: {error}") from error
        try:
            self.workers = self._check_workers(address)
        except BaseException:
            self._client.close()
            raise
        self._stop = stop
        self._pool = ThreadPoolExecutor(WAITING_PER_THREAD * self.workers, thread_name_prefix="cluster")
        self._running: dict[int, str] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Drop what waits and what runs, and leave the cluster."""
        if kind is not None:
            self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        with contextlib.suppress(Exception):  # the scheduler may be gone
            self._client.close()

    def submit(self, name: str, make: Callable[[], Mapping[str, Any]]) -> Future[dict[str, Any]]:
        """Run a unit; `make` makes its request when its turn comes."""
        return self._pool.submit(self._run, name, make)

    def running(self) -> list[str]:
        """Return the names of what is running, or on its way."""
        return list(self._running.values())

    def _check_workers(self, address: str) -> int:
        """Return how many threads the workers have together."""
        software = self._client.run(_environment)
        if not software:
            raise EngineError(f"The Dask scheduler at {address} has no workers. Start some: dask worker {address}")
        ours = list(environment())
        for worker, theirs in software.items():
            if differences := sorted(set(map(str, theirs)) ^ set(ours)):
                raise EngineError(
                    f"The worker {worker} has other software than this machine: {', '.join(differences)}. "
                    "Install the same requirements on all of them."
                )
        return sum(self._client.nthreads().values())

    def _run(self, name: str, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        thread = threading.get_ident()
        self._running[thread] = name
        try:
            return json.loads(self._result(json.dumps(make())))
        finally:
            self._running.pop(thread, None)

    def _result(self, request: str) -> str:
        """Have a worker run a unit."""
        from distributed.client import FutureCancelledError
        from distributed.comm import CommClosedError

        try:
            future = self._client.submit(grade_json, request, pure=False)
            while not self._stop.is_set():
                with contextlib.suppress(TimeoutError):
                    return future.result(timeout=WAIT_SECONDS)
            future.cancel(force=True)
        except (CommClosedError, FutureCancelledError, OSError) as error:
            raise EngineError(
                f"The connection to the Dask scheduler was lost ({type(error).__name__}). What came back until then "
                "counts; run the same command to go on."
            ) from error
        raise EngineError("grading was stopped")


def grade_json(request: str) -> str:
    """Run a unit of work, on a worker: JSON in, JSON out."""
    from autograder.unit import grade_unit

    return json.dumps(grade_unit(json.loads(request)))


def _environment() -> list[str]:
    return list(environment())
