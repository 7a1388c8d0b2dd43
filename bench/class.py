# ruff: noqa: N999 (it is run, not imported)
"""Grade a made-up class from Moodle's download to marks and pages for Moodle, and say what each step takes.

    python -m bench.class [--students 1000] [--assignment 01-perceptron] [--workers 2] [--keep FOLDER]

The class is made of the exercise's solution and of its corpus (`bench.students`): right answers, wrong ones and none,
each written otherwise, so that most files differ; several attempts, late ones, torn files, copies with other names.
It comes as Moodle hands it over, a zip file and a grading worksheet. Then each command runs as an instructor types it,
in a throw-away copy of the course; last, collecting and grading run once more and find nothing changed. That everybody
is graded, and gets a mark and a page, is checked. The table is Markdown.
"""

import argparse
import csv
import os
import tempfile
import time
import zipfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.audit import load_exercise
from autograder.course import Course, find_course
from autograder.notebook import questions
from autograder.runner import available_cores
from autograder.store import Store
from bench.commands import ROOT, copy_of_course, processor_seconds, run
from bench.moodle import write_download, write_worksheet
from bench.record import this_computer
from bench.students import Student, make_students

SAMPLED_EVERY = 1.0  # seconds between looks at memory: over minutes, seldom is enough


@dataclass(frozen=True)
class Step:
    """One command, and what it took."""

    name: str
    seconds: float
    processor: float
    """Seconds that the processors have given to it, which a busy machine changes less."""
    megabytes: float
    """Most memory of all its processes, each page shared out among those that have it (PSS)."""
    left: str = ""
    """What it left behind, for people."""


def run_steps(course: Course, assignment: str, students: Sequence[Student], workers: int) -> list[Step]:
    """Run all commands on a class that lies in the course's folder as `class.zip` and `worksheet.csv`."""
    report = course.grading / "report"
    sheet, pages = (report / f"{assignment}-{name}" for name in ("moodle.csv", "moodle-feedback.zip"))
    collect = ("collect", "class.zip", "--assignment", assignment, "--roster", "worksheet.csv", "--zone", "UTC")
    collect += ("--due", "2026-03-01 22:59 UTC")
    grade = ("grade", assignment, "--exit-zero", "--workers", str(workers))
    moodle = ("export", assignment, "--incomplete", "--format", "moodle", "--template", "worksheet.csv")
    feedback = ("export", assignment, "--incomplete", "--format", "moodle-feedback")
    handed_in = [one for one in students if one.attempts]
    readable = sum(one.graded for one in students)

    def step(name: str, *command: str) -> Step:
        before = processor_seconds()
        seconds, peak = run(course.root, "autograder", *command, look=True, every=SAMPLED_EVERY)
        print(f"{name}: {seconds:.1f} s", flush=True)
        return Step(name, seconds, processor_seconds() - before, peak)

    def told(step: Step, *sizes: str) -> Step:
        return replace(step, left=", ".join(sizes))

    steps = [told(step("collect", *collect), f"submissions {size(course.submitted)}")]
    check("submissions collected", len(course.students(assignment)), len(handed_in))
    steps.append(step("grade", *grade))
    records = [Store(course.grading / "results" / assignment).record("graded", one.student) for one in handed_in]
    check("submissions graded", sum(bool(record) and not record["problem"] for record in records), readable)
    sizes = {"gradebook": course.grading / "gradebook.db", "results": course.grading / "results"}
    sizes |= {"autograded": course.autograded, "pages": course.feedback}
    steps[-1] = told(steps[-1], *(f"{name} {size(path)}" for name, path in sizes.items()))
    steps.append(told(step("report", "report", assignment), f"page {size(report / f'{assignment}.html')}"))
    steps.append(told(step("export marks", *moodle), f"table {size(sheet)}"))
    with sheet.open(newline="", encoding="utf-8") as file:
        check("marks exported", sum(bool(row["Grade"]) for row in csv.DictReader(file)), len(handed_in))
    steps.append(told(step("export pages", *feedback), f"zip file {size(pages)}"))
    with zipfile.ZipFile(pages) as archive:
        check("pages exported", len(archive.namelist()), readable)
    return [*steps, step("collect, unchanged", *collect), step("grade, unchanged", *grade)]


def check(what: str, found: int, expected: int) -> None:
    """Stop if not all of a class came through.

    Raises:
        SystemExit: if they did not.
    """
    if found != expected:
        raise SystemExit(f"{what}: {found}, but there should be {expected}")


def size(path: Path) -> str:
    """Return the size of a file, or of all files in a folder, in megabytes."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return f"{sum(file.stat().st_size for file in files) / 1e6:.1f} MB"


def numbers_of(step: Step, n: int) -> tuple[str, ...]:
    """Return the numbers of a line: seconds, milliseconds of each of `n`, seconds of processors, memory."""
    each = 1000 * step.seconds / n
    return f"{step.seconds:.1f}", f"{each:.0f}", f"{step.processor:.1f}", f"{step.megabytes:.0f}"


def table(steps: Sequence[Step], n: int) -> str:
    """Return the table, as Markdown."""
    rows = [("step", "seconds", "ms each", "processor, s", "memory, MB", "leaves")]
    rows += [(one.name, *numbers_of(one, n), one.left) for one in steps]
    rows.insert(1, ("---", "---:", "---:", "---:", "---:", "---"))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def described(students: Sequence[Student]) -> str:
    """Say what a class is made of."""
    files = [content for one in students for content in one.attempts]
    kinds = [kind for one in students for kind in one.kinds]
    odd = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(sorted(kinds)))
    return f"{len(students)} students, {len(files)} files, {len(set(files))} of them different; {odd}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the class, run the commands, and print what they took."""
    names, cores = find_course(ROOT).assignments(), available_cores()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--assignment", default="01-perceptron", choices=names)
    parser.add_argument("--workers", type=int, default=cores, help="submissions at once (default: the cores there are)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder for the course and all that it makes")
    options = parser.parse_args(arguments)
    if options.students < 3:
        parser.error("a class has at least three students")
    if options.keep and options.keep.exists():
        parser.error(f"{options.keep} is there already")
    (path,) = find_course(ROOT).notebooks(options.assignment)
    exercise = load_exercise(find_course(ROOT), path)
    started, load = time.perf_counter(), os.getloadavg()[0]
    students = make_students(exercise, options.students)
    made = time.perf_counter() - started
    with nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory(prefix="bench-class-") as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        course = copy_of_course(Path(folder) / "course", {})
        write_download(students, path.stem, course.root / "class.zip")
        points = sum(question.points for question in questions(exercise.source))
        write_worksheet(students, points, course.root / "worksheet.csv")
        print(f"{options.assignment}: {described(students)}; made in {made:.0f} s", flush=True)
        run(course.root, "autograder", "release", options.assignment)
        steps = run_steps(course, options.assignment, students, options.workers)
    n, total = sum(bool(one.attempts) for one in students), sum(step.seconds for step in steps[:-2])
    print("", table(steps, n), "", sep="\n")
    print(f"{n} submissions from download to marks and pages in {total:.0f} s: {60 * n / total:.0f} per minute;")
    print(f"grading alone {60 * n / steps[1].seconds:.0f} per minute, {options.workers} at once")
    print(f"{this_computer()}; load {load:.1f} before, {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
