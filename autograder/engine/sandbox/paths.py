"""Which paths a sandboxed process may read, and which lie below those and must not be seen."""

import importlib.util
import os
import site
import sys
from functools import cache
from pathlib import Path

TOP_FOLDERS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
DEVICES = ("null", "full", "random", "urandom")
"""Not zero: mapped and shared, it is memory that no limit counts (see seccomp.py)."""

_SYSTEM = (
    "/usr",
    "/etc/alternatives",  # Debian's links to libraries and commands
    "/etc/fonts",
    "/var/cache/fontconfig",
    "/sys/devices/system/cpu",  # libraries count cores there
)
_STORES = ("/nix/store", "/gnu/store")
_FONTS = (".fonts", ".local/share/fonts")
_ETC = ("ld.so.cache", "localtime", "mime.types", "os-release", "nsswitch.conf", "protocols")
_NETWORK = ("/etc/ssl", "/etc/pki", "/etc/ca-certificates")
_ETC_NETWORK = ("resolv.conf", "services", "host.conf")
_PREFIX_PARTS = ("bin", "lib", "lib64", "pyvenv.cfg")
_COURSE_MARKS = ("nbgrader_config.py", "gradebook.db")


def _real(path: str | os.PathLike[str]) -> str:
    return os.path.realpath(path)


def inside(path: str, folder: str) -> bool:
    """Tell whether `path` is `folder` or lies below it."""
    return folder == "/" or path == folder or path.startswith(folder + "/")


def _package(name: str) -> Path | None:
    """The folder of a package, found without importing it."""
    module = sys.modules.get(name)
    spec = module.__spec__ if module is not None else importlib.util.find_spec(name)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(_real(folders[0])) if folders else None


def _in_site_packages(folder: Path) -> bool:
    return folder.parent.name in ("site-packages", "dist-packages")


@cache
def hidden_paths() -> tuple[str, ...]:
    """Folders of which nothing shows but what `readable_paths` names inside them: homes, the repository, the course."""
    hidden = {"/root", "/home", _real(Path.home())}
    grader = _package("autograder")
    if grader is not None:
        hidden.add(str(grader if _in_site_packages(grader) else grader.parent))
    course = _package("dlcourse")
    if course is not None and not _in_site_packages(course):
        hidden.add(str(course.parent))
    here = _real(os.getcwd())
    if any(os.path.exists(os.path.join(here, mark)) for mark in _COURSE_MARKS):
        hidden.add(here)
    return tuple(sorted(hidden - {"/"}))


def _prefix(prefix: str) -> list[str]:
    """What to show of a folder that Python or a virtual environment is installed in."""
    if prefix == "/" or prefix in hidden_paths():
        # An environment made in the very folder of the repository, or in a home: not all of that.
        return [os.path.join(prefix, part) for part in _PREFIX_PARTS]
    return [prefix]


@cache
def readable_paths() -> tuple[str, ...]:
    """What Python, TensorFlow and matplotlib need: interpreter, site-packages, the package `dlcourse`, /usr, fonts."""
    wanted: list[str] = list(_SYSTEM)
    for prefix in {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}:
        wanted += _prefix(_real(prefix))
    # An environment's interpreter is a link to another, which may be a link in turn: through folders of their own.
    executable = sys.executable
    while executable and os.path.islink(executable):
        executable = os.path.join(os.path.dirname(executable), os.readlink(executable))
        wanted.append(_real(executable))
    wanted += [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    if site.ENABLE_USER_SITE:
        wanted.append(site.getusersitepackages())
    course = _package("dlcourse")
    if course is not None:
        wanted.append(str(course))
    wanted += [str(Path.home() / fonts) for fonts in _FONTS]
    wanted += [store for store in _STORES if any(inside(_real(path), store) for path in wanted)]
    return tuple(dict.fromkeys(real for path in wanted if os.path.exists(real := _real(path))))


@cache
def network_paths() -> tuple[str, ...]:
    """What a process with a network needs besides."""
    return tuple(dict.fromkeys(_real(path) for path in _NETWORK if os.path.exists(path)))


@cache
def etc_files(network: bool) -> dict[str, bytes]:
    """The few files of /etc that programs look for, by name; none of them tells of this machine's users."""
    names = _ETC + (_ETC_NETWORK if network else ())
    files = {name: content for name in names if (content := _content("/etc/" + name)) is not None}
    files.setdefault("nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n")
    files["hosts"] = b"127.0.0.1 localhost\n::1 localhost\n"
    files["hostname"] = b"box\n"
    return files


@cache
def proc_files() -> dict[str, bytes]:
    """What libraries read of /proc that is the same for all processes, for where a fresh one is not to be had."""
    names = ("cpuinfo", "filesystems", "loadavg", "meminfo", "stat", "uptime", "version")
    return {name: content for name in names if (content := _content("/proc/" + name)) is not None}


def _content(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except OSError:
        return None


@cache
def links_of_top() -> tuple[tuple[str, str], ...]:
    """Top-level folders that are links into /usr: name and target."""
    return tuple((path, os.readlink(path)) for path in TOP_FOLDERS if os.path.islink(path))


@cache
def folders_of_top() -> tuple[str, ...]:
    """Top-level folders of programs and libraries that are folders of their own."""
    return tuple(path for path in TOP_FOLDERS if os.path.isdir(path) and not os.path.islink(path))


def lacks_others(paths: tuple[str, ...]) -> str | None:
    """Name a path that users other than its owner cannot read, None if there is none. Looks at the first two levels."""
    for path in paths:
        for candidate in (path, *_few_below(path)):
            mode = os.stat(candidate).st_mode
            needed = 0o005 if os.path.isdir(candidate) else 0o004
            if mode & needed != needed:
                return candidate
    return None


def _few_below(path: str) -> list[str]:
    """Files at the heart of an installation, to look at in place of all."""
    below = (
        "bin",
        "lib",
        f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/os.py",
        "numpy/__init__.py",
        "checks.py",
    )
    return [full for name in below if os.path.exists(full := os.path.join(path, name))]
