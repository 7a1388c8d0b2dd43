"""The benchmark of GPUs runs where there is none and says so; with one, figures that differ are told."""

from dataclasses import replace

import pytest

from bench import gpu

CPU = gpu.Measured(
    "jax",
    "CPU, 2 cores",
    "float32",
    "tiny",
    {"training": 100.0, "PGD": 50.0, "adversarial": 10.0},
    {"PGD: loss": 2.0, "PGD: accuracy": 0.5},
)


@pytest.mark.slow
def test_it_runs_without_a_gpu(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(gpu, "nvidia_smi", lambda: "")
    assert gpu.main(["--size", "tiny", "--backend", "jax"]) == 0
    head, line, *rest = capsys.readouterr().out.splitlines()
    assert head.split()[:4] == ["size", "device", "backend", "precision"]
    assert line.startswith("tiny") and " jax " in line
    assert all(float(rate.replace(",", "")) > 0 for rate in line.split()[-3:])
    assert rest[-1] == "no GPU was seen by jax: only the CPU was measured"


def test_rates_and_figures_stand_beside_those_of_the_cpu(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    fast = {name: 20 * rate for name, rate in CPU.rates.items()}
    card = replace(CPU, device="NVIDIA T4", rates=fast, figures={"PGD: loss": 2.02, "PGD: accuracy": 0.495})
    mixed = replace(card, precision="mixed_float16", figures={"PGD: loss": 2.02, "PGD: accuracy": 0.40})
    runs = {"CPU": CPU, "GPU": card, "mixed": mixed}
    monkeypatch.setattr(gpu, "visible_gpus", lambda backend: ["0"])
    monkeypatch.setattr(gpu, "in_a_process", lambda backend, size, on, visible="", **options: runs[on])
    assert gpu.main(["--size", "tiny", "--backend", "jax"]) == 1
    printed = capsys.readouterr().out
    assert "2,000   20.0     1,000   20.0       200   20.0  0.0100, agree (tolerance 0.02)" in printed
    assert "0.1000, DIFFER (tolerance 0.05)" in printed
    assert "no GPU" not in printed


def test_losses_differ_in_proportion_and_accuracies_as_they_are() -> None:
    assert gpu.difference({"a: loss": 4.2, "a: accuracy": 0.5}, {"a: loss": 4.0, "a: accuracy": 0.5}) == pytest.approx(
        0.05
    )
    assert gpu.difference({"a: loss": 0.0, "a: accuracy": 0.4}, {"a: loss": 0.0, "a: accuracy": 0.5}) == pytest.approx(
        0.1
    )


def test_gpus_that_the_environment_hides_stay_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "nvidia_smi", lambda: "T4, 16384\nT4, 16384\nT4, 16384\n")
    monkeypatch.setattr(gpu.subprocess, "run", lambda *a, **k: type("Done", (), {"returncode": 0, "stdout": "2\n"}))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1,2")
    assert gpu.visible_gpus("jax") == ["1", "2"]
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    assert gpu.visible_gpus("jax") == ["0", "1"]
