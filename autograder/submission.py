"""Reading what a student handed in: no link is followed, no device opened, and all is bounded."""

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

MAX_MEGABYTES = 50  # of one notebook; pictures make them large, but not that large
MAX_FILES = 200  # beside the notebooks
MAX_FILE_MEGABYTES = 32  # all of these together
MAX_DEPTH = 8  # of folders
_CHUNK = 1 << 20


class RefusedError(Exception):
    """A file that is not read; the text says why, as the rest of a sentence that begins with its name."""


@dataclass(frozen=True)
class Submission:
    """A submission's folder, read."""

    notebooks: Mapping[str, bytes] = field(default_factory=dict)
    """The assignment's notebooks that were handed in, by name."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why one of them was not read, by name."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What lies beside them: relative path to content."""
    others: tuple[str, ...] = ()
    """The names of some files that are there but are none of the above."""
    notes: tuple[str, ...] = ()


def read_submission(folder: Path, names: Collection[str], ignore: Collection[str] = ()) -> Submission:
    """Read a submission's folder.

    Links, pipes and devices are refused and noted, notebooks that the assignment does not have are left out, and of
    other files as many as fit.

    Args:
        folder: the submission's folder.
        names: the assignment's notebooks, without `.ipynb`.
        ignore: patterns of file and folder names to leave out, nbgrader's `CourseDirectory.ignore`.
    """
    try:
        top = open_folder(folder)
    except RefusedError as error:
        return Submission(refused=dict.fromkeys(names, f"its folder {error}"))
    notebooks: dict[str, bytes] = {}
    refused: dict[str, str] = {}
    files: dict[str, bytes] = {}
    others: list[str] = []
    notes: list[str] = []
    try:
        room = MAX_FILE_MEGABYTES << 20
        for descriptor, path, why in _walk(top, ignore, notes):
            name = path.removesuffix(".ipynb")
            wanted = path.endswith(".ipynb") and name in names
            try:
                if why:
                    raise RefusedError(why)
                if wanted:
                    notebooks[name] = read_at(descriptor, os.path.basename(path), MAX_MEGABYTES << 20)
                elif path.endswith(".ipynb"):
                    others.append(path)
                elif len(files) >= MAX_FILES:
                    raise RefusedError(f"is left out: there are more than {MAX_FILES} files")
                else:
                    files[path] = read_at(descriptor, os.path.basename(path), room)
                    room -= len(files[path])
            except RefusedError as error:
                if wanted:
                    refused[name] = str(error)
                else:
                    notes.append(f"{_shown(path)} {error}")
    finally:
        os.close(top)
    if len(notes) > 5:
        notes = [*notes[:5], f"and {len(notes) - 5} more files are left out"]
    return Submission(notebooks, refused, files, tuple(map(_shown, sorted([*others, *files])[:3])), tuple(notes))


def open_folder(folder: Path) -> int:
    """Open a submission's folder; neither it nor the student's folder around it may be a link.

    Raises:
        RefusedError: if it cannot be opened.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        student = os.open(folder.parent, flags)
        try:
            return os.open(folder.name, flags, dir_fd=student)
        finally:
            os.close(student)
    except OSError as error:
        if folder.is_symlink() or folder.parent.is_symlink():
            raise RefusedError("is a link; links are not followed") from error
        raise RefusedError(f"cannot be read: {error.strerror}") from error


def read_at(folder: int, name: str, room: int) -> bytes:
    """Read a plain file of at most `room` bytes in an open folder.

    Raises:
        RefusedError: if it is something else, larger, or cannot be read.
    """
    try:
        # Without O_NONBLOCK, opening a pipe would wait for somebody to write to it.
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        try:
            link = stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
        except OSError:
            link = False
        raise RefusedError("is a link; links are not followed" if link else f"cannot be read: {error.strerror}") from (
            error
        )
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise RefusedError("is no plain file")
        content = bytearray()
        while piece := os.read(descriptor, _CHUNK):  # as far as it goes, not as far as it said it would
            content += piece
            if len(content) > room:
                raise RefusedError(f"is too large: there is room for {room / 2**20:.0f} MB")
        return bytes(content)
    except OSError as error:
        raise RefusedError(f"cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)


def read_given(folder: Path, ignore: Collection[str] = ()) -> dict[str, bytes]:
    """Read what lies beside the solution notebooks of an assignment: relative path to content."""
    files = {}
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _ignored(name, ignore))
        for name in sorted(names):
            path = Path(top, name)
            if not _ignored(name, ignore) and not name.endswith(".ipynb") and path.is_file():
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def _walk(
    top: int, ignore: Collection[str], notes: list[str], prefix: str = "", depth: int = 0
) -> Iterator[tuple[int, str, str]]:
    """Yield, of each file below an open folder, its own folder, its path, and why it may not be read or ""."""
    with os.scandir(top) as found:
        entries = sorted((entry for entry in found), key=lambda entry: entry.name)
    if len(entries) > 20 * MAX_FILES:
        notes.append(f"{_shown(prefix) or 'the folder'} holds {len(entries)} files: only some are looked at")
        entries = entries[: 20 * MAX_FILES]
    for entry in entries:
        path = f"{prefix}{entry.name}"
        if _ignored(entry.name, ignore):
            continue
        if not _printable(entry.name):
            yield top, path, "is left out: its name is no text"
        elif entry.is_symlink():
            yield top, path, "is a link; links are not followed"
        elif not entry.is_dir(follow_symlinks=False):
            yield top, path, ""
        elif depth >= MAX_DEPTH:
            yield top, path, "is left out: it lies too deep"
        else:
            try:
                inner = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
            except OSError as error:
                yield top, path, f"cannot be read: {error.strerror}"
                continue
            try:
                yield from _walk(inner, ignore, notes, f"{path}/", depth + 1)
            finally:
                os.close(inner)


def _ignored(name: str, patterns: Collection[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _printable(name: str) -> bool:
    return name.isprintable() and "\\" not in name  # surrogates, which stand for bytes that are no text, are not


def _shown(path: str) -> str:
    return path.encode("utf-8", "replace").decode().replace("\n", " ")[:100]
