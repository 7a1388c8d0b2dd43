"""Large pages for what forks inherit.

A fork copies the table of its parent's pages, and gives it back when it ends: with TensorFlow imported that is most of
what a fork costs. 2 MB to a page in the place of 4 KB make the table shorter.
"""

import ctypes
import re
import sys
from contextlib import suppress

LARGE = 2 << 20  # bytes of a large page on x86-64, and on aarch64 with the usual 4 KB pages
_MADV_COLLAPSE = 25  # Linux 6.1
_OWN_MEMORY = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ 00:00 0 ")


def enlarge() -> int:
    """Move this process's memory into large pages where the kernel can; return how many there are then.

    It is called between an import and a fork, so no other thread is in the middle of anything.
    """
    if sys.platform != "linux":
        return 0
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    if madvise(None, 0, _MADV_COLLAPSE) != 0:
        return 0  # an older kernel
    with suppress(OSError):  # no /proc
        pages = [
            page for start, end in _own_memory() for page in range(-(-start // LARGE) * LARGE, end - LARGE + 1, LARGE)
        ]
        return sum(madvise(page, LARGE, _MADV_COLLAPSE) == 0 for page in pages)
    return 0


def _own_memory() -> list[tuple[int, int]]:
    """Where this process has memory that is no file's, from first to behind the last byte."""
    with open("/proc/self/maps") as maps:
        found = map(_OWN_MEMORY.match, maps)
        return [(int(each[1], 16), int(each[2], 16)) for each in found if each]
