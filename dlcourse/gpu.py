"""Which graphics cards there are: those that NVIDIA's driver reports, and those that the backend of Keras computes on.

Importing this module imports neither Keras nor a backend.
"""

import subprocess
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

_GIB = 2**30


@dataclass(frozen=True)
class Gpu:
    """One graphics card.

    Attributes:
        name: of the model.
        memory: in bytes; None if unknown.
        usable: whether the backend of Keras can compute on it.
    """

    name: str
    memory: int | None
    usable: bool

    def __str__(self) -> str:
        """Name, memory, and a word if it lies idle."""
        memory = "" if self.memory is None else f", {self.memory / _GIB:.0f} GiB"
        return f"{self.name}{memory}{'' if self.usable else ' (not used by Keras)'}"


def parse_nvidia_smi(text: str) -> list[tuple[str, int | None]]:
    """Read ``nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits`` as (name, bytes) of each GPU."""
    gpus = []
    for line in text.splitlines():
        name, comma, mebibytes = (part.strip() for part in line.rpartition(","))
        if comma and name:
            gpus.append((name, int(mebibytes) * 2**20 if mebibytes.isdecimal() else None))
    return gpus


@dataclass(frozen=True)
class Seen:
    """A GPU that the backend can compute on."""

    name: str
    capability: tuple[int, int]  # NVIDIA's compute capability; (0, 0) if it has none


def tensorflow_gpus(tensorflow: ModuleType) -> list[Seen]:
    """Ask TensorFlow for its GPUs."""
    seen = []
    for gpu in tensorflow.config.list_physical_devices("GPU"):
        details = tensorflow.config.experimental.get_device_details(gpu)
        seen.append(Seen(details.get("device_name", gpu.name), tuple(details.get("compute_capability", (0, 0)))))
    return seen


def jax_gpus(jax: ModuleType) -> list[Seen]:
    """Ask JAX for its GPUs."""
    seen = []
    for gpu in jax.devices():
        if gpu.platform in ("gpu", "cuda", "rocm"):
            major, _, minor = str(getattr(gpu, "compute_capability", "")).partition(".")
            capability = (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else (0, 0)
            seen.append(Seen(gpu.device_kind, capability))
    return seen


def merge_gpus(installed: list[tuple[str, int | None]], seen: list[str]) -> tuple[Gpu, ...]:
    """Join what the driver reports (name, bytes) with the names that the backend can use."""
    left = list(seen)
    gpus = []
    for name, memory in installed:
        usable = name in left
        if usable:
            left.remove(name)
        gpus.append(Gpu(name, memory, usable))
    return (*gpus, *(Gpu(name, None, True) for name in left))


def gpus_of(backend: str) -> list[Seen]:
    """Ask the backend of Keras for its GPUs; one that cannot say has none."""
    ask = {"tensorflow": tensorflow_gpus, "jax": jax_gpus}.get(backend)
    try:
        return ask(import_module(backend)) if ask else []
    except Exception:
        return []


def nvidia_smi() -> str:
    """Ask NVIDIA's driver for the GPUs in this computer."""
    command = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
