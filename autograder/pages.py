"""Feedback pages: nbgrader's, made in processes of their own, for those submissions where something changed."""

import glob
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

from autograder.course import Course, load_config
from autograder.gradebook import Marks
from autograder.keys import digest
from autograder.plan import settings
from autograder.quick import import_quickly
from autograder.store import Store

FEW = 3  # so many pages are made here: a process would take longer to start


def outdated(course: Course, assignment: str, students: Iterable[str], store: Store, marks: Marks) -> dict[str, str]:
    """Return the students whose pages are not what they should be, each with the key of what they should be."""
    style = digest(Path(__file__).with_name("feedback.py").read_bytes(), settings(course, "GenerateFeedback"))
    found = {}
    for student in students:
        record = store.record("graded", student)
        notebooks = [name for name in (record or {}).get("files", ()) if name.endswith(".ipynb")]
        if not notebooks:
            continue
        rows = {n: {c: vars(row) for c, row in of.items()} for n, of in marks.rows.get(student, {}).items()}
        key = digest(style, record["units"], rows, marks.comments.get(student), marks.times.get(student))
        folder = course.feedback / student / assignment
        pages_are_there = all((folder / name).with_suffix(".html").is_file() for name in notebooks)
        if not pages_are_there or (store.record("feedback", student) or {}).get("key") != key:
            found[student] = key
    return found


def make_pages(
    course: Course,
    assignment: str,
    keys: Mapping[str, str],
    store: Store,
    *,
    workers: int,
    stop: threading.Event,
    on_page: Callable[[str, str], None] = lambda student, problem: None,
) -> int:
    """Make the pages of some students; return how many were made.

    Args:
        course: the course.
        assignment: its name.
        keys: as `outdated` returns them.
        store: where to write down what was made.
        workers: how many processes to use.
        stop: set it to stop.
        on_page: called with each student, and what went wrong or "".
    """
    made = 0
    make = _make_here if len(keys) <= FEW else _make_in_processes
    for student, problem in make(course, assignment, list(keys), workers, stop):
        if not problem:
            store.save_record("feedback", student, {"key": keys[student]})
            made += 1
        on_page(student, problem)
    return made


def make_page(root: Path, assignment: str, student: str) -> str:
    """Make the feedback pages of one submission; return what went wrong, or ""."""
    from autograder.converters import ConversionError, QuietGenerateFeedback, make_converter, run

    course = Course(root, load_config(root))
    try:
        run(make_converter(QuietGenerateFeedback, course, assignment, glob.escape(student)), course)
    except ConversionError as error:
        return str(error)
    return ""


def _make_here(
    course: Course, assignment: str, students: Sequence[str], workers: int, stop: threading.Event
) -> Iterator[tuple[str, str]]:
    for student in students:
        if stop.is_set():
            return
        yield student, make_page(course.root, assignment, student)


def _make_in_processes(
    course: Course, assignment: str, students: Sequence[str], workers: int, stop: threading.Event
) -> Iterator[tuple[str, str]]:
    # Started anew and not forked: this process has threads, and may have an engine.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(students)), mp_context=context, initializer=_start_page_process)
    try:
        futures: dict[Future[str], str] = {pool.submit(make_page, course.root, assignment, s): s for s in students}
        while futures and not stop.is_set():
            done, _ = wait(futures, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                yield futures.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_page_process() -> None:
    """Ctrl-C reaches every process; the one that started these tells them when to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import_quickly()
