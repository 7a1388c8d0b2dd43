"""Runs a piece of code in a box and says what came of it: JSON in on standard input, JSON out on standard output.

    {"code": …, "mode": "full", "network": false, "limits": {}, "files": {}, "readable": [], "imports": [],
     "user": null, "outside": false, "without": [], "inherit_megabytes": 0, "kill_after": null}

`code` finds `can(function)`, which says whether something succeeded, and leaves what it has to tell in `result`.

- "user": root first becomes that user, in a view of the file system where the interpreter can be reached by all.
- "outside": the code runs without any box, to show that an attack is one.
- "without": leaves out layers, to see that others hold by themselves.
- "inherit_megabytes": how much memory the box gets from where it is forked.
- "kill_after": so many seconds from where the code writes {"begun": 1} to `fd`, what the box uses is measured, and it
  is killed.
"""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
import time
from contextlib import suppress

from autograder.engine.errors import EngineError
from autograder.engine.limits import Limits
from autograder.engine.sandbox import Box, enter, kill_tree, mounts, prepare, seccomp, syscalls, usage


def can(function, *arguments):
    """Call it; return what came of it, None if it was refused."""
    try:
        value = function(*arguments)
    except OSError:
        return None
    if value is None:
        return "done"
    return value if isinstance(value, (int, str, list, bool)) else repr(value)[:200]


def become(user):
    """Turn root into an ordinary user who can reach the interpreter wherever it is installed."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.unshare(syscalls.CLONE_NEWNS) == 0, os.strerror(ctypes.get_errno())
    syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_SLAVE)
    prefix = os.path.realpath(sys.base_prefix)
    parts = prefix.strip("/").split("/")
    closed = [path for n in range(1, len(parts)) if not os.stat(path := "/" + "/".join(parts[:n])).st_mode & 1]
    if closed:
        syscalls.mount(prefix, "/mnt", flags=syscalls.MS_BIND)
        syscalls.mount("tmpfs", closed[0], "tmpfs", data="mode=0755")
        os.makedirs(prefix)
        syscalls.mount("/mnt", prefix, flags=syscalls.MS_BIND)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
    os.environ["HOME"] = "/nonexistent"


def refuse(**_):
    """Stand in for a layer that the kernel does not have."""
    raise OSError("left out")


def main():
    task = json.load(sys.stdin)
    if task.get("user"):
        become(task["user"])
    for name in task.get("imports", ()):
        importlib.import_module(name)
    files = {name: text.encode() for name, text in task.get("files", {}).items()}
    limits = Limits(**task.get("limits", {}))
    if "seccomp" in task.get("without", ()):
        seccomp.install = refuse
    if "proc" in task.get("without", ()):
        mounts._fresh_proc = lambda: False
    if "mount_setattr" in task.get("without", ()):
        syscalls.has_mount_set = lambda: False
    box = Box(files, limits, tuple(task.get("readable", ())), bool(task.get("network")))
    prepare()
    inherited = bytearray(os.urandom(1) * (task.get("inherit_megabytes", 0) * 2**20))
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        run(task, box, write)
    os.close(write)
    answer = {"layers": [], "error": ""}
    file = os.fdopen(read, "rb")
    if task.get("kill_after"):
        for line in file:
            answer.update(json.loads(line))
            if "begun" in answer:
                break
        time.sleep(task["kill_after"])
        began = time.perf_counter()
        for enough in (None, 1e9):
            used = usage(child, enough=enough)
            answer.setdefault("usage", []).append([used.processes, used.megabytes, time.perf_counter() - began])
            began = time.perf_counter()
        kill_tree(child)
    for line in file:
        answer.update(json.loads(line))
    file.close()
    answer["exit"] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    answer["peak"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    answer["inherited"] = len(inherited)
    json.dump(answer, sys.stdout)


def run(task, box, write):
    status = 1
    try:
        layers = ()
        if not task.get("outside"):
            try:
                layers = enter(box, task.get("mode", "full"), keep=(write, 2))
            except EngineError as error:
                os.write(write, json.dumps({"error": str(error)}).encode() + b"\n")
                os._exit(3)
        os.write(write, json.dumps({"layers": layers}).encode() + b"\n")
        space = {"can": can, "os": os, "sys": sys, "ctypes": ctypes, "signal": signal, "time": time, "fd": write}
        try:
            exec(compile(task["code"], "<attack>", "exec"), space)
            said = {"result": space.get("result")}
        except BaseException as error:
            said = {"raised": f"{type(error).__name__}: {error}"}
        with suppress(BrokenPipeError):
            os.write(write, json.dumps(said, default=repr).encode() + b"\n")
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
