"""Limits of containers, read from files as they occur; what the report says; thread caps and seeds that take effect."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from dlcourse import cgroup, device

ROOT = Path(__file__).resolve().parents[2]
MEBI = 2**20


def tree(root: Path, files: dict[str, str]) -> Path:
    """Write files below root, as a container's kernel shows them."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="ascii")
    return root


def python(code: str, **environment: str) -> list[str]:
    """Run code in a fresh process; return the lines it prints, after checking that stderr stays empty."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "", "TF_ENABLE_ONEDNN_OPTS": "", "PYTHONPATH": str(ROOT)}
    base = {name: value for name, value in os.environ.items() if name not in {*device.THREAD_VARIABLES, *quiet}}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=base | {"PYTHONPATH": str(ROOT)} | environment,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


SYS = "sys/fs/cgroup"


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, None),
        ({"proc/self/cgroup": "0::/", f"{SYS}/cpu.max": "max 100000"}, None),
        ({"proc/self/cgroup": "0::/", f"{SYS}/cpu.max": "150000 100000"}, 1.5),
        # a pod whose own group is mounted at the top, though the path is the host's
        ({"proc/self/cgroup": "0::/kubepods/burstable/pod1", f"{SYS}/cpu.max": "200000 100000"}, 2.0),
        # a batch job: the tightest limit on the way down counts
        (
            {
                "proc/self/cgroup": "0::/slurm/job1/step0",
                f"{SYS}/slurm/cpu.max": "1600000 100000",
                f"{SYS}/slurm/job1/cpu.max": "400000 100000",
                f"{SYS}/slurm/job1/step0/cpu.max": "max 100000",
            },
            4.0,
        ),
        # somebody else's group does not
        ({"proc/self/cgroup": "0::/mine", f"{SYS}/other/cpu.max": "100000 100000"}, None),
        # version 1
        (
            {
                "proc/self/cgroup": "4:cpu,cpuacct:/docker/abc\n3:memory:/docker/abc\n0::/",
                f"{SYS}/cpu,cpuacct/cpu.cfs_quota_us": "50000",
                f"{SYS}/cpu,cpuacct/cpu.cfs_period_us": "100000",
            },
            0.5,
        ),
        (
            {
                "proc/self/cgroup": "4:cpu,cpuacct:/",
                f"{SYS}/cpu/cpu.cfs_quota_us": "-1",
                f"{SYS}/cpu/cpu.cfs_period_us": "100000",
            },
            None,
        ),
        # version 1 for the CPU, version 2 beside it
        (
            {
                "proc/self/cgroup": "4:memory:/\n1:cpu:/group\n0::/",
                f"{SYS}/cpu/group/cpu.cfs_quota_us": "300000",
                f"{SYS}/cpu/group/cpu.cfs_period_us": "100000",
                f"{SYS}/unified/cpu.max": "800000 100000",
            },
            3.0,
        ),
        ({"proc/self/cgroup": "0::/", f"{SYS}/cpu.max": "garbage"}, None),
        ({"proc/self/cgroup": "0::/", f"{SYS}/cpu.max": "0 0"}, None),
        ({"proc/self/cgroup": "no colons", f"{SYS}/cpu.max": ""}, None),
    ],
)
def test_cpu_limits(tmp_path: Path, files: dict[str, str], cores: float | None) -> None:
    assert cgroup.cpu_limit(tree(tmp_path, files)) == cores


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({"proc/self/cgroup": "0::/", f"{SYS}/memory.max": "max"}, None),
        ({"proc/self/cgroup": "0::/", f"{SYS}/memory.max": str(2048 * MEBI)}, 2048 * MEBI),
        ({"proc/self/cgroup": "3:memory:/", f"{SYS}/memory/memory.limit_in_bytes": "9223372036854771712"}, None),
        (
            {
                "proc/self/cgroup": "3:memory:/a/b",
                f"{SYS}/memory/a/memory.limit_in_bytes": str(1024 * MEBI),
                f"{SYS}/memory/a/b/memory.limit_in_bytes": str(512 * MEBI),
                f"{SYS}/memory/memory.limit_in_bytes": str(4096 * MEBI),
            },
            512 * MEBI,
        ),
        ({"proc/self/cgroup": "3:cpu:/", f"{SYS}/memory/memory.limit_in_bytes": str(MEBI)}, None),
    ],
)
def test_memory_limits(tmp_path: Path, files: dict[str, str], limit: int | None) -> None:
    assert cgroup.memory_limit(tree(tmp_path, files)) == limit


def test_a_group_outside_the_mount_is_not_followed(tmp_path: Path) -> None:
    root = tree(tmp_path / "root", {"proc/self/cgroup": "0::/../../../secret"})
    tree(tmp_path, {"secret/cpu.max": "100000 100000"})
    assert cgroup.cpu_limit(root) is None


@pytest.mark.parametrize(("quota", "cores"), [("25000", 1), ("100000", 1), ("100001", 2), ("99900000", None)])
def test_available_cores_round_up_and_never_exceed_the_affinity(tmp_path: Path, quota: str, cores: int | None) -> None:
    unlimited = device.available_cores(tmp_path)
    assert 1 <= unlimited <= os.cpu_count()
    root = tree(tmp_path, {"proc/self/cgroup": "0::/", f"{SYS}/cpu.max": f"{quota} 100000"})
    assert device.available_cores(root) == min(unlimited, cores or unlimited)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no CPU affinity")
def test_available_cores_follow_the_affinity() -> None:
    code = "import os; from dlcourse import device; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
    assert python(code + "print(device.available_cores())") == ["1"]


THREADS = """
import os, sys
{before}
from dlcourse import device
print(device.cap_threads({n}))
print(*(os.environ[name] for name in device.THREAD_VARIABLES))
import numpy, threadpoolctl
print(*{{pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"}})
"""


def test_cap_threads_before_numpy_is_loaded() -> None:
    assert python(THREADS.format(n="1", before="")) == ["1", "1 1 1 1 1", "1"]


def test_cap_threads_after_numpy_is_loaded() -> None:
    assert python(THREADS.format(n="1", before="import numpy")) == ["1", "1 1 1 1 1", "1"]


def test_cap_threads_keeps_what_the_environment_says() -> None:
    lines = python(THREADS.format(n="", before=""), OMP_NUM_THREADS="1", TF_NUM_INTRAOP_THREADS="3")
    cores = str(device.available_cores())
    assert lines[:2] == [cores, f"1 {cores} {cores} 3 {cores}"]


def test_cap_threads_survives_a_list_in_the_environment() -> None:
    assert python(THREADS.format(n="", before="import numpy"), OMP_NUM_THREADS="1,2")[2] == "1"


def test_cap_threads_wants_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least one thread"):
        device.cap_threads(0)


TENSORFLOW = """
import os
from dlcourse import device
{early}
device.import_keras()
import tensorflow as tf
{late}
tf.function(lambda a: a @ a)(tf.ones((64, 64)))
device.cap_threads(2)
names = [open(f"/proc/self/task/{{task}}/comm").read().strip() for task in os.listdir("/proc/self/task")]
print(names.count("tf_Compute"))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
@pytest.mark.skipif(find_spec("tensorflow") is None, reason="TensorFlow is not installed")
@pytest.mark.parametrize(("early", "late"), [("device.cap_threads(3)", ""), ("", "device.cap_threads(3)")])
def test_tensorflow_takes_the_cap_until_it_has_computed(early: str, late: str) -> None:
    assert python(TENSORFLOW.format(early=early, late=late), KERAS_BACKEND="tensorflow") == ["3"]


SEEDED = """
import random
from dlcourse import device

def draw(call):
    call()
    import keras, numpy as np
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    return keras.ops.convert_to_numpy(layer.kernel).tolist(), np.random.random(), random.random()

once, again = draw(lambda: device.set_seed(3)), draw(lambda: device.set_seed(3))
other, deterministic = draw(lambda: device.set_seed(4)), draw(lambda: device.use_deterministic(3))
print(once == again == deterministic, *(a == b for a, b in zip(once, other)))
"""


@pytest.mark.slow
def test_seeds_fix_weights_numpy_and_python() -> None:
    assert python(SEEDED) == ["True False False False"]


def test_describe_this_computer() -> None:
    report = device.describe()
    assert report.cores == device.available_cores() <= report.host_cores
    assert report.backend.startswith(("tensorflow ", "jax "))
    assert report.keras[0].isdecimal()
    assert report.memory > 100 * MEBI
    lines = repr(report).splitlines()
    assert [line.split("  ")[0].strip() for line in lines[:6]] == [
        "Python",
        "Keras",
        "backend",
        "CPU cores",
        "memory",
        "GPU",
    ]


def test_describe_never_fails(tmp_path: Path) -> None:
    """Without Keras, without a driver, with a backend that does not exist."""
    (tmp_path / "keras.py").write_text("raise ImportError('broken <installation>')")
    code = "import sys; sys.path.insert(0, {!r}); from dlcourse import device; r = device.describe(); print(r, r.gpus)"
    lines = python(code.format(str(tmp_path)), KERAS_BACKEND="abacus", PATH=str(tmp_path))
    assert "cannot be imported (ImportError: broken <installation>)" in lines[1]
    assert lines[2].split() == ["backend", "abacus"]
    assert lines[-1].endswith("()")


def test_without_a_gpu_memory_growth_and_mixed_precision_change_nothing() -> None:
    if device.describe().gpus:
        pytest.skip("this computer has a GPU")
    import keras

    assert device.enable_memory_growth() == 0
    assert device.mixed_precision() == keras.config.dtype_policy().name == "float32"


def report(**changes: object) -> device.DeviceReport:
    fields = {"python": "3.11", "keras": "3", "backend": "tensorflow 2", "cores": 2, "host_cores": 64}
    return device.DeviceReport(**fields | {"memory": 2 * 1024 * MEBI, "gpus": ()} | changes)


def test_report_tells_the_container_s_share_from_the_machine() -> None:
    assert "CPU cores  2 of the machine's 64" in repr(report())
    assert "memory     2.0 GiB" in repr(report())
    assert "machine's" not in repr(report(host_cores=2))
    assert "memory     unknown" in repr(report(memory=None))


def test_report_is_a_table_that_escapes_what_it_shows() -> None:
    html = report(keras="cannot be imported (<b>)")._repr_html_()
    assert html.count('<th scope="row"') == 6
    assert "&lt;b&gt;" in html and "<b>" not in html


# --- with a GPU, which is played by stand-ins for the backends


def stand_in(monkeypatch: pytest.MonkeyPatch, backend: str, module: ModuleType | SimpleNamespace) -> SimpleNamespace:
    """Let Keras say that it runs on a backend, and let `module` be what is imported as that."""
    policies, seeds = ["float32"], []
    keras = SimpleNamespace(
        config=SimpleNamespace(backend=lambda: backend, set_dtype_policy=policies.append),
        utils=SimpleNamespace(set_random_seed=seeds.append),
        policies=policies,
        seeds=seeds,
    )
    monkeypatch.setattr(device, "import_keras", lambda: keras)
    monkeypatch.setitem(sys.modules, backend, module)
    return keras


def a_jax(*capabilities: str) -> SimpleNamespace:
    """JAX on a computer with GPUs of these compute capabilities, or on a CPU."""
    gpus = [SimpleNamespace(platform="gpu", device_kind="T4", compute_capability=each) for each in capabilities]
    return SimpleNamespace(devices=lambda: gpus or [SimpleNamespace(platform="cpu", device_kind="cpu")])


def a_tensorflow(*capabilities: tuple[int, int], used: bool = False) -> SimpleNamespace:
    """TensorFlow on a computer with GPUs; `used`: it has computed something."""
    done = []
    gpus = [SimpleNamespace(name=str(number)) for number in range(len(capabilities))]

    def set_memory_growth(gpu: SimpleNamespace, growth: bool) -> None:
        if used:
            raise RuntimeError("Physical devices cannot be modified after being initialized")
        done.append(("growth", gpu.name, growth))

    experimental = SimpleNamespace(
        set_memory_growth=set_memory_growth,
        enable_op_determinism=lambda: done.append("determinism"),
        get_device_details=lambda gpu: {"device_name": "T4", "compute_capability": capabilities[int(gpu.name)]},
    )
    config = SimpleNamespace(list_physical_devices=lambda kind: gpus, experimental=experimental)
    return SimpleNamespace(config=config, done=done)


def jax_has_computed(monkeypatch: pytest.MonkeyPatch, *, computed: bool) -> None:
    bridge = SimpleNamespace(backends_are_initialized=lambda: computed)
    monkeypatch.setitem(sys.modules, "jax._src.xla_bridge", bridge)


def test_jax_takes_memory_as_it_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "jax", a_jax("7.5", "7.5"))
    jax_has_computed(monkeypatch, computed=False)
    monkeypatch.setenv("XLA_PYTHON_CLIENT_PREALLOCATE", "true")
    assert device.enable_memory_growth() == 2
    assert os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] == "false"


def test_jax_that_has_taken_its_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "jax", a_jax("7.5"))
    jax_has_computed(monkeypatch, computed=True)
    monkeypatch.setenv("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    assert device.enable_memory_growth() == 1  # it had been told before
    monkeypatch.delenv("XLA_PYTHON_CLIENT_PREALLOCATE")
    with pytest.raises(RuntimeError, match=r"restart the kernel and call device\.enable_memory_growth\(\) before"):
        device.enable_memory_growth()
    monkeypatch.setenv("XLA_FLAGS", "--xla_dump_to=x")
    with pytest.raises(RuntimeError, match=r"restart the kernel and call device\.use_deterministic\(\) before"):
        device.use_deterministic()
    assert os.environ["XLA_FLAGS"] == "--xla_dump_to=x"


@pytest.mark.parametrize(("computed", "gpus"), [(False, ["8.0"]), (True, [])])
def test_jax_is_told_to_be_deterministic_once(monkeypatch: pytest.MonkeyPatch, computed: bool, gpus: list) -> None:
    keras = stand_in(monkeypatch, "jax", a_jax(*gpus))
    jax_has_computed(monkeypatch, computed=computed)
    monkeypatch.setenv("XLA_FLAGS", "--xla_dump_to=x")
    device.use_deterministic(5)
    device.use_deterministic(6)
    assert os.environ["XLA_FLAGS"] == "--xla_dump_to=x --xla_gpu_deterministic_ops=true"
    assert keras.seeds == [5, 6]


def test_tensorflow_grows_and_is_deterministic(monkeypatch: pytest.MonkeyPatch) -> None:
    tensorflow = a_tensorflow((8, 0), (7, 5))
    keras = stand_in(monkeypatch, "tensorflow", tensorflow)
    assert device.enable_memory_growth() == 2
    device.use_deterministic(3)
    assert tensorflow.done == [("growth", "0", True), ("growth", "1", True), "determinism"]
    assert keras.seeds == [3]


def test_tensorflow_that_has_taken_its_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "tensorflow", a_tensorflow((8, 0), used=True))
    with pytest.raises(RuntimeError, match=r"TensorFlow computes on the GPU already.*restart the kernel"):
        device.enable_memory_growth()


@pytest.mark.parametrize(
    ("backend", "module", "policy"),
    [
        ("jax", a_jax("9.0"), "mixed_float16"),
        ("jax", a_jax("9.0", "6.1"), "float32"),  # the slowest decides
        ("jax", a_jax(), "float32"),
        ("tensorflow", a_tensorflow((7, 0)), "mixed_float16"),
        ("tensorflow", a_tensorflow((6, 1)), "float32"),
        ("tensorflow", a_tensorflow(), "float32"),
    ],
)
def test_mixed_precision_follows_the_gpus(monkeypatch, backend: str, module: SimpleNamespace, policy: str) -> None:
    keras = stand_in(monkeypatch, backend, module)
    assert device.mixed_precision() == policy == keras.policies[-1]


def test_an_idle_gpu_comes_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "nvidia_smi", lambda: "NVIDIA T4, 16384\n")
    monkeypatch.setattr(device, "gpus_of", lambda backend: [])
    for backend, says in (("tensorflow", "extra `gpu`"), ("jax", 'pip install "jax[cuda12]"')):
        monkeypatch.setattr(device, "_keras_and_backend", lambda backend=backend: ("3", backend))
        assert says in device.describe().notes[0]


EARLY = "import os; {before} import dlcourse; print(*(os.environ[name] for name in {names}))"
GROWTH = ("TF_FORCE_GPU_ALLOW_GROWTH", "XLA_PYTHON_CLIENT_PREALLOCATE")


def test_importing_the_package_leaves_gpu_memory_to_other_notebooks() -> None:
    clear = "".join(f"os.environ.pop({name!r}, None);" for name in GROWTH)
    assert python(EARLY.format(before=clear, names=GROWTH)) == ["true false"]
    assert python(EARLY.format(before="", names=GROWTH), **dict.fromkeys(GROWTH, "mine")) == ["mine mine"]
