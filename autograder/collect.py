"""Collect: from a folder of handed-in files to the folders that grading works on."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.course import CONFIG_FILE, Course, CourseError, check_student
from autograder.notebook import NotebookError, parse_notebook
from autograder.submission import MAX_MEGABYTES

TIMESTAMP = "timestamp.txt"  # nbgrader reads the time of a submission from it


class Outcome(StrEnum):
    """What became of one student's files."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MISSING = "missing"  # nothing to grade was handed in
    REFUSED = "refused"


@dataclass(frozen=True)
class Collected:
    """What became of one student's files, and what to know about it."""

    student: str
    outcome: Outcome
    notes: tuple[str, ...] = ()


class _RefusedError(Exception):
    """Files that are not taken; the text says why."""


def collect(course: Course, assignment: str, folder: Path) -> Iterator[Collected]:
    """Copy what students have handed in to grading/submitted, and yield what became of each.

    The folder holds a folder for each student, with the notebooks in it, or in a folder with the assignment's name in
    that. A file that is no notebook is taken, so that grading tells its student; links, devices and very large files
    are refused. Nothing that a student has handed in before is lost unless there is something in its place.

    Args:
        course: the course.
        assignment: its name.
        folder: what was handed in.

    Raises:
        CourseError: if there is no such assignment or folder, or there are no students in it.
    """
    names = [path.stem for path in course.notebooks(assignment)]
    if not folder.exists():
        raise CourseError(f"There is no folder {folder}. Name the one that holds a folder for each student.")
    if not folder.is_dir():
        raise CourseError(f"{folder} is a file. Unpack it, and name the folder that holds a folder for each student.")
    if folder.resolve() == course.submitted.resolve():
        raise CourseError(f"{folder} is where collected submissions are kept. Name the folder that they come from.")
    if (folder / CONFIG_FILE).exists():
        raise CourseError(f"{folder} is a course. Name the folder that holds a folder for each student.")
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    entries = [entry for entry in entries if entry.is_dir() or entry.is_symlink() or entry.suffix == ".ipynb"]
    if not entries:
        raise CourseError(f"{folder} is empty. It should hold a folder for each student, named after the student.")
    return (_collect_student(course, assignment, names, entry) for entry in entries)


def _collect_student(course: Course, assignment: str, names: list[str], entry: Path) -> Collected:
    try:
        if entry.is_symlink():
            raise _RefusedError("is a link; links are not followed")
        if not entry.is_dir():
            raise _RefusedError("lies in no student's folder; put it into one")
        check_student(entry.name)
        files, notes = _read_files(entry, assignment, names)
    except (_RefusedError, CourseError) as error:
        return Collected(entry.name, Outcome.REFUSED, (str(error),))
    target = course.submitted / entry.name / assignment
    before = _content(target)
    if not any(name.endswith(".ipynb") for name in files):
        found = sorted(path.name for path in entry.rglob("*") if path.is_file())
        notes.append(f"no {names[0]}.ipynb" + (f"; there is: {', '.join(found[:3])}" if found else ""))
        if before:
            return Collected(entry.name, Outcome.UNCHANGED, (*notes, "what was collected before stays"))
        target.mkdir(parents=True, exist_ok=True)  # so that grading tells that it is missing
        return Collected(entry.name, Outcome.MISSING, tuple(notes))
    if before == files:
        return Collected(entry.name, Outcome.UNCHANGED, tuple(notes))
    _replace(target, files)
    return Collected(entry.name, Outcome.CHANGED if before else Outcome.NEW, tuple(notes))


def _read_files(student: Path, assignment: str, names: list[str]) -> tuple[dict[str, bytes], list[str]]:
    """Read the assignment's files of one student; return them by name, and notes."""
    inner = student / assignment
    folder = inner if inner.is_dir() and not inner.is_symlink() else student
    files: dict[str, bytes] = {}
    notes: list[str] = []
    for name in names:
        path = folder / f"{name}.ipynb"
        if not os.path.lexists(path):
            others = sorted(folder.glob("*.ipynb"))
            if len(names) > 1 or len(others) != 1:
                continue
            path = others[0]  # platforms for teaching like to rename files: "perceptron (1).ipynb"
            notes.append(f"{path.name} is taken for {name}.ipynb")
        files[f"{name}.ipynb"] = _read(path)
        try:
            parse_notebook(files[f"{name}.ipynb"])
        except NotebookError as error:
            notes.append(f"{path.name} {error}")
    if os.path.lexists(folder / TIMESTAMP):
        content = _read(folder / TIMESTAMP)
        try:
            parse_utc(content.decode().strip())
            files[TIMESTAMP] = content
        except (ValueError, OverflowError):
            notes.append(f"{TIMESTAMP} holds no time and is left out")
    return files, notes


def _read(path: Path) -> bytes:
    """Read a file that somebody else has written."""
    if path.is_symlink():
        raise _RefusedError(f"{path.name} is a link; links are not followed")
    if not path.is_file():
        raise _RefusedError(f"{path.name} is no file")
    if path.stat().st_size > MAX_MEGABYTES * 2**20:
        raise _RefusedError(f"{path.name} has {path.stat().st_size / 2**20:.0f} MB, more than {MAX_MEGABYTES}")
    try:
        return path.read_bytes()
    except OSError as error:
        raise _RefusedError(f"{path.name} cannot be read: {error.strerror}") from error


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()}


def _replace(target: Path, files: dict[str, bytes]) -> None:
    """Give a folder this content; it is complete at every moment, but for the one between two renames."""
    new, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    new.mkdir(parents=True)
    for name, content in files.items():
        (new / name).write_bytes(content)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)
