"""Which layers of the sandbox this host has: each is tried, in a child, not guessed from settings."""

import json
import os
import select
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from autograder.engine.errors import EngineError
from autograder.engine.sandbox import advice, entry, namespaces, syscalls
from autograder.engine.sandbox.box import (
    FILES,
    IDENTITY,
    IPC,
    MOUNT,
    NET,
    PID,
    PRIVILEGES,
    PROC,
    REQUIRED,
    RLIMITS,
    SECCOMP,
    USER,
    UTS,
    Box,
)

_PURPOSE = {
    USER: "root in there is nobody out here",
    MOUNT: "mounts of its own",
    PID: "sees no other process; all of them end with the first",
    IPC: "no shared memory or message queues with other processes",
    UTS: "a host name of its own",
    NET: "no network, not even to this machine",
    FILES: "read-only but for a private folder in memory; no homes, no course, no other submissions",
    PROC: "a /proc of its own",
    IDENTITY: "runs as a user who is not root, so that limits on processes hold",
    PRIVILEGES: "no capabilities, and no program can give any",
    RLIMITS: "memory, processes, open files and file sizes are bounded",
    SECCOMP: "system calls that exercises never need are refused",
}
_SECONDS = 20.0


@dataclass(frozen=True)
class Layer:
    """One layer of the sandbox on this host."""

    name: str
    active: bool
    detail: str
    """What it is good for, or why it is not there."""
    fix: str = ""
    """What to do about it, if there is anything."""

    @property
    def required(self) -> bool:
        """Whether grading stops without it, unless that is allowed with --sandbox=none."""
        return self.name in REQUIRED


def probe() -> list[Layer]:
    """Try every layer for real; return each with what came of it."""
    if not syscalls.supported():
        why, what = advice.for_namespaces(OSError("no such system calls on this machine"))
        return [Layer(name, False, why, what if name in REQUIRED else "") for name in _PURPOSE]
    found = {name: _try_namespace(name) for name in namespaces.FLAGS}
    whole = _try_whole()
    if isinstance(whole, str):
        rest = [Layer(name, False, whole, _first_fix(found)) for name in _PURPOSE if name not in found]
    else:
        rest = [_judge(name, name in whole) for name in _PURPOSE if name not in found]
    return [*found.values(), *rest]


def require(layers: list[Layer] | None = None) -> None:
    """Raise EngineError, in one message, if mode "full" is not to be had here."""
    missing = [layer for layer in (probe() if layers is None else layers) if layer.required and not layer.active]
    if missing:
        first = missing[0]
        names = ", ".join(layer.name for layer in missing)
        raise EngineError(
            f"The sandbox is not to be had here: {first.detail}. Missing: {names}. "
            f"What to do: {first.fix or advice.NONE}. `autograder doctor` says more."
        )


def _judge(name: str, active: bool) -> Layer:
    if active:
        return Layer(name, True, _PURPOSE[name])
    why, what = {
        PROC: ("parts of this container's /proc are covered; programs in the sandbox see an almost empty one", ""),
        IDENTITY: (
            "it runs as root, to whom the limit on processes does not apply; they are counted from outside",
            "grade as an ordinary user, or install Python where all may read it",
        ),
        SECCOMP: ("the kernel has no filter of system calls; the other layers hold without", ""),
    }.get(name, ("it could not be set up", advice.NONE))
    return Layer(name, False, why, what)


def _first_fix(found: dict[str, Layer]) -> str:
    return next((layer.fix for layer in found.values() if layer.fix), advice.NONE)


def _try_namespace(name: str) -> Layer:
    """Make a namespace of this kind, with a user namespace around it, and use the rights that one has there."""
    result = _in_child(lambda: _use(name), lambda why: (0, why))
    if result is None:
        return Layer(name, True, _PURPOSE[name])
    why, what = advice.for_namespaces(OSError(*result))
    return Layer(name, False, why, what)


def _use(name: str) -> tuple[int, str] | None:
    """Fork into the namespace; return the error that came of it, None if it works."""
    go_read, go_write = os.pipe()
    try:
        child = namespaces.fork_into(tuple({USER, name}))
        if child == 0:
            _use_inside(name, go_read, go_write)
        namespaces.map_ids(child, nobody=False)
        os.close(go_write)
        _, status = os.waitpid(child, 0)
    except OSError as error:
        return error.errno or 0, os.strerror(error.errno or 0)
    return None if status == 0 else (1, "no rights in a namespace of one's own")


def _use_inside(name: str, go_read: int, go_write: int) -> NoReturn:
    try:
        os.close(go_write)
        os.read(go_read, 1)  # comes back when the ids are mapped
        if name == MOUNT:
            syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_SLAVE)
        os._exit(0)
    finally:
        os._exit(1)


def _try_whole() -> list[str] | str:
    """Go into the sandbox; return the layers that are active there, or why it cannot be had."""

    def look() -> list[str] | str:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                said: object = list(entry.enter(Box(), keep=(write,)))
            except EngineError as error:
                said = str(error)
            os.write(write, json.dumps(said).encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as file:
            answer = file.read()
        os.waitpid(child, 0)
        return json.loads(answer) if answer else "the sandbox ended before it began"

    return _in_child(look, str)


def _in_child(work: Callable[[], object], otherwise: Callable[[str], object]) -> Any:
    """Do it in a child of this process, so that nothing of it stays; return what came of it, through JSON.

    What could not be done is told to `otherwise`, in words.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            try:
                result = work()
            except Exception as error:
                result = otherwise(f"{type(error).__name__}: {error}")
            os.write(write, json.dumps(result).encode())
        finally:
            os._exit(0)
    os.close(write)
    try:
        if not select.select([read], [], [], _SECONDS)[0]:
            os.kill(child, signal.SIGKILL)
            return otherwise(f"nothing came of it in {_SECONDS:g} seconds")
        answer = os.read(read, 65536)
    finally:
        os.close(read)
        os.waitpid(child, 0)
    return json.loads(answer) if answer else otherwise("its process ended at once")
