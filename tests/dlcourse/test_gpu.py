"""GPUs as the driver and as the backends of Keras name them."""

from types import SimpleNamespace

from dlcourse import gpu

MEBI = 2**20


def test_nvidia_smi_output() -> None:
    text = "NVIDIA H100 80GB HBM3, 81559\nTesla, strange name, 16384\nNVIDIA A100 MIG, [N/A]\n\nno devices were found\n"
    assert gpu.parse_nvidia_smi(text) == [
        ("NVIDIA H100 80GB HBM3", 81559 * MEBI),
        ("Tesla, strange name", 16384 * MEBI),
        ("NVIDIA A100 MIG", None),
    ]
    assert gpu.parse_nvidia_smi("") == []


def test_a_gpu_that_keras_does_not_use_is_told_apart() -> None:
    gpus = gpu.merge_gpus([("T4", 16384 * MEBI), ("T4", 16384 * MEBI), ("K80", None)], ["T4", "METAL"])
    assert [(each.name, each.usable) for each in gpus] == [("T4", True), ("T4", False), ("K80", False), ("METAL", True)]
    assert [str(each) for each in gpus] == [
        "T4, 16 GiB",
        "T4, 16 GiB (not used by Keras)",
        "K80 (not used by Keras)",
        "METAL",
    ]


def test_gpus_as_tensorflow_names_them() -> None:
    details = {
        "/physical_device:GPU:0": {"device_name": "NVIDIA T4", "compute_capability": (7, 5)},
        "/physical_device:GPU:1": {},
    }
    config = SimpleNamespace(
        list_physical_devices=lambda kind: [SimpleNamespace(name=name) for name in details],
        experimental=SimpleNamespace(get_device_details=lambda each: details[each.name]),
    )
    first, second = gpu.tensorflow_gpus(SimpleNamespace(config=config))
    assert (first.name, first.capability) == ("NVIDIA T4", (7, 5))
    assert (second.name, second.capability) == ("/physical_device:GPU:1", (0, 0))


def test_gpus_as_jax_names_them() -> None:
    devices = [
        SimpleNamespace(platform="gpu", device_kind="NVIDIA T4", compute_capability="7.5"),
        SimpleNamespace(platform="gpu", device_kind="MI300"),
        SimpleNamespace(platform="cpu", device_kind="cpu"),
    ]
    seen = gpu.jax_gpus(SimpleNamespace(devices=lambda: devices))
    assert [(each.name, each.capability) for each in seen] == [("NVIDIA T4", (7, 5)), ("MI300", (0, 0))]
