"""What a process may do beyond its files and memory: capabilities, gaining privileges, outliving its parent."""

import os
import signal

from autograder.engine.sandbox import syscalls


def die_with_parent(parent: int) -> None:
    """Be killed when the parent ends, and at once if it has ended.

    `parent` is its process id, 0 if that is none of this process's pid namespace. Call it again after
    a change of user id, which takes it back.
    """
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(128 + signal.SIGKILL)


def drop(uid: int | None = None, gid: int | None = None) -> None:
    """Give up all capabilities for good, and become this user, if one is given."""
    for capability in range(64):
        try:
            syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)
        except OSError:
            break  # the kernel knows no more of them
    syscalls.prctl(syscalls.PR_CAP_AMBIENT, syscalls.PR_CAP_AMBIENT_CLEAR_ALL)
    if uid is not None and gid is not None:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    syscalls.drop_capabilities()
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)


def dumpable(yes: bool) -> None:
    """Let processes of the same user look into this one's memory through /proc, or not."""
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, int(yes))


def reset_signals() -> None:
    """Give every signal its default effect, and block none: what Python or a library set up is not ours to keep."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_DFL)
        except (OSError, ValueError):
            continue  # the C library keeps two for itself
    signal.set_wakeup_fd(-1)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def has_capability(number: int) -> bool:
    """Tell whether this process may use the capability with this number now."""
    with open("/proc/self/status", "rb") as file:
        for line in file:
            if line.startswith(b"CapEff:"):
                return bool(int(line.split()[1], 16) >> number & 1)
    return False
