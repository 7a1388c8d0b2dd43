"""Two ends of a link for tests: a truthful student's process, or one that says what the test likes."""

import os
import signal
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograder.engine import wire
from autograder.engine.peer import Peer

MEGABYTE = 2**20


def serve(sock: socket.socket, source: str, *, max_bytes: int = 64 * MEGABYTE, **hooks: Any) -> None:
    """Be a student's process: run its code, then answer until the examiner is gone."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, "<answer>", "exec"), namespace)

    def lookup(name: str) -> object:
        if name not in namespace:
            raise NameError(name)
        return namespace[name]

    peer = Peer(sock, lookup=lookup, max_bytes=max_bytes, trusted=True)
    namespace["peer"] = peer
    for name, hook in hooks.items():
        setattr(peer, name, hook)
    try:
        while True:
            peer.serve_one()
    except EOFError:
        pass


def examiner(sock: socket.socket, *, max_bytes: int = 64 * MEGABYTE) -> Peer:
    """The examiner's end, whose tests are written in this repository's test modules."""
    peer = Peer(sock, max_bytes=max_bytes, trusted=False)
    peer.own_modules = frozenset({"__main__", *(f"tests.autograder.engine.test_{name}" for name in _MODULES)})
    return peer


_MODULES = ("peer", "handles", "exceptions", "shared", "models", "hostile")


@contextmanager
def process(source: str, **options: Any) -> Iterator[Peer]:
    """The examiner's end of a link to a forked process that has run `source`."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        try:
            serve(theirs, source, **options)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    theirs.close()
    try:
        yield examiner(ours, max_bytes=options.get("max_bytes", 64 * MEGABYTE))
    finally:
        ours.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@contextmanager
def thread(source: str, **options: Any) -> Iterator[Peer]:
    """The same with a thread: TensorFlow does not survive a fork once it has computed something."""
    ours, theirs = socket.socketpair()
    running = threading.Thread(target=serve, args=(theirs, source), kwargs=options, daemon=True)
    running.start()
    try:
        yield examiner(ours)
    finally:
        ours.close()
        running.join(20)
        theirs.close()


@contextmanager
def liar(speak: Callable[[socket.socket], None], *, max_bytes: int = 64 * MEGABYTE) -> Iterator[Peer]:
    """The examiner's end of a link to whatever `speak` does with the other one."""
    ours, theirs = socket.socketpair()

    def run() -> None:
        try:
            speak(theirs)
        except (EOFError, OSError):
            pass
        finally:
            theirs.close()

    running = threading.Thread(target=run, daemon=True)
    running.start()
    try:
        yield examiner(ours, max_bytes=max_bytes)
    finally:
        ours.close()
        running.join(20)


def replying(
    *values: Any, blobs: Any = (), changes: Any = (), places: Any = (), last: bool = True
) -> Callable[[socket.socket], None]:
    """Answer each question with the next of these values, as coded; then wait for one more, if these were the last."""

    def speak(sock: socket.socket) -> None:
        for value in values:
            header, _ = wire.recv(sock, max_bytes=64 * MEGABYTE)
            coded = ["tuple", [True, value]] if header[5] == "fetch" else value
            wire.send(sock, ["reply", header[1], [], list(changes), list(places), coded], blobs)
        if last:
            wire.recv(sock, max_bytes=64 * MEGABYTE)

    return speak
