"""The development container (GitHub Codespaces, VS Code) sets up with make and opens the start page."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from dlcourse.lab import START_PAGE

ROOT = Path(__file__).resolve().parents[2]
CONTAINER = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())

# https://containers.dev/implementors/json_reference/: a key that is not read there does nothing, and nobody is told
KNOWN = {
    "name",
    "image",
    "hostRequirements",
    "postCreateCommand",
    "forwardPorts",
    "portsAttributes",
    "remoteEnv",
    "customizations",
}


def test_only_keys_that_are_read() -> None:
    assert set(CONTAINER) <= KNOWN
    assert set(CONTAINER["customizations"]) == {"codespaces", "vscode"}
    assert set(CONTAINER["portsAttributes"]) == {str(port) for port in CONTAINER["forwardPorts"]} == {"8888"}


def test_image_has_a_python_that_make_takes() -> None:
    version = re.fullmatch(r"python:(3\.\d+)-bookworm", CONTAINER["image"])[1]
    assert version == (ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")


def test_it_runs_targets_that_there_are() -> None:
    command, target = CONTAINER["postCreateCommand"].split()
    assert command == "make"
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)


def test_it_opens_the_start_page_with_the_courses_python() -> None:
    assert CONTAINER["customizations"]["codespaces"]["openFiles"] == [START_PAGE]
    settings = CONTAINER["customizations"]["vscode"]["settings"]
    assert settings["python.defaultInterpreterPath"].endswith("/.venv/bin/python")
    assert re.search(r"^VENV := \.venv$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize("name", ["TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS"])
def test_tensorflow_is_as_quiet_as_with_make_lab(name: str) -> None:
    assert "EXPORT_ENV := " in (makefile := (ROOT / "Makefile").read_text())
    assert f"{name}={CONTAINER['remoteEnv'][name]}" in makefile
