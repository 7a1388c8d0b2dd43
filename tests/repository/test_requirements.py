"""Every way to get the packages gets the same ones, pinned and hashed, from whatever index is configured."""

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COURSE, BINDER = ((ROOT / "requirements" / name).read_text() for name in ("course.txt", "binder.txt"))

_spec = importlib.util.spec_from_file_location("lock", ROOT / "requirements" / "lock.py")
lock = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(lock)


def versions(text: str) -> dict[str, set[str]]:
    """Package → versions (several where they depend on the Python version) of a compiled file."""
    found: dict[str, set[str]] = {}
    for pin in lock.pins(text):
        name, version = re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", pin).groups()
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("name", sorted(lock.FILES))
def test_every_package_is_pinned_with_hashes_and_no_index(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    assert "index-url" not in text and "://" not in text and "find-links" not in text
    entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", ["course.txt", "grading.txt", "gpu.txt", "binder.txt"])
def test_files_can_be_installed_on_top_of_one_another(name: str) -> None:
    everything = versions((ROOT / "requirements" / "dev.txt").read_text())
    mine = versions((ROOT / "requirements" / name).read_text())
    assert {package: v for package, v in mine.items() if package in everything and v != everything[package]} == {}


def test_conda_and_binder_get_the_same_packages() -> None:
    for path, text in lock.derived(COURSE, BINDER).items():
        assert path.read_text() == text, f"{path.name} is not what `make lock` writes"
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert pip == [*lock.pins(COURSE), "-e ."]
    image = versions((ROOT / "binder" / "requirements.txt").read_text())
    assert image == versions(BINDER) | versions(COURSE)
    assert (ROOT / "binder" / "runtime.txt").read_text().strip() == f"python-{lock.PYTHON}"


def test_participants_need_no_development_tools() -> None:
    assert not {"pytest", "ruff", "playwright", "jupytext", "hypothesis"} & set(versions(COURSE))
    assert {"tensorflow-cpu", "keras", "jupyterlab", "nbgrader", "ipywidgets"} <= set(versions(COURSE))


def test_gpu_file_brings_cuda_and_no_cpu_build() -> None:
    gpu = versions((ROOT / "requirements" / "gpu.txt").read_text())
    assert "tensorflow-cpu" not in gpu and any(name.startswith("nvidia-") for name in gpu)
