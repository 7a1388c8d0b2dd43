"""The way into the sandbox, and the processes that stay behind as its guards.

```
warm parent
└── outer guard   the process that called `enter`: outside, holds nothing, ends as the worker ends
    └── inner guard   process 1 of the pid namespace: with it everything in there ends
        └── worker   where `enter` returns
```
"""

import errno
import json
import os
import resource
import select
import shutil
import signal
import struct
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from typing import NoReturn

from autograder.engine.errors import EngineError
from autograder.engine.sandbox import (
    advice,
    descriptors,
    folder,
    mounts,
    namespaces,
    paths,
    privileges,
    rlimits,
    seccomp,
    syscalls,
    watch,
)
from autograder.engine.sandbox.box import (
    FILES,
    IDENTITY,
    NET,
    PRIVILEGES,
    PROC,
    RLIMITS,
    SECCOMP,
    Box,
    Mode,
)

_STATUS = struct.Struct("<i")
_READY, _FAILED = b"+", b"-"
_MESSAGE_BYTES = 4096


def prepare() -> None:
    """Do once, in the warm parent, what would cost every child time. `enter` works without it."""
    _look_around(network=False)


def _look_around(network: bool) -> None:
    """Read all that is to be known of the host before the way to it is gone; each of these keeps what it found."""
    folder.font_lists()
    if syscalls.supported():
        paths.readable_paths()
        paths.links_of_top()
        paths.folders_of_top()
        paths.etc_files(network)
        paths.proc_files()
        paths.network_paths()
        namespaces.can_be_nobody()
        syscalls.has_mount_set()
        seccomp.program(network)


def enter(box: Box, mode: Mode = "full", *, keep: Iterable[int] = ()) -> tuple[str, ...]:
    """Go into the sandbox; return its active layers there, in another process than the one that called.

    The caller is a freshly forked process with a single thread and nothing in it that is not the box's to see. It stays
    behind and ends as the process inside ends, with the same status or signal. Of its open files only `keep` is open
    inside. The working folder is then private, holds `box.files`, and is gone afterwards.

    Raises EngineError, in the calling process, if the sandbox is not to be had.
    """
    keep = tuple(keep)
    descriptors.refuse_folders(keep)
    folder.check_names(box.files)
    _look_around(box.network)
    parent = os.getppid()
    with suppress(OSError):
        os.setsid()  # Ctrl-C is for the supervisor
    if mode == "none":
        return _enter_plainly(box, keep, parent)
    if not syscalls.supported():
        raise EngineError(advice.sentence(OSError("no such calls on this system")))
    return _enter_fully(box, keep, parent)


# --- mode "full" ----------------------------------------------------------------------------------------------------


def _enter_fully(box: Box, keep: tuple[int, ...], parent: int) -> tuple[str, ...]:
    privileges.die_with_parent(parent)
    _be_the_first_to_go()
    begin = rlimits.address_space()
    nobody = namespaces.can_be_nobody()
    layers = tuple(layer for layer in namespaces.FLAGS if not (layer == NET and box.network))
    go_read, go_write = os.pipe()
    report_read, report_write = os.pipe()
    try:
        inner = namespaces.fork_into(layers)
    except OSError as error:
        raise EngineError(advice.sentence(error)) from error
    if inner == 0:
        os.close(go_write)
        os.close(report_read)
        return _inside(box, keep, layers, begin, go_read, report_write)
    os.close(go_read)
    os.close(report_write)
    try:
        nobody = namespaces.map_ids(inner, nobody=nobody)
    except OSError as error:
        os.kill(inner, signal.SIGKILL)
        os.waitpid(inner, 0)
        raise EngineError(advice.sentence(error)) from error
    os.write(go_write, b"n" if nobody else b"o")
    os.close(go_write)
    if os.read(report_read, 1) != _READY:
        _, status = os.waitpid(inner, 0)
        raise _what_went_wrong(os.read(report_read, _MESSAGE_BYTES), status)
    _guard_outside(inner, report_read)


def _inside(
    box: Box, keep: tuple[int, ...], layers: tuple[str, ...], begin: int, go_read: int, report: int
) -> tuple[str, ...]:
    """As process 1 of the namespaces: build everything, fork the worker, stay behind."""
    try:
        privileges.reset_signals()
        privileges.die_with_parent(0)
        who = os.read(go_read, 1)
        if not who:
            os._exit(1)
        os.close(go_read)
        nobody = who == b"n"
        uid, gid = (namespaces.NOBODY,) * 2 if nobody else (os.geteuid(), os.getegid())
        others = 1 if rlimits.counts_by_namespace() else rlimits.processes_of(uid) + 1
        fresh_proc = mounts.build(box, uid, gid)
        privileges.drop(*((uid, gid) if nobody else ()))
        privileges.die_with_parent(0)
        if select.select([], [], [report], 0)[2]:
            os._exit(1)
        privileges.dumpable(False)
        descriptors.close_others((*keep, report))
        folder.fill(mounts.WORK, box.files)
        rlimits.lower(box.limits, begin, others)
        active = [
            *layers,
            FILES,
            *([PROC] if fresh_proc else []),
            *([IDENTITY] if uid != 0 else []),
            PRIVILEGES,
            RLIMITS,
        ]
        worker = os.fork()
    except BaseException as error:
        _report(report, error)
    if worker != 0:
        _guard_inside(worker, report, box.network)
    try:
        os.setsid()
        privileges.die_with_parent(1)
        privileges.dumpable(True)  # so that its memory can be measured from outside; see watch.py
        folder.settle(mounts.PRIVATE)
        with suppress(OSError):
            seccomp.install(network=box.network)
            active.append(SECCOMP)
        os.write(report, _READY)
        os.close(report)
    except BaseException as error:
        _report(report, error)
    return tuple(active)


def _report(report: int, error: BaseException) -> NoReturn:
    """Tell the outer guard what went wrong, and end."""
    number = error.errno if isinstance(error, OSError) else None
    with suppress(OSError):
        os.write(report, _FAILED + json.dumps([number, f"{type(error).__name__}: {error}"[:500]]).encode())
    os._exit(1)


def _what_went_wrong(said: bytes, status: int) -> EngineError:
    """Make an error of what `_report` wrote, or of how the first process ended if it wrote nothing."""
    try:
        number, text = json.loads(said)
    except ValueError:
        number, text = None, f"its first process ended with {_ended(status)}"
    if number in (errno.EPERM, errno.EACCES):
        return EngineError(advice.sentence(OSError(number, text)))
    return EngineError(f"The sandbox could not be built: {text}. `autograder doctor` says what this host has.")


def _guard_inside(worker: int, report: int, network: bool) -> NoReturn:
    """Reap whatever ends, until the worker does. With this process ends all that is left in the pid namespace."""
    try:
        descriptors.close_others((report,))
        with suppress(OSError):
            seccomp.install(network=network)
        while True:
            ended, status = os.waitpid(-1, 0)
            if ended == worker:
                os.write(report, _STATUS.pack(status))
                os._exit(0)
    finally:
        os._exit(1)


def _guard_outside(inner: int, report: int) -> NoReturn:
    """Wait for the inner guard, then end as the worker ended."""
    try:
        descriptors.close_others((report,))
        privileges.reset_signals()
        privileges.drop()  # not undumpable: watch.py measures by it how much is shared, and nobody inside can see it
        _, status = os.waitpid(inner, 0)
        said = os.read(report, _STATUS.size)
        if len(said) == _STATUS.size:
            (status,) = _STATUS.unpack(said)
        _end_as(status)
    finally:
        os._exit(1)


# --- mode "none" ----------------------------------------------------------------------------------------------------


def _enter_plainly(box: Box, keep: tuple[int, ...], parent: int) -> tuple[str, ...]:
    """Without namespaces: a folder, limits and a process group of its own. It can read what its user can read."""
    linux = syscalls.supported()
    begin = rlimits.address_space()
    others = rlimits.processes_of(os.geteuid()) if linux else 0
    listened = {signal.SIGCHLD, signal.SIGTERM}
    private = tempfile.mkdtemp(prefix="autograder-")
    try:
        for name in (folder.WORK, folder.HOME, folder.TEMPORARY):
            os.mkdir(os.path.join(private, name), 0o700)
        folder.fill(os.path.join(private, folder.WORK), box.files)
        signal.pthread_sigmask(signal.SIG_BLOCK, listened)
        if linux:
            _be_the_first_to_go()
            syscalls.prctl(syscalls.PR_SET_PDEATHSIG, int(signal.SIGTERM))
            syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)  # what the worker leaves behind stays findable
            if os.getppid() != parent:
                raise EngineError("the process that asked for a sandbox has ended")
        guard = os.getpid()
        worker = os.fork()
    except OSError as error:
        shutil.rmtree(private, ignore_errors=True)
        raise EngineError(f"No private folder could be made in {private}: {error}") from error
    if worker != 0:
        _guard_plainly(worker, private, listened)
    os.setsid()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, listened)
    descriptors.close_others(keep)
    folder.settle(private)
    if not linux:
        return ()
    privileges.die_with_parent(guard)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    privileges.dumpable(False)  # its user's other processes, which are students' too, cannot look into it
    rlimits.lower(box.limits, begin, others + 2)  # with no namespace, all processes of this user count
    return (RLIMITS,)


def _guard_plainly(worker: int, private: str, listened: set[signal.Signals]) -> NoReturn:
    status = signal.SIGKILL
    try:
        descriptors.close_others(())
        if syscalls.supported():
            privileges.dumpable(False)
        while True:
            ended, how = os.waitpid(-1, os.WNOHANG)
            if ended == worker:
                status = how
                break
            if ended == 0 and signal.sigwait(listened) == signal.SIGTERM:
                os.kill(worker, signal.SIGKILL)
        with suppress(OSError):
            os.killpg(worker, signal.SIGKILL)
        watch.kill_descendants(os.getpid(), seconds=5.0)
        shutil.rmtree(private, ignore_errors=True)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, listened)
        _end_as(status)
    finally:
        os._exit(1)


# --- ends -----------------------------------------------------------------------------------------------------------


def _be_the_first_to_go() -> None:
    """Where the machine runs out of memory, let the kernel choose one of these processes."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("800")


def _end_as(status: int) -> NoReturn:
    """End this process as another ended."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _ended(status: int) -> str:
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {os.WEXITSTATUS(status)}"
