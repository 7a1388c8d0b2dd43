"""The exercise's own cells after its last test: what they show is the same in every submission, so they run once.

They draw what a question in words is about. Where they use no name of the student's, and nothing in the submission uses
a name of theirs, they need not run in it: they run alone, once for a class, in processes that have never seen a
student's code, and each submission shows what they showed there.
"""

import ast
import builtins
import symtable
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from autograder.engine.job import CellRun, Job, Kind, Outcome
from autograder.syntax import parse

_MOST = 32  # exercises, or seeds of one, of which runs are kept
_BUILTINS = frozenset(dir(builtins))
# With these, code can use a name that does not stand in it.
_ANY_NAME = frozenset({"globals", "locals", "vars", "dir", "eval", "exec", "get_ipython", "__dict__", "__main__"})

Run = Callable[[Job, threading.Event | None], Outcome]


class Alone:
    """Runs cells that need no submission, and keeps what came of them."""

    def __init__(self, run: Run) -> None:
        """`run` runs a job."""
        self._run = run
        self._kept: dict[str, dict[str, CellRun]] = {}
        self._one_at_a_time = threading.Lock()

    def runs(self, job: Job, stop: threading.Event | None = None) -> dict[int, CellRun]:
        """Return what came of those of a job's cells that need not run with the submission, by number.

        Raises:
            StoppedError, SetupError, EngineError: as `Engine.run`.
        """
        numbers = need_no_submission(job)
        if not numbers:
            return {}
        setup = tuple(cell for cell in job.cells if cell.kind is Kind.SETUP)
        alone = replace(job, cells=setup, files={}, skip=frozenset())
        key = sha256(repr(alone).encode()).hexdigest()
        with self._one_at_a_time:
            if key not in self._kept:
                if len(self._kept) == _MOST:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[key] = _as_it_should_be(alone, self._run(alone, stop))
            kept = self._kept[key]
        return {number: kept[job.cells[number].source] for number in numbers} if kept else {}


def need_no_submission(job: Job) -> list[int]:
    """Return the numbers of the set-up cells after the last test that have nothing to do with what was handed in."""
    last_test = max((n for n, cell in enumerate(job.cells) if cell.kind is Kind.TEST), default=len(job.cells))
    after = range(len(job.cells) - 1, last_test, -1)
    if not any(job.cells[number].kind is Kind.SETUP for number in after):
        return []
    try:
        if not stand_alone(cell.source for cell in job.cells if cell.kind is Kind.SETUP):
            return []
        found, used_later = [], set()
        for number in after:
            cell = job.cells[number]
            if cell.kind is Kind.SETUP and not used_later & (bound_names(cell.source) | _ANY_NAME):
                found.append(number)
            else:
                used_later |= _words(cell.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a magic perhaps, or worse
        return []
    return found


def stand_alone(sources: Iterable[str]) -> bool:
    """Tell whether cells use no name but those that they define, and Python's own. Raises SyntaxError."""
    used: set[str] = set()
    defined: set[str] = set(_BUILTINS)
    for source in sources:
        used.update(_globals_of(symtable.symtable(source, "<set-up>", "exec")))
        defined |= bound_names(source)
    return used <= defined and not used & _ANY_NAME


def bound_names(source: str) -> set[str]:
    """Return the names that a cell defines at its top level, by assignment, import, `def`, `class`, `for` or `with`."""
    table = symtable.symtable(source, "<set-up>", "exec")
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}


def _globals_of(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the global names that some code uses, in functions and classes, too."""
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _globals_of(inner)


def _words(source: str) -> set[str]:
    """Return all names that stand in a cell, and its texts, which may be the names of something."""
    words: set[str] = set()
    for node in ast.walk(parse(source)):
        words |= {value for _, value in ast.iter_fields(node) if isinstance(value, str)}
    return words


def _as_it_should_be(job: Job, outcome: Outcome) -> dict[str, CellRun]:
    """Return the runs of cells by source; none if one of them went wrong, which then shows in each submission."""
    if outcome.notes or any(run.error or run.ended for run in outcome.cells):
        return {}
    return {cell.source: replace(run, seconds=0.0) for cell, run in zip(job.cells, outcome.cells, strict=True)}
