"""How long feedback pages and the report on a large class take: python -m bench.report [--students 1000]

The class is made of one exercise's solution and corpus: so many different submissions run once, in the engine; all
others are copies of them, each with lines of its own, and are given the same outcomes. All else is what `autograder
grade` and `autograder report` do: restoring, judging, storing, the gradebook, pages.
"""

import argparse
import random
import re
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from autograder.audit import load_exercise
from autograder.course import Course, find_course
from autograder.engine.job import Job, Outcome
from autograder.grade import grade
from autograder.notebook import cells_by_id, parse_notebook
from autograder.release import release
from autograder.report.page import write_report
from autograder.sample import to_bytes
from autograder.unit import modules_of, start_engine
from bench.commands import ROOT, copy_of_course
from bench.submissions import make_submissions

VARIANT = re.compile(r"# variant (\d+) ")
COPIES = 5  # pairs of students of whom one has the other's answers, with other names


class RecallingEngine:
    """Runs one submission of each variant, and says of all others of it what came of that one."""

    def __init__(self, engine: object) -> None:
        self._engine, self._known, self._lock = engine, {}, threading.Lock()

    def run(self, job: Job, *, stop: threading.Event | None = None) -> Outcome:
        """Run a job, or recall the outcome of one like it."""
        variant = next(match[1] for cell in job.cells if (match := VARIANT.search(cell.source)))
        with self._lock:
            if variant not in self._known:
                self._known[variant] = self._engine.run(job, stop=stop)
            return self._known[variant]


def make_class(course: Course, assignment: str, n: int, n_variants: int) -> dict[str, dict[str, bytes]]:
    """Make the submissions of `n` students, of so many variants."""
    (path,) = course.notebooks(assignment)
    exercise = load_exercise(course, path)
    variants = [parse_notebook(content) for content in make_submissions(exercise, n_variants)]
    rng, made = random.Random(0), {}
    for number in range(n):
        copied = number < 2 * COPIES and number % 2
        if not copied:
            words = [f"{rng.choice('abcdefgh')}{rng.randrange(10**6)}" for _ in range(40)]
            signs = [rng.choice(["+", "-", "*", "//", "%", "<<", "^"]) for _ in range(40)]
        variant = (number // 2 if number < 2 * COPIES else number) % len(variants)
        notebook = parse_notebook(to_bytes(variants[variant]))
        name = exercise.tested[0].name
        own = [
            f"{word}{'_' * bool(copied)} = {k} {sign} (2 {signs[k - 1]} {k})"
            for k, (word, sign) in enumerate(zip(words, signs, strict=True), 1)
        ]
        cells_by_id(notebook)[name].source += "\n".join(["", f"# variant {variant} of {number}", *own])
        made[f"s{number:04}"] = {path.name: to_bytes(notebook)}
    return made


def main() -> None:
    """Make the class, grade it, make pages and report, and say what each took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="01-perceptron")
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--variants", type=int, default=24)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-report-") as folder:
        submissions = make_class(find_course(ROOT), options.assignment, options.students, options.variants)
        course = copy_of_course(Path(folder) / "course", {options.assignment: submissions})
        release(course.root, options.assignment)
        exercise = load_exercise(find_course(ROOT), find_course(ROOT).notebooks(options.assignment)[0])
        engine = start_engine(modules_of(exercise.source), "full")
        try:
            started = time.perf_counter()
            grade(course, options.assignment, engine=RecallingEngine(engine), feedback=False)
            graded = time.perf_counter() - started
        finally:
            engine.close()
        started, used = time.perf_counter(), time.process_time()
        pages = grade(course, options.assignment).pages
        seconds, used = time.perf_counter() - started, time.process_time() - used
        print(f"{options.students} submissions of {options.variants} kinds graded in {graded:.1f} s", file=sys.stderr)
        print(
            f"pages:  {pages} in {seconds:.1f} s, {1000 * seconds / pages:.0f} ms each, "
            f"{1000 * used / pages:.0f} of the processor"
        )
        started, used = time.perf_counter(), time.process_time()
        made, path = write_report(course, options.assignment)
        seconds, used = time.perf_counter() - started, time.process_time() - used
        size, memory = path.stat().st_size / 1024, psutil.Process().memory_info().rss / 2**20
        found = {tuple(sorted((pair.one, pair.other))) for pair in made.pairs}
        planted = {(f"s{2 * k:04}", f"s{2 * k + 1:04}") for k in range(COPIES)}
        print(f"report: {seconds:.1f} s, {used:.1f} of the processor, {size:.0f} kB; this process has {memory:.0f} MB")
        print(f"copies: {len(found & planted)} of {len(planted)} found, {len(found - planted)} other pairs")


if __name__ == "__main__":
    main()
