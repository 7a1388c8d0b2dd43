"""Running a command of the environment in a throw-away copy of the course, with its seconds and its memory."""

import contextlib
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from autograder.course import Course, find_course

ROOT = Path(__file__).resolve().parent.parent
SAMPLED_EVERY = 0.2  # seconds between looks at memory, each of which costs some 20 ms


def copy_of_course(folder: Path, submissions: Mapping[str, Mapping[str, Mapping[str, bytes]]]) -> Course:
    """Make a throw-away copy of the course, with submissions: assignment to student to file's name to content."""
    folder.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for name in ("solutions", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    course = find_course(folder)
    for assignment, of_class in submissions.items():
        for student, files in of_class.items():
            target = course.submitted / student / assignment
            target.mkdir(parents=True)
            for name, content in files.items():
                (target / name).write_bytes(content)
    return course


def run(root: Path, *command: str, look: bool = False, every: float = SAMPLED_EVERY) -> tuple[float, float]:
    """Run a command of the environment; return its seconds and, if asked to look, its peak of memory in MB.

    Args:
        root: where to run it; what it prints goes to `log.txt` there.
        command: the program and its arguments.
        look: whether to look at its memory, and that of all processes below it.
        every: how often, in seconds. The end is seen at once.

    Raises:
        SystemExit: if it fails.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    program, peak = Path(sys.executable).with_name(command[0]), 0.0
    with open(root / "log.txt", "w+") as log:
        started = time.perf_counter()
        process = subprocess.Popen([program, *command[1:]], cwd=root, env=environment, stdout=log, stderr=log)
        while look and process.poll() is None:
            peak = max(peak, megabytes(process.pid))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(every)
        if process.wait():
            log.seek(0)
            raise SystemExit(f"{' '.join(command)} ends with {process.returncode}:\n{log.read()[-3000:]}")
        return time.perf_counter() - started, peak


def processor_seconds() -> float:
    """Return the seconds that the processors have given to commands that have ended, and to all below them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def megabytes(pid: int) -> float:
    """Return the memory of a process and all below it, each page shared out among those that have it."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        for process in (top, *top.children(recursive=True)):
            with contextlib.suppress(OSError):  # it has ended
                rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
                total += sum(map(int, re.findall(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)))
    return total / 1024
