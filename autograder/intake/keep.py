"""Writing down what was handed in: what counts to grading/submitted, what came before to grading/attempts."""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.course import Course

_NUMBERED = re.compile(r"\d+")


def submitted_folder(course: Course, student: str, assignment: str) -> Path:
    """The folder with what counts."""
    return course.submitted / student / assignment


def attempts_folder(course: Course, student: str, assignment: str) -> Path:
    """The folder with what was handed in before, numbered from 1."""
    return course.grading / "attempts" / student / assignment


def content_of(folder: Path) -> dict[str, bytes]:
    """Read the files of a folder."""
    return {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file() and not path.is_symlink()}


def keep_attempt(course: Course, student: str, assignment: str, files: Mapping[str, bytes]) -> bool:
    """Keep an attempt that does not count, unless it is kept already; return whether it was new."""
    top = attempts_folder(course, student, assignment)
    if not files or any(content_of(folder) == files for _, folder in _numbered(top)):
        return False
    number = max((number for number, _ in _numbered(top)), default=0) + 1
    replace_folder(top / str(number), files)
    return True


def replace_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Give a folder this content; it is complete at every moment, but for the one between two renames."""
    new, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    if old.exists() and not target.exists():  # stopped between the two, last time
        old.rename(target)
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    new.mkdir(parents=True)
    for name, content in files.items():
        (new / name).write_bytes(content)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _numbered(top: Path) -> Iterator[tuple[int, Path]]:
    for folder in top.glob("*"):
        if _NUMBERED.fullmatch(folder.name) and folder.is_dir():
            yield int(folder.name), folder
