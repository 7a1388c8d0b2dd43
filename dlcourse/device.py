"""What runs where: cores, memory and GPUs that are really ours, seeds, determinism and mixed precision.

Importing this module imports neither Keras nor a backend; its functions do, where they need them.
"""

import math
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from html import escape
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType

from dlcourse import cgroup
from dlcourse.gpu import Gpu, gpus_of, merge_gpus, nvidia_smi, parse_nvidia_smi

_GIB = 2**30
_BACKENDS = {"tensorflow": ("tensorflow", "tensorflow-cpu"), "jax": ("jax",), "torch": ("torch",), "numpy": ("numpy",)}
_DETERMINISTIC = "--xla_gpu_deterministic_ops=true"
_PREALLOCATE = "XLA_PYTHON_CLIENT_PREALLOCATE"
_TOO_LATE = (
    "{backend} computes on the GPU already, and no longer takes this setting: restart the kernel and call "
    "device.{name}() before the first computation"
)
_WITH_CUDA = {
    "tensorflow": "install this course's extra `gpu`, which brings TensorFlow with CUDA",
    "jax": 'install JAX with CUDA: pip install "jax[cuda12]"',
}
# Read by OpenMP and the BLAS libraries when they are loaded, and by TensorFlow when it starts its thread pools.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


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
    gpus = merge_gpus(parse_nvidia_smi(nvidia_smi()), [gpu.name for gpu in gpus_of(backend)])
    notes = ()
    if gpus and not any(gpu.usable for gpu in gpus):
        cure = _WITH_CUDA.get(backend, _WITH_CUDA["tensorflow"])
        notes = (f"Keras does not use the GPU: {cure}",)
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

    TensorFlow then refuses the few operations that it cannot do reproducibly. Call it before the first computation.

    Raises:
        RuntimeError: if JAX has used a GPU already, in its own way.
    """
    keras = import_keras()
    if keras.config.backend() == "tensorflow":
        import_module("tensorflow").config.experimental.enable_op_determinism()
    elif keras.config.backend() == "jax":
        flags = os.environ.get("XLA_FLAGS", "").split()
        if _DETERMINISTIC not in flags:
            _refuse_if_jax_runs_on_a_gpu("use_deterministic")
            os.environ["XLA_FLAGS"] = " ".join([*flags, _DETERMINISTIC])
    set_seed(seed)


def enable_memory_growth() -> int:
    """Let the backend take GPU memory as it needs it instead of all at once; return the number of GPUs.

    Importing `dlcourse` before Keras does this already, unless the environment says otherwise, for the kernels of two
    notebooks share a GPU. Without a GPU it does nothing and returns 0. Call it before the first computation.

    Raises:
        RuntimeError: if TensorFlow or JAX has taken all of the memory already.
    """
    backend = import_keras().config.backend()
    if backend == "jax" and os.environ.get(_PREALLOCATE, "").lower() not in ("false", "0"):
        _refuse_if_jax_runs_on_a_gpu("enable_memory_growth")
        os.environ[_PREALLOCATE] = "false"
    elif backend == "tensorflow":
        config = import_module("tensorflow").config
        try:
            for gpu in config.list_physical_devices("GPU"):
                config.experimental.set_memory_growth(gpu, True)
        except RuntimeError as error:
            raise RuntimeError(_TOO_LATE.format(backend="TensorFlow", name="enable_memory_growth")) from error
    return len(gpus_of(backend))


def mixed_precision() -> str:
    """Compute in 16 bits and keep the weights in 32 where a GPU gains from it; return the policy that Keras now uses.

    That is ``"mixed_float16"`` on NVIDIA GPUs of compute capability 7.0 (Volta, 2017) or later, else ``"float32"``.
    Models made before the call keep theirs.
    """
    keras = import_keras()
    capabilities = [gpu.capability for gpu in gpus_of(keras.config.backend())]
    policy = "mixed_float16" if capabilities and min(capabilities) >= (7, 0) else "float32"
    keras.config.set_dtype_policy(policy)
    return policy


@contextmanager
def double_precision(wanted: bool = True) -> Iterator[None]:
    """Within this, JAX computes 64-bit numbers as such, which by itself makes 32 bits of them.

    Layers, variables and optimisers of dtype float64 then are; some functions of `keras.ops` round on JAX all the same.

    Args:
        wanted: False changes nothing.
    """
    if wanted and import_keras().config.backend() == "jax":
        with import_module("jax").enable_x64(True):
            yield
    else:
        yield


def import_keras() -> ModuleType:
    """Import Keras, and keep TensorFlow from greeting on stderr, where graders take any text for a failure."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    return import_module("keras")


def _refuse_if_jax_runs_on_a_gpu(name: str) -> None:
    """JAX reads its settings when it opens its devices, and never again."""
    bridge = sys.modules.get("jax._src.xla_bridge")  # there is no public way to ask
    started = getattr(bridge, "backends_are_initialized", lambda: False)()
    if started and gpus_of("jax"):
        raise RuntimeError(_TOO_LATE.format(backend="JAX", name=name))


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
