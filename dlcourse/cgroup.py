"""What a container may use: the CPU and memory limits of Linux control groups, versions 1 and 2.

In a Binder pod, a JupyterHub or a batch job, Python and TensorFlow see the cores and the memory of the whole host.
What the process really gets stands in files of its control group, https://docs.kernel.org/admin-guide/cgroup-v2.html.
"""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/")


def cpu_limit(root: Path = ROOT) -> float | None:
    """Return how many cores' worth of time the control group grants, for example 1.5; None where nothing limits it.

    Args:
        root: below which ``proc/self/cgroup`` and ``sys/fs/cgroup`` are read.
    """
    limits = []
    for folder in _folders(root, controller="cpu"):
        quota, _, period = _read(folder / "cpu.max").partition(" ")  # version 2: "150000 100000" or "max 100000"
        limits.append(_quotient(quota, period))
        limits.append(_quotient(_read(folder / "cpu.cfs_quota_us"), _read(folder / "cpu.cfs_period_us")))
    return min((limit for limit in limits if limit is not None), default=None)


def memory_limit(root: Path = ROOT) -> int | None:
    """Return how many bytes of memory the control group grants; None where nothing limits it.

    Args:
        root: below which ``proc/self/cgroup`` and ``sys/fs/cgroup`` are read.
    """
    limits = []
    for folder in _folders(root, controller="memory"):
        for name in ("memory.max", "memory.limit_in_bytes"):
            text = _read(folder / name)
            # Version 1 writes "no limit" as the largest multiple of a page below 2**63.
            if text.isdecimal() and 0 < int(text) < 2**62:
                limits.append(int(text))
    return min(limits, default=None)


def _folders(root: Path, controller: str) -> Iterator[Path]:
    """Yield this process's group and every group above it, in both hierarchies: each of them may set a limit."""
    top = root / "sys" / "fs" / "cgroup"
    for line in _read(root / "proc" / "self" / "cgroup").splitlines() or ["0::/"]:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and controller not in controllers.split(","):
            continue
        mounts = [top, top / "unified"] if not controllers else [top / controllers, top / controller]
        # Inside a container the path may be the host's, which is not there: then the mount itself is the group.
        parts = [part for part in path.split("/") if part not in ("", "..")]
        for mount in mounts:
            yield mount
            yield from (mount.joinpath(*parts[:depth]) for depth in range(1, len(parts) + 1))


def _read(path: Path) -> str:
    """Return what a file says, or nothing if it is not there or not for us."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _quotient(quota: str, period: str) -> float | None:
    """Divide microseconds of CPU by microseconds of time; "max", -1 and missing files mean no limit."""
    if not (quota.isdecimal() and period.isdecimal()) or int(quota) == 0 or int(period) == 0:
        return None
    return int(quota) / int(period)
