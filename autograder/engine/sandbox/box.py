"""What a sandboxed process sees and may use, and the names of the layers around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from autograder.engine.limits import Limits

Mode = Literal["full", "none"]

USER, MOUNT, PID, IPC, UTS, NET = "user", "mount", "pid", "ipc", "uts", "net"
FILES, PROC, IDENTITY = "file system", "proc", "identity"
PRIVILEGES, RLIMITS, SECCOMP = "privileges", "limits", "seccomp"

REQUIRED = (USER, MOUNT, PID, IPC, NET, FILES)
"""Without one of these, mode "full" is not to be had."""


@dataclass(frozen=True)
class Box:
    """What the process sees and may use."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    """What lies in its folder at the beginning: relative path to content."""
    limits: Limits = field(default_factory=Limits)
    readable: tuple[str, ...] = ()
    """Further paths that it may read, with all that lies below."""
    network: bool = False
    """Whether it has the network of the host; otherwise it has none at all."""
