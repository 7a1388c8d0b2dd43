"""The log of grading: what nbgrader has to say, and what goes wrong inside."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOG = "autograder.nbgrader"
_LOG = logging.getLogger(LOG)
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Write the log to a file, and nothing of it to the terminal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.setLevel(logging.INFO)
    _LOG.addHandler(handler)
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        handler.close()
