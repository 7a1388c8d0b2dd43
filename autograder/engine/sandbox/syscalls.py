"""The Linux system calls that Python 3.11 has no function for, through ctypes. Each raises OSError as `os` does."""

import ctypes
import errno
import os
import platform
import signal
import sys
from functools import cache

CLONE_NEWNS = 0x0002_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC = 0x20, 0x1000, 0x4000
MS_SLAVE = 1 << 19
MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID = 1, 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

M_ARENA_MAX = -8

NUMBERS = {
    "x86_64": {"clone": 56, "pivot_root": 155, "capset": 126, "close_range": 436, "mount_setattr": 442},
    "aarch64": {"clone": 220, "pivot_root": 41, "capset": 91, "close_range": 436, "mount_setattr": 442},
}


def supported() -> bool:
    """Tell whether these calls can be made at all: Linux on x86_64 or aarch64, 64 bits."""
    return sys.platform == "linux" and platform.machine() in NUMBERS and sys.maxsize > 2**32


@cache
def _libc() -> ctypes.PyDLL:
    # PyDLL keeps the interpreter's lock during a call, so that `clone` cannot leave the child without it.
    return ctypes.PyDLL(None, use_errno=True)


@cache
def _numbers() -> dict[str, int]:
    return NUMBERS[platform.machine()]


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _call(name: str, *arguments: object) -> int:
    whole = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _checked(_libc().syscall(ctypes.c_long(_numbers()[name]), *whole), name)


def clone(flags: int) -> int:
    """Fork into new namespaces; return 0 in the child.

    Nothing registered with `os.register_at_fork` runs. The child's C library believes that its main thread has the
    parent's thread id, which matters to nothing but `pthread_kill`; a further `os.fork` sets it right.
    """
    return _call("clone", flags | signal.SIGCHLD, 0, 0, 0, 0)


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Mount, as mount(2)."""
    result = _libc().mount(
        os.fsencode(source), os.fsencode(target), kind.encode() or None, ctypes.c_ulong(flags), data.encode() or None
    )
    _checked(result, f"mount {kind or source} on {target}")


def unmount(target: str, flags: int = 0) -> None:
    """Unmount, as umount2(2)."""
    _checked(_libc().umount2(os.fsencode(target), flags), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root, and let the root there was be seen at `old`."""
    _call("pivot_root", ctypes.c_char_p(os.fsencode(new)), ctypes.c_char_p(os.fsencode(old)))


class _MountAttr(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("attr_set", "attr_clr", "propagation", "userns_fd")]


def mount_set(path: str, attributes: int) -> None:
    """Set attributes of a mount and of all mounts below it (Linux 5.12)."""
    attr = _MountAttr(attr_set=attributes)
    where = ctypes.c_char_p(os.fsencode(path))
    _call("mount_setattr", AT_FDCWD, where, AT_RECURSIVE, ctypes.byref(attr), ctypes.sizeof(attr))


@cache
def has_mount_set() -> bool:
    """Tell whether `mount_set` works here: older kernels, and the filters of some containers, do not know it."""
    try:
        _call("mount_setattr", AT_FDCWD, ctypes.c_char_p(b"/"), 0, None, 0)
    except OSError as error:
        return error.errno == errno.EINVAL  # it is there, and found the size of nothing wrong
    return True


def close_range(first: int, last: int) -> None:
    """Close file descriptors, both ends included (Linux 5.9)."""
    _call("close_range", first, last, 0)


def prctl(option: int, second: object = 0, third: object = 0) -> int:
    """As prctl(2)."""
    arguments = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in (second, third)]
    zero = ctypes.c_ulong(0)
    return _checked(_libc().prctl(option, *arguments, zero, zero), f"prctl {option}")


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def drop_capabilities() -> None:
    """Give up every capability: effective, permitted, inheritable (capset, version 3)."""
    header, nothing = _CapHeader(0x2008_0522, 0), (ctypes.c_uint32 * 6)()
    _call("capset", ctypes.byref(header), ctypes.byref(nothing))


def limit_arenas(count: int) -> None:
    """Let malloc use so many arenas; each reserves 64 MB of address space. Does nothing where malloc has none."""
    mallopt = getattr(_libc(), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, count)
