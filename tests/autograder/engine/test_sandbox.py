"""The sandbox holds: each test is an attack from inside, or on what guards it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.engine.errors import EngineError
from autograder.engine.sandbox import REQUIRED, Box, Layer, enter, paths, probe, require

REPOSITORY = Path(__file__).resolve().parents[3]
RUNNER = [sys.executable, "-m", "tests.autograder.engine.box_runner"]
ROOT = os.geteuid() == 0
ORDINARY = 12345

LAYERS = probe()
pytestmark = pytest.mark.skipif(
    any(layer.required and not layer.active for layer in LAYERS),
    reason="; ".join(f"{layer.name}: {layer.detail}" for layer in LAYERS if layer.required and not layer.active),
)

# Places to start from: as we are; as an ordinary user; in a container that covers parts of /proc; in bubblewrap.
COVERED = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
COVERED += ['mount -t tmpfs none /proc/irq && exec "$@"', "sh"]
BUBBLEWRAP = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--unshare-all"]
BUBBLEWRAP += ["--ro-bind", str(REPOSITORY), str(REPOSITORY)]  # which may lie in /tmp
PLACES = ("here", "user", "covered", "bubblewrap")

BEGUN = """os.write(fd, b'{"begun": 1}\\n')"""


def start(prefix=(), **task) -> subprocess.Popen:
    process = subprocess.Popen(
        [*prefix, *RUNNER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    process.stdin.write(json.dumps(task))
    process.stdin.close()
    process.stdin = None
    return process


def run(code="", place="here", *, seconds=60, **task) -> dict:
    """Run code in a box; return what the runner says of it."""
    prefix = {"covered": COVERED, "bubblewrap": BUBBLEWRAP}.get(place, [])
    if prefix and shutil.which(prefix[0]) is None:
        pytest.skip(f"{prefix[0]} is not installed")
    if place == "user":
        if not ROOT:
            pytest.skip("that is who we are")
        task["user"] = ORDINARY
    process = start(prefix, code=code.replace("BEGUN", BEGUN), **task)
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        process.kill()
    assert out, err
    said = json.loads(out)
    assert not said["error"], said["error"]
    return said


def result(code, place="here", **task):
    """Run code in a box; return what it left in `result`. It must have come to its end."""
    said = run(code, place, **task)
    assert "raised" not in said, said["raised"]
    assert said["exit"] == 0, said
    assert "result" in said, said
    return said["result"]


def commands() -> list[str]:
    """Command lines of all processes of this machine that have one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def gone(mark: str, seconds=5.0) -> bool:
    """Wait until no process has this in its command line."""
    end = time.monotonic() + seconds
    while any(mark in command for command in commands()):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def mark(request) -> str:
    """A number of seconds to sleep that no other process on this machine sleeps."""
    return f"9{os.getpid()}{abs(hash(request.node.name)) % 10_000}.5"


# --- what it is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_required_layers_are_there_wherever_it_starts(place):
    layers = run("result = 1", place)["layers"]
    assert set(REQUIRED) <= set(layers)
    assert {"privileges", "limits", "seccomp"} <= set(layers)
    assert ("proc" in layers) == (place in ("here", "user"))


def test_root_runs_it_as_an_ordinary_user():
    if not ROOT:
        pytest.skip("needs root")
    assert result("result = os.getuid(), os.getgid(), os.getgroups()") == [65534, 65534, []]


def test_its_files_lie_in_the_working_folder_and_home_is_empty():
    code = """
result = {
    "text": open("data/a.csv").read(), "cwd": os.getcwd(), "home": os.listdir(os.environ["HOME"]),
    "here": sorted(os.listdir(".")), "tmp": __import__("tempfile").gettempdir(), "tilde": os.path.expanduser("~"),
    "private": os.path.realpath("/tmp"),
}
"""
    found = result(code, files={"data/a.csv": "1,2", "b.txt": ""})
    assert found["text"] == "1,2"
    assert found["here"] == ["b.txt", "data"]
    assert found["home"] == []
    assert found["tilde"] == "/box/home"
    assert all(found[name].startswith("/box/") for name in ("cwd", "tmp"))
    assert found["private"].startswith("/box/") or REPOSITORY.is_relative_to("/tmp")


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../up", "", ".", "nul\0l"])
def test_file_names_stay_inside(name):
    with pytest.raises(EngineError, match="cannot be called"):
        enter(Box({name: b""}))


def test_open_folders_are_not_handed_in():
    folder = os.open("/", os.O_RDONLY)
    try:
        with pytest.raises(EngineError, match="is a folder"):
            enter(Box(), keep=(folder,))
    finally:
        os.close(folder)


@pytest.mark.parametrize("mode", ["full", "none"])
@pytest.mark.parametrize("status", [0, 7, 255])
def test_exit_status_is_passed_on(mode, status):
    assert run(f"os._exit({status})", mode=mode)["exit"] == status


@pytest.mark.parametrize("mode", ["full", "none"])
@pytest.mark.parametrize("number", ["SIGSEGV", "SIGKILL", "SIGTERM", "SIGINT", "SIGABRT"])
def test_signals_are_passed_on(mode, number):
    reset = "" if number == "SIGKILL" else f"signal.signal(signal.{number}, signal.SIG_DFL)\n"
    assert run(f"{reset}os.kill(os.getpid(), signal.{number})", mode=mode)["exit"] == -getattr(signal, number)


@pytest.mark.parametrize("mode", ["full", "none"])
def test_only_descriptors_that_were_kept_are_open(mode):
    code = """
def is_open(number):
    try:
        return bool(os.fstat(number))
    except OSError:
        return False
result = [number for number in range(3, 512) if is_open(number) and number != fd], os.read(0, 1) == b""
"""
    assert result(code, mode=mode) == [[], True]


# --- reading ---------------------------------------------------------------------------------------------------------

SECRET = [
    "/etc/shadow",
    "/etc/sudoers",
    "/etc/ssh",
    "/var/log",
    "/var/lib",
    "/run",
    "/boot",
    "/mnt",
    "/opt",
    "/srv",
    "/sys/fs",
    "/sys/kernel",
    "/dev/pts",
    "/dev/tty",
    "/dev/mem",
    "/dev/kmsg",
    "/dev/fuse",
    "/dev/zero",
    "/.old",
    *(
        str(REPOSITORY / name)
        for name in ("solutions", "sources", "grading", "tests", "autograder", ".git", "exercises")
    ),
    *(str(REPOSITORY / name) for name in ("nbgrader_config.py", "pyproject.toml", "bench", "course")),
    *(str(Path.home() / name) for name in (".bashrc", ".profile", ".ssh", ".cache", ".config", ".gitconfig", ".netrc")),
]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_secret_is_there(place):
    assert result(f"result = [path for path in {SECRET!r} if os.path.lexists(path)]", place) == []


def test_only_what_python_needs_shows_of_the_repository_and_of_homes():
    code = f"""
result = [os.listdir({str(REPOSITORY)!r}), can(os.listdir, {str(Path.home())!r}), can(os.listdir, "/home")]
"""
    repository, home, homes = result(code)
    assert set(repository) <= {"dlcourse", ".venv"}
    assert set(home or []) <= {".pyenv", ".local", "miniconda3", ".fonts"}, home
    assert set(homes or []) <= {Path.home().name}


def test_what_python_needs_can_be_read():
    code = f"""
import dlcourse.checks, numpy, json, colorsys
result = [bool(os.listdir(path)) for path in {[sys.prefix, sys.base_prefix, str(REPOSITORY / "dlcourse")]!r}]
"""
    assert result(code) == [True] * 3


def test_a_planted_secret_is_nowhere(tmp_path):
    """Walks all there is, and finds a file of this machine's only if it was asked to be readable."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    (folder / "secret-of-another.txt").write_text("42")
    code = """
result = []
for folder, folders, files in os.walk("/"):
    if folder in ("/proc", "/usr", "/sys"):
        folders.clear()
    folders[:] = [name for name in folders if name not in ("site-packages",)]
    result += [os.path.join(folder, name) for name in files if name == "secret-of-another.txt"]
"""
    assert result(code) == []
    assert result(code, readable=[str(folder)]) == [str(folder / "secret-of-another.txt")]


@pytest.mark.parametrize("place", PLACES)
def test_other_processes_cannot_be_seen(place, mark):
    other = subprocess.Popen(["sleep", mark], env={"PASSWORD": "hunter2", "PATH": os.environ["PATH"]})
    code = f"""
import glob
seen = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
text = b""
for name in ("environ", "cmdline", "maps", "mem", "cwd", "root", "exe", "fd", "stack", "syscall", "auxv"):
    for pid in {{1, {other.pid}, {os.getpid()}, os.getppid()}}:
        path = f"/proc/{{pid}}/{{name}}"
        if can(os.readlink, path) or can(os.listdir, path):
            text += path.encode() + b" "
        try:
            text += open(path, "rb").read(65536)
        except OSError:
            pass
result = [len(seen), text.replace(b"sleep", b"").decode("latin-1")[:300], can(os.kill, {other.pid}, 0)]
"""
    try:
        count, text, killed = result(code, place)
    finally:
        other.kill()
        other.wait()
    assert count <= 2
    assert killed is None
    # The first process's command line is the runner's, and open to all; nothing else of it is.
    assert text.replace("\0", " ").strip() in ("", " ".join(RUNNER)), text


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_nothing_can_be_written_outside_the_private_folder(place):
    code = f"""
import stat
places = ["/", "/usr", "/usr/bin", "/etc", "/dev", "/root", "/home", "/var", "/lib", "/proc", "/proc/sys", "/sys",
          "/proc/self", "/sys/devices/system/cpu", {sys.prefix!r}, {sys.base_prefix!r}, {str(REPOSITORY)!r},
          {str(REPOSITORY / "dlcourse")!r}, os.path.dirname(os.__file__)]
result = []
for place in places:
    for name, attempt in dict(
        create=lambda: open(place + "/attack", "w"), folder=lambda: os.mkdir(place + "/attack"),
        link=lambda: os.symlink("/etc", place + "/attack"), mode=lambda: os.chmod(place, 0o777),
        times=lambda: os.utime(place), fifo=lambda: os.mkfifo(place + "/attack"),
        rename=lambda: os.rename(place, place + "2"), remove=lambda: os.rmdir(place),
    ).items():
        if can(attempt):
            result.append([name, place])
for path in [os.__file__, "/etc/passwd", "/proc/sys/kernel/hostname", "/proc/self/oom_score_adj", "/proc/self/uid_map",
             "/proc/self/mem", "/proc/sysrq-trigger", {str(REPOSITORY / "dlcourse" / "__init__.py")!r}]:
    if can(open, path, "r+b") or can(os.unlink, path) or can(os.truncate, path, 0):
        result.append(["change", path])
result.append(can(lambda: open("mine", "w").write("ok")))
"""
    assert result(code, place) == [2]


def test_the_disk_cannot_be_filled():
    code = """
import shutil
total = 0
for number in range(100):
    try:
        with open(f"{number}", "wb", buffering=0) as file:
            while True:
                total += file.write(bytes(2**20))
    except OSError as error:
        if error.errno == 28:
            break
where = ["/dev/shm/a", "/tmp/b", os.environ["HOME"] + "/c"]
result = [total / 2**20, [can(lambda: open(path, "wb", buffering=0).write(bytes(2**21))) for path in where]]
"""
    megabytes, others = result(code, limits={"disk_megabytes": 8})
    assert 7 <= megabytes <= 9
    assert sum(count or 0 for count in others) < 2**20


def test_no_million_of_files():
    code = """
made = 0
for number in range(1_000_000):
    try:
        os.close(os.open(f"/box/tmp/{number}", os.O_CREAT))
        made += 1
    except OSError:
        break
result = made
"""
    assert 100 <= result(code, limits={"files": 100}) <= 200


def test_no_device_files_and_no_other_user():
    code = """
import stat
result = [
    can(os.mknod, "disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0)),
    can(os.mknod, "null", 0o600 | stat.S_IFCHR, os.makedev(1, 3)),
    can(os.setuid, 0), can(os.seteuid, 0), can(os.setgid, 0), can(os.setgroups, [0]), can(os.chroot, "."),
    can(os.chown, ".", 1, 1), can(os.nice, -5),
]
"""
    assert result(code) == [None] * 9


def test_setuid_programs_gain_nothing():
    code = """
import subprocess
for program in ("/usr/bin/su", "/usr/bin/passwd", "/usr/bin/newuidmap", "/usr/bin/mount"):
    if os.path.exists(program):
        subprocess.run([program, "--help"], capture_output=True)
lines = subprocess.run(["/bin/cat", "/proc/self/status"], capture_output=True, text=True).stdout.splitlines()
result = {line.split(":")[0]: line.split()[-1] for line in lines if line.startswith(("Cap", "NoNewPrivs", "Seccomp:"))}
"""
    found = result(code)
    assert found.pop("NoNewPrivs") == "1"
    assert found.pop("Seccomp") == "2"
    assert set(found.values()) == {"0" * 16}, found


# --- network ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def listeners(tmp_path):
    """A TCP, a UDP and two Unix sockets of this machine, one of them abstract."""
    abstract = f"\0autograder-test-{os.getpid()}"
    named = str(tmp_path / "socket")
    tcp = socket.create_server(("127.0.0.1", 0))
    udp = socket.socket(type=socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    hidden, visible = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    hidden.bind(abstract)
    visible.bind(named)
    hidden.listen()
    visible.listen()
    udp.settimeout(0.2)
    yield {"tcp": tcp.getsockname(), "udp": udp.getsockname(), "abstract": abstract, "named": named}, udp
    for one in (tcp, udp, hidden, visible):
        one.close()


REACH = """
import socket
def reach(family, kind, address):
    with socket.socket(family, kind) as one:
        one.connect(address)
        if kind == socket.SOCK_DGRAM:
            one.send(b"x")
result = [
    can(reach, socket.AF_INET, socket.SOCK_STREAM, tuple(TCP)),
    can(reach, socket.AF_INET, socket.SOCK_DGRAM, tuple(UDP)),
    can(reach, socket.AF_UNIX, socket.SOCK_STREAM, ABSTRACT), can(reach, socket.AF_UNIX, socket.SOCK_STREAM, NAMED),
]
"""


@pytest.mark.parametrize("without", [[], ["seccomp"]])
@pytest.mark.parametrize("place", ["here", "user"])
def test_no_socket_of_the_machine_can_be_reached(place, without, listeners):
    addresses, udp = listeners
    code = "".join(f"{name.upper()} = {address!r}\n" for name, address in addresses.items()) + REACH
    assert result(code, "here", outside=True) == ["done"] * 4, "the attack itself works"
    assert udp.recv(10) == b"x"
    assert result(code, place, without=without) == [None] * 4
    with pytest.raises(TimeoutError):
        udp.recv(10)


def test_a_box_with_the_network_reaches_it_and_nothing_else_of_the_machine(listeners):
    addresses, _ = listeners
    code = "".join(f"{name.upper()} = {address!r}\n" for name, address in addresses.items()) + REACH
    found = result(code, network=True)
    assert found[:2] == ["done", "done"]
    assert found[3] is None


def test_only_local_sockets():
    code = """
import socket
result = [family for family in range(2, 46) if can(socket.socket, family, socket.SOCK_RAW)
          or can(socket.socket, family, socket.SOCK_STREAM) or can(socket.socket, family, socket.SOCK_DGRAM)]
left, right = socket.socketpair()
left.send(b"ok")
result.append(right.recv(2).decode())
"""
    assert result(code) == ["ok"]


# --- system calls ----------------------------------------------------------------------------------------------------


def test_refused_system_calls_are_refused():
    code = """
from errno import errorcode
libc = ctypes.CDLL(None, use_errno=True)
result = {}
for name, number in CALLS.items():
    ctypes.set_errno(0)
    result[name] = [libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6), errorcode.get(ctypes.get_errno())]
"""
    from autograder.engine.sandbox import seccomp

    column = seccomp._ARCHITECTURES[os.uname().machine][0]
    calls = {name: numbers[column] for name, numbers in {**seccomp._REFUSED, **seccomp._ABSENT}.items()}
    calls = {name: number for name, number in calls.items() if number is not None}
    found = result(f"CALLS = {calls!r}\n{code}")
    assert len(found) > 55
    for name, outcome in found.items():
        assert outcome == [-1, "ENOSYS" if name in seccomp._ABSENT else "EPERM"], name


def test_numbers_of_system_calls_are_the_kernels():
    header = Path("/usr/include/asm-generic/unistd.h")
    own = next((path for path in Path("/usr/include").glob("*/asm/unistd_64.h")), None)
    if not header.exists() or own is None or os.uname().machine != "x86_64":
        pytest.skip("needs the kernel's headers")
    import re

    from autograder.engine.sandbox import seccomp

    generic = {
        name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", header.read_text())
    }
    intel = {name: int(number) for name, number in re.findall(r"#define __NR_(\w+) (\d+)", own.read_text())}
    for name, numbers in {**seccomp._REFUSED, **seccomp._ABSENT}.items():
        for table, number in zip((intel, generic), numbers, strict=True):
            if name in table:
                assert table[name] == number, name


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="other numbers")
@pytest.mark.parametrize("place", ["here", "user"])
def test_no_way_round_the_filter(place):
    code = """
import mmap
libc = ctypes.CDLL(None, use_errno=True)
NEW = 0x10000000
machine = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
machine.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20 (getpid of 32-bit programs); int 0x80; ret
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(machine)))
child = os.fork()
if child == 0:
    os._exit(int(call() > 0))
status = os.waitpid(child, 0)[1]
result = {
    "32 bit": status == 256,
    "x32": libc.syscall(0x40000000 | 39) > 0,
    "clone": libc.syscall(56, NEW | 17, 0, 0, 0, 0) >= 0,
    "unshare": libc.unshare(NEW) >= 0,
    "terminal": libc.ioctl(0, 0x5412, b"x") >= 0,
    "terminal, high bits": libc.syscall(16, 0, ctypes.c_long(0x5412 | 1 << 40), b"x") >= 0,
    "dumpable": libc.prctl(4, 0, 0, 0, 0) >= 0,
    "shared memory": can(mmap.mmap, -1, 4096) is not None,
    "shared zero": can(open, "/dev/zero") is not None,
}
result = [name for name, gained in result.items() if gained]
"""
    assert result(code, place) == []


@pytest.mark.parametrize("without", [[], ["seccomp"]])
@pytest.mark.parametrize("place", ["here", "user", "covered"])
def test_mounts_cannot_be_changed(place, without):
    """Without the filter too, and even with all rights in a user namespace of the attacker's own."""
    code = f"""
libc = ctypes.CDLL(None, use_errno=True)
def attempts():
    gained = []
    for path in [b"/", b"/usr", b"/proc", b"/etc/alternatives", b"/dev/null", {sys.base_prefix.encode()!r}]:
        for flags in (0x20, 0x20 | 0x1000, 0x20 | 0x1000 | 2, 0x1000):
            if flags == 0x1000:
                continue
            if libc.mount(b"none", path, None, flags, None) == 0 and can(open, path.decode() + "/attack", "w"):
                gained.append([path.decode(), flags])
        if path != b"/dev/null" and libc.umount2(path, 2) == 0:
            gained.append(["umount", path.decode()])
    for attempt in (lambda: os.chroot("/box"), lambda: os.chroot("/proc/1/root")):
        if can(attempt) and can(os.listdir, "../../../../../../etc/ssh"):
            gained.append("chroot")
    return gained
result = attempts()
if {without!r}:
    uid = os.getuid()
    nested = libc.unshare(0x10000000 | 0x20000)
    can(lambda: open("/proc/self/uid_map", "w").write(f"0 {{uid}} 1"))
    result += attempts()
"""
    assert result(code, place, without=without) == []


@pytest.mark.parametrize("place", ["here", "user"])
def test_no_other_process_can_be_traced(place):
    code = """
libc = ctypes.CDLL(None, use_errno=True)
child = os.fork()
if child == 0:
    time.sleep(30)
    os._exit(0)
buffer = ctypes.create_string_buffer(64)
vector = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 64)
result = [libc.ptrace(16, pid, 0, 0) for pid in (1, child)]
result += [libc.process_vm_readv(pid, vector, 1, vector, 1, 0) for pid in (1, child)]
result += [can(open, "/proc/1/mem", "rb"), can(open, "/proc/1/maps"), can(os.listdir, "/proc/1/fd")]
"""
    assert result(code, place) == [-1, -1, -1, -1, None, None, None]


# --- limits ----------------------------------------------------------------------------------------------------------


def test_limits_cannot_be_raised():
    code = """
import resource
names = ["RLIMIT_CORE", "RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_MSGQUEUE"]
result = {}
for name in names:
    kind = getattr(resource, name)
    soft, hard = resource.getrlimit(kind)
    try:
        resource.setrlimit(kind, (hard + 1, hard + 1))
        result[name] = "raised"
    except (ValueError, OSError):
        result[name] = [soft == hard, hard != resource.RLIM_INFINITY]
"""
    assert set(map(tuple, result(code).values())) == {(True, True)}


def test_memory_is_refused_not_the_process_killed():
    code = """
try:
    bytearray(10 * 2**30)
    result = "had"
except MemoryError:
    result = "refused"
"""
    assert result(code) == "refused"


@pytest.mark.parametrize("place", ["here", "user"])
def test_processes_are_bounded(place):
    """First that the limit is there at all, then what a fork bomb comes to."""
    code = """
import resource, threading
assert resource.getrlimit(resource.RLIMIT_NPROC)[1] < 60 and os.getuid() != 0
children = []
try:
    while len(children) < 200:
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        children.append(child)
except OSError:
    pass
result = [len(children)]
for child in children:
    os.kill(child, 9)
    os.waitpid(child, 0)
threads = []
stop = threading.Event()
try:
    while len(threads) < 200:
        threads.append(threading.Thread(target=stop.wait, daemon=True))
        threads[-1].start()
except RuntimeError:
    pass
result.append(len(threads))
stop.set()
"""
    children, threads = result(code, place, limits={"processes": 40})
    assert 30 <= children <= 40
    assert 30 <= threads <= 41


@pytest.mark.parametrize("place", ["here", "user"])
def test_a_fork_bomb_ends_with_its_box(place):
    code = """
import resource
assert resource.getrlimit(resource.RLIMIT_NPROC)[1] < 60 and os.getuid() != 0
BEGUN
while True:
    try:
        os.fork()
        os.setsid()
    except OSError:
        pass
"""
    before = len(commands())
    said = run(code, place, limits={"processes": 40}, kill_after=1.0)
    assert said["exit"] == -signal.SIGKILL
    processes, megabytes, _ = said["usage"][0]
    assert 5 <= processes <= 40
    assert megabytes < 500
    end = time.monotonic() + 10
    while len(commands()) > before + 10 and time.monotonic() < end:
        time.sleep(0.1)
    assert len(commands()) <= before + 10


@pytest.mark.parametrize("place", PLACES)
def test_room_for_what_students_do(place):
    code = """
import concurrent.futures, multiprocessing, subprocess, threading, warnings
warnings.simplefilter("ignore")
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    threads = list(pool.map(abs, range(-8, 0)))
context = multiprocessing.get_context("fork")
with context.Pool(4) as pool:
    processes = pool.map(abs, range(-8, 0))
queue, array, lock = context.Queue(), context.Array("d", 1000), context.Lock()
def work():
    with lock:
        array[0] = 7
    queue.put("sent")
worker = context.Process(target=work)
worker.start()
received = queue.get(timeout=20)
worker.join()
from multiprocessing import shared_memory
block = shared_memory.SharedMemory(create=True, size=10_000)
block.unlink()
spoken = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True)
result = [sum(threads), sum(processes), received, array[0], spoken.stdout + spoken.stderr,
          subprocess.run("echo $HOME; id -un", shell=True, capture_output=True, text=True).stdout]
"""
    assert result(code, place) == [36, 36, "sent", 7.0, "42\n", "/box/home\nstudent\n"]


# --- the end ---------------------------------------------------------------------------------------------------------

ESCAPE = """
import subprocess
subprocess.Popen(["sleep", MARK], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.execvp("sleep", ["sleep", MARK])
    os._exit(0)
time.sleep(0.3)
"""


@pytest.mark.parametrize("mode", ["full", "none"])
def test_nothing_outlives_it(mode, mark):
    run(f"MARK = {mark!r}{ESCAPE}result = 1", mode=mode)
    assert gone(mark, 2.0)


@pytest.mark.parametrize("mode", ["full", "none"])
def test_all_dies_with_whoever_started_it(mode, mark):
    process = start(code=f"MARK = {mark!r}{ESCAPE}time.sleep(300)", mode=mode)
    end = time.monotonic() + 20
    while sum(mark in command for command in commands()) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    assert sum(mark in command for command in commands()) >= 2, "it began"
    process.kill()
    process.communicate()
    assert gone(mark)


@pytest.mark.parametrize("mode", ["full", "none"])
def test_kill_tree_kills_all(mode, mark):
    said = run(f"MARK = {mark!r}{ESCAPE}BEGUN\ntime.sleep(300)", mode=mode, kill_after=1.0)
    assert said["usage"][0][0] == 3
    assert said["exit"] == -signal.SIGKILL
    assert gone(mark, 1.0)


@pytest.mark.parametrize("place", PLACES)
def test_the_guard_inside_cannot_be_killed_or_stopped(place):
    code = """
for name in ("KILL", "STOP", "TERM", "INT", "HUP", "SEGV", "USR1", "CHLD", "TSTP"):
    number = getattr(signal, "SIG" + name)
    can(os.kill, 1, number)
    can(os.kill, os.getppid(), number)
child = os.fork()
if child == 0:
    os.kill(-1, signal.SIGKILL)
    time.sleep(30)
time.sleep(0.2)
"""
    # The worker is killed by its own child: that is its affair. The guard reports it.
    assert run(code, place)["exit"] == -signal.SIGKILL
    alone = (
        "can(os.kill, 1, signal.SIGSTOP), can(os.kill, -1, signal.SIGKILL), can(os.kill, 0, 0)\nresult = os.getppid()"
    )
    assert result(alone, place) == 1


def test_no_folder_is_left_by_mode_none(mark):
    folder = result("open('x', 'w').close()\nresult = os.getcwd()", mode="none")
    assert "autograder-" in folder
    assert not Path(folder).parent.exists()
    said = run("os.chmod('.', 0)\nBEGUN\ntime.sleep(300)", mode="none", kill_after=0.5)
    assert said["exit"] == -signal.SIGKILL


# --- watching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["here", "user"])
def test_usage_counts_processes_and_their_memory_once(place):
    code = """
held = bytearray(os.urandom(1) * (200 * 2**20))
if os.fork() == 0:
    time.sleep(60)  # shares all of it
if os.fork() == 0:
    own = bytearray(os.urandom(1) * (100 * 2**20))
    BEGUN
    time.sleep(60)
time.sleep(60)
"""
    (processes, megabytes, _), (_, rough, quick) = run(code, place, kill_after=0.1, inherit_megabytes=300)["usage"]
    assert processes == 3
    assert 290 <= megabytes <= 340
    assert rough >= 290, "the fast figure counts what these share more than once"
    assert quick < 0.1


# --- where it is not to be had ---------------------------------------------------------------------------------------


def test_without_namespaces_there_is_one_clear_message():
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare")
    # In a user namespace where nobody is anybody, no further one can be made.
    process = start(["unshare", "--user"], code="result = 1")
    said = json.loads(process.communicate(timeout=60)[0])
    assert said["exit"] == 3
    assert said["layers"] == []
    assert said["error"].startswith("The sandbox is not to be had here: ")
    assert "--sandbox=none" in said["error"]
    code = (
        "from autograder.engine.sandbox import probe, require\n"
        "layers = probe()\nprint([layer.name for layer in layers if layer.active])\nrequire(layers)"
    )
    asked = subprocess.run(
        ["unshare", "--user", sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY, check=False
    )
    assert asked.stdout == "[]\n"
    assert "EngineError: The sandbox is not to be had here: " in asked.stderr


def test_probe_says_of_each_layer_what_it_is_good_for_or_what_to_do():
    assert len(LAYERS) == len({layer.name for layer in LAYERS}) >= 12
    assert all(layer.detail for layer in LAYERS)
    assert {layer.name for layer in LAYERS if layer.required} == set(REQUIRED)
    require(LAYERS)
    missing = [Layer("user", False, "this system lets only root make user namespaces", "as root: sysctl …")]
    with pytest.raises(EngineError, match=r"only root make user namespaces.*Missing: user.*sysctl"):
        require(missing)


def test_probe_agrees_with_what_a_box_reports():
    assert {layer.name for layer in LAYERS if layer.active} == set(run("result = 1")["layers"])


def test_older_kernels_get_the_same_read_only_root():
    code = "result = [line.split()[3].split(',')[0] for line in open('/proc/self/mounts') if ' /box ' not in line]"
    assert set(result(code, without=["mount_setattr"])) == {"ro"}
    assert set(result(code)) == {"ro"}


# --- paths -----------------------------------------------------------------------------------------------------------


def test_the_repository_is_hidden_even_inside_of_what_shows():
    code = f"result = [os.listdir({str(REPOSITORY)!r}), can(os.listdir, {str(REPOSITORY / 'dlcourse')!r}) is not None]"
    listed, readable = result(code, readable=[str(REPOSITORY.parent)])
    assert set(listed) <= {"dlcourse", ".venv"}
    assert readable


def test_readable_paths_are_real_and_none_holds_another_home_or_the_repository():
    for path in paths.readable_paths():
        assert os.path.realpath(path) == path
        assert not paths.inside(str(REPOSITORY), path), path
        assert not paths.inside("/root", path)
        assert not paths.inside("/home", path)


# --- everything at once ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("place", ["here", "covered"])
def test_tensorflow_and_matplotlib_work_in_the_box(place):
    code = """
import warnings
warnings.simplefilter("error", UserWarning)
import matplotlib.pyplot as plt
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
model.compile("adam", "mse")
X = numpy.random.default_rng(0).normal(size=(256, 4)).astype("float32")
history = model.fit(X, X.sum(axis=1), epochs=2, verbose=0)
model.save("model.keras")
again = keras.models.load_model("model.keras")
figure, axes = plt.subplots()
axes.plot(history.history["loss"], label="loss σ")
axes.legend()
figure.savefig("figure.png")
from sklearn.linear_model import LogisticRegression
LogisticRegression().fit(X, X[:, 0] > 0)
result = [len(history.history["loss"]), bool(numpy.allclose(again.predict(X, verbose=0), model.predict(X, verbose=0))),
          os.path.getsize("figure.png") > 5000]
"""
    code = "import numpy, keras\n" + code
    modules = ["numpy", "keras", "tensorflow", "matplotlib.pyplot"]
    for imports in (modules, []) if place == "here" else (modules,):
        said = run(code, place, imports=imports, seconds=180)
        assert said.get("result") == [2, True, True], said


def test_limits_are_what_the_job_says():
    code = """
import resource
result = [resource.getrlimit(resource.RLIMIT_FSIZE)[0], resource.getrlimit(resource.RLIMIT_NPROC)[1],
          resource.getrlimit(resource.RLIMIT_AS)[0]]
"""
    size, processes, space = result(code, limits={"disk_megabytes": 3, "processes": 9, "memory_megabytes": 100})
    assert size == 3 * 2**20
    assert processes == 9 + 1  # the guard inside
    assert 100 * 2**20 < space < 2**31
