"""What grading remembers: the results of notebooks by their keys, and for each student what was finished.

A result is written first, then the autograded files, then the gradebook, and the student's record last. Whatever
interrupts this, the next run finds how far it got, and goes on there.
"""

import contextlib
import fcntl
import gzip
import json
import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.course import CourseError
from autograder.files import is_part, remove_file, write_file
from autograder.keys import digest

FORMAT = 1  # of what is stored
KEEP_DAYS = 30  # results that nobody's record names any more


class Store:
    """The results of one assignment, in a folder."""

    def __init__(self, folder: Path) -> None:
        """Use a folder; it is made when something is stored."""
        self._folder = folder

    def result(self, key: str) -> dict[str, Any] | None:
        """Return the result with a key, None if there is none."""
        try:
            stored = json.loads(gzip.decompress(self._result(key).read_bytes()))
        except (OSError, EOFError, ValueError):  # none, or damaged by something else than us
            return None
        return stored if isinstance(stored, dict) and stored.get("format") == FORMAT else None

    def has_result(self, key: str) -> bool:
        """Whether there is a result with this key."""
        return self._result(key).exists()

    def save_result(self, key: str, result: Mapping[str, Any]) -> None:
        """Store a result."""
        content = json.dumps({**result, "format": FORMAT}).encode()
        write_file(self._result(key), gzip.compress(content, compresslevel=3, mtime=0))

    def record(self, kind: str, name: str) -> dict[str, Any] | None:
        """Return what was recorded of a student (kind "graded" or "feedback") or an assignment; None if nothing was."""
        try:
            record = json.loads(self._record(kind, name).read_bytes())
        except (OSError, ValueError):
            return None
        return record if isinstance(record, dict) and record.get("format") == FORMAT else None

    def save_record(self, kind: str, name: str, record: Mapping[str, Any]) -> None:
        """Record something of a student or an assignment."""
        write_file(self._record(kind, name), json.dumps({**record, "format": FORMAT}).encode())

    def tidy(self, keys: Collection[str]) -> None:
        """Remove what was never finished, and results that are old and none of these."""
        oldest = time.time() - KEEP_DAYS * 86400
        for path in [*self._folder.glob("*/*"), *self._folder.glob("*/.*")]:
            with contextlib.suppress(OSError):
                old = path.parent.name == "results" and path.name.removesuffix(".json.gz") not in keys
                if is_part(path) or (old and path.stat().st_mtime < oldest):
                    remove_file(path)

    def _result(self, key: str) -> Path:
        return self._folder / "results" / f"{key}.json.gz"

    def _record(self, kind: str, name: str) -> Path:
        readable = quote(name, safe=" @'+").replace(".", "%2E")
        return self._folder / kind / f"{readable if len(readable) < 120 else digest(name)}.json"


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Keep a second process from grading the same course meanwhile. The lock ends with the process, however that ends.

    Raises:
        CourseError: if another process holds the lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.pread(descriptor, 100, 0).decode(errors="replace").strip()
            raise CourseError(
                f"Another `autograder grade` is at work in this course{f' ({who})' if who else ''}. "
                "Wait until it is done, or stop it with Ctrl-C; what it has finished counts."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}, since {time.strftime('%H:%M')}".encode(), 0)
        yield
    finally:
        os.close(descriptor)
