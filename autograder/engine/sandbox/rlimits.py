"""Limits of the kernel on single processes. What all processes together use is watched from outside (watch.py)."""

import os
import resource
from pathlib import Path

from autograder.engine.limits import Limits
from autograder.engine.sandbox import syscalls

OPEN_FILES = 512
ROOM_FOR_THREADS_MEGABYTES = 1024
"""Address space on top of the memory limit: stacks and heaps of threads reserve much that they never touch."""
ARENAS = 8


def address_space() -> int:
    """How much this process has mapped, in bytes."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def processes_of(uid: int) -> int:
    """Count processes and threads of a user that can be seen in /proc."""
    count = 0
    for folder in os.scandir("/proc"):
        if folder.name.isdecimal():
            try:
                if folder.stat().st_uid == uid:
                    stat = Path(folder.path, "stat").read_bytes()
                    count += int(stat.rpartition(b")")[2].split()[17])
            except (OSError, IndexError, ValueError):
                continue  # ended meanwhile
    return count


def counts_by_namespace() -> bool:
    """Tell whether RLIMIT_NPROC counts a user's processes in its user namespace only (Linux 5.14), not in all."""
    major, minor = os.uname().release.split(".")[:2]
    digits = "".join(char for char in minor if char.isdecimal())
    return (int(major), int(digits or 0)) >= (5, 14)


def lower(limits: Limits, begin: int, others: int) -> None:
    """Set the limits of this process and of all it starts, so that they cannot be raised.

    `begin` is the address space it had at first (bytes), which what it inherits from the warm parent must not count
    against; `others` is how many processes of its user count that are none of its own.
    """
    megabyte = 2**20
    memory = limits.memory_megabytes + ROOM_FOR_THREADS_MEGABYTES
    syscalls.limit_arenas(ARENAS)
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_AS": begin + memory * megabyte,
        "RLIMIT_NPROC": others + limits.processes,
        "RLIMIT_FSIZE": limits.disk_megabytes * megabyte,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_NICE": 0,
        "RLIMIT_RTPRIO": 0,
    }
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue  # not Linux
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))
