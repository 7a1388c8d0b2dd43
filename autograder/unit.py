"""The unit of work: one notebook of one submission, bytes in and JSON out, without folders, gradebook and network.

A thread runs it here; a process on another machine may as well.
"""

import atexit
import base64
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any, Protocol

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_solution, is_task

from autograder.engine.errors import EngineError
from autograder.engine.job import CellRun, Job, Kind, Outcome
from autograder.engine.limits import Limits
from autograder.executed import executed_notebook
from autograder.imports import imported_modules
from autograder.jobs import job_from_notebook
from autograder.notebook import NotebookError, code_cells, grade_id, parse_notebook
from autograder.result import judge_notebook, nothing_judged
from autograder.sanitize import restore
from autograder.verdict import Verdict


class Runs(Protocol):
    """What can run jobs: `autograder.engine.engine.Engine`."""

    def run(self, job: Job, *, stop: threading.Event | None = None) -> Outcome:
        """Run a job."""


def make_request(
    source: str,
    release: str,
    submission: bytes,
    *,
    files: Mapping[str, bytes] | None = None,
    given: Mapping[str, bytes] | None = None,
    seed: int = 0,
    hash_seed: int = 0,
    limits: Limits | None = None,
    sandbox: str = "full",
    known: Mapping[str, dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Make what `grade_unit` takes.

    Args:
        source: the solution notebook's JSON.
        release: the JSON of what was handed out.
        submission: the content of the file that was handed in.
        files: what the student handed in beside it: relative path to content.
        given: what the exercise brings along; it replaces files of the student's.
        seed: for the generators of `random` and numpy.
        hash_seed: the PYTHONHASHSEED of all processes.
        limits: what the submission may use.
        sandbox: "full" or "none".
        known: results of tests that need not run again, by name, as `grade_unit` returned them in "runs".
    """
    return {
        "source": source,
        "release": release,
        "submission": base64.b64encode(submission).decode(),
        "files": _encoded(files or {}),
        "given": _encoded(given or {}),
        "seed": seed,
        "hash_seed": hash_seed,
        "limits": asdict(limits or Limits()),
        "sandbox": sandbox,
        "known": dict(known or {}),
    }


def grade_unit(
    request: Mapping[str, Any], *, engine: Runs | None = None, stop: threading.Event | None = None
) -> dict[str, Any]:
    """Restore, run and judge one notebook.

    Args:
        request: as `make_request` makes it.
        engine: what runs it; by default this process's own, which is started when it is first needed.
        stop: set it to stop; the engine then raises an exception.

    Returns:
        - `problem`: verdict and reason if the submission cannot be read, else None; the next three are empty then;
        - `notebook`: the restored notebook's JSON, with outputs;
        - `runs`: `CellRun`s of the cells with names, by name (of answers without outputs: the notebook has them);
        - `sandbox`: its active layers, `peak_megabytes`, and `seconds`, also those of the cells alone: `cell_seconds`;
        - `judged`: what became of each question (`autograder.result.Judged`);
        - `comments`: nbgrader's comment on each answer, by name: "No response." or None;
        - `notes`: what an instructor should know of.

    Raises:
        EngineError: if the engine cannot work here, or the exercise's own set-up fails.
    """
    source, release = _parse(request["source"]), _parse(request["release"])
    try:
        restored = parse_notebook(base64.b64decode(request["submission"]))
    except NotebookError as error:
        judged = nothing_judged(source, Verdict.UNREADABLE, str(error))
        return _response([Verdict.UNREADABLE, str(error)], judged=[q.to_json() for q in judged])
    notes = restore(restored, source, release)
    known = {name: Outcome.from_json(_outcome_of([run])).cells[0] for name, run in request["known"].items()}
    job = job_from_notebook(
        restored,
        release,
        source=source,
        files=_decoded(request["files"]),
        given=_decoded(request["given"]),
        seed=request["seed"],
        limits=Limits(**request["limits"]),
        skip=known,
    )
    if engine is not None:
        outcome = engine.run(job, stop=stop)
    else:
        with _shared.use((modules_of(source), request["sandbox"], request["hash_seed"])) as shared:
            outcome = shared.run(job, stop=stop)
    if len(outcome.cells) != len(job.cells):
        raise EngineError(f"the engine reported {len(outcome.cells)} of {len(job.cells)} cells")
    runs = [
        replace(known[cell.name], skipped=True) if number in job.skip else run
        for number, (cell, run) in enumerate(zip(job.cells, outcome.cells, strict=True))
    ]
    by_name = {cell.name: run for cell, run in zip(job.cells, runs, strict=True) if cell.name}
    is_a_test = {cell.name: cell.kind is Kind.TEST for cell in job.cells}
    stored = {n: run if is_a_test[n] else replace(run, outputs=()) for n, run in by_name.items()}
    return _response(
        None,
        notebook=nbformat.v4.writes(executed_notebook(restored, runs)),
        runs={name: asdict(run) for name, run in stored.items()},
        judged=[q.to_json() for q in judge_notebook(source, release, restored, by_name)],
        comments=_comments(restored),
        notes=[*notes, *outcome.notes],
        seconds=outcome.seconds,
        cell_seconds=sum(run.seconds for run in outcome.cells),
        peak_megabytes=outcome.peak_megabytes,
        sandbox=list(outcome.sandbox),
    )


def modules_of(source: NotebookNode) -> tuple[str, ...]:
    """What an exercise imports: the engine imports it once, instead of once for each submission."""
    return tuple(imported_modules(cell.source for cell in code_cells(source)))


def _comments(restored: NotebookNode) -> dict[str, str | None]:
    """As nbgrader's SaveAutoGrades has them."""
    comments: dict[str, str | None] = {}
    for cell in restored.cells:
        if (name := grade_id(cell)) and (is_solution(cell) or is_task(cell)):
            blank = cell.metadata.nbgrader.checksum == compute_checksum(cell) and not is_task(cell)
            comments[name] = "No response." if blank else None
    return comments


def run_of(data: Mapping[str, Any]) -> CellRun:
    """Read a `CellRun` that was written as JSON."""
    return Outcome.from_json(_outcome_of([data])).cells[0]


@lru_cache(maxsize=16)
def _parse(text: str) -> NotebookNode:
    """Read a notebook of the instructor's; the same text is read once. Nobody changes it."""
    return parse_notebook(text.encode())


def _response(problem: list[str] | None, **filled: Any) -> dict[str, Any]:
    empty = {"notebook": None, "runs": {}, "judged": [], "comments": {}, "notes": []}
    return {"problem": problem, **empty, "seconds": 0.0, "cell_seconds": 0.0, "peak_megabytes": 0.0, "sandbox": []} | (
        filled
    )


def _outcome_of(cells: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {"cells": cells, "seconds": 0.0, "peak_megabytes": 0.0, "notes": (), "sandbox": ()}


def _encoded(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


def _decoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(content) for name, content in files.items()}


# --- this process's engine ------------------------------------------------------------------------------------------

Settings = tuple[tuple[str, ...], str, int]  # modules, sandbox, hash seed


class _Shared:
    """One engine, started when it is first needed. Another one takes its place for an exercise that needs another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current: list[Any] = []  # settings, engine, how many use it

    @contextmanager
    def use(self, settings: Settings) -> Iterator[Runs]:
        """Lend the engine with these settings."""
        with self._lock:
            if self._current and self._current[0] != settings:
                self._retire()
            if not self._current:
                self._current = [settings, start_engine(*settings), 0]
            lent = self._current
            lent[2] += 1
        try:
            yield lent[1]
        finally:
            with self._lock:
                lent[2] -= 1
                unused = lent[2] == 0 and lent is not self._current
            if unused:
                lent[1].close()

    def close(self) -> None:
        """Close it."""
        with self._lock:
            self._retire()

    def _retire(self) -> None:
        if self._current and self._current[2] == 0:
            self._current[1].close()
        self._current = []


def start_engine(modules: tuple[str, ...], sandbox: str, hash_seed: int = 0) -> Any:
    """Start an engine.

    Raises:
        EngineError: if there can be none here.
    """
    from autograder.engine.engine import Engine

    return Engine(modules, sandbox=sandbox, hash_seed=hash_seed)


_shared = _Shared()
close_engine: Callable[[], None] = _shared.close
atexit.register(close_engine)
