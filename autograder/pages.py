"""Feedback pages, for those submissions where something changed."""

import importlib.metadata
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from autograder.course import Course
from autograder.gradebook import Marks
from autograder.keys import digest, files_digest
from autograder.plan import Assignment, settings
from autograder.store import Store

_HERE = Path(__file__).parent
_PARTS = ("feedback/*.py", "templates/*", "html.py", "misconceptions.py", "pages.py", "result.py", "verdict.py")
_PACKAGES = ("bleach", "jinja2", "latex2mathml", "mistune", "pygments")


def outdated(course: Course, assignment: str, students: Iterable[str], store: Store, marks: Marks) -> dict[str, str]:
    """Return the students whose pages are not what they should be, each with the key of what they should be."""
    style = digest(_style(), settings(course, "Autograder"))
    found = {}
    for student in students:
        record = store.record("graded", student)
        notebooks = [name for name in (record or {}).get("files", ()) if name.endswith(".ipynb")]
        if not notebooks:
            continue
        rows = {n: {c: vars(row) for c, row in of.items()} for n, of in marks.rows.get(student, {}).items()}
        told = [rows, marks.comments.get(student), marks.times.get(student), marks.penalties.get(student)]
        key = digest(style, record["units"], told)
        folder = course.feedback / student / assignment
        pages_are_there = all((folder / name).with_suffix(".html").is_file() for name in notebooks)
        if not pages_are_there or (store.record("feedback", student) or {}).get("key") != key:
            found[student] = key
    return found


def make_pages(
    assignment: Assignment,
    keys: Mapping[str, str],
    store: Store,
    marks: Marks,
    *,
    stop: threading.Event,
    on_page: Callable[[str, str], None] = lambda student, problem: None,
) -> int:
    """Make the pages of some students; return how many were made.

    Args:
        assignment: whose.
        keys: as `outdated` returns them.
        store: where to write down what was made.
        marks: what the gradebook holds.
        stop: set it to stop.
        on_page: called with each student, and what went wrong or "".

    Raises:
        OSError: if a file cannot be read or written.
    """
    from autograder.feedback.writer import PageWriter

    writer, made = PageWriter(assignment, marks), 0
    for student, key in keys.items():
        if stop.is_set():
            break
        problem = ""
        try:
            writer.write(student, store.record("graded", student))
        except OSError:
            raise
        except Exception as error:  # whatever a notebook can be, the others get their pages
            problem = f"{type(error).__name__}: {error}"
        else:
            store.save_record("feedback", student, {"key": key})
            made += 1
        on_page(student, problem)
    return made


@cache
def _style() -> str:
    """A digest of what makes pages."""
    files = {str(path.relative_to(_HERE)): path.read_bytes() for part in _PARTS for path in _HERE.glob(part)}
    return digest(files_digest(files), [_version(name) for name in _PACKAGES])


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
