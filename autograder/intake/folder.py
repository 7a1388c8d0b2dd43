"""Listing what a folder holds; no link is followed."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from autograder.intake.entries import MAX_DEPTH, Entry, Source, is_clutter
from autograder.submission import RefusedError, read_at


def read_folder(folder: Path) -> Source:
    """List the files of a folder. Times of files are not taken: copying changes them.

    Raises:
        OSError: if the folder itself cannot be listed.
    """
    tops = [(entry.name,) for entry in os.scandir(folder) if entry.is_dir() and not is_clutter(entry.name)]
    return Source(folder.name, tuple(_walk(folder, ())), tuple(sorted(tops)))


def _walk(folder: Path, above: tuple[str, ...]) -> Iterator[Entry]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        parts = (*above, entry.name)
        path = Path(entry.path)
        if is_clutter(entry.name):
            continue
        if not entry.name.isprintable():  # surrogates, which stand for bytes that are no text, are not
            yield Entry((*above, ascii(entry.name)), _never, trouble="is left out: its name is no text")
        elif entry.is_symlink():
            yield Entry(parts, _never, trouble="is a link; links are not followed")
        elif not entry.is_dir(follow_symlinks=False):
            yield Entry(parts, partial(_read, path))
        elif len(parts) > MAX_DEPTH:
            yield Entry(parts, _never, trouble="is left out: it lies too deep")
        else:
            try:
                yield from _walk(path, parts)
            except OSError as error:
                yield Entry(parts, _never, trouble=f"cannot be read: {error.strerror}")


def _read(path: Path, room: int) -> bytes:
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise RefusedError(f"cannot be read: {error.strerror}") from error
    try:
        return read_at(folder, path.name, room)
    finally:
        os.close(folder)


def _never(room: int) -> bytes:
    raise RefusedError("is not read")
