"""Run a program with the memory and the processor time of a small container, by a Linux control group."""

import errno
import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
_PERIOD = 100_000  # microseconds; the quota is a share of it


@dataclass(frozen=True)
class Cap:
    """How a program is capped.

    Attributes:
        prefix: what stands before its command line; empty where this machine lets us cap nothing.
        how: in words, for a report.
    """

    prefix: tuple[str, ...]
    how: str


@contextmanager
def capped(megabytes: int, cores: float = 1, *, top: Path = CGROUPS) -> Iterator[Cap]:
    """Make a control group, or ask systemd for one; it is gone again afterwards.

    Args:
        megabytes: of 2**20 bytes, for the program and its children together; swap does not count on top.
        cores: how much processor time they get.
        top: where the control groups are mounted.
    """
    size, quota = megabytes * 2**20, int(cores * _PERIOD)
    name = f"course-check-{os.getpid()}"
    version2 = {top / name: {"memory.max": size, "cpu.max": f"{quota} {_PERIOD}"}}
    version1 = {
        top / "memory" / name: {"memory.limit_in_bytes": size},
        top / "cpu" / name: {"cpu.cfs_period_us": _PERIOD, "cpu.cfs_quota_us": quota},
    }
    # Not everywhere is swap counted.
    swap = {"memory.swap.max": 0, "memory.memsw.limit_in_bytes": size}
    for version, groups in ((2, version2), (1, version1)):
        if not all((folder.parent / "cgroup.procs").exists() for folder in groups):
            continue
        enter = " && ".join(f"echo $$ > {shlex.quote(str(folder / 'cgroup.procs'))}" for folder in groups)
        prefix = ("sh", "-c", f'{enter} && exec "$@"', "capped")
        try:
            if _make(groups, swap) and _works(prefix):
                yield Cap(prefix, f"a control group (version {version}) of {megabytes} MB and {cores:g} core(s)")
                return
        finally:
            _remove(groups)
    user = () if os.geteuid() == 0 else ("--user",)
    limits = (f"MemoryMax={megabytes}M", "MemorySwapMax=0", f"CPUQuota={cores:.0%}")
    prefix = ("systemd-run", *user, "--scope", "--quiet", *(f"--property={limit}" for limit in limits))
    if _works(prefix):
        yield Cap(prefix, f"a systemd scope of {megabytes} MB and {cores:g} core(s)")
    else:
        yield Cap((), "nothing: this machine lets us make no control group, so memory is only measured")


def _make(groups: dict[Path, dict[str, object]], optional: dict[str, object]) -> bool:
    """Make the groups and write their limits, of the optional ones those that exist; False if it is not ours to do."""
    try:
        for folder, limits in groups.items():
            folder.mkdir()
            for file, value in (limits | optional).items():
                if file in limits or (folder / file).exists():
                    (folder / file).write_text(f"{value}\n")
    except OSError:
        return False
    return True


def _works(prefix: tuple[str, ...]) -> bool:
    try:
        return subprocess.run([*prefix, "true"], capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _remove(groups: dict[Path, dict[str, object]]) -> None:
    """Remove the groups, once the last process has left."""
    for folder in groups:
        deadline = time.monotonic() + 10
        while folder.exists() and time.monotonic() < deadline:
            try:
                folder.rmdir()
            except OSError as error:
                if error.errno != errno.EBUSY:  # it was never a control group, or is not ours
                    break
                time.sleep(0.1)
