"""The student's process: runs what a student may have written, and answers the examiner.

Everything in it is at the mercy of that code. It holds nothing worth having, and what it sends is believed by nobody.
"""

import os
import random
import select
import sys
from socket import socket
from typing import Any

from autograder.engine import wire
from autograder.engine.limits import Limits
from autograder.engine.outputs import OutputLimitError, Recorder
from autograder.engine.peer import Peer
from autograder.engine.shell import RecordingShell, make_shell
from autograder.engine.timer import CellTimeoutError, time_limit


def serve(control: socket, link: socket, limits: Limits, seed: int) -> None:
    """Run cells as the supervisor asks, and answer the examiner in between, until one of them is gone."""
    recorder = Recorder(limits.output_megabytes)
    shell = make_shell(recorder)
    _start_alike(seed)

    def lookup(name: str) -> object:
        if name not in shell.user_ns or name in shell.user_ns_hidden:
            raise NameError(f"name {name!r} is not defined")
        return shell.user_ns[name]

    peer = Peer(link, lookup=lookup, max_bytes=limits.message_megabytes * 2**20, trusted=True)
    over = f"stopped: the {limits.cell_seconds:g} s that a test has were over"
    peer.around_call = lambda seconds: time_limit(seconds, peer.interrupt, message=over)
    wire.send(control, {"ready": True})
    while True:
        readable, _, _ = select.select([control, link], [], [])
        try:
            if control in readable:
                request, _ = wire.recv(control, max_bytes=limits.message_megabytes * 2**20)
                wire.send(control, _answer(request, shell, recorder))
            else:
                peer.serve_one()
        except (EOFError, ConnectionError):
            return


def _answer(request: dict[str, Any], shell: RecordingShell, recorder: Recorder) -> dict[str, Any]:
    match request:
        case {"run": number, "source": source, "seconds": seconds}:
            recorder.start_cell()
            error = _run(shell, source, seconds)
            return {"ran": number, "outputs": recorder.outputs, "error": error}
        case {"take": number}:
            return {"took": number, "printed": recorder.take_text()}
    raise ValueError("no such request")


def _run(shell: RecordingShell, source: str, seconds: float) -> tuple[str, str] | None:
    """Run one cell; return class name and message of what it ended with."""
    try:
        with time_limit(seconds):
            result = shell.run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
    except (CellTimeoutError, OutputLimitError) as stopped:  # in the shell itself, while it shows something
        error = stopped
        shell.recorder.error(type(stopped).__name__, str(stopped), [])
    if error is None:
        return None
    try:
        return type(error).__name__, str(error)
    except BaseException:  # its class may be the student's
        return "Exception", ""


def _start_alike(seed: int) -> None:
    """Let what draws numbers at random draw the same in every run."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)
    os.environ["PYTHONUNBUFFERED"] = "1"
