"""Open files: which a process keeps."""

import os
import stat
import sys
from collections.abc import Iterable

from autograder.engine.errors import EngineError
from autograder.engine.sandbox import syscalls

_STANDARD = (0, 1, 2)


def refuse_folders(keep: Iterable[int]) -> None:
    """Raise EngineError if one of these is an open folder: it would lead out of the sandbox."""
    for descriptor in keep:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise EngineError(f"descriptor {descriptor} is a folder: it must not be handed to a sandboxed process")


def close_others(keep: Iterable[int]) -> None:
    """Close all but these. Standard input, output and error lead to nowhere unless they are among them."""
    kept = sorted(set(keep))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in _STANDARD:
        if number not in kept and number != nowhere:
            os.dup2(nowhere, number)
    first = 3
    for descriptor in kept:
        if descriptor >= first:
            _close_range(first, descriptor - 1)
            first = descriptor + 1
    _close_range(first, 2**31 - 1)


def _close_range(first: int, last: int) -> None:
    if first > last:
        return
    if syscalls.supported():
        try:
            syscalls.close_range(first, last)
            return
        except OSError:
            pass  # Linux before 5.9
    folder = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"
    try:
        numbers = [int(name) for name in os.listdir(folder)]
    except OSError:
        numbers = list(range(first, min(last, os.sysconf("SC_OPEN_MAX")) + 1))
    for number in numbers:
        if first <= number <= last:
            try:
                os.close(number)
            except OSError:
                continue
