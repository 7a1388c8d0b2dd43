"""Writing files so that a crash, a power cut or a full disk leaves the old content or the new one, and nothing else."""

import contextlib
import os
from pathlib import Path

PART = ".part"  # how the names of unfinished files end


def write_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Give a file this content: written under another name, forced to the disk, then renamed into place.

    Raises:
        OSError: if it cannot be written; the file is as it was then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}{PART}")
    try:
        # Whatever a crash may have left under that name, or somebody has put there, is not written through.
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(part, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        if error.filename is None:  # a full disk is reported without the file's name
            error.filename = str(path)
        raise
    sync_folder(path.parent)


def remove_file(path: Path) -> None:
    """Remove a file, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def sync_folder(folder: Path) -> None:
    """Force a folder's names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_part(path: Path) -> bool:
    """Whether a file is one that was never finished."""
    return path.name.startswith(".") and path.name.endswith(PART)
