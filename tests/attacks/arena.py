"""Where attacks are tried: a whole course in namespaces of its own, so that nothing of them can reach this machine.

`fight` starts ``python -m tests.attacks.arena`` under `unshare`: as the first process of a process namespace (no signal
from inside can kill it, and all that is left over becomes its child), with its own network, its own /tmp, home folder
and shared memory, everything else read-only, and a limit on processes and memory. It lets a grader loose on the course
and looks at what came of it. What it finds it says as JSON.
"""

import base64
import contextlib
import ctypes
import hashlib
import json
import os
import re
import resource
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.notebook import read_notebook
from tests.attacks.attack import read_attacks
from tests.attacks.exercise import ASSIGNMENT, NOTEBOOK

REPOSITORY = Path(__file__).resolve().parents[2]
GROUND = Path("/mnt")  # where the course lies in there
PORT = 7007  # what listens on the arena's loopback, for attacks that look for a network
PRIVATE = ("/tmp", "/var/tmp", "/dev/shm", "/run")
MARK = "left-by-attack"  # how the names of files begin that attacks leave where they can
GRADERS = {
    "autograder": [[sys.executable, "-m", "autograder", "grade", ASSIGNMENT]],
    "nbgrader": [[sys.executable, "-m", "tests.attacks.stock", "{student}"]],
}
_CLONE_NEWNS, _MS_PRIVATE, _MS_REC = 0x20000, 1 << 18, 1 << 14
_MOUNT_SETATTR, _AT_RECURSIVE, _RDONLY = 442, 0x8000, 1
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{64,}={0,2}")


@dataclass
class Aftermath:
    """What came of grading a class."""

    status: int | None = None
    """Of the grader: below 0 if a signal killed it, None if it had to be stopped."""
    seconds: float = 0.0
    points: dict[str, dict[str, float]] = field(default_factory=dict)
    """By student, by question, from the gradebook."""
    leaks: dict[str, list[str]] = field(default_factory=dict)
    """By student: which secrets stand in what that student gets to see."""
    left: list[str] = field(default_factory=list)
    """Processes that were there afterwards, by what they call themselves."""
    files: list[str] = field(default_factory=list)
    """Files that are there or are different afterwards and should not."""
    heard: list[str] = field(default_factory=list)
    """What reached the arena's network."""
    pages: list[str] = field(default_factory=list)
    """Who has got a feedback page."""
    said: str = ""
    """The end of what the grader said."""
    trouble: str = ""
    """Why there is nothing else here."""


def can_fight() -> bool:
    """Whether this machine lets `fight` make its namespaces."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return subprocess.run([*_unshare(), "true"], capture_output=True, timeout=20, check=False).returncode == 0
    return False


def fight(grader: str, course: Path, secrets: dict[str, str], *, attacks: Sequence[str], seconds: float) -> Aftermath:
    """Hand attacks in to a copy of a course, and grade it, in an arena.

    Args:
        grader: one of `GRADERS`.
        course: the course's root folder; it stays as it is.
        secrets: what no student may see, by kind.
        attacks: the names of the attacks.
        seconds: after which the grader is stopped.
    """
    order = json.dumps([grader, str(course), secrets, list(attacks), seconds])
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV", "XDG_", "JUPYTER"))
    }
    environment |= {"PYTHONPATH": str(REPOSITORY), "AUTOGRADER_TOKEN": secrets["environment"], "HOME": f"{GROUND}/home"}
    environment |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    with _memory_limit(6 * 2**30) as enter, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*_unshare(), sys.executable, "-m", "tests.attacks.arena"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            cwd=REPOSITORY,
            env=environment,
            preexec_fn=enter,
        )
        try:
            answer, _ = process.communicate(order.encode(), timeout=seconds + 60)
            return Aftermath(**json.loads(answer))
        except (subprocess.TimeoutExpired, ValueError):
            process.kill()
            process.wait()
            said.seek(0)
            return Aftermath(trouble=f"the arena came down ({process.returncode}): {said.read()[-2000:].decode()}")


def _unshare() -> list[str]:
    command = ["unshare", "--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child", "--mount-proc"]
    return command if os.geteuid() == 0 else [*command, "--user", "--map-root-user"]


@contextlib.contextmanager
def _memory_limit(size: int):
    """Yield what a new process has to call to be limited with all its children, as well as this machine allows."""

    def by_process() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    try:
        (line,) = [line for line in Path("/proc/self/cgroup").read_text().splitlines() if ":memory:" in line]
        group = Path("/sys/fs/cgroup/memory") / line.split(":")[2].lstrip("/") / f"arena-{os.getpid()}-{time.time_ns()}"
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text(str(size))
    except (OSError, ValueError):
        yield by_process
        return

    def by_group() -> None:
        by_process()
        (group / "cgroup.procs").write_text("0")

    try:
        yield by_group
    finally:
        for _ in range(50):
            with contextlib.suppress(OSError):
                group.rmdir()
                break
            time.sleep(0.1)


# --- in the arena ---------------------------------------------------------------------------------------------------


def main() -> None:
    """Do what stands on stdin."""
    grader, course, secrets, names, seconds = json.loads(sys.stdin.buffer.read())
    answer = os.dup(1)
    os.dup2(2, 1)
    os.closerange(answer + 1, 256)
    root = _fence(Path(course), "500" if grader == "nbgrader" else "1500")
    released = read_notebook(root / "exercises" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")
    for attack in read_attacks():
        if attack.name in names:
            attack.hand_in(root / "grading" / "submitted" / attack.name / ASSIGNMENT, released)
    (GROUND / "home" / ".netrc").write_text(f"machine example login me password {secrets['home']}\n")
    before = _picture(root)
    listener = _Listener()
    aftermath = Aftermath()
    started, statuses = time.monotonic(), []
    for command in GRADERS[grader]:
        for student in names if "{student}" in command else [""]:
            left_to_go = seconds - (time.monotonic() - started)
            words = [word.replace("{student}", student) for word in command]
            status, said = _grade(words, root, left_to_go, limit_processes=grader == "nbgrader")
            aftermath.said = (aftermath.said + said)[-6000:]
            statuses.append(status)
    aftermath.status = None if None in statuses else min(statuses)
    aftermath.seconds = time.monotonic() - started
    aftermath.left = _clear()
    aftermath.heard = listener.close()
    aftermath.files = _changed(root, before, strict=grader == "autograder")
    aftermath.points = _points(root)
    aftermath.leaks = {folder.name: found for folder in _students(root) if (found := _leaks(root, folder, secrets))}
    aftermath.pages = sorted(path.parents[1].name for path in root.glob(f"grading/feedback/*/*/{NOTEBOOK}.html"))
    os.write(answer, json.dumps(asdict(aftermath)).encode())


def _fence(course: Path, processes: str) -> Path:
    """Cover what can be written to, and make the rest read-only; return where the course lies now."""
    libc = ctypes.CDLL(None, use_errno=True)

    def check(result: int) -> None:
        if result:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    def cover(place: str, size: str) -> None:
        check(libc.mount(b"arena", place.encode(), b"tmpfs", 6, f"size={size},nr_inodes=60000,mode=1777".encode()))

    check(libc.mount(b"none", b"/", None, _MS_PRIVATE | _MS_REC, None))
    attributes = (ctypes.c_uint64 * 4)(_RDONLY, 0, 0, 0)
    for place in sorted(path for path in os.listdir("/") if path not in ("proc", "dev", "sys")):
        if os.path.ismount(f"/{place}"):
            libc.syscall(_MOUNT_SETATTR, -100, f"/{place}".encode(), _AT_RECURSIVE, ctypes.byref(attributes), 32)
    check(libc.syscall(_MOUNT_SETATTR, -100, b"/", 0, ctypes.byref(attributes), 32))
    cover(str(GROUND), "1500m")
    root = GROUND / "course"
    shutil.copytree(course, root)
    for place in PRIVATE:
        if Path(place).is_dir() and not Path(place).is_symlink():
            cover(place, "300m")
    (GROUND / "home").mkdir()
    os.environ.pop("TMPDIR", None)
    with contextlib.suppress(OSError):
        Path("/proc/sys/kernel/pid_max").write_text(processes)  # this namespace's own, since Linux 6.14
    return root


def _grade(command: Sequence[str], root: Path, seconds: float, *, limit_processes: bool) -> tuple[int | None, str]:
    """Run a grader; return its exit status, None if it was stopped, and the end of what it said."""

    def limit() -> None:
        if limit_processes:
            resource.setrlimit(resource.RLIMIT_AS, (5 * 2**30, 5 * 2**30))
            resource.setrlimit(resource.RLIMIT_FSIZE, (200 * 2**20, 200 * 2**20))
            resource.setrlimit(resource.RLIMIT_NPROC, (1000, 1000))

    read, write = os.pipe()
    process = subprocess.Popen(
        command,
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=write,
        start_new_session=True,
        preexec_fn=limit,
    )
    os.close(write)
    said = bytearray()
    deadline = time.monotonic() + max(1.0, seconds)
    with selectors.DefaultSelector() as selector:
        selector.register(read, selectors.EVENT_READ)
        while process.poll() is None and time.monotonic() < deadline:
            if selector.select(timeout=0.2):
                said += os.read(read, 65536)
                del said[:-6000]
        while selector.select(timeout=0) and (more := os.read(read, 65536)):
            said = (said + more)[-6000:]
    os.close(read)
    status = process.poll()
    if status is None:
        process.kill()
        process.wait()
    return status, said.decode(errors="replace")


def _clear() -> list[str]:
    """Name the processes that a grader has left, after a moment's grace, and kill them."""
    for _ in range(10):
        _reap()
        if not _others():
            return []
        time.sleep(0.2)
    names = [_name(pid) for pid in _others()]
    for _ in range(50):
        for pid in _others():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        _reap()
        if not _others():
            break
        time.sleep(0.05)
    return sorted(names)


def _others() -> list[int]:
    """All processes of the arena but this one, and those that are dead already."""
    alive = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            with contextlib.suppress(OSError):
                state = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[0]
                if state not in "ZX":
                    alive.append(int(name))
    return alive


def _name(pid: int) -> str:
    with contextlib.suppress(OSError):
        comm = Path(f"/proc/{pid}/comm").read_text().strip()
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return f"{comm} ({line.strip()[:120]})"
    return "?"


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


class _Listener:
    """Listens on the loopback and on sockets with names, and keeps what it hears."""

    def __init__(self) -> None:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=False, capture_output=True)
        self._heard: list[str] = []
        self._sockets = []
        for kind, family, type_, address in (
            ("tcp", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", PORT)),
            ("udp", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", PORT)),
            ("unix", socket.AF_UNIX, socket.SOCK_STREAM, "/tmp/arena.sock"),
            ("abstract", socket.AF_UNIX, socket.SOCK_STREAM, "\0arena"),
        ):
            one = socket.socket(family, type_)
            one.bind(address)
            if type_ == socket.SOCK_STREAM:
                one.listen(64)
            self._sockets.append(one)
            threading.Thread(target=self._listen, args=(kind, one, type_), daemon=True).start()

    def _listen(self, kind: str, one: socket.socket, type_: int) -> None:
        with contextlib.suppress(OSError):
            while True:
                if type_ == socket.SOCK_DGRAM:
                    word = one.recv(200)
                    if not word:  # closed
                        return
                else:
                    caller, _ = one.accept()
                    caller.settimeout(1)
                    word = b"a caller that says nothing"
                    with contextlib.suppress(OSError):
                        word = caller.recv(200) or word
                    caller.close()
                self._heard.append(f"{kind}: {word.decode(errors='replace')}")

    def close(self) -> list[str]:
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        with contextlib.suppress(OSError):
            os.unlink("/tmp/arena.sock")
        return self._heard


def _students(root: Path) -> Iterable[Path]:
    return sorted((root / "grading" / "submitted").iterdir())


def _files(folder: Path) -> Iterable[Path]:
    for where, _, names in os.walk(folder):
        for name in names:
            yield Path(where) / name


def _picture(root: Path) -> dict[str, str]:
    """What must stay as it is: every file of the course but those that grading writes, and of the home folder."""
    kept = [root / "solutions", root / "exercises", root / "grading" / "submitted", root / "nbgrader_config.py"]
    files = [path for place in kept for path in ([place] if place.is_file() else _files(place))]
    return {str(path): _digest(path) for path in [*files, *_files(GROUND / "home")]}


def _digest(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return f"{path.lstat().st_mode:o} {os.readlink(path) if path.is_symlink() else ''}"
    if path.stat().st_size > 10**7:  # a sparse file can say that it has a terabyte
        return f"{path.stat().st_size} {path.stat().st_mtime_ns}"
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _changed(root: Path, before: dict[str, str], *, strict: bool) -> list[str]:
    """Files that are not as they were, and, if strict, those that are left in /tmp and the like."""
    found = [name for name, digest in before.items() if not os.path.lexists(name) or _digest(Path(name)) != digest]
    found += [name for name in _picture(root) if name not in before and not name.startswith(str(GROUND / "home"))]
    found += [str(path) for place in (str(GROUND), *PRIVATE) for path in _files(Path(place)) if MARK in path.name]
    if strict:
        found += [str(path) for place in PRIVATE for path in _files(Path(place))]
    return sorted(set(found))[:200]


def _points(root: Path) -> dict[str, dict[str, float]]:
    """All marks, by student and graded cell."""
    from nbgrader.api import Gradebook

    points: dict[str, dict[str, float]] = {}
    try:
        with Gradebook(f"sqlite:///{root / 'grading' / 'gradebook.db'}", "deep-learning-course") as gradebook:
            for submission in gradebook.assignment_submissions(ASSIGNMENT):
                grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
                points[submission.student.id] = {grade.name: float(grade.score or 0.0) for grade in grades}
    except Exception as error:  # an attack may have destroyed it
        return {"gradebook": {f"{type(error).__name__}: {error}": 0.0}}
    return points


def _leaks(root: Path, student: Path, secrets: dict[str, str]) -> list[str]:
    """Which secrets stand in a student's feedback, or in the outputs of the notebook that it was made of.

    That notebook is not for the student: what hidden tests called an answer with may stand in it.
    """
    pages = [path.read_bytes() for path in _files(root / "grading" / "feedback" / student.name)]
    outputs = []
    for path in (root / "grading" / "autograded" / student.name).rglob("*.ipynb"):
        if not path.is_symlink():
            with contextlib.suppress(ValueError):
                cells = json.loads(path.read_bytes())["cells"]
                open_ = [c for c in cells if not c["metadata"].get("nbgrader", {}).get("locked")]
                outputs.append(json.dumps([c.get("outputs") for c in open_], ensure_ascii=False).encode())
    pages, outputs = _with_pictures(pages), _with_pictures(outputs)
    own = _own_words(student)
    return sorted(
        kind
        for kind, secret in secrets.items()
        if any(f in text for text in pages + outputs * (kind != "argument") for f in _forms(secret))
        and not any(f in own for f in _forms(secret))
    )


def _with_pictures(texts: list[bytes]) -> list[bytes]:
    """Texts, and what stands in them in base64."""
    encoded = [match for text in texts for match in _BASE64.findall(text)]
    return texts + [base64.b64decode(match + b"=" * (-len(match) % 4)) for match in encoded]


def _own_words(student: Path) -> bytes:
    """What a student has handed in, which is no secret to that student."""
    return b"".join(path.read_bytes() for path in _files(student) if not path.is_symlink() and _is_small(path))


def _is_small(path: Path) -> bool:
    return path.is_file() and path.stat().st_size < 10**8


def _forms(secret: str) -> tuple[bytes, ...]:
    """A secret as it is, back to front, and in hexadecimal."""
    return secret.encode(), secret[::-1].encode(), secret.encode().hex().encode()


if __name__ == "__main__":
    main()
