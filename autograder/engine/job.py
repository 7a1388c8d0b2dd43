"""What the engine is given, a submission's cells, and what it gives back. All of it can be written as JSON."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from autograder.engine.limits import Limits


class Kind(StrEnum):
    """Where a cell runs."""

    SETUP = "set-up"  # locked: the instructor's text, in both processes
    ANSWER = "answer"  # all that a student may have written: in the student's process alone
    TEST = "test"  # in the examiner's process alone


@dataclass(frozen=True)
class Cell:
    """One code cell."""

    kind: Kind
    source: str
    name: str = ""  # its grade_id, "" if it has none
    released: str | None = None
    """What the student's process runs of a set-up cell, where that is not `source`: hidden tests are left out."""


@dataclass(frozen=True)
class Job:
    """One notebook to run. It holds no name, of nobody."""

    cells: tuple[Cell, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What the student handed in beside the notebook: relative path to content. The examiner never sees it."""
    given: Mapping[str, bytes] = field(default_factory=dict)
    """What the exercise itself brings, for both; it replaces files of the student's with the same path."""
    seed: int = 0
    limits: Limits = field(default_factory=Limits)
    imports: tuple[str, ...] = ()
    """Import statements of the exercise outside its set-up cells. Tests use these modules, not what a student may have
    put under their names."""
    skip: frozenset[int] = frozenset()
    """Numbers of test cells not to run, because what came of them is known."""

    def to_json(self) -> dict[str, Any]:
        """Write it as JSON; `from_json` reads it."""
        return {
            "cells": [asdict(cell) for cell in self.cells],
            "files": {name: base64.b64encode(content).decode() for name, content in self.files.items()},
            "given": {name: base64.b64encode(content).decode() for name, content in self.given.items()},
            "seed": self.seed,
            "limits": asdict(self.limits),
            "imports": list(self.imports),
            "skip": sorted(self.skip),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            cells=tuple(Cell(**{**cell, "kind": Kind(cell["kind"])}) for cell in data["cells"]),
            files={name: base64.b64decode(content) for name, content in data["files"].items()},
            given={name: base64.b64decode(content) for name, content in data["given"].items()},
            seed=data["seed"],
            limits=Limits(**data["limits"]),
            imports=tuple(data["imports"]),
            skip=frozenset(data["skip"]),
        )


class Ended(StrEnum):
    """Why a cell did not come to its own end."""

    TIMEOUT = "timeout"
    MEMORY = "out of memory"
    KILLED = "killed"  # its process ended, by itself or for another limit
    NOT_RUN = "not run"  # there was no process left to run it in


@dataclass(frozen=True)
class CellRun:
    """What came of one cell."""

    outputs: tuple[dict[str, Any], ...] = ()
    """As a notebook has them. Those of a test cell are the examiner's; what the answer printed stands in `printed`."""
    seconds: float = 0.0
    ended: Ended | None = None
    why: str = ""
    """What ended it, in words, if something did."""
    error: tuple[str, str] | None = None
    """Class name and message of the exception that the cell ended with."""
    value: float | None = None
    """Of a test cell: its last expression's value, if that is a number."""
    value_text: str | None = None
    """Of a test cell: how its last expression's value reads, be it a number or not; None if there is no such."""
    failures: tuple[str, ...] = ()
    """Of a test cell: what `dlcourse.checks.Parts` said of the parts that failed."""
    printed: str = ""
    """Of a test cell: what the student's code printed while the test ran."""
    skipped: bool = False
    """Of a test cell: it was not run because the job said so."""


@dataclass(frozen=True)
class Outcome:
    """What came of a job: one `CellRun` for each cell."""

    cells: tuple[CellRun, ...]
    seconds: float = 0.0
    peak_megabytes: float = 0.0
    notes: tuple[str, ...] = ()
    """What an instructor should know of: limits that were hit, restarts, a protocol that was broken."""
    sandbox: tuple[str, ...] = ()
    """The layers of the sandbox that were active."""

    def to_json(self) -> dict[str, Any]:
        """Write it as JSON; `from_json` reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        cells = []
        for cell in data["cells"]:
            cell = dict(cell, outputs=tuple(cell["outputs"]), failures=tuple(cell["failures"]))
            cell["ended"] = cell["ended"] and Ended(cell["ended"])
            cell["error"] = cell["error"] and tuple(cell["error"])
            cells.append(CellRun(**cell))
        return cls(tuple(cells), data["seconds"], data["peak_megabytes"], tuple(data["notes"]), tuple(data["sandbox"]))
