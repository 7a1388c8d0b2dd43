"""A filter of system calls: refuses what code of an exercise never needs and attacks on the kernel or the box do.

A list of what is refused, not of what is allowed: TensorFlow, numpy and the C library may call what they like
otherwise, in versions to come too. The namespaces and the lack of privileges hold by themselves; this takes away
kernel code to attack, and memory that no limit counts.
"""

import ctypes
import errno
import mmap
import platform
import socket
from functools import cache

from autograder.engine.sandbox import syscalls

# Number on x86_64, number on aarch64 (None: has no such call). From the kernel's syscall tables.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # other namespaces, mounts, roots
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "statmount": (457, 457),
    "listmount": (458, 458),
    "open_tree_attr": (467, 467),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    # files by another way than their path
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # keys of the host's user
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # memory that no limit counts: in no process, in no file system
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "io_setup": (206, 0),
    # large parts of the kernel with a history
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "modify_ldt": (154, None),
    "personality": (135, 92),
    "uselib": (134, None),
    "nfsservctl": (180, 42),
    "vhangup": (153, 58),
    "lookup_dcookie": (212, 18),
    # the machine as a whole
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "create_module": (174, None),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "acct": (163, 89),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "iopl": (172, None),
    "ioperm": (173, None),
}

# As if the kernel did not have them: libraries then do without.
_ABSENT: dict[str, tuple[int | None, int | None]] = {
    "clone3": (435, 435),  # its flags lie in memory, out of a filter's sight; the C library falls back to clone
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_create": (319, 279),  # memory that no limit counts
    "memfd_secret": (447, 447),
}

_CLONE, _SOCKET, _SOCKETPAIR = (56, 220), (41, 198), (53, 199)
_IOCTL, _PRCTL, _MMAP = (16, 29), (157, 167), (9, 222)
_NAMESPACES = (
    syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWCGROUP
    | syscalls.CLONE_NEWUTS
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUSER
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWNET
)
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C  # put characters into a terminal's input
_SHARED_ANONYMOUS = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS

_ARCHITECTURES = {"x86_64": (0, 0xC000_003E), "aarch64": (1, 0xC000_00B7)}
_X32 = 0x4000_0000  # x86_64: bit of the numbers of the x32 calls

# Classic BPF, linux/filter.h and linux/bpf_common.h.
_LOAD, _AND, _IF_EQUAL, _IF_AT_LEAST, _IF_BITS, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_ALLOW, _ERRNO = 0x7FFF_0000, 0x0005_0000
_MODE_FILTER = 2

_Line = tuple[int, int, int, int]  # code, lines to skip if true, if false, value


def _give(number: int | None) -> _Line:
    return _RETURN, 0, 0, _ALLOW if number is None else _ERRNO | number


def _on_argument(call: int, index: int, test: list[_Line]) -> list[_Line]:
    """Lines that hold for one call: `test` sees the low half of its argument, and ends each of its ways."""
    return [(_IF_EQUAL, 0, len(test) + 1, call), (_LOAD, 0, 0, _ARGUMENTS + 8 * index), *test]


@cache
def program(network: bool) -> tuple[_Line, ...]:
    """Build the filter for this machine's architecture. Raises KeyError on one that it is not written for."""
    column, architecture = _ARCHITECTURES[platform.machine()]
    lines: list[_Line] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, architecture),
        _give(errno.ENOSYS),  # 32-bit calls
        (_LOAD, 0, 0, _NUMBER),
    ]
    if column == 0:
        lines += [(_IF_AT_LEAST, 0, 1, _X32), _give(errno.ENOSYS)]
    for calls, error in ((_REFUSED, errno.EPERM), (_ABSENT, errno.ENOSYS)):
        for numbers in calls.values():
            if numbers[column] is not None:
                lines += [(_IF_EQUAL, 0, 1, numbers[column]), _give(error)]
    families = [socket.AF_UNIX, *([socket.AF_INET, socket.AF_INET6] if network else [])]
    allowed: list[_Line] = []
    for family in families:
        allowed += [(_IF_EQUAL, 0, 1, int(family)), _give(None)]
    for call in (_SOCKET, _SOCKETPAIR):
        lines += _on_argument(call[column], 0, [*allowed, _give(errno.EAFNOSUPPORT)])
    refuse: list[_Line] = [_give(errno.EPERM), _give(None)]
    lines += _on_argument(_CLONE[column], 0, [(_IF_BITS, 0, 1, _NAMESPACES), *refuse])
    terminal = [(_IF_EQUAL, 1, 0, _TIOCSTI), (_IF_EQUAL, 0, 1, _TIOCLINUX)]
    lines += _on_argument(_IOCTL[column], 1, [*terminal, *refuse])
    # Shared memory without a file: a process can keep its pages without being seen to use them.
    lines += _on_argument(
        _MMAP[column], 3, [(_AND, 0, 0, _SHARED_ANONYMOUS), (_IF_EQUAL, 0, 1, _SHARED_ANONYMOUS), *refuse]
    )
    # Memory is measured from outside through /proc, which an undumpable process of a user closes to that user.
    lines += _on_argument(_PRCTL[column], 0, [(_IF_EQUAL, 0, 1, syscalls.PR_SET_DUMPABLE), *refuse])
    lines.append(_give(None))
    return tuple(lines)


class _Line8(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32)]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("lines", ctypes.POINTER(_Line8))]


def install(*, network: bool = False) -> None:
    """Filter this process's calls from now on, and those of all it starts. Needs no_new_privs. Raises OSError."""
    lines = program(network)
    array = (_Line8 * len(lines))(*lines)
    filter_ = _Program(len(lines), ctypes.cast(array, ctypes.POINTER(_Line8)))
    syscalls.prctl(syscalls.PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filter_))
