"""Namespaces of our own, and who we are in them."""

import errno
import os
from functools import cache
from pathlib import Path

from autograder.engine.sandbox import paths, privileges, syscalls
from autograder.engine.sandbox.box import IPC, MOUNT, NET, PID, USER, UTS

FLAGS = {
    USER: syscalls.CLONE_NEWUSER,
    MOUNT: syscalls.CLONE_NEWNS,
    PID: syscalls.CLONE_NEWPID,
    IPC: syscalls.CLONE_NEWIPC,
    UTS: syscalls.CLONE_NEWUTS,
    NET: syscalls.CLONE_NEWNET,
}
NOBODY = 65534
"""Whom root runs the code as: owns no files, and limits on the number of processes hold for it."""

_CAP_SETGID, _CAP_SETUID = 6, 7


def fork_into(layers: tuple[str, ...]) -> int:
    """Fork into new namespaces. Return the child's process id, 0 in the child. Raises OSError."""
    flags = 0
    for layer in layers:
        flags |= FLAGS[layer]
    return syscalls.clone(flags)


@cache
def can_be_nobody() -> bool:
    """Tell whether this process is root, may give a namespace a second user, and that one can read what it needs."""
    if os.geteuid() != 0 or not all(map(privileges.has_capability, (_CAP_SETGID, _CAP_SETUID))):
        return False
    if not all(_mapped(name) for name in ("uid_map", "gid_map")):
        return False
    return paths.lacks_others(paths.readable_paths()) is None


def _mapped(name: str) -> bool:
    """Tell whether the ids `NOBODY` and 0 exist in the namespace that this process is in."""
    ranges = []
    for line in Path("/proc/self", name).read_text().splitlines():
        first, _, count = map(int, line.split())
        ranges.append(range(first, first + count))
    return all(any(number in some for some in ranges) for number in (0, NOBODY))


def map_ids(child: int, *, nobody: bool) -> bool:
    """Give a child in a new user namespace its user: itself, and `NOBODY` besides if that is asked for and allowed.

    Returns whether `NOBODY` is there. Raises OSError where not even the first is allowed.
    """
    if nobody:
        try:
            for name in ("uid_map", "gid_map"):
                _write(child, name, f"0 0 1\n{NOBODY} {NOBODY} 1\n")
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EACCES, errno.EINVAL):
                raise
        else:
            return True
    uid, gid = os.geteuid(), os.getegid()
    _write(child, "setgroups", "deny")
    _write(child, "gid_map", f"{gid} {gid} 1\n")
    _write(child, "uid_map", f"{uid} {uid} 1\n")
    return False


def _write(child: int, name: str, text: str) -> None:
    descriptor = os.open(f"/proc/{child}/{name}", os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
