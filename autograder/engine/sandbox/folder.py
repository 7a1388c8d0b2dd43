"""The private folder of a sandboxed process: its files, and the variables that lead there."""

import os
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath

from autograder.engine.errors import EngineError

WORK, HOME, TEMPORARY = "work", "home", "tmp"
_LEAD_ELSEWHERE = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "OLDPWD")


def check_names(files: Mapping[str, bytes]) -> None:
    """Raise EngineError for a name that leads out of the folder."""
    for name in files:
        path = PurePosixPath(name)
        if not name or "\0" in name or path.is_absolute() or ".." in path.parts or path == PurePosixPath("."):
            raise EngineError(f"a file cannot be called {name!r}: names are relative and stay inside the folder")


def fill(work: str, files: Mapping[str, bytes]) -> None:
    """Write the files into an empty folder."""
    for name, content in files.items():
        path = Path(work, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def settle(private: str) -> None:
    """Make the private folder's parts home, place for temporary files, and working folder of this process."""
    work, home, temporary = (os.path.join(private, name) for name in (WORK, HOME, TEMPORARY))
    os.chdir(work)
    for name in _LEAD_ELSEWHERE:
        os.environ.pop(name, None)
    drawing = os.path.join(temporary, "matplotlib")
    shell = os.path.join(temporary, "ipython")
    os.environ.update(HOME=home, TMPDIR=temporary, PWD=work, MPLCONFIGDIR=drawing, IPYTHONDIR=shell)
    os.environ.update(USER="student", LOGNAME="student")
    tempfile.tempdir = None  # found again, now that TMPDIR is another
    if "matplotlib.font_manager" not in sys.modules:
        os.makedirs(drawing, exist_ok=True)
        for name, content in font_lists().items():
            Path(drawing, name).write_bytes(content)


@cache
def font_lists() -> dict[str, bytes]:
    """The lists of fonts that matplotlib has made on this machine, by file name: making one takes seconds."""
    folder = os.environ.get("MPLCONFIGDIR") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "matplotlib"
    )
    try:
        return {path.name: path.read_bytes() for path in Path(folder).glob("fontlist-*.json")}
    except OSError:
        return {}
