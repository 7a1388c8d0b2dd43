"""Open JupyterLab on the course's start page: `make lab`, or `python -m dlcourse.lab`.

What cannot work is said in one line before JupyterLab starts; all other arguments are JupyterLab's own.
"""

from __future__ import annotations  # so that an old Python gets as far as the line that names it

import argparse
import os
import socket
import sys
from pathlib import Path

START_PAGE = "course/00-start-here.ipynb"
OLDEST_PYTHON = (3, 11)
# Settings of JupyterLab for participants: the start page; neither the question whether one wants news of Jupyter, nor
# the advice to update what the course pins. binder/start uses them as well.
JUPYTER_SETTINGS = Path(__file__).resolve().parent / "jupyter"


def find_root(start: Path | None = None) -> Path | None:
    """The course's folder: the nearest one at or above `start` that holds the start page."""
    start = (start or Path.cwd()).resolve()
    return next((folder for folder in (start, *start.parents) if (folder / START_PAGE).is_file()), None)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on this port."""
    with socket.socket() as probe:
        # As servers do: a port that somebody has just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def problem(root: Path | None, port: int | None, python: tuple[int, ...] = sys.version_info[:3]) -> str | None:
    """What keeps JupyterLab from starting, in one line that says what to do; None if nothing does."""
    if tuple(python[:2]) < OLDEST_PYTHON:
        found, needed = (".".join(map(str, version)) for version in (python, OLDEST_PYTHON))
        return f"The course needs Python {needed} or newer, and this is {found}: run `make lab`, which looks for one."
    if root is None:
        return f"{START_PAGE} is neither here nor in a folder above: start from the course's folder (cd into it first)."
    if port is not None and not 1 <= port <= 65535:
        return f"Port {port} does not exist: choose one between 1024 and 65535."
    if port is not None and not is_free(port):
        return f"Port {port} is in use: stop what runs there, or choose another, e.g. --port {port + 1}."
    return None


def command(root: Path, port: int | None, extra: list[str]) -> list[str]:
    """The command line that starts JupyterLab on the start page."""
    line = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url=/lab/tree/{START_PAGE}"]
    line.append(f"--ServerApp.root_dir={root}")
    if port is not None:
        line += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # containers often run as root; Jupyter would refuse
        line.append("--allow-root")
    return line + extra


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make lab ARGS=…", description=__doc__.splitlines()[0], exit_on_error=False, allow_abbrev=False
    )
    parser.add_argument("--port", type=int, help="default: 8888, or the next free one")
    try:
        options, extra = parser.parse_known_args(arguments)
    except argparse.ArgumentError:  # there is only one argument that can be wrong
        print("lab: A port is a whole number between 1024 and 65535, for example --port 8890.", file=sys.stderr)
        return 2
    root = find_root()
    if message := problem(root, options.port):
        print(f"lab: {message}", file=sys.stderr)
        return 2
    from dlcourse.device import cap_threads  # here, for an old Python could not even read that module

    cap_threads()  # before the kernels start; they inherit the environment
    os.chdir(root)  # nbgrader reads nbgrader_config.py from where the server starts
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", "")])
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        filter(None, [str(JUPYTER_SETTINGS), environment.get("JUPYTER_CONFIG_PATH")])
    )
    line = command(root, options.port, extra)
    os.execve(line[0], line, environment)
    return 0


if __name__ == "__main__":
    sys.exit(main())
