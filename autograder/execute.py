"""Runs notebooks quickly, many of them: a warm process imports once, and forks for each. See `autograder.warm`.

This is for code that the course's authors have written, such as the corpus: only time and memory are kept from it.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# More threads per process than this only get into each other's way when several processes run at once.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
)
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "MPLBACKEND": "agg"}


@dataclass(frozen=True)
class Limits:
    """What a run may use."""

    cell_seconds: float = 20.0
    total_seconds: float = 120.0
    memory_megabytes: int | None = 4096
    """On top of what the warm process holds already; None for as much as there is."""


@dataclass(frozen=True)
class Job:
    """One notebook to run."""

    key: int
    """By which the caller knows it."""
    cells: tuple[str, ...]
    folder: Path
    """Where it runs."""
    seed: int = 0
    """For the global generators of `random` and numpy."""


@dataclass(frozen=True)
class Execution:
    """What came of a job."""

    key: int
    outputs: tuple[list[dict[str, Any]], ...]
    """Of each cell, as a notebook has them. A cell that was stopped, or never ran, holds an error that says so."""
    seconds: float


class ExecutorError(RuntimeError):
    """The warm process ended; the text is what it said last."""


class Executor:
    """A warm process. Use it in a `with` statement.

    Args:
        modules: what it imports before it forks.
        jobs_at_once: how many notebooks it runs at once.
        hash_seed: the PYTHONHASHSEED of all of them.
        limits: what each may use.
    """

    def __init__(
        self, modules: Sequence[str] = (), *, jobs_at_once: int = 1, hash_seed: int = 0, limits: Limits | None = None
    ) -> None:
        """Start it; it imports while the caller goes on.

        Raises:
            ExecutorError: where there is no `os.fork`.
        """
        if not hasattr(os, "fork"):
            raise ExecutorError("notebooks are run in forks of a process, which Windows does not have: use WSL")
        self._limits = limits or Limits()
        self._home = tempfile.TemporaryDirectory(prefix="autograder-")
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (closed in __exit__)
        package_folder = str(Path(__file__).resolve().parent.parent)
        environment = {
            **os.environ,
            **_ONE_THREAD,
            **_QUIET,
            "PYTHONHASHSEED": str(hash_seed),
            "PYTHONPATH": os.pathsep.join(filter(None, [package_folder, os.environ.get("PYTHONPATH")])),
            "IPYTHONDIR": self._home.name,  # nobody's start-up files and history
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.warm", str(jobs_at_once), *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=environment,
            cwd=self._home.name,
            start_new_session=True,  # Ctrl-C is for the caller, who then ends this process
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the process and all it runs."""
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()  # it kills its forks, and ends
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._said.close()
        self._home.cleanup()

    def run(self, jobs: Iterable[Job]) -> Iterator[Execution]:
        """Run jobs, and yield what came of each as soon as it is there, in any order.

        Raises:
            ExecutorError: if the warm process ends before all are done.
        """
        jobs = list(jobs)
        # Written by a thread, because whoever writes may have to wait until somebody reads.
        writer = threading.Thread(target=self._write, args=(jobs,), daemon=True)
        writer.start()
        for _ in jobs:
            line = self._process.stdout.readline()
            if not line:
                raise ExecutorError(self._last_words())
            result = json.loads(line)
            yield Execution(result["id"], tuple(result["outputs"]), result["seconds"])
        writer.join()

    def _write(self, jobs: Sequence[Job]) -> None:
        try:
            for job in jobs:
                message = {
                    "id": job.key,
                    "cells": job.cells,
                    "folder": str(job.folder),
                    "seed": job.seed,
                    **asdict(self._limits),
                }
                self._process.stdin.write(json.dumps(message).encode() + b"\n")
                self._process.stdin.flush()
        except (BrokenPipeError, ValueError):  # it has ended, as the reader notices too
            return

    def _last_words(self) -> str:
        self._process.wait()
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip().splitlines()
        return f"the process that runs notebooks ended ({self._process.returncode}): {' '.join(said[-1:])}"
