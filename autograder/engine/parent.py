"""The engine's side of the warm parent: starting it, asking it for processes, hearing of those that ended."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict

from autograder.engine import wire
from autograder.engine.errors import EngineError
from autograder.engine.limits import Limits

IMPORTS_AT_ONCE = 200  # names in one request, which must stay below a socket's buffer
IMPORT_SECONDS = 180.0  # on a busy machine with cold disks
# What of the environment the warm parent, and with it the student's code, may see.
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "KERAS_BACKEND", "SYSTEMROOT", "PYTHONDONTWRITEBYTECODE")
_SET_VARIABLES = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",  # a GPU cannot be shared with forks
    "KERAS_HOME": os.devnull,  # else Keras reads settings in /tmp, which anybody may have put there, and leaves its own
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # As many submissions run at once as there are cores; each keeps to one.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # fewer and larger pages, which makes forking faster
    "PYTHONNOUSERSITE": "1",
    "PYTHONSAFEPATH": "1",
}


class WarmParent:
    """A running warm parent. Its methods may be called from any thread."""

    def __init__(self, modules: Sequence[str], *, hash_seed: int = 0) -> None:
        """Start it; `wait` waits until it has imported the modules."""
        ours, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        environment |= _SET_VARIABLES | {"PYTHONHASHSEED": str(hash_seed)}
        paths = [path for path in sys.path if path and os.path.isdir(path)]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "autograder.engine.warm", str(theirs.fileno()), *modules],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment,
                pass_fds=[theirs.fileno()],
                cwd="/",
                start_new_session=True,  # Ctrl-C in the terminal goes to the engine alone
            )
        self._socket = ours
        self._request = threading.Lock()
        self._news = threading.Condition()
        self._hello: dict | None = None
        self._more = False  # whether the imports asked for are done
        self._pid: int | None = None  # of the fork asked for last
        self._statuses: dict[int, int] = {}
        self._forgotten: set[int] = set()
        self._gone = False
        threading.Thread(target=self._listen, name="warm-parent", daemon=True).start()
        self._stderr = b""
        threading.Thread(target=self._drain, name="warm-parent-stderr", daemon=True).start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait(self) -> None:
        """Wait until everything is imported.

        Raises:
            EngineError: if it fails.
        """
        with self._news:
            self._news.wait_for(lambda: self._hello or self._gone, timeout=IMPORT_SECONDS)
            if self._hello is None:
                raise EngineError(self._obituary("The warm parent process did not start"))

    @property
    def failed_imports(self) -> dict[str, str]:
        """Modules that could not be imported, and why."""
        return {} if self._hello is None else self._hello["failed"]

    def fork(
        self, role: str, link: socket.socket, limits: Limits, *, files: dict[str, bytes], seed: int, sandbox: str
    ) -> tuple[int, socket.socket]:
        """Fork a student's process or an examiner; return its process id and the control socket.

        `link` is its end of the socket to the other of the two; it is closed here.
        """
        control, theirs = socket.socketpair()
        with theirs, link, self._request:
            self._pid = None
            try:
                socket.send_fds(self._socket, [f"fork {role}".encode()], [theirs.fileno(), link.fileno()])
            except OSError as error:
                control.close()
                raise EngineError(self._obituary("The warm parent process is gone")) from error
            with self._news:
                self._news.wait_for(lambda: self._pid is not None or self._gone)
                pid = self._pid
        if pid is None:
            control.close()
            raise EngineError(self._obituary("The warm parent process is gone"))
        start = {"limits": asdict(limits), "files": list(files), "seed": seed, "sandbox": sandbox}
        with contextlib.suppress(OSError):  # it died at once: whoever reads from it will see
            wire.send(control, start, list(files.values()))
        return pid, control

    def import_more(self, modules: Sequence[str]) -> None:
        """Import further modules, for the forks to come. One that cannot be imported does no harm."""
        for start in range(0, len(modules), IMPORTS_AT_ONCE):
            names = " ".join(["import", *modules[start : start + IMPORTS_AT_ONCE]]).encode()
            with self._request, contextlib.suppress(OSError):
                self._more = False
                self._socket.sendall(names)
                with self._news:
                    self._news.wait_for(lambda: self._more or self._gone)

    def exit_status(self, pid: int, timeout: float = 2.0) -> int | None:
        """Return how a fork ended: its exit code, or the negated number of the signal that killed it."""
        with self._news:
            self._news.wait_for(lambda: pid in self._statuses or self._gone, timeout=timeout)
            return self._statuses.get(pid)

    def forget(self, pid: int) -> None:
        """Not want to know any more how a fork ended."""
        with self._news:
            if self._statuses.pop(pid, None) is None:
                self._forgotten.add(pid)

    def close(self) -> None:
        """End it, and with it all that it has forked."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._hello is None:  # it imports, and has forked nothing yet
            self._process.kill()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._socket.close()

    def _listen(self) -> None:
        buffer = b""
        while True:
            try:
                data = self._socket.recv(1 << 16)
            except OSError:
                data = b""
            *lines, buffer = (buffer + data).split(b"\n")
            with self._news:
                for line in lines:
                    self._note(json.loads(line))
                self._gone = self._gone or not data
                self._news.notify_all()
            if not data:
                return

    def _note(self, message: dict) -> None:
        if "imported" in message:
            self._hello = message
        elif "more" in message:
            self._more = True
        elif "pid" in message:
            self._pid = message["pid"]
        elif message["ended"] in self._forgotten:
            self._forgotten.discard(message["ended"])
        else:
            self._statuses[message["ended"]] = message["status"]

    def _drain(self) -> None:
        for line in self._process.stderr or ():
            self._stderr = (self._stderr + line)[-4000:]

    def _obituary(self, what: str) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
            time.sleep(0.1)  # for the last of stderr
        lines = self._stderr.decode(errors="replace").strip().splitlines()
        return f"{what} (exit status {self._process.returncode}). {lines[-1] if lines else ''}".rstrip()
