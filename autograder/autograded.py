"""The folder grading/autograded/<student>/<assignment>, which formgrader and nbgrader's commands read."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from autograder.course import Course
from autograder.files import write_file

Stamps = dict[str, list[int]]  # size and time of change of files, by relative path


def write_autograded(folder: Path, files: Mapping[str, bytes], *, mode: int) -> Stamps:
    """Give a folder these files and no others. Each of them is whole at every moment.

    Args:
        folder: the submission's.
        files: relative path to content.
        mode: the files' permissions.

    Returns:
        What `is_intact` compares.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            if not any(known.startswith(f"{name}/") for known in files):
                shutil.rmtree(path)
        elif name not in files or path.is_symlink():
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        write_file(path, content, mode=mode)
    return stamps(folder, files)


def stamps(folder: Path, names: Mapping[str, object]) -> Stamps:
    """Return size and time of change of some files of a folder."""
    found = {}
    for name in names:
        status = os.lstat(folder / name)
        found[name] = [status.st_size, status.st_mtime_ns]
    return found


def is_intact(folder: Path, expected: Stamps) -> bool:
    """Whether a folder still holds the files that were written to it."""
    try:
        return stamps(folder, expected) == expected
    except OSError:
        return False


def file_mode(course: Course) -> int:
    """The permissions that nbgrader gives to autograded files."""
    shared = course.config.CourseDirectory.get("groupshared", False)
    return int(str(course.config.Autograde.get("permissions", 664 if shared else 444)), 8)


def given_files(course: Course, assignment: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return those of an assignment's own files that replace a student's; nbgrader has a setting for the others."""
    excluded = course.config.Autograde.get("exclude_overwriting", {}).get(assignment, [])
    return {name: content for name, content in files.items() if name not in excluded}
