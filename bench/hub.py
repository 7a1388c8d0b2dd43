"""A JupyterLab as a hub starts it, and notebooks run in its kernels while the memory of all of it is watched."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from jupyter_client.blocking import BlockingKernelClient

TOKEN = "check"
_RESIDENT = re.compile(r"^Rss(Anon|File|Shmem):\s*(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True)
class Server:
    """A running JupyterLab.

    Attributes:
        url: without a slash at its end.
        pid: of the first process; the kernels are below it.
        runtime: the folder with its kernels' connection files.
        home: the folder that it shows.
    """

    url: str
    pid: int
    runtime: Path
    home: Path

    def ask(self, path: str, *, post: object = None, method: str | None = None) -> tuple[str, bytes]:
        """Send a request; return the address that it ended at (after redirects) and the answer.

        Raises:
            OSError: the server refused, or does not answer.
        """
        data = None if post is None else json.dumps(post).encode()
        request = urllib.request.Request(f"{self.url}/{path}", data, {"Authorization": f"token {TOKEN}"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.geturl(), answer.read()


@dataclass(frozen=True)
class Run:
    """A notebook's run in a kernel of the server.

    Attributes:
        private_megabytes: the largest sum that server and kernel have written to at one time, which a pod must have.
        resident_megabytes: the same with mapped files, TensorFlow's library above all, which Linux drops and reads
            again where memory is short.
        cpu_seconds: processor time of the kernel.
        error: what the first failing cell raised, or what was written to stderr; empty if all went well.
    """

    private_megabytes: float
    resident_megabytes: float
    cpu_seconds: float
    error: str


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def answering(process: subprocess.Popen, ask: Callable[[], object], log: Path) -> Iterator[None]:
    """Wait until a JupyterLab answers; end it afterwards, with its kernels if it was started in a session of its own.

    Args:
        process: of the server.
        ask: sends a request; raises OSError as long as nobody answers.
        log: what the server writes.

    Raises:
        RuntimeError: it does not answer within two minutes.
    """
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                ask()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}") from None
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            if os.getsid(process.pid) == process.pid:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()


@contextlib.contextmanager
def serve(command: list[str], home: Path, environment: dict[str, str], scratch: Path) -> Iterator[Server]:
    """Run a command that ends in ``jupyter lab``; yield the server once it answers, and end it afterwards.

    Args:
        command: JupyterLab's port, address and token are added to it.
        home: where it runs.
        environment: the whole of it.
        scratch: an empty folder for the log and for what Jupyter writes for its user.

    Raises:
        RuntimeError: it does not answer within two minutes.
    """
    port = free_port()
    command = [*command, "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--IdentityProvider.token={TOKEN}"] + ["--allow-root"] * (os.geteuid() == 0)
    runtime, log = scratch / "runtime", scratch / "jupyter.log"
    environment = environment | {"JUPYTER_RUNTIME_DIR": str(runtime)}
    with open(log, "w") as written:
        process = subprocess.Popen(
            command, cwd=home, env=environment, stdout=written, stderr=written, start_new_session=True
        )
    server = Server(f"http://127.0.0.1:{port}", process.pid, runtime, home)
    with answering(process, lambda: server.ask("api/status"), log):
        yield server


def pull(server: Server, repository: str, folder: str) -> None:
    """Let nbgitpuller fetch a repository into a folder, as an nbgitpuller link does.

    Raises:
        RuntimeError: it did not get there.
    """
    query = urllib.parse.urlencode({"repo": repository, "branch": "main", "targetpath": folder})
    _, answer = server.ask(f"git-pull/api?{query}")
    if '"phase": "finished"' not in answer.decode():
        raise RuntimeError(f"nbgitpuller did not fetch {repository}:\n{answer.decode()}")


def run_notebook(server: Server, path: str, *, before: str = "", timeout: float = 180) -> Run:
    """Run a notebook's cells in a new kernel of the server, as its page in the browser would.

    Args:
        server: that shows the notebook.
        path: of the notebook, below the folder that the server shows.
        before: code that runs first.
        timeout: seconds that a cell may take. A kernel that is killed for its memory shows in this way, too.
    """
    notebook = nbformat.read(server.home / path, as_version=4)
    sources = [before] * bool(before) + [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    wanted = {"path": path, "name": Path(path).name, "type": "notebook", "kernel": {"name": "python3"}}
    session = json.loads(server.ask("api/sessions", post=wanted)[1])
    client = BlockingKernelClient(connection_file=str(server.runtime / f"kernel-{session['kernel']['id']}.json"))
    stderr: list[str] = []

    def listen(message: dict) -> None:
        if message["msg_type"] == "stream" and message["content"]["name"] == "stderr":
            stderr.append(message["content"]["text"])

    error, kernel = "", _kernel(server, session["kernel"]["id"])
    with _watch(server.pid) as peak:
        try:
            client.load_connection_file()
            client.start_channels()
            _wait(client, timeout)
            for source in sources:
                reply = client.execute_interactive(source, allow_stdin=False, output_hook=listen, timeout=timeout)
                if reply["content"]["status"] != "ok":
                    error = f"{reply['content'].get('ename')}: {reply['content'].get('evalue')}"
                    break
        except (TimeoutError, RuntimeError) as failure:
            error = f"no answer from the kernel: {failure or 'a cell took too long'}"
        finally:
            client.stop_channels()
        with contextlib.suppress(psutil.Error):
            times = kernel.cpu_times()
            server.ask(f"api/sessions/{session['id']}", method="DELETE")
            return Run(*peak, times.user + times.system, error or "".join(stderr).strip())
    return Run(*peak, float("nan"), f"the kernel was killed. {error}".strip())


def _wait(client: BlockingKernelClient, timeout: float) -> None:
    """Wait until a kernel that has just been started answers."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            client.wait_for_ready(timeout=timeout)
            return
        except RuntimeError:  # "died", says the client of a kernel whose heart does not beat yet
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _kernel(server: Server, kernel_id: str) -> psutil.Process:
    """The process of a kernel."""
    for child in psutil.Process(server.pid).children(recursive=True):
        if any(kernel_id in part for part in child.cmdline()):
            return child
    raise RuntimeError("the server has started no kernel")


@contextlib.contextmanager
def _watch(pid: int) -> Iterator[list[float]]:
    """Watch a process and all below it; the list holds the largest of what `memory` returned."""
    peak, done = [0.0, 0.0], threading.Event()

    def look() -> None:
        while not done.wait(0.2):
            peak[:] = map(max, peak, memory(pid))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def memory(pid: int) -> tuple[float, float]:
    """Private and resident memory of a process and all below it, in MB; no file that two of them map counts twice.

    Proportional set sizes would not do: they shrink when anybody else on the machine runs TensorFlow.
    """
    private = files = 0.0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            with contextlib.suppress(OSError):  # it has ended meanwhile
                status = Path(f"/proc/{process.pid}/status").read_text()
                size = {name: int(kilobytes) / 1024 for name, kilobytes in _RESIDENT.findall(status)}
                private += size.get("Anon", 0) + size.get("Shmem", 0)
                files = max(files, size.get("File", 0))
    return private, private + files
