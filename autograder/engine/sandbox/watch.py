"""What a sandboxed process and all that it started use, seen from outside; and their end."""

import os
import signal
import sys
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """What a box uses at a moment."""

    processes: int
    """How many processes there are inside, without the guards."""
    megabytes: float
    """Their memory together, beyond what they share with the process they were all forked from."""


def usage(pid: int, *, enough: float | None = None) -> Usage:
    """Measure all processes of a box; `pid` is the process that called `enter`, seen from here. Empty if it has ended.

    Exact figures take the kernel some 10 ms for each process with TensorFlow in it. With `enough` (megabytes), they are
    taken only if the use may be above that; otherwise memory inherited and written to since does not count.
    """
    everything = _tree(pid)
    if not everything:
        return Usage(0, 0.0)
    inside = [process for process in everything if process not in _guards(pid, everything)]
    inherited = _resident(pid)
    rough = [_resident(process) for process in inside]
    if enough is not None and sum(rough) < enough:
        return Usage(len(inside), sum(max(0.0, one - inherited) for one in rough))
    exact = [_proportional(process) for process in inside]
    share = (_proportional(pid) or (0.0, 0.0))[1]
    total = 0.0
    for one, resident in zip(exact, rough, strict=True):
        # What it has alone, or its part of what it shares without its part of the common ancestor's memory: a process
        # that has replaced itself by another program has none of that.
        total += max(0.0, resident - inherited) if one is None else max(one[0], one[1] - share)
    return Usage(len(inside), total)


def kill_tree(pid: int, *, seconds: float = 5.0) -> None:
    """Kill everything in a box and wait for its end; `pid` is the process that called `enter`, seen from here.

    It is left to whoever started it to be waited for.
    """
    end = time.monotonic() + seconds
    kill_descendants(pid, seconds=seconds)
    while _lives(pid):
        if time.monotonic() > end - seconds / 2:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > end:
            return
        time.sleep(0.005)


def kill_descendants(pid: int, *, seconds: float) -> None:
    """Kill all that a process started, what those start meanwhile included, until none is left or the time is over."""
    end = time.monotonic() + seconds
    while True:
        left = [process for process in _tree(pid) if process != pid]
        if not left or time.monotonic() > end:
            return
        for process in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        if pid == os.getpid():
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
        time.sleep(0.005)


def _guards(pid: int, everything: dict[int, int]) -> set[int]:
    """The processes of ours: the one that called `enter`, and process 1 of a pid namespace below it."""
    return {pid, *(process for process, parent in everything.items() if parent == pid and _is_first(process))}


def _is_first(process: int) -> bool:
    try:
        with open(f"/proc/{process}/status", "rb") as file:
            for line in file:
                if line.startswith(b"NSpid:"):
                    numbers = line.split()[1:]
                    return len(numbers) > 1 and numbers[-1] == b"1"
    except OSError:
        pass
    return False


def _lives(pid: int) -> bool:
    if sys.platform != "linux":
        import psutil

        return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    stat = _stat(str(pid))
    return stat is not None and stat[0] not in (b"Z", b"X")


def _tree(pid: int) -> dict[int, int]:
    """A process and all below it that have not ended, each with its parent's id."""
    parents = _parents()
    children = defaultdict(list)
    for process, parent in parents.items():
        children[parent].append(process)
    found: dict[int, int] = {}
    todo = [pid] if pid in parents else []
    while todo:
        process = todo.pop()
        if process not in found:
            found[process] = parents[process]
            todo += children[process]
    return found


def _parents() -> dict[int, int]:
    """Every process that has not ended, with its parent's id."""
    if sys.platform != "linux":
        import psutil

        return {
            process.pid: process.info["ppid"]
            for process in psutil.process_iter(["ppid", "status"])
            if process.info["status"] != psutil.STATUS_ZOMBIE
        }
    found = {}
    for name in os.listdir("/proc"):
        if name.isdecimal():
            stat = _stat(name)
            if stat is not None and stat[0] not in (b"Z", b"X"):
                found[int(name)] = int(stat[1])
    return found


def _stat(name: str) -> list[bytes] | None:
    """Fields of /proc/PID/stat from the state on; the name before that may hold anything."""
    try:
        with open(f"/proc/{name}/stat", "rb") as file:
            return file.read().rpartition(b") ")[2].split()
    except OSError:
        return None


def _resident(process: int) -> float:
    """Anonymous and shared memory of a process in megabytes, what it inherited included: fast."""
    return _kilobytes(f"/proc/{process}/status", (b"RssAnon:", b"RssShmem:")) / 1024


def _proportional(process: int) -> tuple[float, float] | None:
    """Memory that a process has alone, and that with its part of what it shares, in megabytes; None if not allowed.

    Both without files, which the kernel can drop and read again.
    """
    path = f"/proc/{process}/smaps_rollup"
    try:
        with open(path, "rb") as file:
            values = {line.split()[0]: int(line.split()[1]) for line in file.read().splitlines()[1:]}
    except (OSError, IndexError, ValueError):
        return None
    shared = (values.get(b"Pss_Anon:", 0) + values.get(b"Pss_Shmem:", 0)) / 1024
    return min(values.get(b"Private_Dirty:", 0) / 1024, shared), shared


def _kilobytes(path: str, names: tuple[bytes, ...]) -> float:
    try:
        with open(path, "rb") as file:
            return float(sum(int(line.split()[1]) for line in file if line.startswith(names)))
    except (OSError, IndexError, ValueError):
        return 0.0
