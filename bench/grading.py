"""Grade the same submissions with plain nbgrader and with this grader, and say what each takes.

    python -m bench.grading [--assignment NAME …] [--submissions 30] [--stock 3] [--workers 2] [--skip-stock]

The submissions are made of the solution and of its corpus, all different. Each grader is its own command (`nbgrader
autograde`, `autograder grade --no-feedback`), started anew, in a throw-away copy of the course that its own command has
released. autograder grades them all. nbgrader takes one after the other and as long for each, so it grades a few of
them, and what the others would have taken is added: the ratio compares the same number of submissions, start-up
included. nbgrader's command takes one exercise, autograder's all of them: its last line is that one command. Both must
give the same marks, cell by cell. What the columns mean is printed below the table.
"""

import argparse
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.audit import load_exercise
from autograder.course import Course, find_course
from autograder.engine.parent import WarmParent
from autograder.gradebook import Row, read_gradebook
from autograder.notebook import cells_by_id, is_test, read_notebook
from autograder.runner import available_cores
from autograder.store import Store
from autograder.unit import modules_of
from bench.commands import ROOT, copy_of_course, run
from bench.submissions import make_submissions

FEW = 6  # submissions where memory is looked at, and the overhead: with one worker, and with two
_FOOTER = """\
n           submissions; "4 of 30": it ran 4, and what 26 more would add (26 x one) is counted as well
/min, each  submissions per minute of the whole command, start-up included; its seconds for each
fixed, one  seconds that it takes once (start, end), and that each further submission adds: between the times at which
            the first that ran beside each other were written, and the last
cells       seconds of a submission's cells in their processes, tests included (cell_seconds of the unit of work)
above       seconds of one further submission, with one worker, above its cells' seconds; in the engine alone, that is
            what it takes to start, shut in and end both processes: seconds - cell_seconds of the unit of work
MB          most memory that all processes of the command have at a time, each page shared out among those that have it
            (PSS). autograder's is that of runs of their own, with one worker and with two; '+1' is what the second adds
again       milliseconds of a submission when the same command runs once more and finds the class unchanged"""


@dataclass(frozen=True)
class Run:
    """One run of a grader."""

    seconds: float
    written: tuple[float, ...]
    """Seconds from the start until each submission's notebooks were written, in order."""
    workers: int = 1
    megabytes: float = 0.0

    @property
    def one(self) -> float:
        """Seconds that each further submission adds."""
        return (self.written[-1] - self.written[self.workers - 1]) / (len(self.written) - self.workers)

    def of_class(self, n: int) -> float:
        """Return the seconds that a class of `n` would take: what is taken once, and what each adds."""
        return self.seconds + (n - len(self.written)) * self.one


@dataclass(frozen=True)
class Measured:
    """What was measured of one exercise."""

    name: str
    ours: Run
    alone: Run
    """With one worker, looking at memory."""
    two: Run
    """With two workers, looking at memory."""
    cells: float
    in_engine: float
    warm: float
    """Seconds until the warm parent has imported everything."""
    again: float
    """Seconds of a run that finds nothing changed."""
    stock: Run | None
    compared: tuple[int, int] = (0, 0)
    """How many marks were compared, and how many differ because nbgrader takes what stands on stderr for a failure."""
    submissions: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    """What was graded: student to file's name to content."""


def differences(ours: Mapping[str, Row], stock: Mapping[str, Row]) -> list[str]:
    """Return the cells whose marks differ, or that only one of the two gives."""
    return [cell for cell in sorted({*ours, *stock}) if ours.get(cell) != stock.get(cell)]


def compare(assignment: str, ours: Course, stock: Course) -> tuple[int, int]:
    """Return how many marks both gave, and how many nbgrader does not give because of stderr.

    Raises:
        AssertionError: if other marks differ.
    """
    marks, theirs = (read_gradebook(course, assignment).rows for course in (ours, stock))
    students, names = stock.students(assignment), [path.stem for path in ours.notebooks(assignment)]
    n_cells = by_stderr = 0
    for student, name in itertools.product(students, names):
        here, there = (rows[student][name] for rows in (marks, theirs))
        ran = cells_by_id(read_notebook(stock.autograded / student / assignment / f"{name}.ipynb"))
        for cell in differences(here, there):
            warned = is_test(ran[cell]) and any(output.get("name") == "stderr" for output in ran[cell].outputs)
            assert warned, f"{student}, {name}, {cell}: autograder {here.get(cell)}, nbgrader {there.get(cell)}"
            by_stderr += 1
        n_cells += len(here)
    return n_cells, by_stderr


def grade(course: Course, assignments: Sequence[str], *command: str, workers: int = 1, look: bool = False) -> Run:
    """Run a command of the environment that grades the submissions."""
    before = time.time()
    seconds, peak = run(course.root, *command, look=look)
    folders = [course.autograded / student / name for name in assignments for student in course.students(name)]
    written = sorted(max(path.stat().st_mtime for path in folder.glob("*.ipynb")) - before for folder in folders)
    print(f"{', '.join(assignments)}: {command[0]}, {workers} at once: {seconds:.1f} s", file=sys.stderr, flush=True)
    return Run(seconds, tuple(written), workers, peak)


def cell_seconds(course: Course, assignment: str) -> tuple[float, float]:
    """Return means by submission: cell_seconds, and the engine's seconds above it; the first one is left out."""
    store, students = Store(course.grading / "results" / assignment), course.students(assignment)[1:]
    results = [store.result(key) for s in students for key in store.record("graded", s)["units"].values()]
    cells, seconds = (sum(result[key] for result in results) / len(students) for key in ("cell_seconds", "seconds"))
    return cells, seconds - cells


def warm_seconds(modules: Sequence[str]) -> float:
    """Return how long a warm parent takes to start."""
    started = time.perf_counter()
    parent = WarmParent(modules)
    parent.wait()
    seconds = time.perf_counter() - started
    parent.close()
    return seconds


def measure(course: Course, name: str, folder: Path, *, n: int, workers: int, stock: int) -> Measured:
    """Grade `n` submissions of one exercise with this, `stock` of them with nbgrader; `compare` says what must hold."""
    exercises = [load_exercise(course, path) for path in course.notebooks(name)]
    notebooks = [[(e.path.name, content) for content in make_submissions(e, n)] for e in exercises]
    submissions = {f"s{i:03}": dict(files) for i, files in enumerate(zip(*notebooks, strict=True))}
    modules = tuple(dict.fromkeys(module for exercise in exercises for module in modules_of(exercise.source)))
    warm_seconds(modules)  # so that the first to be measured does not read from a disk what the others find in memory
    copies, runs = {}, {}
    few = dict(itertools.islice(submissions.items(), FEW))
    for title, at_once, of_class in (("ours", workers, submissions), ("alone", 1, few), ("two", 2, few)):
        copies[title] = copy_of_course(folder / f"{name}-{title}", {name: of_class})
        run(copies[title].root, "autograder", "release", name)
        command = ("autograder", "grade", name, "--no-feedback", "--workers", str(at_once))
        runs[title] = grade(copies[title], [name], *command, workers=at_once, look=title != "ours")
    again, _ = run(copies["ours"].root, "autograder", "grade", name, "--no-feedback")
    cells, in_engine = cell_seconds(copies["alone"], name)
    of_stock, compared = None, (0, 0)
    if stock:
        plain = copy_of_course(folder / f"{name}-stock", {name: dict(itertools.islice(submissions.items(), stock))})
        run(plain.root, "nbgrader", "generate_assignment", name, "--force")
        of_stock = grade(plain, [name], "nbgrader", "autograde", name, look=True)
        compared = compare(name, copies["ours"], plain)
    warm = warm_seconds(modules)
    seconds = {"cells": cells, "in_engine": in_engine, "warm": warm, "again": again}
    return Measured(name, **runs, **seconds, stock=of_stock, submissions=submissions, compared=compared)


def measure_together(measured: Sequence[Measured], folder: Path, workers: int) -> Run:
    """Grade the submissions of all exercises with one command."""
    names = [each.name for each in measured]
    course = copy_of_course(folder / "together", {each.name: each.submissions for each in measured})
    run(course.root, "autograder", "release", *names)
    command = ("autograder", "grade", *names, "--no-feedback", "--workers", str(workers))
    return grade(course, names, *command, workers=workers)


def line(name: str, measured: Sequence[Measured], grader: str) -> list[str]:
    """Make a line of the table for one exercise, or for several together: sums, or means by submission."""
    ours = grader == "autograder"
    runs = [each.ours if ours else each.stock for each in measured]
    n, ran = (sum(len(each.written) for each in of) for of in ([each.ours for each in measured], runs))
    seconds = seconds_of(measured, grader)
    cells, above_cells = (sum(getattr(each, of) for each in measured) / len(measured) for of in ("cells", "in_engine"))
    one, alone = (
        sum(each.one for each in of) / len(of) for of in (runs, [e.alone for e in measured] if ours else runs)
    )
    numbers = [60 * n / seconds, seconds / n, sum(each.of_class(0) for each in runs), one, cells, alone - cells]
    memory = [[each.alone, each.two] if ours else [each.stock] for each in measured]
    return [
        *(name, grader, str(n) if ran == n else f"{ran} of {n}", *(f"{number:.2f}" for number in numbers)),
        f"{above_cells:.2f}" if ours else "",
        ", ".join(f"{max(each.megabytes for each in of):.0f}" for of in zip(*memory, strict=True)),
        f"{max(two.megabytes - one.megabytes for one, two in memory):+.0f}" if ours else "",
        f"{1000 * sum(each.again for each in measured) / n:.0f}" if ours else "",
    ]


def seconds_of(measured: Sequence[Measured], grader: str) -> float:
    """Return the seconds of all submissions; what nbgrader would take for those that it did not run is added."""
    if grader == "autograder":
        return sum(each.ours.seconds for each in measured)
    return sum(each.stock.of_class(len(each.ours.written)) for each in measured)


def main() -> None:
    """Measure, print the table, and last the ratio."""
    course, cores = find_course(ROOT), available_cores()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", action="append", choices=course.assignments(), help="only this; repeatable")
    parser.add_argument("--submissions", type=int, default=30, help="of each exercise (default: 30)")
    parser.add_argument("--stock", type=int, default=4, help="how many of them nbgrader grades, too (default: 4)")
    parser.add_argument("--workers", type=int, default=cores, help="submissions at once (default: the cores there are)")
    parser.add_argument("--skip-stock", action="store_true", help="leave nbgrader out, which takes most of the time")
    options = parser.parse_args()
    n, workers = options.submissions, options.workers
    if not 1 <= workers < n or not 3 <= options.stock <= n:
        parser.error("it takes at least three submissions for each grader, and more than run at once")
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="bench-grading-") as folder:
        settings = {"n": n, "workers": workers, "stock": 0 if options.skip_stock else options.stock}
        names = options.assignment or course.assignments()
        measured = [measure(course, name, Path(folder), **settings) for name in names]
        together = measure_together(measured, Path(folder), workers) if measured[1:] else measured[0].ours
    heads = ("exercise", "", "n", "/min", "each", "fixed", "one", "cells", "above", "engine", "MB", "+1", "again")
    table = Table(*heads, box=None, padding=(0, 2, 0, 0))
    for name, some in [*((each.name, [each]) for each in measured), *([("all", measured)] if measured[1:] else [])]:
        for grader in ("autograder",) if options.skip_stock else ("nbgrader", "autograder"):
            table.add_row(*line(name, some, grader))
    if measured[1:]:
        n_all = len(together.written)
        numbers = (60 * n_all / together.seconds, together.seconds / n_all)
        table.add_row("one command", "autograder", str(n_all), *(f"{number:.2f}" for number in numbers))
    Console(width=140, highlight=False).print(table, "", _FOOTER, "", sep="\n")
    warm = ", ".join(f"{each.name} {each.warm:.1f} s" for each in measured)
    kept = "compiles anew in every process" if sys.dont_write_bytecode else "keeps bytecode"
    print(f"{workers} at once on {cores} cores; load {load:.1f} before, {os.getloadavg()[0]:.1f} after; Python {kept}")
    print(f"the warm parent starts in: {warm}")
    if options.skip_stock:
        return
    n_cells, by_stderr = (sum(counts) for counts in zip(*(each.compared for each in measured), strict=True))
    print(f"marks compared: {n_cells}, of which {by_stderr} differ because nbgrader takes a warning for a failure")
    print(f"ratio {seconds_of(measured, 'nbgrader') / together.seconds:.1f}")


if __name__ == "__main__":
    main()
