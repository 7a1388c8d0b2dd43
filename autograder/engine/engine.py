"""The engine: runs jobs in warm, sandboxed processes."""

import threading
from collections.abc import Mapping, Sequence
from typing import Literal, Self

from autograder.engine.alone import Alone
from autograder.engine.errors import EngineError
from autograder.engine.job import CellRun, Job, Outcome
from autograder.engine.parent import WarmParent
from autograder.engine.supervisor import StoppedError, Supervisor
from autograder.engine.watch import Watch

__all__ = ["Engine", "EngineError", "SandboxMode", "StoppedError"]

SandboxMode = Literal["full", "none"]


class Engine:
    """Runs jobs, as many at once as threads call `run`."""

    def __init__(self, modules: Sequence[str] = (), *, sandbox: SandboxMode = "full", hash_seed: int = 0) -> None:
        """Start the process that all submissions' processes are forked from; it imports modules once.

        Args:
            modules: what the exercises import.
            sandbox: "full", or "none" for code that you trust as much as your own.
            hash_seed: the seed of Python's hashes, and so of the order of sets.
        """
        self._sandbox = sandbox
        self._parent = WarmParent(modules, hash_seed=hash_seed)
        self._watch = Watch()
        self._asked = set(modules)
        self._imported: set[str] = set()
        self._seen: set[str] = set()
        self._learning = threading.Lock()
        self._alone = Alone(self._run)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """End all of its processes."""
        self.close()

    def run(self, job: Job, *, stop: threading.Event | None = None) -> Outcome:
        """Run a job.

        Args:
            job: the cells of one notebook, and what lies beside it.
            stop: when this is set the job is dropped.

        Raises:
            StoppedError: if `stop` was set.
            SetupError: if a set-up cell fails whatever the submission holds.
            EngineError: if the sandbox is not to be had, or the processes cannot be started.
        """
        return self._run(job, stop, self._alone.runs(job, stop))

    def _run(self, job: Job, stop: threading.Event | None, known: Mapping[int, CellRun] | None = None) -> Outcome:
        self._parent.wait()
        supervisor = Supervisor(job, self._parent, self._watch, self._sandbox, stop, seen=self._seen, known=known)
        outcome = supervisor.run()
        self._learn(supervisor.imported)
        return outcome

    def _learn(self, imported: Sequence[str]) -> None:
        """Have imported beforehand, from now on, what the examiner has had to import: libraries load much of it late.

        What the student's process imports counts for nothing here: its word cannot be trusted.
        """
        with self._learning:
            new = [name for name in imported if name not in self._imported]
            self._imported.update(new)
            if new:
                self._parent.import_more(new)

    def prepare(self, modules: Sequence[str]) -> None:
        """Import what another exercise imports, for what runs from now on."""
        with self._learning:
            new = [name for name in dict.fromkeys(modules) if name not in self._asked]
            self._asked.update(new)
            if new:
                self._parent.wait()
                self._parent.import_more(new)

    @property
    def imported(self) -> tuple[str, ...]:
        """What it has learned to import beforehand: worth telling the next engine for the same exercise."""
        with self._learning:
            return tuple(sorted(self._imported))

    def close(self) -> None:
        """End the warm parent and all that it has forked."""
        self._watch.close()
        self._parent.close()
