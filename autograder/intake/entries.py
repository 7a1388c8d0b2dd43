"""A file that somebody handed in, wherever it lies: it can be listed without being read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from autograder.submission import MAX_MEGABYTES, RefusedError

MAX_DEPTH = 8  # of folders
ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")


@dataclass(frozen=True)
class Entry:
    """A file in a folder or an archive."""

    parts: tuple[str, ...]
    """Its path from the top, checked: no part is empty, `.`, `..` or a drive."""
    _read: Callable[[int], bytes]
    """Reads at most so many bytes, or raises `RefusedError`."""
    time: datetime | None = None
    """When it was last changed as far as the archive knows, in UTC without saying so, as nbgrader has times."""
    trouble: str = ""
    """Why it must not be read, as the rest of a sentence that begins with its name; "" if it may be."""

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.parts[-1]

    @property
    def is_notebook(self) -> bool:
        """Whether its name says so."""
        return self.name.lower().endswith(".ipynb")

    def read(self) -> bytes:
        """Return its content.

        Raises:
            RefusedError: if it must not be read, is too large, or cannot be read.
        """
        if self.trouble:
            raise RefusedError(self.trouble)
        return self._read(MAX_MEGABYTES << 20)


@dataclass(frozen=True)
class Source:
    """What one folder or archive holds."""

    name: str
    entries: tuple[Entry, ...]
    folders: tuple[tuple[str, ...], ...] = ()
    """The paths of its folders, of a folder only those at its top: one may be a student's without files."""
    is_archive: bool = False


def is_clutter(name: str) -> bool:
    """Whether a file or folder is one that systems and editors leave behind."""
    return name.startswith((".", "__MACOSX", "~$")) or name in ("Thumbs.db", "desktop.ini", "__pycache__")
