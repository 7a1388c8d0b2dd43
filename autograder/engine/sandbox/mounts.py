"""A root file system of our own: read-only views of what Python needs, and one folder in memory to write to."""

import os
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress

from autograder.engine.sandbox import paths, syscalls
from autograder.engine.sandbox.box import Box
from autograder.engine.sandbox.syscalls import MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY, MS_REC, MS_REMOUNT

PRIVATE = "/box"
WORK, HOME, TEMPORARY, SHARED_MEMORY = (f"{PRIVATE}/{name}" for name in ("work", "home", "tmp", "shm"))
_OLD = "/.old"
_SOME_FOLDER = ("/tmp", "/var/tmp", "/mnt", "/usr")
_OWN_INODES = 64  # of our folders, and room for the files it begins with


def build(box: Box, uid: int, gid: int) -> bool:
    """Make the new root, go there, and let go of the old one. Return whether /proc is a fresh one.

    Call it in new user, mount and pid namespaces, with all capabilities there. `uid` and `gid` own the private folder.
    """
    syscalls.mount("none", "/", flags=MS_REC | syscalls.MS_SLAVE)  # what the host unmounts may go here as well
    base = next(folder for folder in _SOME_FOLDER if os.path.isdir(folder))
    syscalls.mount("tmpfs", base, "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,nr_inodes=4096,mode=0755")
    os.chdir(base)
    os.mkdir("." + _OLD)
    syscalls.pivot_root(".", "." + _OLD)
    os.chdir("/")
    _show(_plan(box))
    _furnish(box.network, uid, gid)
    fresh = _fresh_proc()
    for path in (PRIVATE, "/proc"):
        os.makedirs(path, exist_ok=True)
    if not fresh:
        _imitate_proc()
    _make_readonly()
    syscalls.mount("tmpfs", PRIVATE, "tmpfs", MS_NOSUID | MS_NODEV, _private_options(box, uid, gid))
    for folder, mode in ((WORK, 0o700), (HOME, 0o700), (TEMPORARY, 0o1777), (SHARED_MEMORY, 0o1777)):
        os.mkdir(folder, mode)
        os.chmod(folder, mode)
        os.chown(folder, uid, gid)
    os.chdir(WORK)
    return fresh


def _private_options(box: Box, uid: int, gid: int) -> str:
    size = box.limits.disk_megabytes * 2**20 + sum(4096 + len(content) for content in box.files.values())
    inodes = box.limits.files + 2 * len(box.files) + _OWN_INODES
    return f"size={size},nr_inodes={inodes},mode=0755,uid={uid},gid={gid}"


def _plan(box: Box) -> list[tuple[str, bool]]:
    """What to do at which path, from the top down: show it (True), or hide what was shown with its parent (False)."""
    shown = {*paths.readable_paths(), *paths.folders_of_top()}
    shown.update("/dev/" + name for name in paths.DEVICES)
    shown.update(map(os.path.realpath, box.readable))
    if box.network:
        shown.update(paths.network_paths())
    hidden = set(paths.hidden_paths()) - shown
    state: dict[str, bool] = {}
    for path in sorted(shown | hidden, key=lambda path: (path.count("/"), path)):
        above = [other for other in state if paths.inside(path, other)]
        visible = state[max(above, key=len)] if above else False
        if visible != (path in shown):
            state[path] = path in shown
    return list(state.items())


def _show(plan: Iterable[tuple[str, bool]]) -> None:
    for path, show in plan:
        source = _OLD + path
        if not show:
            if os.path.isdir(path):
                syscalls.mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=1024,mode=0755")
            continue
        if os.path.isdir(source):
            os.makedirs(path, exist_ok=True)
        elif os.path.exists(source):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            _write(path, b"")
        else:
            continue
        syscalls.mount(source, path, flags=MS_BIND | MS_REC)


def _furnish(network: bool, uid: int, gid: int) -> None:
    """Links and small files of a root file system."""
    for path, target in (
        *paths.links_of_top(),
        ("/tmp", TEMPORARY),
        ("/dev/shm", SHARED_MEMORY),
        ("/dev/fd", "/proc/self/fd"),
        ("/dev/stdin", "/proc/self/fd/0"),
        ("/dev/stdout", "/proc/self/fd/1"),
        ("/dev/stderr", "/proc/self/fd/2"),
        ("/var/tmp", TEMPORARY),
    ):
        if not os.path.lexists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.symlink(target, path)
    os.makedirs("/etc", exist_ok=True)
    accounts = {
        "passwd": f"student:x:{uid}:{gid}:student:{HOME}:/bin/sh\n".encode(),
        "group": f"student:x:{gid}:\n".encode(),
    }
    for name, content in {**paths.etc_files(network), **accounts}.items():
        if not os.path.lexists("/etc/" + name):
            _write("/etc/" + name, content)
    with suppress(OSError):
        socket.sethostname("box")


def _fresh_proc() -> bool:
    """Mount /proc of the new pid namespace; containers that cover parts of theirs do not allow it."""
    os.makedirs("/proc", exist_ok=True)
    try:
        syscalls.mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except OSError:
        return False
    return True


def _imitate_proc() -> None:
    """Fill an empty /proc with what is the same for every process."""
    for name, content in paths.proc_files().items():
        _write("/proc/" + name, content)
    # TensorFlow aborts if it does not find these two.
    os.mkdir("/proc/self")
    os.symlink(os.path.realpath(sys.executable), "/proc/self/exe")
    _write("/proc/self/cmdline", b"python\0-c\0")


def _make_readonly() -> None:
    """Let go of the old root, and make all that is left read-only, mounts inside of mounts too."""
    mounts = [] if syscalls.has_mount_set() else _mount_points()
    syscalls.unmount(_OLD, syscalls.MNT_DETACH)
    os.rmdir(_OLD)
    if not mounts:
        syscalls.mount_set("/", syscalls.MOUNT_ATTR_RDONLY | syscalls.MOUNT_ATTR_NOSUID)
    for (
        path,
        options,
    ) in mounts:  # Linux before 5.12: one by one, and what the host's mounts forbid has to be said again
        keep = sum(flag for name, flag in (("nodev", MS_NODEV), ("noexec", MS_NOEXEC)) if name in options)
        syscalls.mount("none", path, flags=MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | keep | _times(options))


def _times(options: set[str]) -> int:
    names = {"noatime": 1 << 10, "nodiratime": 1 << 11, "relatime": 1 << 21}
    return sum(flag for name, flag in names.items() if name in options)


def _mount_points() -> list[tuple[str, set[str]]]:
    """Mounts of the new root without the old one: path and options, the root first."""
    found = []
    with open(_OLD + "/proc/self/mountinfo") as file:
        for line in file:
            fields = line.split()
            path = fields[4].encode("latin-1", "replace").decode("unicode_escape")
            if not paths.inside(path, _OLD):
                found.append((path, set(fields[5].split(","))))
    return found


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
