"""Why a layer of the sandbox cannot be had, and what to do about it, in words."""

import errno
import os
import sys
from pathlib import Path

from autograder.engine.sandbox import privileges

_CAP_SETFCAP = 31

NONE = "or grade without a sandbox, only if you trust everyone whose work you grade: --sandbox=none"


def _setting(name: str) -> str | None:
    try:
        return Path("/proc/sys", name).read_text().strip()
    except OSError:
        return None


def in_container() -> bool:
    """Guess whether this process lives in a container of Docker, Podman, Kubernetes or the like."""
    if any(os.path.exists(path) for path in ("/.dockerenv", "/run/.containerenv")):
        return True
    return "container" in os.environ or "KUBERNETES_SERVICE_HOST" in os.environ


def for_namespaces(error: OSError) -> tuple[str, str]:
    """Say why namespaces of our own cannot be made, and what to do."""
    if sys.platform != "linux":
        return (
            f"{sys.platform} has no namespaces",
            f"grade on Linux (Windows: in WSL 2; macOS: in a virtual machine), {NONE}",
        )
    if _setting("kernel/unprivileged_userns_clone") == "0":
        return (
            "this system lets only root make user namespaces",
            f"as root: sysctl -w kernel.unprivileged_userns_clone=1, {NONE}",
        )
    if _setting("user/max_user_namespaces") == "0" or error.errno in (errno.ENOSPC, errno.EUSERS):
        return (
            "the number of namespaces is limited, and the limit is reached",
            f"as root: sysctl -w user.max_user_namespaces=10000, {NONE}",
        )
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1" and os.geteuid() != 0:
        return (
            "AppArmor takes the rights in a user namespace away from programs that it does not know",
            f"as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, {NONE}",
        )
    if os.geteuid() == 0 and not privileges.has_capability(_CAP_SETFCAP):
        return (
            f"this root lacks the capability SETFCAP, without which it cannot be mapped into a namespace ({error})",
            f"grade as an ordinary user, or start the container with --cap-add SETFCAP, {NONE}",
        )
    if in_container():
        return (
            f"this container does not allow it ({error})",
            "start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
            f"--security-opt systempaths=unconfined, {NONE}",
        )
    return f"the kernel refuses it ({error})", f"grade on a machine where `unshare -U true` works, {NONE}"


def sentence(error: OSError) -> str:
    """Both parts of `for_namespaces` in one message."""
    why, what = for_namespaces(error)
    return f"The sandbox is not to be had here: {why}. What to do: {what}"
