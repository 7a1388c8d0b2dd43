"""What runs where: cores, memory and GPUs that are really ours, seeds, determinism and mixed precision.

Importing this module imports neither Keras nor a backend; its functions do, where they need them.
"""

import math
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType

from dlcourse import cgroup

_GIB = 2**30
_BACKENDS = {"tensorflow": ("tensorflow", "tensorflow-cpu"), "jax": ("jax",), "torch": ("torch",), "numpy": ("numpy",)}
# Read by OpenMP and the BLAS libraries when they are loaded, and by TensorFlow when it starts its thread pools.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


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


@dataclass(frozen=True)
class DeviceReport:
    """What `describe` found; a notebook shows it as a table.

    Attributes:
        python: version and system.
        keras: version, or why it could not be imported.
        backend: of Keras, with its version.
        cores: that this process may use.
        host_cores: that the machine has.
        memory: bytes that this process may use; None if unknown.
        gpus: graphics cards.
        notes: what you may want to do about it.
    """

    python: str
    keras: str
    backend: str
    cores: int
    host_cores: int
    memory: int | None
    gpus: tuple[Gpu, ...]
    notes: tuple[str, ...] = ()

    def rows(self) -> list[tuple[str, str]]:
        """Return what is shown, as (name, value)."""
        of_host = f" of the machine's {self.host_cores}" if self.cores < self.host_cores else ""
        return [
            ("Python", self.python),
            ("Keras", self.keras),
            ("backend", self.backend),
            ("CPU cores", f"{self.cores}{of_host}"),
            ("memory", "unknown" if self.memory is None else f"{self.memory / _GIB:.1f} GiB"),
            ("GPU", "; ".join(map(str, self.gpus)) or "none: every chapter runs on the CPU as well"),
            *(("note", note) for note in self.notes),
        ]

    def __repr__(self) -> str:
        """One line for each row."""
        return "\n".join(f"{name:<10} {value}" for name, value in self.rows())

    def _repr_html_(self) -> str:
        """A table whose rows have headers, for screen readers too."""
        rows = "".join(
            f'<tr><th scope="row" style="text-align: left">{escape(name)}</th>'
            f'<td style="text-align: left">{escape(value)}</td></tr>'
            for name, value in self.rows()
        )
        return f"<table><caption>This computer, as the course sees it</caption><tbody>{rows}</tbody></table>"


def describe() -> DeviceReport:
    """Look at Python, Keras, its backend, cores, memory and GPUs. Imports Keras; never fails on what is missing."""
    keras, backend = _keras_and_backend()
    gpus = merge_gpus(parse_nvidia_smi(_nvidia_smi()), [gpu.name for gpu in _gpus_of_backend(backend)])
    notes = ()
    if gpus and not any(gpu.usable for gpu in gpus):
        notes = ("Keras does not use the GPU: install this course's extra `gpu`, which brings TensorFlow with CUDA",)
    cores = available_cores()
    return DeviceReport(
        python=f"{platform.python_version()} on {platform.system()} ({platform.machine()})",
        keras=keras,
        backend=f"{backend} {_version(_BACKENDS.get(backend, (backend,)))}".strip(),
        cores=cores,
        host_cores=os.cpu_count() or cores,
        memory=_memory(),
        gpus=gpus,
        notes=notes,
    )


def available_cores(root: Path = cgroup.ROOT) -> int:
    """Return how many cores this process may use: the smaller of its CPU affinity and its control group's share.

    A share of 1.5 cores counts as 2, for one thread would leave a part of it unused.

    Args:
        root: below which the control group's files are read.
    """
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    limit = cgroup.cpu_limit(root)
    return affinity if limit is None else max(1, min(affinity, math.ceil(limit)))


def cap_threads(n: int | None = None) -> int:
    """Keep numerical libraries from starting more threads than there are cores to run them, and return the number.

    Call it before importing Keras: TensorFlow cannot change its threads once it has computed something. What is loaded
    already (numpy's BLAS) is capped too. JAX follows the CPU affinity and takes no cap.

    Args:
        n: threads for each library. By default `available_cores`, and variables such as ``OMP_NUM_THREADS`` that the
            environment sets keep their values.

    Raises:
        ValueError: if n is smaller than 1.
    """
    if n is not None and n < 1:
        raise ValueError(f"cap_threads(n={n}): at least one thread is needed")
    threads = available_cores() if n is None else int(n)
    for name in THREAD_VARIABLES:
        if n is not None or not os.environ.get(name):
            os.environ[name] = str(threads)
    if "numpy" in sys.modules:
        import_module("threadpoolctl").threadpool_limits(_threads_in("OMP_NUM_THREADS", threads))
    if "tensorflow" in sys.modules:
        threading = sys.modules["tensorflow"].config.threading
        # RuntimeError: it has computed something already, and keeps the threads it has.
        with suppress(RuntimeError):
            threading.set_intra_op_parallelism_threads(_threads_in("TF_NUM_INTRAOP_THREADS", threads))
            threading.set_inter_op_parallelism_threads(_threads_in("TF_NUM_INTEROP_THREADS", threads))
    return threads


def set_seed(seed: int) -> None:
    """Seed Python's `random`, numpy's global generator and the backend, hence Keras's weights, shuffling and dropout.

    Your own random numbers had better come from ``rng = numpy.random.default_rng(seed)``.
    """
    import_keras().utils.set_random_seed(seed)


def use_deterministic(seed: int = 0) -> None:
    """Make the same code give the same bits on the same device, at some cost in speed on a GPU, and set the seed.

    TensorFlow then refuses the few operations that it cannot do reproducibly. On JAX, call this before the first
    computation.
    """
    keras = import_keras()
    if keras.config.backend() == "tensorflow":
        import_module("tensorflow").config.experimental.enable_op_determinism()
    elif keras.config.backend() == "jax":
        flag = "--xla_gpu_deterministic_ops=true"
        if flag not in os.environ.get("XLA_FLAGS", ""):
            os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flag}".strip()
    set_seed(seed)


def enable_memory_growth() -> int:
    """Let the backend take GPU memory as it needs it instead of all at once; return the number of GPUs.

    Without a GPU it does nothing and returns 0. Call it before the first computation.

    Raises:
        RuntimeError: if TensorFlow has used the GPU already.
    """
    backend = import_keras().config.backend()
    if backend == "jax":
        os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
    elif backend == "tensorflow":
        config = import_module("tensorflow").config
        try:
            for gpu in config.list_physical_devices("GPU"):
                config.experimental.set_memory_growth(gpu, True)
        except RuntimeError as error:
            raise RuntimeError(
                "TensorFlow has taken its GPU memory already: restart the kernel and call "
                "device.enable_memory_growth() before the first computation"
            ) from error
    return len(_gpus_of_backend(backend))


def mixed_precision() -> str:
    """Compute in 16 bits and keep the weights in 32 where a GPU gains from it; return the policy that Keras now uses.

    That is ``"mixed_float16"`` on NVIDIA GPUs of compute capability 7.0 (Volta, 2017) or later, else ``"float32"``.
    Models made before the call keep theirs.
    """
    keras = import_keras()
    capabilities = [gpu.capability for gpu in _gpus_of_backend(keras.config.backend())]
    policy = "mixed_float16" if capabilities and min(capabilities) >= (7, 0) else "float32"
    keras.config.set_dtype_policy(policy)
    return policy


def parse_nvidia_smi(text: str) -> list[tuple[str, int | None]]:
    """Read ``nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits`` as (name, bytes) of each GPU."""
    gpus = []
    for line in text.splitlines():
        name, comma, mebibytes = (part.strip() for part in line.rpartition(","))
        if comma and name:
            gpus.append((name, int(mebibytes) * 2**20 if mebibytes.isdecimal() else None))
    return gpus


@dataclass(frozen=True)
class _Seen:
    """A GPU that the backend can compute on."""

    name: str
    capability: tuple[int, int]  # NVIDIA's compute capability; (0, 0) if it has none


def tensorflow_gpus(tensorflow: ModuleType) -> list[_Seen]:
    """Ask TensorFlow for its GPUs."""
    seen = []
    for gpu in tensorflow.config.list_physical_devices("GPU"):
        details = tensorflow.config.experimental.get_device_details(gpu)
        seen.append(_Seen(details.get("device_name", gpu.name), tuple(details.get("compute_capability", (0, 0)))))
    return seen


def jax_gpus(jax: ModuleType) -> list[_Seen]:
    """Ask JAX for its GPUs."""
    seen = []
    for gpu in jax.devices():
        if gpu.platform in ("gpu", "cuda", "rocm"):
            major, _, minor = str(getattr(gpu, "compute_capability", "")).partition(".")
            capability = (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else (0, 0)
            seen.append(_Seen(gpu.device_kind, capability))
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


def _gpus_of_backend(backend: str) -> list[_Seen]:
    """Ask the backend of Keras for its GPUs; one that cannot say has none."""
    ask = {"tensorflow": tensorflow_gpus, "jax": jax_gpus}.get(backend)
    try:
        return ask(import_module(backend)) if ask else []
    except Exception:
        return []


def _nvidia_smi() -> str:
    """Ask NVIDIA's driver for the GPUs in this computer."""
    command = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def import_keras() -> ModuleType:
    """Import Keras, and keep TensorFlow from greeting on stderr, where graders take any text for a failure."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    return import_module("keras")


def _keras_and_backend() -> tuple[str, str]:
    """Version of Keras and name of its backend, or what is wrong with them."""
    try:
        keras = import_keras()
        return keras.__version__, keras.config.backend()
    except Exception as error:
        return f"cannot be imported ({type(error).__name__}: {error})", os.environ.get("KERAS_BACKEND", "none")


def _version(packages: Iterable[str]) -> str:
    """Version of the first of these packages that is installed."""
    for package in packages:
        with suppress(PackageNotFoundError):
            return version(package)
    return ""


def _memory() -> int | None:
    """Bytes of memory that this process may use."""
    limit = cgroup.memory_limit()
    try:
        import psutil  # comes with ipykernel
    except ImportError:
        return limit
    total = psutil.virtual_memory().total
    return total if limit is None else min(total, limit)


def _threads_in(variable: str, default: int) -> int:
    """Read a number of threads from the environment; OpenMP also allows lists such as ``4,2``."""
    first = os.environ.get(variable, "").partition(",")[0].strip()
    return int(first) if first.isdecimal() and int(first) > 0 else default
